"""First page: upload a clip, get the one cue."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import streamlit as st

from gait.analysis import Request, analyze
from gait.errors import BadRequest, GaitError, UnknownCaptureRate, WhichRunner
from gait.export.folder import write
from gait.export.pictures import everybody
from gait.ui.result import Result, show
from gait.ui.words import for_page, pace

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
PICTURE_PX = 420
AS_THE_FILE_SAYS = "work it out"
RATES = (AS_THE_FILE_SAYS, "24", "25", "30", "60", "120", "240", "480", "960")
FIELDS = {
    "capture_fps": "capture",
    "person": "person",
}
"""The page's field for each field of the request that an error is about."""
Question = UnknownCaptureRate | WhichRunner


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
    side = side_column.file_uploader(
        "Clip from the side", key="side", on_change=_forget, args=("person", "question")
    )
    rear = rear_column.file_uploader(
        "Second clip, from the front or from behind, if you have one",
        key="rear",
        on_change=_forget,
        args=("rear_person", "question"),
    )
    height, speed, rate, rear_rate = st.columns(4)
    height_cm = height.number_input(
        "Your height in cm, for centimetres", value=None, key="height", step=1.0, format="%.0f"
    )
    speed_kmh = speed.number_input(
        "Treadmill speed in km/h", value=None, key="speed", step=0.1, format="%.1f"
    )
    capture = rate.selectbox(
        "Filmed from the side at, frames/s", RATES, key="capture", accept_new_options=True
    )
    rear_capture = rear_rate.selectbox(
        "Second clip filmed at, frames/s", RATES, key="rear_capture", accept_new_options=True
    )
    tape = rear is not None and st.checkbox(
        "Two pieces of tape on the waistband, seen from behind, show my hips", key="tape"
    )
    in_pain = st.checkbox("Something hurts, or I am injured", key="pain")
    asked_for = st.button("Analyse", type="primary", key="analyse", disabled=side is None)
    if (st.session_state.pop("answered", False) or asked_for) and side is not None:
        _forget("result", "question", "picture")
        try:
            request = Request(
                side=Path(side.name),
                height_cm=height_cm,
                speed_kmh=speed_kmh,
                capture_fps=_rate(capture),
                rear_capture_fps=_rate(rear_capture),
                person=st.session_state.get("person"),
                rear_person=st.session_state.get("rear_person"),
                tape=tape,
                in_pain=in_pain,
            )
            _analyse(side, rear, request)
        except (UnknownCaptureRate, WhichRunner) as question:
            st.session_state["question"] = question
        except GaitError as error:
            st.error(for_page(str(error)))
    if "question" in st.session_state:
        _ask(st.session_state["question"])
    if "result" in st.session_state:
        show(st.session_state["result"])


def _rate(choice: str) -> float | None:
    if choice == AS_THE_FILE_SAYS:
        return None
    try:
        return float(choice)
    except ValueError:
        raise BadRequest(f"“{choice}” is not a number of frames per second: give one, such as 240.") from None


def _ask(question: Question) -> None:
    """Show what could be meant; a click on one takes it and goes on."""
    st.warning(for_page(str(question)))
    if isinstance(question, WhichRunner):
        if "picture" in st.session_state:
            st.image(st.session_state["picture"], width=PICTURE_PX)
        _choices(question, [(f"Person {k}", k) for k in range(1, len(question.boxes_px) + 1)])
    else:
        _choices(question, [(f"Filmed at {fps:.4g}", f"{fps:.4g}") for fps in question.rates_fps])


def _choices(question: Question, answers: Sequence[tuple[str, str | int]]) -> None:
    columns = st.columns(max(len(answers), 1))
    for column, (label, answer) in zip(columns, answers, strict=False):
        field = FIELDS[question.field]
        column.button(label, key=f"{field}_{answer}", on_click=_answer, args=(field, answer))


def _answer(field: str, answer: str | int) -> None:
    st.session_state[field] = answer
    st.session_state["answered"] = True


def _forget(*names: str) -> None:
    for name in names:
        st.session_state.pop(name, None)


def _analyse(side: Upload, rear: Upload | None, request: Request) -> None:
    scratch = TemporaryDirectory(prefix="gait-")
    bar, stop = st.progress(0.0, "Starting"), st.empty()
    stop.button("Stop", key="stop")  # any click ends this run of the page at its next sign of progress
    started_s: dict[str, float] = {}

    def progress(what: str, done: int, total: int) -> None:
        began_s = started_s.setdefault(what, time.monotonic())
        bar.progress(
            min(done / total, 1.0), f"{DOING[what]}: {pace(done, total, time.monotonic() - began_s)}"
        )

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
    except WhichRunner as question:
        st.session_state["picture"] = everybody(request.side, question)
        raise
    finally:
        bar.empty()
        stop.empty()


def _saved(upload: Upload, folder: Path) -> Path:
    """Write an upload into a folder of its own, under its own name without any path."""
    folder.mkdir()
    path = folder / (Path(upload.name).name or "clip")
    path.write_bytes(upload.getbuffer())
    return path
