"""Who is kept here, and every day of theirs."""

import tempfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from gait import plain
from gait.errors import GaitError
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.words import value_text
from gait.months.history import Month, came_of_it, headlines, months
from gait.months.keep import as_advised
from gait.months.room import said
from gait.months.watched import keep_watch
from gait.store import audit, consents, erasure, portable, runners, scatters
from gait.store.domain import Agreed, Consent, Profile, Runner, Units
from gait.ui import batches, compare, measure, review
from gait.ui.house import actor, all_runners, store
from gait.ui.result import advice, limits, table
from gait.ui.uploads import let_go
from gait.ui.words import length_cm, said_day, said_height, said_speed, units
from gait.watch import file

SHOWN = 30
LOGGED = 50
FLASH, OPEN, EXPORT = "runners_said", "runners_open", "runners_export"
TURN = "runners_turn"
"""Counts how often a list and its search began anew, as no page can empty a field that is shown."""
FILE = "application/zip"


def page() -> None:
    """List the runners, show one of them."""
    st.title("Runners")
    if told := st.session_state.pop(FLASH, ""):
        st.success(told)
    try:
        all_runners()
        batches.questions()
        left, right = st.columns([1, 2], gap="large")
        with left:
            chosen = _list()
            _add()
            _bring_in()
            _bin()
        with right:
            if chosen is not None:
                _runner(chosen)
    except GaitError as error:
        st.error(plain.markdown(str(error)))


def _list() -> Runner | None:
    """Find runners by a part of the name, and let one be chosen."""
    turn = st.session_state.setdefault(TURN, 0)
    part = st.text_input("Find a runner", key=f"runners_part_{turn}", placeholder="A part of the name")
    found = runners.search(store(), actor(), part)
    if not found:
        st.info("Nobody here has that in the name.")
        return None
    ids = [runner.id for runner in found[:SHOWN]]
    names = {runner.id: plain.markdown(runner.name) for runner in found}
    kept = st.session_state.get("runner_id")
    chosen = st.radio(
        "Runners",
        ids,
        ids.index(kept) if kept in ids else 0,
        format_func=lambda id: names[id],
        key=f"runners_one_{turn}_{part}",
        label_visibility="collapsed",
    )
    if len(found) > SHOWN:
        st.caption(f"And {len(found) - SHOWN} more: type a part of the name.")
    st.session_state["runner_id"] = chosen
    return next(runner for runner in found if runner.id == chosen)


def _add() -> None:
    with st.expander("Add a runner"), st.form("add", clear_on_submit=True, border=False):
        name = st.text_input("Name", max_chars=80, key="add_name")
        if st.form_submit_button("Add"):
            _do(lambda: _chosen(runners.add(store(), actor(), Profile(name, _units()))), "is here now")


def _bring_in() -> None:
    with st.expander("Bring one in from a file"):
        turn = st.session_state[TURN]
        upload = st.file_uploader("A runner's file, as this program makes it", ["zip"], key=f"import_{turn}")
        ways = ["Add the days that are missing", "Make a second runner"]
        way = st.radio("If this runner is here already", ways, key="import_how")
        if st.button("Bring in", key="import", disabled=upload is None) and upload is not None:
            try:
                got = _imported(upload.getbuffer(), "merge" if way == ways[0] else "new")
            except GaitError as error:
                st.error(plain.markdown(str(error)))
                return
            let_go()
            _chosen(got.runner)
            _say(f"{got.runner.name} is here: {_count(got.days_added, 'day')} came with the file.")


def _imported(content: memoryview, conflict: portable.OnConflict) -> portable.Imported:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runner.zip"
        path.write_bytes(content)
        return portable.import_runner(store(), actor(), path, conflict)


def _bin() -> None:
    binned = erasure.in_bin(store(), actor())
    if not binned:
        return
    with st.expander(f"Bin ({len(binned)})"):
        st.caption("Who lies here can be taken back, and is deleted by itself after the day that is named.")
        for runner in binned:
            _binned(runner)


def _binned(runner: Runner) -> None:
    with st.container(border=True):
        gone = (runner.deleted_at or runner.created_at) + timedelta(days=erasure.DAYS_IN_BIN)
        st.markdown(f"**{plain.markdown(runner.name)}**, until {said_day(gone)}")
        if st.button("Take back", key=f"restore_{runner.id}"):
            _do(lambda: _chosen(erasure.restore(store(), actor(), runner.id)), "is back")
        typed = st.text_input(
            "To delete now, type the name",
            key=f"erase_name_{runner.id}",
            help="There is no way back from this.",
        )
        same = typed.strip() == runner.name
        if st.button("Delete for good", key=f"erase_{runner.id}", disabled=not same) and same:
            _do(lambda: _erased(runner), "is deleted, with every clip, number and note")


