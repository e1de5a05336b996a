"""What only a view from behind or in front can show: hip drop, arm crossover, and where the feet land."""

from dataclasses import dataclass

import numpy as np
from scipy import signal

from gait.body import LEFT, LIMBS, RIGHT, Side
from gait.metrics.measurement import MIN_SAMPLES, Measurement, Quantity, missing, summarise
from gait.metrics.stride import in_cm, over
from gait.motion.pelvis import mid_stances
from gait.motion.scale import Scale
from gait.motion.signals import RATE_HZ, FloatArray, Motion

HIP_DROP = Quantity("hip_drop_deg", "deg", systematic=1.4, per_roll_deg=1.0)
CROSSOVER = Quantity("crossover_pct", "%", systematic=8.0, reads_high=-6.5)

STEP_WIDTH = Quantity("step_width_pct_leg", "%", systematic=1.4, reads_high=2.0)
STEP_WIDTH_CM = Quantity("step_width_cm", "cm")
FOOT_CROSSOVER = Quantity("foot_crossover_pct_leg", "%", systematic=1.1, reads_high=-1.5, per_roll_deg=1.75)
SWAY = Quantity("pelvis_sway_pct_leg", "%", systematic=0.6, reads_high=0.3)
ACROSS = (STEP_WIDTH, STEP_WIDTH_CM, SWAY)

FROM_THE_SIDE_NO_FEET = "a clip from the side cannot show it: film a second clip from behind (--rear)"
FROM_THE_SIDE_NO_ARMS = (
    "a clip from the side cannot show it: film a second clip from the front, where the hands are seen "
    "(--rear)"
)
FROM_THE_SIDE_NO_HIPS = (
    "a clip from the side cannot show it: stick two pieces of tape on the waistband and film a second clip "
    "from behind (--rear, with --tape)"
)
HIP_LINE_IS_NOT_HIP_DROP = (
    "the hip points that the pose model marks from behind do not follow a real hip drop (they stay level "
    "or move the other way), so no number is shown: stick two pieces of tape on the waistband, left and "
    "right of the spine, film from behind, and say so (--tape)"
)
NO_TAPE = (
    "two pieces of tape on the waistband were not found: stick them left and right of the spine, a hand "
    "apart, in a colour that stands out, and film from behind"
)
TAPE_HIDDEN = (
    "while this leg carries the body a hand hides the tape: stick it nearer to the spine, or carry the "
    "hands higher for the film"
)
STANCE_STRIDES = 0.12
"""Part of the stride before and after the middle of stance in which the deepest drop is looked for."""
HANDS_HIDDEN = (
    "this hand is hidden at the front of its swing, so its place would be a guess: film from the front, with "
    "no console between you and the phone"
)
HAND_SEEN = 0.7
"""Visibility that the model must report for a hand at the front of three in four of its swings.

On rendered runners, hands in full view have 0.72 or more at every swing; hands behind the trunk or behind a
treadmill's console drop below 0.6 at a quarter of the swings or more, and are then placed up to 29 % of the
shoulder width wrong.
"""


@dataclass(frozen=True, eq=False)
class Waist:
    """What the tape on the waistband shows."""

    line_deg: FloatArray | None
    """(N,) against level, + when the runner's right is higher; None if no tape was found."""


def frontal(
    motion: Motion | None,
    stride_s: float = np.nan,
    waist: Waist | None = None,
    scale: Scale | None = None,
) -> tuple[Measurement, ...]:
    """Measure what a frontal clip shows, or say for each quantity why it is missing.

    Parameters
    ----------
    waist
        The tape on the waistband, where the user says that there is some.
    """
    if motion is None:
        return (
            *(missing(HIP_DROP, side, "side", FROM_THE_SIDE_NO_HIPS) for side in Side),
            *(missing(CROSSOVER, side, "side", FROM_THE_SIDE_NO_ARMS) for side in Side),
            *(missing(quantity, None, "side", FROM_THE_SIDE_NO_FEET) for quantity in ACROSS),
            *(missing(FOOT_CROSSOVER, side, "side", FROM_THE_SIDE_NO_FEET) for side in Side),
        )
    return (
        *(hip_drop(motion, side, stride_s, waist) for side in Side),
        *(crossover(motion, side, stride_s) for side in Side),
        *feet(motion, stride_s, scale),
    )


def hip_drop(motion: Motion, side: Side, stride_s: float, waist: Waist | None) -> Measurement:
    """Tilt of the pelvis while one leg carries it, at its deepest, + when the other side sinks.

    Read from two pieces of tape on the waistband, the way coaches mark the pelvis; what the model marks as
    hips does not follow it. Tape stuck askew adds to one side what it takes from the other.
    """
    if waist is None:
        return missing(HIP_DROP, side, "rear", HIP_LINE_IS_NOT_HIP_DROP)
    if waist.line_deg is None:
        return missing(HIP_DROP, side, "rear", NO_TAPE)
    drop = waist.line_deg * _outward(side)
    reach_s = STANCE_STRIDES * stride_s
    middles = [time_s for carried, time_s in mid_stances(motion, stride_s) if carried is side]
    deepest = [over(motion, drop, t - reach_s, t + reach_s, np.max) for t in middles]
    if np.isfinite(deepest).sum() < MIN_SAMPLES:
        return missing(HIP_DROP, side, "rear", TAPE_HIDDEN)
    return summarise(HIP_DROP, side, "rear", deepest, HIP_DROP.per_roll_deg * motion.roll.sd_deg)


