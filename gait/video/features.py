"""What this machine's build of FFmpeg can read and write."""

from dataclasses import dataclass

import av

READ = ("h264", "hevc", "mpeg4", "mjpeg", "prores", "vp8", "vp9", "av1")
"""What phones, cameras and messengers store."""
WRITTEN = "libx264"
"""What annotated videos are written with."""


@dataclass(frozen=True)
class Features:
    """One build of FFmpeg."""

    version: str
    pyav: str
    missing: tuple[str, ...]
    """Names of codecs that it lacks."""


def features() -> Features:
    """Look at the build that comes with PyAV."""
    missing = [name for name in (*READ, WRITTEN) if name not in av.codecs_available]
    return Features(av.ffmpeg_version_info, av.__version__, tuple(missing))
