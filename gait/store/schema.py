"""Bring a store's tables to this version: made when new, changed when older, refused when newer.

An SQLite store that is older is copied first; the change is tried on a copy of that copy, and only then
made, in one transaction, on the store itself. So whatever goes wrong, the store is as it was.
"""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, inspect, text

from gait.errors import StoreFailed
from gait.store.database import FILES_LOCK, WAIT_S, Store, connect, is_sqlite
from gait.store.failures import damaged, said
from gait.store.models import Base

SCRIPTS = Path(__file__).parent / "migrations"
CHECKED_AT_OPENING_BYTES = 50_000_000
"""Larger stores take seconds to read through; damage there shows when the damaged page is read."""
LOOK_AGAIN_S = 0.02


def prepare(store: Store, scripts: Path = SCRIPTS) -> None:
    """Make or update the tables.

    Raises
    ------
    StoreFailed
        If the store is newer, is not ours, is damaged, or cannot be updated; it is as it was.
    """
    with said(store.where):
        _use_wal(store)
        known = ScriptDirectory.from_config(_config(scripts))
        found = _version(store)
        if found == known.get_current_head():
            return
        _refuse_foreign(store, found, known)
        if found and is_sqlite(store.engine):
            _rehearse(store, found, scripts)
        _upgrade(store, scripts)


def check(store: Store) -> None:
    """Read the whole database through.

    Raises
    ------
    StoreFailed
        If it is damaged.
    """
    if not is_sqlite(store.engine):
        return
    with said(store.where), store.engine.connect() as connection:
        sound = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() == "ok"
        strays = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if strays or not sound:
        raise damaged(store.where)


def check_at_opening(store: Store) -> None:
    """Read a store through that is small enough for nobody to notice."""
    file = store.engine.url.database
    if is_sqlite(store.engine) and file and Path(file).stat().st_size < CHECKED_AT_OPENING_BYTES:
        check(store)


def _use_wal(store: Store) -> None:
    """Switch an SQLite store to its safe mode for several readers; where it cannot be, refuse."""
    if not is_sqlite(store.engine):
        return
    with store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        mode = _wal_when_free(driver)
    if mode != "wal":
        raise StoreFailed(
            f"The folder of the store ({store.where}) cannot keep a database safe, as network folders "
            "cannot: choose one on this computer.",
            id="folder",
        )


def _wal_when_free(connection: Any) -> str:
    """Ask for the mode until nobody writes: SQLite itself does not wait for a writer here."""
    last = time.monotonic() + WAIT_S
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode=WAL").fetchone()[0])
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
        time.sleep(LOOK_AGAIN_S)


def _version(store: Store) -> str | None:
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _refuse_foreign(store: Store, found: str | None, known: ScriptDirectory) -> None:
    if found is not None:
        try:
            known.get_revision(found)
        except CommandError as error:
            raise StoreFailed(
                f"The store ({store.where}) was made by a newer version of this program: update this one.",
                id="newer-store",
            ) from error
        return
    with store.engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
    if there & set(Base.metadata.tables) or (there and is_sqlite(store.engine)):
        raise StoreFailed(
            f"The database {store.where} holds something else than a store: choose another place.",
            id="not-a-store",
        )


def _rehearse(store: Store, found: str, scripts: Path) -> None:
    """Copy the store, and change a copy of the copy."""
    store.backups.mkdir(exist_ok=True)
    backup = store.backups / f"before_update_from_{found}.sqlite"
    rehearsal = store.backups / ".rehearsal.sqlite"
    try:
        _copy(Path(store.engine.url.database or ""), rehearsal)
        rehearsal.replace(backup)
        _copy(backup, rehearsal)
        copy = Store(
            connect(URL.create("sqlite", database=str(rehearsal))), store.folder, store.where, store.forget
        )
        try:
            _upgrade(copy, scripts)
            check(copy)
        finally:
            copy.close()
    finally:
        for left in store.backups.glob(".rehearsal.sqlite*"):
            left.unlink()


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _upgrade(store: Store, scripts: Path) -> None:
    """Run all migrations in one transaction; another program that was faster has done it already."""
    engine = store.engine.execution_options(gait_writes=True)
    with engine.connect() as connection:
        _references_checked_at_end(connection)
        with connection.begin():
            if not is_sqlite(connection):
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": FILES_LOCK})
            config = _config(scripts)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if is_sqlite(connection) and connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                raise damaged(store.where)
        connection.invalidate()


def _references_checked_at_end(connection: Connection) -> None:
    """Let SQLite rebuild tables that others refer to: only outside a transaction can this be switched."""
    if is_sqlite(connection):
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")


def _config(scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    return config
