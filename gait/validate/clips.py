"""The whole analysis on every clip with a truth in a folder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gait.analysis import Analysis, ClipAnalysis, ClipRequest, Progress, Request, RunnerFacts, analyze
from gait.body import Side
from gait.errors import BadTruth, GaitError
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.measurement import Measurement
from gait.validate.agreement import Agreement, Pair, agreement
from gait.validate.events import EVENTS, Matched, match
from gait.validate.truth import SUFFIX, Truth, read_truth

NEAR_FOOT = (
    "overstride_pct_leg",
    "overstride_cm",
    "shank_deg",
    "knee_flexion_touchdown_deg",
    "knee_flexion_peak_deg",
    "contact_time_ms",
    "flight_time_ms",
    "duty_factor_pct",
    "foot_strike_deg",
    "thigh_toe_off_deg",
    "elbow_deg",
)
WHOLE_BODY = (
    "lean_deg",
    "ankle_lean_deg",
    "waist_bend_deg",
    "head_forward_pct",
    "shoulder_to_ear_pct",
    "oscillation_cm",
    "cadence_spm",
    "step_time_asymmetry_pct",
    "contact_time_asymmetry_pct",
)
FRONTAL_FEET = "both feet, from behind and in front"
HIGH_YAW_DEG, HIGH_ROLL_DEG, FAR_M, FAST_FPS = 4.0, 1.0, 3.8, 60.0
"""What divides the conditions in two."""


@dataclass(frozen=True, eq=False)
class Validated:
    """One clip, analysed and compared."""

    truth: Truth
    pairs: tuple[Pair, ...]
    feet: tuple[tuple[str, Matched], ...]
    """Contacts of each foot: ``near foot`` and ``far foot``, or twice ``FRONTAL_FEET``."""

    @property
    def near(self) -> Matched | None:
        """Contacts of the foot that faces the camera; None for a clip from behind or in front."""
        return dict(self.feet).get("near foot")


@dataclass(frozen=True, eq=False)
class Refused:
    """One clip that the analysis would not measure."""

    truth: Truth
    why: str


@dataclass(frozen=True)
class Steps:
    """How many of the true steps were found, under one condition."""

    condition: str
    true: int
    missed: int
    false: int

    @property
    def found_pct(self) -> float:
        """Share of true steps that were found; NaN if there were none."""
        return 100 * (1 - self.missed / self.true) if self.true else np.nan


def truths_in(folder: Path) -> tuple[Truth, ...]:
    """Read the truth of every clip in a folder and its sub-folders.

    Raises
    ------
    BadTruth
        If there is none, or one cannot be read or belongs to another clip.
    """
    found = tuple(read_truth(path) for path in sorted(folder.rglob(f"*{SUFFIX}")))
    if not found:
        raise BadTruth(f"{folder} holds no clip with a NAME{SUFFIX} beside it.")
    return found


def validate_clip(truth: Truth, progress: Progress) -> Validated | Refused:
    """Analyse one clip and compare everything that has a truth.

    Raises
    ------
    BadTruth
        If the truth belongs to another clip.
    """
    try:
        facts = RunnerFacts(height_cm=100 * truth.height_m)
        analysis = analyze(Request((ClipRequest(truth.clip),), facts), progress)
        return (compare if truth.from_the_side else compare_frontal)(analysis, truth)
    except BadTruth:
        raise
    except GaitError as error:
        return Refused(truth, str(error))


def compare(analysis: Analysis, truth: Truth) -> Validated:
    """Hold an analysis against the truth of its side clip."""
    side = analysis.main
    _require_as_many_frames(side, truth)
    near = Side(truth.view)
    wanted = [(name, near) for name in NEAR_FOOT] + [(name, None) for name in WHOLE_BODY]
    measured = {(m.name, m.side): m for m in analysis.measurements}
    seen_s = (float(side.motion.time_s[0]), float(side.motion.time_s[-1]))
    near_foot, far_foot = (
        match([c for c in side.contacts if c.side is foot], truth.contacts[foot], seen_s)
        for foot in (near, near.other)
    )
    pairs = [
        Pair(m.name, m.unit, m.value, truth.values.get(key, np.nan), m.uncertainty)
        for key in wanted
        if (m := measured.get(key)) is not None
    ]
    pairs += _roll(side, truth)
    return Validated(truth, tuple(pairs), (("near foot", near_foot), ("far foot", far_foot)))


def _roll(clip: ClipAnalysis, truth: Truth) -> list[Pair]:
    """The phone's roll in the middle of the picture, where the truth says it."""
    if truth.conditions is None:
        return []
    plumb = clip.track.plumb
    found, sd_deg = (plumb.tilt_deg, plumb.sd_deg) if plumb else (np.nan, np.nan)
    return [Pair("roll_deg", "deg", found, truth.conditions.roll_deg, sd_deg)]


