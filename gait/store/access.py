"""Who may see what. Every call begins here, so no page has to think of it.

A runner belongs to the actor who made or imported him; a coach sees those that their owner granted to him
as well. Who may not see something is told the same as if it were not there.
"""

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from gait.errors import StoreRefused
from gait.store.domain import Actor
from gait.store.models import AssessmentRow, GrantRow, RunnerRow


def may_see(actor: Actor) -> ColumnElement[bool]:
    """Whether an actor sees a runner who is not in the bin, as a condition of a query."""
    seen = RunnerRow.owner_id == actor.id
    if actor.role == "coach":
        granted = exists().where(GrantRow.runner_id == RunnerRow.id, GrantRow.actor_id == actor.id)
        seen = or_(seen, granted)
    return and_(seen, RunnerRow.deleted_at.is_(None))


def runner_seen(session: Session, actor: Actor, runner_id: str) -> RunnerRow:
    """Return a runner the actor may see.

    Raises
    ------
    StoreRefused
        If there is none.
    """
    query = select(RunnerRow).where(RunnerRow.id == runner_id, may_see(actor))
    return _there(session.scalar(query))


def runner_owned(session: Session, actor: Actor, runner_id: str, *, binned: bool | None = False) -> RunnerRow:
    """Return a runner of the actor's own.

    Parameters
    ----------
    binned
        Whether he has to be in the bin; None if that does not matter.
    """
    query = select(RunnerRow).where(RunnerRow.id == runner_id, RunnerRow.owner_id == actor.id)
    if binned is not None:
        query = query.where(RunnerRow.deleted_at.is_not(None) if binned else RunnerRow.deleted_at.is_(None))
    return _there(session.scalar(query))


def assessment_seen(session: Session, actor: Actor, assessment_id: str) -> AssessmentRow:
    """Return an assessment of a runner the actor may see."""
    row = session.get(AssessmentRow, assessment_id)
    if row is None:
        raise missing("assessment")
    try:
        runner_seen(session, actor, row.runner_id)
    except StoreRefused:
        raise missing("assessment") from None
    return row


def missing(what: str) -> StoreRefused:
    """Say that something is not there, or not for the one who asks."""
    return StoreRefused(f"There is no such {what} in the store.", id=f"unknown-{what}", field=what)


def _there(row: RunnerRow | None) -> RunnerRow:
    if row is None:
        raise missing("runner")
    return row
