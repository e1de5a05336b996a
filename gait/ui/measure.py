"""Drop the clips of one day, get the one cue."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import streamlit as st

from gait import plain
from gait.analysis import ClipAnalysis, Refused, RunnerFacts, before_the_answer
from gait.errors import GaitError, UnknownCaptureRate, WhichRunner
from gait.export.pictures import everybody, glimpsed_singly
from gait.export.report import rows
from gait.months import room
from gait.months.keep import day_of, written_day
from gait.record import record_of
from gait.ui.form import Form
from gait.ui.house import actor, chosen_runner, current_runner, dark, session, store
from gait.ui.jobs import JOBS, STOPPED, Reading, Upload
from gait.ui.phone import Arrived, Listening, listening, qr_png
from gait.ui.result import landing_picture, show
from gait.ui.uploads import let_go
from gait.ui.waistband import ask_of_waistband
from gait.ui.waiting import until_done
from gait.ui.words import length_cm, said_day, speed_kmh
from gait.watch import file

PICTURE = Path(__file__).with_name("filming.svg")
TICKET = "day"
PICTURE_PX = 420
WATCH = "What your watch kept of this run: its FIT file, or Garmin's Activities.csv"
INKS = (("#f1ebe0", "#25221e"), ("#23201b", "#f1ebe0"), ("#645d52", "#b5ab9b"), ("#a25a00", "#f0a73c"))
"""Colours of the drawing on a light page, and what they are on a dark one."""
GOES_ON = "You can leave this page or reload it: the reading goes on, and this address brings you back."
PHONE_POLL_S = 2.0
QR_PX = 240
DAY, DAY_LEFT_OPEN = "Filmed on", "Filmed on (empty: as the film says, else today)"
HOW_TO_FILM = """
- Phone on a stand, **level with your hip**, square to the treadmill's long edge, 3 to 5 metres away.
- Whole body in the picture, feet and belt too; good light; nothing between you and the phone.
- **Slow motion** (120 or 240 frames a second), 8 to 10 seconds at your usual, steady speed;
  run for six minutes first.
- For more: the same from the other side; from straight behind, shirt tucked in, for the hips; from straight
  in front, for the arms.
- Next month: same speed, shoes, side and place.
"""


def page() -> None:
    """Ask for clips, read them, show the result."""
    job = JOBS.find(st.query_params.get(TICKET, ""), actor().id, session())
    if not isinstance(job, Reading):
        _before()
    elif job.running:
        st.header("Reading your clips")
        until_done(job, stop="stop", caption=GOES_ON)
    else:
        _after(job)


def _before() -> None:
    st.title("Film yourself running. Get one thing to work on.")
    st.write("Drop the clips of one day here. Nothing leaves this computer.")
    if TICKET in st.query_params:
        st.info("That day is no longer open here: drop its clips again, or look under Runners.")
    left, right = st.columns([3, 2], gap="large")
    with right:
        st.image(_how_to_film(), alt="How to film: the phone level with the hip, square to the belt")
        with st.expander("How to film"):
            st.markdown(HOW_TO_FILM)
    with left:
        uploads = st.file_uploader(
            "One to six clips of one day: a side; if you have them, the other side, behind, in front",
            key="clips",
            accept_multiple_files=True,
        )
        sent = _from_the_phone()
        form = _form("before")
        nothing = not uploads and not sent
        if st.button("Find my one thing", type="primary", key="analyse", disabled=nothing) and form:
            files: list[Upload] = [(upload.name, upload.getbuffer()) for upload in uploads]
            files += [(clip.name, clip.path) for clip in sent]
            _start(lambda: _used(sent, JOBS.start(files, form, actor().id)))


def _how_to_film() -> str:
    """The drawing, in the colours of the page."""
    drawing = PICTURE.read_text(encoding="utf-8")
    for light, on_dark in INKS if dark() else ():
        drawing = drawing.replace(light, on_dark)
    return drawing


def _from_the_phone() -> list[Arrived]:
    """The clips that a paired phone sent, each to be left out by a click; and the code that pairs one."""
    found = listening()
    if found is None:
        return []
    with st.expander("From your phone", expanded=not found.phone.arrived):
        _invitation(found)
    chosen = []
    for clip in found.phone.arrived:
        label = f"{plain.markdown(clip.name)}, from the phone, {room.said(clip.n_bytes)}"
        if st.checkbox(label, value=True, key=f"phone_{clip.path.parent.name}"):
            chosen.append(clip)
    return chosen


@st.fragment(run_every=PHONE_POLL_S)
def _invitation(found: Listening) -> None:
    """Show the code; look now and then whether a clip came."""
    came = len(found.phone.arrived)
    if st.session_state.setdefault("phone_came", came) != came:
        st.session_state["phone_came"] = came
        st.rerun()
    if found.phone.paired:
        st.write("A phone is connected: choose its clips there. They appear here.")
        return
    st.image(qr_png(found.invitation), width=QR_PX)
    st.write(
        "Scan this with the phone's camera, in the same network as this computer. The phone will warn that "
        "it does not know this computer: that is so, as nobody vouches for it. Go on, and press Connect."
    )
    st.caption(
        f"The code pairs one phone, once, within ten minutes. Certificate: {found.fingerprint[:47]}… Whoever "
        "is connected can send clips here and see nothing."
    )


def _used(sent: Sequence[Arrived], job: Reading) -> Reading:
    """The clips are the job's now."""
    found = listening()
    if found is not None:
        for clip in sent:
            found.phone.forget(clip)
    return job


