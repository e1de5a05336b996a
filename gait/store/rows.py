"""Rows of a day <-> the frozen values that go out."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from gait.store.database import Store
from gait.store.domain import Assessment, Day, FileKind, KeptClip, KeptFile, Source, Surface
from gait.store.facts import Facts, Reading
from gait.store.models import AssessmentRow, ClipRow, FileRow, MeasurementRow, RecordRow

MANY = 500
"""Ids in one query; databases have a limit."""


def describe(row: AssessmentRow, day: Day) -> None:
    """Write the circumstances into a row."""
    row.filmed_on, row.speed_kmh, row.shoes, row.surface = (
        day.filmed_on,
        day.speed_kmh,
        day.shoes,
        day.surface,
    )
    row.incline_pct, row.minutes_run_before = day.incline_pct, day.minutes_run_before
    row.first_time_on_treadmill, row.in_pain, row.notes = day.first_time_on_treadmill, day.in_pain, day.notes


def point_at(row: AssessmentRow, facts: Facts) -> None:
    """Make a record the current one."""
    row.schema, row.method, row.source = facts.schema, facts.method, facts.source


def write_record(session: Session, store: Store, assessment_id: str, text: str, facts: Facts) -> None:
    """Keep a record, and make its clips and measurements the ones that are asked for."""
    write_text(session, assessment_id, text, facts, store.clock())
    write_measured(session, assessment_id, facts)


def write_text(session: Session, assessment_id: str, text: str, facts: Facts, saved_at: datetime) -> None:
    """Keep a record in the place of an earlier one of the same source and method."""
    key = {"assessment_id": assessment_id, "source": facts.source, "method": facts.method}
    session.execute(delete(RecordRow).filter_by(**key))
    session.execute(insert(RecordRow), [{**key, "schema": facts.schema, "saved_at": saved_at, "text": text}])


def write_measured(session: Session, assessment_id: str, facts: Facts) -> None:
    """Make a record's clips and measurements the ones that are asked for."""
    for table, things in ((ClipRow, facts.clips), (MeasurementRow, facts.readings)):
        session.execute(delete(table).where(table.assessment_id == assessment_id))
        if things:
            session.execute(insert(table), numbered(assessment_id, things))


def numbered(assessment_id: str, things: Sequence[KeptClip | Reading]) -> list[dict[str, object]]:
    """Return what the tables of clips and measurements hold of a record, in its order."""
    return [
        {"assessment_id": assessment_id, "position": position, **vars(thing)}
        for position, thing in enumerate(things)
    ]


def file_row(assessment_id: str, kept: KeptFile) -> FileRow:
    """Make the row of a file."""
    return FileRow(
        assessment_id=assessment_id,
        sha256=kept.sha256,
        kind=kept.kind,
        name=kept.name,
        n_bytes=kept.n_bytes,
        clip=kept.clip,
    )


def to_assessments(session: Session, rows: Sequence[AssessmentRow]) -> tuple[Assessment, ...]:
    """Read rows of days, with their clips and files."""
    clips: dict[str, list[KeptClip]] = defaultdict(list)
    kept: dict[str, list[KeptFile]] = defaultdict(list)
    ids = [row.id for row in rows]
    for some in (ids[start : start + MANY] for start in range(0, len(ids), MANY)):
        for clip in session.scalars(
            select(ClipRow).where(ClipRow.assessment_id.in_(some)).order_by(ClipRow.position)
        ):
            clips[clip.assessment_id].append(KeptClip(clip.id, clip.file, clip.view, clip.sha256))
        for file in session.scalars(
            select(FileRow).where(FileRow.assessment_id.in_(some)).order_by(FileRow.kind, FileRow.name)
        ):
            kept[file.assessment_id].append(to_file(file))
    return tuple(_assessment(row, clips[row.id], kept[row.id]) for row in rows)


def to_file(row: FileRow) -> KeptFile:
    """Read the row of a file."""
    kind: FileKind = row.kind  # type: ignore[assignment]
    return KeptFile(kind, row.name, row.sha256, row.n_bytes, row.clip)


def to_day(row: AssessmentRow) -> Day:
    """Read the circumstances of a day."""
    surface: Surface | None = row.surface  # type: ignore[assignment]
    return Day(
        filmed_on=row.filmed_on,
        speed_kmh=row.speed_kmh,
        shoes=row.shoes,
        surface=surface,
        incline_pct=row.incline_pct,
        minutes_run_before=row.minutes_run_before,
        first_time_on_treadmill=row.first_time_on_treadmill,
        in_pain=row.in_pain,
        notes=row.notes,
    )


def _assessment(row: AssessmentRow, clips: Sequence[KeptClip], kept: Sequence[KeptFile]) -> Assessment:
    source: Source = "edited" if row.source == "edited" else "detected"
    return Assessment(
        id=row.id,
        runner_id=row.runner_id,
        day=to_day(row),
        schema=row.schema,
        method=row.method,
        source=source,
        saved_at=row.saved_at,
        clips=tuple(clips),
        files=tuple(kept),
    )
