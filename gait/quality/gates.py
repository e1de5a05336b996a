"""What a clip must show to be measured at all."""

import numpy as np
from numpy.typing import NDArray

from gait.body import LIMBS
from gait.errors import NoRunner
from gait.motion.view import Viewpoint
from gait.pose.posetrack import PoseTrack

FEET_UNSEEN_SHARE = 0.3


def require_feet(track: PoseTrack, viewpoint: Viewpoint) -> None:
    """Refuse a clip in which the near foot is out of the picture, or cannot be followed.

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
    unseen = np.isnan(foot).any(axis=(1, 2))
    share = float(unseen.mean()) if len(unseen) else 0.0
    if share <= FEET_UNSEEN_SHARE:
        return
    if _out_of_the_picture(track, seen)[unseen].mean() >= 0.5:
        raise NoRunner(
            f"The feet are out of the picture in {100 * share:.0f} % of the frames: film again from "
            "farther away or lower, with the whole body and the belt in view.",
            id="feet-outside",
        )
    raise NoRunner(
        f"The leg that faces the camera could not be followed in {100 * share:.0f} % of the frames, though "
        "it is in the picture: film again in good light, with nothing between the phone and the legs.",
        id="legs-lost",
    )


def _out_of_the_picture(track: PoseTrack, seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a foot, the near one or the one taken for it, lies outside of the picture or at its edge."""
    if track.outside is None:
        return np.zeros(int(seen.sum()), dtype=bool)
    feet = [point for leg in LIMBS.values() for point in (leg.ankle, leg.heel, leg.toe)]
    return np.asarray(track.outside[seen][:, feet].any(axis=1))
