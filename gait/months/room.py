"""Where all of it lies on this computer, and how much room it takes."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gait.pose import cache, trackfile
from gait.store.database import Store

STEP = 1000
UNITS = ("bytes", "kB", "MB", "GB", "TB")


@dataclass(frozen=True)
class Room:
    """A folder, how many files it holds, and their size together."""

    folder: Path
    files: int
    n_bytes: int


def room_of_store(store: Store) -> Room:
    """What the runners, their days and their clips take."""
    return _room(store.folder, store.folder.rglob("*"))


def room_of_landmarks() -> Room:
    """What the landmarks take that are kept so that no clip is read twice."""
    return _room(cache.folder(), cache.folder().glob(f"*{trackfile.SUFFIX}"))


def forget_landmarks() -> int:
    """Delete all kept landmarks, and return how many clips they were of; they are made again when asked.

    Raises
    ------
    OSError
        If one cannot be deleted.
    """
    gone = 0
    for path in cache.folder().glob(f"*{trackfile.SUFFIX}"):
        path.unlink(missing_ok=True)
        gone += 1
    return gone


def said(n_bytes: int) -> str:
    """Say a size.

    Examples
    --------
    >>> said(0), said(34_677), said(1_250_000_000)
    ('0 bytes', '35 kB', '1.2 GB')
    """
    size, unit = float(n_bytes), 0
    while size >= STEP and unit < len(UNITS) - 1:
        size, unit = size / STEP, unit + 1
    return f"{size:.{1 if unit > 2 else 0}f} {UNITS[unit]}"


def _room(folder: Path, paths: Iterable[Path]) -> Room:
    """A file that is gone before it is looked at counts nothing."""
    sizes = []
    for path in paths:
        with suppress(OSError):
            if path.is_file():
                sizes.append(path.stat().st_size)
    return Room(folder, len(sizes), sum(sizes))
