"""The pelvis seen from behind: which leg carries it, and how it is tilted."""

import numpy as np
from scipy import signal

from gait.body import LIMBS, Side
from gait.motion.signals import RATE_HZ, FloatArray, Motion, low_pass, resample
from gait.pose.posetrack import PoseTrack
from gait.video.timebase import TimeBase


def mid_stances(motion: Motion, stride_s: float) -> tuple[tuple[Side, float], ...]:
    """Side that carries the body and time (counted as in ``motion.time_s``) of each lowest point of the hips.

    A runner's hips are lowest in mid-stance; the foot that is lower then stands.
    """
    height = motion.mid_hip[:, 1]
    known = np.where(np.isfinite(height), height, np.inf)
    lowest, _ = signal.find_peaks(-known, distance=max(1, round(0.35 * stride_s * RATE_HZ)))
    left, right = (motion.xy[lowest, LIMBS[side].ankle, 1] for side in Side)
    sides = np.where(left < right, Side.LEFT, Side.RIGHT)
    told = np.isfinite(left) & np.isfinite(right)
    return tuple(
        (Side(side), float(motion.time_s[k])) for side, k, ok in zip(sides, lowest, told, strict=True) if ok
    )


def pelvis_line_deg(tape_px: FloatArray, track: PoseTrack, base: TimeBase, motion: Motion) -> FloatArray:
    """(N,) line through two pieces of tape against level, + when the runner's right is higher.

    The phone's roll is taken off. NaN where a piece is hidden for too long.

    Parameters
    ----------
    tape_px
        (T, 2, 2) left and right piece in the picture.
    """
    across, down = (tape_px[:, 1] - tape_px[:, 0]).T
    in_picture = -np.degrees(np.arctan2(down, across)) + motion.roll.deg
    line_deg = motion.viewpoint.forward_sign * in_picture
    return low_pass(resample(base.capture_s(track.pts_s), line_deg, motion.time_s))
