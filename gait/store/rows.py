"""Rows of a day <-> the frozen values that go out."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gait.store.database import Store
from gait.store.domain import Assessment, Day, FileKind, KeptClip, KeptFile, Source, Surface
from gait.store.facts import Facts
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
    session.merge(
        RecordRow(
            assessment_id=assessment_id,
            source=facts.source,
            method=facts.method,
            schema=facts.schema,
            saved_at=store.clock(),
            text=text,
        )
    )
    for table in (ClipRow, MeasurementRow):
        session.execute(delete(table).where(table.assessment_id == assessment_id))
    session.add_all(
        ClipRow(
            assessment_id=assessment_id,
            position=position,
            clip=clip.id,
            file=clip.file,
            view=clip.view,
            sha256=clip.sha256,
        )
        for position, clip in enumerate(facts.clips)
    )
    session.add_all(
        MeasurementRow(
            assessment_id=assessment_id,
            position=position,
            metric=each.metric,
            side=each.side,
            value=each.value,
            unit=each.unit,
            uncertainty=each.uncertainty,
            repeatability=each.repeatability,
            n=each.n,
            clip=each.clip,
        )
        for position, each in enumerate(facts.readings)
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
            clips[clip.assessment_id].append(KeptClip(clip.clip, clip.file, clip.view, clip.sha256))
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
