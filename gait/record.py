"""The record of an analysis, and back: all that a comparison, a report and a page need, without the video.

Times are seconds of capture time from the clip's first frame. What is missing is ``null``.
"""

import json
import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import cattrs
import numpy as np
from cattrs.preconf.json import JsonConverter, make_converter

from gait.analysis import Analysis, ClipAnalysis, Provenance, Refused
from gait.body import Facing, Side, View
from gait.coaching.assessment import Finding, finding_of
from gait.coaching.cue import Advice
from gait.errors import BadRecord
from gait.metrics.measurement import Measurement
from gait.metrics.merge import Difference
from gait.motion.contact import Contact
from gait.motion.curves import Curve, joint_curves
from gait.motion.hands import HandMark
from gait.motion.pelvis import HipMarks
from gait.motion.scale import Speed
from gait.quality.doubts import Doubt

SCHEMA = 2
DECIMALS = 6
Json = dict[str, Any]


@dataclass(frozen=True)
class TimeBaseRecord:
    """How fast a clip was filmed, and why that is believed."""

    capture_fps: float
    slow_motion_factor: float
    confidence: float
    evidence: tuple[str, ...]
    given: bool = False
    factor_sd: float = 0.0
    """Spread of the logarithm of the rate: above 0 where only the run tells it."""

    @property
    def sure(self) -> bool:
        """True if the user or the file says the rate, or it is proven in real time."""
        return self.given or (self.confidence > 0 and self.factor_sd == 0)


@dataclass(frozen=True)
class ClipRecord:
    """One clip, without its pictures."""

    id: str
    file: str
    view: View
    facing: Facing
    turn_deg: float
    roll_deg: float
    """NaN where nothing in the picture shows it."""
    sha256: str
    size_px: tuple[int, int]
    frames: int
    frames_read: int
    repaired_frames: int
    stride_s: float
    leg_px: float
    time_base: TimeBaseRecord
    contacts: tuple[Contact, ...]
    detected: tuple[Contact, ...]
    """The contacts as they were found, where some have been edited since; else the same."""
    curves: tuple[Curve, ...] = ()
    """Joint angles over the stride of the foot that faces the camera."""
    hips: HipMarks | None = None
    """What somebody marked on the waistband; None where its edge was looked for."""
    hands: tuple[HandMark, ...] = ()
    """What somebody marked of the hands; empty where the model's wrists were read."""

    @property
    def marked(self) -> bool:
        """True if somebody marked the waistband or the hands."""
        return self.hips is not None or bool(self.hands)

    @property
    def near(self) -> Side | None:
        """The side of the body that faces the camera; None from behind and in front."""
        return Side(self.view.value) if self.view.sagittal else None


@dataclass(frozen=True)
class RefusedRecord:
    """One clip that could not be read, and why."""

    clip: str
    file: str
    id: str
    text: str
    field: str = ""


@dataclass(frozen=True)
class RunnerRecord:
    """What is known of the runner and the run."""

    height_cm: float
    speed_kmh: float
    """As given, or as the foot on the ground shows it; NaN if neither."""
    speed_known: bool
    """True if it was given."""
    speed_sd_kmh: float
    incline_pct: float = math.nan
    leg_m: float = math.nan
    """Thigh plus shank; NaN without a scale."""


@dataclass(frozen=True)
class Record:
    """Everything that is known after an analysis, in plain values."""

    schema: int
    filmed_on: date
    in_pain: bool
    runner: RunnerRecord
    clips: tuple[ClipRecord, ...]
    measurements: tuple[Measurement, ...]
    differences: tuple[Difference, ...]
    refused: tuple[RefusedRecord, ...]
    doubts: tuple[Doubt, ...]
    findings: tuple[Finding, ...]
    advice: Advice
    provenance: Provenance

    @property
    def speed(self) -> Speed | None:
        """The running speed; None if it is not known."""
        runner = self.runner
        if math.isnan(runner.speed_kmh):
            return None
        return Speed(runner.speed_kmh / 3.6, runner.speed_sd_kmh / 3.6, runner.speed_known)

    @property
    def main(self) -> ClipRecord:
        """The clip that shows what matters most: the cue's, else from the side, else the first."""
        behind = [finding.clip for finding in self.advice.findings]
        of_the_cue = [clip for clip in self.clips if clip.id in behind]
        from_the_side = [clip for clip in self.clips if clip.near is not None]
        return (*of_the_cue, *from_the_side, *self.clips)[0]

    def finding(self, measurement: Measurement) -> Finding | None:
        """Return what was found of a measurement: the same name, side and clip."""
        return finding_of(self.findings, measurement)


