"""Left and right: undo what the model mixes up, the two legs of a runner or the legs of two people.

Seen from the side one leg hides the other, and for single frames or short stretches the model names
them the wrong way round, or puts one where somebody else's is. Both legs move smoothly. So for each frame
there are several candidates for each leg (what the model called left and right, and the same from a second
look at the mirrored picture), and the sequence of choices that makes the knees, ankles, heels and toes
accelerate least is found by dynamic programming (Viterbi 1967, doi 10.1109/TIT.1967.1054010). A sequence
that is already smooth is left as it is.
"""

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, RIGHT

FloatArray = NDArray[np.float64]

SWAP_COST = 0.01
"""What a leg under the other's name must gain to be believed, in squared leg extents of acceleration."""
SECOND_LOOK_COST = 0.004
"""What a leg of the second look must gain."""
ONE_LEG_TWICE_COST = 0.2
"""What it costs to take the same leg for both."""
TOGETHER, APART = 0.06, 0.15
"""Distances of two legs, in extents: as near as two readings of one leg, and clearly two legs."""
LONGEST_GAP = 3
"""Frames apart beyond which two pictures of the legs are not held together."""
COST_CEILING = 0.5
"""Acceleration of one leg beyond which more counts no more: a jump to another body is no evidence."""
DOUBTFUL = 0.07
"""Distance of a knee or ankle from the median of its neighbours, in extents, that asks for a second look."""
NEIGHBOURS, AROUND = 3, 2
"""Frames on either side that make the median, and that are looked at again too."""
_CHOICES = tuple(permutations(range(4), 2))
"""Candidates for the left and the right leg: 0 and 1 as named, 2 and 3 from the second look."""
_LEGS = (LEFT.leg, RIGHT.leg)


