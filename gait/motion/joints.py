"""Where the pose model puts a joint, against where the joint is, seen from the side.

Medians over the 22 side clips of the study's fit bodies (docs/accuracy.md), in fractions of the leg: they
are much the same in every stride, and what differs from body to body is in the uncertainty of what hangs
on the joint.
"""

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, LIMBS, RIGHT, Limbs, Side

NEAR_HIP, FAR_HIP = (0.024, -0.015), (0.032, -0.021)
"""Ahead of and above the joint; between bodies -0.1 to 4.6 % ahead, 1.0 % above to 4.0 % below."""
NEAR_SHOULDER, FAR_SHOULDER = (-0.011, 0.030), (0.005, 0.047)
"""The same; -2.6 to -0.3 % ahead and 2.1 to 5.2 % above on the near side."""
ANKLE_SHORT = 0.022
"""The ankle is marked up the shank, 1.0 to 3.4 % short of the joint."""


def at_the_joints(xy: NDArray[np.float64], near: Side) -> NDArray[np.float64]:
    """Move hips, shoulders and ankles of a side view from where the model marks them to the joint.

    Parameters
    ----------
    xy
        (N, 33, 2) in leg lengths, x forward and y up.
    near
        Side of the body that faces the camera.
    """
    moved = xy.copy()
    for side, hip, shoulder in ((near, NEAR_HIP, NEAR_SHOULDER), (near.other, FAR_HIP, FAR_SHOULDER)):
        moved[:, LIMBS[side].hip] -= np.array(hip)
        moved[:, LIMBS[side].shoulder] -= np.array(shoulder)
    for leg in (LEFT, RIGHT):
        moved[:, leg.ankle] += ANKLE_SHORT * down_the_shank(xy, leg)
    return moved


def down_the_shank(xy: NDArray[np.float64], leg: Limbs) -> NDArray[np.float64]:
    """(N, 2) unit vectors from knee to ankle; NaN where unseen."""
    shank = xy[:, leg.ankle] - xy[:, leg.knee]
    length = np.linalg.norm(shank, axis=1, keepdims=True)
    return np.asarray(shank / np.where(length > 0, length, np.nan))
