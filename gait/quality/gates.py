"""What a clip must show to be measured at all."""

import numpy as np

from gait.body import LIMBS
from gait.errors import NoRunner
from gait.motion.view import Viewpoint
from gait.pose.posetrack import PoseTrack

FEET_UNSEEN_SHARE = 0.3


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
