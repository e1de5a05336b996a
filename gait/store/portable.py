"""One runner as one file, to keep elsewhere or to carry to another computer."""

import hashlib
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Literal, TypeVar
from uuid import uuid4

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from gait.store import files as folder
from gait.store.access import runner_owned
from gait.store.annotations import mark_row, note_row, overrule_row, to_mark, to_note, to_overrule
from gait.store.archive import RUNNER, Archive, Writer, broken, opened, written
from gait.store.audit import happened, to_event
from gait.store.consents import consent_row, to_consent
from gait.store.database import Store, reading, writing
from gait.store.domain import Actor, Closing, Consent, Prescription, Runner, Source
from gait.store.dossier import Dossier, Drawn, KeptDay, KeptRecord, from_json, to_json
from gait.store.facts import facts_of
from gait.store.failures import said
from gait.store.models import (
    AssessmentRow,
    ConsentRow,
    EventRow,
    FileRow,
    MarkRow,
    NoteRow,
    OverruleRow,
    PrescriptionRow,
    RecordRow,
    RunnerRow,
    ScatterRow,
)
from gait.store.prescriptions import open_row, prescription_row, to_prescription
from gait.store.rows import describe, file_row, point_at, to_day, to_file, write_measured, write_text
from gait.store.runners import free_name, new_row, to_runner
from gait.store.scatters import scatter_row, to_scatter

OnConflict = Literal["merge", "new"]
OfDay = TypeVar("OfDay", RecordRow, FileRow, NoteRow, MarkRow, OverruleRow)
REPLACED = "replaced"
"""How an imported cue ended that was open while another was open here."""


@dataclass(frozen=True)
class Imported:
    """What an import did: into whom, and how many days were not there before."""

    runner: Runner
    merged: bool
    days_added: int


def export_runner(store: Store, actor: Actor, runner_id: str, path: Path) -> None:
    """Write all that is kept of a runner into one file; only his owner may.

    Raises
    ------
    StoreFailed
        If the file cannot be written, or a clip in the store is damaged; then there is no file.
    """
    with reading(store) as session:
        runner_owned(session, actor, runner_id)
    about = {"made_by": version("gait"), "made_at": store.clock().isoformat()}
    with written(path, about) as writer:
        with reading(store) as session:
            row = runner_owned(session, actor, runner_id)
            dossier = _dossier(session, row, writer)
        writer.add_text(RUNNER, to_json(dossier))
        for each in (file for day in dossier.days for file in day.files):
            with said(store.where):
                place = folder.checked(store.files, each.sha256, each.name)
            writer.add_file(_file_member(each.sha256), place, folder.Digested(each.sha256, each.n_bytes))


def import_runner(store: Store, actor: Actor, path: Path, on_conflict: OnConflict = "merge") -> Imported:
    """Take over a runner from a file; he becomes the actor's own. All of it, or nothing.

    Parameters
    ----------
    on_conflict
        If the actor has this very runner already: ``merge`` adds what is not there and leaves what is,
        ``new`` makes another runner, with a number behind the name.

    Raises
    ------
    StoreRefused
        If the file is damaged, was made by a newer program, or is none of ours.
    """
    with opened(path, store.files) as archive:
        archive.verify()
        dossier = from_json(archive.text(RUNNER))
        _check_complete(archive, dossier)
        with said(store.where):
            for name in archive.members:
                if name.startswith("files/"):
                    archive.bring(name, store.files)
        with writing(store) as session:
            return _write(session, store, actor, _Import(archive, dossier, on_conflict))


@dataclass(frozen=True)
class _Import:
    archive: Archive
    dossier: Dossier
    on_conflict: OnConflict


