"""What comes back from the decoder is data in a fixed layout: whole, or refused."""

import pickle
import tracemalloc
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from gait.video import wire
from gait.video.clip import Clip, Frame
from gait.video.colour import Transfer

names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
pictures = npst.arrays(np.uint8, npst.array_shapes(min_dims=3, max_dims=3, min_side=0, max_side=5))
thumbs = npst.arrays(np.uint8, npst.array_shapes(min_dims=2, max_dims=2, max_side=5))
whole = st.integers(-(2**31), 2**31)
seconds = st.floats(allow_nan=False)
frames = st.builds(Frame, whole, seconds, pictures, st.tuples(whole, whole), thumbs)
clips = st.builds(
    Clip,
    path=names.map(Path),
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    size_px=st.tuples(whole, whole),
    pts_s=st.sets(st.floats(-1e9, 1e9), min_size=2).map(lambda times: np.array(sorted(times))),
    tagged_capture_fps=st.none() | seconds,
    keyframes=st.lists(whole).map(tuple),
    transfer=st.sampled_from(Transfer),
    interlaced=st.booleans(),
    times_missing=st.booleans(),
    display=st.tuples(whole, whole, whole, whole),
    created=names,
)


def through(kind: type, value: object) -> object:
    return wire.unpacked(kind, bytearray(b"".join(wire.packed(kind, value))))


def same(one: object, other: object) -> bool:
    return all(alike(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))  # type: ignore[arg-type]


def alike(one: object, other: object) -> bool:
    unknown = isinstance(one, float) and isinstance(other, float) and np.isnan([one, other]).all()
    return bool(unknown or np.array_equal(one, other))


@settings(deadline=None)
@given(frames)
def test_a_picture_comes_back_as_it_was(frame: Frame) -> None:
    assert same(frame, through(Frame, frame))


@settings(deadline=None)
@given(clips)
def test_a_clip_comes_back_as_it_was(clip: Clip) -> None:
    assert same(clip, through(Clip, clip))


def test_a_name_that_is_no_utf_8_comes_back_as_it_was() -> None:
    path = Path("l\udce4uft.mp4")
    assert through(Path, path) == path


def test_times_that_are_no_row_are_refused() -> None:
    clip = Clip(Path("run.mp4"), "0" * 64, (9, 5), np.arange(3) / 30)
    sent = b"".join(map(bytes, wire.packed(Clip, clip)))
    at = sent.index(clip.pts_s.tobytes())
    row, number = sent[: at - 9], sent[at - 9 : at]
    assert number[0] == 1, "one axis, then its length"
    scalar = row + b"\0" + sent[at : at + 8] + sent[at + 24 :]
    with pytest.raises(wire.Garbled):
        wire.unpacked(Clip, scalar)


@settings(deadline=None, max_examples=500)
@given(st.sampled_from([Clip, Frame]), st.binary(max_size=300))
def test_anything_else_is_refused(kind: type, content: bytes) -> None:
    with pytest.raises(wire.Garbled):
        wire.unpacked(kind, content)


@settings(deadline=None, max_examples=300)
@given(frames, st.data())
def test_a_changed_picture_is_a_picture_or_refused(frame: Frame, data: st.DataObject) -> None:
    content = bytearray(b"".join(wire.packed(Frame, frame)))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255))
    try:
        assert isinstance(wire.unpacked(Frame, content), Frame)
    except wire.Garbled:
        return


def test_a_pickle_is_not_opened(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[object]]:
            return Path.touch, (tmp_path / "sprung",)

    with pytest.raises(wire.Garbled):
        wire.unpacked(Frame, pickle.dumps(Trap()))
    assert not (tmp_path / "sprung").exists()


@dataclass(frozen=True)
class Lists:
    numbers: tuple[int, ...]
    names: tuple[str, ...]
    picture: NDArray[np.uint8]


@pytest.mark.parametrize("at", [1, 25, 33, 43, 51])
def test_a_length_that_lies_costs_no_memory(at: int) -> None:
    content = bytearray(b"".join(wire.packed(Lists, Lists((1, 2), ("a",), np.zeros((2, 2), np.uint8)))))
    content[at : at + 8] = (1 << 40).to_bytes(8, "little")
    tracemalloc.start()
    with pytest.raises(wire.Garbled):
        wire.unpacked(Lists, content)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()
