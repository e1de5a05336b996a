"""Evenly spread pictures, and pictures that an editor picked."""

from dataclasses import replace

import numpy as np
import pytest

from gait.motion.evenness import sampling
from gait.pose.posetrack import PoseTrack
from tests.motion.test_reference import on_the_move
from tests.truth import filmed, made_up, part, perfect_track, retimed

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


def scattered(track: PoseTrack, sd_px: float) -> PoseTrack:
    noise = np.random.default_rng(1).normal(0, sd_px, track.xy_px.shape)
    return replace(track, xy_px=track.xy_px + noise)


@pytest.mark.parametrize("name", [SIDE, "runner_c_side_60_bystander", "runner_d_side_120"])
@pytest.mark.parametrize(("filmed_fps", "stored_fps", "beat"), [(24, 60, 0.4), (30, 60, 0.5), (25, 50, 0.5)])
def test_pictures_made_up_by_following_what_moves_lie_on_straight_lines(
    name: str, filmed_fps: float, stored_fps: float, beat: float
) -> None:
    found = sampling(scattered(made_up(perfect_track(name), filmed_fps, stored_fps), 1.5))
    assert found.bends == pytest.approx(beat, abs=0.005)
    assert not found.even


@pytest.mark.parametrize("name", [SIDE, REAR, "runner_b_side_240_stored_as_30", "runner_d_side_120"])
@pytest.mark.parametrize(("fps", "sd_px"), [(30.0, 0.0), (50.0, 0.0), (60.0, 1.5)])
def test_filmed_pictures_are_not_called_made_up(name: str, fps: float, sd_px: float) -> None:
    assert not sampling(scattered(filmed(perfect_track(name), 1.0, fps), sd_px)).made_up


@pytest.mark.parametrize("way", ["receding", "nearing"])
@pytest.mark.parametrize("name", [SIDE, "runner_c_side_60_bystander"])
def test_a_runner_who_grows_or_shrinks_in_the_picture_does_not_beat(name: str, way: str) -> None:
    assert sampling(on_the_move(name, way)).even


def test_shaky_landmarks_alone_do_not_beat() -> None:
    track = filmed(perfect_track(SIDE), 1.0, 60.0)
    noise = np.random.default_rng(1).normal(0, 3.0, track.xy_px.shape)
    track.xy_px[:] += noise
    assert sampling(track).even


def test_a_handful_of_pictures_shows_nothing() -> None:
    assert sampling(part(perfect_track(SIDE), slice(0, 40))).even
