"""From clips that are read to numbers, verdicts and one cue: pure, and quick enough for every edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np

from gait.analysis.clip import ClipAnalysis, Refused
from gait.analysis.read import the_model
from gait.analysis.request import Request
from gait.body import Side
from gait.coaching.assessment import Finding, assess, finding_of
from gait.coaching.cue import Advice, choose
from gait.metrics.measure import measure
from gait.metrics.measurement import Measurement
from gait.metrics.merge import Difference, differences, merge
from gait.metrics.rhythm import stated
from gait.motion.events import belt_speed_legs_s
from gait.motion.scale import Scale, Speed, belt_over_height, scale_of, speed_of
from gait.pose.landmarker import VERSION as MEDIAPIPE_VERSION
from gait.quality import doubts as quality
from gait.quality.doubts import Doubt

METHOD = "5"
"""Changes whenever a number can change: numbers of two methods are not compared."""


ONE_STANCE_SHARE = 0.15
"""Error of the planted foot's speed where a single stance of a runner who moves through the picture shows
it; a judgement."""


@dataclass(frozen=True)
class Provenance:
    """What made these numbers."""

    gait: str
    method: str
    mediapipe: str
    model_sha256: str


@dataclass(frozen=True, eq=False)
class Analysis:
    """Everything that is known after the analysis."""

    request: Request
    clips: tuple[ClipAnalysis, ...]
    refused: tuple[Refused, ...]
    measurements: tuple[Measurement, ...]
    differences: tuple[Difference, ...]
    doubts: tuple[Doubt, ...]
    findings: tuple[Finding, ...]
    advice: Advice
    speed: Speed | None
    scale: Scale | None
    provenance: Provenance

    @property
    def main(self) -> ClipAnalysis:
        """The clip that shows what matters most: the cue's, else from the side, else the first."""
        behind = [finding.clip for finding in self.advice.findings]
        of_the_cue = [clip for clip in self.clips if clip.id in behind]
        from_the_side = [clip for clip in self.clips if clip.near is not None]
        return (*of_the_cue, *from_the_side, *self.clips)[0]

    def clip(self, id: str) -> ClipAnalysis:
        """Return the clip of this id.

        Raises
        ------
        KeyError
            If there is none.
        """
        for clip in self.clips:
            if clip.id == id:
                return clip
        raise KeyError(id)

    def measurement(self, name: str, side: Side | None = None) -> Measurement:
        """Return the measurement of this name; without a side, the one that has a value.

        Raises
        ------
        KeyError
            If nothing of this name is measured.
        """
        found = [m for m in self.measurements if m.name == name and side in (None, m.side)]
        if not found:
            raise KeyError(name)
        return next((m for m in found if m.why_missing is None), found[0])

    def finding(self, measurement: Measurement) -> Finding | None:
        """Return what was found of a measurement: the same name, side and clip."""
        return finding_of(self.findings, measurement)


def judge(clips: Sequence[ClipAnalysis], request: Request, refused: Sequence[Refused] = ()) -> Analysis:
    """Measure the clips, hold the numbers against what runners do, and choose the cue.

    Raises
    ------
    ValueError
        If there is no clip.
    """
    if not clips:
        raise ValueError("judge needs a clip")
    facts = request.runner
    legs_per_s, further_share = _planted_legs_per_s(clips)
    scale = scale_of(facts.height_cm, facts.speed_kmh, legs_per_s, further_share)
    speed = speed_of(facts.speed_kmh, legs_per_s, scale, further_share)
    runs = [clip.run(scale) for clip in clips]
    doubts = [
        doubt
        for clip, run in zip(clips, runs, strict=True)
        for doubt in quality.check(run, clip.clip, clip.track, clip.base)
    ]
    doubts += quality.check_scale(belt_over_height(facts.height_cm, facts.speed_kmh, legs_per_s))
    measurements = (
        *merge([measure(run) for run in runs], [clip.view for clip in clips]),
        stated(speed),
    )
    findings = assess(measurements, speed, doubts)
    return Analysis(
        request=request,
        clips=tuple(clips),
        refused=tuple(refused),
        measurements=measurements,
        differences=differences(measurements),
        doubts=tuple(doubts),
        findings=tuple(finding for finding in findings if finding.trust > 0),
        advice=choose(findings, measurements, speed, request.filmed_on, in_pain=request.in_pain),
        speed=speed,
        scale=scale,
        provenance=Provenance(version("gait"), METHOD, MEDIAPIPE_VERSION, the_model().sha256),
    )


def _planted_legs_per_s(clips: Sequence[ClipAnalysis]) -> tuple[float, float]:
    """Speed of the planted foot in leg lengths per second, by the clips straight from the side; else NaN.

    Then what is left of error beyond the usual one, as a share: of the capture rate where only the run tells
    it, and of the scatter from stance to stance where a runner moves through the picture.
    """
    sides = [clip for clip in clips if clip.near is not None and not clip.motion.viewpoint.oblique]
    each = [belt_speed_legs_s(c.motion, c.near, c.stride_s) for c in sides if c.near is not None]
    strides = np.concatenate(each) if each else np.array([])
    known = strides[np.isfinite(strides)]
    if not len(known):
        return float("nan"), 0.0
    middle, rate_sd = float(np.median(known)), max(clip.base.factor_sd for clip in sides)
    if all(clip.motion.reference is None for clip in sides):
        return middle, rate_sd
    scatter = float(np.std(known, ddof=1)) / abs(middle) if len(known) > 1 else ONE_STANCE_SHARE
    return middle, float(np.hypot(rate_sd, scatter / np.sqrt(len(known))))
