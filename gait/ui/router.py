"""Which page is shown."""

from pathlib import Path

import streamlit as st

from gait.ui import compare, house, measure, review, runners, settings

ICON = Path(__file__).with_name("icon.png")
STYLE = Path(__file__).with_name("style.css")
ON_DARK = """
:root { --gait-accent: #f0a73c; }
button[kind^="primary"]:enabled { color: #1b1916; }
"""
"""The accent is bright there: what stands on it is dark."""


def show() -> None:
    """Show the page that was asked for."""
    st.set_page_config(page_title="Running form", page_icon=str(ICON), layout="wide")
    own = STYLE.read_text(encoding="utf-8") + (ON_DARK if house.dark() else "")
    st.html(f"<style>{own}</style>")
    house.actor()
    house.settle_units()
    st.navigation(
        [
            st.Page(measure.page, title="Measure", icon=":material/directions_run:", default=True),
            st.Page(compare.page, title="Compare", icon=":material/compare:", url_path="compare"),
            st.Page(review.page, title="Review", icon=":material/edit_note:", url_path="review"),
            st.Page(runners.page, title="Runners", icon=":material/groups:", url_path="runners"),
            st.Page(settings.page, title="Settings", icon=":material/settings:", url_path="settings"),
        ],
        position="top",
    ).run()
