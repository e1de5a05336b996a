"""A zip whose manifest names every member with its SHA-256; read as if a stranger had made it.

Nothing is unpacked under the name it has in the zip: names only tell which member is meant, and only a few
forms of names are known. Sizes are believed from what is read, not from what is declared.
"""

import hashlib
import json
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from gait.errors import StoreFailed, StoreRefused
from gait.store.files import PIECE, Digested, Folder, keep, room_bytes

FORMAT, VERSION = "gait-runner", 1
MANIFEST, RUNNER = "manifest.json", "runner.json"
NAME = re.compile(r"runner\.json|records/[0-9a-f]{64}\.json|files/[0-9a-f]{64}")
MOST_MEMBERS = 200_000
MOST_TEXT_BYTES = 100_000_000
MOST_TIMES_SMALLER = 100
"""Records shrink to a tenth, videos not at all; what shrinks more was made to fill a disk."""
SMALL_BYTES = 10_000_000
ENCRYPTED = 0x1
ZIP_IS_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RecursionError)
READING_FAILS = (*ZIP_IS_DAMAGED, OSError)
"""A damaged zip may send its reader to places that no file has."""


@dataclass(frozen=True)
class Writer:
    """A zip that is being written."""

    zip: zipfile.ZipFile
    members: dict[str, Digested]

    def add_text(self, name: str, text: str) -> None:
        """Add a text; the same member twice is added once."""
        content = text.encode()
        if name not in self.members:
            self.zip.writestr(name, content, zipfile.ZIP_DEFLATED)
            self.members[name] = Digested(hashlib.sha256(content).hexdigest(), len(content))

    def add_file(self, name: str, path: Path, digested: Digested) -> None:
        """Add a file as it is: videos and pictures do not shrink."""
        if name not in self.members:
            self.zip.write(path, name, zipfile.ZIP_STORED)
            self.members[name] = digested


@dataclass(frozen=True)
class Archive:
    """A zip whose names and sizes were checked; its contents are checked as they are read."""

    zip: zipfile.ZipFile
    members: dict[str, Digested]

    def verify(self) -> None:
        """Read every member through.

        Raises
        ------
        StoreRefused
            If one is not what the manifest says.
        """
        for name in self.members:
            for _ in self._pieces(name):
                pass

    def text(self, name: str) -> str:
        """Return a text."""
        if self.members[name].n_bytes > MOST_TEXT_BYTES:
            raise _too_large()
        try:
            return b"".join(self._pieces(name)).decode()
        except UnicodeDecodeError as error:
            raise broken() from error

    def bring(self, name: str, folder: Folder) -> None:
        """Copy a file into a folder of files named by content."""
        with _reading_zip(ZIP_IS_DAMAGED), self.zip.open(name) as source:
            if keep(folder, source) != self.members[name]:
                raise _mismatch(name)

    def _pieces(self, name: str) -> Iterator[bytes]:
        declared, hashed, total = self.members[name], hashlib.sha256(), 0
        with _reading_zip(), self.zip.open(name) as source:
            while piece := source.read(PIECE):
                total += len(piece)
                hashed.update(piece)
                yield piece
        if Digested(hashed.hexdigest(), total) != declared:
            raise _mismatch(name)


@contextmanager
def written(path: Path, about: dict[str, str]) -> Iterator[Writer]:
    """Write a zip that appears under its name only when it is whole.

    Raises
    ------
    StoreFailed
        If it cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".exporting-")
    except OSError as error:
        raise _unwritable(path) from error
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w") as target:
                writer = Writer(target, {})
                yield writer
                target.writestr(MANIFEST, _manifest(writer, about), zipfile.ZIP_DEFLATED)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise _unwritable(path) from error
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def opened(path: Path, room: Folder) -> Iterator[Archive]:
    """Open a zip and check all that can be known without reading it through.

    Parameters
    ----------
    room
        The folder its files will go to: there has to be room.

    Raises
    ------
    StoreRefused
        If it is not one of ours, is damaged, or was made by a newer program.
    """
    try:
        source = zipfile.ZipFile(path)
    except OSError as error:
        raise StoreRefused(
            f"{path.name} cannot be read: is it still there?", id="unreadable", field="file"
        ) from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise broken() from error
    with source:
        yield Archive(source, _checked_members(source, path, room))


def broken() -> StoreRefused:
    """Say that it is none of ours."""
    return StoreRefused(
        "This is not a runner exported by this program, or it was damaged on the way: export it again.",
        id="not-an-export",
        field="file",
    )


def _manifest(writer: Writer, about: dict[str, str]) -> str:
    members = {name: {"sha256": d.sha256, "bytes": d.n_bytes} for name, d in sorted(writer.members.items())}
    return json.dumps({"format": FORMAT, "version": VERSION, **about, "members": members}, indent=1)


def _checked_members(source: zipfile.ZipFile, path: Path, room: Folder) -> dict[str, Digested]:
    entries = source.infolist()
    names = [entry.filename for entry in entries]
    if not _only_ours(names) or any(not _plain(entry) for entry in entries):
        raise broken()
    total = sum(entry.file_size for entry in entries)
    if total > MOST_TIMES_SMALLER * path.stat().st_size + SMALL_BYTES:
        raise _too_large()
    if total > room_bytes(room):
        raise StoreFailed("There is no room for this runner on the disk: free some.", id="disk-full")
    members = _members(_read_manifest(source))
    if set(members) != set(names) - {MANIFEST} or RUNNER not in members:
        raise broken()
    return members


def _only_ours(names: Sequence[str]) -> bool:
    """True if each name is one that this program writes, and is there once."""
    once = len(set(names)) == len(names) <= MOST_MEMBERS
    return once and MANIFEST in names and all(NAME.fullmatch(name) for name in names if name != MANIFEST)


def _plain(entry: zipfile.ZipInfo) -> bool:
    """True if a member is stored as this program stores it."""
    known = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return known and not entry.flag_bits & ENCRYPTED


def _read_manifest(source: zipfile.ZipFile) -> dict[str, Any]:
    with _reading_zip(), source.open(MANIFEST) as file:
        content = json.loads(_some(file))
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise broken()
    if isinstance(content.get("version"), int) and content["version"] > VERSION:
        raise StoreRefused(
            "This runner was exported by a newer version of this program: update this one to read it.",
            id="newer-export",
            field="file",
        )
    return content


def _members(manifest: dict[str, Any]) -> dict[str, Digested]:
    try:
        return {
            name: Digested(str(each["sha256"]), int(each["bytes"]))
            for name, each in manifest["members"].items()
        }
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise broken() from error


def _some(file: IO[bytes]) -> bytes:
    content = file.read(MOST_TEXT_BYTES + 1)
    if len(content) > MOST_TEXT_BYTES:
        raise _too_large()
    return content


@contextmanager
def _reading_zip(failures: tuple[type[Exception], ...] = READING_FAILS) -> Iterator[None]:
    try:
        yield
    except failures as error:
        raise broken() from error


def _mismatch(name: str) -> StoreRefused:
    return StoreRefused(
        f"A part of this file ({name[:20]}) is not what was exported: nothing was imported, export it again.",
        id="mismatch",
        field="file",
    )


def _too_large() -> StoreRefused:
    return StoreRefused(
        "This file would unpack to far more than a runner's days hold: nothing was imported.",
        id="too-large",
        field="file",
    )


def _unwritable(path: Path) -> StoreFailed:
    return StoreFailed(
        f"{path} cannot be written: choose another folder, or free some room.", id="output", field="out"
    )
