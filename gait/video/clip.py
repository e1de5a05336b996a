"""Open a video file and stream its frames, upright, each with the time the file gives it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from gait.errors import UnreadableClip

CAPTURE_RATE_TAG = "com.android.capture.fps"
LOCAL_ONLY = {"protocol_whitelist": "file"}


@dataclass(frozen=True, eq=False)
class Clip:
    """What a file says about itself, before any picture is looked at."""

    path: Path
    sha256: str
    size_px: tuple[int, int]
    """Width and height of the upright picture."""
    pts_s: NDArray[np.float64]
    """(T,) presentation time of each frame in seconds, strictly increasing."""
    rotation_deg: int
    """Counter-clockwise turn that makes the stored picture upright: 0, 90, 180 or 270."""
    tagged_capture_fps: float | None
    """Frames per second at which an Android phone says it filmed."""

    def __post_init__(self) -> None:
        if len(self.pts_s) < 2 or not np.all(np.diff(self.pts_s) > 0):
            raise ValueError("pts_s must hold at least two strictly increasing times")

    @property
    def stored_fps(self) -> float:
        """Frames per second of playback, from the median time between frames."""
        return float(1.0 / np.median(np.diff(self.pts_s)))


@dataclass(frozen=True, eq=False)
class Frame:
    """One upright picture."""

    index: int
    pts_s: float
    rgb: NDArray[np.uint8]
    """(height, width, 3), 8 bits a channel."""


def open_clip(path: Path) -> Clip:
    """Read a clip's size, times, rotation and tags.

    Raises
    ------
    UnreadableClip
        If there is no such file, it is not a video, or it has fewer than two frames.
    """
    with _container(path) as container:
        stream = container.streams.video[0]
        tag = container.metadata.get(CAPTURE_RATE_TAG) or stream.metadata.get(CAPTURE_RATE_TAG)
        times = sorted(
            {
                float(packet.pts * packet.time_base)
                for packet in container.demux(stream)
                if packet.pts is not None and packet.time_base and not packet.is_discard
            }
        )
        if len(times) < 2:
            raise UnreadableClip(
                f"{path.name} holds no moving pictures: choose the video file itself, as the phone saved it."
            )
        container.seek(0)
        first = next(container.decode(stream), None)
        if first is None:
            raise UnreadableClip(f"{path.name} holds no picture that can be decoded.")
        rotation = first.rotation % 360
    size = (first.height, first.width) if rotation in (90, 270) else (first.width, first.height)
    return Clip(
        path=path,
        sha256=_sha256(path),
        size_px=size,
        pts_s=np.array(times),
        rotation_deg=rotation,
        tagged_capture_fps=_positive_number(tag),
    )


def frames(clip: Clip) -> Iterator[Frame]:
    """Stream every frame of a clip, turned upright, in the order of presentation.

    Raises
    ------
    UnreadableClip
        If the file breaks off in the middle.
    """
    with _container(clip.path) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        quarter_turns = clip.rotation_deg // 90
        for index, frame in enumerate(container.decode(stream)):
            if frame.time is None:
                raise UnreadableClip(
                    f"{clip.path.name} has frames without a time: save it again as MP4 and retry."
                )
            rgb = np.rot90(frame.to_ndarray(format="rgb24"), quarter_turns)
            yield Frame(index, frame.time, np.ascontiguousarray(rgb))


@contextmanager
def _container(path: Path) -> Iterator[av.container.InputContainer]:
    if path.is_dir():
        raise UnreadableClip(f"{path} is a folder: give the video file in it.")
    if not path.is_file():
        raise UnreadableClip(f"There is no file {path}: check the name and the folder.")
    try:
        with av.open(str(path), options=LOCAL_ONLY) as container:
            if not container.streams.video:
                raise UnreadableClip(f"{path.name} has sound but no picture: choose a video.")
            yield container
    except av.error.FFmpegError as error:
        raise UnreadableClip(
            f"{path.name} cannot be read as a video: it may be damaged or another kind of file. "
            "Copy it from the phone again, as MP4 or MOV."
        ) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _positive_number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None
