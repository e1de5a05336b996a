"""The assessments of a batch: which are done, which were refused or ask something, which kill programs.

An actor sees only what he himself had done. That a task is done is written in the transaction that saves its
record (see :mod:`gait.store.assessments`), so neither is there without the other.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from gait.errors import StoreRefused
from gait.store.access import assessment_seen, runner_seen
from gait.store.database import Store, reading, writing
from gait.store.domain import Actor, Task, TaskState
from gait.store.models import TaskRow
from gait.store.rows import MANY

SETTLED: frozenset[TaskState] = frozenset({"done"})


def known(store: Store, actor: Actor, keys: Iterable[str]) -> dict[str, Task]:
    """Return what is known of tasks, by key; those that were never begun are left out."""
    wanted = sorted(set(keys))
    found: dict[str, Task] = {}
    with reading(store) as session:
        for some in (wanted[start : start + MANY] for start in range(0, len(wanted), MANY)):
            query = select(TaskRow).where(TaskRow.owner_id == actor.id, TaskRow.key.in_(some))
            found |= {row.key: _to_task(row) for row in session.scalars(query)}
    return found


def note(store: Store, actor: Actor, task: Task, runner_id: str | None = None) -> None:
    """Note what became of a task, in the place of what was known.

    Parameters
    ----------
    runner_id
        Whose it is, so that it goes when he is erased; None while he is not in the store.

    Raises
    ------
    StoreRefused
        If the runner or the assessment is not there for this actor.
    """
    with writing(store) as session:
        if runner_id is not None:
            runner_seen(session, actor, runner_id)
        if task.assessment_id is not None:
            assessment_seen(session, actor, task.assessment_id)
        write(session, store, actor, task, runner_id)


def asked(store: Store, actor: Actor) -> tuple[Task, ...]:
    """Return the tasks that ask something of a person, the oldest first."""
    with reading(store) as session:
        query = select(TaskRow).where(TaskRow.owner_id == actor.id, TaskRow.state == "asked")
        return tuple(_to_task(row) for row in session.scalars(query.order_by(TaskRow.at, TaskRow.key)))


def retell(store: Store, actor: Actor, key: str, text: str) -> None:
    """Change what is remembered of a task that asks something.

    Raises
    ------
    StoreRefused
        If it is not there for this actor, or asks nothing any more.
    """
    with writing(store) as session:
        row = session.get(TaskRow, (actor.id, key))
        if row is None:
            raise StoreRefused("There is no such question.", id="unknown-question")
        if row.state != "asked":
            raise StoreRefused("This question is not open any more: the batch went on.", id="not-asked")
        row.text, row.at = text, store.clock()


def write(session: Session, store: Store, actor: Actor, task: Task, runner_id: str | None) -> None:
    """Write the row of a task."""
    session.merge(
        TaskRow(
            owner_id=actor.id,
            key=task.key,
            state=task.state,
            text=task.text,
            deaths=task.deaths,
            at=store.clock(),
            runner_id=runner_id,
            assessment_id=task.assessment_id,
        )
    )


def require_open(session: Session, actor: Actor, key: str) -> None:
    """Refuse to save a new day for a task that another program has saved meanwhile."""
    row = session.get(TaskRow, (actor.id, key))
    if row is not None and row.state in SETTLED and row.assessment_id is not None:
        raise StoreRefused(
            "This assessment is in the store already: another program has just saved it.", id="task-done"
        )


def _to_task(row: TaskRow) -> Task:
    state: TaskState = row.state  # type: ignore[assignment]
    return Task(row.key, state, row.text, row.deaths, row.assessment_id)
