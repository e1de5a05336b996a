"""Frames -> an H.264 file that plays in any browser."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

QUALITY = "23"


def write_video(path: Path, pictures: Iterable[NDArray[np.uint8]], fps: int) -> None:
    """Encode pictures of one size, (height, width, 3) sRGB, at a constant rate.

    An odd last row or column is cut off, since H.264 stores colour in pairs.
    """
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(fps))
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": QUALITY, "preset": "veryfast"}
        for number, rgb in enumerate(pictures):
            height, width = (side - side % 2 for side in rgb.shape[:2])
            if number == 0:
                stream.width, stream.height = width, height
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb[:height, :width]), "rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
