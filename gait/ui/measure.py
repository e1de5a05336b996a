"""First page: upload a clip, get the one cue."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import streamlit as st

from gait.analysis import Request, analyze
from gait.errors import GaitError
from gait.export.folder import write
from gait.ui.result import Result, show
from gait.ui.words import for_page
from gait.video.timebase import PHONE_RATES_FPS

HOW_TO_FILM = """
- Phone on a stand, **level with your hip**, square to the treadmill's long edge, 3 to 5 metres away.
- Whole body in the picture, feet and belt too; good light; nothing between you and the phone.
- **Slow motion** (120 or 240 frames a second), 8 to 10 seconds at your usual, steady speed.
- Next month: same speed, shoes, side and place.
"""
DOING = {
    "side": "Reading the clip from the side",
    "rear": "Reading the second clip",
    "drawing": "Drawing the pictures",
}
AS_THE_FILE_SAYS = "as the file says"
RATES = (AS_THE_FILE_SAYS, "30", *(f"{fps:g}" for fps in PHONE_RATES_FPS))


class Upload(Protocol):
    """What the page gives for an uploaded file."""

    name: str

    def getbuffer(self) -> memoryview:
        """The file's content."""
        ...


def page() -> None:
    """Ask for clips, analyse them, show the result."""
    st.title("One clip in, one cue out")
    st.caption("Film yourself once a month, work on one thing, film again. Nothing leaves this computer.")
    with st.expander("How to film"):
        st.markdown(HOW_TO_FILM)
    side_column, rear_column = st.columns(2)
    side = side_column.file_uploader("Clip from the side", key="side")
    rear = rear_column.file_uploader(
        "Second clip, from the front or from behind, if you have one", key="rear"
    )
    height, speed, rate, rear_rate = st.columns(4)
    height_cm = height.number_input(
        "Your height in cm, for centimetres", value=None, key="height", step=1.0, format="%.0f"
    )
    speed_kmh = speed.number_input(
        "Treadmill speed in km/h", value=None, key="speed", step=0.1, format="%.1f"
    )
    capture = rate.selectbox("Filmed from the side at, frames/s", RATES, key="capture")
    rear_capture = rear_rate.selectbox("Second clip filmed at, frames/s", RATES, key="rear_capture")
    in_pain = st.checkbox("Something hurts, or I am injured", key="pain")
    if st.button("Analyse", type="primary", key="analyse", disabled=side is None) and side is not None:
        st.session_state.pop("result", None)
        request = Request(
            side=Path(side.name),
            height_cm=height_cm,
            speed_kmh=speed_kmh,
            capture_fps=_rate(capture),
            rear_capture_fps=_rate(rear_capture),
            in_pain=in_pain,
        )
        _analyse(side, rear, request)
    if "result" in st.session_state:
        show(st.session_state["result"])


def _rate(choice: str) -> float | None:
    return None if choice == AS_THE_FILE_SAYS else float(choice)


def _analyse(side: Upload, rear: Upload | None, request: Request) -> None:
    scratch = TemporaryDirectory(prefix="gait-")
    bar = st.progress(0.0, "Starting")

    def progress(what: str, done: int, total: int) -> None:
        bar.progress(min(done / total, 1.0), f"{DOING[what]}: {done} of {total} frames")

    try:
        request = replace(
            request,
            side=_saved(side, Path(scratch.name) / "side"),
            rear=_saved(rear, Path(scratch.name) / "rear") if rear else None,
        )
        analysis = analyze(request, progress=progress)
        result = Result(analysis, scratch)
        write(analysis, result.folder, progress=progress)
        st.session_state["result"] = result
    except GaitError as error:
        st.error(for_page(str(error)))
    finally:
        bar.empty()


def _saved(upload: Upload, folder: Path) -> Path:
    """Write an upload into a folder of its own, under its own name without any path."""
    folder.mkdir()
    path = folder / (Path(upload.name).name or "clip")
    path.write_bytes(upload.getbuffer())
    return path
