"""The coach's way to arm crossover: a wrist and the midline, marked in a few pictures from the front."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gait.analysis.clip import ClipAnalysis
from gait.body import Side, View
from gait.errors import BadRequest
from gait.motion.hands import HandMark, MarkedSwing
from gait.motion.pelvis import Point
from gait.motion.signals import FloatArray

LEAST_SWINGS = 3
"""Swings of a hand to mark: one alone may be an odd one."""
APART_STRIDES = 0.6
"""Marks of a hand closer together in time than this part of a stride are of one swing."""
NEAR_LEGS = 0.25
"""How far, in leg lengths, a mark on the body may be from where the body was seen: some 20 cm."""
REACH_LEGS = 0.9
"""How far, in leg lengths, a wrist is from the middle of the shoulders at most: a stretched arm."""
IN_FRONT_STRIDES = 0.1
"""Part of the stride before the other foot's landing at which a hand is about at the front: 0 to 0.05 on 14
rendered runners, 0.1 to 0.4 on four real films; somebody looks around it."""
FIELD = "hands"


def with_hand_marks(read: ClipAnalysis, marks: Sequence[HandMark]) -> ClipAnalysis:
    """Read arm crossover off these marks, in place of the wrists that the model saw; off none, as before.

    The hand that nobody marked is read as before.

    Raises
    ------
    BadRequest
        If the clip is not filmed from the front, a hand is marked in fewer than three swings, or marks are
        not on the runner.
    """
    if marks and read.view is not View.FRONT:
        raise _refuse(
            read, "Arm crossover shows only from straight in front: mark the hands in a clip from there."
        )
    swings = tuple(_placed(read, mark) for mark in sorted(marks, key=lambda mark: mark.frame))
    for side in Side:
        _require_swings(read, side, [mark.frame for mark in marks if mark.side is side])
    return replace(read, swings=swings)


def offered_swings(read: ClipAnalysis, count: int = LEAST_SWINGS) -> tuple[tuple[Side, int], ...]:
    """Whose hand to mark, and numbers of pictures near where it is farthest across in front.

    As many pictures of each hand as are wanted and there are, from all over the clip: shortly before the
    other foot lands, which holds of hands that the model does not see too. Empty if the clip is not from the
    front.
    """
    if read.view is not View.FRONT:
        return ()
    frame_s = read.base.capture_s(read.track.pts_s)
    offered: list[tuple[Side, int]] = []
    for side in Side:
        at_s = _in_front_s(read, side)
        chosen = np.unique(np.linspace(0, len(at_s) - 1, min(count, len(at_s))).round().astype(int))
        offered += [(side, int(read.track.frame[np.abs(frame_s - s).argmin()])) for s in at_s[chosen]]
    return tuple(offered)


def likely_hand(read: ClipAnalysis, frame: int, points_px: Sequence[Point]) -> Side | None:
    """Whose hand three points are likely set on: of the arm in front; None if they are not on the runner."""
    side = _hand_in_front(read, frame)
    try:
        _placed(read, hand_mark(read, frame, side, points_px))
    except BadRequest:
        return None
    return side


def _hand_in_front(read: ClipAnalysis, frame: int) -> Side:
    at_s = _nearest_s(read, frame)
    away = {side: float(np.abs(_in_front_s(read, side) - at_s).min(initial=np.inf)) for side in Side}
    return min(away, key=lambda side: away[side])


def hand_mark(read: ClipAnalysis, frame: int, side: Side, points_px: Sequence[Point]) -> HandMark:
    """Three points as an angle is drawn, its corner on the middle of the hips: the ends in either order.

    The end that is nearer to where the shoulders were seen is theirs, the other one is the wrist's.
    """
    one, hips, other = points_px
    at_s = _nearest_s(read, frame)
    seen = read.motion.at(read.motion.mid_shoulder, at_s)
    ends = read.motion.from_picture(np.array([one, other], dtype=float), at_s)
    first_is_wrist = _apart(ends[0], seen) >= _apart(ends[1], seen)
    wrist, shoulders = (one, other) if first_is_wrist else (other, one)
    return HandMark(frame, side, wrist, hips, shoulders)


def _nearest_s(read: ClipAnalysis, frame: int) -> float:
    row = int(np.abs(read.track.frame - frame).argmin())
    return float(read.base.capture_s(read.track.pts_s)[row])


def _in_front_s(read: ClipAnalysis, side: Side) -> FloatArray:
    """(n,) times at which this hand is about at the front of its swing, within what is seen."""
    before_s = IN_FRONT_STRIDES * read.stride_s
    at_s = np.array([c.touchdown_s - before_s for c in read.contacts if c.side is side.other])
    return np.asarray(at_s[at_s >= read.motion.time_s[0]])


def _placed(read: ClipAnalysis, mark: HandMark) -> MarkedSwing:
    at_s = _time_s(read, mark.frame)
    marked_px = np.array([mark.wrist_px, mark.mid_hip_px, mark.mid_shoulder_px], dtype=float)
    wrist, hip, shoulder = read.motion.from_picture(marked_px, at_s)
    for what, here, seen in (
        ("the hips", hip, read.motion.mid_hip),
        ("the shoulders", shoulder, read.motion.mid_shoulder),
    ):
        if _apart(here, read.motion.at(seen, at_s)) > NEAR_LEGS:
            raise _refuse(
                read,
                f"In frame {mark.frame} the mark of the middle of {what} is not on the runner: set the wrist "
                "first, then the middle of the hips, then the middle of the shoulders.",
            )
    if _apart(wrist, shoulder) > REACH_LEGS:
        raise _refuse(
            read, f"In frame {mark.frame} the mark of the wrist is farther away than an arm reaches."
        )
    return MarkedSwing(mark, wrist, hip, shoulder)


def _apart(one: FloatArray, other: FloatArray) -> float:
    """Distance of two points; 0 where one is unknown."""
    return float(np.nan_to_num(np.linalg.norm(one - other)))


def _time_s(read: ClipAnalysis, frame: int) -> float:
    (rows,) = np.nonzero(read.track.frame == frame)
    if len(rows) == 0:
        offered = ", ".join(str(number) for _, number in offered_swings(read))
        raise _refuse(
            read, f"Frame {frame} is none of those that show the runner: mark the frames {offered}."
        )
    return float(read.base.capture_s(read.track.pts_s)[rows[0]])


def _require_swings(read: ClipAnalysis, side: Side, frames: Sequence[int]) -> None:
    if not frames:
        return
    if len(frames) < LEAST_SWINGS:
        others = ", ".join(str(number) for whose, number in offered_swings(read) if whose is side)
        raise _refuse(
            read,
            f"The {side} hand is marked in {len(frames)} of at least {LEAST_SWINGS} swings: mark it in the "
            f"frames {others} or near them.",
        )
    at_s = np.sort([_time_s(read, frame) for frame in frames])
    if np.diff(at_s).min() < APART_STRIDES * read.stride_s:
        raise _refuse(
            read,
            f"Two marks of the {side} hand are of one swing: mark one picture of each, that in which the "
            "hand is farthest across.",
        )


def _refuse(read: ClipAnalysis, text: str) -> BadRequest:
    return BadRequest(text, id="hand-marks", field=FIELD, clip=read.id)
