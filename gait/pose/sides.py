"""Left and right: undo the frames in which the model mixed up the two legs.

Seen from the side one leg hides the other, and for single frames or short stretches the model names
them the wrong way round. Both legs move smoothly, so the sequence of keep/swap decisions that makes
the knees, ankles, heels and toes accelerate least is found by dynamic programming (Viterbi 1967,
doi 10.1109/TIT.1967.1054010). A model-labelled sequence that is already smooth is left as it is.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, RIGHT

SWAP_COST = 0.02
"""What a swapped frame must gain to be believed, in squared leg extents of acceleration."""
LONGEST_GAP = 3
"""Frames apart beyond which two pictures of the legs are not held together."""
COST_CEILING = 1.0
"""Acceleration of one frame beyond which more counts no more: a jump to another body is no evidence."""


def swapped_legs(xy_px: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say for each frame whether the legs must change places.

    Parameters
    ----------
    xy_px
        (T, 33, 2) landmarks; NaN where unseen. Frames with an unseen leg point are never swapped.

    Returns
    -------
    NDArray[np.bool_]
        (T,) True where left and right leg are mixed up.
    """
    swapped = np.zeros(len(xy_px), dtype=bool)
    legs = xy_px[:, [LEFT.leg, RIGHT.leg]]
    seen = np.flatnonzero(np.isfinite(legs).all(axis=(1, 2, 3)))
    if len(seen) < 3:
        return swapped
    extent = float(np.median(np.ptp(legs[seen], axis=(1, 2)).max(axis=-1)))
    joined = np.ediff1d(seen, to_begin=1) <= LONGEST_GAP
    swapped[seen] = _smoothest(legs[seen] / max(extent, 1.0), joined)
    return swapped


def swap(xy_px: NDArray[np.float64], where: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Exchange left and right leg in the frames where ``where`` is True; also works on (T, 33)."""
    result = xy_px.copy()
    left, right = list(LEFT.leg), list(RIGHT.leg)
    rows = np.flatnonzero(where)[:, None]
    result[rows, left], result[rows, right] = xy_px[rows, right], xy_px[rows, left]
    return result


def _smoothest(legs: NDArray[np.float64], joined: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Viterbi over pairs of decisions (previous, current): acceleration needs three frames.

    Frames that are not joined to the one before tell nothing about it: both legs went on unseen.
    """
    ways = np.stack([legs, legs[:, ::-1]])
    pairs = [(before, now) for before in (0, 1) for now in (0, 1)]
    cost = np.array([SWAP_COST * (before + now) for before, now in pairs])
    cost += [_jump(ways[now, 1] - ways[before, 0]) for before, now in pairs]
    back = np.zeros((len(legs), len(pairs)), dtype=int)
    for t in range(2, len(legs)):
        options = np.full((len(pairs), len(pairs)), np.inf)
        for (i, (a, b)), (j, (c, now)) in product(enumerate(pairs), enumerate(pairs)):
            if b == c:
                bend = ways[now, t] - 2 * ways[b, t - 1] + ways[a, t - 2]
                believed = _jump(bend) if joined[t] and joined[t - 1] else 0.0
                options[i, j] = cost[i] + believed + SWAP_COST * now
        back[t], cost = options.argmin(axis=0), options.min(axis=0)
    return _trace(back, pairs, int(cost.argmin()))


def _jump(difference: NDArray[np.float64]) -> float:
    return min(float(np.square(difference).sum()), COST_CEILING)


def _trace(back: NDArray[np.int_], pairs: list[tuple[int, int]], best: int) -> NDArray[np.bool_]:
    decisions = np.zeros(len(back), dtype=bool)
    for t in range(len(back) - 1, 1, -1):
        decisions[t] = pairs[best][1]
        best = int(back[t, best])
    decisions[0], decisions[1] = pairs[best]
    return decisions
