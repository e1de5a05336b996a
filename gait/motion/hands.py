"""The coach's way to arm crossover: a wrist and the body's midline, marked in single pictures."""

from dataclasses import dataclass

from gait.body import Side
from gait.motion.pelvis import Point
from gait.motion.signals import FloatArray


@dataclass(frozen=True)
class HandMark:
    """Three marks that somebody set in one picture from the front, where a hand is farthest across."""

    frame: int
    """Number of that picture in the clip."""
    side: Side
    wrist_px: Point
    """Column and row in the whole picture."""
    mid_hip_px: Point
    mid_shoulder_px: Point


@dataclass(frozen=True, eq=False)
class MarkedSwing:
    """One swing of a hand as it was marked, in the body units of :class:`gait.motion.signals.Motion`."""

    mark: HandMark
    wrist: FloatArray
    """(2,) like the next two."""
    mid_hip: FloatArray
    mid_shoulder: FloatArray
