"""The tables. They stay in this room: what goes out are the frozen values of ``domain``.

Every change here needs a migration in ``migrations/versions``; a test compares the two.
"""

import math
from datetime import UTC, date, datetime
from typing import Annotated

from sqlalchemy import BigInteger, DateTime, Dialect, Float, ForeignKey, Index, MetaData, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

LENGTH = 255


class Instant(TypeDecorator[datetime]):
    """An instant in UTC; SQLite keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Keep it in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give it back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Number(TypeDecorator[float]):
    """A float whose NaN is kept as NULL, as databases sort and compare NaN each in its own way."""

    impl = Float(53)
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> float | None:
        """Keep NaN as NULL."""
        return None if value is None or math.isnan(value) else float(value)

    def process_result_value(self, value: float | None, dialect: Dialect) -> float:
        """Give NULL back as NaN."""
        return math.nan if value is None else value


Key = Annotated[str, mapped_column(String(36), primary_key=True)]
Line = Annotated[str, mapped_column(String(LENGTH))]
Digest = Annotated[str, mapped_column(String(64))]
OfRunner = Annotated[str, mapped_column(ForeignKey("runners.id", ondelete="CASCADE"), index=True)]
OfAssessment = Annotated[str, mapped_column(ForeignKey("assessments.id", ondelete="CASCADE"), index=True)]


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read once, when the classes are made
        str: Text(),
        float: Float(53),
        datetime: Instant(),
    }


class RunnerRow(Base):
    """A runner; ``name_key`` is unique among those of one owner that are not in the bin."""

    __tablename__ = "runners"

    id: Mapped[Key]
    owner_id: Mapped[Line]
    name: Mapped[Line]
    name_key: Mapped[str]
    search_key: Mapped[str]
    units: Mapped[Line]
    height_cm: Mapped[float | None]
    notes: Mapped[str]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_runners_one_name",
            "owner_id",
            "name_key",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )


class GrantRow(Base):
    """A coach who may see a runner that is not his own."""

    __tablename__ = "grants"

    runner_id: Mapped[str] = mapped_column(ForeignKey("runners.id", ondelete="CASCADE"), primary_key=True)
    actor_id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    granted_at: Mapped[datetime]


class AssessmentRow(Base):
    """One day; ``schema``, ``method`` and ``source`` name its current record."""

    __tablename__ = "assessments"

    id: Mapped[Key]
    runner_id: Mapped[str] = mapped_column(ForeignKey("runners.id", ondelete="CASCADE"))
    filmed_on: Mapped[date]
    speed_kmh: Mapped[float | None]
    shoes: Mapped[Line]
    surface: Mapped[str | None] = mapped_column(String(LENGTH))
    incline_pct: Mapped[float | None]
    minutes_run_before: Mapped[float | None]
    first_time_on_treadmill: Mapped[bool | None]
    in_pain: Mapped[bool]
    notes: Mapped[str]
    schema: Mapped[int]
    method: Mapped[Line]
    source: Mapped[Line]
    saved_at: Mapped[datetime]

    __table_args__ = (Index("ix_assessments_timeline", "runner_id", "filmed_on", "saved_at"),)


class RecordRow(Base):
    """A record exactly as it was given: the detected and the edited one of each method are kept."""

    __tablename__ = "records"

    assessment_id: Mapped[str] = mapped_column(
        ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True
    )
    source: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    method: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    schema: Mapped[int]
    saved_at: Mapped[datetime]
    text: Mapped[str]


class ClipRow(Base):
    """A clip of an assessment, whether its file is kept or not."""

    __tablename__ = "clips"

    assessment_id: Mapped[str] = mapped_column(
        ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[Line]
    file: Mapped[Line]
    view: Mapped[Line]
    sha256: Mapped[Digest] = mapped_column(index=True)


class FileRow(Base):
    """A file in the folder that an assessment needs."""

    __tablename__ = "files"

    assessment_id: Mapped[str] = mapped_column(
        ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True
    )
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    name: Mapped[Line]
    n_bytes: Mapped[int] = mapped_column(BigInteger())
    clip: Mapped[Line]


class MeasurementRow(Base):
    """A measurement of the current record that has a value: history is asked for without reading records."""

    __tablename__ = "measurements"

    assessment_id: Mapped[str] = mapped_column(
        ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True
    )
    metric: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[Line]
    value: Mapped[float]
    unit: Mapped[Line]
    uncertainty: Mapped[float] = mapped_column(Number(), nullable=True)
    repeatability: Mapped[float] = mapped_column(Number(), nullable=True)
    n: Mapped[int]
    clip: Mapped[Line]

    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - one search a day, not two


class PrescriptionRow(Base):
    """A cue that was given; a runner has at most one that is open."""

    __tablename__ = "prescriptions"

    id: Mapped[Key]
    runner_id: Mapped[OfRunner]
    assessment_id: Mapped[OfAssessment]
    cue_id: Mapped[Line]
    given_on: Mapped[date]
    retest_on: Mapped[date]
    check_metric: Mapped[Line]
    outcome: Mapped[Line]
    closed_on: Mapped[date | None]

    __table_args__ = (
        Index(
            "ix_prescriptions_one_open",
            "runner_id",
            unique=True,
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
    )


class NoteRow(Base):
    """A note pinned to a frame."""

    __tablename__ = "notes"

    id: Mapped[Key]
    assessment_id: Mapped[OfAssessment]
    clip: Mapped[Line]
    frame: Mapped[int]
    joint: Mapped[Line]
    text: Mapped[str]
    author: Mapped[Line]
    written_at: Mapped[datetime]


class MarkRow(Base):
    """A drawing; its points are JSON."""

    __tablename__ = "marks"

    assessment_id: Mapped[str] = mapped_column(
        ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True
    )
    clip: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Line]
    frame: Mapped[int]
    points_px: Mapped[str]
    text: Mapped[str]


class OverruleRow(Base):
    """A decision against the chosen cue."""

    __tablename__ = "overrules"

    id: Mapped[Key]
    assessment_id: Mapped[OfAssessment]
    cue_id: Mapped[Line]
    reason: Mapped[str]
    author: Mapped[Line]
    decided_at: Mapped[datetime]


class ScatterRow(Base):
    """How far a metric of a runner scatters from day to day, as something beside the films shows it."""

    __tablename__ = "scatters"

    runner_id: Mapped[str] = mapped_column(ForeignKey("runners.id", ondelete="CASCADE"), primary_key=True)
    metric: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    day_sd: Mapped[float]
    df: Mapped[float]
    basis: Mapped[Line]


class ConsentRow(Base):
    """What somebody agreed to."""

    __tablename__ = "consents"

    id: Mapped[Key]
    runner_id: Mapped[OfRunner]
    purpose: Mapped[str]
    given_by: Mapped[Line]
    given_on: Mapped[date]
    until: Mapped[date | None]
    author: Mapped[Line]
    written_at: Mapped[datetime]
    withdrawn_on: Mapped[date | None]


class EventRow(Base):
    """What happened. Of an erased runner only that fact stays, so no event holds what he is called."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor_id: Mapped[Line]
    actor_name: Mapped[Line]
    runner_id: Mapped[str] = mapped_column(String(36), index=True)
    what: Mapped[Line]
    subject_id: Mapped[Line]


class DoomedRow(Base):
    """A clip or file whose last runner was erased: it and what was made from it still have to go."""

    __tablename__ = "doomed"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)


class TaskRow(Base):
    """What became of one assessment of a batch, by the digest of all that it was asked with."""

    __tablename__ = "tasks"

    owner_id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[Line]
    text: Mapped[str]
    deaths: Mapped[int]
    at: Mapped[datetime]
    runner_id: Mapped[str | None] = mapped_column(ForeignKey("runners.id", ondelete="CASCADE"), index=True)
    assessment_id: Mapped[str | None] = mapped_column(
        ForeignKey("assessments.id", ondelete="CASCADE"), index=True
    )
