"""One day on the table: the player, what corrections change, notes, the cue."""

import streamlit as st

from gait import plain
from gait.body import JOINTS
from gait.errors import GaitError
from gait.months.keep import as_advised, told_of
from gait.record import Record, to_json
from gait.store import annotations, assessments
from gait.store.domain import Note
from gait.ui.by_eye import Table, by_eye, go
from gait.ui.decision import MOMENT, MOST_LETTERS, cue_id_of, decision, guarded, run_again
from gait.ui.desk import Desk
from gait.ui.handout import take_home
from gait.ui.house import actor, store
from gait.ui.pinned import keep_marks, note_at
from gait.ui.player.component import Look, Reel, player
from gait.ui.player.state import Mark, MarkKind
from gait.ui.result import advice

ANYWHERE = "no joint"


@st.fragment
def clip(on: Table) -> None:
    """The player, and everything that follows from what is done in it.

    A tool for one view, such as clicks that set the hip line of a clip from behind, stands between the
    player and the numbers.
    """
    desk, sheet = on.desk, on.desk.sheets[on.id]
    view = f"from the {sheet.found.view}" if sheet.found.near is None else f"from the {sheet.found.view} side"
    reel = Reel(on.id, view, sheet.shown, on.folder, sheet.edits, sheet.marks)
    key = f"review_{desk.assessment.id}_{list(desk.sheets).index(on.id)}_{desk.mount}"
    state = player([reel], key=key, editable=True, look=Look(frame=desk.frame))
    desk.take(on.id, state.edits)
    _take_marks(desk, on.id, state.marks)
    by_eye(on)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _numbers(desk, on.id)
    with right:
        _notes(on)
    record = _advised(desk)
    st.subheader("The one cue")
    if cue_id_of(desk.now.advice) != cue_id_of(desk.detected.advice):
        st.caption("With your corrections this is another cue than what was detected leads to.")
    advice(record)
    decided = decision(desk.assessment.id, record)
    take_home(on.desk, on.runner, record, decided)


def _take_marks(desk: Desk, id: str, marks: tuple[Mark, ...]) -> None:
    """Keep drawings, notes and joints at once: nothing of them waits for a button."""
    sheet = desk.sheets[id]
    points = sheet.edits.points
    if marks == sheet.marks and points == sheet.points:
        return
    try:
        keep_marks(store(), actor(), (desk.assessment.id, id), marks, points)
        sheet.marks, sheet.points = marks, points
    except GaitError as error:
        st.warning(f"The last drawing or note is not kept. {plain.markdown(str(error))}")


def _numbers(desk: Desk, id: str) -> None:
    st.subheader("What your corrections change")
    sheet = desk.sheets[id]
    if sheet.problem:
        st.warning(f"{plain.markdown(sheet.problem)} The numbers leave the last correction out.")
    moved = desk.moved()
    if moved:
        st.table([{"What": m.name, "As detected": m.detected, "Corrected": m.edited} for m in moved])
        st.caption("Corrected by hand. Undo is in the player; what was detected is never lost.")
    elif any(each.corrected for each in desk.sheets.values()):
        st.write("Corrected by hand; every number reads as before.")
    else:
        st.write("Move a touchdown or a toe-off in the player, and the numbers that follow stand here.")
    if sheet.edits.points:
        st.caption("Moved joints are kept and shown; the numbers follow touchdowns and toe-offs only.")
    if not desk.whole:
        st.info("Not every clip of this day is here any more: corrections can be looked at, not kept.")
    ready = desk.whole and desk.unsaved and not sheet.problem
    if st.button("Save the corrections", type="primary", key="save_edits", disabled=not ready):
        _save(desk)
    elif not desk.unsaved and any(each.corrected for each in desk.sheets.values()):
        st.caption("The corrections are saved, beside the day as it was detected.")


def _save(desk: Desk) -> None:
    record = desk.record()
    try:
        assessments.save_record(store(), actor(), desk.assessment.id, to_json(record))
    except GaitError as error:
        st.error(f"This could not be saved. {plain.markdown(str(error))}")
        return
    desk.note_saved(record)
    st.toast("Saved.")
    run_again()


def _notes(on: Table) -> None:
    st.subheader("Notes")
    notes = annotations.notes(store(), actor(), on.desk.assessment.id)
    for note in notes:
        _note(on, note)
    if not notes:
        st.write("None yet. Choose Note in the player and tap a joint, or write one here.")
    _new_note(on)


def _note(on: Table, note: Note) -> None:
    here = on.desk.sheets.get(note.pin.clip)
    where = f"Frame {note.pin.frame}" + (f", {note.pin.joint}" if note.pin.joint else "")
    text, gone = st.columns([6, 1], vertical_alignment="center")
    label = f"**{plain.markdown(where)}**: {plain.markdown(note.text)}"
    if text.button(label, key=f"go_{note.id}", type="tertiary", disabled=here is None, help="Go there"):
        go(on, note.pin.clip, note.pin.frame)
    text.caption(f"{plain.markdown(note.author)}, {note.written_at.astimezone():{MOMENT}}")
    if gone.button("", key=f"bin_{note.id}", icon=":material/delete:", help="Take this note off"):
        _remove(on, note)


def _remove(on: Table, note: Note) -> None:
    sheet = on.desk.sheets.get(note.pin.clip)
    if sheet is None:
        annotations.remove_note(store(), actor(), note.id)
        run_again()
        return
    same = (note.pin.frame, note.text)
    mark = next(m for m in sheet.marks if m.kind is MarkKind.NOTE and (m.frame, m.text.strip()) == same)
    left = tuple(each for each in sheet.marks if each is not mark)
    _set_marks(on, note.pin.clip, left)


def _set_marks(on: Table, clip: str, marks: tuple[Mark, ...]) -> None:
    """Keep drawings that were not made in the player, and open it anew with them."""
    sheet = on.desk.sheets[clip]
    keep_marks(store(), actor(), (on.desk.assessment.id, clip), marks, sheet.points)
    sheet.marks = marks
    on.desk.mount += 1
    run_again()


def _new_note(on: Table) -> None:
    sheet = on.desk.sheets[on.id]
    first, last = int(sheet.shown.frames.number[0]), int(sheet.shown.frames.number[-1])
    with st.form("new_note", clear_on_submit=True, border=False):
        text = st.text_area("A note", max_chars=MOST_LETTERS, height=80, key="note_text")
        where, which = st.columns(2)
        frame = where.number_input("On frame", first, last, on.desk.frame or first, key="note_frame")
        joint = which.selectbox("At", [ANYWHERE, *_limb_joints()], key="note_joint")
        pinned = st.form_submit_button("Pin the note", width="stretch")
    if pinned and text.strip():
        on.desk.frame = int(frame)
        mark = note_at(sheet.shown, int(frame), text.strip(), JOINTS.get(joint))
        guarded(lambda: _set_marks(on, on.id, (*sheet.marks, mark)))


def _limb_joints() -> list[str]:
    parts = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe")
    return [f"{side} {part}" for part in parts for side in ("left", "right")]


def _advised(desk: Desk) -> Record:
    """The day's record with the cue that follows from all days; asked again when an edit changed it."""
    if desk.advised is None:
        desk.advised = as_advised(told_of(store(), actor(), desk.assessment, desk.record()))
    return desk.advised
