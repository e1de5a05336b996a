"""What is known of a video file, and one of its pictures."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.video.colour import Transfer

SMOOTHED_GAPS = 8
RATE_CHANGE = 1.6
"""A lasting change of the time between frames by more than this is another frame rate."""
FIRST_DAY = date(2000, 1, 1)
"""A film says an earlier day where its clock was never set."""


Display = tuple[int, int, int, int]
"""How to show the stored picture: where its x axis (first two numbers) and its y axis point."""
UPRIGHT: Display = (1, 0, 0, 1)


@dataclass(frozen=True, eq=False)
class Clip:
    """What a file says about itself, before any picture is looked at."""

    path: Path
    sha256: str
    size_px: tuple[int, int]
    """Width and height of the upright picture, in square pixels."""
    pts_s: NDArray[np.float64]
    """(T,) presentation time of each frame in seconds, strictly increasing."""
    tagged_capture_fps: float | None = None
    """Frames per second at which an Android phone says it filmed."""
    keyframes: tuple[int, ...] = (0,)
    """Frames from which decoding can start."""
    transfer: Transfer = Transfer.SDR
    interlaced: bool = False
    times_missing: bool = False
    """True if the file has no times and ``pts_s`` follows from its frame rate."""
    display: Display = UPRIGHT
    stored_px: tuple[int, int] = (0, 0)
    """Width and height of the first picture as stored, to which later ones are brought; (0, 0) if unknown."""
    counted: bool = False
    """True if what the decoder says of a picture's time is no use: pictures are told by their order."""
    created: str = ""
    """When the phone says that it filmed, as the file has it; empty if it does not say."""
    joined_pts: tuple[int, ...] = ()
    """(T,) times as the file counts them, where it counts anew after a join; empty where it does not."""

    def __post_init__(self) -> None:
        if len(self.pts_s) < 2 or not np.all(np.diff(self.pts_s) > 0):
            raise ValueError("pts_s must hold at least two strictly increasing times")

    @property
    def stored_fps(self) -> float:
        """Frames per second of playback, from the middle time between frames."""
        return stored_fps(self.pts_s)

    @property
    def seekable(self) -> bool:
        """True if a picture can be found by its time."""
        return not (self.times_missing or self.counted or self.joined_pts)

    @property
    def day(self) -> date | None:
        """The day on which the phone says that it filmed; None if it does not say."""
        return written_day(self.created)

    def turned(self, quarters: int) -> "Clip":
        """The same clip, each picture turned clockwise by so many quarters of a full turn."""
        a, b, c, d = self.display
        width, height = self.size_px
        for _ in range(quarters % 4):
            a, b, c, d = -b, a, -d, c
            width, height = height, width
        return replace(self, display=(a, b, c, d), size_px=(width, height))


@dataclass(frozen=True, eq=False)
class Frame:
    """One upright picture, or a part of it."""

    index: int
    pts_s: float
    rgb: NDArray[np.uint8]
    """(height, width, 3) sRGB, 8 bits a channel."""
    corner_px: tuple[int, int]
    """Where the upper left corner of ``rgb`` lies in the whole picture: x, y."""
    thumb: NDArray[np.uint8]
    """(h, w) the whole picture in grey, small, as it is stored."""
    news: float = float("nan")
    """Grey levels by which the places that changed most differ from the picture given before; NaN for the
    first."""
    stored_px: tuple[int, int] = (0, 0)
    """Width and height as the picture is stored."""


def written_day(created: str) -> date | None:
    """Read the day from what a phone wrote into a film; None where it is none, or cannot be.

    Examples
    --------
    >>> written_day("2026-08-03T18:20:00+0200")
    datetime.date(2026, 8, 3)
    >>> written_day("1904-01-01T00:00:00Z") is None
    True
    """
    with suppress(ValueError):
        made = datetime.fromisoformat(created)
        # A phone that writes only UTC says nothing of its own clock: the day here is the likeliest.
        own = made.astimezone().date() if made.tzinfo and not made.utcoffset() else made.date()
        if FIRST_DAY <= own <= date.today():
            return own
    return None


def stored_fps(pts_s: NDArray[np.float64]) -> float:
    """Frames per second over a stretch of presentation times.

    The mean over the frames whose gaps are near the median one: files that count time coarsely
    (1/600 s, say) alternate between two gaps around the true one.
    """
    gaps = np.diff(pts_s)
    usual = gaps[np.abs(gaps / np.median(gaps) - 1) < 0.6]
    return float(1.0 / np.mean(usual))


def uniform_stretch(pts_s: NDArray[np.float64]) -> tuple[int, int]:
    """First and last frame of the longest stretch stored at one frame rate.

    A phone's slow-motion file can run at 240 frames/s in its middle and at 30 at both ends; no single
    factor holds for both.
    """
    gaps = np.diff(pts_s)
    reach = min(SMOOTHED_GAPS, len(gaps))
    local = np.convolve(gaps, np.ones(reach) / reach, mode="valid")
    starts, level = [0], float(local[0])
    for number, gap in enumerate(local):
        if not 1 / RATE_CHANGE < gap / level < RATE_CHANGE:
            starts.append(number)
            level = float(local[min(number + reach - 1, len(local) - 1)])
    ends = [*(start + reach - 1 for start in starts[1:]), len(gaps)]
    first, last = max(zip(starts, ends, strict=True), key=lambda stretch: stretch[1] - stretch[0])
    usual = np.median(gaps[first:last])
    fitting = np.flatnonzero(np.abs(np.log(gaps[first:last] / usual)) < np.log(RATE_CHANGE)) + first
    return int(fitting[0]), int(fitting[-1]) + 1
