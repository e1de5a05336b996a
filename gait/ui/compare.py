"""Two days of one runner: what the cue did, what changed, both landings, both films."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gait import plain
from gait.analysis import Progress
from gait.coaching.book import Recipe
from gait.coaching.change import Change
from gait.coaching.trend import Trend
from gait.errors import BadRequest, GaitError
from gait.export.comparison import both_curves, changed_first, row_of, trend_png
from gait.months.history import HEADLINES, Month, cue_before, months, sorted_out, trends, what_the_cue_did
from gait.months.keep import again
from gait.months.pair import Pair, pair
from gait.months.watched import own
from gait.store import assessments
from gait.store.domain import Runner
from gait.ui import measure
from gait.ui.films import Films, films_of
from gait.ui.house import actor, chosen_runner, dark, session, store
from gait.ui.jobs import JOBS, Job
from gait.ui.player.component import Reel, player
from gait.ui.result import joints
from gait.ui.waiting import until_done
from gait.ui.words import said_day

BEFORE, AFTER = "before", "after"
HELD = "compare_reading"
GOES_ON = "You can look at another page meanwhile."
NONE_ALIKE = "No two of these clips show the same side: there are no two films to lay beside each other."


def page() -> None:
    """Show what can be said of two days, and both of them."""
    st.title("Compare two days")
    try:
        runner = _runner()
        kept = months(store(), actor(), runner.id)
        if len(kept) < 2:
            _too_few(runner, len(kept))
            return
        before, after = _days(runner, kept)
        if before is not after:
            _compared(kept, before, after)
    except GaitError as error:
        st.error(plain.markdown(str(error)))


def _runner() -> Runner:
    """The runner of the days in the address, else the one who was chosen last."""
    asked = st.query_params.get(AFTER, "")
    if asked and "runner_choice" not in st.session_state:
        try:
            st.session_state["runner_id"] = assessments.get(store(), actor(), asked).runner_id
        except GaitError:
            st.query_params.clear()
    return chosen_runner()


def _too_few(runner: Runner, days: int) -> None:
    name = plain.markdown(runner.name)
    there = f"There is one day of {name} so far." if days else f"{name} has not been filmed yet."
    st.info(f"{there} Two days are needed: film again in a month, same speed, shoes, side and camera.")
    st.page_link(
        st.Page(measure.page, title="Measure", default=True),
        label="Measure",
        icon=":material/directions_run:",
    )


def _days(runner: Runner, kept: Sequence[Month]) -> tuple[Month, Month]:
    """Let two days be chosen; the last two to begin with."""
    newest_first = kept[::-1]
    names = {each.assessment.id: _named(each, kept) for each in newest_first}
    chosen = []
    for column, label, key, usual in zip(
        st.columns(2), ("Earlier day", "Later day"), (BEFORE, AFTER), (1, 0), strict=True
    ):
        ids = list(names)
        asked = st.query_params.get(key, "")
        index = ids.index(asked) if asked in ids else usual
        chosen.append(
            column.selectbox(label, ids, index, format_func=lambda id: names[id], key=f"{key}_{runner.id}")
        )
        st.query_params[key] = chosen[-1]
    by_id = {each.assessment.id: each for each in kept}
    if chosen[0] == chosen[1]:
        st.info("This is one day twice: choose two different days.")
    return by_id[chosen[0]], by_id[chosen[1]]


def _named(month: Month, kept: Sequence[Month]) -> str:
    """The date; where a day was filmed twice, with the first clip's name."""
    day = month.record.filmed_on
    twice = sum(other.record.filmed_on == day for other in kept) > 1
    return said_day(day) + (f", {plain.line(month.record.main.file)}" if twice else "")


def _compared(kept: Sequence[Month], one: Month, other: Month) -> None:
    later = max((one, other), key=lambda each: each.record.filmed_on)
    cue = cue_before(kept, later.record)
    found = pair(one.dated, other.dated, cue, own(store(), actor(), later.assessment.runner_id))
    st.html(f'<p class="gait-first">{plain.markup(what_the_cue_did(found, cue))}</p>')
    for warning in found.comparison.warnings:
        st.caption(f"Keep in mind: {plain.markdown(warning.text)}")
    if not found.comparison.gate:
        _lists(found)
    _films(found, sorted((one, other), key=lambda each: each.record.filmed_on))
    _curves(found)
    _trends(kept, cue)
    with st.expander("All numbers of both days"):
        _table(found)


def _lists(found: Pair) -> None:
    heaps = sorted_out(found.comparison.changes)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("What changed")
        st.markdown(_listed(heaps.changed) or "Nothing that these films can show.")
        if heaps.same:
            st.subheader("What is the same")
            st.markdown(_listed(heaps.same))
    with right:
        if heaps.not_seen:
            st.subheader("What could not be seen")
            shown = [each for each in heaps.not_seen if each is not found.comparison.check]
            first = [each for each in shown if each.metric in HEADLINES]
            rest = [each for each in shown if each not in first]
            st.markdown(_listed(first))
            if rest:
                with st.expander(f"{len(rest)} more"):
                    st.markdown(_listed(rest))
        if heaps.apart:
            with st.expander("What cannot be compared, and why"):
                lines = [f"- **{plain.markdown(what)}**: {plain.markdown(why)}" for why, what in heaps.apart]
                st.markdown("\n".join(lines))


