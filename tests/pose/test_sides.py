import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gait.body import LEFT, LIMBS, RIGHT, Side
from gait.pose import sides
from gait.pose.period import period
from tests.truth import perfect_track

NOTHING_SEEN = np.full((1, 33, 2), np.nan)


def swap(xy: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Exchange left and right leg in some frames."""
    result = xy.copy()
    left, right = (list(LIMBS[side].leg) for side in Side)
    result[np.ix_(where, left)], result[np.ix_(where, right)] = (
        xy[np.ix_(where, right)],
        xy[np.ix_(where, left)],
    )
    return result


def mended(xy: np.ndarray) -> tuple[np.ndarray, sides.Choice]:
    """Legs put right without a second look."""
    looks = sides.Looks(np.arange(len(xy)), xy, np.broadcast_to(NOTHING_SEEN, xy.shape))
    smooth = sides.take(xy, looks.second_px, sides.smoothest(looks))
    stride = period(smooth[:, LEFT.ankle, 0] - smooth[:, RIGHT.ankle, 0])
    choice, foreign = sides.steadiest(looks, stride)
    return sides.without(sides.take(xy, looks.second_px, choice), foreign), choice


CLIPS = ("runner_a_side_120", "runner_b_side_240_stored_as_30")


@pytest.mark.parametrize("name", CLIPS)
def test_a_runner_whose_legs_were_never_mixed_up_is_left_alone(name: str) -> None:
    xy = perfect_track(name).xy_px
    result, choice = mended(xy)
    assert not choice.mixed_up.any()
    np.testing.assert_array_equal(result, xy)


@settings(deadline=None, max_examples=25)
@given(
    name=st.sampled_from(CLIPS),
    starts=st.lists(st.integers(5, 600), min_size=1, max_size=6),
    length=st.integers(1, 45),
)
@example(name=CLIPS[0], starts=[5, 7, 83, 152], length=45)
def test_frames_in_which_the_legs_were_mixed_up_are_put_right(
    name: str, starts: list[int], length: int
) -> None:
    true = perfect_track(name).xy_px
    mixed = np.zeros(len(true), dtype=bool)
    for start in starts:
        mixed[start : start + length] = True
    result, _ = mended(swap(true, mixed))
    apart = np.linalg.norm(true[:, LEFT.ankle] - true[:, RIGHT.ankle], axis=1)
    off = np.linalg.norm(result[:, LEFT.ankle] - true[:, LEFT.ankle], axis=1)
    assert not (off > 1)[apart > 30].any(), "wrong legs where they are clearly apart"


@pytest.mark.parametrize("length", [1, 3, 10, 40, 80])
@pytest.mark.parametrize("start", [60, 100, 150, 240])
def test_legs_keep_their_names_over_frames_without_a_runner(start: int, length: int) -> None:
    xy = perfect_track(CLIPS[0]).xy_px.copy()
    xy[start : start + length] = np.nan
    assert not mended(xy)[1].mixed_up.any()


@pytest.mark.parametrize("length", [2, 6, 20])
def test_a_leg_that_is_somebody_elses_is_not_used(length: int) -> None:
    true = perfect_track(CLIPS[0]).xy_px
    foreign = true.copy()
    leg = list(LIMBS[Side.RIGHT].leg)
    foreign[300 : 300 + length, leg] += (250, -20)
    result, _ = mended(foreign)
    seen = np.isfinite(result[:, leg]).all(axis=(1, 2))
    assert not seen[300 : 300 + length].any()
    np.testing.assert_array_equal(result[seen], true[seen])


@pytest.mark.parametrize("name", ["runner_a_rear_60", "runner_d_front_60"])
@pytest.mark.parametrize("wider", [0.0, 0.1, 0.2])
def test_from_behind_no_leg_is_taken_for_somebody_elses(name: str, wider: float) -> None:
    xy = perfect_track(name).xy_px.copy()
    apart = wider * sides.leg_extent_px(xy) * np.sign(xy[0, LEFT.hip, 0] - xy[0, RIGHT.hip, 0])
    for leg, outward in ((LEFT, 0.5), (RIGHT, -0.5)):
        xy[:, list(leg.leg), 0] += outward * apart
    looks = sides.Looks(np.arange(len(xy)), xy, np.broadcast_to(NOTHING_SEEN, xy.shape))
    choice, foreign = sides.steadiest(looks, period(xy[:, LEFT.ankle, 1] - xy[:, RIGHT.ankle, 1]))
    assert not foreign.any()
    assert not choice.mixed_up.any()


@pytest.mark.parametrize("faster", [1.6, 2.5])
def test_the_legs_of_who_accelerates_are_not_taken_for_somebody_elses(faster: float) -> None:
    whole = perfect_track(CLIPS[0]).xy_px
    share = np.linspace(0, 1, len(whole) // 4)
    way = (share + (faster - 1) / 2 * share**2) * 2 / (1 + faster)
    xy = whole[np.round(way * (len(whole) - 1)).astype(int)]
    looks = sides.Looks(np.arange(len(xy)), xy, np.full(xy.shape, np.nan))
    stride = period(whole[:, LEFT.ankle, 0] - whole[:, RIGHT.ankle, 0]) / 4
    _, foreign = sides.steadiest(looks, stride)
    assert not foreign.any()


def test_a_second_look_that_saw_the_leg_is_used() -> None:
    true = perfect_track(CLIPS[0]).xy_px
    wrong, second = true.copy(), np.full(true.shape, np.nan)
    wrong[300:320, list(LIMBS[Side.LEFT].leg)] += (200, 0)
    second[298:322] = true[298:322]
    looks = sides.Looks(np.arange(len(true)), wrong, second)
    choice, _ = sides.steadiest(looks, period(true[:, LEFT.ankle, 0] - true[:, RIGHT.ankle, 0]))
    np.testing.assert_array_equal(sides.take(wrong, second, choice), true)
