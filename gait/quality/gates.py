"""What a clip must show to be measured at all."""

import numpy as np

from gait.body import LIMBS
from gait.errors import NoRunner, WrongView
from gait.motion.view import Viewpoint
from gait.pose.posetrack import PoseTrack

FEET_UNSEEN_SHARE = 0.3


def require_side_view(viewpoint: Viewpoint) -> None:
    """Refuse a clip that cannot serve as the side view.

    Raises
    ------
    WrongView
        If the camera stood behind, in front, or halfway round.
    """
    if viewpoint.oblique or not viewpoint.view.sagittal:
        seen = "at a slant" if viewpoint.oblique else f"from the {viewpoint.view}"
        raise WrongView(
            f"This clip shows the runner {seen}; the main clip must be from the side: put the phone "
            "level with the hip, square to the treadmill, 3 to 5 metres away. A clip from behind goes "
            "with it as the second one (--rear)."
        )


def require_rear_view(viewpoint: Viewpoint) -> None:
    """Refuse a clip that cannot serve as the view from behind or in front.

    Raises
    ------
    WrongView
        If the camera stood at the side or halfway round.
    """
    if viewpoint.oblique or viewpoint.view.sagittal:
        raise WrongView(
            "The second clip (--rear) must be filmed from straight behind or in front of the runner, "
            "and this one is not: put the phone on the treadmill's middle line, at hip height."
        )


def require_feet(track: PoseTrack, viewpoint: Viewpoint) -> None:
    """Refuse a clip in which the near foot is out of the picture.

    Raises
    ------
    NoRunner
        If the ankle, heel or toe is missing in too many of the frames that show the runner.
    """
    side = viewpoint.near
    if side is None:
        return
    limbs = LIMBS[side]
    seen = track.visibility.max(axis=1) > 0
    foot = track.xy_px[seen][:, [limbs.ankle, limbs.heel, limbs.toe]]
    unseen = float(np.isnan(foot).any(axis=(1, 2)).mean())
    if unseen > FEET_UNSEEN_SHARE:
        raise NoRunner(
            f"The feet are out of the picture in {100 * unseen:.0f} % of the frames: film again from "
            "farther away or lower, with the whole body and the belt in view."
        )
