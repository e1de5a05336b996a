"""What reads files with FFmpeg. It runs in the worker: nothing here is trusted to return."""

import hashlib
import struct
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import av.subtitles.stream  # PyAV loads it late, when this process may open nothing any more
import numpy as np
import numpy.ma  # so does NumPy
from av.filter import Graph
from av.stream import Disposition
from av.video.reformatter import ColorTrc, VideoReformatter
from numpy.typing import NDArray

from gait.errors import UnreadableClip
from gait.video.clip import UPRIGHT, Clip, Display, Frame
from gait.video.colour import Transfer, to_srgb
from gait.video.sandbox import ALIVE

CAPTURE_RATE_TAG = "com.android.capture.fps"
CREATED_TAGS = ("com.apple.quicktime.creationdate", "creation_time")
MOST_OF_A_TAG = 64
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,mpegts,mpeg,asf,flv,ogg,h264,hevc"
"""Kinds of files that hold their own pictures; a playlist, which points elsewhere, is none of them."""
LOCAL_ONLY = {"protocol_whitelist": "file", "format_whitelist": FORMATS, "max_streams": "64"}
MAX_PIXELS = 8192 * 4608
MAX_FRAMES = 600_000
THREADS = 2
SEEK_FRAMES = 60
"""Frames ahead beyond which jumping to a keyframe is cheaper than decoding on."""
STILL = Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails
"""A cover or a preview beside the film."""
THUMB_PX, FINER = 96, 4
"""Longer side of the small picture, and how many times finer changes are looked for."""
MOST_CHANGED = 50
"""Places of the finer small picture that say how much is new: a shoe of somebody a tenth of it high."""
PACKETS_ALIVE, PIECE_BYTES = 1000, 1 << 26
"""How much is read between two signs of life."""
HDR = {ColorTrc.ARIB_STD_B67.value: Transfer.HLG, ColorTrc.SMPTE2084.value: Transfer.PQ}

Squares = NDArray[np.int_]
"""(n, 3) left, top and side of the part wanted of each picture; it may reach over the edge.

Where the side is 0 only the small grey picture is wanted.
"""
Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""
BLOCK = 16
"""Colours are stored, and dithered, in blocks no larger than this."""
NOTHING = np.zeros((0, 0, 3), dtype=np.uint8)
NO_THUMB = NOTHING[..., 0]
NO_PRESENTATION_TIMES = {"avi"}
"""Kinds of files that say in which order pictures are decoded, not when they are shown."""


def probe(path: Path) -> Iterator[Clip | None]:
    """Yield the clip: size, times, tags, and what its first picture shows.

    Raises
    ------
    UnreadableClip
        If it is not a video, it is too large, or it has fewer than two frames.
    """
    with _opened(path) as container:
        stream = _video(container, path)
        tags = {key.lower(): value for key, value in (stream.metadata | container.metadata).items()}
        timing = yield from _timing(container, stream, path)
    with _opened(path) as container:
        stream = _video(container, path)
        first = next(_decoded(container, stream, path), None)
        if first is None:
            raise UnreadableClip(f"{path.name} holds no picture that can be decoded.")
        display = _display(first)
        height, width = _upright(_pixels(first, stream, "rgb24"), display).shape[:2]
    sha256 = yield from _sha256(path)
    yield Clip(
        path=path,
        sha256=sha256,
        size_px=(width, height),
        pts_s=timing.pts_s,
        tagged_capture_fps=_positive_number(tags.get(CAPTURE_RATE_TAG)),
        keyframes=timing.keyframes,
        transfer=HDR.get(int(first.color_trc), Transfer.SDR),
        interlaced=first.interlaced_frame,
        times_missing=timing.missing,
        display=display,
        stored_px=(first.width, first.height),
        counted=timing.counted,
        joined_pts=timing.joined_pts,
        created=next((tags[tag][:MOST_OF_A_TAG] for tag in CREATED_TAGS if tags.get(tag)), ""),
    )


