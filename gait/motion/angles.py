"""Angles of limbs in the picture plane, over time."""

import numpy as np

from gait.body import LIMBS, Side
from gait.motion.signals import FloatArray, Motion


def from_vertical_deg(upper: FloatArray, lower: FloatArray) -> FloatArray:
    """Angle of a segment against the vertical, + when its lower end is ahead.

    Parameters
    ----------
    upper, lower
        (..., 2) ends of the segment, x forward and y up.

    Returns
    -------
    FloatArray
        (...,) degrees; NaN where either end is.

    Examples
    --------
    >>> from_vertical_deg(np.array([0.0, 1.0]), np.array([1.0, 0.0])).round(3)
    np.float64(45.0)
    """
    ahead = lower[..., 0] - upper[..., 0]
    below = upper[..., 1] - lower[..., 1]
    return np.asarray(np.degrees(np.arctan2(ahead, below)))[()]


def shank_deg(motion: Motion, side: Side) -> FloatArray:
    """(N,) shank against the vertical, + when the ankle is ahead of the knee."""
    limbs = LIMBS[side]
    return from_vertical_deg(motion.xy[:, limbs.knee], motion.xy[:, limbs.ankle])


def thigh_deg(motion: Motion, side: Side) -> FloatArray:
    """(N,) thigh against the vertical, + when the knee is ahead of the hip."""
    limbs = LIMBS[side]
    return from_vertical_deg(motion.xy[:, limbs.hip], motion.xy[:, limbs.knee])


def knee_flexion_deg(motion: Motion, side: Side) -> FloatArray:
    """(N,) knee flexion: 0 straight, + bent. It is the thigh's angle less the shank's."""
    return np.asarray(thigh_deg(motion, side) - shank_deg(motion, side))


def lean_deg(motion: Motion) -> FloatArray:
    """(N,) trunk from mid-hip to mid-shoulder against the vertical, + when it leans forward."""
    return -from_vertical_deg(motion.mid_shoulder, motion.mid_hip)


def support_deg(motion: Motion, side: Side) -> FloatArray:
    """(N,) line from this foot's ankle to the middle of the hips against the vertical, + forward."""
    return -from_vertical_deg(motion.mid_hip, motion.xy[:, LIMBS[side].ankle])


def foot_deg(motion: Motion, side: Side) -> FloatArray:
    """(N,) line from heel to toe against the horizontal, + when the toes are up."""
    along = motion.xy[:, LIMBS[side].toe] - motion.xy[:, LIMBS[side].heel]
    return np.asarray(np.degrees(np.arctan2(along[:, 1], along[:, 0])))


def elbow_deg(motion: Motion, side: Side) -> FloatArray:
    """(N,) angle at the elbow between upper arm and forearm, as the picture shows it: 180 is straight."""
    limbs = LIMBS[side]
    upper = motion.xy[:, limbs.shoulder] - motion.xy[:, limbs.elbow]
    fore = motion.xy[:, limbs.wrist] - motion.xy[:, limbs.elbow]
    cross = upper[:, 0] * fore[:, 1] - upper[:, 1] * fore[:, 0]
    return np.asarray(np.degrees(np.arctan2(np.abs(cross), (upper * fore).sum(axis=1))))


def shank_noise_deg(motion: Motion, side: Side) -> FloatArray:
    """(N,) standard deviation of the shank's angle that the scatter of knee and ankle makes."""
    limbs = LIMBS[side]
    length = np.linalg.norm(motion.xy[:, limbs.knee] - motion.xy[:, limbs.ankle], axis=1)
    return np.asarray(np.degrees(np.hypot(*motion.noise[:, [limbs.knee, limbs.ankle]].T) / length))


def knee_noise_deg(motion: Motion, side: Side) -> FloatArray:
    """(N,) standard deviation of the knee's angle: its own scatter turns both limbs, in opposite ways."""
    limbs = LIMBS[side]
    length = np.linalg.norm(motion.xy[:, limbs.hip] - motion.xy[:, limbs.knee], axis=1)
    hip, knee = motion.noise[:, limbs.hip], motion.noise[:, limbs.knee]
    return np.asarray(np.hypot(shank_noise_deg(motion, side), np.degrees((hip + knee) / length)))
