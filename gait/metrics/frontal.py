"""What only a view from behind or in front can show: hip drop, arm crossover, and where the feet land."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gait.body import LIMBS, Side, View
from gait.errors import Reason
from gait.metrics.catalogue import (
    FOOT_CROSSOVER,
    HIP_DROP,
    STEP_WIDTH,
    STEP_WIDTH_CM,
    SWAY,
    Metric,
)
from gait.metrics.hands import crossover
from gait.metrics.measurement import Measurement, missing, summarise
from gait.metrics.run import Run, in_cm, over, over_steps
from gait.motion.pelvis import Waist, legs_told, mid_stance_s
from gait.motion.signals import FloatArray, Motion

TUCK_IT_IN = "tuck the shirt in, or wear a crop top or none, and film from behind again"
FLAWS = {
    "": Reason("no-waist-line", f"the waistband was not seen: {TUCK_IT_IN}"),
    "no-edge": Reason("no-waist-line", f"no edge of the shorts was found: {TUCK_IT_IN}"),
    "one-colour": Reason(
        "waist-one-colour",
        "shirt and shorts look alike, so that the waistband cannot be followed: wear colours that differ, or "
        "stick two pieces of tape on the waistband, left and right of the spine, in a colour that stands out",
    ),
    "not-on-the-pelvis": Reason(
        "waist-covered",
        f"the edge that is seen hangs too low to be a waistband, and a hem is not the pelvis: {TUCK_IT_IN}",
    ),
    "hidden": Reason(
        "waist-hidden",
        "a hand or something else hides the waistband most of the time: carry the hands higher for the film",
    ),
}
"""Why the edge of the waistband gives no number, by the flaw that was found in it."""
STANCE_HIDDEN = Reason(
    "waist-hidden",
    "while this leg carries the body a hand hides the waistband in all but one or two steps: carry the hands "
    "higher for the film, or film longer",
)
UNSTEADY = Reason(
    "waist-unsteady",
    "the edge that is seen tilts differently at every step, as a loose hem does and a waistband does not: "
    f"{TUCK_IT_IN}",
)
ANKLE_OUTSIDE_HEEL_PCT = 0.6
"""How much farther outside than the heel the model marks the ankle of a foot that points straight ahead, in
per cent of the leg: 0.4 to 0.6 each foot on rendered runners, who all run so."""
WHICH_LEG = Reason(
    "which-leg",
    "the two legs could not be told apart at every step, so that left and right might be exchanged: film "
    "with more light, in shorts and without anybody else in the picture",
)
CARRIED = Reason(
    "camera-sways",
    "the camera was carried or turned along, and its own swaying cannot be told from that of the hips: film "
    "with the phone on a stand",
)
COVERED = frozenset({"no-waist-line", "waist-one-colour", "waist-covered", "waist-unsteady"})
HAND_OVER_IT = frozenset({"waist-hidden"})
CLEARLY_LOWER = 0.05
"""Leg lengths by which the foot that stands is lower at least than the one that swings past it in mid-stance:
0.22 to 0.27 in a rendered runner from behind, 0.12 to 0.65 in three real films."""
MIN_DROPS = 3
"""Steps of a side below which its tilt is not said."""
STEADY_DEG = 4.0
"""Tilts of one side from the first to the ninth tenth of its steps; a waistband's differ by less."""
SAID_DEG = {"edge": (3.0, 5.0), "tape": (2.0, 2.0), "marked": (2.0, 2.0)}
"""What is said of the mean of both sides and of each, by what shows it.

Provisional: of the edge it is how far PSIS and ASIS of real runners disagree (10 trials of four runners), not
yet held against people of known drop; of tape and marks it is the error of the line, not of the bone below.
"""


@dataclass(frozen=True)
class Withheld:
    """Hip drop of a clip from behind that is not said because of its waistband."""

    clip: str
    reason: Reason

    @property
    def in_sight(self) -> bool | None:
        """True if a waistband is there to be seen; None where only a person can say."""
        return True if self.reason.id in HAND_OVER_IT else None


