"""What a batch asks: each question with its picture, answered by a click."""

from collections.abc import Sequence

import streamlit as st

from gait import plain
from gait.batch.orders import LEFT_OUT, Answer
from gait.batch.outcomes import Question
from gait.batch.waiting import Waiting, answer, waiting
from gait.errors import GaitError
from gait.ui.house import actor, store

ANSWERED = "batch_answered"
SHOWN = 20
PICTURE_PX = 420
GO_ON = "All questions are answered. Give the same `gait batch` command again: it goes on with your answers."


def questions() -> None:
    """Show the questions that are open; nothing where there are none."""
    asked = waiting(store(), actor())
    if not asked:
        if st.session_state.pop(ANSWERED, False):
            st.success(GO_ON)
        return
    count = f"{len(asked)} question{'' if len(asked) == 1 else 's'}"
    with st.expander(f"A batch asks {count}", expanded=True):
        for each in asked[:SHOWN]:
            _one(each)
        if len(asked) > SHOWN:
            st.caption(f"And {len(asked) - SHOWN} more after these.")


def _one(asked: Waiting) -> None:
    question = asked.question
    with st.container(border=True):
        st.markdown(f"**{plain.markdown(asked.name)}**, {plain.markdown(question.file)}")
        st.markdown(plain.markdown(question.asked))
        if asked.picture is not None:
            st.image(asked.picture.read_bytes(), width=PICTURE_PX, alt="Everybody who runs, numbered")
        key = f"{question.digest[:16]}_{question.field}"
        _choices(asked, [*_likely(question), ("Leave this clip out", {LEFT_OUT: 1.0})], key)
        if question.field == "capture_fps":
            own = st.number_input(
                "Another rate, from the camera's settings", 10.0, 2000.0, None, key=f"rate_{key}"
            )
            if own is not None and st.button("Take it", key=f"take_{key}"):
                _answer(asked, {"capture_fps": own})


def _likely(question: Question) -> list[tuple[str, Answer]]:
    if question.field == "person":
        return [(f"Person {choice:.0f}", {"person": choice}) for choice in question.choices]
    return [(f"{choice:.4g} frames a second", {"capture_fps": choice}) for choice in question.choices]


def _choices(asked: Waiting, answers: Sequence[tuple[str, Answer]], key: str) -> None:
    with st.container(horizontal=True):
        for label, said in answers:
            if st.button(label, key=f"batch_{key}_{label}"):
                _answer(asked, said)


def _answer(asked: Waiting, said: Answer) -> None:
    try:
        answer(store(), actor(), asked, said)
    except GaitError as error:
        st.error(plain.markdown(str(error)))
        return
    st.session_state[ANSWERED] = True
    st.rerun()
