"""Where two pieces of tape on the waistband are, in the pictures of a track from behind."""

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, RIGHT
from gait.pose.posetrack import PoseTrack
from gait.pose.tape import find_tape
from gait.video.clip import Clip
from gait.video.reader import frames

SIDE_TRUNKS, ABOVE_HIPS_TRUNKS = 1.3, 0.2
"""Square in which the tape is looked for, and how far its middle lies above that of the hips."""


def waist_tape(clip: Clip, track: PoseTrack) -> NDArray[np.float64] | None:
    """(T, 2, 2) left and right piece in pixels, NaN where hidden; None if there are none."""
    xy = track.xy_px
    hips = (xy[:, LEFT.hip] + xy[:, RIGHT.hip]) / 2
    shoulders = (xy[:, LEFT.shoulder] + xy[:, RIGHT.shoulder]) / 2
    seen = np.flatnonzero(np.isfinite(hips).all(axis=1))
    if len(seen) == 0:
        return None
    trunk_px = float(np.nanmedian(np.linalg.norm(shoulders - hips, axis=1)))
    side = round(SIDE_TRUNKS * trunk_px)
    corners = np.round(hips[seen] - (side / 2, side / 2 + ABOVE_HIPS_TRUNKS * trunk_px)).astype(int)
    squares = np.column_stack([corners, np.full(len(seen), side)])
    crops = {frame.index: frame for frame in frames(clip, track.frame[seen], squares)}
    got = np.array([k for k in seen if track.frame[k] in crops])
    corner_px = np.array([crops[track.frame[k]].corner_px for k in got], dtype=float).reshape(-1, 2)
    pictures = [crops[track.frame[k]].rgb for k in got]
    found = find_tape(pictures, hips[got] - corner_px, trunk_px)
    if found is None:
        return None
    tape_px = np.full((len(track.frame), 2, 2), np.nan)
    tape_px[got] = found + corner_px[:, None]
    return tape_px