def _dossier(session: Session, row: RunnerRow, writer: Writer) -> Dossier:
    days = session.scalars(
        select(AssessmentRow).where(AssessmentRow.runner_id == row.id).order_by(AssessmentRow.filmed_on)
    )
    given = session.scalars(select(PrescriptionRow).where(PrescriptionRow.runner_id == row.id))
    events = session.scalars(select(EventRow).where(EventRow.runner_id == row.id).order_by(EventRow.id))
    agreed = session.scalars(select(ConsentRow).where(ConsentRow.runner_id == row.id))
    own = session.scalars(select(ScatterRow).where(ScatterRow.runner_id == row.id))
    return Dossier(
        id=row.id,
        profile=to_runner(row).profile,
        created_at=row.created_at,
        days=tuple(_kept_day(session, day, writer) for day in days),
        prescriptions=tuple(to_prescription(each) for each in given),
        events=tuple(to_event(each) for each in events),
        consents=tuple(to_consent(each) for each in agreed),
        scatters=tuple(to_scatter(each) for each in own),
    )


def _kept_day(session: Session, row: AssessmentRow, writer: Writer) -> KeptDay:
    source: Source = "edited" if row.source == "edited" else "detected"
    return KeptDay(
        id=row.id,
        day=to_day(row),
        saved_at=row.saved_at,
        source=source,
        method=row.method,
        records=tuple(_kept_record(each, writer) for each in _of_day(session, RecordRow, row.id)),
        files=tuple(to_file(each) for each in _of_day(session, FileRow, row.id)),
        notes=tuple(to_note(each) for each in _of_day(session, NoteRow, row.id)),
        drawn=tuple(Drawn(each.clip, to_mark(each)) for each in _of_day(session, MarkRow, row.id)),
        overrules=tuple(to_overrule(each) for each in _of_day(session, OverruleRow, row.id)),
    )


def _of_day(session: Session, table: type[OfDay], assessment_id: str) -> list[OfDay]:
    keys = inspect(table).primary_key
    query = select(table).where(table.assessment_id == assessment_id).order_by(*keys)
    rows = list(session.scalars(query))
    for row in rows:
        session.expunge(row)
    return rows


def _kept_record(row: RecordRow, writer: Writer) -> KeptRecord:
    sha256 = hashlib.sha256(row.text.encode()).hexdigest()
    writer.add_text(_record_member(sha256), row.text)
    source: Source = "edited" if row.source == "edited" else "detected"
    return KeptRecord(source, row.method, row.saved_at, sha256)


def _record_member(sha256: str) -> str:
    return f"records/{sha256}.json"


def _file_member(sha256: str) -> str:
    return f"files/{sha256}"


def _check_complete(archive: Archive, dossier: Dossier) -> None:
    """Refuse an archive whose records or files are not those of its days."""
    for day in dossier.days:
        for kept in day.files:
            declared = archive.members.get(_file_member(kept.sha256))
            if declared != folder.Digested(kept.sha256, kept.n_bytes):
                raise broken()
        for record in day.records:
            if _record_member(record.sha256) not in archive.members:
                raise broken()
            facts = facts_of(archive.text(_record_member(record.sha256)))
            if (facts.source, facts.method) != (record.source, record.method):
                raise broken()


def _write(session: Session, store: Store, actor: Actor, job: _Import) -> Imported:
    dossier = job.dossier
    there = session.get(RunnerRow, dossier.id)
    mine = there is not None and there.owner_id == actor.id and there.deleted_at is None
    merged = mine and job.on_conflict == "merge"
    if there is None or not merged:
        profile = replace(dossier.profile, name=free_name(session, actor, dossier.profile.name))
        runner_id = dossier.id if there is None else str(uuid4())
        row = new_row(profile, actor, runner_id, dossier.created_at)
        session.add(row)
        session.flush()
    else:
        row = there
    days = {day.id: _write_day(session, store, (row.id, day), job.archive) for day in dossier.days}
    for given in dossier.prescriptions:
        _write_prescription(session, row.id, given, days[given.assessment_id].id)
    for consent in dossier.consents:
        _write_consent(session, row.id, consent)
    for own in dossier.scatters:
        if session.get(ScatterRow, (row.id, own.metric)) is None:
            session.add(scatter_row(row.id, own))
    happened(session, store, actor, "runner imported", (row.id, row.id))
    return Imported(to_runner(row), merged, sum(day.added for day in days.values()))


@dataclass(frozen=True)
class _Written:
    id: str
    added: bool


