from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.errors import BadRequest, UnknownCaptureRate
from gait.video.clip import Clip
from gait.video.timebase import PLAUSIBLE_CADENCE_SPM, confirm, time_base


def clip(stored_fps: float, tag: float | None = None) -> Clip:
    return Clip(Path("clip.mp4"), "0" * 64, (640, 480), np.arange(60) / stored_fps, 0, tag)


def test_a_tag_is_divided_by_the_stored_rate_never_multiplied_blindly() -> None:
    assert time_base(clip(30, tag=240)).slow_motion_factor == pytest.approx(8)
    assert time_base(clip(239.98, tag=240)).slow_motion_factor == pytest.approx(1, abs=1e-3)


def test_what_the_user_says_wins_over_the_tag() -> None:
    assert time_base(clip(30, tag=240), capture_fps=120).slow_motion_factor == pytest.approx(4)


@given(factor=st.sampled_from([1, 2, 4, 8, 16]), stored=st.floats(10, 240))
def test_capture_time_is_playback_time_over_the_factor(factor: int, stored: float) -> None:
    base = time_base(clip(stored), capture_fps=min(max(stored * factor, 10), 2000))
    playback_s = np.array([3.0, 3.5, 5.0])
    assert base.capture_s(playback_s) == pytest.approx((playback_s - 3) / base.slow_motion_factor)


@given(cadence_spm=st.floats(1, PLAUSIBLE_CADENCE_SPM[0] - 1))
def test_a_cadence_that_nobody_runs_is_never_accepted_silently(cadence_spm: float) -> None:
    with pytest.raises(UnknownCaptureRate, match="--capture-fps"):
        confirm(time_base(clip(30)), cadence_spm, "run.mov", "--capture-fps")


def test_the_refusal_names_the_rates_that_would_fit() -> None:
    with pytest.raises(UnknownCaptureRate) as caught:
        confirm(time_base(clip(30)), 22.25, "run.mov", "--capture-fps")
    assert "--capture-fps 240" in str(caught.value)
    assert "run.mov" in str(caught.value)
    assert "--capture-fps 120" not in str(caught.value)


def test_a_given_rate_stands_but_the_contradiction_is_on_record() -> None:
    base = confirm(time_base(clip(30), capture_fps=60), 45, "run.mov", "--capture-fps")
    assert base.confidence < 0.5
    assert "nobody runs" in base.evidence[-1]


@pytest.mark.parametrize("fps", [0, -30, 5, 1e6, float("nan")])
def test_a_rate_no_camera_has_is_refused(fps: float) -> None:
    with pytest.raises(BadRequest, match="capture rate"):
        time_base(clip(30), capture_fps=fps)