def record_of(analysis: Analysis) -> Record:
    """Take from an analysis what stays when the video is gone."""
    return Record(
        schema=SCHEMA,
        filmed_on=analysis.request.filmed_on,
        in_pain=analysis.request.in_pain,
        runner=_runner(analysis),
        clips=tuple(_clip(clip) for clip in analysis.clips),
        measurements=analysis.measurements,
        differences=analysis.differences,
        refused=tuple(_refused(each) for each in analysis.refused),
        doubts=analysis.doubts,
        findings=analysis.findings,
        advice=analysis.advice,
        provenance=analysis.provenance,
    )


def to_record(analysis: Analysis | Record) -> Json:
    """Turn an analysis, or its record, into plain values that JSON can hold."""
    record = analysis if isinstance(analysis, Record) else record_of(analysis)
    return dict(_CONVERTER.unstructure(record))


def to_json(analysis: Analysis | Record) -> str:
    """Write the record as indented JSON."""
    return json.dumps(to_record(analysis), indent=1, ensure_ascii=False, allow_nan=False)


def from_record(plain: object) -> Record:
    """Read a record back.

    Raises
    ------
    BadRecord
        If it is no record, is damaged, or is of another version.
    """
    if not isinstance(plain, dict) or not isinstance(plain.get("schema"), int):
        raise BadRecord("This is not a record of an analysis: give the analysis.json that the tool wrote.")
    if plain["schema"] != SCHEMA:
        age = "a newer" if plain["schema"] > SCHEMA else "an older"
        raise BadRecord(
            f"This record was written by {age} version of this tool (schema {plain['schema']}): "
            + ("update the tool." if plain["schema"] > SCHEMA else "analyse its clips again."),
            id="schema",
        )
    try:
        return _CONVERTER.structure(plain, Record)
    except (cattrs.BaseValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadRecord("This record is damaged: analyse its clips again.") from error


def from_json(text: str) -> Record:
    """Read a record from JSON.

    Raises
    ------
    BadRecord
        If it is no record, is damaged, or is of another version.
    """
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRecord("This is not a record of an analysis: it is no JSON.") from error
    return from_record(plain)


def _clip(read: ClipAnalysis) -> ClipRecord:
    motion, base = read.motion, read.base
    return ClipRecord(
        id=read.id,
        file=read.clip.path.name,
        view=motion.viewpoint.view,
        facing=motion.viewpoint.facing,
        turn_deg=round(motion.viewpoint.turn_deg, 1),
        roll_deg=round(motion.roll.deg, 2) if motion.roll.known else math.nan,
        sha256=read.clip.sha256,
        size_px=read.clip.size_px,
        frames=len(read.clip.pts_s),
        frames_read=len(read.track.pts_s),
        repaired_frames=int(read.track.repaired.sum()),
        stride_s=read.stride_s,
        leg_px=read.motion.leg_px,
        time_base=TimeBaseRecord(
            base.capture_fps,
            base.slow_motion_factor,
            base.confidence,
            base.evidence,
            base.given,
            base.factor_sd,
        ),
        contacts=read.contacts,
        detected=read.detected,
        curves=joint_curves(motion, read.contacts, read.stride_s),
        hips=read.waist.marks if read.waist else None,
        hands=tuple(swing.mark for swing in read.swings),
    )


def _refused(each: Refused) -> RefusedRecord:
    return RefusedRecord(each.clip, each.file, each.reason.id, each.reason.text, each.reason.field)


def _runner(analysis: Analysis) -> RunnerRecord:
    facts, speed, scale = analysis.request.runner, analysis.speed, analysis.scale
    return RunnerRecord(
        height_cm=_or_nan(facts.height_cm),
        speed_kmh=3.6 * speed.m_s if speed else math.nan,
        speed_known=bool(speed and speed.given),
        speed_sd_kmh=3.6 * speed.sd_m_s if speed else math.nan,
        incline_pct=_or_nan(facts.incline_pct),
        leg_m=scale.leg_m if scale else math.nan,
    )


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _made_converter() -> JsonConverter:
    converter = make_converter()
    converter.register_unstructure_hook(float, _plain_float)
    converter.register_structure_hook(float, lambda value, _: math.nan if value is None else float(value))
    return converter


def _plain_float(value: float) -> float | None:
    return round(float(value), DECIMALS) if np.isfinite(value) else None


_CONVERTER = _made_converter()
