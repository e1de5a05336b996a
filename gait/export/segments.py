"""The pictures of a proxy, in segments: made in the background, those that somebody waits for first.

A segment is a little-endian unsigned 32-bit count, as many 32-bit sizes, and as many JPEGs. A picture that
the file does not give has the size 0.
"""

import struct
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from gait.errors import GaitError
from gait.export.proxy import Proxy, full_size
from gait.video import sandbox
from gait.video.jpegs import Jpeg, jpegs

FRAMES = 60
"""Pictures in a segment: about 1 MB, a quarter of a second at 240 frames a second."""
NEAR_ENOUGH = 2
"""Segments ahead that are waited for; beyond, the maker jumps there."""
REST_S = 10.0
"""How long the maker goes on when nobody asks any more."""


def pack(pictures: Sequence[bytes]) -> bytes:
    """Put pictures into one segment.

    Examples
    --------
    >>> unpack(pack([b"one", b"", b"three"]))
    (b'one', b'', b'three')
    """
    sizes = [len(picture) for picture in pictures]
    return struct.pack(f"<I{len(sizes)}I", len(sizes), *sizes) + b"".join(pictures)


def unpack(segment: bytes) -> tuple[bytes, ...]:
    """Take the pictures out of a segment.

    Raises
    ------
    ValueError
        If the segment is cut short.
    """
    try:
        (count,) = struct.unpack_from("<I", segment)
        sizes = struct.unpack_from(f"<{count}I", segment, 4)
    except struct.error:
        raise ValueError("the segment breaks off") from None
    place, pictures = 4 + 4 * count, []
    for size in sizes:
        pictures.append(segment[place : place + size])
        place += size
    if place != len(segment):
        raise ValueError("the segment breaks off")
    return tuple(pictures)


class Segments:
    """Makes the segments of one proxy into a folder, once somebody asks."""

    def __init__(self, proxy: Proxy, folder: Path, now_s: Callable[[], float] = time.monotonic) -> None:
        self.proxy, self._folder, self._now_s = proxy, folder, now_s
        self._asked_s = now_s()
        self.count = -(-len(proxy.frames.number) // FRAMES)
        self._wanted: int | None = None
        self._made: set[int] = set()
        self._lock = threading.Lock()
        self._maker: threading.Thread | None = None
        self._closed = False
        self.error: GaitError | OSError | None = None

    def ask(self, number: int) -> Path | None:
        """Return the file of a segment, or None while it is not made yet; it is then made next.

        Raises
        ------
        LookupError
            If there is no such segment, or it cannot be made any more.
        """
        path = self.find(number)
        with self._lock:
            self._asked_s = self._now_s()
            if path is None and not self._reads_on(number):
                self._wanted = number
            if path is None and self._maker is None:
                self._maker = threading.Thread(target=self._make, name="segments", daemon=True)
                self._maker.start()
        return path

    def find(self, number: int) -> Path | None:
        """Return the file of a segment, or None while it is not made yet.

        Raises
        ------
        LookupError
            If there is no such segment, or it cannot be made any more.
        """
        if not 0 <= number < self.count:
            raise LookupError(number)
        with self._lock:
            if number in self._made:
                return self._path(number)
            if self.error is not None or self._closed:
                raise LookupError(number)
        return None

    def _reads_on(self, number: int) -> bool:
        """True for a segment right after the one waited for: it does not displace that one."""
        return self._wanted is not None and self._wanted <= number <= self._wanted + NEAR_ENOUGH

    @property
    def working(self) -> bool:
        """True while segments are being made."""
        return self._maker is not None

    def close(self) -> None:
        """Stop making more."""
        self._closed = True

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.seg"

    def _make(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            while (number := self._next()) is not None:
                self._make_from(number)
        except (GaitError, OSError) as error:
            self.error, self._maker = error, None

    def _next(self) -> int | None:
        """The segment to go on with: the one waited for, else the first missing; None to rest."""
        with self._lock:
            wanted, self._wanted = self._wanted, None
            missing = sorted(set(range(self.count)) - self._made)
            if not missing or self._resting():
                self._maker = None
                return None
            return wanted if wanted in missing else missing[0]

    def _resting(self) -> bool:
        """Nobody has asked for a while: whoever looked has gone."""
        return self._closed or self._now_s() - self._asked_s > REST_S

    def _make_from(self, number: int) -> None:
        """Make segments one after the other until one is there already or another is waited for."""
        clip, frames = self.proxy.read.clip, self.proxy.frames.number[number * FRAMES :]
        pictures: dict[int, bytes] = {}
        job = sandbox.Job(clip.path, Jpeg, jpegs, (clip, frames, self.proxy.cut))
        with closing(sandbox.stream(job)) as stream:
            for jpeg in stream:
                while jpeg.index >= self._end(number):
                    number = self._write(number, pictures)
                    if self._stop_before(number):
                        return
                pictures[jpeg.index] = jpeg.data.tobytes()
        while number < self.count and number not in self._made:
            number = self._write(number, pictures)

    def _end(self, number: int) -> int:
        """Number of the first frame after a segment."""
        return int(self.proxy.frames.number[0]) + (number + 1) * FRAMES

    def _write(self, number: int, pictures: dict[int, bytes]) -> int:
        """Write one segment under a name of its own, then rename it; return the next one's number."""
        own = self.proxy.frames.number[number * FRAMES : (number + 1) * FRAMES]
        path = self._path(number)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(pack([pictures.pop(int(index), b"") for index in own]))
        unfinished.replace(path)
        with self._lock:
            self._made.add(number)
        return number + 1

    def _stop_before(self, number: int) -> bool:
        with self._lock:
            wanted = self._wanted
            elsewhere = wanted is not None and not number <= wanted <= number + NEAR_ENOUGH
            return self._resting() or number in self._made or (elsewhere and wanted not in self._made)


def still(proxy: Proxy, position: int) -> bytes:
    """JPEG of one picture of the proxy as large as it was filmed.

    Raises
    ------
    LookupError
        If there is no such picture.
    GaitError
        If the clip cannot be read any more.
    """
    if not 0 <= position < len(proxy.frames.number):
        raise LookupError(position)
    clip, wanted = proxy.read.clip, proxy.frames.number[position : position + 1]
    job = sandbox.Job(clip.path, Jpeg, jpegs, (clip, wanted, full_size(proxy.cut)))
    found = list(sandbox.stream(job))
    return found[0].data.tobytes()
