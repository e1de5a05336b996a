"""A file whose times are no film's is refused at the door."""

from pathlib import Path

import av
import numpy as np
import pytest

from gait.errors import UnreadableClip
from gait.video.clip import Clip
from gait.video.pace import require_pace
from gait.video.reader import open_clip
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
