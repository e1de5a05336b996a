"""Choose a day of a runner and lay it on the table, for coach and athlete at one screen."""

import hashlib
from collections.abc import Callable, Sequence

import streamlit as st

from gait import plain
from gait.analysis import ClipAnalysis, Progress
from gait.errors import GaitError
from gait.months.keep import again, as_advised, told_of
from gait.record import from_json
from gait.store import assessments, runners
from gait.store.domain import Assessment, Runner
from gait.ui.by_eye import Table
from gait.ui.decision import decision
from gait.ui.desk import Desk, opened
from gait.ui.house import actor, chosen_runner, session, store
from gait.ui.jobs import JOBS, Job
from gait.ui.pinned import kept_marks, kept_points
from gait.ui.result import advice, table
from gait.ui.tabletop import clip
from gait.ui.waiting import until_done

Clips = tuple[ClipAnalysis, ...]
DAY = "assessment"
DESK, TICKET = "review_desk", "review_ticket"
READ_AGAIN = "The kept clips are read again: seconds if this computer remembers them, else minutes."
DATE = "%d %B %Y"
MOST_DAYS = 500
NO_CLIPS = (
    "The clips of this day were not kept here, so its frames cannot be shown. "
    "Its numbers and its cue are below."
)


def page() -> None:
    """Let a day be chosen, or review the one that the address names."""
    id = st.query_params.get(DAY, "")
    try:
        if id:
            _day(assessments.get(store(), actor(), id))
        else:
            _choose()
    except GaitError as error:
        st.error(plain.markdown(str(error)))
        if id:
            _another_day()


def _choose() -> None:
    st.title("Review a day")
    st.write("Go through the frames together, correct what was read wrongly, draw, and leave notes.")
    runner = chosen_runner()
    days = {each.id: each for each in assessments.timeline(store(), actor(), runner.id, limit=MOST_DAYS)}
    if not days:
        st.info("Nothing has been measured for this runner yet: drop clips on the Measure page first.")
        return
    id = st.selectbox("Day", list(days), format_func=lambda id: _named(days[id]), key=f"day_{runner.id}")
    if st.button("Open this day", type="primary", key="open_day"):
        st.query_params[DAY] = id
        st.rerun()


def _named(day: Assessment) -> str:
    clips = ", ".join(clip.file for clip in day.clips)
    corrected = ", corrected" if day.source == "edited" else ""
    return plain.line(f"{day.day.filmed_on:{DATE}}: {clips}{corrected}")


def _another_day() -> None:
    if st.button("Another day", key="another_day", width="stretch"):
        st.query_params.clear()
        st.session_state.pop(DESK, None)
        st.rerun()


def _day(assessment: Assessment) -> None:
    runner = runners.get(store(), actor(), assessment.runner_id)
    st.session_state["runner_id"] = runner.id
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    left.title(f"{plain.markdown(runner.name)}, {assessment.day.filmed_on:{DATE}}")
    with right:
        _another_day()
    desk: Desk | None = st.session_state.get(DESK)
    job = _job(assessment)
    if job is None:
        _without_clips(assessment, runner, NO_CLIPS)
    elif job.running:
        until_done(job, stop="stop_review", caption=READ_AGAIN)
    elif not job.made:
        _without_clips(assessment, runner, job.failure or NO_CLIPS)
    elif desk is None or desk.assessment.id != assessment.id:
        st.session_state[DESK] = _laid_out(assessment, job.made)
        st.rerun()
    else:
        _at(desk, job, runner)


def _job(assessment: Assessment) -> Job[Clips] | None:
    """Reading of the day's clips again, begun if need be; None if none was kept."""
    id, ticket = st.session_state.get(TICKET, ("", ""))
    job = JOBS.find(ticket, actor().id, session()) if id == assessment.id else None
    if job is not None:
        return job
    if not any(file.kind == "clip" for file in assessment.files):
        return None
    begun = JOBS.begin(_reader(assessment), actor().id)
    st.session_state[TICKET] = assessment.id, begun.ticket
    st.session_state.pop(DESK, None)
    return JOBS.find(begun.ticket, actor().id, session())


def _reader(assessment: Assessment) -> Callable[[Progress], Clips]:
    """Read the clips of a day; made here, as the worker cannot ask the page."""
    kept, who, read = store(), actor(), again

    def work(progress: Progress) -> Clips:
        return tuple(read(kept, who, assessment, progress))

    return work


def _without_clips(assessment: Assessment, runner: Runner, why: str) -> None:
    st.info(plain.markdown(why))
    record = from_json(assessments.record(store(), actor(), assessment.id))
    advised = as_advised(told_of(store(), actor(), assessment, record))
    advice(advised)
    decision(assessment.id, advised)
    with st.expander("All numbers"):
        table(record)


def _laid_out(assessment: Assessment, clips: Sequence[ClipAnalysis]) -> Desk:
    record = from_json(assessments.record(store(), actor(), assessment.id))
    desk = opened(assessment, record, clips)
    for id, sheet in desk.sheets.items():
        of_clip = (store(), actor(), assessment.id, id)
        sheet.restore(kept_marks(*of_clip, sheet.shown), kept_points(*of_clip))
    return desk


def _at(desk: Desk, job: Job[Clips], runner: Runner) -> None:
    ids = list(desk.sheets)
    id = desk.clip or desk.now.main.id
    if len(ids) > 1:
        key = f"review_clip_{desk.mount}"
        id = st.selectbox("Clip", ids, index=ids.index(id), format_func=plain.line, key=key)
    desk.clip = id
    folder = job.folder / "frames" / hashlib.sha256(id.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    clip(Table(desk, id, folder, runner))
