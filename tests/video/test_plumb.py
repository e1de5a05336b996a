"""Which way is down: read off what stands upright, or not at all."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.video.plumb import plumb, straight_edges

SIZE = (720, 1280)
EXACTLY = 0.05
"""Degrees within which a level phone cannot be told from lines drawn over the film."""


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


@settings(deadline=None)
@given(tilt_deg=st.floats(-6, 6).filter(lambda deg: abs(deg) > EXACTLY), seed=st.integers(0, 99))
def test_a_phone_that_leans_is_seen_to_lean(tilt_deg: float, seed: int) -> None:
    found = plumb([straight_edges(_room(tilt_deg, seed))], SIZE)
    assert found is not None
    assert found.at(SIZE[0] / 2) == pytest.approx(tilt_deg, abs=0.2)


@settings(deadline=None)
@given(
    roll_deg=st.floats(-4, 4).filter(lambda deg: abs(deg) > EXACTLY),
    pitch_deg=st.floats(-5, 5),
    yaw_deg=st.floats(-7, 7),
)
def test_pitch_and_yaw_are_not_taken_for_roll(roll_deg: float, pitch_deg: float, yaw_deg: float) -> None:
    edges = _edges(roll_deg, pitch_deg, yaw_deg)
    posts, boards = edges[edges[:, 0] == 0], _edges(roll_deg, 0.0, yaw_deg)[6:]
    for seen in (edges, posts, boards):
        found = plumb([seen], SIZE)
        assert found is not None
        assert found.at(SIZE[0] / 2) == pytest.approx(roll_deg, abs=0.6)


def _edges(roll_deg: float, pitch_deg: float, yaw_deg: float) -> NDArray[np.float64]:
    """Posts on the right, and edges of belt and wall below, four metres away, through a pinhole."""
    roll, pitch, yaw = np.radians([roll_deg, pitch_deg, yaw_deg])
    posts = [np.array([[x, -1.0, 4.0], [x, 1.0, 4.0]]) for x in np.linspace(0.1, 1.6, 6)]
    boards = [np.array([[-1.0, y, 4.0], [1.0, y, 4.0]]) for y in -np.linspace(0.1, 1.6, 6)]
    turn = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    nod = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    rows = []
    for level, edge in [*((0, post) for post in posts), *((1, board) for board in boards)]:
        seen = (edge - (0, 0, 4)) @ turn.T + (0, 0, 4)
        seen = seen @ nod.T
        x, y = 1.2 * seen[:, 0] / seen[:, 2], -1.2 * seen[:, 1] / seen[:, 2]
        x, y = x * np.cos(roll) - y * np.sin(roll), x * np.sin(roll) + y * np.cos(roll)
        dx, dy = x[1] - x[0], y[1] - y[0]
        lean = np.arctan(dy / dx) if level else np.arctan(-dx / dy)
        rows.append((level, y.mean() if level else x.mean(), np.degrees(lean), np.hypot(dx, dy)))
    return np.array(rows)


def test_a_large_picture_is_read_like_a_small_one() -> None:
    room = _room(2.0, 1)
    large = np.asarray(cv2.resize(room, None, fx=2, fy=2), np.uint8)
    found = plumb([straight_edges(large)], (2 * SIZE[0], 2 * SIZE[1]))
    assert found is not None and found.at(SIZE[0]) == pytest.approx(2.0, abs=0.2)


def test_where_nothing_stands_upright_nothing_is_said() -> None:
    assert plumb([straight_edges(np.full((1280, 720, 3), 90, np.uint8))], SIZE) is None
    assert plumb([], SIZE) is None


@given(seed=st.integers(0, 99))
def test_edges_that_lean_every_way_say_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    level = rng.integers(0, 2, 60)
    any_way = np.column_stack([level, rng.uniform(-0.5, 0.5, 60), rng.uniform(-8, 8, 60), np.full(60, 0.1)])
    assert plumb([any_way], SIZE) is None


@pytest.mark.parametrize("seed", range(3))
def test_of_a_room_as_exactly_level_as_if_it_were_drawn_nothing_false_is_said(seed: int) -> None:
    found = plumb([straight_edges(_room(0.0, seed))], SIZE)
    assert found is None or found.at(SIZE[0] / 2) == pytest.approx(0.0, abs=0.1)


@settings(deadline=None, max_examples=8)
@given(tilt_deg=st.floats(-5, 5).filter(lambda deg: abs(deg) > 0.8), seed=st.integers(0, 99))
@pytest.mark.parametrize("drawn", ["grid", "bars", "buttons"])
def test_what_is_drawn_over_a_film_does_not_say_how_the_phone_leaned(
    drawn: str, tilt_deg: float, seed: int
) -> None:
    room = _room(tilt_deg, seed)
    found = plumb([straight_edges(DRAWN[drawn](room))], SIZE)
    assert found is None or found.at(SIZE[0] / 2) == pytest.approx(tilt_deg, abs=0.4)
    assert found is not None or plumb([straight_edges(room)], SIZE) is None or drawn == "grid"


@pytest.mark.parametrize("drawn", ["grid", "buttons"])
def test_where_nothing_but_what_was_drawn_is_straight_nothing_is_said(drawn: str) -> None:
    bare = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    assert plumb([straight_edges(DRAWN[drawn](bare))], SIZE) is None


def _grid(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    drawn = picture.copy()
    for place in range(60, 1280, 120):
        cv2.line(drawn, (place, 0), (place, 1280), (255, 255, 255), 2)
        cv2.line(drawn, (0, place), (720, place), (255, 255, 255), 2)
    return drawn


def _bars(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    drawn = picture.copy()
    drawn[:, :90], drawn[:, -90:], drawn[:70], drawn[-70:] = 0, 0, 0, 0
    return drawn


def _buttons(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    drawn = picture.copy()
    for left in range(20, 700, 130):
        cv2.rectangle(drawn, (left, 30), (left + 100, 90), (40, 40, 40), -1)
        cv2.rectangle(drawn, (left, 1180), (left + 100, 1240), (230, 230, 230), -1)
    return drawn


DRAWN = {"grid": _grid, "bars": _bars, "buttons": _buttons}


def raised_belt(rise_deg: float, roll_deg: float = 0.0) -> NDArray[np.float64]:
    """A room's posts and a belt that rises to the right, seen by a phone turned by so much."""
    edges = _edges(roll_deg, 1.0, 0.0)
    posts, boards = edges[edges[:, 0] == 0].copy(), edges[edges[:, 0] == 1].copy()
    posts[:, 1] = np.linspace(-0.4, 0.4, len(posts))
    posts[:, 2] = roll_deg + np.linspace(-0.3, 0.3, len(posts))
    boards[:, 2] = roll_deg - rise_deg
    boards[:, 3] *= 2
    return np.concatenate([posts, boards, boards])