def crossover(motion: Motion, side: Side, stride_s: float) -> Measurement:
    """How far the wrist passes the body's midline at its farthest, in % of shoulder width, + crossed.

    The midline runs from mid-hip to mid-shoulder. One sample a stride. Withheld when the model does not
    see the hand at that moment: the guessed place of a hidden hand does not follow the swing.
    """
    past = across_midline_pct(motion, side)
    known = np.where(np.isfinite(past), past, -np.inf)
    peaks, _ = signal.find_peaks(known, distance=max(1, round(0.7 * stride_s * RATE_HZ)))
    peaks = peaks[np.isfinite(past[peaks])]
    seen = motion.visibility[peaks, LIMBS[side].wrist]
    if len(peaks) and float(np.percentile(seen, 25)) < HAND_SEEN:
        return missing(CROSSOVER, side, "rear", HANDS_HIDDEN)
    return summarise(CROSSOVER, side, "rear", list(past[peaks]))


def across_midline_pct(motion: Motion, side: Side) -> FloatArray:
    """(N,) wrist past the midline towards the other side, in % of shoulder width."""
    trunk = motion.mid_shoulder - motion.mid_hip
    wrist = motion.xy[:, LIMBS[side].wrist]
    share = (wrist[:, 1] - motion.mid_hip[:, 1]) / trunk[:, 1]
    midline_x = motion.mid_hip[:, 0] + share * trunk[:, 0]
    width = np.nanmedian(np.abs(motion.xy[:, RIGHT.shoulder, 0] - motion.xy[:, LEFT.shoulder, 0]))
    return np.asarray(-100 * _outward(side) * (wrist[:, 0] - midline_x) / width)


@dataclass(frozen=True)
class _Footprint:
    """Foot and hips in the middle of a stance, in leg lengths across the belt, + to the runner's right."""

    side: Side
    foot: float
    hips: float


def feet(motion: Motion, stride_s: float, scale: Scale | None) -> tuple[Measurement, ...]:
    """Where the feet land across the belt, and how far the hips sway, in per cent of the leg.

    Step width: from the foot in the middle of its stance to the middle between the one before and the one
    after, of the other foot; + when each foot stays on its own side. Foot crossover, of each side: how far
    the foot passes the middle of the hips, + when it crosses. A foot is where the middle of ankle and heel
    is: the model marks the ankle farther outside. Sway: what the middle of the hips moves from
    side to side within a stride, less the way it has gone at its end.
    """
    prints = _footprints(motion, stride_s)
    width = summarise(STEP_WIDTH, None, "rear", _widths_pct(prints))
    return (
        width,
        in_cm(scale, STEP_WIDTH_CM, width),
        *(_foot_crossover(motion, prints, side) for side in Side),
        summarise(SWAY, None, "rear", _sways_pct(motion, stride_s)),
    )


def _footprints(motion: Motion, stride_s: float) -> list[_Footprint]:
    hips = motion.mid_hip[:, 0]
    foot = {side: motion.middle(LIMBS[side].ankle, LIMBS[side].heel)[:, 0] for side in Side}
    return [
        _Footprint(side, float(motion.at(foot[side], time_s)), float(motion.at(hips, time_s)))
        for side, time_s in mid_stances(motion, stride_s)
    ]


def _widths_pct(prints: list[_Footprint]) -> list[float]:
    return [
        100 * _outward(here.side) * (here.foot - (before.foot + after.foot) / 2)
        for before, here, after in zip(prints, prints[1:], prints[2:], strict=False)
        if before.side is after.side is here.side.other
    ]


def _foot_crossover(motion: Motion, prints: list[_Footprint], side: Side) -> Measurement:
    past = [-100 * _outward(side) * (p.foot - p.hips) for p in prints if p.side is side]
    return summarise(FOOT_CROSSOVER, side, "rear", past, FOOT_CROSSOVER.per_roll_deg * motion.roll.sd_deg)


def _sways_pct(motion: Motion, stride_s: float) -> list[float]:
    hips = 100 * motion.mid_hip[:, 0]
    starts = [time_s for side, time_s in mid_stances(motion, stride_s) if side is Side.LEFT]
    return [over(motion, hips, s, s + stride_s, _swing) for s in starts if s + stride_s <= motion.time_s[-1]]


def _swing(curve: FloatArray) -> float:
    return float(np.ptp(curve - np.linspace(curve[0], curve[-1], len(curve))))


def _outward(side: Side) -> int:
    return 1 if side is Side.RIGHT else -1
