"""A folder of files named by their content: ``files/ab/abcd...`` under their SHA-256.

A file is written beside its place, brought to the disk and renamed, so it is there whole or not at all;
two writers of the same content do no harm. A row that names a file is written after the file, and a file
that no row names is swept later.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gait.errors import StoreFailed

PIECE = 1 << 20
UNFINISHED = ".writing-"


@dataclass(frozen=True)
class Digested:
    """What was kept."""

    sha256: str
    n_bytes: int


@dataclass(frozen=True)
class Folder:
    """The folder; made when something is kept first."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Where the content is, if it is kept."""
        return self.root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the content is kept."""
        return self.path(sha256).is_file()


def keep(folder: Folder, source: IO[bytes]) -> Digested:
    """Copy content into the folder; return once it is on the disk.

    Raises
    ------
    OSError
        If it cannot be read or written; nothing is left behind.
    """
    folder.root.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder.root, prefix=UNFINISHED)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            digested = _copy(source, file)
            file.flush()
            os.fsync(file.fileno())
        _place(folder, unfinished, digested.sha256)
    finally:
        unfinished.unlink(missing_ok=True)
    return digested


def digest(path: Path) -> Digested:
    """Read a file's SHA-256 and size."""
    with path.open("rb") as file:
        return Digested(hashlib.file_digest(file, "sha256").hexdigest(), file.tell())


def checked(folder: Folder, sha256: str, name: str) -> Path:
    """Return where the content is, after reading it through.

    Raises
    ------
    StoreFailed
        If it is gone or is not what was kept.
    """
    path = folder.path(sha256)
    if not path.is_file():
        raise StoreFailed(
            f"The file {name} is gone from the store: put it back, or analyse the clip again.", id="file-gone"
        )
    if digest(path).sha256 != sha256:
        raise StoreFailed(
            f"The file {name} in the store is damaged: put back a copy, or analyse the clip again.",
            id="file-damaged",
        )
    return path


def discard(folder: Folder, sha256: str) -> None:
    """Delete content; whether it is still needed is the caller's to know."""
    folder.path(sha256).unlink(missing_ok=True)
    if folder.path(sha256).parent.is_dir():
        _sync(folder.path(sha256).parent)


def unneeded(folder: Folder, needed: Set[str], older_than_s: float) -> list[Path]:
    """Return the files that nobody needs and those that a killed program left half written.

    Parameters
    ----------
    older_than_s
        Seconds since the epoch; what was touched later may belong to a row that is being written now.
    """
    found = []
    for path in (*folder.root.glob(f"{UNFINISHED}*"), *folder.root.glob("[0-9a-f][0-9a-f]/*")):
        with suppress(FileNotFoundError):
            if path.name not in needed and path.stat().st_mtime < older_than_s:
                found.append(path)
    return found


def _copy(source: IO[bytes], target: IO[bytes]) -> Digested:
    hashed, total = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        total += len(piece)
        hashed.update(piece)
        target.write(piece)
    return Digested(hashed.hexdigest(), total)


def _place(folder: Folder, unfinished: Path, sha256: str) -> None:
    """Rename into place, also over what is there: that may have been damaged since."""
    place = folder.path(sha256)
    if not place.parent.is_dir():
        place.parent.mkdir(exist_ok=True)
        _sync(folder.root)
    unfinished.replace(place)
    _sync(place.parent)


def _sync(directory: Path) -> None:
    """Bring a folder's list of names to the disk, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def room_bytes(folder: Folder) -> int:
    """Free bytes where the folder is or will be."""
    there = next(path for path in (folder.root, *folder.root.parents) if path.is_dir())
    return shutil.disk_usage(there).free
