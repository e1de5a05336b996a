"""Which way is down: read off what stands upright, or not at all."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.video.plumb import plumb, upright_edges

SIZE = (720, 1280)


def _room(tilt_deg: float, seed: int) -> NDArray[np.uint8]:
    """Posts and panels of a room, seen by a phone turned by so much."""
    rng = np.random.default_rng(seed)
    width, height = SIZE
    picture = np.full((2 * height, 2 * height, 3), 150, np.uint8)
    for left in range(0, 2 * height, 130):
        right = left + int(rng.integers(30, 90))
        top, foot = rng.integers(0, height // 2), rng.integers(height, 2 * height)
        cv2.rectangle(picture, (left, int(top)), (right, int(foot)), rng.integers(0, 255, 3).tolist(), -1)
    turn = cv2.getRotationMatrix2D((height, height), -tilt_deg, 1.0)
    turned = cv2.warpAffine(picture, turn, (2 * height, 2 * height), flags=cv2.INTER_AREA)
    left, top = height - width // 2, height // 2
    return np.asarray(turned[top : top + height, left : left + width], np.uint8)


@given(tilt_deg=st.floats(-6, 6), seed=st.integers(0, 99))
def test_a_phone_that_leans_is_seen_to_lean(tilt_deg: float, seed: int) -> None:
    found = plumb([upright_edges(_room(tilt_deg, seed))], SIZE)
    assert found is not None
    assert found.at(SIZE[0] / 2) == pytest.approx(tilt_deg, abs=0.2)


def test_a_large_picture_is_read_like_a_small_one() -> None:
    room = _room(2.0, 1)
    large = np.asarray(cv2.resize(room, None, fx=2, fy=2), np.uint8)
    found = plumb([upright_edges(large)], (2 * SIZE[0], 2 * SIZE[1]))
    assert found is not None and found.at(SIZE[0]) == pytest.approx(2.0, abs=0.2)


def test_where_nothing_stands_upright_nothing_is_said() -> None:
    assert plumb([upright_edges(np.full((1280, 720, 3), 90, np.uint8))], SIZE) is None
    assert plumb([], SIZE) is None


@given(seed=st.integers(0, 99))
def test_edges_that_lean_every_way_say_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    any_way = np.column_stack([rng.uniform(0, 720, 60), rng.uniform(-8, 8, 60), np.full(60, 0.1)])
    assert plumb([any_way], SIZE) is None
