"""Put files into a folder all together or not at all, and never touch what is somebody else's.

Everything is made in a hidden folder inside the target (``.gait-`` and 16 digits), and put in place when it
is complete: what was ours goes out first, what tells of the rest (the record) comes in last. A program that
is killed leaves what was there, what was to be there, or, if it died between two renames, a part of one of
them without a record, which the next start completes. A list of what was written, with digests, lies beside
it (``.gait-files.json``): a file that is not on it, or no longer as it was written, is somebody else's.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EEXIST, ENOTDIR
from pathlib import Path

LIST = ".gait-files.json"
STAGE = re.compile(r"\.gait-[0-9a-f]{16}")
OWNER, READY, NEW, OLD = "owner", "ready.json", "new", "old"
"""In a stage: the file that its living program holds; what is to be put in place; and the files."""
JUST_BEGUN_S = 60.0
Digests = Mapping[str, tuple[str, ...]]
"""SHA-256 of what was written under each name: two while one is exchanged for the other."""


class NotOurs(FileExistsError):
    """A name is taken by a file that this program did not write."""

    def __init__(self, path: Path) -> None:
        super().__init__(EEXIST, "another file is in the way", str(path))
        self.path = path


@contextmanager
def stage(directory: Path, register: Path | None = None) -> Iterator[Path]:
    """Make a hidden folder in a target, for what is to be put there; it is gone afterwards.

    Parameters
    ----------
    register
        Folder in which to note the stage while it exists, so that it is found if the program is killed.
    """
    made = _make(directory)
    place = directory / f".gait-{secrets.token_hex(8)}"
    note = _noted(place, register)
    try:
        place.mkdir()
        with _held(place):
            (place / NEW).mkdir()
            (place / OLD).mkdir()
            try:
                yield place
            finally:
                _remove(place)
    finally:
        with suppress(OSError):
            place.rmdir()
        if note is not None:
            note.unlink(missing_ok=True)
        with suppress(OSError):  # a folder that holds something stays
            for each in made:
                each.rmdir()


def put_in_place(place: Path, directory: Path, record: str) -> tuple[Path, ...]:
    """Exchange what is ours in a folder for what a stage holds under ``new``.

    Parameters
    ----------
    record
        Name of the file that speaks for the others: it goes first and comes last.

    Raises
    ------
    NotOurs
        If a name is taken by a file that this program did not write; then nothing has changed.
    OSError
        If the folder cannot be written; then what was there is there again.
    """
    made = sorted((place / NEW).iterdir())
    for path in made:
        _to_disk(path)
    digests = {path.name: (_digest(path),) for path in made}
    with _alone(directory):
        known = listed(directory)
        require_free(directory, digests, known)
        both = {name: (*known.get(name, ()), *digests.get(name, ())) for name in known | digests}
        _write_list(place, directory, both)
        _write_whole(place / READY, {"record": record, "files": digests}, place)
        _exchange(place, directory, digests, record)
    return tuple(directory / path.name for path in made)


def require_free(directory: Path, names: Mapping[str, object], known: Digests) -> None:
    """Refuse names that are taken by somebody else's files.

    Raises
    ------
    NotOurs
        With the first that is.
    """
    for name in names:
        if os.path.lexists(directory / name) and not is_ours(directory / name, known):
            raise NotOurs(directory / name)


def is_ours(path: Path, known: Digests) -> bool:
    """True for a file that is on the list and as it was written."""
    try:
        plain_file = stat.S_ISREG(path.lstat().st_mode)
        return plain_file and path.name in known and _digest(path) in known[path.name]
    except FileNotFoundError:
        return False


def listed(directory: Path) -> dict[str, tuple[str, ...]]:
    """What this program wrote into a folder.

    Raises
    ------
    NotOurs
        If the list itself is somebody else's.
    """
    path = directory / LIST
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {str(name): tuple(map(str, digests)) for name, digests in files.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotOurs(path) from None


def sweep(directory: Path) -> None:
    """Finish or remove what killed programs left in a folder; leave what belongs to a living one."""
    with suppress(OSError):
        for place in directory.iterdir():
            if not STAGE.fullmatch(place.name) or place.is_symlink():
                continue
            if (place / OWNER).is_file():
                _sweep(place, directory)
            elif time.time() - place.stat().st_mtime > JUST_BEGUN_S:
                with suppress(OSError):
                    place.rmdir()  # it died before it made anything, or after all was removed


def sweep_noted(register: Path) -> None:
    """Sweep the folders in which stages were noted, wherever they are."""
    with suppress(OSError):
        for note in register.iterdir():
            with suppress(OSError):
                place = Path(os.fsdecode(note.read_bytes()))
                sweep(place.parent)
                if STAGE.fullmatch(place.name) and not place.exists():
                    note.unlink(missing_ok=True)


def _make(directory: Path) -> list[Path]:
    """Make a folder and those above it; return those that were not there, the innermost first."""
    if directory.is_dir():
        return []
    if os.path.lexists(directory):
        raise NotADirectoryError(ENOTDIR, "a file is in the way", str(directory))
    above = _make(directory.parent)
    directory.mkdir(exist_ok=True)
    return [directory, *above]


def _noted(place: Path, register: Path | None) -> Path | None:
    if register is None:
        return None
    try:
        register.mkdir(parents=True, exist_ok=True)
        note = register / place.name.removeprefix(".")
        note.write_bytes(os.fsencode(place.absolute()))
    except OSError:
        return None
    return note


def _sweep(place: Path, directory: Path) -> None:
    with suppress(OSError, ValueError, KeyError), (place / OWNER).open("r+b") as owner:
        if not _locked(owner.fileno(), wait=False):
            return
        if (place / READY).exists():
            ready = json.loads((place / READY).read_text(encoding="utf-8"))
            with _alone(directory):
                _exchange(place, directory, {n: tuple(d) for n, d in ready["files"].items()}, ready["record"])
        _remove(place)
    with suppress(OSError):
        place.rmdir()


def _remove(place: Path) -> None:
    """Empty a stage; by what goes last it is known until then, should this program be killed."""
    for part in (NEW, OLD):
        shutil.rmtree(place / part, ignore_errors=True)
    for path in sorted(place.iterdir(), key=lambda path: path.name == OWNER):
        with suppress(OSError):
            path.unlink()


def _exchange(place: Path, directory: Path, wanted: Digests, record: str) -> None:
    """Ours out, the new in; begun again it goes on where it was."""
    known = listed(directory)
    try:
        for name in sorted(known, key=lambda name: name != record):
            path = directory / name
            if not is_ours(path, wanted) and is_ours(path, known):
                path.replace(place / OLD / name)
        for name in sorted(wanted, key=lambda name: name == record):
            if not is_ours(directory / name, wanted):
                _place(place / NEW / name, directory / name)
        _write_list(place, directory, wanted)
    except BaseException:
        _undo(place, directory, wanted)
        raise
    (place / READY).unlink(missing_ok=True)


def _undo(place: Path, directory: Path, wanted: Digests) -> None:
    """Put back what went out, as far as it can be."""
    with suppress(OSError):
        (place / READY).unlink(missing_ok=True)
        for name in wanted:
            if not (place / NEW / name).exists() and is_ours(directory / name, wanted):
                (directory / name).unlink()
        for path in (place / OLD).iterdir():
            _place(path, directory / path.name)


def _place(path: Path, target: Path) -> None:
    """Move a file without ever replacing another."""
    try:
        os.link(path, target)
    except FileExistsError:
        raise NotOurs(target) from None
    except OSError:  # a disk that knows no links (a memory card's)
        if os.path.lexists(target):
            raise NotOurs(target) from None
        path.rename(target)
        return
    path.unlink()


def _write_list(place: Path, directory: Path, files: Digests) -> None:
    _write_whole(directory / LIST, {"written by": "gait", "files": files}, place)


def _write_whole(path: Path, content: Mapping[str, object], place: Path) -> None:
    part = place / f"{path.name}.part"
    part.write_text(json.dumps(content, indent=1), encoding="utf-8")
    _to_disk(part)
    part.replace(path)


def _to_disk(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _held(place: Path) -> Iterator[None]:
    """Hold a stage while its program lives; it appears to others only when it is held."""
    unheld = place / f"{OWNER}.new"
    with unheld.open("x+b") as owner:
        _locked(owner.fileno(), wait=False)
        if sys.platform != "win32":
            unheld.rename(place / OWNER)
        yield


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Wait until no other program exchanges files in this folder, where the system can tell."""
    if sys.platform == "win32":
        yield
        return
    folder = os.open(directory, os.O_RDONLY)
    try:
        with suppress(OSError):
            _locked(folder, wait=True)
        yield
    finally:
        os.close(folder)


def _locked(descriptor: int, *, wait: bool) -> bool:
    """Take the lock on an open file; False if another program has it."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
