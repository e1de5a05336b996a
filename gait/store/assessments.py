"""Assessments: save a day with its record, its clips and what follows from it; ask for them again."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from gait.store import files as folder
from gait.store import tasks
from gait.store.access import assessment_seen, missing, runner_seen
from gait.store.audit import happened
from gait.store.database import Store, reading, writing
from gait.store.domain import Actor, Assessment, Closing, Day, Plan, Point, Source, Task
from gait.store.facts import facts_of
from gait.store.keeping import NewFile, add_files, keep_files
from gait.store.models import AssessmentRow, ClipRow, FileRow, MeasurementRow, RecordRow
from gait.store.prescriptions import close_open, open_new
from gait.store.rows import describe, point_at, to_assessments, write_record

Contacts = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Decision:
    """What an assessment decides about the open cue, and the cue it gives; saved with it or not at all."""

    close: Closing | None = None
    prescribe: Plan | None = None


NOTHING_DECIDED = Decision()


@dataclass(frozen=True)
class NewAssessment:
    """A day to save: its circumstances, its record as JSON text, and the files to keep.

    ``task`` is the batch's task that is done with it, if it comes of one.
    """

    day: Day
    record: str
    files: tuple[NewFile, ...] = ()
    decision: Decision = NOTHING_DECIDED
    task: Task | None = None


def save(store: Store, actor: Actor, runner_id: str, new: NewAssessment) -> Assessment:
    """Save a day; when this returns, all of it is on the disk.

    Raises
    ------
    StoreRefused
        If the record, a file or the decision makes no sense, or the task was done meanwhile; nothing is
        saved.
    StoreFailed
        If it cannot be written; nothing is saved.
    """
    facts = facts_of(new.record)
    with reading(store) as session:
        runner_seen(session, actor, runner_id)
    kept = keep_files(store, new.files, facts.clips)
    with writing(store) as session:
        runner_seen(session, actor, runner_id)
        if new.task is not None:
            tasks.require_open(session, actor, new.task.key)
        row = AssessmentRow(id=str(uuid4()), runner_id=runner_id, saved_at=store.clock())
        describe(row, new.day)
        point_at(row, facts)
        session.add(row)
        session.flush()
        write_record(session, store, row.id, new.record, facts)
        add_files(session, store, row.id, kept)
        happened(session, store, actor, "assessment saved", (runner_id, row.id))
        if new.decision.close:
            close_open(session, store, actor, runner_id, new.decision.close)
        if new.decision.prescribe:
            open_new(session, store, actor, (runner_id, row.id), new.decision.prescribe)
        session.flush()
        if new.task is not None:
            tasks.write(session, store, actor, replace(new.task, assessment_id=row.id), runner_id)
        return to_assessments(session, [row])[0]


def get(store: Store, actor: Actor, assessment_id: str) -> Assessment:
    """Return one assessment."""
    with reading(store) as session:
        return to_assessments(session, [assessment_seen(session, actor, assessment_id)])[0]


def timeline(
    store: Store, actor: Actor, runner_id: str, limit: int = 50, skip: int = 0
) -> tuple[Assessment, ...]:
    """Return a runner's assessments, the newest day first."""
    with reading(store) as session:
        runner_seen(session, actor, runner_id)
        return to_assessments(session, session.scalars(_newest(runner_id).limit(limit).offset(skip)).all())


def latest(store: Store, actor: Actor, runner_id: str, before: date | None = None) -> Assessment | None:
    """Return the newest assessment, or the newest one filmed before a day."""
    with reading(store) as session:
        runner_seen(session, actor, runner_id)
        query = _newest(runner_id)
        if before is not None:
            query = query.where(AssessmentRow.filmed_on < before)
        row = session.scalar(query.limit(1))
        return to_assessments(session, [row])[0] if row else None


def with_clips(store: Store, actor: Actor, runner_id: str, sha256s: Iterable[str]) -> Assessment | None:
    """Return the newest assessment of exactly these clips, so that a day is not saved twice."""
    wanted = sorted(sha256s)
    with reading(store) as session:
        runner_seen(session, actor, runner_id)
        query = _newest(runner_id).where(
            AssessmentRow.id.in_(select(ClipRow.assessment_id).where(ClipRow.sha256.in_(wanted)))
        )
        for assessment in to_assessments(session, session.scalars(query).all()):
            if sorted(clip.sha256 for clip in assessment.clips) == wanted:
                return assessment
    return None


