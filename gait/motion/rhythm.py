"""The rhythm of the legs: how long a stride takes, and whether this is running or walking.

Both work before anything is known about touchdowns, and both survive a wrong time base: a clip that
plays eight times too slow has strides eight times too long, and walking in it is still walking.
"""

import numpy as np
from scipy import signal

from gait.body import LEFT, RIGHT
from gait.errors import NoRunner
from gait.motion.signals import RATE_HZ, FloatArray, Motion
from gait.pose.period import peak_between_samples, period

NOT_RUNNING = (
    "A person was found, but no steady run of more than a few steps: film 8 to 10 seconds of running at one "
    "speed, from the side, with both feet in the picture the whole time."
)
SHORT_S = 2.0
"""Seconds below which too little is seen to say that somebody does not run steadily; a judgement."""
SHORT = (
    "A person can be followed for {:.1f} seconds only, too short to tell the steps: film 8 to 10 seconds, "
    "from farther away or following the runner, with both feet in the picture the whole time."
)
LEGS_MIRROR = 0.5
"""How closely the legs must have changed places after half a stride where no whole one is seen."""
WALKING = (
    "In {} this is walking: a foot is always on the ground, and everything here is about running. Film a run."
)

HARMONICS = 3
"""Of the stride, which the distance between the ankles is made of."""
REFINED_SHARE, REFINED_STRIDES = 0.03, 2.5
"""How far from the first peak of the autocorrelation the period is looked for, and from how many strides on.
Judgements: the peak was up to 1.3 % off on 24 clips, rendered and real; one or two strides fit anything."""

WALKS = 0.3
"""How closely hips and feet must go against each other to call it a walk.

A real walker has -0.85, and runners 0.0 to 0.9 (20 clips of the study, six bundled ones, two real films).
"""
STANDS = 0.3
"""Share of the other ankle's swing below which a leg only stands.

0.83 to 1.00 of 21 real runners and walkers from the side, 0.57 of one who is tackled, 0.07 of a woman who
bends one knee again and again on the other leg (docs/real_film.md); a judgement between.
"""


def stride_s(motion: Motion) -> float:
    """Seconds from one touchdown to the next of the same foot.

    Of the distance between the ankles along the direction of running; from behind and in front, of the
    vertical distance between the elbows, else the ankles: there the model mixes up legs that pass behind
    each other, but not arms. First the strong peak of the autocorrelation, which finds the stride among
    its multiples, then near it the period that fits all strides at once.

    Raises
    ------
    NoRunner
        If the legs have no steady rhythm.
    """
    samples = _cycle(motion)
    if np.isfinite(samples):
        return samples / RATE_HZ
    followed_s = np.count_nonzero(motion.visibility.max(axis=1) > 0) / RATE_HZ
    if followed_s < SHORT_S:
        raise NoRunner(SHORT.format(followed_s), id="short")
    raise NoRunner(NOT_RUNNING)


def is_walking(motion: Motion, period_s: float) -> bool:
    """True if it is clear that the hips are lowest when the feet are farthest apart.

    A walker vaults over a straight leg: the hips are low in double support and high in mid-stance. A
    runner bounces: low in mid-stance, high in flight (Cavagna 1977, doi 10.1152/ajpregu.1977.233.5.R243).
    From behind and in front this cannot be told, as a foot that is lifted looks like one that is ahead.
    """
    if not motion.viewpoint.view.sagittal:
        return False
    apart = np.abs(_between_ankles(motion))
    height = motion.mid_hip[:, 1]
    seen = np.isfinite(apart) & np.isfinite(height)
    reach = max(1, round(period_s * RATE_HZ / 2))
    together = np.corrcoef(_detrended(apart[seen], reach), _detrended(height[seen], reach))[0, 1]
    return bool(together < -WALKS)


def one_leg_stands(motion: Motion) -> bool:
    """True if it is clear, from the side, that one ankle swings under the hips and the other does not.

    Where an ankle is unseen for half of the time or longer this cannot be told.
    """
    if not motion.viewpoint.view.sagittal:
        return False
    along = [motion.xy[:, leg.ankle, 0] - motion.mid_hip[:, 0] for leg in (LEFT, RIGHT)]
    if min(float(np.isfinite(each).mean()) for each in along) < 0.5:
        return False
    less, more = sorted(float(np.nanstd(each)) for each in along)
    return less < STANDS * more


def _cycle(motion: Motion) -> float:
    """Samples of one stride; NaN without a steady rhythm."""
    if not motion.viewpoint.view.sagittal:
        elbows = motion.xy[:, LEFT.elbow, 1] - motion.xy[:, RIGHT.elbow, 1]
        arms = period(elbows)
        if np.isfinite(arms):
            return _refined(elbows, arms)
    apart = _between_ankles(motion)
    whole = period(apart)
    if np.isfinite(whole):
        return _refined(apart, whole)
    return 2 * _half_cycle(apart) if motion.viewpoint.view.sagittal else whole


def _refined(values: FloatArray, samples: float) -> float:
    """The period near this one with which a few harmonics and a drift fit all known values best."""
    (at,) = np.nonzero(np.isfinite(values))
    if np.ptp(at) < REFINED_STRIDES * samples:
        return samples
    periods = samples * np.linspace(1 - REFINED_SHARE, 1 + REFINED_SHARE, 61)
    fits = np.array([_explained(values[at], at - at.mean(), each) for each in periods])
    best = int(fits.argmax())
    step = float(periods[1] - periods[0])
    inside = 0 < best < len(periods) - 1
    return float(periods[0]) + step * peak_between_samples(fits, best) if inside else samples


def _explained(values: FloatArray, at: FloatArray, samples: float) -> float:
    """Sum of squares of what a level, a drift and the harmonics of this period explain."""
    turns = 2 * np.pi / samples * np.outer(np.arange(1, HARMONICS + 1), at)
    terms = np.vstack([np.ones_like(at), at / samples, np.cos(turns), np.sin(turns)])
    against = terms @ values
    return float(against @ np.linalg.solve(terms @ terms.T, against))


def _half_cycle(values: FloatArray) -> float:
    """Samples after which the legs have changed places, for a runner who is seen for a stride or two only.

    The first strong trough of the autocorrelation, each lag weighed by how much of the signal it compares;
    NaN if there is none, or if less than one more half than that is seen.
    """
    seen = np.isfinite(values)
    if not seen.any():
        return float("nan")
    known = values[np.flatnonzero(seen)[0] : np.flatnonzero(seen)[-1] + 1]
    if not np.isfinite(known).all():
        return float("nan")
    centred = known - (known.max() + known.min()) / 2
    count = len(centred)
    lags = np.arange(count // 2 + 1)
    level = signal.correlate(centred, centred, method="fft")[count - 1 :][lags] / (count - lags)
    troughs, _ = signal.find_peaks(-level / max(level[0], 1e-12), height=LEGS_MIRROR)
    return float(troughs[0]) if len(troughs) else float("nan")


def _between_ankles(motion: Motion) -> FloatArray:
    axis = 0 if motion.viewpoint.view.sagittal else 1
    return np.asarray(motion.xy[:, LEFT.ankle, axis] - motion.xy[:, RIGHT.ankle, axis])


def _detrended(values: FloatArray, reach: int) -> FloatArray:
    padded = np.pad(values, reach, mode="edge")
    window = np.ones(2 * reach + 1) / (2 * reach + 1)
    return np.asarray(values - signal.fftconvolve(padded, window, mode="valid"))
