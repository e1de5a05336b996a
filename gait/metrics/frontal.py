"""What only a view from behind or in front can show: hip drop, arm crossover, and where the feet land."""

from dataclasses import dataclass

import numpy as np
from scipy import signal

from gait.body import LEFT, LIMBS, RIGHT, Side, View
from gait.errors import Reason
from gait.metrics.catalogue import (
    CROSSOVER,
    FOOT_CROSSOVER,
    HIP_DROP,
    STEP_WIDTH,
    STEP_WIDTH_CM,
    SWAY,
)
from gait.metrics.measurement import Measurement, missing, summarise
from gait.metrics.run import Run, in_cm, over, over_steps
from gait.motion.pelvis import mid_stance_s
from gait.motion.signals import RATE_HZ, FloatArray, Motion

HIP_LINE_IS_NOT_HIP_DROP = Reason(
    "no-waist-line",
    "nothing on the waistband shows the tilt of the pelvis, and the hip points that the pose model marks "
    "from behind do not follow it: stick two pieces of tape on the waistband, left and right of the spine, a "
    "hand apart, in a colour that stands out",
    "tape",
)
TAPE_HIDDEN = Reason(
    "waist-hidden",
    "while this leg carries the body a hand hides the waistband: stick the tape nearer to the spine, or "
    "carry the hands higher for the film",
)
STANCE_STRIDES = 0.12
"""Part of the stride before and after the middle of stance in which the deepest drop is looked for."""
HANDS_HIDDEN = Reason(
    "hand-hidden",
    "this hand is hidden at the front of its swing, so its place would be a guess: film from the front, with "
    "no console between you and the phone",
)
HAND_SEEN = 0.7
"""Visibility that the model must report for a hand at the front of three in four of its swings.

On rendered runners, hands in full view have 0.72 or more at every swing; hands behind the trunk or behind a
treadmill's console drop below 0.6 at a quarter of the swings or more, and are then placed up to 29 % of the
shoulder width wrong.
"""


def frontal(run: Run) -> tuple[Measurement, ...]:
    """Measure what a clip from behind or in front shows, or say why it does not."""
    rear = run.motion.viewpoint.view is View.REAR
    turning = hip_drop if rear else crossover
    return (*(turning(run, side) for side in Side), *feet(run))


def hip_drop(run: Run, side: Side) -> Measurement:
    """Tilt of the pelvis while one leg carries it, at its deepest, + when the other side sinks.

    Read from two pieces of tape on the waistband, the way coaches mark the pelvis; what the model marks as
    hips does not follow it. Tape stuck askew adds to one side what it takes from the other.
    """
    if run.waist is None or run.waist.line_deg is None:
        return missing(HIP_DROP, side, run.clip, HIP_LINE_IS_NOT_HIP_DROP)
    drop = run.waist.line_deg * _outward(side)
    reach_s = STANCE_STRIDES * run.stride_s
    middles = [time_s for carried, time_s in stances(run) if carried is side]
    deepest = [over(run.motion, drop, t - reach_s, t + reach_s, np.max) for t in middles]
    if not np.isfinite(deepest).any():
        return missing(HIP_DROP, side, run.clip, TAPE_HIDDEN)
    return over_steps(run, HIP_DROP, side, deepest)


def stances(run: Run) -> list[tuple[Side, float]]:
    """Side that carries the body and middle of each contact that lies whole in what is seen."""
    middles = [(c.side, mid_stance_s(run.motion, c, run.stride_s)) for c in run.contacts]
    return [(side, time_s) for side, time_s in middles if np.isfinite(time_s)]


def crossover(run: Run, side: Side) -> Measurement:
    """How far the wrist passes the body's midline at its farthest, in % of shoulder width, + crossed.

    The midline runs from mid-hip to mid-shoulder. One sample a stride. Withheld when the model does not
    see the hand at that moment: the guessed place of a hidden hand does not follow the swing.
    """
    past = across_midline_pct(run.motion, side)
    known = np.where(np.isfinite(past), past, -np.inf)
    peaks, _ = signal.find_peaks(known, distance=max(1, round(0.7 * run.stride_s * RATE_HZ)))
    peaks = peaks[np.isfinite(past[peaks])]
    seen = run.motion.visibility[peaks, LIMBS[side].wrist]
    if len(peaks) and float(np.percentile(seen, 25)) < HAND_SEEN:
        return missing(CROSSOVER, side, run.clip, HANDS_HIDDEN)
    return summarise(CROSSOVER, side, run.clip, list(past[peaks]))


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


def feet(run: Run) -> tuple[Measurement, ...]:
    """Where the feet land across the belt, and how far the hips sway, in per cent of the leg.

    Step width: from the foot in the middle of its stance to the middle between the one before and the one
    after, of the other foot; + when each foot stays on its own side. Foot crossover, of each side: how far
    the foot passes the middle of the hips, + when it crosses. A foot is where the middle of ankle and heel
    is: the model marks the ankle farther outside. Sway: what the middle of the hips moves from
    side to side within a stride, less the way it has gone at its end.
    """
    prints = _footprints(run)
    width = summarise(STEP_WIDTH, None, run.clip, _widths_pct(prints))
    return (
        width,
        in_cm(run.scale, STEP_WIDTH_CM, width),
        *(_foot_crossover(run, prints, side) for side in Side),
        summarise(SWAY, None, run.clip, _sways_pct(run)),
    )


def _footprints(run: Run) -> list[_Footprint]:
    motion = run.motion
    hips = motion.mid_hip[:, 0]
    foot = {side: motion.middle(LIMBS[side].ankle, LIMBS[side].heel)[:, 0] for side in Side}
    return [
        _Footprint(side, float(motion.at(foot[side], time_s)), float(motion.at(hips, time_s)))
        for side, time_s in stances(run)
    ]


def _widths_pct(prints: list[_Footprint]) -> list[float]:
    return [
        100 * _outward(here.side) * (here.foot - (before.foot + after.foot) / 2)
        for before, here, after in zip(prints, prints[1:], prints[2:], strict=False)
        if before.side is after.side is here.side.other
    ]


def _foot_crossover(run: Run, prints: list[_Footprint], side: Side) -> Measurement:
    past = [-100 * _outward(side) * (p.foot - p.hips) for p in prints if p.side is side]
    return over_steps(run, FOOT_CROSSOVER, side, past)


def _sways_pct(run: Run) -> list[float]:
    hips = 100 * run.motion.mid_hip[:, 0]
    starts = [time_s for side, time_s in stances(run) if side is Side.LEFT]
    whole = [s for s in starts if s + run.stride_s <= run.motion.time_s[-1]]
    return [over(run.motion, hips, s, s + run.stride_s, _swing) for s in whole]


def _swing(curve: FloatArray) -> float:
    return float(np.ptp(curve - np.linspace(curve[0], curve[-1], len(curve))))


def _outward(side: Side) -> int:
    return 1 if side is Side.RIGHT else -1
