"""The pelvis from behind: which leg stands, and a line that is level whatever the phone's roll."""

from dataclasses import replace

import numpy as np
import pytest

from gait.body import Side
from gait.motion.pelvis import mid_stances, pelvis_line_deg
from gait.motion.rhythm import stride_s
from gait.motion.signals import clean
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


def test_the_leg_that_stands_is_told_at_the_middle_of_its_contact() -> None:
    track = perfect_track(NAME)
    motion = clean(track, real_time(60.0), viewpoint(track))
    found = mid_stances(motion, stride_s(motion))
    for side in Side:
        contacts = truth(NAME).contacts[side]
        own = [time_s for carried, time_s in found if carried is side]
        assert len(own) >= len(contacts) - 1
        assert all(((contacts[:, 0] < t) & (t < contacts[:, 1])).any() for t in own if t < contacts[-1, 1])
