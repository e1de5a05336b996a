"""Where the pose model puts a joint, against where the joint is."""

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, RIGHT

HIP_AHEAD_LEGS = 0.030
HIP_ABOVE_LEGS = 0.010
"""BlazePose marks the hip ahead of and above the hip joint when it sees the runner from the side.

Measured on rendered bodies against their joints, in fractions of the leg length: 2.4 to 3.4 % ahead and
0.3 to 2 % above, nearly constant within a runner. The middle is taken off; the rest is in the
uncertainty of what hangs on the hip.
"""


def hips_at_the_joint(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move both hips of a side view from where the model marks them to the joint.

    Parameters
    ----------
    xy
        (N, 33, 2) in leg lengths, x forward and y up.
    """
    moved = xy.copy()
    moved[:, [LEFT.hip, RIGHT.hip]] -= np.array([HIP_AHEAD_LEGS, HIP_ABOVE_LEGS])
    return moved