def withheld_waist(measurements: Sequence[Measurement]) -> Withheld | None:
    """Hip drop that the waistband withholds; None where it is said, or missing for another reason."""
    for each in measurements:
        why = each.why_missing
        if each.name == HIP_DROP.name and each.side is None and why and why.id in COVERED | HAND_OVER_IT:
            return Withheld(each.clip, why)
    return None


def frontal(run: Run) -> tuple[Measurement, ...]:
    """Measure what a clip from behind or in front shows, or say why it does not."""
    if run.motion.viewpoint.view is View.REAR:
        return (*hip_drop(run), *feet(run))
    return (*crossover(run), *feet(run))


def hip_drop(run: Run) -> tuple[Measurement, ...]:
    """Tilt of the pelvis in mid-stance, + when the free side sinks: mean of both sides, left, right.

    Read from a line on the waistband; what the model marks as hips does not follow it. The phone's roll, and
    a line that sits askew, add to one side what they take from the other: the mean is free of both.
    """
    waist = run.waist or Waist(None)
    if waist.line_deg is None or waist.flaw:
        return tuple(missing(HIP_DROP, side, run.clip, FLAWS[waist.flaw]) for side in HIP_DROP.sides)
    middles = stances(run)
    if not _legs_told(run, middles):
        return tuple(missing(HIP_DROP, side, run.clip, WHICH_LEG) for side in HIP_DROP.sides)
    drops = {side: drops_deg(run.motion, waist, side, middles) for side in Side}
    why = {side: _unread(waist, samples) for side, samples in drops.items()}
    each = tuple(_drop(run, side, drops[side], why[side]) for side in Side)
    both = [(left + right) / 2 for left, right in zip(*drops.values(), strict=False)]
    return (_drop(run, None, both, next((reason for reason in why.values() if reason), None)), *each)


def _legs_told(run: Run, middles: Sequence[tuple[Side, float]]) -> bool:
    """True if it is clear which leg stands when, or somebody has said so."""
    edited = any(contact.source == "edited" for contact in run.contacts)
    return edited or legs_told(run.motion, middles, run.stride_s)


def drops_deg(motion: Motion, waist: Waist, side: Side, middles: Sequence[tuple[Side, float]]) -> list[float]:
    """Tilt in each stance of one side in which the line is seen, in the order of time."""
    if waist.line_deg is None:
        return []
    drop = (waist.line_deg - waist.zero_deg) * side.outward
    read = [float(motion.at(drop, time_s)) for carried, time_s in middles if carried is side]
    return [sample for sample in read if np.isfinite(sample)]


def _unread(waist: Waist, samples: list[float]) -> Reason | None:
    if len(samples) < MIN_DROPS:
        return STANCE_HIDDEN
    low, high = np.percentile(samples, [10, 90])
    return UNSTEADY if waist.shown_by != "tape" and high - low > STEADY_DEG else None


def _drop(run: Run, side: Side | None, samples: list[float], why: Reason | None) -> Measurement:
    if why is not None or run.waist is None:
        return missing(HIP_DROP, side, run.clip, why or STANCE_HIDDEN)
    said_deg = SAID_DEG[run.waist.shown_by][0 if side is None else 1]
    per_roll = 0.0 if side is None else HIP_DROP.per_roll_deg
    return over_steps(run, replace(HIP_DROP, systematic=said_deg, per_roll_deg=per_roll), side, samples)


def stances(run: Run) -> list[tuple[Side, float]]:
    """Side that carries the body and middle of each contact that lies whole in what is seen."""
    middles = [(c.side, mid_stance_s(run.motion, c, run.stride_s)) for c in run.contacts]
    return [(side, time_s) for side, time_s in middles if np.isfinite(time_s)]


@dataclass(frozen=True)
class _Footprint:
    """Foot and hips in the middle of a stance, in leg lengths across the belt, + to the runner's right."""

    side: Side
    foot: float
    """The middle of ankle and heel."""
    hips: float
    ankle_outside: float
    """How much farther outside than the heel the ankle is, in leg lengths."""


