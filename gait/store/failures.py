"""What a database or a disk says when it fails -> one sentence that says what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC
from sqlite3 import (
    SQLITE_BUSY,
    SQLITE_CANTOPEN,
    SQLITE_CORRUPT,
    SQLITE_FULL,
    SQLITE_IOERR,
    SQLITE_LOCKED,
    SQLITE_NOTADB,
    SQLITE_READONLY,
)

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from gait.errors import StoreFailed

FULL = "disk-full"
NO_ROOM = (FULL, "There is no room left on the disk of the store ({where}): free some and try again.")
READ_ONLY = ("read-only", "The store ({where}) cannot be written to: allow it, or choose another folder.")
DAMAGED = (
    "damaged",
    "The store ({where}) is damaged and was left as it is: put back a copy of it, "
    "or move it away, start a new one and import the runners that were exported.",
)
BUSY = ("busy", "Another program is writing to the store ({where}): try again in a moment.")
UNREACHABLE = ("unreachable", "The store ({where}) cannot be opened: is its disk or its server there?")
LOST = (
    "connection",
    "The connection to the store ({where}) broke: look whether the last change was saved, then go on.",
)
OTHER = ("store", "The store ({where}) could not do this ({detail}): nothing was changed.")

Said = tuple[str, str]
SQLITE: dict[int, Said] = {
    SQLITE_FULL: NO_ROOM,
    SQLITE_IOERR: NO_ROOM,
    SQLITE_READONLY: READ_ONLY,
    SQLITE_CANTOPEN: UNREACHABLE,
    SQLITE_CORRUPT: DAMAGED,
    SQLITE_NOTADB: DAMAGED,
    SQLITE_BUSY: BUSY,
    SQLITE_LOCKED: BUSY,
}
POSTGRES: dict[str, Said] = {
    "53100": NO_ROOM,
    "25006": READ_ONLY,
    "42501": READ_ONLY,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
    "55P03": BUSY,
    "40P01": BUSY,
    "57P01": LOST,
    "57P02": LOST,
}
IO_ERROR_SAYS_FULL = (
    "SQLITE_IOERR_WRITE",
    "SQLITE_IOERR_SHMSIZE",
    "SQLITE_IOERR_FSYNC",
    "SQLITE_IOERR_TRUNCATE",
)


@contextmanager
def said(where: str) -> Iterator[None]:
    """Say in one sentence what fails inside; ``where`` names the store without any password."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _failed(_of_database(error), where, error) from error
    except sqlite3.Error as error:
        raise _failed(_of_driver(error), where, error) from error
    except OSError as error:
        raise _failed(_of_disk(error), where, error) from error


def damaged(where: str) -> StoreFailed:
    """Say that the store is damaged."""
    return _failed(DAMAGED, where, None)


def _failed(what: Said, where: str, error: Exception | None) -> StoreFailed:
    id_, words = what
    detail = str(getattr(error, "orig", None) or error).strip().split("\n")[0].rstrip(".")
    return StoreFailed(words.format(where=where, detail=detail), id=id_)


def _of_database(error: SQLAlchemyError) -> Said:
    if not isinstance(error, DBAPIError) or error.orig is None:
        return UNREACHABLE if isinstance(error, SQLAlchemyError) and "timeout" in str(error) else OTHER
    if isinstance(error.orig, sqlite3.Error):
        return _of_driver(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    if state in POSTGRES:
        return POSTGRES[state]
    if error.connection_invalidated:
        return LOST
    return UNREACHABLE if state is None or state[:2] in {"08", "28", "3D"} else OTHER


def _of_driver(error: sqlite3.Error) -> Said:
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary == SQLITE_IOERR and getattr(error, "sqlite_errorname", "") not in IO_ERROR_SAYS_FULL:
        return UNREACHABLE
    return SQLITE.get(primary, OTHER)


def _of_disk(error: OSError) -> Said:
    if error.errno in {ENOSPC, EDQUOT, EFBIG}:
        return NO_ROOM
    return READ_ONLY if isinstance(error, PermissionError) or error.errno == 30 else UNREACHABLE
