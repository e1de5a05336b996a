"""What the pose stage gives: the people in one picture, and one runner over a clip."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gait.body import COUNT, MIRRORED
from gait.video.footage import Footage
from gait.video.plumb import Plumb


@dataclass(frozen=True, eq=False)
class Person:
    """The landmarks of one body in one picture."""

    xy_px: NDArray[np.float64]
    """(33, 2) pixels of the picture given, y down; may lie outside of it."""
    visibility: NDArray[np.float64]
    """(33,) in [0, 1], as the model reports it."""

    def mirrored(self, width_px: int) -> "Person":
        """The same body, found in the mirrored picture of this width."""
        order = list(MIRRORED)
        return Person(np.array([width_px, 0]) + self.xy_px[order] * (-1, 1), self.visibility[order])

    def moved(self, by_px: tuple[int, int]) -> "Person":
        """The same body, in the pixels of a picture whose corner lies there."""
        return Person(self.xy_px + by_px, self.visibility)


@dataclass(frozen=True, eq=False)
class PoseTrack:
    """One runner's landmarks over a stretch of a clip, in image axes (y grows downward)."""

    frame: NDArray[np.int_]
    """(T,) number of each frame in the clip; repeated and damaged frames are left out."""
    pts_s: NDArray[np.float64]
    """(T,) presentation time of each frame, strictly increasing; where pictures are repeated to reach another
    rate, the time at which the picture would have been shown without that."""
    xy_px: NDArray[np.float64]
    """(T, 33, 2) pixels; NaN where the runner was not found or the point is outside the picture."""
    visibility: NDArray[np.float64]
    """(T, 33) in [0, 1], as the model reports it; 0 where the runner was not found."""
    repaired: NDArray[np.bool_]
    """(T,) True where left and right leg were mixed up and have been put right."""
    size_px: tuple[int, int]
    """Width and height of the picture."""
    footage: Footage
    """What the pictures of this stretch are like."""
    plumb: Plumb | None = None
    """Which way is down, as upright things in the picture show it; None if they do not."""
    outside: NDArray[np.bool_] | None = None
    """(T, 33) True where a point lies outside of the picture or at its edge; None if that is not known."""
    quarters: int = 0
    """Quarter turns clockwise by which the clip had to be turned for the runner to stand upright."""
    left_out: tuple[str, ...] = ()
    """Why part of the shot was not used: ``pace`` (another pace) or ``feet`` (feet out of the picture)."""

    def __post_init__(self) -> None:
        count = len(self.pts_s)
        for name, expected in (
            ("xy_px", (count, COUNT, 2)),
            ("visibility", (count, COUNT)),
            ("repaired", (count,)),
            ("frame", (count,)),
        ):
            found = getattr(self, name).shape
            if found != expected:
                raise ValueError(f"{name} must have shape {expected}, got {found}")
        if self.outside is not None and self.outside.shape != (count, COUNT):
            raise ValueError(f"outside must have shape {(count, COUNT)}, got {self.outside.shape}")
        if not np.all(np.diff(self.pts_s) > 0):
            raise ValueError("pts_s must be strictly increasing")

    def part(self, which: slice, why: str) -> "PoseTrack":
        """Some of the frames, and why the others are left out."""
        return replace(
            self,
            frame=self.frame[which],
            pts_s=self.pts_s[which],
            xy_px=self.xy_px[which],
            visibility=self.visibility[which],
            repaired=self.repaired[which],
            outside=None if self.outside is None else self.outside[which],
            left_out=(*self.left_out, why),
        )

    def renamed(self) -> "PoseTrack":
        """The same track with left and right exchanged: a mirrored film shows the other side."""
        order = list(MIRRORED)
        return replace(
            self,
            xy_px=self.xy_px[:, order],
            visibility=self.visibility[:, order],
            outside=None if self.outside is None else self.outside[:, order],
        )