def feet(run: Run) -> tuple[Measurement, ...]:
    """Where the feet land across the belt, and how far the hips sway, in per cent of the leg.

    Step width: from the foot in the middle of its stance to the middle between the one before and the one
    after, of the other foot; + when each foot stays on its own side. Foot crossover, of each side: how far
    the foot passes the middle of the hips, + when it crosses. A foot is where the middle of ankle and heel
    is: the model marks the ankle farther outside. In a foot that points outward, or whose heel the model
    guesses behind it, the two lie far apart, and which of them is where the foot stands cannot be told: that
    goes into the uncertainty. Legs named the wrong way round would make of a wide step a crossing one: where
    they are not told apart, only the sway is said. Sway: what the middle of the hips moves from side to side
    within a stride, less the way it has gone at its end; NaN where the camera moves, which sways too.
    """
    sway = _sway(run)
    if not _legs_told(run, stances(run)):
        nameless = [(STEP_WIDTH, None), (STEP_WIDTH_CM, None), *((FOOT_CROSSOVER, side) for side in Side)]
        return (*(missing(metric, side, run.clip, WHICH_LEG) for metric, side in nameless), sway)
    prints = _footprints(run)
    unsure = sum(_unsure_pct(prints, side) for side in Side)
    width = summarise(_known_to(STEP_WIDTH, unsure), None, run.clip, _widths_pct(prints))
    return (
        width,
        in_cm(run.scale, STEP_WIDTH_CM, width),
        *(_foot_crossover(run, prints, side) for side in Side),
        sway,
    )


def _footprints(run: Run) -> list[_Footprint]:
    return [_footprint(run.motion, side, time_s) for side, time_s in stances(run)]


def _footprint(motion: Motion, side: Side, time_s: float) -> _Footprint:
    """Where the foot stands, the lower one: the model mixes up legs that pass behind each other."""
    at = {
        name: [motion.at(motion.xy[:, p], time_s) for p in (leg.ankle, leg.heel)]
        for name, leg in LIMBS.items()
    }
    height = {name: float(np.mean([place[1] for place in places])) for name, places in at.items()}
    exchanged = height[side] - height[side.other] > CLEARLY_LOWER
    ankle, heel = (float(place[0]) for place in at[side.other if exchanged else side])
    hips = float(motion.at(motion.mid_hip[:, 0], time_s))
    return _Footprint(side, (ankle + heel) / 2, hips, side.outward * (ankle - heel))


def _unsure_pct(prints: list[_Footprint], side: Side) -> float:
    """How far ankle and heel lie from their middle, more than in a foot that points straight ahead."""
    apart = np.array([100 * p.ankle_outside for p in prints if p.side is side])
    known = apart[np.isfinite(apart)]
    return abs(float(np.median(known)) - ANKLE_OUTSIDE_HEEL_PCT) / 2 if len(known) else 0.0


def _known_to(metric: Metric, unsure: float) -> Metric:
    return replace(metric, systematic=float(np.hypot(metric.systematic, unsure)))


def _widths_pct(prints: list[_Footprint]) -> list[float]:
    return [
        100 * here.side.outward * (here.foot - (before.foot + after.foot) / 2)
        for before, here, after in zip(prints, prints[1:], prints[2:], strict=False)
        if before.side is after.side is here.side.other
    ]


def _foot_crossover(run: Run, prints: list[_Footprint], side: Side) -> Measurement:
    past = [-100 * side.outward * (p.foot - p.hips) for p in prints if p.side is side]
    return over_steps(run, _known_to(FOOT_CROSSOVER, _unsure_pct(prints, side)), side, past)


def _sway(run: Run) -> Measurement:
    if run.camera_moves:
        return missing(SWAY, None, run.clip, CARRIED)
    return summarise(SWAY, None, run.clip, _sways_pct(run))


def _sways_pct(run: Run) -> list[float]:
    hips = 100 * run.motion.mid_hip[:, 0]
    starts = [time_s for side, time_s in stances(run) if side is Side.LEFT]
    whole = [s for s in starts if s + run.stride_s <= run.motion.time_s[-1]]
    return [over(run.motion, hips, s, s + run.stride_s, _swing) for s in whole]


def _swing(curve: FloatArray) -> float:
    return float(np.ptp(curve - np.linspace(curve[0], curve[-1], len(curve))))
