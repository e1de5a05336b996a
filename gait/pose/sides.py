"""Left and right: undo what the model mixes up, the two legs of a runner or the legs of two people.

Seen from the side one leg hides the other, and for single frames or short stretches the model names
them the wrong way round, or puts one where somebody else's is. Both legs move smoothly. So for each frame
there are several candidates for each leg (what the model called left and right, and the same from a second
look at the mirrored picture), and the sequence of choices that makes the knees, ankles, heels and toes
accelerate least is found by dynamic programming (Viterbi 1967, doi 10.1109/TIT.1967.1054010). A sequence
that is already smooth is left as it is. Once the rhythm is known, each leg is also held against itself a
stride before and after, and against the other half a stride away (from behind and in front, mirrored): that
tells long mix-ups, which begin and end where the legs pass each other, and a leg that is nobody's.
"""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gait.body import LEFT, RIGHT

FloatArray = NDArray[np.float64]

SWAP_COST = 0.01
"""What a leg under the other's name must gain to be believed, in squared leg extents of acceleration."""
SECOND_LOOK_COST = 0.002
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
OWN_STRIDES = (-3.0, -2.0, -1.0, 1.0, 2.0, 3.0)
"""Strides away at which a leg is as it is now."""
OTHER_STRIDES = (-2.5, -1.5, -0.5, 0.5, 1.5, 2.5)
"""Strides away at which the other leg is as this one is now."""
FRONTAL = 0.45
"""Width of the shoulders over the length of the trunk, in the picture, from which the legs are each other's
mirror image: it is 0.75 from straight behind and in front (gait/motion/view.py), and 0.45 with the camera 37
degrees off the side; a judgement between the two."""
PASSES = 3
"""Times that the legs are chosen anew, each by what the time before made of the other strides."""
MIN_WITNESSES = 3
FOREIGN = 0.2
"""Mean distance of a leg's points, in extents, from where the other strides have them, beyond which it is
somebody else's or nothing's."""
MOST_FOREIGN = 0.35
"""Share of legs so far away beyond which it is the rhythm that does not hold, as while a sprinter
accelerates: then none is blanked."""
GROWS = 1.15
"""Largest over smallest size of the trunk from which a runner recedes or comes nearer: 1.02 to 1.05 on a
treadmill."""
REACH = NEIGHBOURS + AROUND
"""Frames on either side that decide whether a frame asks for a second look."""
_CHOICES = tuple(permutations(range(4), 2))
"""Candidates for the left and the right leg: 0 and 1 as named, 2 and 3 from the second look."""
_LEGS = (LEFT.leg, RIGHT.leg)