@pytest.mark.parametrize("rise_deg", [2.0, 3.0, 5.0])
@pytest.mark.parametrize("roll_deg", [-2.0, 1.5])
def test_a_raised_belt_is_not_a_leaning_phone(rise_deg: float, roll_deg: float) -> None:
    found = plumb([raised_belt(rise_deg, roll_deg)], SIZE)
    assert found is not None
    assert found.at(SIZE[0] / 2) == pytest.approx(roll_deg, abs=0.3)
    assert found.level_off_deg == pytest.approx(-rise_deg, abs=0.3)
    told = found.on_incline(100 * np.tan(np.radians(rise_deg)), forward_sign=1)
    assert (told.level_off_deg, told.tilt_deg) == (0.0, found.tilt_deg)
    assert told.sd_deg < found.sd_deg


def test_where_only_the_belt_is_seen_its_incline_is_taken_off() -> None:
    belt = raised_belt(3.0)
    found = plumb([belt[belt[:, 0] == 1]], SIZE)
    assert found is not None and found.by_level
    assert found.tilt_deg == pytest.approx(-3.0, abs=0.3)
    assert found.on_incline(5.24, forward_sign=1).tilt_deg == pytest.approx(0.0, abs=0.3)
    assert found.on_incline(-5.24, forward_sign=-1).tilt_deg == pytest.approx(0.0, abs=0.3)


def test_a_level_belt_asks_nothing() -> None:
    found = plumb([raised_belt(0.0, 2.0)], SIZE)
    assert found is not None
    assert found.level_off_deg == 0.0 and not found.by_level
