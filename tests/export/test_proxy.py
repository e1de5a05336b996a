"""What the frame player is given: the right pictures, in order, with what was seen in each."""

import io
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gait.body import LIMBS, RIGHT, Side
from gait.export.proxy import Proxy, cut_of, proxy
from gait.export.segments import FRAMES, Segments, pack, still, unpack
from gait.video.clip import Display
from gait.video.colour import Transfer
from gait.video.reader import frames as upright
from tests.ui.player_clip import SIZE_PX, Read, blocks, numbered_clip

COUNT = 201
SEEN_WITHIN_S = 60.0


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return numbered_clip(tmp_path_factory.mktemp("clip") / "numbered.mp4", COUNT)


@pytest.fixture(scope="module")
def made(read: Read) -> Proxy:
    return proxy(read)


def waited_for(segments: Segments, number: int) -> bytes:
    until_s = time.monotonic() + SEEN_WITHIN_S
    path = segments.ask(number)
    while path is None:
        assert time.monotonic() < until_s, "the segment is never made"
        time.sleep(0.01)
        path = segments.find(number)
    return path.read_bytes()


def number_in(jpeg: bytes, made: Proxy) -> int:
    """Read the number that a picture carries."""
    picture = np.asarray(Image.open(io.BytesIO(jpeg)).convert("L"), dtype=float)
    left, top, right, bottom = made.cut.box_px
    scale = np.array(picture.shape[::-1]) / (right - left, bottom - top)
    places = ((blocks(SIZE_PX) - (left, top)) * scale).astype(int)
    return int(sum(1 << bit for bit, (x, y) in enumerate(places) if picture[y, x] > 128))


@given(st.lists(st.binary(max_size=40), max_size=70))
@settings(deadline=None)
def test_pictures_come_out_of_a_segment_as_they_went_in(pictures: list[bytes]) -> None:
    assert unpack(pack(pictures)) == tuple(pictures)


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=9), st.data())
@settings(deadline=None)
def test_a_segment_cut_short_is_not_taken_for_a_whole_one(pictures: list[bytes], data: st.DataObject) -> None:
    whole = pack(pictures)
    length = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(ValueError, match="breaks off"):
        unpack(whole[:length])


def test_every_picture_of_the_stretch_is_there_and_is_the_one_it_should_be(
    made: Proxy, tmp_path: Path
) -> None:
    segments = Segments(made, tmp_path)
    pictures = [p for k in range(segments.count) for p in unpack(waited_for(segments, k))]
    assert [number_in(picture, made) for picture in pictures] == made.frames.number.tolist()
    assert len(pictures) == COUNT


def test_the_segment_somebody_waits_for_is_made_before_those_nobody_does(made: Proxy, tmp_path: Path) -> None:
    segments = Segments(made, tmp_path)
    last = segments.count - 1
    pictures = unpack(waited_for(segments, last))
    assert number_in(pictures[0], made) == last * FRAMES
    assert unpack(waited_for(segments, 0))
    assert unpack(waited_for(segments, 1))


