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
from dataclasses import astuple
from functools import cache
from pathlib import Path

import numpy as np
import platformdirs

from gait.pose.posetrack import PoseTrack
from gait.video.footage import Footage
from gait.video.plumb import Plumb

FOLDER_VARIABLE = "GAIT_CACHE_DIR"
MOST_BYTES = 300_000_000
"""Some 300 clips; beyond that the tracks that were not used for longest are dropped."""
SUFFIX = ".track.npz"
NOT_KNOWN = np.zeros((0, 0), dtype=bool)


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


def _plumb(values: list[float]) -> Plumb | None:
    if not values:
        return None
    tilt, per_px, middle, sd, level_off, by_level = values
    return Plumb(tilt, per_px, middle, sd, level_off, bool(by_level))


def _load(path: Path) -> PoseTrack | None:
    try:
        with np.load(path, allow_pickle=False) as data:
            width, height = (int(side) for side in data["size_px"])
            track = PoseTrack(
                frame=data["frame"],
                pts_s=data["pts_s"],
                xy_px=data["xy_px"],
                visibility=data["visibility"],
                repaired=data["repaired"],
                size_px=(width, height),
                footage=Footage(
                    repeated=data["repeated"],
                    blended=bool(data["blended"]),
                    cuts=tuple(int(cut) for cut in data["cuts"]),
                    drift_share=float(data["drift_share"]),
                    light=float(data["light"]),
                    spacing=float(data["spacing"]),
                    unread=int(data["unread"]),
                ),
                plumb=_plumb(data["plumb"].tolist()),
                outside=data["outside"] if data["outside"].size else None,
                quarters=int(data["quarters"]),
                left_out=tuple(str(why) for why in data["left_out"]),
            )
        os.utime(path)
    except FileNotFoundError:
        return None
    except Exception:  # noqa: BLE001 - a damaged file can fail in any way, and is then made again
        return None
    return track


def _store(track: PoseTrack, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    film = track.footage
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file,
                frame=track.frame,
                pts_s=track.pts_s,
                xy_px=track.xy_px,
                visibility=track.visibility,
                repaired=track.repaired,
                size_px=track.size_px,
                repeated=film.repeated,
                blended=film.blended,
                cuts=film.cuts,
                drift_share=film.drift_share,
                light=film.light,
                spacing=film.spacing,
                unread=film.unread,
                outside=NOT_KNOWN if track.outside is None else track.outside,
                quarters=track.quarters,
                left_out=np.array(track.left_out, dtype=str),
                plumb=astuple(track.plumb) if track.plumb else (),
            )
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
