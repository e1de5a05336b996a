from collections.abc import Callable
from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.errors import BadRequest, UnknownCaptureRate
from gait.motion import timebase
from gait.motion.timebase import Seen, TimeBase

FALL_SD = 0.19
TRUE_FACTORS = (1.0, 2.0, 4.0, 5.0, 8.0, 10.0, 16.0, 20.0, 32.0)


def run(cadence_spm: float, fall_m_s2: float = 9.81) -> Callable[[float], Seen]:
    """A real run, as it looks if taken for some number of times faster than it is."""
    return lambda faster: Seen(faster, cadence_spm * faster, fall_m_s2 * faster**2, FALL_SD)


def decided(
    true: Callable[[float], Seen], factor: float, stored_fps: float = 30.0, tag: float | None = None
) -> TimeBase:
    def at(each: float) -> Seen:
        seen = true(each / factor)
        return Seen(each, seen.cadence_spm, seen.fall_m_s2, seen.fall_sd)

    tried = [at(each) for each in timebase.factors(stored_fps, tag, None)]
    candidates = timebase.weigh(
        stored_fps, tag, [seen for seen in tried if timebase.plausible(seen.cadence_spm)]
    )
    return timebase.decide(candidates, at(1.0), 0.0, "run.mov")


@pytest.mark.parametrize("factor", TRUE_FACTORS)
def test_a_usual_run_proves_its_factor(factor: float) -> None:
    base = decided(run(168), factor)
    assert base.slow_motion_factor == pytest.approx(factor)
    assert base.capture_fps == pytest.approx(30 * factor)
    assert "168 steps/min" in base.evidence[0]
    assert "9.8 m/s²" in base.evidence[0]
    if factor > 1:
        assert f"{168 / factor:.0f} steps/min" in base.evidence[1]


@given(
    factor=st.sampled_from(TRUE_FACTORS),
    cadence_spm=st.floats(150, 200),
    misread=st.floats(-2 * FALL_SD, 2 * FALL_SD),
)
def test_no_runner_and_no_ordinary_misreading_gives_a_wrong_factor_silently(
    factor: float, cadence_spm: float, misread: float
) -> None:
    try:
        base = decided(run(cadence_spm, 9.81 * np.exp(misread)), factor)
    except UnknownCaptureRate as question:
        assert "frames per second" in str(question)
        return
    assert base.slow_motion_factor == pytest.approx(factor)


@pytest.mark.parametrize("factor", [1.27, 2.5, 6.4, 13.0, 25.5])
def test_a_factor_between_those_of_cameras_is_asked_about(factor: float) -> None:
    with pytest.raises(UnknownCaptureRate):
        decided(run(168), factor)


@given(factor=st.sampled_from(TRUE_FACTORS), cadence_spm=st.one_of(st.floats(40, 110), st.floats(260, 330)))
def test_what_nobody_runs_is_never_accepted(factor: float, cadence_spm: float) -> None:
    try:
        base = decided(run(cadence_spm), factor)
    except UnknownCaptureRate:
        return
    assert timebase.plausible(cadence_spm * base.slow_motion_factor / factor)
    assert base.confidence >= timebase.SURE


def test_the_question_names_the_rates_that_would_fit() -> None:
    ambiguous = run(188, 9.81 * 1.25)
    with pytest.raises(UnknownCaptureRate) as caught:
        decided(ambiguous, 5.0)
    assert "150 would" in str(caught.value)
    assert "120 would" in str(caught.value)
    assert "run.mov" in str(caught.value)
    assert set(caught.value.rates_fps) >= {120.0, 150.0}
    assert "\n" not in str(caught.value)


def test_a_tag_settles_what_physics_leaves_open() -> None:
    assert decided(run(188, 9.81 * 1.25), 5.0, tag=150.0).capture_fps == pytest.approx(150)
    assert decided(run(168), 1.0, stored_fps=239.98, tag=240.0).slow_motion_factor == pytest.approx(
        1, abs=1e-3
    )


def test_a_tag_that_physics_contradicts_is_not_believed() -> None:
    with pytest.raises(UnknownCaptureRate):
        decided(run(188, 9.81 * 1.25), 5.0, tag=240.0)


def test_a_belt_speed_settles_what_physics_leaves_open() -> None:
    open_question = [Seen(4.0, 150.4, 7.8, FALL_SD), Seen(5.0, 188.0, 12.26, FALL_SD)]
    with_belt = [
        Seen(seen.factor, seen.cadence_spm, seen.fall_m_s2, FALL_SD, share, 0.067)
        for seen, share in zip(open_question, (0.8, 1.0), strict=True)
    ]
    assert timebase.weigh(30.0, None, open_question)[0].share < timebase.SURE
    best = timebase.weigh(30.0, None, with_belt)[0]
    assert best.seen.factor == 5.0
    assert best.share > timebase.SURE


def test_what_the_user_says_wins_and_a_contradiction_is_on_record() -> None:
    right, wrong = Seen(8.0, 168.0, 9.6, FALL_SD), Seen(10.0, 210.0, 15.0, FALL_SD)
    candidates = timebase.weigh(30.0, None, [right, wrong])
    agreed = timebase.given(candidates, 240.0, 30.0, 0.0)
    assert agreed.slow_motion_factor == pytest.approx(8)
    assert agreed.contradiction is None
    disputed = timebase.given(candidates, 300.0, 30.0, 0.0)
    assert disputed.slow_motion_factor == pytest.approx(10)
    assert disputed.contradiction is not None
    assert "210 steps/min" in disputed.contradiction
    assert "at 240 it has 168 steps/min" in disputed.contradiction


@given(factor=st.floats(0.5, 32), start_s=st.floats(-10, 10))
def test_capture_time_counts_from_the_first_frame_and_runs_by_the_factor(
    factor: float, start_s: float
) -> None:
    base = TimeBase(30 * factor, factor, 1.0, (), given=False, start_s=start_s)
    pts_s = start_s + np.array([0.0, 0.5, 2.0])
    assert base.capture_s(pts_s) == pytest.approx(np.array([0.0, 0.5, 2.0]) / factor, abs=1e-9)


def test_without_a_rhythm_or_a_bounce_nothing_is_claimed() -> None:
    with pytest.raises(UnknownCaptureRate, match="such as 240"):
        timebase.decide((), Seen(1.0, 21.0, nan, nan), 0.0, "run.mov")


@pytest.mark.parametrize("fps", [0, -30, 5, 1e6, nan])
def test_a_rate_no_camera_has_is_refused(fps: float) -> None:
    with pytest.raises(BadRequest, match="capture rate"):
        timebase.require_rate(fps)
