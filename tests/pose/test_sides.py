import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.body import LEFT, RIGHT
from gait.pose.sides import legs, swap
from tests.truth import perfect_track

NOTHING_SEEN = np.full((1, 33, 2), np.nan)


def swapped_legs(xy: np.ndarray) -> np.ndarray:
    """Frames whose legs change places, without a second look."""
    left, right = legs(xy, np.broadcast_to(NOTHING_SEEN, xy.shape))
    assert ((left == 1) == (right == 0)).all()
    return left == 1


CLIPS = ("runner_a_side_120", "runner_b_side_240_stored_as_30")


@pytest.mark.parametrize("name", CLIPS)
def test_a_runner_whose_legs_were_never_mixed_up_is_left_alone(name: str) -> None:
    assert not swapped_legs(perfect_track(name).xy_px).any()


@settings(deadline=None, max_examples=25)
@given(
    name=st.sampled_from(CLIPS),
    starts=st.lists(st.integers(5, 600), min_size=1, max_size=6),
    length=st.integers(1, 12),
)
def test_frames_in_which_the_legs_were_mixed_up_are_put_right(
    name: str, starts: list[int], length: int
) -> None:
    true = perfect_track(name).xy_px
    mixed = np.zeros(len(true), dtype=bool)
    for start in starts:
        mixed[start : start + length] = True
    repaired = swap(swap(true, mixed), swapped_legs(swap(true, mixed)))
    apart = np.linalg.norm(true[:, LEFT.ankle] - true[:, RIGHT.ankle], axis=1)
    wrong = np.linalg.norm(repaired[:, LEFT.ankle] - true[:, LEFT.ankle], axis=1) > 1
    assert not wrong[apart > 30].any(), "wrong legs where they are clearly apart"


def test_swapping_twice_changes_nothing() -> None:
    xy = perfect_track(CLIPS[0]).xy_px
    everywhere = np.ones(len(xy), dtype=bool)
    np.testing.assert_array_equal(swap(swap(xy, everywhere), everywhere), xy)


@pytest.mark.parametrize("length", [1, 3, 10, 40, 80])
@pytest.mark.parametrize("start", [60, 100, 150, 240])
def test_legs_keep_their_names_over_frames_without_a_runner(start: int, length: int) -> None:
    xy = perfect_track(CLIPS[0]).xy_px.copy()
    xy[start : start + length] = np.nan
    assert not swapped_legs(xy).any()
