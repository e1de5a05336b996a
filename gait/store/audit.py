"""What happened: who did what and when, written in the same transaction as what was done."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gait.store.access import runner_seen
from gait.store.database import Store, reading
from gait.store.domain import Actor, Event
from gait.store.models import EventRow


def events(store: Store, actor: Actor, runner_id: str, limit: int = 100) -> tuple[Event, ...]:
    """Return what happened to a runner, the latest first."""
    with reading(store) as session:
        runner_seen(session, actor, runner_id)
        rows = session.scalars(
            select(EventRow).where(EventRow.runner_id == runner_id).order_by(EventRow.id.desc()).limit(limit)
        )
        return tuple(to_event(row) for row in rows)


def to_event(row: EventRow) -> Event:
    """Read a row."""
    return Event(row.at, row.actor_id, row.actor_name, row.runner_id, row.what, row.subject_id)


def happened(session: Session, store: Store, actor: Actor, what: str, about: tuple[str, str]) -> None:
    """Write down that an actor did something; ``about`` is the runner's id and that of the thing."""
    runner_id, subject_id = about
    session.add(
        EventRow(
            at=store.clock(),
            actor_id=actor.id,
            actor_name=actor.name,
            runner_id=runner_id,
            what=what,
            subject_id=subject_id,
        )
    )
