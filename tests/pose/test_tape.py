"""Two pieces of tape: found where they are, to the degree, and nowhere else."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.pose.tape import find_tape

TRUNK_PX = 180.0
SIZE = 260
MIDDLE = np.array([130.0, 150.0])
PICTURES = 12


def back(
    angle_deg: float,
    seed: int,
    *,
    tape: tuple[int, int, int] | None,
    hidden: bool = False,
    decoys: bool = False,
) -> NDArray[np.uint8]:
    """Shirt, waistband and shorts of a runner whose pelvis is tilted."""
    rng = np.random.default_rng(seed)
    rgb = np.full((SIZE, SIZE, 3), (60, 70, 120), np.uint8)
    rgb[120:] = (40, 40, 45)
    for y in range(0, 110, 12):
        rgb[y : y + 6] = (80, 90, 150)
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    if decoys:
        for x in (80, 140):
            cv2.circle(rgb, (x, 118), 6, (245, 245, 245), -1)
    for side in (-1, 1):
        x, y = MIDDLE + (side * 32 * cosine, -22 + side * 32 * sine)
        if tape is not None and not (hidden and side == 1):
            cv2.circle(rgb, (round(8 * x), round(8 * y)), 8 * 7, tape, -1, cv2.LINE_AA, shift=3)
    noisy = rgb + rng.normal(0, 3, rgb.shape)
    return np.asarray(np.clip(cv2.GaussianBlur(noisy, (0, 0), 0.8), 0, 255), np.uint8)


def found(crops: list[NDArray[np.uint8]]) -> NDArray[np.float64] | None:
    return find_tape(crops, np.tile(MIDDLE, (len(crops), 1)), TRUNK_PX)


@settings(deadline=None, max_examples=25)
@given(
    angles_deg=st.lists(st.floats(-12, 12), min_size=PICTURES, max_size=PICTURES),
    colour=st.sampled_from([(245, 245, 245), (240, 220, 40), (230, 90, 40)]),
)
def test_the_line_through_two_pieces_is_read_to_the_degree(
    angles_deg: list[float], colour: tuple[int, int, int]
) -> None:
    tape = found([back(angle, k, tape=colour) for k, angle in enumerate(angles_deg)])
    assert tape is not None
    across, down = (tape[:, 1] - tape[:, 0]).T
    np.testing.assert_allclose(np.degrees(np.arctan2(down, across)), angles_deg, atol=1.0)


def test_a_piece_behind_a_hand_is_missing_and_nothing_else_is_taken_for_it() -> None:
    crops = [
        back(3.0, k, tape=(245, 245, 245), hidden=k % 3 == 0, decoys=k % 3 == 0) for k in range(PICTURES)
    ]
    tape = found(crops)
    assert tape is not None
    seen = np.isfinite(tape).all(axis=(1, 2))
    np.testing.assert_array_equal(seen, np.arange(PICTURES) % 3 != 0)


@pytest.mark.parametrize("hidden", [False, True])
def test_without_two_pieces_nothing_is_said(hidden: bool) -> None:
    colour = (245, 245, 245) if hidden else None
    assert found([back(3.0, k, tape=colour, hidden=hidden) for k in range(PICTURES)]) is None


def test_spots_that_do_not_stay_together_are_no_tape() -> None:
    rng = np.random.default_rng(3)
    crops = []
    for k in range(PICTURES):
        rgb = back(0.0, k, tape=None)
        for _ in range(4):
            cv2.circle(rgb, tuple(int(v) for v in rng.integers(20, SIZE - 20, 2)), 7, (245, 245, 245), -1)
        crops.append(rgb)
    assert found(crops) is None
