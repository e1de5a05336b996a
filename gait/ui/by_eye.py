"""What only an eye can find: the line of a waistband from behind, a hand in front of the body."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from gait import plain
from gait.analysis import hand_mark, likely_hand, offered_frames, offered_swings
from gait.analysis.hands import LEAST_SWINGS
from gait.body import Side, View
from gait.errors import GaitError
from gait.metrics.catalogue import CROSSOVER
from gait.metrics.frontal import SAID_DEG
from gait.metrics.hands import HANDS_MEAN_PCT
from gait.motion.contact import MIN_STEPS
from gait.motion.hands import HandMark
from gait.motion.pelvis import HipMarks
from gait.store.domain import Runner
from gait.ui.decision import run_again
from gait.ui.desk import Desk
from gait.ui.player.state import Mark, MarkKind

HOW_TO_MARK_HIPS = (
    "Go to a picture in the middle of a step in which no hand is on the waistband. Choose Line in the player "
    "and draw along the upper edge of the waistband, from about 7 cm left of the spine to 7 cm right of it. "
    "The line snaps to the edge and is followed through the whole film."
)
WHAT_A_LINE_IS = (
    f"The tilt is known to ± {2 * SAID_DEG['marked'][1]:.0f}° for this line, not for the bone below it."
)
HOW_TO_MARK_HANDS = (
    "Go to a picture, and step to the one in which that hand is farthest across in front of the body. Choose "
    "Angle in the player and tap three points: the wrist, the middle of the hips, the middle of the "
    f"shoulders. Do that in {LEAST_SWINGS} swings of each hand."
)
WHAT_HANDS_ARE = (
    f"The mean of both hands is known to ± {2 * HANDS_MEAN_PCT:.0f} % of the shoulder width, each hand to "
    f"± {2 * CROSSOVER.systematic:.0f}, as a phone that stands a little aside moves one hand out and the "
    f"other in. For a verdict mark {MIN_STEPS} swings."
)
WHOSE = {"Left hand": Side.LEFT, "Right hand": Side.RIGHT, "No hand": None}


@dataclass(frozen=True, eq=False)
class Table:
    """A day on the table, with one clip of it in the player."""

    desk: Desk
    id: str
    folder: Path
    runner: Runner


def by_eye(on: Table) -> None:
    """The tool for the view of the clip in the player, if there is one."""
    view = on.desk.sheets[on.id].found.view
    if view is View.REAR:
        _hips(on)
    elif view is View.FRONT:
        _hands(on)


def go(on: Table, clip: str, frame: int) -> None:
    """Open the player anew at a frame, of another clip if need be."""
    on.desk.mount, on.desk.clip, on.desk.frame = on.desk.mount + 1, clip, frame
    if clip == on.id:
        run_again()
    st.rerun()


def _hips(on: Table) -> None:
    """The coach's way to hip drop: a line on the waistband, drawn in one picture and followed."""
    sheet = on.desk.sheets[on.id]
    with st.expander("Hip drop from a line that you draw", expanded=sheet.hips is not None):
        st.write(HOW_TO_MARK_HIPS)
        for column, frame in zip(st.columns(3), offered_frames(sheet.now), strict=False):
            if column.button(f"Go to picture {frame}", key=f"hips_at_{frame}", width="stretch"):
                go(on, on.id, frame)
        line = next((mark for mark in reversed(sheet.marks) if mark.kind is MarkKind.LINE), None)
        if line is not None and st.button(f"Follow the line in picture {line.frame}", key="hips_follow"):
            one, other = line.points[0], line.points[-1]
            marks = HipMarks(line.frame, one, other)
            with st.spinner("The waistband is followed through the film."):
                _read(lambda: on.desk.mark_hips(on.id, marks))
        if sheet.hips is not None:
            st.caption(f"Followed from picture {sheet.hips.frame}. {WHAT_A_LINE_IS}")
            if st.button("Look for the edge again", key="hips_edge"):
                _read(lambda: on.desk.mark_hips(on.id, None))


def _hands(on: Table) -> None:
    """The coach's way to arm crossover: a wrist and the midline, marked in a few pictures."""
    sheet = on.desk.sheets[on.id]
    angles = [mark for mark in sheet.marks if mark.kind is MarkKind.ANGLE]
    with st.expander("Arm crossing from points that you set", expanded=bool(angles or sheet.hands)):
        st.write(HOW_TO_MARK_HANDS)
        for whose, side in WHOSE.items():
            frames = [frame for of, frame in offered_swings(sheet.now) if of is side]
            for column, frame in zip(st.columns(LEAST_SWINGS), frames, strict=False):
                if column.button(f"{whose}, picture {frame}", key=f"hands_at_{frame}", width="stretch"):
                    go(on, on.id, frame)
        marks = [mark for k, angle in enumerate(angles) if (mark := _hand_of(on, angle, k)) is not None]
        if marks and st.button("Read these hands", key="hands_read"):
            _read(lambda: on.desk.mark_hands(on.id, marks))
        if sheet.hands:
            st.caption(f"Read from pictures {_listed(sheet.hands)}. {WHAT_HANDS_ARE}")
            if st.button("Read the hands without marks again", key="hands_unmark"):
                _read(lambda: on.desk.mark_hands(on.id, ()))


def _hand_of(on: Table, angle: Mark, place: int) -> HandMark | None:
    """Ask whose hand an angle was set on; None if on none."""
    sheet = on.desk.sheets[on.id]
    kept = {mark.frame: mark.side for mark in sheet.hands}
    guess = kept.get(angle.frame, likely_hand(sheet.now, angle.frame, angle.points))
    said = st.radio(
        f"The angle in picture {angle.frame} is of",
        list(WHOSE),
        list(WHOSE.values()).index(guess),
        horizontal=True,
        key=f"hand_{on.desk.mount}_{place}_{angle.frame}",
    )
    side = WHOSE[said]
    return None if side is None else hand_mark(sheet.now, angle.frame, side, angle.points)


def _listed(marks: tuple[HandMark, ...]) -> str:
    return ", ".join(str(mark.frame) for mark in marks)


def _read(change: Callable[[], None]) -> None:
    """Do what was asked for and show what follows; else one sentence, and all stays as it is."""
    try:
        change()
    except GaitError as error:
        st.warning(plain.markdown(str(error)))
        return
    run_again()
