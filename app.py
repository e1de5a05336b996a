"""Streamlit entry point: page routing only. Run with ``gait app`` or ``streamlit run app.py``."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gait.ui import main, router, server
from gait.ui.player.serve import routes

if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(main.SCRIPT, routes=routes(), lifespan=server.lifespan)
else:
    router.show()