def compare_frontal(analysis: Analysis, truth: Truth) -> Validated:
    """Hold what a clip from behind or in front shows against its truth."""
    clip = analysis.main
    _require_as_many_frames(clip, truth)
    pairs = [_frontal_pair(m, truth) for m in analysis.measurements if clip.view in CATALOGUE[m.name].views]
    seen_s = (float(clip.motion.time_s[0]), float(clip.motion.time_s[-1]))
    feet = tuple(
        (FRONTAL_FEET, match([c for c in clip.contacts if c.side is side], truth.contacts[side], seen_s))
        for side in Side
    )
    return Validated(truth, tuple(pairs), feet)


def _frontal_pair(found: Measurement, truth: Truth) -> Pair:
    """Means of both sides stand for themselves; a truth that does not say them says its sides."""
    true = truth.values.get((found.name, found.side), np.nan)
    if found.side is not None or not CATALOGUE[found.name].both:
        return Pair(found.name, found.unit, found.value, true, found.uncertainty)
    if np.isnan(true):
        true = float(np.mean([truth.values.get((found.name, side), np.nan) for side in Side]))
    return Pair(f"{found.name}_mean", found.unit, found.value, true, found.uncertainty)


def conditions(truth: Truth) -> tuple[str, ...]:
    """Under which conditions a clip was filmed."""
    fps = f"{truth.capture_fps:.0f} frames/s"
    view = truth.view if not truth.from_the_side else "side"
    fast = f"{'from' if truth.capture_fps >= FAST_FPS else 'below'} {FAST_FPS:g} frames/s"
    known = truth.conditions
    if known is None:
        return (view, fps, fast)
    return (
        view,
        fps,
        fast,
        f"yaw {'over' if abs(known.yaw_deg) > HIGH_YAW_DEG else 'to'} {HIGH_YAW_DEG:g} deg",
        f"roll {'over' if abs(known.roll_deg) > HIGH_ROLL_DEG else 'to'} {HIGH_ROLL_DEG:g} deg",
        f"{'over' if known.distance_m > FAR_M else 'to'} {FAR_M:g} m away",
        f"place: {known.place}",
        "others in sight" if known.others else "alone",
        f"motion from {known.motion}",
        "woman" if known.woman else "man",
    )


def summary(validated: Sequence[Validated]) -> tuple[Agreement, ...]:
    """Pool the errors of all clips, then of the clips under each condition.

    Contacts give one error each, measurements one a clip.
    """
    rows = [agreement("all", pairs) for pairs in _by_quantity(validated)]
    for condition in _conditions_of(validated):
        under = [each for each in validated if condition in conditions(each.truth)]
        if len(under) < len(validated):
            rows += [agreement(condition, pairs) for pairs in _by_quantity(under)]
    return tuple(rows)


def steps(validated: Sequence[Validated]) -> tuple[Steps, ...]:
    """Count steps found, by foot, over all clips and under each condition."""
    counted = []
    for condition in ("all", *_conditions_of(validated)):
        under = [each for each in validated if condition in ("all", *conditions(each.truth))]
        for foot in ("near foot", "far foot", FRONTAL_FEET):
            matched = [m for each in under for name, m in each.feet if name == foot]
            if matched and (condition == "all" or len(under) < len(validated)):
                true, missed, false = (
                    sum(getattr(m, count) for m in matched) for count in ("true", "missed", "false")
                )
                counted.append(Steps(f"{condition}, {foot}", true, missed, false))
    return tuple(counted)


def all_pairs(each: Validated) -> Iterator[Pair]:
    """Contacts and measurements of a clip as pairs; contacts as errors against 0."""
    for foot, matched in each.feet:
        for event in EVENTS:
            for error in getattr(matched, event):
                yield Pair(f"{event}, {foot}", "ms", float(error), 0.0)
    yield from each.pairs


def _by_quantity(validated: Sequence[Validated]) -> list[list[Pair]]:
    pooled: dict[str, list[Pair]] = {}
    for each in validated:
        for pair in all_pairs(each):
            pooled.setdefault(pair.quantity, []).append(pair)
    return list(pooled.values())


def _conditions_of(validated: Sequence[Validated]) -> list[str]:
    return sorted({condition for each in validated for condition in conditions(each.truth)})


def _require_as_many_frames(clip: ClipAnalysis, truth: Truth) -> None:
    frames = len(clip.clip.pts_s)
    if frames != truth.frames:
        raise BadTruth(
            f"{truth.clip.name} has {frames} frames and its truth {truth.frames}: they do not belong "
            "together, make both again."
        )
