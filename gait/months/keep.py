"""Keep an analysis with its runner, and ask first whether the open cue worked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from gait.analysis import (
    ClipAnalysis,
    ClipRequest,
    Progress,
    Request,
    RunnerFacts,
    read_clips,
    silent,
    with_contacts,
)
from gait.coaching.book import book
from gait.coaching.cue import Advice
from gait.coaching.programme import Move, Step
from gait.errors import StoreRefused
from gait.months.plan import Dated, Told, plan
from gait.months.watched import own
from gait.record import Record, from_json, to_json
from gait.store import assessments, prescriptions, runners, tasks
from gait.store.assessments import NOTHING_DECIDED, Decision, NewAssessment
from gait.store.database import Store
from gait.store.domain import Actor, Assessment, Closing, Day, Plan, Profile, Runner, Task
from gait.store.keeping import NewFile

MOST_DAYS = 1000


@dataclass(frozen=True, eq=False)
class Kept:
    """One day as it was saved, and what it says of the days before."""

    runner: Runner
    assessment: Assessment
    told: Told
    last: Record | None
    """The record of the day before this one; None for the first."""
    corrected: bool = False
    """True if these clips were kept and corrected by hand before: that record stays, ``told`` is of it."""


def the_runner(store: Store, actor: Actor, name: str) -> Runner:
    """Return the runner of a name, added if there is none."""
    try:
        return runners.by_name(store, actor, name)
    except StoreRefused as error:
        if error.id != "unknown-runner":
            raise
        return runners.add(store, actor, Profile(name))


def days(store: Store, actor: Actor, runner_id: str) -> tuple[Dated, ...]:
    """Every kept day of a runner, the oldest first."""
    kept = assessments.timeline(store, actor, runner_id, limit=MOST_DAYS)
    return tuple(dated(store, actor, each) for each in reversed(kept))


def dated(store: Store, actor: Actor, assessment: Assessment) -> Dated:
    """One kept day with its record."""
    return Dated(from_json(assessments.record(store, actor, assessment.id)), assessment.day)


@dataclass(frozen=True, eq=False)
class Filed:
    """A day to keep: its record, its circumstances, and the id and file of each clip to keep."""

    record: Record
    day: Day
    clips: Sequence[tuple[str, Path]] = ()
    task: Task | None = None
    """The batch's task that is done with it."""
    over_corrections: bool = False
    """True if it takes the place even of a record that was corrected by hand."""


def day_of(store: Store, actor: Actor, runner_id: str, clips: Sequence[ClipAnalysis]) -> date:
    """The day of clips of which nobody said it: as it is kept already, else as :func:`written_day`."""
    known = assessments.with_clips(store, actor, runner_id, [clip.clip.sha256 for clip in clips])
    return written_day(clips) if known is None else known.day.filmed_on


def written_day(clips: Sequence[ClipAnalysis]) -> date:
    """The first day that a phone wrote into one of these clips; today where none did."""
    return min((clip.clip.day for clip in clips if clip.clip.day), default=date.today())


def keep(
    store: Store,
    actor: Actor,
    runner: Runner,
    record: Record,
    day: Day,
    clips: Sequence[tuple[str, Path]] = (),
) -> Kept:
    """Save a day and its clips; the same clips again replace the day and its record.

    A record that was corrected by hand is not replaced (see :class:`Filed`); notes and drawings always stay.

    Parameters
    ----------
    clips
        Id and file of each clip to keep.

    Raises
    ------
    StoreFailed
        If it cannot be saved; nothing is then changed.
    """
    return file(store, actor, runner, Filed(record, day, clips))


def file(store: Store, actor: Actor, runner: Runner, new: Filed) -> Kept:
    """Save a day as :func:`keep` does; the task that it comes of is done in the same transaction.

    A day before days that are kept already decides nothing about the cue that is open now.

    Raises
    ------
    StoreFailed
        If it cannot be saved; nothing is then changed.
    """
    record, day = new.record, new.day
    known = assessments.with_clips(store, actor, runner.id, [clip.sha256 for clip in record.clips])
    if known is not None and not new.over_corrections and undoes(store, actor, known, record):
        return _as_corrected(store, actor, runner, known, new.task)
    before = days(store, actor, runner.id)
    others = [each for each in before if known is None or not _same_clips(each.record, record)]
    earlier = [each.record for each in others if each.record.filmed_on <= record.filmed_on]
    scatter = own(store, actor, runner.id)
    told = next(t for t in plan([*others, Dated(record, day)], scatter) if t.record is record)
    if known is not None:
        now = _filled_in(day, known.day)
        saved = assessments.save_record(store, actor, known.id, to_json(record), new.task, day=now)
    else:
        files = tuple(NewFile(path, "clip", id) for id, path in new.clips)
        newest = len(earlier) == len(others)
        decision = _decision(store, actor, runner, told.step, day) if newest else NOTHING_DECIDED
        saved = assessments.save(
            store, actor, runner.id, NewAssessment(day, to_json(record), files, decision, new.task)
        )
    return Kept(runner, saved, told, earlier[-1] if earlier else None)


