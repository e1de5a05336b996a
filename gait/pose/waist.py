"""The waistband in the pictures of a track from behind: tape on it, its edge, or that between two clicks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, RIGHT
from gait.pose.posetrack import PoseTrack
from gait.pose.tape import find_tape
from gait.pose.waistband import Edge, Waistline, find_edge, follow_marked
from gait.video.clip import Clip
from gait.video.reader import frames

FloatArray = NDArray[np.float64]
SIDE_TRUNKS, ABOVE_HIPS_TRUNKS = 1.3, 0.2
"""Square that shows the waist, and how far its middle lies above that of the hips."""


@dataclass(frozen=True, eq=False)
class WaistPictures:
    """Pictures of the waist, cut out of a clip."""

    frames: int
    """Of the track."""
    number: NDArray[np.int_]
    """(K,) which of them are shown."""
    corner_px: FloatArray
    """(K, 2) where each lies in the whole picture."""
    waist: Waistline

    def whole(self, points_px: FloatArray) -> FloatArray:
        """(T, 2, 2) points of each picture, (K, 2, 2), in the whole pictures of the track; NaN elsewhere."""
        result = np.full((self.frames, 2, 2), np.nan)
        result[self.number] = points_px + self.corner_px[:, None]
        return result


def waist_pictures(clip: Clip, track: PoseTrack) -> WaistPictures | None:
    """Cut the waist out of every picture in which the hips are seen; None if there are none."""
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
    return WaistPictures(
        len(track.frame), got, corner_px, Waistline(pictures, hips[got] - corner_px, trunk_px)
    )


def waist_tape(cut: WaistPictures) -> FloatArray | None:
    """(T, 2, 2) left and right piece in pixels, NaN where hidden; None if there are none."""
    waist = cut.waist
    found = find_tape(waist.rgb, waist.hips_px, waist.trunk_px)
    return None if found is None else cut.whole(found)


def waist_edge(cut: WaistPictures) -> tuple[FloatArray, Edge]:
    """(T, 2, 2) left and right point of the shorts' upper edge, NaN where hidden, and what it is like."""
    edge = find_edge(cut.waist)
    return cut.whole(edge.line_px), edge


def marked_line(
    clip: Clip, track: PoseTrack, frame: int, left_px: FloatArray, right_px: FloatArray
) -> tuple[FloatArray, Edge]:
    """Snap two clicks on the waistband to its edge and follow it through the clip.

    Parameters
    ----------
    frame
        Number of the clicked frame in the clip.
    left_px, right_px
        (2,) the clicks in the whole picture, best 6 to 8 cm each side of the spine.

    Returns
    -------
    tuple[FloatArray, Edge]
        As of ``waist_edge``.

    Raises
    ------
    ValueError
        If the runner's hips are not known in that frame.
    """
    cut = waist_pictures(clip, track)
    clicked = np.flatnonzero(track.frame[cut.number] == frame) if cut else np.array([])
    if cut is None or len(clicked) == 0:
        raise ValueError(f"the hips are not seen in frame {frame}")
    (picture,) = clicked
    clicks = np.array([left_px, right_px]) - cut.corner_px[picture]
    edge = follow_marked(cut.waist, int(picture), clicks[0], clicks[1])
    return cut.whole(edge.line_px), edge
