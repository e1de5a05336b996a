"""Units, where everything lies, and what made the numbers."""

from dataclasses import replace
from importlib.metadata import version

import streamlit as st

from gait import plain
from gait.analysis import METHOD
from gait.errors import GaitError
from gait.months.room import Room, forget_landmarks, room_of_landmarks, room_of_store, said
from gait.store import runners
from gait.store.domain import Units
from gait.ui.house import actor, chosen_runner, store
from gait.ui.words import IMPERIAL, METRIC

UNITS = {
    METRIC: "Metric: centimetres, km/h, minutes a kilometre",
    IMPERIAL: "Imperial: feet and inches, mph, minutes a mile",
}
FORGOTTEN = "settings_forgotten"


def page() -> None:
    """Show the settings."""
    st.title("Settings")
    try:
        _units()
        _look()
        _room()
        _about()
    except GaitError as error:
        st.error(plain.markdown(str(error)))


def _units() -> None:
    st.subheader("Units")
    runner = chosen_runner("For")
    choices = list(UNITS)
    shown = st.radio(
        "Units",
        choices,
        choices.index(runner.profile.units),
        format_func=UNITS.__getitem__,
        key=f"units_{runner.id}",
        label_visibility="collapsed",
    )
    wanted: Units = "imperial" if shown == IMPERIAL else "metric"
    st.session_state["units"] = wanted
    if runner.profile.units != wanted:
        runners.change(store(), actor(), runner.id, replace(runner.profile, units=wanted))


def _look() -> None:
    st.subheader("Light and dark")
    st.write(
        "The page follows this computer's own setting. To choose yourself: the menu with three dots at the "
        "top right, and there light or dark."
    )


def _room() -> None:
    st.subheader("What is kept on this computer")
    st.write("Nothing leaves it. Runners, their days, clips and notes:")
    _place(room_of_store(store()))
    st.write("Landmarks of clips that were read, so that none is read twice:")
    kept = room_of_landmarks()
    _place(kept)
    if (gone := st.session_state.pop(FORGOTTEN, None)) is not None:
        st.success(f"Landmarks of {gone} clips are deleted.")
    if st.button("Delete the kept landmarks", key="forget", disabled=kept.files == 0):
        try:
            st.session_state[FORGOTTEN] = forget_landmarks()
        except OSError as error:
            st.error(f"They could not be deleted ({plain.markdown(error.strerror or str(error))}).")
        else:
            st.rerun()
    st.caption("No number and no clip is lost by this: a clip is read anew when it is opened again.")


def _place(room: Room) -> None:
    st.code(plain.line(str(room.folder)), language=None, wrap_lines=True)
    st.caption(f"{said(room.n_bytes)} in {room.files} file{'' if room.files == 1 else 's'}")


def _about() -> None:
    st.subheader("About")
    st.write(
        f"Version {plain.markdown(version('gait'))}, method {METHOD}. Days that were measured by different "
        "methods are not compared with each other."
    )