def _start(begin: Callable[[], Reading]) -> None:
    try:
        job = begin()
    except GaitError as error:
        st.error(plain.markdown(str(error)))
    except OSError as error:
        st.error(f"The clips could not be put on the disk ({error.strerror}): make room, and try again.")
    else:
        let_go()
        st.query_params[TICKET] = job.ticket
        st.rerun()


def _form(key: str, facts: Form | None = None) -> Form | None:
    """The belt's speed; the rest under More. None while something cannot be read."""
    known = facts or Form(RunnerFacts())
    speed = speed_kmh("Treadmill speed", f"{key}_speed", known.runner.speed_kmh)
    with st.expander("More"):
        chosen_runner("Kept with")
        height = length_cm("Your height, for centimetres", f"{key}_height", known.runner.height_cm)
        incline = st.number_input(
            "Incline of the treadmill in %", -5.0, 25.0, known.runner.incline_pct, 0.5, key=f"{key}_incline"
        )
        label = DAY if known.filmed_on else DAY_LEFT_OPEN
        day = st.date_input(label, known.filmed_on, max_value="today", key=f"{key}_day")
        shoes = st.text_input("Shoes", known.shoes, max_chars=80, key=f"{key}_shoes")
        asked = facts is None
        kept = st.file_uploader(WATCH, key=f"{key}_watch", max_upload_size=file.MOST_MB) if asked else None
    pain = st.checkbox("Something hurts, or I am injured", known.in_pain, key=f"{key}_pain")
    try:
        watch = file.of(kept.getvalue(), plain.file_name(kept.name, "the file")) if kept else known.watch
        return Form(RunnerFacts(height, speed, incline), day, pain, shoes, watch)
    except GaitError as error:
        st.error(plain.markdown(str(error)))
        return None


def _after(job: Reading) -> None:
    if job.failure:
        _ended_early(job)
    form = _line(job)
    _questions(job)
    if not job.clips:
        for refused in job.refused:
            if not refused.asks:
                st.error(plain.markdown(f"{refused.file}: {refused.reason}"))
                _meanwhile(refused, job)
                _seen(refused)
        return
    if form is not None:
        show(job, form, ask_of_waistband)


def _ended_early(job: Reading) -> None:
    if job.failure == STOPPED:
        st.info("Stopped. Your clips are still here.")
    else:
        st.error(plain.markdown(job.failure))
    if st.button("Read them again", type="primary", key="read_again"):
        _start(lambda: JOBS.again(job, job.request))


def _questions(job: Reading) -> None:
    """What must be answered before a clip is read, and what would make a number surer."""
    for refused in job.refused:
        if refused.asks:
            _ask(refused, job)
    for clip in job.clips:
        if clip.base.unsaid:
            _confirm(clip, job)


