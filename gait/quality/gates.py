"""What a clip must show to be measured at all."""

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, LIMBS, RIGHT
from gait.errors import NoRunner
from gait.motion.view import Viewpoint
from gait.pose.posetrack import PoseTrack

FEET_UNSEEN_SHARE = 0.3
FEET_OUTSIDE_SHARE = 0.5
"""Share of the frames that show the runner beyond which feet that lie outside are why no rhythm is found."""


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
        raise _feet_outside(share)
    raise NoRunner(
        f"The leg that faces the camera could not be followed in {100 * share:.0f} % of the frames, though "
        "it is in the picture: film again in good light, with nothing between the phone and the legs.",
        id="legs-lost",
    )


def why_no_rhythm(error: NoRunner, track: PoseTrack) -> NoRunner:
    """Say that the feet are out of the picture where that is why no run was seen; else the error itself.

    From behind and in front, where :func:`require_feet` asks nothing, as elbows and hips tell the rhythm too.
    """
    seen = track.visibility.max(axis=1) > 0
    if error.id != NoRunner.id or track.outside is None or not seen.any():
        return error
    share = float(track.outside[seen][:, [LEFT.ankle, RIGHT.ankle]].all(axis=1).mean())
    return _feet_outside(share) if share > FEET_OUTSIDE_SHARE else error


def _feet_outside(share: float) -> NoRunner:
    return NoRunner(
        f"The feet are out of the picture in {100 * share:.0f} % of the frames: film again from "
        "farther away or lower, with the whole body and the belt in view.",
        id="feet-outside",
    )


def _out_of_the_picture(track: PoseTrack, seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a foot, the near one or the one taken for it, lies outside of the picture or at its edge."""
    if track.outside is None:
        return np.zeros(int(seen.sum()), dtype=bool)
    feet = [point for leg in LIMBS.values() for point in (leg.ankle, leg.heel, leg.toe)]
    return np.asarray(track.outside[seen][:, feet].any(axis=1))
