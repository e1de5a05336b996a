"""The files of an assessment: first into the folder, then into rows."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from gait.errors import StoreRefused
from gait.store import files as folder
from gait.store.database import Store
from gait.store.domain import FileKind, KeptClip, KeptFile
from gait.store.failures import said
from gait.store.rows import file_row
from gait.store.texts import file_name


@dataclass(frozen=True)
class NewFile:
    """A file to keep with an assessment; a clip's content must be what the record was made from."""

    path: Path
    kind: FileKind
    clip: str = ""
    """Id of the clip it is or was made from; empty for the whole day."""


Kept = tuple[KeptFile, Path]


def keep_files(store: Store, new: Sequence[NewFile], clips: Sequence[KeptClip]) -> list[Kept]:
    """Bring files into the folder; no row names them yet.

    Raises
    ------
    StoreRefused
        If one cannot be read, or is not the clip that the record was made from.
    StoreFailed
        If one cannot be written.
    """
    known = {clip.id: clip.sha256 for clip in clips}
    digested = [_checked(each, known) for each in new]
    with said(store.where):
        for each, path in digested:
            _bring(store, each.sha256, path)
    return digested


def add_files(session: Session, store: Store, assessment_id: str, kept: Iterable[Kept]) -> None:
    """Name kept files in rows; one that was swept since it was kept is kept again."""
    for each, path in kept:
        if not store.files.has(each.sha256):
            _bring(store, each.sha256, path)
        session.merge(file_row(assessment_id, each))


def _checked(new: NewFile, known: dict[str, str]) -> Kept:
    name = file_name(new.path.name)
    if new.clip and new.clip not in known:
        raise StoreRefused(f"The record knows no clip {new.clip}: analyse the clips again.", id="clip")
    try:
        digested = folder.digest(new.path)
    except OSError as error:
        raise StoreRefused(
            f"{name} cannot be read: is it still there?", id="unreadable", field="clip"
        ) from error
    if new.kind == "clip" and digested.sha256 != known.get(new.clip):
        raise _changed(name)
    return KeptFile(new.kind, name, digested.sha256, digested.n_bytes, new.clip), new.path


def _bring(store: Store, sha256: str, path: Path) -> None:
    """Copy a file into the folder, unless it is there and whole."""
    place = store.files.path(sha256)
    if place.is_file() and folder.digest(place).sha256 == sha256:
        os.utime(place)
        return
    with path.open("rb") as source:
        if folder.keep(store.files, source).sha256 != sha256:
            raise _changed(file_name(path.name))


def _changed(name: str) -> StoreRefused:
    return StoreRefused(
        f"{name} is not the file that was analysed: analyse it again.", id="clip-changed", field="clip"
    )