def undoes(store: Store, actor: Actor, kept: Assessment, new: Record) -> bool:
    """True if a kept day was corrected (contacts, waistband, hands) and a new record of it was not."""
    marked = {clip.sha256 for clip in new.clips if clip.marked}
    old = from_json(assessments.record(store, actor, kept.id))
    unmarked = any(clip.marked and clip.sha256 not in marked for clip in old.clips)
    return kept.source == "edited" or unmarked


def _as_corrected(store: Store, actor: Actor, runner: Runner, kept: Assessment, task: Task | None) -> Kept:
    """The day as somebody corrected it; a task that would have read it anew is done."""
    if task is not None:
        tasks.note(store, actor, replace(task, assessment_id=kept.id), runner.id)
    record = from_json(assessments.record(store, actor, kept.id))
    before = assessments.latest(store, actor, runner.id, before=record.filmed_on)
    last = dated(store, actor, before).record if before is not None else None
    return Kept(runner, kept, told_of(store, actor, kept, record), last, corrected=True)


def again(
    store: Store, actor: Actor, assessment: Assessment, progress: Progress = silent
) -> list[ClipAnalysis]:
    """Read the kept clips of a day again, as they were read then; those that are gone are left out.

    What is known of a clip from then is taken over: its rate, and contacts that were edited.
    """
    record = from_json(assessments.record(store, actor, assessment.id))
    kept = {file.clip: file for file in assessment.files if file.kind == "clip"}
    wanted = tuple(
        ClipRequest(
            assessments.file(store, actor, assessment.id, kept[clip.id].sha256),
            capture_fps=clip.time_base.capture_fps,
            id=clip.id,
        )
        for clip in record.clips
        if clip.id in kept
    )
    if not wanted:
        return []
    facts = facts_of(record, assessment.day)
    each = read_clips(Request(wanted, facts, record.filmed_on), progress)
    contacts = {clip.id: clip.contacts for clip in record.clips}
    return [with_contacts(clip, contacts[clip.id]) for clip in each if isinstance(clip, ClipAnalysis)]


def facts_of(record: Record, day: Day) -> RunnerFacts:
    """What was known of the runner and the run when a record was made."""
    return RunnerFacts(height_of(record), day.speed_kmh, day.incline_pct)


def height_of(record: Record) -> float | None:
    """Body height that a record was made with; None if unknown."""
    return None if math.isnan(record.runner.height_cm) else record.runner.height_cm


def told_of(store: Store, actor: Actor, assessment: Assessment, record: Record) -> Told:
    """What a day says if this is its record, after all days before it."""
    kept = assessments.timeline(store, actor, assessment.runner_id, limit=MOST_DAYS)
    others = [dated(store, actor, each) for each in kept if each.id != assessment.id]
    told = plan([*others, Dated(record, assessment.day)], own(store, actor, assessment.runner_id))
    return next(each for each in told if each.record is record)


def advice_of(told: Told) -> Advice:
    """What the day's page says: the open cue first, and whether it worked."""
    step, own = told.step, told.record.advice
    findings = own.findings if own.cue and step.cue and own.cue.id == step.cue.id else ()
    return Advice(step.cue, step.why, findings, step.why_id, step.field, step.runner_up)


def as_advised(told: Told) -> Record:
    """The record with the advice that follows from all days, not from its own alone."""
    return replace(told.record, advice=advice_of(told))


def _filled_in(day: Day, known: Day) -> Day:
    """What is said of a day now; what is not said now stays as it was."""
    return replace(
        day,
        shoes=day.shoes or known.shoes,
        surface=day.surface or known.surface,
        minutes_run_before=day.minutes_run_before or known.minutes_run_before,
        notes=day.notes or known.notes,
    )


def _same_clips(one: Record, other: Record) -> bool:
    return sorted(c.sha256 for c in one.clips) == sorted(c.sha256 for c in other.clips)


def _decision(store: Store, actor: Actor, runner: Runner, step: Step, day: Day) -> Decision:
    """What becomes of the prescriptions that are kept: the ended one is closed, a new one opened."""
    current = prescriptions.current(store, actor, runner.id)
    given = step.prescription
    ended = step.move in (Move.CLOSED, Move.NEXT)
    if current is not None and not ended and given is not None and given.cue_id == current.plan.cue_id:
        return NOTHING_DECIDED
    close = None
    if current is not None:
        close = Closing(
            "worked" if step.move is Move.CLOSED else "not shown", max(day.filmed_on, current.plan.given_on)
        )
    recipe = book().recipe(given.cue_id) if given and step.cue else None
    opened = None
    if recipe is not None and given is not None and step.cue is not None:
        opened = Plan(recipe.id, given.started, step.cue.retest, recipe.check.metric)
    return Decision(close=close, prescribe=opened)
