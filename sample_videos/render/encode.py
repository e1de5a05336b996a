"""Frames into a file as phones write it."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
CAPTURE_TAG = "com.android.capture.fps"
CODECS = {"h264": "libx264", "hevc": "libx265"}
TURNS = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
"""Corner of a track header's matrix for a picture that a player turns clockwise."""
ONE = 0x10000
MATRIX_AT = 40
"""Bytes from the start of a version 0 track header's fields to its matrix."""


@dataclass(frozen=True)
class Encoding:
    """How a clip is captured and stored."""

    capture_fps: float = 120.0
    stored_fps: float | None = None
    """None: as captured. Less: slow motion."""
    codec: str = "h264"
    quality: int = 25
    """Constant rate factor; higher is smaller and worse."""
    exposure_s: float = 0.0
    """What moves while the shutter is open is blurred."""
    noise: float = 2.0
    """Standard deviation of the sensor's noise, of 255."""
    turned_deg: int = 0
    """Stored lying, with a tag that tells the player to turn it."""
    capture_tag: bool = False
    """Written by an Android phone: the capture rate stands in the file."""

    @property
    def file_fps(self) -> float:
        """Rate at which the file plays."""
        return self.stored_fps or self.capture_fps

    @property
    def blur(self) -> int:
        """Instants that are averaged into one frame: one for every 3 ms of exposure."""
        return max(1, round(self.exposure_s / 0.003))


def encode(path: Path, pictures: Iterable[Picture], encoding: Encoding, seed: int) -> None:
    """Write pictures as a video; the grain of the sensor is added here."""
    rng = np.random.default_rng(seed)
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as container:
        if encoding.capture_tag:
            container.metadata[CAPTURE_TAG] = f"{encoding.capture_fps:g}"
        rate = Fraction(encoding.file_fps).limit_denominator(1001)
        stream = container.add_stream(CODECS[encoding.codec], rate=rate)
        if not isinstance(stream, av.VideoStream):
            raise TypeError(f"{encoding.codec} is no codec for pictures")
        stream.pix_fmt = "yuv420p"
        stream.options = {
            "crf": str(encoding.quality),
            "preset": "veryfast",
            "x265-params": "log-level=error",
        }
        for number, picture in enumerate(pictures):
            grainy = picture + encoding.noise * rng.standard_normal((*picture.shape[:2], 1), dtype=np.float32)
            lying = np.rot90(np.clip(grainy, 0, 255).astype(np.uint8), encoding.turned_deg // 90)
            if number == 0:
                stream.height, stream.width = lying.shape[:2]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(lying), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    if encoding.turned_deg:
        tag_turn(path, encoding.turned_deg)


def tag_turn(path: Path, turned_deg: int) -> None:
    """Write a rotation into the track header, as phones do."""
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 4 + MATRIX_AT
    a, b, c, d = (value * ONE for value in TURNS[turned_deg])
    for place, value in ((0, a), (4, b), (12, c), (16, d)):
        data[matrix + place : matrix + place + 4] = value.to_bytes(4, "big", signed=True)
    path.write_bytes(bytes(data))
