"""The coach's way to hip drop: two marks on the waistband of one picture, followed through the clip."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gait.analysis.clip import ClipAnalysis
from gait.body import LEFT, RIGHT, Landmark, View
from gait.errors import BadRequest
from gait.metrics.frontal import stances
from gait.motion.pelvis import HipMarks, Waist, line_against_level_deg, pelvis_line_deg
from gait.motion.signals import FloatArray
from gait.pose.waist import marked_line

CLOSEST_TRUNKS = 0.16
"""Marks closer together, some 8 cm, let a pixel turn the line by a degree."""
HAND_ON_TRUNKS, HAND_FREE_TRUNKS = 0.06, 0.1
"""Wrists and fingers nearer to the line, some 3 cm, may cover it; 5 cm away they do not. Judgements."""
NEAR_STRIDES = 0.08
"""Part of the stride around mid-stance in which a picture is offered."""
BAND_TRUNKS = ((-0.14, -0.2), (0.14, -0.2))
"""About where the marks go, from the middle of the hips."""
HANDS = (
    *(Landmark.LEFT_WRIST, Landmark.LEFT_PINKY, Landmark.LEFT_INDEX, Landmark.LEFT_THUMB),
    *(Landmark.RIGHT_WRIST, Landmark.RIGHT_PINKY, Landmark.RIGHT_INDEX, Landmark.RIGHT_THUMB),
)
FIELD = "hips"


def with_hip_marks(read: ClipAnalysis, marks: HipMarks) -> ClipAnalysis:
    """Follow the line between two marks, in place of the edge that was found by itself.

    The marks are drawn to the edge of the cloth first. The drop that is measured is that of the marked line,
    not of the bone below it. Reads the clip's pictures of the waist again, about a second of work.

    Raises
    ------
    BadRequest
        If the clip is not filmed from behind, the hips are not seen in that picture, or the marks are too
        close together.
    UnreadableClip
        If the clip is not there any more.
    """
    if read.view is not View.REAR:
        raise _refuse(read, "Hip drop shows only from straight behind: set the marks in a clip from there.")
    apart_px = float(np.linalg.norm(np.diff(marks.line_px, axis=0)))
    if apart_px < CLOSEST_TRUNKS * _trunk_px(read):
        raise _refuse(
            read,
            "The two marks on the waistband are too close together: set them 6 to 8 cm to the left and to "
            "the right of the spine.",
        )
    if _hand_on(read, marks):
        raise _refuse(
            read,
            f"A hand is at the waistband in frame {marks.frame}: mark one of the frames "
            f"{_listed(offered_frames(read))}, or another in which the hands are away from it.",
        )
    try:
        line_px, edge = marked_line(read.clip, read.track, marks.frame, *marks.line_px)
    except ValueError:
        raise _refuse(
            read,
            f"The hips are not seen in frame {marks.frame}: mark the waistband in one of the frames "
            f"{_listed(offered_frames(read))}.",
        ) from None
    standing = marks.standing_line_px
    zero_deg = 0.0 if standing is None else float(line_against_level_deg(standing[None], read.motion)[0])
    line_deg = pelvis_line_deg(line_px, read.track, read.base, read.motion)
    return replace(read, waist=Waist(line_deg, "marked", edge.flaw, zero_deg, marks))


def offered_frames(read: ClipAnalysis, count: int = 3) -> tuple[int, ...]:
    """Numbers of pictures near mid-stance to set the marks in, with the hands farthest from the band first.

    Empty if the clip is not from behind, or a hand is at the band in every stance.
    """
    if read.view is not View.REAR:
        return ()
    frame_s = read.base.capture_s(read.track.pts_s)
    near_s = NEAR_STRIDES * read.stride_s
    free: dict[int, float] = {}
    for _, at_s in stances(read.run(None)):
        rows = np.flatnonzero(np.abs(frame_s - at_s) < near_s)
        away = {int(row): _hands_away(read, int(row), _band_px(read, int(row))) for row in rows}
        best = max(away, key=lambda row: away[row], default=None)
        if best is not None and away[best] > HAND_FREE_TRUNKS:
            free[best] = away[best]
    return tuple(int(read.track.frame[row]) for row in sorted(free, key=lambda row: -free[row])[:count])


def _band_px(read: ClipAnalysis, row: int) -> FloatArray:
    """(2, 2) about where the marks go."""
    xy = read.track.xy_px[row]
    trunk_px = _trunk_px(read)
    return np.asarray((xy[LEFT.hip] + xy[RIGHT.hip]) / 2 + trunk_px * np.array(BAND_TRUNKS))


def _hands_away(read: ClipAnalysis, row: int, line_px: FloatArray) -> float:
    """How far the nearest part of a hand is from a line, in trunk lengths; 0 where that is not known."""
    hands = read.track.xy_px[row][list(HANDS)]
    hands = hands[np.isfinite(hands).all(axis=1)]
    if len(hands) == 0 or not np.isfinite(line_px).all():
        return 0.0
    start, along = line_px[0], line_px[1] - line_px[0]
    share = np.clip((hands - start) @ along / (along @ along), 0, 1)
    return float(np.linalg.norm(hands - start - share[:, None] * along, axis=1).min() / _trunk_px(read))


def _hand_on(read: ClipAnalysis, marks: HipMarks) -> bool:
    """True if a hand is so near to the marked line that it may cover it."""
    rows = np.flatnonzero(read.track.frame == marks.frame)
    return any(_hands_away(read, int(row), marks.line_px) < HAND_ON_TRUNKS for row in rows)


def _trunk_px(read: ClipAnalysis) -> float:
    xy = read.track.xy_px
    hips, shoulders = (
        (xy[:, a] + xy[:, b]) / 2 for a, b in ((LEFT.hip, RIGHT.hip), (LEFT.shoulder, RIGHT.shoulder))
    )
    return float(np.nanmedian(np.linalg.norm(shoulders - hips, axis=1)))


def _refuse(read: ClipAnalysis, text: str) -> BadRequest:
    return BadRequest(text, id="hip-marks", field=FIELD, clip=read.id)


def _listed(frames: Sequence[int]) -> str:
    return ", ".join(map(str, frames)) or "that show the runner from head to foot"