def _erased(runner: Runner) -> Runner:
    erasure.erase(store(), actor(), runner.id)
    return runner


def _runner(runner: Runner) -> None:
    """One runner: who it is, the days, and what can be done with all of it."""
    kept = months(store(), actor(), runner.id)
    st.header(plain.markdown(runner.name), anchor=False)
    st.caption(_about(runner, len(kept)))
    if runner.profile.notes:
        st.markdown(plain.markdown(runner.profile.notes))
    ways = st.container(horizontal=True)
    with ways.popover("Change"):
        _change(runner)
    with ways.popover("Consent"):
        _consent(runner)
    with ways.popover("Watch"):
        _watch(runner)
    with ways.popover("Log"):
        _log(runner)
    with ways.popover("Export"):
        _export(runner)
    with ways.popover("Delete"):
        _delete(runner)
    if not kept:
        st.info("Not filmed yet.")
        st.page_link(_page(measure.page, "Measure", default=True), label="Film and measure")
    _timeline(kept)


def _about(runner: Runner, days: int) -> str:
    height = runner.profile.height_cm
    return ", ".join([*([said_height(height)] if height else []), f"{_count(days, 'day')} kept"])


def _change(runner: Runner) -> None:
    profile = runner.profile
    with st.form(f"change_{runner.id}", border=False):
        name = st.text_input("Name", profile.name, max_chars=80, key=f"name_{runner.id}")
        height = length_cm("Height", f"height_{runner.id}", profile.height_cm)
        choices = ["metric", "imperial"]
        shown = st.radio(
            "Units", choices, choices.index(profile.units), key=f"units_{runner.id}", horizontal=True
        )
        notes = st.text_area("Notes", profile.notes, max_chars=2000, key=f"notes_{runner.id}")
        if st.form_submit_button("Save"):
            new: Units = "imperial" if shown == "imperial" else "metric"
            try:
                runners.change(store(), actor(), runner.id, Profile(name, new, height, notes))
            except GaitError as error:
                st.error(plain.markdown(str(error)))
            else:
                st.session_state["units"] = new
                _say("Saved.")


def _consent(runner: Runner) -> None:
    """What was agreed to, each with a way to take it back; and a form for more."""
    for each in consents.of_runner(store(), actor(), runner.id):
        _agreed(runner, each)
    with st.form(f"consent_{runner.id}", border=False, clear_on_submit=True):
        what = "What is agreed to: what is filmed, who sees it, how long it stays"
        purpose = st.text_area(what, max_chars=2000, key=f"consent_to_{runner.id}")
        by = st.text_input("By whom", runner.name, max_chars=80, key=f"consent_by_{runner.id}")
        on = st.date_input("On", "today", max_value="today", key=f"consent_on_{runner.id}")
        until = st.date_input("Until, if that was said", None, key=f"consent_until_{runner.id}")
        if st.form_submit_button("Write down"):
            _do(lambda: _given(runner, purpose, (by, on, until)), "agreed: it is written down")


def _agreed(runner: Runner, consent: Consent) -> None:
    agreed = consent.agreed
    until = f", until {said_day(agreed.until)}" if agreed.until else ""
    st.markdown(
        f"**{said_day(agreed.given_on)}{until}**, {plain.markdown(agreed.given_by)}: "
        f"{plain.markdown(agreed.purpose)}"
    )
    if consent.withdrawn_on is not None:
        st.caption(f"Taken back on {said_day(consent.withdrawn_on)}")
    elif st.button("Take back", key=f"consent_back_{consent.id}"):
        _do(lambda: _taken_back(runner, consent), "took it back: that is written down")


def _given(runner: Runner, purpose: str, said_by: tuple[str, date, date | None]) -> Runner:
    consents.give(store(), actor(), runner.id, Agreed(purpose, *said_by))
    return runner


def _taken_back(runner: Runner, consent: Consent) -> Runner:
    consents.withdraw(store(), actor(), consent.id, date.today())
    return runner


def _watch(runner: Runner) -> None:
    """How far the cadence scatters, by months of a watch; and a way to say it anew."""
    for each in scatters.known(store(), actor(), runner.id):
        st.markdown(f"Cadence: ± {each.day_sd:.1f} steps/min from day to day ({plain.markdown(each.basis)}).")
    upload = st.file_uploader(
        "Garmin's Activities.csv of several months tells how far this runner's own cadence scatters from day "
        "to day; comparisons then hang on that",
        ["csv"],
        key=f"watch_{runner.id}",
        max_upload_size=file.MOST_MB,
    )
    if st.button("Take it over", key="watch", disabled=upload is None) and upload is not None:
        content, name = upload.getvalue(), plain.file_name(upload.name, "the file")
        _do(lambda: _learned(runner, content, name), "is known better")


def _learned(runner: Runner, content: bytes, name: str) -> Runner:
    keep_watch(store(), actor(), runner.id, file.of(content, name))
    return runner


