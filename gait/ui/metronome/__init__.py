"""A metronome in the browser: it starts on a click, and nothing is fetched for it."""

from importlib import resources

import streamlit as st


def metronome(spm: float, key: str) -> None:
    """Show a metronome at a cadence in steps a minute."""
    html, css, js = (_asset(name) for name in ("beat.html", "look.css", "tick.js"))
    component = st.components.v2.component("metronome", html=html, css=css, js=js)
    component(key=key, data={"spm": round(spm)})


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