def _listed(changes: Sequence[Change]) -> str:
    return "\n".join(f"- {plain.markdown(change.text)}" for change in changes)


def _films(found: Pair, days: Sequence[Month]) -> None:
    st.subheader("Both landings, both films")
    key = tuple(day.assessment.id for day in days)
    held, ticket = st.session_state.get(HELD, ((), ""))
    if held != key:
        JOBS.drop(ticket)
    job = JOBS.find(ticket, actor().id, session()) if held == key else None
    if job is not None:
        _held(job, days)
        return
    missing = _without_films(found, days)
    if missing:
        st.info(missing)
        return
    st.write(
        "The clips that were kept are read again: seconds if this computer remembers them, else minutes."
    )
    if st.button("Show both films", key="films"):
        st.session_state[HELD] = key, JOBS.begin(_reader(found, days), actor().id).ticket
        st.rerun()


def _without_films(found: Pair, days: Sequence[Month]) -> str:
    """Why there are no two films to show; empty if there are."""
    clips = found.clips()
    if clips is None:
        return "No two clips show the same side: film from the same side again to see both together."
    for clip, day in zip(clips, days, strict=True):
        if all(file.sha256 != clip.sha256 for file in day.assessment.files):
            return (
                f"The clip of {said_day(day.record.filmed_on)} was not kept here: its numbers can be "
                "compared, its pictures cannot be shown."
            )
    return ""


def _reader(found: Pair, days: Sequence[Month]) -> Callable[[Progress], Films]:
    """Read the clips of both days; made here, as the worker cannot ask the page."""
    kept, who = store(), actor()

    def read(progress: Progress) -> Films:
        clips = [clip for day in days for clip in again(kept, who, day.assessment, progress)]
        both = found.films(clips)
        if both is None:
            raise BadRequest(NONE_ALIKE, id="no-two-films")
        return films_of(*both)

    return read


def _held(job: Job[Films], days: Sequence[Month]) -> None:
    if job.running:
        until_done(job, stop="stop_films", caption=GOES_ON)
    elif job.made is not None:
        _shown(job.made, job.folder, days)
    else:
        st.warning(plain.markdown(job.failure))
        if st.button("Try again", key="retry"):
            JOBS.drop(job.ticket)
            st.rerun()


def _shown(films: Films, folder: Path, days: Sequence[Month]) -> None:
    dates = [said_day(day.record.filmed_on) for day in days]
    if films.landings is None:
        st.info("No landing could be read in one of the two: the films below show what was seen.")
    else:
        st.image(films.landings, width="stretch", alt="A typical landing of each day, beside each other")
        st.caption(
            f"A typical landing of each, at the same scale and on the same ground. Left: {dates[0]}. "
            f"Right: {dates[1]}. White: straight down from the hip. Red: overstride. Green: shin."
        )
    reels = []
    for number, proxy in enumerate(films.proxies):
        own = folder / str(number)
        own.mkdir(exist_ok=True)
        reels.append(Reel(f"day-{number}", f"{days[number].record.filmed_on:%d %b %Y}", proxy, own))
    player(reels, key="compare_player")
    st.caption("Both films stand at the same moment of the stride, whatever the speed of the legs.")


def _curves(found: Pair) -> None:
    pictures = both_curves(found, dark=dark())
    if not pictures:
        return
    st.subheader("Your joints over one stride, both days")
    joints(pictures, "over one stride, both days: curves")
    st.caption("Line: the middle of the strides. Band: how far they spread.")


def _trends(kept: Sequence[Month], cue: Recipe | None) -> None:
    asked = (cue.check.metric,) if cue else ()
    first, *others = trends([each.dated for each in kept], (*asked, *HEADLINES)) or (None,)
    if first is None:
        return
    st.subheader("Over the months")
    _trend(first)
    if others:
        more = st.expander("The other headline numbers over the months", on_change="rerun", key="more_trends")
        if more.open:
            for each in others:
                _trend(each, more)


def _trend(each: Trend, place: DeltaGenerator | None = None) -> None:
    place = place or st.container()
    where = f"On the {each.side}. " if each.side else ""
    picture = trend_png(each, dark=dark())
    if picture is not None:
        place.image(picture, width=620, alt=f"Over the months: {each.text}")
    place.caption(plain.markdown(where + each.text))


def _table(found: Pair) -> None:
    heads = ("What", *(f"{each.filmed_on:%d %b %Y}" for each in (found.before, found.after)), "")
    if heads[1] == heads[2]:
        heads = ("What", "First", "Second", "")
    lines = [dict(zip(heads, row_of(each), strict=True)) for each in changed_first(found.comparison.changes)]
    st.table(lines)
    st.caption("A change is said only where it is larger than films and days differ by themselves.")