def _log(runner: Runner) -> None:
    """Who did what, the latest first."""
    happened = audit.events(store(), actor(), runner.id, LOGGED)
    st.caption("Who did what with this runner's days, films and notes, the latest first.")
    rows = [
        {"When": f"{each.at:%Y-%m-%d %H:%M}", "Who": each.actor_name, "What": each.what} for each in happened
    ]
    st.dataframe(rows)
    if len(happened) == LOGGED:
        st.caption(f"Only the last {LOGGED} are shown; the export file holds all.")


def _export(runner: Runner) -> None:
    st.write("One file with every day, clip and note, to keep elsewhere or to take to another computer.")
    held = st.session_state.get(EXPORT)
    if held is None or held[0] != runner.id:
        if not st.button("Make the file", key="export"):
            return
        with st.spinner("Writing"):
            try:
                held = runner.id, _exported(runner)
            except GaitError as error:
                st.error(plain.markdown(str(error)))
                return
        st.session_state[EXPORT] = held
    name = plain.file_name(f"{runner.name}.zip", "runner.zip")
    st.download_button(f"Save it ({said(len(held[1]))})", held[1], name, FILE, key="export_file")


def _exported(runner: Runner) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runner.zip"
        portable.export_runner(store(), actor(), runner.id, path)
        return path.read_bytes()


def _delete(runner: Runner) -> None:
    st.write(
        f"{plain.markdown(runner.name)} goes into the bin, and can be taken back for "
        f"{erasure.DAYS_IN_BIN} days."
    )
    if st.button("Put into the bin", key="delete"):
        _do(lambda: _binned_now(runner), "is in the bin")


def _binned_now(runner: Runner) -> Runner:
    erasure.delete_runner(store(), actor(), runner.id)
    return runner


def _timeline(kept: Sequence[Month]) -> None:
    """Every day, the newest first; one of them open."""
    for number in reversed(range(len(kept))):
        month = kept[number]
        with st.container(border=True):
            _line(month)
            opened = st.session_state.get(OPEN) == month.assessment.id
            if st.button("Close" if opened else "Open", key=f"open_{month.assessment.id}"):
                st.session_state[OPEN] = "" if opened else month.assessment.id
                st.rerun()
            if opened:
                _open(month, kept[number - 1] if number else None)


def _line(month: Month) -> None:
    day, step = month.assessment.day, month.told.step
    facts = [said_speed(day.speed_kmh)] if day.speed_kmh else []
    facts += [plain.markdown(day.shoes)] if day.shoes else []
    facts += ["something hurt"] if day.in_pain else []
    st.markdown(f"**{said_day(day.filmed_on)}**" + "".join(f" · {fact}" for fact in facts))
    cells = "".join(
        f"<div><dt>{plain.markup(CATALOGUE[m.name].label)}</dt><dd>{plain.markup(value_text(m))}</dd></div>"
        for m in headlines(month.record)
    )
    st.html(f'<dl class="gait-facts">{cells}</dl>' if cells else "<p>No number could be read.</p>")
    now = f" Now: **{plain.markdown(step.cue.title)}**." if step.cue else ""
    st.markdown(plain.markdown(came_of_it(month.told)) + now)


def _open(month: Month, before: Month | None) -> None:
    """What the page of that day said, and where to go from there."""
    record, id = as_advised(month.told), month.assessment.id
    ways = st.container(horizontal=True)
    ways.page_link(
        _page(review.page, "Review"),
        label="Review frame by frame",
        icon=":material/edit_note:",
        query_params={"assessment": id},
    )
    if before is not None:
        ways.page_link(
            _page(compare.page, "Compare"),
            label="Compare with the day before",
            icon=":material/compare:",
            query_params={compare.BEFORE: before.assessment.id, compare.AFTER: id},
        )
    if month.assessment.day.notes:
        st.markdown(plain.markdown(month.assessment.day.notes))
    advice(record)
    table(record)
    limits(record)


def _page(show: Callable[[], None], title: str, *, default: bool = False) -> Page:
    return st.Page(show, title=title, url_path="" if default else title.lower(), default=default)


def _units() -> Units:
    return "imperial" if units() == "imperial" else "metric"


def _chosen(runner: Runner) -> Runner:
    """Show this runner from now on, whatever was looked for before."""
    st.session_state["runner_id"] = runner.id
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    return runner


def _do(act: Callable[[], Runner], became: str) -> None:
    """Do something with a runner and say what became of it, or why it could not be."""
    try:
        name = act().name
    except GaitError as error:
        st.error(plain.markdown(str(error)))
    else:
        _say(f"{name} {became}.")


def _say(text: str) -> None:
    """Say something on the page as it is after what was done."""
    st.session_state[FLASH] = plain.markdown(text)
    st.rerun()


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
