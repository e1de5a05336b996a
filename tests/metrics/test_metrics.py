"""Every number on the rendered runners' exact joints, and the rules for what is not shown."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.body import LIMBS, Side
from gait.metrics.frontal import HAND_SEEN, frontal
from gait.metrics.measure import measure
from gait.metrics.measurement import MIN_SAMPLES, Measurement, Quantity, missing, summarise
from gait.metrics.stride import Run
from gait.motion.events import Contact, contacts
from gait.motion.rhythm import stride_s
from gait.motion.scale import scale_of, speed_of
from gait.motion.signals import Motion, clean
from gait.motion.view import viewpoint
from tests.truth import perfect_track, real_time, truth

SIDES = ("runner_a_side_120", "runner_a_side_120_two_months_later", "runner_b_side_240_stored_as_30")
ANYTHING = Quantity("overstride_pct_leg", "%")


def run_of(name: str, *, exact_contacts: bool = False, height_cm: float | None = None) -> Run:
    track = perfect_track(name)
    motion = clean(track, real_time(truth(name).capture_fps), viewpoint(track))
    period_s = stride_s(motion)
    found = contacts(motion, period_s)
    if exact_contacts:
        found = tuple(
            Contact(side, float(down), 0.001, float(off), 0.001)
            for side in Side
            for down, off in truth(name).contacts[side]
            if down > 0.1 and off < motion.time_s[-1]
        )
    return Run(motion, found, period_s, scale_of(height_cm, None, math.nan))


def measured(run: Run, rear: Motion | None = None) -> dict[tuple[str, Side | None], Measurement]:
    all_of_them = measure(run, speed_of(10.8, math.nan, None), rear, run.stride_s)
    return {(m.name, m.side): m for m in all_of_them}


def rear_motion(visibility: float) -> tuple[Motion, float]:
    track = perfect_track("runner_a_rear_60")
    motion = clean(track, real_time(60.0), viewpoint(track))
    return replace(motion, visibility=np.full_like(motion.visibility, visibility)), stride_s(motion)


@pytest.mark.parametrize(
    ("joint", "touched", "untouched"),
    [("hip", "overstride_pct_leg", "shank_deg"), ("knee", "shank_deg", "overstride_pct_leg")],
)
def test_a_joint_that_is_badly_seen_widens_what_hangs_on_it(joint: str, touched: str, untouched: str) -> None:
    run = run_of("runner_d_side_120")
    noise = run.motion.noise.copy()
    noise[:, getattr(LIMBS[run.near], joint)] = 0.03
    blurred = measured(replace(run, motion=replace(run.motion, noise=noise)))
    clear = measured(run)
    assert blurred[touched, run.near].uncertainty > 1.3 * clear[touched, run.near].uncertainty
    assert blurred[untouched, run.near].uncertainty == clear[untouched, run.near].uncertainty
    assert blurred[touched, run.near].value == clear[touched, run.near].value


@pytest.mark.parametrize("name", ["runner_b_side_240_stored_as_30", "runner_d_side_120"])
@pytest.mark.parametrize(
    ("metric", "within"),
    [
        ("overstride_pct_leg", 1.5),
        ("shank_deg", 2.0),
        ("knee_flexion_touchdown_deg", 3.5),
        ("knee_flexion_peak_deg", 2.5),
        ("contact_time_ms", 3.0),
    ],
)
def test_with_exact_joints_and_contacts_the_numbers_are_right(name: str, metric: str, within: float) -> None:
    near = truth(name).near
    value = measured(run_of(name, exact_contacts=True))[metric, near].value
    assert value == pytest.approx(truth(name).values[metric, near], abs=within)


@pytest.mark.parametrize("name", SIDES[:2])
@pytest.mark.parametrize(
    ("metric", "within"),
    [("overstride_pct_leg", 2.0), ("shank_deg", 3.0), ("knee_flexion_touchdown_deg", 5.0)],
)
def test_the_smoothing_rounds_a_landing_on_a_straight_leg_by_no_more_than_this(
    name: str, metric: str, within: float
) -> None:
    near = truth(name).near
    value = measured(run_of(name, exact_contacts=True))[metric, near].value
    assert value == pytest.approx(truth(name).values[metric, near], abs=within)


@pytest.mark.parametrize("name", SIDES)
def test_lean_bounce_and_cadence_are_right(name: str) -> None:
    known = truth(name)
    found = measured(run_of(name, height_cm=100 * known.height_m))
    assert found["lean_deg", None].value == pytest.approx(known.values["lean_deg", None], abs=1.5)
    assert found["cadence_spm", None].value == pytest.approx(known.values["cadence_spm", None], rel=0.01)
    assert found["oscillation_cm", None].value == pytest.approx(known.values["oscillation_cm", None], abs=0.6)


def test_centimetres_need_a_scale_and_say_so() -> None:
    without = measured(run_of(SIDES[0]))["overstride_cm", Side.LEFT]
    assert math.isnan(without.value)
    assert "height" in (without.why_missing or "")
    known = truth(SIDES[0])
    given_height = measured(run_of(SIDES[0], height_cm=100 * known.height_m))["overstride_cm", Side.LEFT]
    assert given_height.value == pytest.approx(known.values["overstride_cm", Side.LEFT], abs=2)


def test_the_far_leg_is_withheld_and_says_how_to_film_it() -> None:
    far = measured(run_of(SIDES[0]))["shank_deg", Side.RIGHT]
    assert math.isnan(far.value)
    assert "from the right" in (far.why_missing or "")


def test_a_side_clip_alone_never_shows_hip_drop_or_crossover() -> None:
    for measurement in frontal(None):
        assert math.isnan(measurement.value)
        assert "from the side cannot show it" in (measurement.why_missing or "")


def test_hip_drop_is_withheld_from_behind_too_with_the_reason() -> None:
    motion, period_s = rear_motion(visibility=1.0)
    drops = [m for m in frontal(motion, period_s) if m.name == "hip_drop_deg"]
    assert len(drops) == 2
    assert all("tape" in (m.why_missing or "") for m in drops)


def test_crossover_is_right_when_the_hand_is_seen() -> None:
    motion, period_s = rear_motion(visibility=1.0)
    for measurement in frontal(motion, period_s):
        if measurement.name == "crossover_pct":
            true = truth("runner_a_rear_60").values["crossover_pct", measurement.side]
            assert measurement.value == pytest.approx(true, abs=2)
            assert measurement.n >= 7


def test_crossover_of_a_hand_that_the_trunk_hides_is_not_guessed() -> None:
    motion, period_s = rear_motion(visibility=HAND_SEEN / 2)
    crossings = [m for m in frontal(motion, period_s) if m.name == "crossover_pct"]
    assert all("from the front" in (m.why_missing or "") for m in crossings)


def test_a_hand_that_is_hidden_in_a_third_of_the_swings_is_not_shown() -> None:
    motion, period_s = rear_motion(visibility=1.0)
    hidden = motion.visibility.copy()
    hidden[: len(hidden) // 3] = 0.3
    crossings = [
        m for m in frontal(replace(motion, visibility=hidden), period_s) if m.name == "crossover_pct"
    ]
    assert all("hidden" in (m.why_missing or "") for m in crossings)


def test_a_late_touchdown_uncertainty_widens_what_is_read_there() -> None:
    run = run_of(SIDES[0])
    unsure = tuple(replace(c, touchdown_sd_s=0.02) for c in run.contacts)
    wide = measured(replace(run, contacts=unsure))["shank_deg", Side.LEFT]
    narrow = measured(run)["shank_deg", Side.LEFT]
    assert wide.uncertainty > 1.5 * narrow.uncertainty
    assert wide.value == narrow.value


def test_too_few_samples_give_no_number() -> None:
    few = summarise(ANYTHING, None, "side", [1.0] * (MIN_SAMPLES - 1))
    assert math.isnan(few.value)
    assert few.why_missing is not None


@given(values=st.lists(st.floats(-50, 50), min_size=3, max_size=30), holes=st.integers(1, 20))
def test_unread_steps_are_left_out_and_never_counted(values: list[float], holes: int) -> None:
    with_holes = summarise(ANYTHING, None, "side", [*values, *[math.nan] * holes])
    assert with_holes == summarise(ANYTHING, None, "side", values)
    assert with_holes.n == len(values)


def test_a_missing_value_must_have_a_reason_and_a_value_none() -> None:
    gone = missing(ANYTHING, None, "side", "why")
    with pytest.raises(ValueError, match="reason"):
        replace(gone, why_missing=None)
    with pytest.raises(ValueError, match="reason"):
        replace(gone, value=1.0)
