"""What a file must be to be let in: there, readable, large enough, and with the times of a film."""

import stat
from errno import EACCES, ELOOP, ENAMETOOLONG, EPERM
from pathlib import Path

from gait import plain
from gait.errors import UnreadableClip
from gait.video.clip import Clip, uniform_stretch

SLOWEST_FPS = 1.0
"""Pictures a second at which a file plays at least: 60 a second, slowed 60 times. Slower is no film, and by
its times alone a small file could claim hours."""
FASTEST_FPS = 4000.0
"""Twice the fastest capture rate that can be given."""
SMALLEST_PX = 64
"""Shorter side of a picture: in fewer pixels no body can be seen; the model looks at 224."""


def require_file(path: Path) -> None:
    """Refuse what is no file, or cannot be read, before a decoder sees it.

    Raises
    ------
    UnreadableClip
        If it is missing, a folder, a pipe or a device, empty, or not permitted to be read.
    """
    shown = plain.line(str(path))
    try:
        mode, size = path.stat().st_mode, path.stat().st_size
        if stat.S_ISDIR(mode):
            raise UnreadableClip(f"{shown} is a folder: give the video file in it.")
        if not stat.S_ISREG(mode):
            raise UnreadableClip(f"{shown} is not a file but a pipe or a device: give a video file.")
        if size == 0:
            raise UnreadableClip(f"{plain.line(path.name)} is empty: copy it from the phone again.")
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        raise UnreadableClip(_why_not(path, error)) from error


def require_size(clip: Clip) -> None:
    """Refuse pictures in which nobody could be seen.

    Raises
    ------
    UnreadableClip
        If the shorter side has fewer than ``SMALLEST_PX`` pixels.
    """
    name, (width, height) = plain.line(clip.path.name), clip.size_px
    if min(width, height) < SMALLEST_PX:
        raise UnreadableClip(
            f"The pictures of {name} have only {width} x {height} pixels, too few to see a runner: "
            "take the clip as the phone saved it.",
            id="small",
        )


def require_pace(clip: Clip) -> None:
    """Refuse a file whose pictures come slower or faster than those of any film.

    Raises
    ------
    UnreadableClip
        If its steadiest stretch plays at fewer than ``SLOWEST_FPS`` or more than ``FASTEST_FPS``.
    """
    first, last = uniform_stretch(clip.pts_s)
    fps = (last - first) / float(clip.pts_s[last] - clip.pts_s[first])
    if SLOWEST_FPS <= fps <= FASTEST_FPS:
        return
    told = f"one picture in {1 / fps:,.0f} seconds" if fps < SLOWEST_FPS else f"{fps:,.0f} pictures a second"
    raise UnreadableClip(
        f"By its own times {plain.line(clip.path.name)} shows {told}, as no film does: copy it from the "
        "phone again, or save it again at its usual speed.",
        id="times",
    )


def _why_not(path: Path, error: OSError | ValueError) -> str:
    """Say why a file cannot be opened, and what to do."""
    number = getattr(error, "errno", None)
    shown, name, folder = plain.line(str(path)), plain.line(path.name), plain.line(str(path.parent))
    if number in (EACCES, EPERM) and _can_be_looked_at(path):
        return (
            f"{name} is there, but you lack the permission to read it: allow it in the file's properties "
            "(its owner needs the right to read), or copy the clip to a folder of your own."
        )
    if number in (EACCES, EPERM):
        return (
            f"You lack the permission to open the folder {folder}: allow it in its properties, or copy the "
            "clip to a folder of your own."
        )
    if number == ENAMETOOLONG:
        return f"No file has a name as long as {shown[:60]}…: check the name and the folder."
    if number == ELOOP:
        return f"{shown} is a link that leads to itself: give the video file."
    return f"There is no file {shown}: check the name and the folder."


def _can_be_looked_at(path: Path) -> bool:
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True
