import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.pose.period import even_pace, even_stretch, on_even_grid, period

SAMPLES = 1200


def wave(samples_a_cycle: float, count: int = SAMPLES, phase: float = 0.0) -> np.ndarray:
    angle = 2 * np.pi * np.arange(count) / samples_a_cycle + phase
    return np.sin(angle) + 0.3 * np.sin(2 * angle + 1)


@given(
    samples_a_cycle=st.floats(12, SAMPLES / 6),
    phase=st.floats(0, 6.28),
    size=st.floats(0.01, 1000),
    shift=st.floats(-9, 9),
)
def test_a_cycle_is_measured_between_samples_whatever_its_size_and_place(
    samples_a_cycle: float, phase: float, size: float, shift: float
) -> None:
    values = size * (wave(samples_a_cycle, phase=phase) + shift)
    assert period(values) == pytest.approx(samples_a_cycle, rel=0.01)


def test_what_has_no_rhythm_has_no_period() -> None:
    rng = np.random.default_rng(1)
    assert np.isnan(period(np.cumsum(rng.normal(size=20))[:3]))
    assert np.isnan(period(rng.normal(size=SAMPLES)))
    assert np.isnan(period(np.full(SAMPLES, np.nan)))
    assert np.isnan(period(np.ones(SAMPLES)))


@given(samples_a_cycle=st.floats(18, 200), phase=st.floats(0, 6.28), seed=st.integers(0, 50))
def test_one_tempo_is_one_stretch_even_with_noise_and_gaps(
    samples_a_cycle: float, phase: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    values = wave(samples_a_cycle, phase=phase) + 0.1 * rng.normal(size=SAMPLES)
    values[rng.random(SAMPLES) < 0.1] = np.nan
    assert even_stretch(values) == (0, SAMPLES - 1)


@pytest.mark.parametrize("slow_first", [True, False])
def test_slow_motion_that_begins_in_the_middle_is_cut_at_the_change(slow_first: bool) -> None:
    slow, fast = wave(168, 1000), wave(21, 250)
    values = np.concatenate([slow, fast] if slow_first else [fast, slow])
    first, last = even_stretch(values)
    true_first, true_last = (0, 999) if slow_first else (250, 1249)
    assert abs(first - true_first) <= 90
    assert abs(last - true_last) <= 90
    assert period(values[first : last + 1]) == pytest.approx(168, rel=0.03)


@settings(deadline=None)
@given(longer=st.floats(1.2, 1.6), quicker=st.floats(0.85, 1.0), seed=st.integers(0, 30))
def test_another_pace_is_left_out(longer: float, quicker: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.concatenate([wave(40, 700), longer * wave(40 * quicker, 400)])
    first, last = even_pace(values + 0.05 * rng.normal(size=len(values)))
    assert first == 0
    assert abs(last - 700) <= 45


@settings(deadline=None)
@given(samples_a_cycle=st.floats(18, 100), seed=st.integers(0, 50), uneven=st.floats(0, 0.04))
def test_strides_that_differ_as_strides_do_are_one_pace(
    samples_a_cycle: float, seed: int, uneven: float
) -> None:
    rng = np.random.default_rng(seed)
    angle = 2 * np.pi * np.arange(SAMPLES) / samples_a_cycle
    strides = np.arange(0, angle[-1] + 7, 2 * np.pi)
    size = np.interp(angle, strides, rng.normal(1, uneven, len(strides)))
    assert even_pace(size * np.sin(angle) + 0.03 * rng.normal(size=SAMPLES)) == (0, SAMPLES - 1)


def test_samples_with_gaps_in_time_have_the_rhythm_of_time() -> None:
    shown = np.array([k for k in range(SAMPLES) if k % 5 != 4])
    even = on_even_grid(shown / 30, wave(40)[shown])
    assert period(even) == pytest.approx(40, rel=0.01)
    assert period(wave(40)[shown]) == pytest.approx(32, rel=0.02)


def test_from_behind_legs_that_lift_higher_for_a_while_are_no_other_pace() -> None:
    strides = np.arange(0, 16, 1 / 40)
    lift = np.where(strides < 8, 1.0, 1.5) * np.sin(2 * np.pi * strides)
    assert even_pace(lift, along_the_run=False) == (0, len(lift) - 1)
    assert even_pace(lift) != (0, len(lift) - 1)