def _write_day(session: Session, store: Store, what: tuple[str, KeptDay], archive: Archive) -> _Written:
    """Write a day that is not there; add to one that is what was said elsewhere."""
    runner_id, kept = what
    owner = session.scalar(select(AssessmentRow.runner_id).where(AssessmentRow.id == kept.id))
    added = owner != runner_id
    id_ = kept.id if owner in {None, runner_id} else str(uuid4())
    if added:
        row = AssessmentRow(id=id_, runner_id=runner_id, saved_at=kept.saved_at)
        describe(row, kept.day)
        point_at(row, facts_of(_current_text(kept, archive)))
        session.add(row)
        session.flush()
        write_measured(session, id_, facts_of(_current_text(kept, archive)))
    _write_records(session, id_, kept, archive)
    _write_files(session, store, id_, (kept, archive))
    _write_annotations(session, id_, kept)
    session.flush()
    return _Written(id_, added)


def _current_text(kept: KeptDay, archive: Archive) -> str:
    (current,) = [each for each in kept.records if (each.source, each.method) == (kept.source, kept.method)]
    return archive.text(_record_member(current.sha256))


def _write_records(session: Session, assessment_id: str, kept: KeptDay, archive: Archive) -> None:
    for each in kept.records:
        key = (assessment_id, each.source, each.method)
        there = select(RecordRow.schema).filter_by(
            assessment_id=assessment_id, source=each.source, method=each.method
        )
        if session.scalar(there) is None:
            text = archive.text(_record_member(each.sha256))
            write_text(session, key[0], text, facts_of(text), each.saved_at)


def _write_files(session: Session, store: Store, assessment_id: str, what: tuple[KeptDay, Archive]) -> None:
    kept, archive = what
    for each in kept.files:
        if not store.files.has(each.sha256):
            archive.bring(_file_member(each.sha256), store.files)
        session.merge(file_row(assessment_id, each))


def _write_annotations(session: Session, assessment_id: str, kept: KeptDay) -> None:
    for note in kept.notes:
        id_ = _new_id(session, NoteRow, note.id, assessment_id)
        if id_:
            session.add(note_row(replace(note, id=id_, assessment_id=assessment_id)))
    for overrule in kept.overrules:
        id_ = _new_id(session, OverruleRow, overrule.id, assessment_id)
        if id_:
            session.add(overrule_row(replace(overrule, id=id_, assessment_id=assessment_id)))
    drawn_here = set(session.scalars(select(MarkRow.clip).where(MarkRow.assessment_id == assessment_id)))
    for position, drawn in enumerate(kept.drawn):
        if drawn.clip not in drawn_here:
            session.add(mark_row(assessment_id, drawn.clip, position, drawn.mark))


def _new_id(session: Session, table: type[NoteRow | OverruleRow], id_: str, assessment_id: str) -> str | None:
    """Return the id under which to write something, or None if it is there already."""
    of = session.scalar(select(table.assessment_id).where(table.id == id_))
    if of == assessment_id:
        return None
    return id_ if of is None else str(uuid4())


def _write_prescription(session: Session, runner_id: str, given: Prescription, assessment_id: str) -> None:
    of = session.scalar(select(PrescriptionRow.runner_id).where(PrescriptionRow.id == given.id))
    if of == runner_id:
        return
    here = open_row(session, runner_id)
    closing = given.closing
    if here and not closing:
        closing = Closing(REPLACED, max(given.plan.given_on, here.given_on))
    id_ = given.id if of is None else str(uuid4())
    session.add(prescription_row(Prescription(id_, runner_id, assessment_id, given.plan, closing)))
    session.flush()


def _write_consent(session: Session, runner_id: str, given: Consent) -> None:
    """Write a consent that is not there; of one that is, only that it was taken back elsewhere."""
    there = session.get(ConsentRow, given.id)
    if there is None or there.runner_id != runner_id:
        id_ = given.id if there is None else str(uuid4())
        session.add(consent_row(replace(given, id=id_, runner_id=runner_id)))
    elif there.withdrawn_on is None:
        there.withdrawn_on = given.withdrawn_on
