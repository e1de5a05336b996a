"""How far the hands swing across the body, which only a view from the front shows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from gait.body import LEFT, LIMBS, RIGHT, Side
from gait.errors import Reason
from gait.metrics.catalogue import CROSSOVER
from gait.metrics.measurement import Measurement, missing, summarise
from gait.metrics.run import Run
from gait.motion.signals import RATE_HZ, FloatArray, Motion

IntArray = NDArray[np.int_]
HANDS_HIDDEN = Reason(
    "hand-hidden",
    "this hand is hidden at the front of its swing, so its place would be a guess: film from the front, with "
    "no console between you and the phone; or, if you can see it yourself, mark it in Review (or: gait mark)",
)
FRONT_STRIDES = 0.2
"""Part of the stride before and after the most raised forearm in which the hand is in front."""
HAND_SEEN, SWINGS_SEEN = 0.7, 0.6
"""Visibility that the model must report for a hand in front to read it, and in which share of the swings.

On rendered runners, hands in full view have 0.72 or more at every swing; hands behind the trunk or behind a
treadmill's console drop below 0.6 at a quarter of the swings or more, and are then placed up to 29 % of the
shoulder width wrong.
"""
LATE_STRIDES = 0.15
"""Part of the stride after the other foot's landing from which a hand swings back again.

A hand is at the front where that foot lands on 14 rendered runners (from 0.05 of a stride before to 0.02
after it), and up to 0.4 before on four real films. One that seems to be farthest across later (0.2 to 0.5)
was hidden when it was, by a console or the trunk, however sure the model is.
"""
HANDS_MEAN_PCT = 3.0
"""Spread between clips of the mean of both hands.

