"""The pelvis from behind: which leg stands, and a line that is level whatever the phone's roll."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.body import LIMBS, Side
from gait.motion.pelvis import (
    clearest_stance_s,
    frontal_contacts,
    legs_told,
    line_against_level_deg,
    mid_stances,
    pelvis_line_deg,
)
from gait.motion.rhythm import stride_s
from gait.motion.signals import Motion, clean
from gait.motion.view import viewpoint
from tests.truth import LEVEL, perfect_track, real_time, truth

NAME = "runner_a_rear_60"


@pytest.mark.parametrize("roll_deg", [-3.0, 0.0, 4.0])
def test_the_phones_roll_is_no_tilt_of_the_pelvis(roll_deg: float) -> None:
    track = replace(perfect_track(NAME), plumb=replace(LEVEL, tilt_deg=roll_deg))
    base = real_time(60.0)
    motion = clean(track, base, viewpoint(track))
    roll = np.radians(roll_deg)
    level_in_space = np.array([[300.0, 500.0], [300 + 60 * np.cos(roll), 500 + 60 * np.sin(roll)]])
    tape_px = np.tile(level_in_space, (len(track.frame), 1, 1))
    line_deg = pelvis_line_deg(tape_px, track, base, motion)
    np.testing.assert_allclose(line_deg[np.isfinite(line_deg)], 0, atol=0.01)
    assert np.isfinite(line_deg).mean() > 0.9


def test_a_standing_runners_tilted_marks_are_the_zero() -> None:
    track = perfect_track(NAME)
    motion = clean(track, real_time(60.0), viewpoint(track))
    right_up = np.array([[[300.0, 500.0], [360.0, 500.0 - 60 * np.tan(np.radians(4.0))]]])
    assert line_against_level_deg(right_up, motion) == pytest.approx(4.0)


def test_the_picture_offered_for_marking_has_the_hands_away_from_the_back() -> None:
    track = perfect_track(NAME)
    motion = clean(track, real_time(60.0), viewpoint(track))
    stances = mid_stances(motion, stride_s(motion))
    xy = motion.xy.copy()
    free = stances[len(stances) // 2][1]
    for side in Side:
        on_the_back = np.abs(motion.time_s - free) > 0.1
        xy[on_the_back, LIMBS[side].wrist] = motion.mid_hip[on_the_back]
    assert clearest_stance_s(replace(motion, xy=xy), stances) == free


def test_the_leg_that_stands_is_told_at_the_middle_of_its_contact() -> None:
    track = perfect_track(NAME)
    motion = clean(track, real_time(60.0), viewpoint(track))
    found = mid_stances(motion, stride_s(motion))
    for side in Side:
        contacts = truth(NAME).contacts[side]
        own = [time_s for carried, time_s in found if carried is side]
        assert len(own) >= len(contacts) - 1
        assert all(((contacts[:, 0] < t) & (t < contacts[:, 1])).any() for t in own if t < contacts[-1, 1])


@pytest.mark.parametrize("name", [NAME, "runner_d_front_60"])
def test_every_landing_is_found_on_the_right_foot(name: str) -> None:
    track = perfect_track(name)
    motion = clean(track, real_time(60.0), viewpoint(track))
    found = frontal_contacts(motion, stride_s(motion))
    for side in Side:
        true_s = truth(name).contacts[side][:, 0]
        own = np.array([c.touchdown_s for c in found if c.side is side])
        inside = true_s[(true_s > 0.4) & (true_s < motion.time_s[-1] - 0.4)]
        errors = np.abs(own[:, None] - inside[None]).min(axis=0)
        assert errors.max() < 0.030
        assert len(own) <= len(true_s) + 2
    assert all(np.isnan(contact.toe_off_s) for contact in found)


def with_legs_exchanged(motion: Motion, wrong: NDArray[np.bool_]) -> Motion:
    """The same motion with the two legs named the wrong way round for a while."""
    xy = motion.xy.copy()
    legs = [list(LIMBS[side].leg) for side in Side]
    xy[np.ix_(wrong, legs[0])], xy[np.ix_(wrong, legs[1])] = (
        motion.xy[np.ix_(wrong, legs[1])],
        motion.xy[np.ix_(wrong, legs[0])],
    )
    return replace(motion, xy=xy)


@settings(deadline=None, max_examples=20)
@given(begin=st.floats(0.0, 0.6), share=st.floats(0.05, 0.18))
def test_legs_named_the_wrong_way_for_a_while_do_not_change_whose_stance_it_is(
    begin: float, share: float
) -> None:
    track = perfect_track(NAME)
    motion = clean(track, real_time(60.0), viewpoint(track))
    period_s = stride_s(motion)
    from_s, to_s = (motion.time_s[-1] * at for at in (begin, begin + share))
    mixed = with_legs_exchanged(motion, (motion.time_s > from_s) & (motion.time_s < to_s))
    right = mid_stances(motion, period_s)
    assert mid_stances(mixed, period_s) == right
    assert legs_told(mixed, right, period_s)


def without_arms(motion: Motion) -> Motion:
    xy = motion.xy.copy()
    for side in Side:
        xy[:, LIMBS[side].elbow] = np.nan
    return replace(motion, xy=xy)


def test_the_legs_take_turns_even_where_neither_feet_nor_arms_are_seen() -> None:
    """Seen on a man who runs on the spot: every landing was called the right foot's."""
    track = perfect_track(NAME)
    motion = clean(track, real_time(60.0), viewpoint(track))
    period_s = stride_s(motion)
    xy = without_arms(motion).xy
    for side in Side:
        xy[:, [LIMBS[side].ankle, LIMBS[side].heel]] = np.nan
    found = mid_stances(replace(motion, xy=xy), period_s)
    assert len(found) > 6
    assert all(here is there.other for (here, _), (there, _) in pairwise(found))
    assert not legs_told(replace(motion, xy=xy), found, period_s)


def test_legs_mixed_up_half_of_the_time_are_told_by_the_arms_and_without_arms_not_at_all() -> None:
    track = perfect_track(NAME)
    motion = clean(track, real_time(60.0), viewpoint(track))
    period_s = stride_s(motion)
    right = mid_stances(motion, period_s)
    half = with_legs_exchanged(motion, motion.time_s > motion.time_s[-1] / 2)
    assert mid_stances(half, period_s) == right
    assert legs_told(half, right, period_s)
    assert not legs_told(without_arms(half), right, period_s)


def test_arms_that_say_the_opposite_of_the_feet_leave_it_open() -> None:
    track = perfect_track(NAME)
    motion = clean(track, real_time(60.0), viewpoint(track))
    period_s = stride_s(motion)
    other = with_legs_exchanged(motion, np.ones(len(motion.time_s), dtype=bool))
    assert not legs_told(other, mid_stances(other, period_s), period_s)


def test_the_rhythm_from_behind_survives_legs_that_are_mixed_up() -> None:
    track = perfect_track(NAME)
    motion = clean(track, real_time(60.0), viewpoint(track))
    known_s = stride_s(motion)
    every_other = (motion.time_s // known_s) % 2 == 0
    assert stride_s(with_legs_exchanged(motion, every_other)) == pytest.approx(known_s, rel=0.02)


def test_the_two_legs_take_turns() -> None:
    track = perfect_track(NAME)
    motion = clean(track, real_time(60.0), viewpoint(track))
    sides = [side for side, _ in mid_stances(motion, stride_s(motion))]
    assert all(one is other.other for one, other in pairwise(sides))
