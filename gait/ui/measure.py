"""First page: drop the clips of one day, get the one cue."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import streamlit as st

from gait.analysis import ClipAnalysis, ClipRequest, Refused, Request, RunnerFacts, judge, read_clips
from gait.errors import GaitError, UnknownCaptureRate, WhichRunner
from gait.export.pictures import everybody
from gait.ui.result import Result, show
from gait.ui.words import pace

HOW_TO_FILM = """
- Phone on a stand, **level with your hip**, square to the treadmill's long edge, 3 to 5 metres away.
- Whole body in the picture, feet and belt too; good light; nothing between you and the phone.
- **Slow motion** (120 or 240 frames a second), 8 to 10 seconds at your usual, steady speed.
- For more: the same from the other side, from straight behind, and from straight in front.
- Next month: same speed, shoes, side and place.
"""
PICTURE_PX = 420


class Upload(Protocol):
    """What the page gives for an uploaded file."""

    name: str
    file_id: str

    def getbuffer(self) -> memoryview:
        """The file's content."""
        ...


@dataclass(frozen=True)
class Answer:
    """What the user answered to a question about one clip."""

    capture_fps: float | None = None
    person: int | None = None


def page() -> None:
    """Ask for clips, analyse them, show the result."""
    st.title("Your clips in, one cue out")
    st.caption("Film yourself once a month, work on one thing, film again. Nothing leaves this computer.")
    with st.expander("How to film"):
        st.markdown(HOW_TO_FILM)
    uploads = st.file_uploader(
        "Clips of one day: from the side, and if you have them from the other side, behind and in front",
        key="clips",
        accept_multiple_files=True,
    )
    height, speed, day = st.columns(3)
    facts = RunnerFactsForm(
        height.number_input(
            "Your height in cm, for centimetres", 120.0, 230.0, None, 1.0, "%.0f", key="height"
        ),
        speed.number_input("Treadmill speed in km/h", 4.0, 30.0, None, 0.1, "%.1f", key="speed"),
        day.date_input("Filmed on", "today", max_value="today", key="day"),
        st.checkbox("Something hurts, or I am injured", key="pain"),
    )
    files = tuple(upload.file_id for upload in uploads)
    if st.session_state.get("of_files") != files:
        _forget("read", "answers", "result")
        st.session_state["of_files"] = files
    asked_for = st.button("Analyse", type="primary", key="analyse", disabled=not uploads)
    if st.session_state.pop("answered", False) or asked_for:
        _read(uploads, facts)
    if "read" in st.session_state:
        _show(st.session_state["read"], facts)


@dataclass(frozen=True)
class RunnerFactsForm:
    """What the form says of the runner and the day."""

    height_cm: float | None
    speed_kmh: float | None
    filmed_on: date
    in_pain: bool

    def request(self, clips: Sequence[ClipRequest]) -> Request:
        """Ask for these clips."""
        facts = RunnerFacts(self.height_cm, self.speed_kmh)
        return Request(tuple(clips), facts, self.filmed_on, self.in_pain)


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read of the clips; the files go when the page is left."""

    clips: tuple[ClipRequest, ...]
    each: tuple[ClipAnalysis | Refused, ...]
    scratch: TemporaryDirectory[str]


def _read(uploads: Sequence[Upload], facts: RunnerFactsForm) -> None:
    _forget("read", "result")
    scratch = TemporaryDirectory(prefix="gait-")
    answers: dict[str, Answer] = st.session_state.get("answers", {})
    bar, stop = st.progress(0.0, "Starting"), st.empty()
    stop.button("Stop", key="stop")  # any click ends this run of the page at its next sign of progress
    started_s: dict[str, float] = {}

    def progress(what: str, done: int, total: int) -> None:
        began_s = started_s.setdefault(what, time.monotonic())
        share = min(done / total, 1.0)
        bar.progress(share, f"Reading {what}: {pace(done, total, time.monotonic() - began_s)}")

    try:
        clips = [_clip(upload, answers, Path(scratch.name), number) for number, upload in enumerate(uploads)]
        each = read_clips(facts.request(clips), progress)
        st.session_state["read"] = Reading(tuple(clips), each, scratch)
    except GaitError as error:
        st.error(str(error))
    finally:
        bar.empty()
        stop.empty()


def _clip(upload: Upload, answers: dict[str, Answer], scratch: Path, number: int) -> ClipRequest:
    """Write an upload into a folder of its own, under its own name without any path."""
    folder = scratch / str(number)
    folder.mkdir()
    path = folder / (Path(upload.name).name or "clip")
    path.write_bytes(upload.getbuffer())
    request = ClipRequest(path)
    return replace(request, **vars(answers[path.name])) if path.name in answers else request


def _show(reading: Reading, facts: RunnerFactsForm) -> None:
    clips = [each for each in reading.each if isinstance(each, ClipAnalysis)]
    refused = [each for each in reading.each if isinstance(each, Refused)]
    for each in refused:
        if each.asks:
            _ask(each, reading)
        elif not clips:
            st.error(str(each.reason))
    if clips:
        try:
            analysis = judge(clips, facts.request(reading.clips), refused)
        except GaitError as error:
            st.error(str(error))
            return
        show(Result(analysis, Path(reading.scratch.name) / "result"))


def _ask(refused: Refused, reading: Reading) -> None:
    """Show what could be meant; a click on one takes it and goes on."""
    st.warning(str(refused.reason))
    question = refused.error
    if isinstance(question, WhichRunner):
        path = next(clip.path for clip in reading.clips if clip.path.name == refused.file)
        st.image(everybody(path, question), width=PICTURE_PX)
        people = range(1, len(question.boxes_px) + 1)
        _choices(refused.file, [(f"Person {k}", Answer(person=k)) for k in people])
    elif isinstance(question, UnknownCaptureRate):
        rates = question.rates_fps
        _choices(refused.file, [(f"Filmed at {fps:.4g}", Answer(capture_fps=fps)) for fps in rates])


def _choices(file: str, answers: Sequence[tuple[str, Answer]]) -> None:
    columns = st.columns(max(len(answers), 1))
    for column, (label, answer) in zip(columns, answers, strict=False):
        column.button(label, key=f"{file}: {label}", on_click=_answer, args=(file, answer))


def _answer(file: str, answer: Answer) -> None:
    answers = st.session_state.setdefault("answers", {})
    before = answers.get(file, Answer())
    answers[file] = Answer(answer.capture_fps or before.capture_fps, answer.person or before.person)
    st.session_state["answered"] = True


def _forget(*names: str) -> None:
    for name in names:
        st.session_state.pop(name, None)