On five rendered runners whose both hands are seen, from up to 5 degrees aside, the mean is 0.9 to 1.8 off
where single hands are up to 11 off, to opposite sides. Wider than that, as a judgement: five are few.
"""


ONE_HAND_ASIDE, BOTH_HANDS_ASIDE = 0.5, 1 / 6
"""Parts of half the hands' difference that go into the spread of each hand, and of their mean, where they are
more than the usual one: a phone far to one side moves one hand out and the other in (by 72 % on a real film
from 31 degrees aside). Judgements: arms that differ by themselves cannot be told from that."""


def crossover(run: Run) -> tuple[Measurement, ...]:
    """How far the wrists pass the body's midline in front of it, in % of shoulder width, + crossed.

    The midline runs from mid-hip to mid-shoulder. One sample a stride: the farthest in the half of the swing
    in which the hand is in front, with the forearm raised; a hand behind the back crosses nothing. Withheld
    when the model does not see the hand there: the guessed place of a hidden hand does not follow the swing.

    The hand is a forearm nearer to the phone than the midline is: a phone that stands 4 degrees to one side
    shows one hand farther across and the other as much less (4 to 10 % on three rendered runners). The mean
    of both hands, which comes first, is free of that. The same holds of hands that somebody marked, which are
    read in the marked pictures alone.
    """
    swings = {side: _marked(run, side) or _past_the_midline(run, side) for side in Side}
    aside = _aside_pct(swings)
    one = replace(CROSSOVER, systematic=max(CROSSOVER.systematic, ONE_HAND_ASIDE * aside))
    each = tuple(
        missing(CROSSOVER, side, run.clip, HANDS_HIDDEN)
        if past is None
        else summarise(one, side, run.clip, past)
        for side, past in swings.items()
    )
    if any(past is None for past in swings.values()):
        return (missing(CROSSOVER, None, run.clip, HANDS_HIDDEN), *each)
    both = _mean_of_hands(*map(_known, swings.values()))
    mean = replace(CROSSOVER, systematic=max(HANDS_MEAN_PCT, BOTH_HANDS_ASIDE * aside))
    return (summarise(mean, None, run.clip, both), *each)


def _aside_pct(swings: Mapping[Side, list[float] | None]) -> float:
    """Half of what one hand comes farther across than the other; 0 where only one is known."""
    middles = [float(np.median(past)) for past in swings.values() if past]
    return abs(middles[0] - middles[1]) / 2 if len(middles) == len(Side) else 0.0


def _mean_of_hands(left: Sequence[float], right: Sequence[float]) -> list[float]:
    """Means of both hands' swings, rank by rank.

    The hands may have been seen in other strides, and not equally often: their swings are no pairs in time.
    """
    count = min(len(left), len(right))
    ranks = np.linspace(0, 1, count) if count > 1 else np.full(count, 0.5)
    means = (np.quantile(left, ranks) + np.quantile(right, ranks)) / 2 if count else []
    return [float(mean) for mean in means]


def _known(past: list[float] | None) -> list[float]:
    return past or []


def _marked(run: Run, side: Side) -> list[float]:
    """How far across the wrist was marked in each swing; empty where nobody marked this hand."""
    width = shoulder_width(run.motion)
    return [
        float(past_line_pct(s.wrist[None], s.mid_hip[None], s.mid_shoulder[None], side)[0] / width)
        for s in run.swings
        if s.mark.side is side
    ]


def _past_the_midline(run: Run, side: Side) -> list[float] | None:
    """How far across the wrist comes in each swing; None where it is hidden in too many of them."""
    farthest = _in_front(run, side)
    seen = run.motion.visibility[farthest, LIMBS[side].wrist] >= HAND_SEEN
    if len(farthest) and (seen.mean() < SWINGS_SEEN or _late(run, side, farthest)):
        return None
    return [float(past) for past in across_midline_pct(run.motion, side)[farthest[seen]]]


def _late(run: Run, side: Side, farthest: IntArray) -> bool:
    """True if the hand seems to be farthest across after it was in front, in most of its swings."""
    lands_s = np.array([contact.touchdown_s for contact in run.contacts_of(side.other)])
    if len(lands_s) == 0:
        return False
    strides = (run.motion.time_s[farthest][:, None] - lands_s) / run.stride_s
    nearest = np.take_along_axis(strides, np.abs(strides).argmin(axis=1)[:, None], axis=1)
    return bool(np.median(nearest - nearest.round()) > LATE_STRIDES)


def _in_front(run: Run, side: Side) -> IntArray:
    """(n,) samples of the motion at which the wrist is farthest across, one for each swing to the front."""
    past, raised = across_midline_pct(run.motion, side), forearm_raised(run.motion, side)
    known = np.isfinite(past) & np.isfinite(raised)
    forward, _ = signal.find_peaks(
        np.where(known, raised, -np.inf), distance=max(1, round(0.7 * run.stride_s * RATE_HZ))
    )
    reach = round(FRONT_STRIDES * run.stride_s * RATE_HZ)
    spans = [(peak - reach, peak + reach + 1) for peak in forward]
    whole = [(a, b) for a, b in spans if a >= 0 and b <= len(past) and known[a:b].all()]
    return np.array([a + int(past[a:b].argmax()) for a, b in whole], dtype=int)


def forearm_raised(motion: Motion, side: Side) -> FloatArray:
    """(N,) wrist above the elbow, in leg lengths: most when the arm is in front."""
    return np.asarray(motion.xy[:, LIMBS[side].wrist, 1] - motion.xy[:, LIMBS[side].elbow, 1])


def across_midline_pct(motion: Motion, side: Side) -> FloatArray:
    """(N,) wrist past the midline towards the other side, in % of shoulder width."""
    wrist = motion.xy[:, LIMBS[side].wrist]
    return past_line_pct(wrist, motion.mid_hip, motion.mid_shoulder, side) / shoulder_width(motion)


def shoulder_width(motion: Motion) -> float:
    """Distance of the shoulders across the picture, the usual one over the strides, in leg lengths."""
    across = motion.xy[:, RIGHT.shoulder, 0] - motion.xy[:, LEFT.shoulder, 0]
    return float(np.nanmedian(np.abs(across)))


def past_line_pct(wrist: FloatArray, mid_hip: FloatArray, mid_shoulder: FloatArray, side: Side) -> FloatArray:
    """(N,) wrist past the line through two points, in per cent of the unit of all of them, + crossed.

    Parameters
    ----------
    wrist, mid_hip, mid_shoulder
        (N, 2) as in ``Motion.xy``: x to the runner's right, y up. What somebody marked by eye will do too.
    """
    trunk = mid_shoulder - mid_hip
    share = (wrist[:, 1] - mid_hip[:, 1]) / trunk[:, 1]
    midline_x = mid_hip[:, 0] + share * trunk[:, 0]
    return np.asarray(-100 * side.outward * (wrist[:, 0] - midline_x))
