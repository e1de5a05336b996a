"""A part of every picture, small, as JPEG: made in the worker, right where pictures are decoded."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from gait.video.clip import Clip
from gait.video.colour import Transfer, to_srgb
from gait.video.decoder import Stored, lying, square_width, stored, turns
from gait.video.sandbox import ALIVE

EACH = Fraction(1)
LAMBDA = 118
"""FFmpeg counts quality in 118ths (FF_QP2LAMBDA)."""


@dataclass(frozen=True)
class Cut:
    """Which part of the upright picture is wanted, and how large and how fine."""

    box_px: tuple[int, int, int, int]
    """Left, top, right and bottom in the upright picture."""
    size_px: tuple[int, int]
    """Width and height of what is made of it; both even."""
    quality: int
    """FFmpeg's scale, 2 the finest, 31 the coarsest."""


@dataclass(frozen=True)
class Jpeg:
    """One picture, encoded."""

    index: int
    """Number of the frame in the clip."""
    data: NDArray[np.uint8]
    """(n,) the bytes of the JPEG."""


def jpegs(clip: Clip, wanted: NDArray[np.int_], cut: Cut) -> Iterator[Jpeg | None]:
    """Yield a part of each wanted frame as JPEG; a damaged file can leave some out.

    Raises
    ------
    UnreadableClip
        If the file breaks off before the first wanted frame.
    """
    shrinker = _Shrinker(clip, cut)
    for found in stored(clip, wanted):
        yield ALIVE if found is None else Jpeg(found.index, np.frombuffer(shrinker.jpeg(found), np.uint8))


class _Shrinker:
    """Filters and encoder for the pictures of one clip; made anew when its pictures change their kind."""

    def __init__(self, clip: Clip, cut: Cut) -> None:
        self._clip, self._cut = clip, cut
        self._kind: tuple[int, int, str] | None = None
        self._graph = Graph()
        self._encoder = _encoder(cut)
        self._made = 0

    def jpeg(self, found: Stored) -> bytes:
        """Cut, shrink, turn upright, encode."""
        kind = (found.frame.width, found.frame.height, found.frame.format.name)
        if kind != self._kind:
            self._kind, self._graph = kind, _graph(self._clip, self._cut, found)
        self._graph.push(found.frame)
        small = self._graph.vpull()
        if self._clip.transfer is not Transfer.SDR:
            rgb = to_srgb(small.to_ndarray().astype(np.uint16), self._clip.transfer)
            small = av.VideoFrame.from_ndarray(rgb, "rgb24").reformat(
                format="yuvj420p", dst_color_range="JPEG", threads=1
            )
        self._made += 1
        small.pts, small.time_base = self._made, EACH
        return b"".join(bytes(packet) for packet in self._encoder.encode(small))


def _encoder(cut: Cut) -> av.VideoCodecContext:
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height = cut.size_px
    encoder.pix_fmt, encoder.time_base, encoder.thread_count = "yuvj420p", EACH, 1
    encoder.options = {"flags": "+qscale", "global_quality": str(cut.quality * LAMBDA)}
    return encoder


def _graph(clip: Clip, cut: Cut, found: Stored) -> Graph:
    """Crop and shrink the picture as it lies in the file, then turn it."""
    frame = found.frame
    swapped, leftwards, upwards = turns(clip.display)
    width = square_width(frame, found.stream)
    box = lying(cut.box_px, clip.display, clip.size_px)
    left, right = (round(x * frame.width / width) for x in (box[0], box[2]))
    top, bottom = box[1], box[3]
    out = cut.size_px[::-1] if swapped else cut.size_px
    sdr = clip.transfer is Transfer.SDR
    colours = ":out_range=full:out_color_matrix=bt601" if sdr else ""
    steps = [
        ("crop", f"{right - left}:{bottom - top}:{left}:{top}:exact=1"),
        ("scale", f"{out[0]}:{out[1]}:flags=area{colours}"),
        *([("transpose", "cclock_flip")] if swapped else []),
        *([("hflip", "")] if leftwards else []),
        *([("vflip", "")] if upwards else []),
        ("format", "yuvj420p" if sdr else "rgb48le"),
    ]
    graph = Graph()
    graph.threads = 1
    last = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=found.stream.time_base
    )
    for name, arguments in steps:
        step = graph.add(name, arguments)
        last.link_to(step)
        last = step
    last.link_to(graph.add("buffersink"))
    graph.configure()
    return graph
