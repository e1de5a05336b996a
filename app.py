"""Streamlit entry point: page routing only. Run with ``streamlit run app.py``."""

from pathlib import Path

import streamlit as st

from gait.ui import measure

st.set_page_config(
    page_title="Running form", page_icon=str(Path(measure.__file__).with_name("icon.png")), layout="wide"
)
st.navigation([st.Page(measure.page, title="Measure", icon=":material/directions_run:")]).run()
