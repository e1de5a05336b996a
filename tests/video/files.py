"""Files as phones, browsers and editors write them, made from one rendered runner."""

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from gait.video.reader import frames, open_clip
from tests.truth import truth

Picture = NDArray[np.uint8]
SIZE = (180, 320)
"""Width and height."""
PER_SECOND = 600


@dataclass(frozen=True)
class Kind:
    """One way to store a film."""

    suffix: str
    codec: str
    layout: str = "yuv420p"
    options: dict[str, str] = field(default_factory=dict)
    levels: float = 6.0
    """How far colours may be off on average, in levels of 255."""


KINDS = {
    "h264": Kind("mp4", "libx264", options={"crf": "12"}),
    "h264_mov": Kind("mov", "libx264", options={"crf": "12"}),
    "h264_mkv": Kind("mkv", "libx264", options={"crf": "12"}),
    "hevc": Kind("mp4", "libx265", options={"crf": "12", "x265-params": "log-level=error"}),
    "hevc_10bit": Kind("mov", "libx265", "yuv420p10le", {"crf": "12", "x265-params": "log-level=error"}),
    "vp9": Kind(
        "webm", "libvpx-vp9", options={"crf": "20", "b": "0", "deadline": "realtime", "cpu-used": "8"}
    ),
    "av1": Kind("mkv", "libsvtav1", options={"crf": "25", "preset": "10"}),
    "av1_mp4": Kind("mp4", "libsvtav1", options={"crf": "25", "preset": "10"}),
    "mjpeg": Kind("avi", "mjpeg", "yuvj420p", {"qmin": "2", "qmax": "2"}),
    "gif": Kind("gif", "gif", "rgb8", levels=22.0),
    "h264_avi": Kind("avi", "libx264", options={"crf": "12", "bf": "0"}),
    "h264_avi_b_frames": Kind("avi", "libx264", options={"crf": "12", "bf": "2"}),
    "prores": Kind("mov", "prores_ks", "yuv422p10le"),
    "alpha": Kind("mov", "qtrle", "argb", levels=1.0),
    "lossless": Kind("mkv", "ffv1", "yuv444p", levels=3.0),
}


@cache
def film(count: int = 24) -> tuple[Picture, ...]:
    """Consecutive pictures of runner A from the side, small."""
    clip = open_clip(truth("runner_a_side_120").clip)
    whole = islice(frames(clip), count)
    return tuple(cv2.resize(frame.rgb, SIZE, interpolation=cv2.INTER_AREA) for frame in whole)


def store(
    path: Path, kind: Kind, pictures: Sequence[Picture], pts: Sequence[int] | None = None, aspect: str = ""
) -> Path:
    """Write pictures; ``pts`` counts in 1/600 s, by default 20 for each (30 a second)."""
    path = path.with_suffix(f".{kind.suffix}")
    coarse = kind.suffix in ("avi", "gif")
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as container:
        stream = container.add_stream(kind.codec, rate=30)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt, stream.options = kind.layout, kind.options
        if aspect:
            stream.codec_context.sample_aspect_ratio = Fraction(aspect)
        if not coarse:
            stream.time_base = stream.codec_context.time_base = Fraction(1, PER_SECOND)
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format=kind.layout)
            if not coarse:
                frame.pts = 20 * number if pts is None else pts[number]
                frame.time_base = Fraction(1, PER_SECOND)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    if kind.codec == "libsvtav1" and hasattr(os, "sched_setscheduler"):
        # Run by root, this encoder leaves its caller a real-time thread that starves everybody else.
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    return path


def with_matrix(path: Path, matrix: tuple[int, int, int, int]) -> Path:
    """Write a display matrix into the track header, as phones do when held another way."""
    data = bytearray(path.read_bytes())
    start = data.index(b"tkhd") + 4 + 40
    a, b, c, d = (value << 16 for value in matrix)
    data[start : start + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    path.write_bytes(data)
    return path