def pictures(clip: Clip, wanted: NDArray[np.int_], squares: Squares | None = None) -> Iterator[Frame | None]:
    """Yield the wanted frames of a clip, in order, upright and in sRGB.

    Parameters
    ----------
    wanted
        (n,) strictly increasing frame numbers.
    squares
        The part wanted of each; None for the whole picture.

    Raises
    ------
    UnreadableClip
        If the file breaks off before the first wanted frame.
    """
    before: NDArray[np.uint8] | None = None
    for found in stored(clip, wanted):
        if found is None:
            yield ALIVE
            continue
        square = None if squares is None else squares[found.order]
        small = _small(found.frame)
        picture = _picture(clip, found.stream, found.frame, found.index, square)
        yield replace(picture, thumb=_thumb(small), news=_news(before, small), stored_px=found.stored_px)
        before = small


@dataclass(frozen=True, eq=False)
class Stored:
    """One picture as the file stores it: not turned upright, in the file's own colours."""

    order: int
    """Which of the wanted frames it is, from 0."""
    index: int
    frame: av.VideoFrame
    """Brought to the size of the clip's first picture."""
    stream: av.VideoStream
    stored_px: tuple[int, int]
    """Width and height as the file stores it."""


def stored(clip: Clip, wanted: NDArray[np.int_]) -> Iterator[Stored | None]:
    """Yield the wanted frames as they are stored, all of one size; a damaged file can leave some out.

    Raises
    ------
    UnreadableClip
        If the file breaks off before the first wanted frame.
    """
    with _opened(clip.path) as container:
        stream = _video(container, clip.path)
        source = _Source(clip, container, stream)
        given = 0
        for order, index in enumerate(wanted):
            frame = yield from source.at(int(index))
            if frame is not None:
                given += 1
                fitted = _fitted(frame, stream, clip.stored_px)
                yield Stored(order, int(index), fitted, stream, (frame.width, frame.height))
        if len(wanted) and not given:
            raise UnreadableClip(f"{clip.path.name} breaks off: copy it from the phone again.")


class _Source:
    """The decoder's place in the file; jumps ahead over what nobody wants."""

    def __init__(self, clip: Clip, container: av.container.InputContainer, stream: av.VideoStream) -> None:
        self._clip, self._container, self._stream = clip, container, stream
        self._frames = _progressive(_decoded(container, stream, clip.path), stream)
        self._position = -1
        self._pending: tuple[int, av.VideoFrame] | None = None
        self._keys = np.union1d([0], np.array(clip.keyframes))
        self._between_s = (clip.pts_s[1:] + clip.pts_s[:-1]) / 2

    def at(self, index: int) -> Generator[None, None, av.VideoFrame | None]:
        """Return the frame of this number; None if the file does not give it."""
        key = int(self._keys[max(0, int(np.searchsorted(self._keys, index, side="right")) - 1)])
        if self._pending is None and key > self._position + SEEK_FRAMES and self._clip.seekable:
            self._seek(key)
        while True:
            found, frame = self._pending or self._next()
            self._pending = None
            if frame is None:
                return None
            self._position = found
            if found == index:
                return frame
            if found > index:
                self._pending = (found, frame)
                return None
            yield ALIVE

    def _seek(self, key: int) -> None:
        time_base = self._stream.time_base
        if time_base is None:
            return
        try:
            self._container.seek(round(self._clip.pts_s[key] / time_base), stream=self._stream)
        except av.error.FFmpegError:
            return
        decoded = _decoded(self._container, self._stream, self._clip.path)
        self._frames = _progressive(decoded, self._stream)

    def _next(self) -> tuple[int, av.VideoFrame | None]:
        frame = next(self._frames, None)
        if frame is None:
            return -1, None
        if self._clip.joined_pts and frame.pts is not None:
            return self._after_joins(frame.pts), frame
        if self._clip.times_missing or self._clip.counted or frame.time is None:
            return self._position + 1, frame
        return int(np.searchsorted(self._between_s, frame.time)), frame

    def _after_joins(self, pts: int) -> int:
        """Number of the next picture that the file gives this time; the next one if there is none."""
        ahead = self._clip.joined_pts[self._position + 1 :]
        return self._position + 1 + (ahead.index(pts) if pts in ahead else 0)


@contextmanager
def _opened(path: Path) -> Iterator[av.container.InputContainer]:
    try:
        container = av.open(str(path), options=LOCAL_ONLY, metadata_errors="replace")
    except av.error.FFmpegError as error:
        raise UnreadableClip(
            f"{path.name} cannot be read as a video: it may be damaged or another kind of file. "
            "Copy it from the phone again, as MP4 or MOV."
        ) from error
    with container:
        yield container


