"""What goes home with the athlete: made on a click, given as two files."""

from dataclasses import replace
from typing import TypeVar

import streamlit as st

from gait import plain
from gait.body import Landmark
from gait.export import takehome
from gait.export.takehome import Marked, TakeHome
from gait.record import Record
from gait.store import annotations
from gait.store.domain import LOCAL, Note, Overrule, Runner
from gait.ui.decision import MOST_LETTERS, guarded, run_again
from gait.ui.desk import Desk
from gait.ui.house import actor, store
from gait.ui.player.state import Mark, Point

Said = TypeVar("Said", Note, Overrule)
MADE = "review_take_home"
COACH = "Your coach"
_Marks = tuple[tuple[tuple[Mark, ...], frozenset[tuple[tuple[int, Landmark], Point]]], ...]
_MadeOf = tuple[int, _Marks, Overrule | None, str]
"""Numbers, drawings and moved joints, decision and note that it was made of."""


def take_home(desk: Desk, runner: Runner, record: Record, decided: Overrule | None) -> None:
    """Let the page and the sheet be made, and give them."""
    st.subheader("To take home")
    note = st.text_area("A word to go with it", max_chars=MOST_LETTERS, height=80, key="take_note")
    made_of = (id(desk.now), _all_marks(desk), decided, note)
    made = st.session_state.get(MADE)
    if made is None or made[0] != made_of:
        if st.button("Make the page and the sheet", key="make_take_home"):
            with st.spinner("Drawing the frames"):
                guarded(lambda: _made(desk, runner, record, made_of))
        return
    name = plain.file_name(f"{runner.name} {record.filmed_on.isoformat()}")
    web, paper = st.columns(2)
    web.download_button(
        "Page for any browser", made[1], f"{name}.html", "text/html", key="take_html", on_click="ignore",
        width="stretch",
    )  # fmt: skip
    paper.download_button(
        "Sheet to print", made[2], f"{name}.pdf", "application/pdf", key="take_pdf", on_click="ignore",
        width="stretch",
    )  # fmt: skip


def _all_marks(desk: Desk) -> _Marks:
    return tuple((sheet.marks, frozenset(sheet.points.items())) for sheet in desk.sheets.values())


def _made(desk: Desk, runner: Runner, record: Record, made_of: _MadeOf) -> None:
    _, _, decided, note = made_of
    notes = [_signed(each) for each in annotations.notes(store(), actor(), desk.assessment.id)]
    clips = [
        Marked(
            sheet.now,
            annotations.marks(store(), actor(), desk.assessment.id, id),
            tuple(each for each in notes if each.pin.clip == id),
        )
        for id, sheet in desk.sheets.items()
    ]
    pictures = takehome.stills(clips, desk.now.scale, desk.now.main.id)
    against = None if decided is None else _signed(decided)
    take = TakeHome(runner.name, record, pictures, note, against)
    st.session_state[MADE] = made_of, takehome.takehome_html(take), takehome.takehome_pdf(take)
    run_again()


def _signed(said: Said) -> Said:
    """At home whoever sat at this computer is not "you"."""
    return replace(said, author=COACH) if said.author == LOCAL.name else said
