"""The bin, and what it means to delete a runner: rows, clips, proxies, and landmarks kept elsewhere.

The rows go in one transaction, which also writes down the content that has to follow. So a program that is
killed in between has not forgotten it: the next one that opens the store goes on.
"""

from datetime import date, timedelta

from sqlalchemy import delete, exists, or_, select, union
from sqlalchemy.orm import Session

from gait.store import files as folder
from gait.store.access import runner_owned
from gait.store.audit import happened
from gait.store.database import Store, is_sqlite, reading, writing
from gait.store.domain import Actor, Runner
from gait.store.failures import said
from gait.store.models import AssessmentRow, ClipRow, DoomedRow, EventRow, FileRow, RunnerRow
from gait.store.runners import free_name, to_runner
from gait.store.texts import same_name, searchable

DAYS_IN_BIN = 30
YOUNG = timedelta(hours=1)
"""A file that no row names may belong to a save that is going on."""
FILMS = ("clip", "proxy", "video")
HOUSE = Actor("house", "the store itself")


def delete_runner(store: Store, actor: Actor, runner_id: str) -> None:
    """Put a runner into the bin, where he stays for ``DAYS_IN_BIN`` days; only his owner may."""
    with writing(store) as session:
        runner_owned(session, actor, runner_id).deleted_at = store.clock()
        happened(session, store, actor, "runner put into the bin", (runner_id, runner_id))


def in_bin(store: Store, actor: Actor) -> tuple[Runner, ...]:
    """Return the actor's runners in the bin, the latest first."""
    with reading(store) as session:
        rows = session.scalars(
            select(RunnerRow)
            .where(RunnerRow.owner_id == actor.id, RunnerRow.deleted_at.is_not(None))
            .order_by(RunnerRow.deleted_at.desc(), RunnerRow.id)
        )
        return tuple(to_runner(row) for row in rows)


def restore(store: Store, actor: Actor, runner_id: str) -> Runner:
    """Take a runner out of the bin; if his name was given away meanwhile, he gets a number behind it."""
    with writing(store) as session:
        row = runner_owned(session, actor, runner_id, binned=True)
        row.name = free_name(session, actor, row.name)
        row.name_key, row.search_key = same_name(row.name), searchable(row.name)
        row.deleted_at = None
        happened(session, store, actor, "runner restored", (runner_id, runner_id))
        return to_runner(row)


def erase(store: Store, actor: Actor, runner_id: str) -> None:
    """Delete a runner at once, from the bin or not: when this returns, nothing of his is left.

    Copies of the store made before an update go as well, as they hold him too.
    """
    with writing(store, deletes_files=True) as session:
        _erase_rows(session, store, actor, runner_owned(session, actor, runner_id, binned=None))
    _finish(store)


def tidy(store: Store) -> None:
    """Empty the bin of what lay there long enough, go on with deletions, sweep files that nobody needs."""
    since = store.clock() - timedelta(days=DAYS_IN_BIN)
    overdue = select(RunnerRow).where(RunnerRow.deleted_at < since)
    with reading(store) as session:
        any_overdue = session.scalar(overdue.limit(1)) is not None
    if any_overdue:
        with writing(store, deletes_files=True) as session:
            for row in session.scalars(overdue):
                _erase_rows(session, store, HOUSE, row)
    _finish(store)
    _sweep(store)


def drop_films(store: Store, before: date) -> int:
    """Delete the films of everybody's days before a day, and return how many; numbers and notes stay.

    For whoever runs the store, not for an actor. A film that another, later day needs stays.
    """
    films = (
        select(FileRow, AssessmentRow.runner_id)
        .join(AssessmentRow, AssessmentRow.id == FileRow.assessment_id)
        .where(AssessmentRow.filmed_on < before, FileRow.kind.in_(FILMS))
    )
    with writing(store, deletes_files=True) as session:
        found = session.execute(films).all()
        for row, runner_id in found:
            happened(session, store, HOUSE, "film deleted as it was old", (runner_id, row.assessment_id))
            session.delete(row)
    _sweep(store)
    return len(found)


def _erase_rows(session: Session, store: Store, actor: Actor, row: RunnerRow) -> None:
    his = select(AssessmentRow.id).where(AssessmentRow.runner_id == row.id)
    contents = session.scalars(
        union(
            select(ClipRow.sha256).where(ClipRow.assessment_id.in_(his)),
            select(FileRow.sha256).where(FileRow.assessment_id.in_(his)),
        )
    ).all()
    session.execute(delete(EventRow).where(EventRow.runner_id == row.id))
    session.delete(row)
    session.flush()
    for sha256 in contents:
        if not _needed(session, sha256):
            session.merge(DoomedRow(sha256=sha256))
    happened(session, store, actor, "runner erased", (row.id, row.id))


def _needed(session: Session, sha256: str) -> bool:
    return bool(
        session.scalar(
            select(
                or_(
                    exists().where(ClipRow.sha256 == sha256),
                    exists().where(FileRow.sha256 == sha256),
                )
            )
        )
    )


def _finish(store: Store) -> None:
    """Delete the content of erased runners and what was computed from it."""
    with reading(store) as session:
        doomed = session.scalars(select(DoomedRow.sha256)).all()
    if not doomed:
        return
    with writing(store, deletes_files=True) as session:
        for row in session.scalars(select(DoomedRow)).all():
            if not _needed(session, row.sha256):
                folder.discard(store.files, row.sha256)
                store.forget(row.sha256)
            session.delete(row)
    _leave_no_copies(store)


def _leave_no_copies(store: Store) -> None:
    if not is_sqlite(store.engine):
        return
    with said(store.where):
        for copy in store.backups.glob("*.sqlite"):
            copy.unlink()
        with store.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _sweep(store: Store) -> None:
    older_than_s = (store.clock() - YOUNG).timestamp()
    with said(store.where):
        if not folder.unneeded(store.files, _named(store), older_than_s):
            return
    with writing(store, deletes_files=True) as session:
        named = set(session.scalars(select(FileRow.sha256).distinct()))
        for path in folder.unneeded(store.files, named, older_than_s):
            path.unlink(missing_ok=True)


def _named(store: Store) -> set[str]:
    with reading(store) as session:
        return set(session.scalars(select(FileRow.sha256).distinct()))