def _video(container: av.container.InputContainer, path: Path) -> av.VideoStream:
    films = [each for each in container.streams.video if each.codec_context and not each.disposition & STILL]
    if not films:
        raise UnreadableClip(f"{path.name} has sound but no picture: choose a video.")
    stream = max(films, key=lambda each: each.width * each.height)
    if stream.width * stream.height > MAX_PIXELS:
        raise UnreadableClip(
            f"{path.name} says that its pictures have {stream.width} x {stream.height} pixels, more than any "
            "phone films: it is damaged, or save it again in 4K or smaller."
        )
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = THREADS
    return stream


@dataclass(frozen=True, eq=False)
class _Timing:
    """When each picture is shown, in the order in which they are."""

    pts_s: NDArray[np.float64]
    keyframes: tuple[int, ...]
    missing: bool = False
    counted: bool = False
    joined_pts: tuple[int, ...] = ()


class _Shown:
    """Collects, packet by packet, when pictures are shown and which of them are keyframes."""

    def __init__(self) -> None:
        self.count = 0
        self._parts: list[dict[int, bool]] = [{}]
        """One for each part of the file that counts its times anew."""
        self._decoded_at = -(2**63)

    def add(self, packet: "av.Packet[av.VideoStream]") -> None:
        self.count += 1
        if packet.dts is not None:
            if packet.dts < self._decoded_at:
                self._parts.append({})
            self._decoded_at = packet.dts
        if packet.pts is not None:
            self._parts[-1][packet.pts] = packet.is_keyframe

    def parts(self) -> list[dict[int, bool]]:
        return [dict(sorted(part.items())) for part in self._parts if part]


def _timing(
    container: av.container.InputContainer, stream: av.VideoStream, path: Path
) -> Generator[None, None, _Timing]:
    """Read when each picture is shown off the file's packets, without decoding them."""
    shown = _Shown()
    for packet in _packets(container, stream):
        if packet.size and not packet.is_discard:
            shown.add(packet)
        if shown.count % PACKETS_ALIVE == 0:
            yield ALIVE
        if shown.count > MAX_FRAMES:
            raise UnreadableClip(f"{path.name} has more than {MAX_FRAMES:,} pictures: cut it shorter.")
    timing = _timed(shown.parts(), shown.count, stream)
    if timing is None or len(timing.pts_s) < 2 or not (np.diff(timing.pts_s) > 0).all():
        raise UnreadableClip(
            f"{path.name} holds no moving pictures: choose the video file itself, as the phone saved it."
        )
    return timing


def _timed(parts: Sequence[Mapping[int, bool]], count: int, stream: av.VideoStream) -> _Timing | None:
    """Times of pictures in parts that each count anew; spaced evenly if most of ``count`` have none.

    None where nothing moves.
    """
    rate = stream.guessed_rate or stream.average_rate
    if sum(map(len, parts)) < count / 2 and rate:
        return _Timing(np.arange(count) / float(rate), (0,), missing=True)
    pts = [value for part in parts for value in part]
    if len(pts) < 2 or not stream.time_base:
        return None
    keys = np.flatnonzero([key for part in parts for key in part.values()])
    return _Timing(
        pts_s=_one_after_the_other(parts) * float(stream.time_base),
        keyframes=tuple(keys.tolist()) or (0,),
        counted=_out_of_order(stream),
        joined_pts=tuple(pts) if len(parts) > 1 else (),
    )


def _out_of_order(stream: av.VideoStream) -> bool:
    """True if pictures are decoded in another order than shown, and the file does not say in which."""
    return stream.container.format.name in NO_PRESENTATION_TIMES and bool(stream.codec_context.has_b_frames)


def _one_after_the_other(parts: Sequence[Mapping[int, bool]]) -> NDArray[np.float64]:
    """Times of parts that each count anew: each goes on where the one before ended."""
    gaps = np.concatenate([np.diff(list(part)) for part in parts])
    gap = float(np.median(gaps)) if len(gaps) else 1.0
    times: list[NDArray[np.float64]] = []
    for part in parts:
        own = np.array(list(part), dtype=np.float64)
        times.append(own if not times else own - own[0] + times[-1][-1] + gap)
    return np.concatenate(times)


