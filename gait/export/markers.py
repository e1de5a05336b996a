"""One clip's landmarks as other programs take markers: named, in metres or pixels, evenly spaced in time."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gait.analysis import ClipAnalysis
from gait.body import LIMBS, Landmark
from gait.motion.contact import Contact
from gait.motion.signals import FloatArray, Motion, resample

NAMES = {
    "Nose": Landmark.NOSE,
    "LEye": Landmark.LEFT_EYE,
    "REye": Landmark.RIGHT_EYE,
    "LShoulder": Landmark.LEFT_SHOULDER,
    "RShoulder": Landmark.RIGHT_SHOULDER,
    "LElbow": Landmark.LEFT_ELBOW,
    "RElbow": Landmark.RIGHT_ELBOW,
    "LWrist": Landmark.LEFT_WRIST,
    "RWrist": Landmark.RIGHT_WRIST,
    "LHip": Landmark.LEFT_HIP,
    "RHip": Landmark.RIGHT_HIP,
    "LKnee": Landmark.LEFT_KNEE,
    "RKnee": Landmark.RIGHT_KNEE,
    "LAnkle": Landmark.LEFT_ANKLE,
    "RAnkle": Landmark.RIGHT_ANKLE,
    "LBigToe": Landmark.LEFT_TOE,
    "LHeel": Landmark.LEFT_HEEL,
    "RBigToe": Landmark.RIGHT_TOE,
    "RHeel": Landmark.RIGHT_HEEL,
    "RThumb": Landmark.RIGHT_THUMB,
    "RPinky": Landmark.RIGHT_PINKY,
    "RIndex": Landmark.RIGHT_INDEX,
    "LThumb": Landmark.LEFT_THUMB,
    "LPinky": Landmark.LEFT_PINKY,
    "LIndex": Landmark.LEFT_INDEX,
}
"""By the names of the OpenSim markers that Pose2Sim and Sports2D have for BlazePose."""
FLAT_S = 0.15
"""How long after a touchdown the foot surely touches the ground, where the toe-off is unknown."""
ON_A_FRAME = 1e-6
"""Part of a frame by which a time may be off and still be that frame's."""


@dataclass(frozen=True, eq=False)
class Markers:
    """Points of one clip on an even grid: row ``k`` is at capture time ``(first + k) / rate_hz``."""

    names: tuple[str, ...]
    first: int
    rate_hz: float
    place: FloatArray
    """(N, M, 3); in metres x forward, y up, z to the runner's right; in pixels x right, y down, z 0."""
    confidence: FloatArray
    """(N, M) in [0, 1], what the pose model reports."""
    unit: Literal["m", "px"]
    contacts: tuple[Contact, ...]

    def __post_init__(self) -> None:
        rows, points = len(self.place), len(self.names)
        for name, expected in (("place", (rows, points, 3)), ("confidence", (rows, points))):
            if (found := getattr(self, name).shape) != expected:
                raise ValueError(f"{name} must have shape {expected}, got {found}")

    @property
    def time_s(self) -> FloatArray:
        """(N,) capture time of each row since the clip's first frame."""
        return (self.first + np.arange(len(self.place))) / self.rate_hz


def in_metres(read: ClipAnalysis, leg_m: float) -> Markers:
    """Return the movement that everything is measured on: filtered, joints put right, the phone's roll off.

    One camera sees two axes; the third is 0. The ground is at y = 0, the middle of the hips on average at 0
    forward (or sideways).

    Parameters
    ----------
    leg_m
        Length of the runner's thigh plus shank.
    """
    motion = read.motion
    first, time_s = _grid(float(motion.time_s[0]), float(motion.time_s[-1]), read.base.capture_fps)
    seen = motion.at(motion.xy.reshape(len(motion.xy), -1), time_s).T.reshape(len(time_s), -1, 2)
    seen = leg_m * (seen[:, list(NAMES.values())] - _origin(read))
    place = np.zeros((*seen.shape[:2], 3))
    place[..., 1] = seen[..., 1]
    across, unseen = (0, 2) if read.view.sagittal else (2, 0)
    place[..., across] = seen[..., 0]
    place[..., unseen] = np.where(np.isfinite(seen[..., 0]), 0.0, np.nan)
    confidence = motion.at(motion.visibility[:, list(NAMES.values())], time_s).T
    return Markers(tuple(NAMES), first, read.base.capture_fps, place, confidence, "m", read.contacts)


def in_pixels(read: ClipAnalysis) -> Markers:
    """Return what the pose model marked in the pictures, unfiltered; short gaps bridged, longer ones open."""
    track = read.track
    frame_s = read.base.capture_s(track.pts_s)
    first, time_s = _grid(float(frame_s[0]), float(frame_s[-1]), read.base.capture_fps)
    wanted = list(NAMES.values())
    columns = track.xy_px[:, wanted].reshape(len(frame_s), -1).T
    flat = np.array([resample(frame_s, column, time_s) for column in columns]).T.reshape(len(time_s), -1, 2)
    place = np.concatenate([flat, np.where(np.isfinite(flat[..., :1]), 0.0, np.nan)], axis=-1)
    confidence = np.array([np.interp(time_s, frame_s, seen) for seen in track.visibility[:, wanted].T]).T
    return Markers(tuple(NAMES), first, read.base.capture_fps, place, confidence, "px", read.contacts)


def _grid(start_s: float, stop_s: float, rate_hz: float) -> tuple[int, FloatArray]:
    """Number of the first row, and the times of all that lie between."""
    first = int(np.ceil(start_s * rate_hz - ON_A_FRAME))
    last = int(np.floor(stop_s * rate_hz + ON_A_FRAME))
    return first, np.clip(np.arange(first, last + 1) / rate_hz, start_s, stop_s)


def _origin(read: ClipAnalysis) -> FloatArray:
    """(2,) where the middle of the hips is on average, on the ground, in leg lengths."""
    motion = read.motion
    low = [_lowest(motion, contact) for contact in read.contacts]
    known = [height for height in low if np.isfinite(height)] or [float(np.nanmin(motion.xy[..., 1]))]
    return np.array([float(np.nanmedian(motion.mid_hip[:, 0])), float(np.median(known))])


def _lowest(motion: Motion, contact: Contact) -> float:
    """Height of heel or toes, whichever is lower, while this foot is on the ground; NaN if unseen."""
    end_s = contact.toe_off_s if np.isfinite(contact.toe_off_s) else contact.touchdown_s + FLAT_S
    limbs = LIMBS[contact.side]
    on = (motion.time_s >= contact.touchdown_s) & (motion.time_s < end_s)
    heights = motion.xy[on][:, [limbs.heel, limbs.toe], 1]
    return float(np.nanmin(heights)) if np.isfinite(heights).any() else np.nan
