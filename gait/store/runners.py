"""Runners: add, find, change, and let a coach see them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gait.errors import StoreRefused
from gait.store.access import may_see, runner_owned, runner_seen
from gait.store.audit import happened
from gait.store.database import Store, reading, writing
from gait.store.domain import Actor, Profile, Runner, Units
from gait.store.models import GrantRow, RunnerRow
from gait.store.texts import same_name, searchable


def add(store: Store, actor: Actor, profile: Profile) -> Runner:
    """Add a runner of the actor's own.

    Raises
    ------
    StoreRefused
        If he has one of that name already.
    """
    with writing(store) as session:
        if name_taken(session, actor, profile.name):
            raise _taken(profile.name)
        row = new_row(profile, actor, str(uuid4()), store.clock())
        session.add(row)
        happened(session, store, actor, "runner added", (row.id, row.id))
        return to_runner(row)


def get(store: Store, actor: Actor, runner_id: str) -> Runner:
    """Return a runner by id."""
    with reading(store) as session:
        return to_runner(runner_seen(session, actor, runner_id))


def by_name(store: Store, actor: Actor, name: str) -> Runner:
    """Return the runner of a name; capitals do not matter.

    Raises
    ------
    StoreRefused
        If there is none, or several coaches' runners are called so.
    """
    with reading(store) as session:
        rows = session.scalars(
            select(RunnerRow).where(RunnerRow.name_key == same_name(name.strip()), may_see(actor))
        ).all()
    if not rows:
        raise StoreRefused(
            f"There is no runner called {name.strip()[:80]}: look how the name is written, or add one.",
            id="unknown-runner",
            field="runner",
        )
    if len(rows) > 1:
        raise StoreRefused(
            f"{len(rows)} runners are called {name.strip()}: choose one from the list.",
            id="which-of-several",
            field="runner",
        )
    return to_runner(rows[0])


def search(store: Store, actor: Actor, part: str = "", limit: int = 500) -> tuple[Runner, ...]:
    """Return the runners whose name contains a part, by name; accents and capitals do not matter."""
    with reading(store) as session:
        query = select(RunnerRow).where(may_see(actor)).order_by(RunnerRow.search_key, RunnerRow.id)
        if part.strip():
            wanted = searchable(part.strip())
            query = query.where(RunnerRow.search_key.contains(wanted, autoescape=True))
        return _runners(session.scalars(query.limit(limit)).all())


def change(store: Store, actor: Actor, runner_id: str, profile: Profile) -> Runner:
    """Change what a runner says about himself; only his owner may."""
    with writing(store) as session:
        row = runner_owned(session, actor, runner_id)
        if same_name(profile.name) != row.name_key and name_taken(session, actor, profile.name):
            raise _taken(profile.name)
        describe(row, profile)
        happened(session, store, actor, "runner changed", (runner_id, runner_id))
        return to_runner(row)


def grant(store: Store, actor: Actor, runner_id: str, coach_id: str) -> None:
    """Let a coach see a runner; only his owner may."""
    with writing(store) as session:
        runner_owned(session, actor, runner_id)
        if session.get(GrantRow, (runner_id, coach_id)) is None:
            session.add(GrantRow(runner_id=runner_id, actor_id=coach_id, granted_at=store.clock()))
            happened(session, store, actor, "coach granted", (runner_id, coach_id))


def revoke(store: Store, actor: Actor, runner_id: str, coach_id: str) -> None:
    """Take a coach's sight of a runner back; only his owner may."""
    with writing(store) as session:
        runner_owned(session, actor, runner_id)
        session.execute(
            delete(GrantRow).where(GrantRow.runner_id == runner_id, GrantRow.actor_id == coach_id)
        )
        happened(session, store, actor, "coach revoked", (runner_id, coach_id))


def new_row(profile: Profile, owner: Actor, id_: str, created_at: datetime) -> RunnerRow:
    """Make the row of a new runner."""
    row = RunnerRow(id=id_, owner_id=owner.id, created_at=created_at)
    describe(row, profile)
    return row


def describe(row: RunnerRow, profile: Profile) -> None:
    """Write a profile into a row."""
    row.name, row.units, row.height_cm, row.notes = (
        profile.name,
        profile.units,
        profile.height_cm,
        profile.notes,
    )
    row.name_key, row.search_key = same_name(profile.name), searchable(profile.name)


def name_taken(session: Session, actor: Actor, name: str) -> bool:
    """Whether the actor has a runner of that name who is not in the bin."""
    query = select(RunnerRow.id).where(
        RunnerRow.owner_id == actor.id,
        RunnerRow.name_key == same_name(name),
        RunnerRow.deleted_at.is_(None),
    )
    return session.scalar(query.limit(1)) is not None


def free_name(session: Session, actor: Actor, name: str) -> str:
    """Return the name, or the name with the first number behind it that is free."""
    number, candidate = 1, name
    while name_taken(session, actor, candidate):
        number += 1
        candidate = f"{name[:240]} ({number})"
    return candidate


def to_runner(row: RunnerRow) -> Runner:
    """Read a row."""
    units: Units = "imperial" if row.units == "imperial" else "metric"
    profile = Profile(row.name, units, row.height_cm, row.notes)
    return Runner(row.id, row.owner_id, profile, row.created_at, row.deleted_at)


def _runners(rows: Sequence[RunnerRow]) -> tuple[Runner, ...]:
    return tuple(to_runner(row) for row in rows)


def _taken(name: str) -> StoreRefused:
    return StoreRefused(
        f"There is a runner called {name} already: choose another name.", id="name-taken", field="name"
    )
