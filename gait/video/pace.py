"""Whether a file's times are those of a film."""

import numpy as np

from gait.errors import UnreadableClip
from gait.video.clip import Clip, uniform_stretch

SLOWEST_FPS = 1.0
"""Pictures a second at which a file plays at least: 60 a second, slowed 60 times. Slower is no film, and by
its times alone a small file could claim hours."""
FASTEST_FPS = 4000.0
"""Twice the fastest capture rate that can be given."""


def require_pace(clip: Clip) -> None:
    """Refuse a file whose pictures come slower or faster than those of any film.

    Raises
    ------
    UnreadableClip
        If its steadiest stretch plays at fewer than ``SLOWEST_FPS`` or more than ``FASTEST_FPS``.
    """
    first, last = uniform_stretch(clip.pts_s)
    fps = (last - first) / float(clip.pts_s[last] - clip.pts_s[first])
    if SLOWEST_FPS <= fps <= FASTEST_FPS and np.isfinite(clip.pts_s).all():
        return
    shown = f"one picture in {1 / fps:,.0f} seconds" if fps < SLOWEST_FPS else f"{fps:,.0f} pictures a second"
    raise UnreadableClip(
        f"By its own times {clip.path.name} shows {shown}, as no film does: copy it from the phone again, or "
        "save it again at its usual speed.",
        id="times",
    )
