"""Cues that were given: at most one is open; what became of the others is kept."""

from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from gait.errors import StoreRefused
from gait.store.access import assessment_seen, runner_seen
from gait.store.audit import happened
from gait.store.database import Store, reading, writing
from gait.store.domain import Actor, Closing, Plan, Prescription
from gait.store.models import PrescriptionRow


def prescribe(store: Store, actor: Actor, assessment_id: str, plan: Plan) -> Prescription:
    """Give a cue after an assessment.

    Raises
    ------
    StoreRefused
        If another cue is still open.
    """
    with writing(store) as session:
        runner_id = assessment_seen(session, actor, assessment_id).runner_id
        return open_new(session, store, actor, (runner_id, assessment_id), plan)


def close(store: Store, actor: Actor, runner_id: str, closing: Closing) -> Prescription:
    """Close the open cue.

    Raises
    ------
    StoreRefused
        If none is open, or it would end before it began.
    """
    with writing(store) as session:
        runner_seen(session, actor, runner_id)
        return close_open(session, store, actor, runner_id, closing)


def current(store: Store, actor: Actor, runner_id: str) -> Prescription | None:
    """Return the open cue."""
    with reading(store) as session:
        runner_seen(session, actor, runner_id)
        row = open_row(session, runner_id)
        return to_prescription(row) if row else None


def all_given(store: Store, actor: Actor, runner_id: str) -> tuple[Prescription, ...]:
    """Return every cue a runner was ever given, the newest first."""
    with reading(store) as session:
        runner_seen(session, actor, runner_id)
        rows = session.scalars(
            select(PrescriptionRow)
            .where(PrescriptionRow.runner_id == runner_id)
            .order_by(PrescriptionRow.given_on.desc(), PrescriptionRow.closed_on.desc(), PrescriptionRow.id)
        )
        return tuple(to_prescription(row) for row in rows)


def open_new(session: Session, store: Store, actor: Actor, ids: tuple[str, str], plan: Plan) -> Prescription:
    """Write a new cue; ``ids`` are those of the runner and the assessment."""
    runner_id, assessment_id = ids
    if open_row(session, runner_id):
        raise StoreRefused("A cue is still open: close it before the next one is given.", id="cue-open")
    row = prescription_row(Prescription(str(uuid4()), runner_id, assessment_id, plan, None))
    session.add(row)
    happened(session, store, actor, "cue given", (runner_id, row.id))
    session.flush()
    return to_prescription(row)


def close_open(
    session: Session, store: Store, actor: Actor, runner_id: str, closing: Closing
) -> Prescription:
    """Write how the open cue ended."""
    row = open_row(session, runner_id)
    if row is None:
        raise StoreRefused("No cue is open: there is nothing to close.", id="no-open-cue")
    if closing.closed_on < row.given_on:
        raise StoreRefused(
            "The cue would end before it was given: choose a later day.", id="dates", field="closed_on"
        )
    row.outcome, row.closed_on = closing.outcome, closing.closed_on
    happened(session, store, actor, "cue closed", (runner_id, row.id))
    session.flush()
    return to_prescription(row)


def prescription_row(given: Prescription) -> PrescriptionRow:
    """Make the row of a cue."""
    return PrescriptionRow(
        id=given.id,
        runner_id=given.runner_id,
        assessment_id=given.assessment_id,
        cue_id=given.plan.cue_id,
        given_on=given.plan.given_on,
        retest_on=given.plan.retest_on,
        check_metric=given.plan.check_metric,
        outcome=given.closing.outcome if given.closing else "",
        closed_on=given.closing.closed_on if given.closing else None,
    )


def to_prescription(row: PrescriptionRow) -> Prescription:
    """Read a row."""
    return Prescription(
        id=row.id,
        runner_id=row.runner_id,
        assessment_id=row.assessment_id,
        plan=Plan(row.cue_id, row.given_on, row.retest_on, row.check_metric),
        closing=Closing(row.outcome, row.closed_on) if row.closed_on else None,
    )


def open_row(session: Session, runner_id: str) -> PrescriptionRow | None:
    """Return the row of the open cue."""
    return session.scalar(
        select(PrescriptionRow).where(
            PrescriptionRow.runner_id == runner_id, PrescriptionRow.closed_on.is_(None)
        )
    )