def _decoded(
    container: av.container.InputContainer, stream: av.VideoStream, path: Path
) -> Iterator[av.VideoFrame]:
    """Decode on, past damaged pictures."""
    for packet in _packets(container, stream):
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            continue
        for frame in frames:
            if frame.width * frame.height > MAX_PIXELS:
                raise UnreadableClip(f"{path.name} is damaged: its pictures become larger than any camera's.")
            yield frame


def _progressive(frames: Iterator[av.VideoFrame], stream: av.VideoStream) -> Iterator[av.VideoFrame]:
    """Make whole pictures of interlaced ones."""
    weave: Graph | None = None
    for frame in frames:
        if frame.interlaced_frame:
            weave = weave or _filter(stream, frame, "bwdif", "mode=send_frame")
            yield from _woven(weave, frame)
        else:
            yield frame
    if weave is not None:
        yield from _woven(weave, None)


def _packets(
    container: av.container.InputContainer, stream: av.VideoStream
) -> "Iterator[av.Packet[av.VideoStream]]":
    """Packets up to where the file breaks off."""
    with suppress(av.error.FFmpegError):
        yield from container.demux(stream)


def _filter(stream: av.VideoStream, frame: av.VideoFrame, name: str, arguments: str) -> Graph:
    """One of FFmpeg's filters, for frames like this one."""
    graph = Graph()
    graph.threads = 1
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=stream.time_base
    )
    step, sink = graph.add(name, arguments), graph.add("buffersink")
    source.link_to(step)
    step.link_to(sink)
    graph.configure()
    return graph


def _woven(graph: Graph, frame: av.VideoFrame | None) -> Iterator[av.VideoFrame]:
    graph.push(frame)
    with suppress(av.error.BlockingIOError, av.error.EOFError):
        while True:
            out = graph.pull()
            if isinstance(out, av.VideoFrame):
                yield out


def _picture(
    clip: Clip, stream: av.VideoStream, frame: av.VideoFrame, index: int, square: NDArray[np.int_] | None
) -> Frame:
    time_s = float(clip.pts_s[min(index, len(clip.pts_s) - 1)])
    if square is not None and square[2] == 0:
        return Frame(index, time_s, NOTHING, (0, 0), NO_THUMB)
    hdr = clip.transfer is not Transfer.SDR
    layout = "rgb48le" if hdr else "rgb24"
    if square is None or square_width(frame, stream) != frame.width:
        whole = _upright(_pixels(frame, stream, layout), clip.display)
        box = _box(square, (whole.shape[1], whole.shape[0]))
        part = whole[box[1] : box[3], box[0] : box[2]]
    else:
        swapped, _, _ = turns(clip.display)
        size = (frame.height, frame.width) if swapped else (frame.width, frame.height)
        box = _box(square, size)
        if box[0] == box[2] or box[1] == box[3]:
            return Frame(index, time_s, NOTHING, box[:2], NO_THUMB)
        part = _upright(_cut_out(frame, stream, lying(box, clip.display, size), layout), clip.display)
    rgb = to_srgb(part, clip.transfer) if hdr else np.ascontiguousarray(part)
    return Frame(index, time_s, rgb, box[:2], NO_THUMB)


def _box(square: NDArray[np.int_] | None, size: tuple[int, int]) -> Box:
    """What of a square lies in a picture of (width, height)."""
    if square is None:
        return 0, 0, *size
    left, top, side = (int(value) for value in square)
    right, bottom = min(left + side, size[0]), min(top + side, size[1])
    left, top = max(0, left), max(0, top)
    return left, top, max(left, right), max(top, bottom)


def lying(box: Box, display: Display, size: tuple[int, int]) -> Box:
    """Where a box of the upright picture, of (width, height), is in the picture as stored."""
    left, top, right, bottom = box
    swapped, leftwards, upwards = turns(display)
    if leftwards:
        left, right = size[0] - right, size[0] - left
    if upwards:
        top, bottom = size[1] - bottom, size[1] - top
    return (top, left, bottom, right) if swapped else (left, top, right, bottom)