def _confirm(clip: ClipAnalysis, job: Reading) -> None:
    """Make a rate that only the run tells sure, by a click."""
    fps, name = clip.base.capture_fps, plain.markdown(clip.clip.path.name)
    line, sure, other = st.columns([6, 1.4, 1.4], vertical_alignment="center")
    if clip.base.real_time:
        line.caption(f"{name} seems to play in real time, at {fps:.4g} pictures a second. Does it?")
    else:
        line.caption(
            f"{name} does not say how fast it was filmed; {fps:.4g} pictures a second fit the run. Is that "
            "your camera's setting?"
        )
    if sure.button(f"Yes, {fps:.4g}", key=f"sure_{clip.id}", width="stretch"):
        _answer(job, clip.clip.path.name, {"capture_fps": fps})
    with other.popover("Another", width="stretch"):
        _own_rate(clip.id, clip.clip.path.name, job)


def _line(job: Reading) -> Form | None:
    """The form, shrunk to a line that opens again."""
    if job.form.filmed_on is None and job.clips:
        job.form = replace(job.form, filmed_on=_day(job))
    names = ", ".join(plain.markdown(clip.path.name) for clip in job.request.clips)
    with st.container(key="gait_line"):
        line, change, anew = st.columns([6, 1.4, 1.4], vertical_alignment="center")
    with change.popover("Change", width="stretch"):
        form = _form(f"after_{job.ticket[:8]}", job.form)
    if form is not None and form.filmed_on is None:
        form = replace(form, filmed_on=job.form.filmed_on)
    on = form.filmed_on if form else None
    line.caption(f"{names} · {said_day(on)}" if on else names)
    if anew.button("New clips", key="anew", width="stretch"):
        del st.query_params[TICKET]
        st.rerun()
    return form


def _day(job: Reading) -> date:
    """The day that nobody said."""
    try:
        return day_of(store(), actor(), current_runner().id, job.clips)
    except GaitError:
        return written_day(job.clips)


def _ask(refused: Refused, job: Reading) -> None:
    """Show what could be meant, in plain words; a click on one takes it and goes on."""
    question = refused.error
    if isinstance(question, WhichRunner):
        st.warning(f"Several people run in {plain.markdown(refused.file)}. Which one is it?")
        path = next(clip.path for clip in job.request.clips if clip.path.name == refused.file)
        st.image(
            everybody(path, question), width=PICTURE_PX, alt="Everybody who runs, numbered from the left"
        )
        people = range(1, len(question.boxes_px) + 1)
        _choices(job, refused, [(f"Person {k}", {"person": k}) for k in people])
    elif isinstance(question, UnknownCaptureRate):
        st.warning(plain.markdown(str(question)))
        _meanwhile(refused, job)
        rates = [(f"{fps:.4g} frames a second", {"capture_fps": fps}) for fps in question.rates_fps]
        _choices(job, refused, rates)
        _own_rate(refused.clip, refused.file, job)


def _own_rate(clip: str, file: str, job: Reading) -> None:
    own = st.number_input("Another rate, from the camera's settings", 10.0, 2000.0, None, key=f"rate_{clip}")
    if own is not None and st.button("Take it", key=f"take_{clip}"):
        _answer(job, file, {"capture_fps": own})


def _meanwhile(refused: Refused, job: Reading) -> None:
    """A landing, and what hardly hangs on the capture rate."""
    seen = before_the_answer([refused], job.request)
    if seen is None:
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        landing_picture(job, seen)
    with right:
        st.write(seen.advice.why)
        st.table([{"What": row.name, "You": row.value} for row in rows(record_of(seen))])


def _seen(refused: Refused) -> None:
    """Whom the tool saw where nothing can be measured."""
    seen = refused.glimpse
    if seen is None or not seen.pictures:
        return
    pictures = glimpsed_singly(seen)
    for column, picture in zip(st.columns(len(pictures)), pictures, strict=True):
        column.image(picture, alt=f"{seen.title}, with the skeleton")
    if seen.text:
        st.caption(seen.text)


def _choices(job: Reading, refused: Refused, answers: Sequence[tuple[str, dict[str, float]]]) -> None:
    columns = st.columns(max(len(answers), 1))
    for column, (label, answer) in zip(columns, answers, strict=False):
        if column.button(label, key=f"{refused.clip}: {label}"):
            _answer(job, refused.file, answer)


def _answer(job: Reading, file: str, answer: dict[str, float]) -> None:
    clips = tuple(
        replace(clip, **answer) if clip.path.name == file else clip  # type: ignore[arg-type]
        for clip in job.request.clips
    )
    _start(lambda: JOBS.again(job, replace(job.request, clips=clips)))
