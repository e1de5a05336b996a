"""The opened store: one engine, one folder, and the two ways to use them, reading and writing.

A write is one transaction: when ``writing`` ends without an error, it is on the disk. SQLite takes its
write lock at the start, so a write never fails halfway because another program was faster.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session

from gait.errors import StoreFailed
from gait.store.failures import said
from gait.store.files import Folder

WAIT_S = 10.0
FILES_LOCK = 7_162_534
"""Any number; PostgreSQL's name for the lock under which files are deleted."""


def now() -> datetime:
    """Return this instant in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Store:
    """An open store. ``forget`` deletes what was computed from a clip, given its SHA-256."""

    engine: Engine
    folder: Path
    where: str
    """The store's name in messages; never holds a password."""
    forget: Callable[[str], None]
    clock: Callable[[], datetime] = now

    @property
    def files(self) -> Folder:
        """The clips and pictures."""
        return Folder(self.folder / "files")

    @property
    def backups(self) -> Path:
        """Copies made before the tables were changed."""
        return self.folder / "backups"

    def close(self) -> None:
        """Let go of every connection; what was saved needs no closing."""
        self.engine.dispose()


def is_sqlite(engine: Engine | Connection) -> bool:
    """Whether the store is a file."""
    return engine.dialect.name == "sqlite"


def connect(url: URL) -> Engine:
    """Make the engine of a store; nothing is opened yet.

    Raises
    ------
    StoreFailed
        If the address is of a database that this program cannot use.
    """
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": WAIT_S})
        event.listen(engine, "connect", _safe_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if url.get_backend_name() != "postgresql":
        raise StoreFailed("A store is kept in SQLite or PostgreSQL: choose one of them.", id="address")
    safe = {
        "options": f"-c synchronous_commit=on -c lock_timeout={int(1000 * WAIT_S)}",
        "connect_timeout": 10,
    }
    try:
        return create_engine(url.set(drivername="postgresql+psycopg"), connect_args=safe, pool_pre_ping=True)
    except ImportError as error:
        raise StoreFailed(
            "A store in PostgreSQL needs the package psycopg: install it, or use the store on this computer.",
            id="driver",
        ) from error


@contextmanager
def reading(store: Store) -> Iterator[Session]:
    """Read one state of the store, whatever others write meanwhile."""
    options = {} if is_sqlite(store.engine) else {"isolation_level": "REPEATABLE READ"}
    with said(store.where), Session(store.engine.execution_options(**options)) as session:
        yield session


@contextmanager
def writing(store: Store, *, deletes_files: bool = False) -> Iterator[Session]:
    """Write all or nothing.

    Parameters
    ----------
    deletes_files
        Wait until nobody writes rows that name files, and keep them waiting.
    """
    engine = store.engine.execution_options(gait_writes=True)
    with said(store.where), Session(engine) as session, session.begin():
        if not is_sqlite(engine):
            kind = "" if deletes_files else "_shared"
            session.execute(text(f"SELECT pg_advisory_xact_lock{kind}(:lock)"), {"lock": FILES_LOCK})
        yield session


def _safe_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("gait_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
