"""What cannot be a film of a runner is refused at the door, in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from gait.errors import UnreadableClip
from gait.video.clip import Clip
from gait.video.door import require_pace
from gait.video.reader import frames, open_clip
from tests.truth import truth
from tests.video.files import KINDS, film, store


def clip_at(pts_s: np.ndarray) -> Clip:
    return Clip(Path("/films/clip.mp4"), "0" * 64, (100, 200), pts_s)


@pytest.mark.parametrize("fps", [1.0, 7.5, 15, 30, 240, 1000, 2000])
def test_what_a_camera_or_an_editor_writes_is_taken(fps: float) -> None:
    require_pace(clip_at(np.arange(200) / fps))


@pytest.mark.parametrize("fps", [1e-300, 1e-6, 0.01, 0.9, 5000, 1e9])
def test_other_times_are_one_sentence(fps: float) -> None:
    with pytest.raises(UnreadableClip, match="no film") as caught:
        require_pace(clip_at(np.arange(200) / fps))
    assert "\n" not in str(caught.value)


def test_a_pause_of_hours_in_the_middle_is_no_matter() -> None:
    times_s = np.arange(200) / 30
    times_s[100:] += 36_000
    require_pace(clip_at(times_s))


def test_a_clip_remuxed_with_its_times_stretched_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "stretched.mkv"
    with av.open(str(truth("runner_c_side_60_bystander").clip)) as source, av.open(str(path), "w") as sink:
        stream = sink.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.pts, packet.dts = 3000 * (packet.pts or 0), 3000 * packet.dts
                packet.stream = stream
                sink.mux(packet)
    with pytest.raises(UnreadableClip, match="no film"):
        open_clip(path)


def test_a_slow_gif_is_read(tmp_path: Path) -> None:
    assert len(open_clip(store(tmp_path / "slow", KINDS["gif"], film()[:4])).pts_s) == 4


@pytest.mark.parametrize("size", [(1, 1), (8192, 1), (1, 8192), (16, 2)])
def test_pictures_in_which_nobody_can_be_seen_are_refused_by_their_size(
    size: tuple[int, int], tmp_path: Path
) -> None:
    pictures = [np.random.default_rng(k).integers(0, 255, (*size, 3), np.uint8) for k in range(4)]
    with pytest.raises(UnreadableClip, match=f"{size[1]} x {size[0]} pixels"):
        open_clip(store(tmp_path / "tiny", KINDS["gif"], pictures))


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".mp4", "a\0b.mp4", "file/deeper.mp4", "absent.mp4", "l\udce4.mp4"]
)
def test_a_name_that_no_file_has_is_one_sentence(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnreadableClip) as caught:
        open_clip(tmp_path / name)
    str(caught.value).encode()
    assert "\n" not in str(caught.value)
    assert "check the name" in str(caught.value)


def test_a_link_to_itself_is_called_that(tmp_path: Path) -> None:
    loop = tmp_path / "loop.mp4"
    loop.symlink_to(loop)
    with pytest.raises(UnreadableClip, match="leads to itself"):
        open_clip(loop)


UNPRIVILEGED = """
import os, sys
from pathlib import Path
from gait.errors import UnreadableClip
from gait.video.door import require_file
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    require_file(Path(sys.argv[1]))
except UnreadableClip as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="needs to become somebody else")
def test_a_missing_permission_is_named(tmp_path: Path) -> None:
    for above in [tmp_path, *tmp_path.parents[:3]]:
        above.chmod(0o755)
    (tmp_path / "closed").mkdir()
    for path in (tmp_path / "clip.mp4", tmp_path / "closed" / "clip.mp4"):
        path.write_bytes(b"film")
    assert as_nobody(tmp_path / "clip.mp4") == ""
    (tmp_path / "clip.mp4").chmod(0o000)
    (tmp_path / "closed").chmod(0o000)
    assert "permission to read it" in as_nobody(tmp_path / "clip.mp4")
    assert "permission to open the folder" in as_nobody(tmp_path / "closed" / "clip.mp4")


def as_nobody(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, str(path)], capture_output=True, text=True, check=True
    )
    return done.stdout


def with_cover(path: Path, *, film_too: bool) -> Path:
    """A file with a cover of 1200 x 1200, and a small film or sound."""
    cover = av.VideoFrame.from_ndarray(np.zeros((1200, 1200, 3), np.uint8), "rgb24").reformat(
        format="yuvj420p"
    )
    cover.pts = 0
    silence = av.AudioFrame.from_ndarray(np.zeros((1, 44100), np.float32), "fltp", "mono")
    silence.sample_rate = 44100
    with av.open(str(path), "w") as container:
        other = (
            container.add_stream("libx264", rate=30) if film_too else container.add_stream("aac", rate=44100)
        )
        if isinstance(other, av.VideoStream):
            other.height, other.width = film()[0].shape[:2]
            other.pix_fmt = "yuv420p"
        still = container.add_stream("mjpeg", rate=1)
        still.width, still.height, still.pix_fmt = 1200, 1200, "yuvj420p"
        still.disposition = av.stream.Disposition.attached_pic
        content = (
            [av.VideoFrame.from_ndarray(each, "rgb24") for each in film()[:12]] if film_too else [silence]
        )
        container.mux([*still.encode(cover), *still.encode(None)])
        container.mux([packet for each in (*content, None) for packet in other.encode(each)])
    return path


def test_a_cover_that_is_larger_than_the_film_is_not_taken_for_it(tmp_path: Path) -> None:
    clip = open_clip(with_cover(tmp_path / "clip.mp4", film_too=True))
    assert len(clip.pts_s) == 12
    assert [frame.rgb.shape[:2] for frame in frames(clip)] == [film()[0].shape[:2]] * 12


def test_music_with_a_cover_is_no_film(tmp_path: Path) -> None:
    with pytest.raises(UnreadableClip, match="sound but no picture"):
        open_clip(with_cover(tmp_path / "song.mp4", film_too=False))


def test_a_title_that_is_no_utf_8_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.height, stream.width = film()[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        container.metadata["title"] = "laXuft"
        for picture in (*film()[:3], None):
            given = None if picture is None else av.VideoFrame.from_ndarray(picture, "rgb24")
            container.mux(stream.encode(given))
    content = path.read_bytes()
    assert b"laXuft" in content
    path.write_bytes(content.replace(b"laXuft", b"la\xe4uft"))
    assert len(open_clip(path).pts_s) == 3
