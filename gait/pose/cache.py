"""Landmarks kept on this computer, so that a clip is read only once.

A track is kept under the digest of everything that makes it: the clip's content, the model's, what was
asked for, and the code that reads it. Files appear whole or not at all, so a program that is killed and
two programs at once do no harm; what cannot be read back is made again.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import platformdirs

from gait.errors import BadRequest
from gait.pose.posetrack import PoseTrack
from gait.pose.trackfile import SUFFIX, load, save

FOLDER_VARIABLE = "GAIT_CACHE_DIR"
MOST_BYTES = 300_000_000
"""Some 300 clips; beyond that the tracks that were not used for longest are dropped."""


def folder() -> Path:
    """Where tracks are kept: ``GAIT_CACHE_DIR``, else the user's cache folder."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("gait")


def remember(made_from: tuple[object, ...], make: Callable[[], PoseTrack]) -> PoseTrack:
    """Return the kept track, or make it and keep it.

    A folder that cannot be written to, or is full, only costs the time of making the track again.

    Parameters
    ----------
    made_from
        What the track depends on, besides the code: the clip's SHA-256 first, so that a clip can be
        forgotten; its ``repr`` must tell different things apart.
    """
    key = hashlib.sha256(repr((made_from, _code())).encode()).hexdigest()
    path = folder() / f"{_clip(made_from[0])}-{key}{SUFFIX}"
    kept = _load(path)
    if kept is not None:
        return kept
    track = make()
    with suppress(OSError):
        _store(track, path)
        _drop_oldest(path.parent)
    return track


def forget(clip_sha256: str) -> None:
    """Delete every track of a clip, whatever model, wish or code made it.

    Raises
    ------
    OSError
        If a track is there and cannot be deleted.
    """
    if folder().is_dir():
        for path in folder().glob(f"{_clip(clip_sha256)}-*{SUFFIX}"):
            path.unlink(missing_ok=True)


def _clip(sha256: object) -> str:
    return hashlib.sha256(repr(sha256).encode()).hexdigest()[:32]


def _load(path: Path) -> PoseTrack | None:
    try:
        track = load(path)
        os.utime(path)
    except (OSError, BadRequest):
        return None
    return track


def _store(track: PoseTrack, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            save(track, file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _drop_oldest(directory: Path) -> None:
    """Keep the newest tracks within ``MOST_BYTES``; drop what a killed program left half written."""
    newest_first = []
    for path in directory.iterdir():
        with suppress(OSError):
            newest_first.append((path.stat().st_mtime, path.stat().st_size, path))
    newest_first.sort(key=lambda entry: entry[0], reverse=True)
    total = 0
    for _, size, path in newest_first:
        total += size
        ours = path.name.endswith(SUFFIX) or path.name.startswith(".writing-")
        if ours and total > MOST_BYTES:
            with suppress(OSError):
                path.unlink()


@cache
def _code() -> str:
    """Digest of the code that reads clips and landmarks: what it makes is not taken for a newer one's."""
    home = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for part in ("body.py", "video", "pose"):
        for source in sorted([home / part] if part.endswith(".py") else (home / part).glob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()