def test_who_jumps_ahead_while_others_are_made_does_not_wait_for_those_between(
    made: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gait.export.segments.NEAR_ENOUGH", 0)
    monkeypatch.setattr("gait.export.segments.FRAMES", 20)
    segments = Segments(made, tmp_path)
    segments.ask(0)
    while not (tmp_path / "0.seg").exists():
        segments.find(0)
    for number in (segments.count - 1, *range(segments.count)):
        waited_for(segments, number)
    when_ns = [(tmp_path / f"{number}.seg").stat().st_mtime_ns for number in range(segments.count)]
    assert when_ns[-1] < when_ns[-2]


def test_reading_on_does_not_push_aside_what_is_waited_for(made: Proxy, tmp_path: Path) -> None:
    segments = Segments(made, tmp_path)
    segments.ask(2)
    segments.ask(3)
    waited_for(segments, 3)
    when_ns = [(tmp_path / f"{number}.seg").stat().st_mtime_ns for number in (2, 3)]
    assert when_ns[0] < when_ns[1]


def test_a_segment_that_does_not_exist_is_not_waited_for(made: Proxy, tmp_path: Path) -> None:
    segments = Segments(made, tmp_path)
    for number in (-1, segments.count):
        with pytest.raises(LookupError):
            segments.ask(number)


def test_a_clip_that_was_deleted_ends_the_waiting(read: Read, tmp_path: Path) -> None:
    gone = proxy(replace(read, clip=replace(read.clip, path=tmp_path / "gone.mp4")))
    segments = Segments(gone, tmp_path)
    until_s = time.monotonic() + SEEN_WITHIN_S
    with pytest.raises(LookupError):
        while time.monotonic() < until_s:
            segments.ask(0)
            time.sleep(0.01)


def test_when_nobody_looks_any_more_no_more_is_made(made: Proxy, tmp_path: Path) -> None:
    now_s = iter(range(0, 100_000, 30))  # every look at the clock is long after the last
    segments = Segments(made, tmp_path, lambda: float(next(now_s)))
    segments.ask(0)
    until_s = time.monotonic() + SEEN_WITHIN_S
    while segments.working and time.monotonic() < until_s:
        time.sleep(0.01)
    assert not segments.working
    assert not (tmp_path / f"{segments.count - 1}.seg").exists()


def test_the_runner_is_inside_what_is_cut_out(read: Read) -> None:
    left, top, right, bottom = cut_of(read.track).box_px
    seen = read.track.xy_px[np.isfinite(read.track.xy_px).all(axis=-1)]
    assert (seen >= (left, top)).all()
    assert (seen <= (right, bottom)).all()
    assert not any(side % 2 for side in cut_of(read.track).size_px)


def test_one_wrong_reading_does_not_widen_what_is_cut_out(read: Read) -> None:
    narrow = replace(read.track, xy_px=read.track.xy_px.copy(), size_px=(4000, 4000))
    before = cut_of(narrow)
    narrow.xy_px[5, LIMBS[Side.LEFT].wrist] = (3900, 3900)
    assert np.allclose(before.box_px, cut_of(narrow).box_px, atol=12)


def test_landmarks_of_pictures_that_were_skipped_lie_between_those_around(made: Proxy) -> None:
    skipped = np.setdiff1d(made.frames.number, made.read.track.frame)[1:-1]
    knee = made.landmarks[:, RIGHT.knee, :2]
    assert len(skipped) > COUNT // 4
    between = (knee[skipped - 1] + knee[skipped + 1]) / 2
    assert np.abs(knee[skipped] - between).max() < 0.5


def test_landmarks_lie_where_the_measurements_take_them(made: Proxy) -> None:
    position = 77
    expected = made.read.motion.pixels_at(float(made.frames.capture_s[position]))
    assert np.allclose(made.landmarks[position, :, :2], expected, atol=1e-3, equal_nan=True)


def test_each_event_has_a_name_of_its_own_and_unknown_ends_are_left_out(made: Proxy) -> None:
    names = [event.id for event in made.events]
    assert len(names) == len(set(names))
    assert all(np.isfinite(event.capture_s) for event in made.events)
    known = sum(2 if np.isfinite(c.toe_off_s) else 1 for c in made.read.contacts)
    assert len(names) == known


def test_each_curve_has_a_value_for_each_picture(made: Proxy) -> None:
    assert {len(signal.values) for signal in made.signals} == {COUNT}
    shank = next(signal for signal in made.signals if signal.id == "shank_deg_right")
    assert np.isfinite(shank.values[2:-2]).all()


def test_a_picture_looked_at_closely_is_as_large_as_it_was_filmed(made: Proxy) -> None:
    jpeg = still(made, 123)
    left, top, right, bottom = made.cut.box_px
    assert Image.open(io.BytesIO(jpeg)).size == (right - left, bottom - top)
    assert number_in(jpeg, made) == 123
    with pytest.raises(LookupError):
        still(made, COUNT)


@pytest.mark.parametrize(
    "display", [(1, 0, 0, 1), (0, 1, -1, 0), (0, -1, 1, 0), (-1, 0, 0, -1), (-1, 0, 0, 1)]
)
def test_a_turned_clip_is_shown_upright(display: Display, read: Read) -> None:
    """The same pixels, said to be turned, must come out as the reader's own upright pictures do."""
    width, height = read.clip.size_px
    turned = (height, width) if display[0] == 0 else (width, height)
    clip = replace(read.clip, display=display, size_px=turned)
    track = replace(read.track, size_px=turned)
    whole = proxy(replace(read, clip=clip, track=track))
    box = (0, 0, *turned)
    whole = replace(whole, cut=replace(whole.cut, box_px=box))
    picture = np.asarray(Image.open(io.BytesIO(still(whole, 99))).convert("RGB"), dtype=float)
    (frame,) = upright(clip, np.array([99]))
    assert picture.shape == frame.rgb.shape
    assert np.abs(picture - frame.rgb).mean() < 6


def test_a_clip_with_more_range_than_the_screen_looks_as_everywhere_else(read: Read) -> None:
    bright = replace(read, clip=replace(read.clip, transfer=Transfer.HLG))
    whole = proxy(bright)
    whole = replace(whole, cut=replace(whole.cut, box_px=(0, 0, *SIZE_PX)))
    picture = np.asarray(Image.open(io.BytesIO(still(whole, 99))).convert("RGB"), dtype=float)
    (frame,) = upright(bright.clip, np.array([99]))
    assert np.abs(picture - frame.rgb).mean() < 6
