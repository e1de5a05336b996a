"""From which side the camera sees the runner, and where the runner runs to."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, RIGHT, Facing, Landmark, Side, View
from gait.errors import NoRunner
from gait.pose.posetrack import PoseTrack

SHOULDERS_OVER_TRUNK = 0.75
"""Shoulder width over mid-hip to mid-shoulder length of an adult seen from behind, in BlazePose points."""
SHOULDERS_SQUARE_DEG = 2.9
"""Turn to the front that the shoulders of a runner seen exactly from the side seem to have, on the study's
fit bodies; what is left of the yaw's error scatters by 2 degrees."""
LOST = (
    "People are in the picture, but none of them could be followed: the runner is too small, one of many, or "
    "seen for too short. Film one runner who fills at least half of the picture's height."
)
SIDE_BELOW_DEG = 35.0
FRONTAL_ABOVE_DEG = 55.0


@dataclass(frozen=True)
class Viewpoint:
    """How the camera stands to the runner."""

    view: View
    facing: Facing
    turn_deg: float
    """0 for an exact side view, 90 for an exact view from behind or in front."""

    @property
    def oblique(self) -> bool:
        """True if the view is neither from the side nor from behind or in front."""
        return SIDE_BELOW_DEG < self.turn_deg < FRONTAL_ABOVE_DEG

    @property
    def near(self) -> Side | None:
        """The side of the body that faces the camera; None from behind and in front."""
        return Side(self.view.value) if self.view.sagittal else None

    def mirrored(self) -> "Viewpoint":
        """The same view of a film that shows left and right exchanged."""
        return replace(self, view=View(self.near.other.value)) if self.near else self

    @property
    def forward_sign(self) -> int:
        """+1 if Motion's x axis points to the right of the picture, -1 if to the left."""
        return 1 if self.facing in (Facing.RIGHT, Facing.AWAY) else -1


def viewpoint(track: PoseTrack) -> Viewpoint:
    """Judge the view from the width of the shoulders and the direction of the feet and face.

    The shoulders' signed width is averaged over the strides, so that their swing cancels.

    Raises
    ------
    NoRunner
        If the runner was lost in every picture, or shoulders and hips are never in the picture together.
    """
    if not track.visibility.any():
        raise NoRunner(LOST, id="lost")
    xy = track.xy_px
    mid_shoulder = (xy[:, LEFT.shoulder] + xy[:, RIGHT.shoulder]) / 2
    mid_hip = (xy[:, LEFT.hip] + xy[:, RIGHT.hip]) / 2
    trunk = _median(np.hypot(*(mid_shoulder - mid_hip).T))
    if np.isnan(trunk):
        raise NoRunner(
            "Shoulders and hips are never in the picture together: film from farther away, with the "
            "whole body in view."
        )
    shoulders = _median(xy[:, RIGHT.shoulder, 0] - xy[:, LEFT.shoulder, 0])
    width = float(np.clip(shoulders / (SHOULDERS_OVER_TRUNK * trunk), -1, 1))
    to_back_deg = float(np.degrees(np.arcsin(width)))
    turn_deg = abs(to_back_deg)
    if turn_deg > (SIDE_BELOW_DEG + FRONTAL_ABOVE_DEG) / 2:
        if shoulders > 0:
            return Viewpoint(View.REAR, Facing.AWAY, turn_deg)
        return Viewpoint(View.FRONT, Facing.TOWARD, turn_deg)
    yaw_deg = abs(to_back_deg + SHOULDERS_SQUARE_DEG)
    if _points_right(xy):
        return Viewpoint(View.RIGHT, Facing.RIGHT, yaw_deg)
    return Viewpoint(View.LEFT, Facing.LEFT, yaw_deg)


def _points_right(xy: NDArray[np.float64]) -> bool:
    feet = [xy[:, leg.toe, 0] - xy[:, leg.heel, 0] for leg in (LEFT, RIGHT)]
    face = xy[:, Landmark.NOSE, 0] - (xy[:, Landmark.LEFT_EAR, 0] + xy[:, Landmark.RIGHT_EAR, 0]) / 2
    return float(np.nansum([_median(part) for part in (*feet, face)])) > 0


def _median(values: NDArray[np.float64]) -> float:
    """Median of what was seen; NaN if nothing was."""
    seen = values[np.isfinite(values)]
    return float(np.median(seen)) if len(seen) else float("nan")