def doubtful(xy_px: FloatArray) -> NDArray[np.bool_]:
    """Say which frames deserve a second look: the runner is missing, or a leg leaps.

    Parameters
    ----------
    xy_px
        (T, 33, 2) landmarks as the model names them; NaN where unseen.

    Returns
    -------
    NDArray[np.bool_]
        (T,) True around every frame in which a knee or ankle leaves the way of its neighbours.
    """
    joints = xy_px[:, [LEFT.knee, LEFT.ankle, RIGHT.knee, RIGHT.ankle]]
    padded = np.pad(joints, ((NEIGHBOURS, NEIGHBOURS), (0, 0), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEIGHBOURS + 1, axis=0)
    leap_px = np.linalg.norm(np.median(windows, axis=-1) - joints, axis=-1).max(axis=1)
    leaps = np.isnan(leap_px) | (leap_px > DOUBTFUL * _extent_px(xy_px))
    reach = np.ones(2 * AROUND + 1)
    return np.asarray(np.convolve(leaps, reach, mode="same") > 0)


def legs(xy_px: FloatArray, second_px: FloatArray) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Choose the left and the right leg of every frame among its candidates.

    Parameters
    ----------
    xy_px
        (T, 33, 2) landmarks as the model names them; NaN where unseen.
    second_px
        (T, 33, 2) landmarks of the second look; NaN where there was none.

    Returns
    -------
    left, right
        (T,) 0 for the leg that was named left, 1 for right, 2 and 3 for those of the second look. A frame
        with an unseen leg point is left as it is, unless the second look saw it.
    """
    count = len(xy_px)
    left, right = np.zeros(count, dtype=int), np.ones(count, dtype=int)
    candidates = np.stack([look[:, list(leg)] for look in (xy_px, second_px) for leg in _LEGS])
    known = np.asarray(np.isfinite(candidates).all(axis=(2, 3)))
    usable = np.flatnonzero(known[:2].all(axis=0) | known[2:].all(axis=0))
    if len(usable) < 3:
        return left, right
    joined = np.ediff1d(usable, to_begin=1) <= LONGEST_GAP
    chosen = _smoothest(candidates[:, usable] / _extent_px(xy_px), known[:, usable], joined)
    left[usable], right[usable] = np.array(_CHOICES)[chosen].T
    return left, right


def take(
    values: FloatArray, second: FloatArray, left: NDArray[np.int_], right: NDArray[np.int_]
) -> FloatArray:
    """Put the chosen legs into a copy of (T, 33, ...) values."""
    result = values.copy()
    rows = np.arange(len(values))[:, None]
    for leg, choice in zip(_LEGS, (left, right), strict=True):
        candidates = np.stack([look[:, list(each)] for look in (values, second) for each in _LEGS])
        result[rows, list(leg)] = candidates[choice, rows[:, 0]]
    return result


def swap(xy_px: FloatArray, where: NDArray[np.bool_]) -> FloatArray:
    """Exchange left and right leg in the frames where ``where`` is True; also works on (T, 33)."""
    return take(xy_px, xy_px, np.where(where, 1, 0), np.where(where, 0, 1))


def _extent_px(xy_px: FloatArray) -> float:
    both = xy_px[:, [*LEFT.leg, *RIGHT.leg]]
    seen = both[np.isfinite(both).all(axis=(1, 2))]
    return max(1.0, float(np.median(np.ptp(seen, axis=1).max(axis=-1)))) if len(seen) else 1.0


def _smoothest(
    candidates: FloatArray, known: NDArray[np.bool_], joined: NDArray[np.bool_]
) -> NDArray[np.int_]:
    """Viterbi over pairs of choices (previous, current): acceleration needs three frames.

    Frames that are not joined to the one before tell nothing about it: both legs went on unseen.
    """
    left, right = np.array(_CHOICES).T
    own = _own_cost(candidates, known)
    points = np.nan_to_num(candidates)
    cost = own[0][:, None] + own[1][None, :]
    if joined[1]:
        cost = cost + _jump(points, [0, 1], [1.0, -1.0], left, right)
    back = np.zeros((len(own), len(_CHOICES), len(_CHOICES)), dtype=int)
    for t in range(2, len(own)):
        total = np.broadcast_to(cost[:, :, None], (len(_CHOICES),) * 3)
        if joined[t] and joined[t - 1]:
            total = total + _jump(points, [t - 2, t - 1, t], [1.0, -2.0, 1.0], left, right)
        back[t] = total.argmin(axis=0)
        cost = total.min(axis=0) + own[t][None, :]
    before, now = np.unravel_index(int(cost.argmin()), cost.shape)
    choices = np.zeros(len(own), dtype=int)
    for t in range(len(own) - 1, 0, -1):
        choices[t] = now
        before, now = back[t][before, now], before
    choices[0] = now
    return choices


def _own_cost(candidates: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
    """(T, choices) what each choice costs by itself."""
    distance = np.linalg.norm(candidates[:, None] - candidates[None], axis=-1).mean(axis=-1)
    two_legs = (distance[0, 1] > APART) | (distance[2, 3] > APART)
    costs = []
    for left, right in _CHOICES:
        names = SWAP_COST * ((left % 2 == 1) + (right % 2 == 0))
        looks = SECOND_LOOK_COST * ((left >= 2) + (right >= 2))
        twice = ONE_LEG_TWICE_COST * (two_legs & (distance[left, right] < TOGETHER))
        unseen = np.where(known[left] & known[right], 0.0, 1e6)
        costs.append(names + looks + twice + unseen)
    return np.stack(costs, axis=1)


def _jump(
    points: FloatArray,
    frames: list[int],
    weights: list[float],
    left: NDArray[np.int_],
    right: NDArray[np.int_],
) -> FloatArray:
    """Squared difference over frames, for every choice in each of them, of both legs together."""
    total = np.zeros((1,) * len(frames) + points.shape[2:])
    for place, (frame, weight) in enumerate(zip(frames, weights, strict=True)):
        shape = [1] * len(frames)
        shape[place] = len(points)
        total = total + weight * points[:, frame].reshape(*shape, *points.shape[2:])
    squared = np.minimum(np.square(total).sum(axis=(-2, -1)), COST_CEILING)
    return np.asarray(squared[np.ix_(*[left] * len(frames))] + squared[np.ix_(*[right] * len(frames))])
