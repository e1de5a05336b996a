"""One question, only where it matters: whether a waistband can be seen in the clip from behind."""

import streamlit as st

from gait import plain
from gait.metrics.frontal import Withheld, withheld_waist
from gait.months.keep import Kept
from gait.record import Record
from gait.ui import review

QUESTION = "Is your waistband visible from behind: shirt tucked in, crop top, or none?"
YES, NO = "Yes, it is visible", "No"
FILM_AGAIN = "Tuck it in and film again from behind; ten seconds are enough."
BY_HAND = (
    "Then you can draw a line on it: one picture is enough, and it is followed through the film. Review "
    "offers pictures to draw in, under “Hip drop from a line that you draw”."
)


def ask_of_waistband(record: Record, kept: Kept | None) -> None:
    """Where hip drop is withheld for its waistband: ask what is there, and say what to do."""
    withheld = withheld_waist(record.measurements)
    if withheld is None:
        return
    with st.container(border=True):
        reason = plain.markdown(withheld.reason.text)
        st.markdown(f"**Hip drop is not said** ({plain.markdown(withheld.clip)}): {reason}.")
        visible = _answer(withheld)
        if visible is False:
            st.markdown(f"**{FILM_AGAIN}**")
        elif visible:
            st.markdown(BY_HAND)
            _to_review(kept)


def _answer(withheld: Withheld) -> bool | None:
    if withheld.in_sight is not None:
        return withheld.in_sight
    said = st.radio(QUESTION, (YES, NO), None, horizontal=True, key=f"waistband_{withheld.clip}")
    return None if said is None else said == YES


def _to_review(kept: Kept | None) -> None:
    if kept is None:
        st.caption("This day is not kept here, so it cannot be opened in Review.")
        return
    st.page_link(
        st.Page(review.page, title="Review", url_path="review"),
        label="Draw the line in Review",
        icon=":material/edit_note:",
        query_params={review.DAY: kept.assessment.id},
    )
