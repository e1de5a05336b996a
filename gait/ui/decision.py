"""Agree with the cue, or overrule it with a reason."""

from collections.abc import Callable
from typing import NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException

from gait import plain
from gait.coaching.cue import Advice
from gait.errors import GaitError
from gait.record import Record
from gait.store import annotations
from gait.store.domain import Overrule
from gait.ui.house import actor, store

MOMENT = "%d %B %Y, %H:%M"
NO_CUE = "none"
"""What the store calls the decision that there is no cue."""
MOST_LETTERS = 2000


def cue_id_of(said: Advice) -> str:
    """Name the cue, also where there is none."""
    return said.cue.id if said.cue else NO_CUE


def decision(assessment_id: str, record: Record) -> Overrule | None:
    """Agree with the cue or overrule it; returns the decision against it, if there is one."""
    cue_id = cue_id_of(record.advice)
    made = annotations.overrules(store(), actor(), assessment_id)
    against = next((each for each in made if each.cue_id == cue_id), None)
    if against is not None:
        st.warning(
            f"**Overruled** by {plain.markdown(against.author)}, {against.decided_at.astimezone():{MOMENT}}: "
            f"{plain.markdown(against.reason)}"
        )
        if st.button("Agree with the cue after all", key="agree"):
            guarded(lambda: _agree(against.id))
        return against
    with st.expander("Overrule this cue" if record.advice.cue else "Give a cue all the same"):
        reason = st.text_area("What instead, and why", max_chars=MOST_LETTERS, height=80, key="reason")
        if st.button("Overrule", key="overrule", disabled=not reason.strip()):
            guarded(lambda: _overrule(assessment_id, cue_id, reason))
    return None


def _agree(overrule_id: str) -> None:
    annotations.agree(store(), actor(), overrule_id)
    run_again()


def _overrule(assessment_id: str, cue_id: str, reason: str) -> None:
    annotations.overrule(store(), actor(), assessment_id, cue_id, reason)
    run_again()


def guarded(action: Callable[[], None]) -> None:
    """Do something; say in a sentence why it cannot be done."""
    try:
        action()
    except GaitError as error:
        st.error(plain.markdown(str(error)))


def run_again() -> NoReturn:
    """Run what is around a widget again: its fragment, or the page if all of it is being run."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()
