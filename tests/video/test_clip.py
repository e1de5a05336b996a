import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from gait.errors import UnreadableClip
from gait.video.decoder import CAPTURE_RATE_TAG
from gait.video.reader import frames, open_clip
from gait.video.writer import write_video

SIZE = (96, 64)
"""Width and height of the test picture: red in its upper left quarter, blue elsewhere."""


def picture(shade: int = 255) -> np.ndarray:
    rgb = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    rgb[..., 2] = shade
    rgb[: SIZE[1] // 2, : SIZE[0] // 2] = (shade, 0, 0)
    return rgb


def write(path: Path, pts: list[int], per_second: int = 600, tag: str | None = None) -> Path:
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as container:
        if tag:
            container.metadata[CAPTURE_RATE_TAG] = tag
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv444p"
        stream.options = {"bf": "0", "crf": "5"}
        stream.time_base = stream.codec_context.time_base = Fraction(1, per_second)
        for value in pts:
            frame = av.VideoFrame.from_ndarray(picture(), "rgb24")
            frame.pts, frame.time_base = value, Fraction(1, per_second)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def turn(path: Path, matrix: tuple[int, ...]) -> Path:
    """Write a rotation into the track header, as phones do."""
    data = bytearray(path.read_bytes())
    start = data.index(b"tkhd") + 4 + 40
    fixed = [value << 16 for value in matrix]
    data[start : start + 36] = struct.pack(
        ">9i", fixed[0], fixed[1], 0, fixed[2], fixed[3], 0, 0, 0, 0x40000000
    )
    path.write_bytes(data)
    return path


def red_corner(rgb: np.ndarray) -> tuple[str, str]:
    rows, columns = np.nonzero(rgb[..., 0] > 128)
    middle = (rgb.shape[0] / 2, rgb.shape[1] / 2)
    return (
        "top" if rows.mean() < middle[0] else "bottom",
        "left" if columns.mean() < middle[1] else "right",
    )


def test_times_are_those_of_the_file_even_if_uneven(tmp_path: Path) -> None:
    pts = [0, 20, 41, 60, 85, 100]
    clip = open_clip(write(tmp_path / "uneven.mp4", pts))
    assert clip.pts_s == pytest.approx(np.array(pts) / 600, abs=1e-3)
    assert [frame.pts_s for frame in frames(clip)] == pytest.approx(list(clip.pts_s))


@pytest.mark.parametrize(
    ("matrix", "corner"),
    [
        ((1, 0, 0, 1), ("top", "left")),
        ((0, 1, -1, 0), ("top", "right")),
        ((-1, 0, 0, -1), ("bottom", "right")),
        ((0, -1, 1, 0), ("bottom", "left")),
    ],
    ids=["upright", "90", "180", "270"],
)
def test_a_phone_held_any_way_gives_an_upright_picture(
    tmp_path: Path, matrix: tuple[int, ...], corner: tuple[str, str]
) -> None:
    clip = open_clip(turn(write(tmp_path / "turned.mp4", [0, 20, 40]), matrix))
    first = next(frames(clip))
    sideways = matrix[0] == 0
    assert clip.size_px == (SIZE[::-1] if sideways else SIZE)
    assert first.rgb.shape[:2] == clip.size_px[::-1]
    assert red_corner(first.rgb) == corner


def test_the_android_tag_is_read(tmp_path: Path) -> None:
    clip = open_clip(write(tmp_path / "tagged.mp4", [0, 20, 40], tag="240.0"))
    assert clip.tagged_capture_fps == 240.0


@pytest.mark.parametrize("tag", ["0", "-3", "nan", "inf", "quick"])
def test_a_tag_that_is_no_rate_is_ignored(tmp_path: Path, tag: str) -> None:
    assert open_clip(write(tmp_path / "tagged.mp4", [0, 20, 40], tag=tag)).tagged_capture_fps is None


def test_what_is_no_video_is_refused_in_a_sentence(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("this is not a video")
    empty = tmp_path / "empty.mp4"
    empty.touch()
    for path in (text, empty, tmp_path, tmp_path / "absent.mp4"):
        with pytest.raises(UnreadableClip) as caught:
            open_clip(path)
        assert path.name in str(caught.value)
        assert "\n" not in str(caught.value)


def test_sound_without_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(UnreadableClip, match="sound but no picture"):
        open_clip(path)


def test_a_written_video_plays_with_its_pictures_and_rate(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    write_video(path, [np.pad(picture(), ((0, 1), (0, 1), (0, 0)))] * 15, fps=30)
    clip = open_clip(path)
    assert clip.size_px == SIZE
    assert clip.stored_fps == pytest.approx(30)
    assert len(clip.pts_s) == 15
    with av.open(str(path)) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.name, codec.pix_fmt) == ("h264", "yuv420p")