def _cut_out(frame: av.VideoFrame, stream: av.VideoStream, box: Box, layout: str) -> NDArray[Any]:
    """Pixels of a box of the picture as stored; only they and a few around them are converted."""
    left, top = (max(0, edge - BLOCK) // BLOCK * BLOCK for edge in box[:2])
    right, bottom = (
        min((-(-edge // BLOCK) + 1) * BLOCK, most)
        for edge, most in zip(box[2:], (frame.width, frame.height), strict=True)
    )
    graph = _filter(stream, frame, "crop", f"{right - left}:{bottom - top}:{left}:{top}")
    graph.push(frame)
    around = graph.vpull()
    pixels = _scaled(around, around.width, around.height, layout)
    return pixels[box[1] - top : box[3] - top, box[0] - left : box[2] - left]


def _pixels(frame: av.VideoFrame, stream: av.VideoStream, layout: str) -> NDArray[Any]:
    """(height, width, 3) as stored, in square pixels."""
    return _scaled(frame, square_width(frame, stream), frame.height, layout)


def square_width(frame: av.VideoFrame, stream: av.VideoStream) -> int:
    """In square pixels."""
    aspect = stream.sample_aspect_ratio
    width = round(frame.width * aspect) if aspect else frame.width
    return width if 0 < width * frame.height <= MAX_PIXELS else frame.width


def _scaled(
    frame: av.VideoFrame, width: int, height: int, layout: str, how: str = "BILINEAR"
) -> NDArray[Any]:
    """In one thread: a frame's own scaler starts several, for every frame anew."""
    return (
        VideoReformatter()
        .reformat(frame, width=width, height=height, format=layout, interpolation=how, threads=1)
        .to_ndarray()
    )


def _upright(pixels: NDArray[Any], display: Display) -> NDArray[Any]:
    """Turn and mirror a picture as the file's display matrix says (ISO 14496-12, track header)."""
    swapped, leftwards, upwards = turns(display)
    if swapped:
        pixels = pixels.swapaxes(0, 1)
    return pixels[:: -1 if upwards else 1, :: -1 if leftwards else 1]


def turns(display: Display) -> tuple[bool, bool, bool]:
    """Whether rows and columns change places, and whether then x runs leftwards, and y upwards."""
    a, b, c, d = display
    return (True, c < 0, b < 0) if abs(b) > abs(a) else (False, a < 0, d < 0)


def _display(frame: av.VideoFrame) -> Display:
    """Read once a clip: a frame that was asked for its side data is not freed at once."""
    data: Any = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return UPRIGHT
    a, b, _, c, d, *_ = struct.unpack("<9i", bytes(data)[:36])
    return a, b, c, d


def _fitted(frame: av.VideoFrame, stream: av.VideoStream, size_px: tuple[int, int]) -> av.VideoFrame:
    """A picture of another size than the first, shrunk or enlarged into it; what stays free is black."""
    if 0 in size_px or (frame.width, frame.height) == size_px:
        return frame
    scale = min(size_px[0] / frame.width, size_px[1] / frame.height)
    width, height = (max(2, 2 * int(side * scale / 2 + 1e-6)) for side in (frame.width, frame.height))
    scaled = VideoReformatter().reformat(frame, width=width, height=height, interpolation="AREA", threads=1)
    graph = _filter(stream, scaled, "pad", f"{size_px[0]}:{size_px[1]}:0:0")
    graph.push(scaled)
    padded = graph.vpull()  # to even sides where colours are stored in blocks
    if (padded.width, padded.height) == size_px:
        return padded
    return VideoReformatter().reformat(padded, width=size_px[0], height=size_px[1], threads=1)


def _small(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """The picture as stored, grey and a few times larger than its thumb; nothing is cut off or turned."""
    scale = THUMB_PX / max(frame.width, frame.height)
    width, height = (FINER * max(2, round(side * scale)) for side in (frame.width, frame.height))
    return np.asarray(_scaled(frame, width, height, "gray", "AREA"))


def _thumb(small: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = (side // FINER for side in small.shape)
    blocks = small.reshape(height, FINER, width, FINER).sum(axis=(1, 3), dtype=np.uint16)
    return np.asarray((blocks + FINER**2 // 2) // FINER**2, dtype=np.uint8)


def _news(before: NDArray[np.uint8] | None, now: NDArray[np.uint8]) -> float:
    """Mean difference of the places that changed most; NaN without a picture before."""
    if before is None:
        return float("nan")
    change = (np.maximum(before, now) - np.minimum(before, now)).ravel()
    return float(np.partition(change, -MOST_CHANGED)[-MOST_CHANGED:].mean())


def _sha256(path: Path) -> Generator[None, None, str]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            digest.update(piece)
            yield ALIVE
    return digest.hexdigest()


def _positive_number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None