def record(store: Store, actor: Actor, assessment_id: str, source: Source | None = None) -> str:
    """Return a record exactly as it was given.

    Parameters
    ----------
    source
        ``detected`` or ``edited`` of the current method; None for the current one.
    """
    with reading(store) as session:
        return _record(session, actor, assessment_id, source).text


def contacts(store: Store, actor: Actor, assessment_id: str, source: Source | None = None) -> Contacts:
    """Return the contacts of each clip, by its id, as the detected or the edited record has them."""
    content = json.loads(record(store, actor, assessment_id, source))
    return {clip["id"]: clip["contacts"] for clip in content["clips"]}


def save_record(
    store: Store,
    actor: Actor,
    assessment_id: str,
    text: str,
    task: Task | None = None,
    *,
    day: Day | None = None,
) -> Assessment:
    """Save the record of the same day anew, after its contacts were edited or by another method.

    The detected and the edited record of each method are kept side by side; the one given last is the
    current one. ``task`` is the batch's task that is done with it; ``day`` takes the place of what was known
    of the day's circumstances.
    """
    facts = facts_of(text)
    with writing(store) as session:
        row = assessment_seen(session, actor, assessment_id)
        if task is not None:
            tasks.write(session, store, actor, replace(task, assessment_id=row.id), row.runner_id)
        if day is not None:
            describe(row, day)
        point_at(row, facts)
        write_record(session, store, row.id, text, facts)
        happened(session, store, actor, f"record saved, {facts.source}", (row.runner_id, row.id))
        session.flush()
        return to_assessments(session, [row])[0]


def change_day(store: Store, actor: Actor, assessment_id: str, day: Day) -> Assessment:
    """Change the circumstances of a day."""
    with writing(store) as session:
        row = assessment_seen(session, actor, assessment_id)
        describe(row, day)
        happened(session, store, actor, "day changed", (row.runner_id, row.id))
        session.flush()
        return to_assessments(session, [row])[0]


def attach(store: Store, actor: Actor, assessment_id: str, new: Sequence[NewFile]) -> Assessment:
    """Keep more files with an assessment."""
    clips = get(store, actor, assessment_id).clips
    kept = keep_files(store, new, clips)
    with writing(store) as session:
        row = assessment_seen(session, actor, assessment_id)
        add_files(session, store, row.id, kept)
        happened(session, store, actor, "files kept", (row.runner_id, row.id))
        session.flush()
        return to_assessments(session, [row])[0]


def file(store: Store, actor: Actor, assessment_id: str, sha256: str) -> Path:
    """Return where a kept file is, after checking that it is what was kept.

    Raises
    ------
    StoreFailed
        If it is damaged or gone.
    """
    with reading(store) as session:
        assessment_seen(session, actor, assessment_id)
        name = session.scalar(
            select(FileRow.name).where(FileRow.assessment_id == assessment_id, FileRow.sha256 == sha256)
        )
        if name is None:
            raise missing("file")
        return folder.checked(store.files, sha256, name)


def history(store: Store, actor: Actor, runner_id: str, metric: str) -> tuple[Point, ...]:
    """Return one metric over the months, the oldest day first; days on which it was not seen are left out."""
    with reading(store) as session:
        runner_seen(session, actor, runner_id)
        day, seen = AssessmentRow, MeasurementRow
        rows = session.execute(
            select(
                day.id,
                day.filmed_on,
                seen.metric,
                seen.side,
                seen.value,
                seen.unit,
                seen.uncertainty,
                seen.repeatability,
                seen.n,
                day.method,
                day.speed_kmh,
            )
            .join(seen, seen.assessment_id == day.id)
            .where(day.runner_id == runner_id, seen.metric == metric)
            .order_by(day.filmed_on, day.saved_at, day.id, seen.position)
        )
        return tuple(Point(*row) for row in rows)


def _record(session: Session, actor: Actor, assessment_id: str, source: Source | None) -> RecordRow:
    day = assessment_seen(session, actor, assessment_id)
    row = session.get(RecordRow, (assessment_id, source or day.source, day.method))
    if row is None:
        raise missing("record")
    return row


def _newest(runner_id: str) -> Select[AssessmentRow]:
    return (
        select(AssessmentRow)
        .where(AssessmentRow.runner_id == runner_id)
        .order_by(AssessmentRow.filmed_on.desc(), AssessmentRow.saved_at.desc(), AssessmentRow.id)
    )
