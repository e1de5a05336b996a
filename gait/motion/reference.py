"""The frame of reference that goes with the runner: where the body is in the picture, and how large.

On a belt the runner stays and the belt moves. Past a camera at rest the runner moves and the ground rests;
a camera that pans or is carried moves both, and who recedes or comes nearer changes in size. A step is the
same in all of them if it is seen from a point that goes with the runner, at the runner's own size: there a
planted foot moves backwards as fast as the runner runs.

That point is the middle of the hips without what a stride does to it, its mean over one stride; the size is
that of the trunk, in the same way.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gait.body import LEFT, RIGHT, Landmark
from gait.pose.period import on_even_grid, period

FloatArray = NDArray[np.float64]

TRAVELS_TRUNKS = 0.8
"""Way of the body through the picture, in lengths of its trunk, from which it is more than drifting about
on a belt: 0.00 to 0.04 on bundled clips."""
GROWS = 1.1
"""Change of the body's size in the picture that is more than its readings scatter: 1.01 there."""
STRIDES_FOR_A_MEAN = 2.0
"""Strides below which way and size are taken for straight lines: a mean over one stride leaves little."""


@dataclass(frozen=True, eq=False)
class Reference:
    """Where the runner is in each picture, and how large, against the middle of the clip."""

    shift_px: FloatArray
    """(T, 2) by how much the body has moved, in upright pixels."""
    size: FloatArray
    """(T,) its size over the usual one."""
    about_px: tuple[float, float]
    """Where the body usually is: the size changes about this point."""

    @property
    def travels(self) -> bool:
        """True if the body moves through the picture, or changes in size."""
        return bool(self.shift_px.any() or (self.size != 1).any())

    def seen_from(self, points_px: FloatArray) -> FloatArray:
        """(T, K, 2) the same points as if the body stayed where it usually is, at its usual size."""
        about = np.array(self.about_px)
        still = points_px - self.shift_px[:, None] - about
        return np.asarray(about + still / self.size[:, None, None])

    def in_picture(self, points_px: FloatArray) -> FloatArray:
        """The way back, from points as :meth:`seen_from` gives them to where they are in each picture."""
        about = np.array(self.about_px)
        return np.asarray(about + self.shift_px[:, None] + (points_px - about) * self.size[:, None, None])

    def at(self, frame_s: FloatArray, time_s: FloatArray) -> "Reference":
        """The same at other times."""
        shift = np.column_stack([np.interp(time_s, frame_s, way) for way in self.shift_px.T])
        return Reference(shift, np.interp(time_s, frame_s, self.size), self.about_px)


def staying(count: int) -> Reference:
    """Who stays in place, for so many pictures."""
    return Reference(np.zeros((count, 2)), np.ones(count), (0.0, 0.0))


def reference_of(frame_s: FloatArray, xy_px: FloatArray) -> Reference:
    """Follow the body; who hardly moves and hardly changes in size stays in place.

    Parameters
    ----------
    frame_s
        (T,) times of the pictures.
    xy_px
        (T, 33, 2) landmarks in upright pixels; NaN where unseen.
    """
    hips, shoulders = _middle(xy_px, LEFT.hip, RIGHT.hip), _middle(xy_px, LEFT.shoulder, RIGHT.shoulder)
    trunk = np.linalg.norm(shoulders - hips, axis=1)
    seen = np.isfinite(trunk)
    if seen.sum() < 3:
        return staying(len(frame_s))
    stride_s = 2 * _step_s(frame_s, xy_px)
    slow = [_without_strides(frame_s, values, stride_s) for values in (*hips.T, trunk)]
    usual = float(np.median(trunk[seen]))
    shift = np.column_stack(slow[:2])
    about = np.median(shift, axis=0)
    size = np.maximum(slow[2], 0.1 * usual) / usual
    travels = np.ptp(shift, axis=0).max() > TRAVELS_TRUNKS * usual
    grows = size.max() > GROWS * size.min()
    if not travels and not grows:
        return staying(len(frame_s))
    size = size / np.median(size) if grows else np.ones(len(size))
    return Reference(shift - about, size, (float(about[0]), float(about[1])))


def _middle(xy_px: FloatArray, left: Landmark, right: Landmark) -> FloatArray:
    return np.asarray((xy_px[:, left] + xy_px[:, right]) / 2)


def _step_s(frame_s: FloatArray, xy_px: FloatArray) -> float:
    """Time of a step, by the distance between the ankles; NaN without a rhythm."""
    apart = xy_px[:, LEFT.ankle] - xy_px[:, RIGHT.ankle]
    spread = np.nanstd(apart, axis=0) if np.isfinite(apart).any() else np.zeros(2)
    along = np.abs(apart[:, 0 if spread[0] >= spread[1] else 1])
    return period(on_even_grid(frame_s, along)) * float(np.median(np.diff(frame_s)))


def _without_strides(frame_s: FloatArray, values: FloatArray, stride_s: float) -> FloatArray:
    """(T,) mean over one stride around each picture, carried on straight at both ends.

    Without a rhythm, or below ``STRIDES_FOR_A_MEAN``, the straight line through everything.
    """
    seen = np.isfinite(values)
    span_s = float(frame_s[-1] - frame_s[0])
    if not span_s > STRIDES_FOR_A_MEAN * stride_s:
        return _line(frame_s[seen], values[seen], frame_s)
    gap_s = float(np.median(np.diff(frame_s)))
    grid_s = np.arange(frame_s[0], frame_s[-1] + gap_s / 2, gap_s)
    reach = max(1, round(stride_s / gap_s / 2))
    filled = np.interp(grid_s, frame_s[seen], values[seen])
    mean = ndimage.uniform_filter1d(filled, 2 * reach + 1)
    for end, beside in (
        (slice(0, reach), slice(reach, 2 * reach)),
        (slice(-reach, None), slice(-2 * reach, -reach)),
    ):
        mean[end] = _line(grid_s[beside], mean[beside], grid_s[end])
    return np.asarray(np.interp(frame_s, grid_s, mean))


def _line(known_s: FloatArray, known: FloatArray, at_s: FloatArray) -> FloatArray:
    slope, level = np.polyfit(known_s - known_s[0], known, 1) if len(known) > 1 else (0.0, float(known[0]))
    return np.asarray(level + slope * (at_s - known_s[0]))
