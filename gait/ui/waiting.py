"""How far a job is, and a way to stop it."""

from typing import Any

import streamlit as st

from gait import plain
from gait.ui.jobs import Job
from gait.ui.words import pace

POLL_S = 1.0


@st.fragment(run_every=POLL_S)
def until_done(job: Job[Any], *, stop: str, caption: str) -> None:
    """Say how far a job is until it ends; then the page runs again.

    Parameters
    ----------
    stop
        Key of the button that stops it.
    caption
        What to know while waiting.
    """
    if not job.running:
        st.rerun()
    now = job.pace
    share = min(now.done / max(now.total, 1), 1.0)
    st.progress(share, _said(job))
    st.caption(caption)
    if st.button("Stop", key=stop):
        job.stop()
        st.rerun()


def _said(job: Job[Any]) -> str:
    if not job.begun:
        return "Waiting for other clips to be read"
    now = job.pace
    return (
        f"{plain.markdown(now.clip)}: {pace(now.done, now.total, now.elapsed_s)}" if now.clip else "Starting"
    )
