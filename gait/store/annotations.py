"""What a coach says about a day: notes pinned to frames, drawings, and cues that he overrules."""

import json
from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gait.errors import StoreRefused
from gait.store.access import assessment_seen, missing
from gait.store.audit import happened
from gait.store.database import Store, reading, writing
from gait.store.domain import Actor, Mark, MarkKind, Note, Overrule, Pin
from gait.store.models import MarkRow, NoteRow, OverruleRow
from gait.store.texts import line, prose


def add_note(store: Store, actor: Actor, assessment_id: str, pin: Pin, text: str) -> Note:
    """Pin a note to a frame."""
    said = _needed(text)
    with writing(store) as session:
        runner_id = assessment_seen(session, actor, assessment_id).runner_id
        note = Note(str(uuid4()), assessment_id, pin, said, actor.name, store.clock())
        session.add(note_row(note))
        happened(session, store, actor, "note added", (runner_id, note.id))
        return note


def change_note(store: Store, actor: Actor, note_id: str, text: str) -> Note:
    """Change what a note says."""
    said = _needed(text)
    with writing(store) as session:
        row, runner_id = _note(session, actor, note_id)
        row.text, row.written_at = said, store.clock()
        happened(session, store, actor, "note changed", (runner_id, note_id))
        return to_note(row)


def remove_note(store: Store, actor: Actor, note_id: str) -> None:
    """Take a note off."""
    with writing(store) as session:
        row, runner_id = _note(session, actor, note_id)
        session.delete(row)
        happened(session, store, actor, "note removed", (runner_id, note_id))


def notes(store: Store, actor: Actor, assessment_id: str) -> tuple[Note, ...]:
    """Return the notes of a day, by clip and frame."""
    with reading(store) as session:
        assessment_seen(session, actor, assessment_id)
        rows = session.scalars(
            select(NoteRow)
            .where(NoteRow.assessment_id == assessment_id)
            .order_by(NoteRow.clip, NoteRow.frame, NoteRow.written_at, NoteRow.id)
        )
        return tuple(to_note(row) for row in rows)


def replace_marks(store: Store, actor: Actor, assessment_id: str, clip: str, new: Sequence[Mark]) -> None:
    """Make these the drawings on a clip; saving the same twice changes nothing."""
    name = line(clip, "clip")
    with writing(store) as session:
        runner_id = assessment_seen(session, actor, assessment_id).runner_id
        session.execute(delete(MarkRow).where(MarkRow.assessment_id == assessment_id, MarkRow.clip == name))
        session.add_all(mark_row(assessment_id, name, position, mark) for position, mark in enumerate(new))
        happened(session, store, actor, "drawings saved", (runner_id, assessment_id))


def marks(store: Store, actor: Actor, assessment_id: str, clip: str) -> tuple[Mark, ...]:
    """Return the drawings on a clip, in the order in which they were given."""
    with reading(store) as session:
        assessment_seen(session, actor, assessment_id)
        rows = session.scalars(
            select(MarkRow)
            .where(MarkRow.assessment_id == assessment_id, MarkRow.clip == clip)
            .order_by(MarkRow.position)
        )
        return tuple(to_mark(row) for row in rows)


def overrule(store: Store, actor: Actor, assessment_id: str, cue_id: str, reason: str) -> Overrule:
    """Decide against the chosen cue, and say why."""
    why, cue = _needed(reason, "reason"), line(cue_id, "cue_id")
    with writing(store) as session:
        runner_id = assessment_seen(session, actor, assessment_id).runner_id
        decided = Overrule(str(uuid4()), assessment_id, cue, why, actor.name, store.clock())
        session.add(overrule_row(decided))
        happened(session, store, actor, "cue overruled", (runner_id, decided.id))
        return decided


def agree(store: Store, actor: Actor, overrule_id: str) -> None:
    """Take a decision against the chosen cue back."""
    with writing(store) as session:
        row = session.get(OverruleRow, overrule_id)
        if row is None:
            raise missing("decision")
        runner_id = assessment_seen(session, actor, row.assessment_id).runner_id
        session.delete(row)
        happened(session, store, actor, "overrule taken back", (runner_id, overrule_id))


def overrules(store: Store, actor: Actor, assessment_id: str) -> tuple[Overrule, ...]:
    """Return the decisions against the chosen cue, the latest first."""
    with reading(store) as session:
        assessment_seen(session, actor, assessment_id)
        rows = session.scalars(
            select(OverruleRow)
            .where(OverruleRow.assessment_id == assessment_id)
            .order_by(OverruleRow.decided_at.desc(), OverruleRow.id)
        )
        return tuple(to_overrule(row) for row in rows)


def mark_row(assessment_id: str, clip: str, position: int, mark: Mark) -> MarkRow:
    """Make the row of a drawing."""
    return MarkRow(
        assessment_id=assessment_id,
        clip=clip,
        position=position,
        kind=mark.kind,
        frame=mark.frame,
        points_px=json.dumps(mark.points_px),
        text=mark.text,
    )


def note_row(note: Note) -> NoteRow:
    """Make the row of a note."""
    return NoteRow(
        id=note.id,
        assessment_id=note.assessment_id,
        clip=note.pin.clip,
        frame=note.pin.frame,
        joint=note.pin.joint,
        text=note.text,
        author=note.author,
        written_at=note.written_at,
    )


def overrule_row(decided: Overrule) -> OverruleRow:
    """Make the row of a decision."""
    return OverruleRow(**vars(decided))


def to_mark(row: MarkRow) -> Mark:
    """Read the row of a drawing."""
    kind: MarkKind = row.kind  # type: ignore[assignment]
    return Mark(kind, row.frame, tuple((x, y) for x, y in json.loads(row.points_px)), row.text)


def to_note(row: NoteRow) -> Note:
    """Read the row of a note."""
    pin = Pin(row.clip, row.frame, row.joint)
    return Note(row.id, row.assessment_id, pin, row.text, row.author, row.written_at)


def to_overrule(row: OverruleRow) -> Overrule:
    """Read the row of a decision."""
    return Overrule(row.id, row.assessment_id, row.cue_id, row.reason, row.author, row.decided_at)


def _needed(text: str, field: str = "text") -> str:
    said = prose(text, field)
    if not said:
        raise StoreRefused("This may not be empty: type at least one letter.", id="empty", field=field)
    return said


def _note(session: Session, actor: Actor, note_id: str) -> tuple[NoteRow, str]:
    row = session.get(NoteRow, note_id)
    if row is None:
        raise missing("note")
    try:
        return row, assessment_seen(session, actor, row.assessment_id).runner_id
    except StoreRefused:
        raise missing("note") from None
