"""Evenly spread pictures, and pictures that an editor picked."""

import numpy as np
import pytest

from gait.motion.evenness import sampling
from tests.truth import filmed, part, perfect_track, retimed

SIDE, REAR = "runner_a_side_120", "runner_a_rear_60"


@pytest.mark.parametrize("name", [SIDE, REAR, "runner_b_side_240_stored_as_30", "runner_d_side_120"])
@pytest.mark.parametrize("factor", [1.0, 4.0])
def test_pictures_as_a_camera_takes_them_are_even(name: str, factor: float) -> None:
    assert sampling(filmed(perfect_track(name), factor, 30.0)).even


@pytest.mark.parametrize("factor", [1.12, 1.25, 5 / 3, 2.5, 3.816, 7.6])
def test_pictures_picked_for_another_speed_beat(factor: float) -> None:
    assert not sampling(retimed(perfect_track(SIDE), factor, 30.0)).even


def test_the_beat_is_that_of_the_pictures_left_out() -> None:
    assert sampling(retimed(perfect_track(SIDE), 2.5, 30.0)).beat == pytest.approx(0.4, abs=0.005)


def test_a_short_and_a_long_step_by_turns_is_the_fastest_beat() -> None:
    assert sampling(retimed(perfect_track(SIDE), 1.0, 48.0)).beat == pytest.approx(0.5, abs=0.005)


def test_shaky_landmarks_alone_do_not_beat() -> None:
    track = filmed(perfect_track(SIDE), 1.0, 60.0)
    noise = np.random.default_rng(1).normal(0, 3.0, track.xy_px.shape)
    track.xy_px[:] += noise
    assert sampling(track).even


def test_a_handful_of_pictures_shows_nothing() -> None:
    assert sampling(part(perfect_track(SIDE), slice(0, 40))).even
