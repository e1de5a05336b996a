"""What a runner, or who decides for him, agreed to: written down, taken back, never changed."""

from datetime import date
from uuid import uuid4

from sqlalchemy import select

from gait.errors import StoreRefused
from gait.store.access import missing, runner_seen
from gait.store.audit import happened
from gait.store.database import Store, reading, writing
from gait.store.domain import Actor, Agreed, Consent
from gait.store.models import ConsentRow


def give(store: Store, actor: Actor, runner_id: str, agreed: Agreed) -> Consent:
    """Write down what was agreed to."""
    with writing(store) as session:
        runner_seen(session, actor, runner_id)
        consent = Consent(str(uuid4()), runner_id, agreed, actor.name, store.clock())
        session.add(consent_row(consent))
        happened(session, store, actor, "consent given", (runner_id, consent.id))
        return consent


def withdraw(store: Store, actor: Actor, consent_id: str, on: date) -> Consent:
    """Write down that a consent is taken back; once it is, that stays.

    Raises
    ------
    StoreRefused
        If it is not there for this actor, or is taken back already.
    """
    with writing(store) as session:
        row = session.get(ConsentRow, consent_id)
        if row is None:
            raise missing("consent")
        try:
            runner_seen(session, actor, row.runner_id)
        except StoreRefused:
            raise missing("consent") from None
        if row.withdrawn_on is not None:
            raise StoreRefused(f"This was taken back on {row.withdrawn_on} already.", id="withdrawn")
        row.withdrawn_on = on
        happened(session, store, actor, "consent taken back", (row.runner_id, consent_id))
        return to_consent(row)


def of_runner(store: Store, actor: Actor, runner_id: str) -> tuple[Consent, ...]:
    """Return all that was ever agreed to for a runner, the oldest first."""
    with reading(store) as session:
        runner_seen(session, actor, runner_id)
        rows = session.scalars(
            select(ConsentRow)
            .where(ConsentRow.runner_id == runner_id)
            .order_by(ConsentRow.given_on, ConsentRow.written_at, ConsentRow.id)
        )
        return tuple(to_consent(row) for row in rows)


def consent_row(consent: Consent) -> ConsentRow:
    """Make the row of a consent."""
    return ConsentRow(
        id=consent.id,
        runner_id=consent.runner_id,
        **vars(consent.agreed),
        author=consent.author,
        written_at=consent.written_at,
        withdrawn_on=consent.withdrawn_on,
    )


def to_consent(row: ConsentRow) -> Consent:
    """Read the row of a consent."""
    agreed = Agreed(row.purpose, row.given_by, row.given_on, row.until)
    return Consent(row.id, row.runner_id, agreed, row.author, row.written_at, row.withdrawn_on)
