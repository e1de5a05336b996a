"""The capture rate, proven from the run itself, on tracks as the model would give them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gait.errors import UnknownCaptureRate
from gait.motion.physics import Known, fall_legs_s2
from gait.motion.proof import prove
from gait.motion.rhythm import stride_s
from gait.motion.signals import clean
from gait.motion.timebase import TimeBase
from gait.motion.view import viewpoint
from gait.pose.posetrack import PoseTrack
from gait.video.clip import Clip
from tests.truth import part, perfect_track, real_time, truth

NAMES = ("runner_a_side_120", "runner_b_side_240_stored_as_30", "runner_d_side_120", "runner_a_rear_60")


def slowed(name: str, factor: float) -> PoseTrack:
    track = perfect_track(name)
    return replace(track, pts_s=track.pts_s * factor)


def proven(track: PoseTrack, capture_fps: float | None = None, known: Known | None = None) -> TimeBase:
    clip = Clip(Path("run.mp4"), "0" * 64, track.size_px, track.pts_s)
    return prove(clip, track, viewpoint(track), known or Known(), capture_fps)


@pytest.mark.parametrize("name", NAMES)
def test_gravity_is_read_from_the_bounce(name: str) -> None:
    track, known = perfect_track(name), truth(name)
    motion = clean(track, real_time(known.capture_fps), viewpoint(track))
    fall_m_s2 = fall_legs_s2(motion, stride_s(motion), contact_of_step=0.72) * known.leg_m
    assert fall_m_s2 == pytest.approx(9.81, rel=0.25)


@pytest.mark.parametrize("factor", [1, 2, 4, 5, 8, 10, 16, 20, 32])
@pytest.mark.parametrize("name", NAMES)
def test_the_factor_is_right_or_asked_for_never_wrong(name: str, factor: int) -> None:
    try:
        base = proven(slowed(name, factor))
    except UnknownCaptureRate as question:
        true_fps = truth(name).capture_fps
        assert any(rate == pytest.approx(true_fps, rel=0.02) for rate in question.rates_fps)
        return
    assert base.slow_motion_factor == pytest.approx(factor, rel=0.02)


@pytest.mark.parametrize("factor", [1, 4, 8])
def test_the_usual_factors_are_proven_without_asking(factor: int) -> None:
    assert proven(slowed(NAMES[0], factor)).slow_motion_factor == pytest.approx(factor, rel=0.02)


def test_a_wrong_rate_given_by_the_user_is_contradicted() -> None:
    track = slowed(NAMES[0], 4)
    assert proven(track, capture_fps=120).contradiction is None
    assert proven(track, capture_fps=60).contradiction is not None


def test_times_count_from_the_clips_first_frame_even_if_the_run_begins_later() -> None:
    track = perfect_track(NAMES[0])
    later = part(track, slice(100, None))
    clip = Clip(Path("run.mp4"), "0" * 64, track.size_px, track.pts_s)
    base = prove(clip, later, viewpoint(later), Known(), None)
    assert base.capture_s(later.pts_s)[0] == pytest.approx(100 / 120)
    motion = clean(later, base, viewpoint(later))
    assert motion.time_s[0] == pytest.approx(100 / 120)
    assert np.isfinite(stride_s(motion))