def doubtful(xy_px: FloatArray, extent_px: float | None = None) -> NDArray[np.bool_]:
    """Say which frames deserve a second look: the runner is missing, or a leg leaps.

    Parameters
    ----------
    xy_px
        (T, 33, 2) landmarks as the model names them; NaN where unseen.
    extent_px
        How far the legs reach, for a stretch that is too short to say; None to read it from these frames.

    Returns
    -------
    NDArray[np.bool_]
        (T,) True around every frame in which a knee or ankle leaves the way of its neighbours.
    """
    joints = xy_px[:, [LEFT.knee, LEFT.ankle, RIGHT.knee, RIGHT.ankle]]
    padded = np.pad(joints, ((NEIGHBOURS, NEIGHBOURS), (0, 0), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEIGHBOURS + 1, axis=0)
    leap_px = np.linalg.norm(np.median(windows, axis=-1) - joints, axis=-1).max(axis=1)
    legs_px = leg_extent_px(xy_px) if extent_px is None else extent_px
    leaps = np.isnan(leap_px) | (leap_px > DOUBTFUL * legs_px)
    reach = np.ones(2 * AROUND + 1)
    return np.asarray(np.convolve(leaps, reach, mode="same") > 0)


@dataclass(frozen=True, eq=False)
class Looks:
    """What the model said of the legs, in two looks at the same pictures."""

    frame: FloatArray
    """(T,) when each picture was taken, counted in pictures of the clip."""
    first_px: FloatArray
    """(T, 33, 2) landmarks as the model names them; NaN where unseen."""
    second_px: FloatArray
    """(T, 33, 2) landmarks of the second look; NaN where there was none."""

    def part(self, which: slice) -> "Looks":
        """Some of the pictures."""
        return Looks(self.frame[which], self.first_px[which], self.second_px[which])


def at_one_size(looks: Looks, stride_frames: float) -> Looks:
    """The same legs as if the runner had always been as large as in the middle of the clip.

    Who recedes or comes nearer changes in size by what a trunk's length shows over two strides; where that
    is little, nothing is changed.
    """
    trunk = trunk_size(looks.first_px)
    seen = np.isfinite(trunk)
    if seen.sum() < 3 or not stride_frames > 0:
        return looks
    steps = max(1.0, float(np.median(np.diff(looks.frame))))
    reach = 2 * round(stride_frames / steps) + 1
    size = ndimage.median_filter(
        np.interp(looks.frame, looks.frame[seen], trunk[seen]), reach, mode="nearest"
    )
    if size.max() < GROWS * size.min():
        return looks
    hips = (looks.first_px[:, LEFT.hip] + looks.first_px[:, RIGHT.hip]) / 2
    factor = (np.median(size) / size)[:, None, None]
    moved = [(look - hips[:, None]) * factor + hips[:, None] for look in (looks.first_px, looks.second_px)]
    return Looks(looks.frame, *moved)


def trunk_size(xy_px: FloatArray) -> FloatArray:
    """(T,) distance from the middle of the hips to that of the shoulders; NaN where unseen."""
    hips = (xy_px[:, LEFT.hip] + xy_px[:, RIGHT.hip]) / 2
    shoulders = (xy_px[:, LEFT.shoulder] + xy_px[:, RIGHT.shoulder]) / 2
    return np.asarray(np.linalg.norm(shoulders - hips, axis=-1))


@dataclass(frozen=True, eq=False)
class Choice:
    """Which candidate is which leg, in every picture."""

    left: NDArray[np.int_]
    """(T,) 0 for the leg that was named left, 1 for right, 2 and 3 for those of the second look."""
    right: NDArray[np.int_]

    @property
    def mixed_up(self) -> NDArray[np.bool_]:
        """(T,) True where a leg was named wrongly."""
        return np.asarray((self.left % 2 != 0) | (self.right % 2 != 1))


def smoothest(looks: Looks) -> Choice:
    """Choose the legs that accelerate least.

    A picture with an unseen leg point is left as it is, unless the second look saw it.
    """
    return _choose(looks, None)


def steadiest(looks: Looks, stride_frames: float) -> tuple[Choice, NDArray[np.bool_]]:
    """Choose the legs that accelerate least and come back every stride.

    Parameters
    ----------
    stride_frames
        Pictures of the clip in one stride; NaN if unknown, then as :func:`smoothest`.

    Returns
    -------
    choice, foreign
        The choice, and (T, 2) True for a left or right leg that is not where the other strides have it.
    """
    choice = _choose(looks, None)
    foreign = np.zeros((len(looks.frame), 2), dtype=bool)
    if not stride_frames > 0:
        return choice, foreign
    for _ in range(PASSES):
        expected = _expected(looks, choice, stride_frames)
        choice = _choose(looks, expected)
    off = np.linalg.norm(_chosen(looks, choice) - expected, axis=-1).mean(axis=-1)
    astray = np.asarray(off > FOREIGN * leg_extent_px(looks.first_px))
    if astray.sum() > MOST_FOREIGN * np.isfinite(off).sum():
        return _choose(looks, None), foreign
    return choice, astray


def _choose(looks: Looks, expected_px: FloatArray | None) -> Choice:
    count = len(looks.frame)
    left, right = np.zeros(count, dtype=int), np.ones(count, dtype=int)
    candidates = _candidates(looks)
    known = np.asarray(np.isfinite(candidates).all(axis=(2, 3)))
    usable = np.flatnonzero(known[:2].all(axis=0) | known[2:].all(axis=0))
    if len(usable) < 3:
        return Choice(left, right)
    joined = np.ediff1d(usable, to_begin=1) <= LONGEST_GAP
    extent_px = leg_extent_px(looks.first_px)
    own = _own_cost(candidates[:, usable] / extent_px, known[:, usable])
    if expected_px is not None:
        own = own + _strange(candidates[:, usable] / extent_px, expected_px[usable] / extent_px)
    chosen = _smoothest(np.nan_to_num(candidates[:, usable]) / extent_px, own, joined)
    left[usable], right[usable] = np.array(_CHOICES)[chosen].T
    return Choice(left, right)


def _candidates(looks: Looks) -> FloatArray:
    """(4, T, 4, 2) the legs named left and right in the first look, and in the second."""
    return np.stack([look[:, list(leg)] for look in (looks.first_px, looks.second_px) for leg in _LEGS])


def _chosen(looks: Looks, choice: Choice) -> FloatArray:
    """(T, 2, 4, 2) the left and the right leg."""
    candidates, rows = _candidates(looks), np.arange(len(looks.frame))
    return np.stack([candidates[choice.left, rows], candidates[choice.right, rows]], axis=1)


def _expected(looks: Looks, choice: Choice, stride_frames: float) -> FloatArray:
    """(T, 2, 4, 2) where the other strides have each leg; NaN where too few of them were seen."""
    hips = (looks.first_px[:, LEFT.hip] + looks.first_px[:, RIGHT.hip]) / 2
    legs = _chosen(looks, choice) - hips[:, None, None]
    from_hip = legs.reshape(len(hips), 2, -1)
    witnesses = [_at(looks.frame, from_hip, shift * stride_frames) for shift in OWN_STRIDES]
    other = (legs * _onto_the_other(looks.first_px)).reshape(len(hips), 2, -1)[:, ::-1]
    witnesses += [_at(looks.frame, other, shift * stride_frames) for shift in OTHER_STRIDES]
    stacked = np.array(witnesses)
    enough = np.isfinite(stacked).sum(axis=0) >= MIN_WITNESSES
    middle = np.full(from_hip.shape, np.nan)
    middle[enough] = np.nanmedian(stacked[:, enough], axis=0)
    return np.asarray(middle.reshape(len(hips), 2, -1, 2) + hips[:, None, None])


def _onto_the_other(xy_px: FloatArray) -> FloatArray:
    """(2,) factors of x and y, from the hips, that lay one leg on the other as it is half a stride away."""
    shoulders, hips = xy_px[:, [LEFT.shoulder, RIGHT.shoulder]], xy_px[:, [LEFT.hip, RIGHT.hip]]
    across = shoulders[:, 0, 0] - shoulders[:, 1, 0]
    along = np.linalg.norm((shoulders - hips).mean(axis=1), axis=-1)
    seen = np.isfinite(along)
    frontal = seen.any() and abs(np.median(across[seen])) > FRONTAL * np.median(along[seen])
    return np.array([-1.0 if frontal else 1.0, 1.0])


def _at(frame: FloatArray, values: FloatArray, shift_frames: float) -> FloatArray:
    """Values of (T, ...) so many frames later; NaN where unseen."""
    columns = values.reshape(len(frame), -1).T
    there = frame + shift_frames
    read = [np.interp(there, frame, column, left=np.nan, right=np.nan) for column in columns]
    return np.array(read).T.reshape(values.shape)


def _strange(candidates: FloatArray, expected: FloatArray) -> FloatArray:
    """(T, choices) squared distance of the chosen legs from where they are expected."""
    squared = np.square(candidates[:, :, None] - expected[None]).sum(axis=(-2, -1))
    cost = np.minimum(np.nan_to_num(squared), COST_CEILING)
    return np.stack([cost[left, :, 0] + cost[right, :, 1] for left, right in _CHOICES], axis=1)


def take(values: FloatArray, second: FloatArray, choice: Choice) -> FloatArray:
    """Put the chosen legs into a copy of (T, 33, ...) values of the first look."""
    result = values.copy()
    rows = np.arange(len(values))
    candidates = np.stack([look[:, list(leg)] for look in (values, second) for leg in _LEGS])
    for leg, chosen in zip(_LEGS, (choice.left, choice.right), strict=True):
        result[:, list(leg)] = candidates[chosen, rows]
    return result


def without(xy_px: FloatArray, foreign: NDArray[np.bool_]) -> FloatArray:
    """Blank the legs that are not the runner's: (T, 2) left, right."""
    result = xy_px.copy()
    for leg, where in zip(_LEGS, foreign.T, strict=True):
        result[np.ix_(where, list(leg))] = np.nan
    return result


def leg_extent_px(xy_px: FloatArray) -> float:
    """How far the legs reach in the middle of all frames, along the longer axis; 1 if they are never seen."""
    both = xy_px[:, [*LEFT.leg, *RIGHT.leg]]
    seen = both[np.isfinite(both).all(axis=(1, 2))]
    return max(1.0, float(np.median(np.ptp(seen, axis=1).max(axis=-1)))) if len(seen) else 1.0


def _smoothest(points: FloatArray, own: FloatArray, joined: NDArray[np.bool_]) -> NDArray[np.int_]:
    """Viterbi over pairs of choices (previous, current): acceleration needs three frames.

    Frames that are not joined to the one before tell nothing about it: both legs went on unseen.
    """
    left, right = np.array(_CHOICES).T
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
