from math import log, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.errors import BadRequest, UnknownCaptureRate
from gait.motion import timebase
from gait.motion.evenness import Sampling
from gait.motion.rates import Stored, possible
from gait.motion.timebase import Seen, TimeBase

FALL_SD = 0.12
EDITED = Sampling(beat=0.4)


def run(factor: float, cadence_spm: float = 168.0, fall_m_s2: float = 9.81) -> Seen:
    """A real run, filmed at this factor."""
    return Seen(factor, cadence_spm, fall_m_s2, FALL_SD)


def decided(
    seen: Seen, stored_fps: float = 30.0, tag: float | None = None, sampling: Sampling | None = None
) -> TimeBase:
    stored = Stored(stored_fps, tag, sampling or Sampling())
    return timebase.decide(timebase.weigh(stored, possible(stored), seen), stored, seen, 0.0, "run.mov")


@pytest.mark.parametrize("stored_fps", [24.0, 25.0, 29.97, 30.0, 50.0, 60.0, 120.0, 240.0, 29.6])
@settings(deadline=None)
@given(cadence_spm=st.floats(152, 186), misread=st.floats(-FALL_SD, FALL_SD))
def test_a_plain_clip_is_not_asked_about(stored_fps: float, cadence_spm: float, misread: float) -> None:
    base = decided(run(1.0, cadence_spm, 9.81 * np.exp(misread)), stored_fps)
    assert base.capture_fps == pytest.approx(stored_fps)
    assert "as runs do" in base.evidence[0]


@pytest.mark.parametrize("capture_fps", [120.0, 240.0])
def test_a_phones_slow_motion_proves_itself(capture_fps: float) -> None:
    base = decided(run(capture_fps / 30))
    assert base.capture_fps == pytest.approx(capture_fps)
    assert "168 steps/min" in base.evidence[0]
    assert "9.8 m/s²" in base.evidence[0]
    assert f"{168 * 30 / capture_fps:.0f} steps/min" in base.evidence[1]


@settings(deadline=None)
@given(factor=st.floats(1.15, 40), cadence_spm=st.floats(145, 195), misread=st.floats(-FALL_SD, FALL_SD))
def test_where_an_editor_picked_the_pictures_no_slow_motion_is_taken_without_asking(
    factor: float, cadence_spm: float, misread: float
) -> None:
    seen = run(factor, cadence_spm, 9.81 * np.exp(misread))
    with pytest.raises(UnknownCaptureRate, match="unevenly spread"):
        decided(seen, sampling=EDITED)


@pytest.mark.parametrize("capture_fps", [210.0, 300.0, 320.0, 400.0, 420.0, 480.0, 1000.0])
def test_rare_cameras_are_asked_about_and_named(capture_fps: float) -> None:
    try:
        base = decided(run(capture_fps / 30))
    except UnknownCaptureRate as question:
        assert any(rate == pytest.approx(capture_fps, rel=0.02) for rate in question.rates_fps)
        return
    assert base.capture_fps == pytest.approx(capture_fps)


@pytest.mark.parametrize("percent", [25, 33.3, 40, 50, 60])
def test_an_editors_speed_is_among_the_answers(percent: float) -> None:
    with pytest.raises(UnknownCaptureRate) as caught:
        decided(run(100 / percent), sampling=EDITED)
    assert any(rate == pytest.approx(3000 / percent, rel=0.02) for rate in caught.value.rates_fps)
    assert "frames per second" in str(caught.value)
    assert "run.mov" in str(caught.value)
    assert "\n" not in str(caught.value)


@settings(deadline=None)
@given(factor=st.floats(1, 30), cadence_spm=st.floats(120, 220))
def test_no_question_offers_only_the_files_own_rate(factor: float, cadence_spm: float) -> None:
    try:
        decided(run(factor, cadence_spm))
    except UnknownCaptureRate as question:
        assert any(abs(log(rate / 30)) > 0.02 for rate in question.rates_fps)


def test_where_only_the_files_own_rate_could_be_it_that_is_taken_and_said_to_be_unproven() -> None:
    base = decided(run(1.0, 213.0))
    assert base.assumed
    assert (base.slow_motion_factor, base.confidence) == (1.0, 0.0)
    assert decided(run(1.0, 213.0), stored_fps=23.976).assumed, "24 or 25 is nothing to ask about"
    assert not decided(run(1.0, 170.0)).assumed


@pytest.mark.parametrize("faster", [1.0, 1.03])
def test_a_run_that_agrees_with_real_time_is_not_asked_about_for_its_rounded_estimate(faster: float) -> None:
    base = decided(run(faster, 168.0), stored_fps=18.02)
    assert base.assumed
    assert base.capture_fps == pytest.approx(18.02)


@settings(deadline=None)
@given(factor=st.floats(0.3, 40), cadence_spm=st.floats(140, 200), misread=st.floats(-0.3, 0.3))
def test_the_estimate_is_where_all_signs_fit_best(factor: float, cadence_spm: float, misread: float) -> None:
    seen = run(factor, cadence_spm, 9.81 * np.exp(misread))
    best = seen.at(seen.best_factor)
    assert best.off == pytest.approx(0, abs=1e-9)
    assert seen.at(3 * factor).best_factor == pytest.approx(seen.best_factor)
    squares = [sum(m * m for m in best.at(best.factor * by).misfits) for by in (0.98, 1.0, 1.02)]
    assert squares[1] < min(squares[0], squares[2])


