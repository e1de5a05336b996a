"""A track holds new pictures at their true times, with the runner's own legs, where it can be used."""

from dataclasses import replace

import numpy as np
import pytest

from gait.pose.assembly import Shot, assemble, where_even, where_the_feet_are
from gait.pose.posetrack import Person, PoseTrack
from gait.pose.reading import Reading
from tests.truth import FILMED, part, perfect_track

NAME = "runner_a_side_120"
EVERY = 5
NO_THUMB = np.zeros((0, 0), np.uint8)


def track_of(xy_px: np.ndarray, times_s: np.ndarray, size_px: tuple[int, int]) -> PoseTrack:
    """What is made of readings at these times, with no second look."""
    people = [Person(xy, np.ones(33)) for xy in xy_px]
    taken = [Reading(k, float(t), p, NO_THUMB) for k, (t, p) in enumerate(zip(times_s, people, strict=True))]
    shot = Shot(FILMED, taken, np.arange(len(taken)), times_s)
    return assemble(shot, people, [None] * len(people), size_px, None)


@pytest.mark.parametrize("left_out", [3, 4, 5])
def test_pictures_that_are_missing_at_even_distances_cost_no_legs(left_out: int) -> None:
    whole = part(perfect_track(NAME), slice(None, None, EVERY))
    kept = np.arange(len(whole.pts_s)) % left_out != left_out - 1
    track = track_of(whole.xy_px[kept], whole.pts_s[kept], whole.size_px)
    np.testing.assert_array_equal(track.xy_px, whole.xy_px[kept])


@pytest.mark.parametrize("name", [NAME, "runner_a_rear_60", "runner_d_front_60"])
@pytest.mark.parametrize("last_size", [0.3, 0.6, 2.5])
def test_who_recedes_or_comes_nearer_keeps_both_legs(name: str, last_size: float) -> None:
    whole = perfect_track(name)
    size = np.geomspace(1.0, last_size, len(whole.pts_s))[:, None, None]
    track = track_of(whole.xy_px * size, whole.pts_s, (4000, 4000))
    seen = np.isfinite(whole.xy_px).all(axis=-1)
    assert np.isfinite(track.xy_px).all(axis=-1)[seen[: len(track.xy_px)]].mean() > 0.98
    assert len(track.pts_s) == len(whole.pts_s)


def test_the_part_with_the_feet_in_the_picture_is_used() -> None:
    whole = perfect_track(NAME)
    outside = np.zeros(whole.visibility.shape, dtype=bool)
    outside[400:, 27:] = True
    used = where_the_feet_are(replace(whole, outside=outside))
    assert used.left_out == ("feet",)
    assert used.frame[0] == 0
    assert used.frame[-1] == 399


def test_a_clip_with_the_feet_in_it_at_one_pace_is_used_whole() -> None:
    whole = perfect_track(NAME)
    assert where_even(whole).left_out == ()
    assert where_the_feet_are(whole).left_out == ()


def test_of_a_clip_with_two_paces_the_longer_is_used() -> None:
    one = perfect_track(NAME)
    hips = one.xy_px[:, 23:25].mean(axis=1, keepdims=True)
    longer = np.where(np.arange(33)[:, None] >= 25, hips + 1.3 * (one.xy_px - hips), one.xy_px)
    xy_px = np.concatenate([one.xy_px, longer[:420]])
    track = track_of(xy_px, np.arange(len(xy_px)) / 120, (4000, 4000))
    assert track.left_out == ("pace",)
    assert track.frame[0] == 0
    assert abs(track.frame[-1] - len(one.pts_s)) < 100


def test_of_a_clip_in_which_the_trunk_is_bent_for_a_while_the_longer_part_is_used() -> None:
    """A coach shows one way to run after the other; the mean of both would be nobody's."""
    one = perfect_track(NAME)
    hips = one.xy_px[:, 23:25].mean(axis=1, keepdims=True)
    turned = np.radians(20)
    turn = np.array([[np.cos(turned), np.sin(turned)], [-np.sin(turned), np.cos(turned)]])
    bent = np.where(np.arange(33)[:, None] < 23, hips + (one.xy_px - hips) @ turn, one.xy_px)
    track = track_of(np.concatenate([one.xy_px, bent[:420]]), np.arange(len(bent) + 420) / 120, (4000, 4000))
    assert track.left_out == ("pace",)
    assert track.frame[0] == 0
    assert abs(track.frame[-1] - len(one.pts_s)) < 100
