"""Open a video file and stream its frames, upright, each with the time the file gives it."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.errors import UnreadableClip
from gait.video import decoder, sandbox
from gait.video.clip import Clip, Frame
from gait.video.decoder import Squares
from gait.video.door import require_file, require_pace, require_size


def open_clip(path: Path) -> Clip:
    """Read a clip's size, times, keyframes, colours and tags.

    Raises
    ------
    UnreadableClip
        If there is no such file, it is not a video, it is broken or lies about its size, or it has
        fewer than two frames.
    """
    require_file(path)
    whole = path.absolute()
    (clip,) = sandbox.stream(sandbox.Job(whole, Clip, decoder.probe, (whole,)))
    require_size(clip)
    require_pace(clip)
    return replace(clip, path=whole)


def frames(
    clip: Clip, wanted: NDArray[np.int_] | None = None, squares: Squares | None = None
) -> Generator[Frame, None, None]:
    """Stream frames of a clip, turned upright, in the order of presentation.

    Parameters
    ----------
    wanted
        (n,) strictly increasing frame numbers; None for all. A damaged file can leave some out.
    squares
        (n, 3) left, top and side of the part wanted of each; None for the whole picture.

    Raises
    ------
    UnreadableClip
        If the file gives none of them.
    """
    require_file(clip.path)
    chosen = np.arange(len(clip.pts_s)) if wanted is None else wanted
    return _in_order(clip, chosen, sandbox.Job(clip.path, Frame, decoder.pictures, (clip, chosen, squares)))


def _in_order(
    clip: Clip, wanted: NDArray[np.int_], job: "sandbox.Job[Frame]"
) -> Generator[Frame, None, None]:
    """Take only the pictures that were asked for, each once."""
    left = iter(wanted.tolist())
    with closing(sandbox.stream(job)) as pictures:
        for frame in pictures:
            if frame.index not in left or frame.rgb.ndim != 3 or frame.thumb.ndim != 2:
                raise UnreadableClip(f"Reading {clip.path.name} broke off: copy it from the phone again.")
            yield frame