def test_a_belt_speed_makes_the_estimate_closer() -> None:
    without = run(8.0)
    with_belt = Seen(8.0, 168.0, 9.81, FALL_SD, belt_share=1.0, belt_sd=0.06)
    assert with_belt.sd < without.sd
    assert 0 < decided(with_belt).factor_sd < decided(without).factor_sd


def test_only_a_rate_that_nothing_but_the_run_tells_is_unsure() -> None:
    alone = decided(run(8.0))
    assert alone.unsaid
    assert alone.factor_sd >= run(8.0).sd
    for said in (decided(run(8.0), tag=240.0), decided(run(1.0))):
        assert not said.unsaid
        assert said.factor_sd == 0


@settings(deadline=None)
@given(factor=st.floats(3.0, 24.0), cadence_spm=st.floats(160, 176))
def test_a_slow_motion_taken_for_another_is_within_twice_what_it_is_said_to_be_unsure_by(
    factor: float, cadence_spm: float
) -> None:
    try:
        base = decided(run(factor, cadence_spm))
    except UnknownCaptureRate:
        return
    assert abs(np.log(base.slow_motion_factor / factor)) <= max(2 * base.factor_sd, 0.02)


def test_a_tag_settles_what_physics_leaves_open() -> None:
    seen = run(5.0, 178, 9.81 * 1.1)
    with pytest.raises(UnknownCaptureRate):
        decided(seen)
    assert decided(seen, tag=150.0).capture_fps == pytest.approx(150)
    assert decided(seen, tag=150.0, sampling=EDITED).capture_fps == pytest.approx(150)
    assert decided(run(1.0), stored_fps=239.98, tag=240.0).slow_motion_factor == pytest.approx(1, abs=1e-3)


def test_a_tag_that_physics_contradicts_is_not_believed() -> None:
    with pytest.raises(UnknownCaptureRate):
        decided(run(5.0), tag=240.0)


def test_what_the_user_says_wins_and_a_contradiction_is_on_record() -> None:
    stored = Stored(30.0)
    seen = run(8.0)

    def told(fps: float) -> TimeBase:
        return timebase.given(timebase.weigh(stored, possible(stored, fps), seen), fps, 30.0, 0.0)

    assert told(240.0).slow_motion_factor == pytest.approx(8)
    assert told(240.0).contradiction is None
    assert told(243.0).contradiction is None
    disputed = told(300.0)
    assert disputed.slow_motion_factor == pytest.approx(10)
    assert disputed.contradiction is not None
    assert "210 steps/min" in disputed.contradiction
    assert "at 240 it has 168 steps/min" in disputed.contradiction


@settings(deadline=None)
@given(factor=st.floats(0.5, 32), start_s=st.floats(-10, 10))
def test_capture_time_counts_from_the_first_frame_and_runs_by_the_factor(
    factor: float, start_s: float
) -> None:
    base = TimeBase(30 * factor, factor, 1.0, (), given=False, start_s=start_s)
    pts_s = start_s + np.array([0.0, 0.5, 2.0])
    assert base.capture_s(pts_s) == pytest.approx(np.array([0.0, 0.5, 2.0]) / factor, abs=1e-9)


def test_without_a_bounce_only_real_time_is_believed() -> None:
    assert decided(Seen(1.0, 168.0, nan, nan)).capture_fps == pytest.approx(30)
    with pytest.raises(UnknownCaptureRate):
        decided(Seen(8.0, 168.0, nan, nan))


def test_a_film_in_real_time_stored_at_another_rate_is_still_in_real_time() -> None:
    repeats = Sampling(beat=0.2, shown=0.8)
    assert decided(run(1.0), 30.0, sampling=repeats).capture_fps == pytest.approx(30)
    assert decided(run(1.0), 60.0, sampling=repeats).capture_fps == pytest.approx(60)
    with pytest.raises(UnknownCaptureRate):
        decided(run(1.25), 30.0, sampling=repeats)


@pytest.mark.parametrize("fps", [0, -30, 5, 1e6, nan])
def test_a_rate_no_camera_has_is_refused(fps: float) -> None:
    with pytest.raises(BadRequest, match="capture rate"):
        timebase.require_rate(fps)


@pytest.mark.parametrize(
    ("off", "asked"), [(0.0, False), (0.06, False), (-0.06, False), (0.1, True), (-0.1, True)]
)
def test_a_usual_slow_motion_is_taken_only_close_to_what_the_run_itself_says(
    off: float, *, asked: bool
) -> None:
    seen = run(8.0 * np.exp(off))
    if asked:
        with pytest.raises(UnknownCaptureRate, match="cannot be told for sure"):
            decided(seen)
    else:
        assert decided(seen).capture_fps == pytest.approx(240)


def test_what_was_taken_without_a_tag_says_the_estimate_that_it_was_taken_for() -> None:
    untagged, tagged = decided(run(8.2)), decided(run(8.2), tag=240.0)
    assert "the run itself says, 246 ± 5 %" in untagged.evidence[-1]
    assert "another speed" in untagged.evidence[-1]
    assert not any("the file does not say so" in each for each in tagged.evidence)
    assert not any("the file does not say so" in each for each in decided(run(1.0)).evidence)
