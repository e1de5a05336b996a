"""Every number on the rendered runners' exact joints, and the rules for what is not shown."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.body import LIMBS, Side
from gait.metrics.frontal import CROSSOVER, FOOT_CROSSOVER, HAND_SEEN, STEP_WIDTH, SWAY, Waist, frontal
from gait.metrics.landing import FOOT_STRIKE, KNEE_AT_TOUCHDOWN, KNEE_PEAK, OVERSTRIDE, SHANK, THIGH_TOE_OFF
from gait.metrics.measure import measure
from gait.metrics.measurement import MIN_SAMPLES, Measurement, Quantity, missing, summarise
from gait.metrics.posture import ANKLE_LEAN, ELBOW, WAIST_BEND
from gait.metrics.rhythm import CONTACT_TIME
from gait.metrics.stride import Run
from gait.motion.contact import Contact
from gait.motion.events import contacts
from gait.motion.rhythm import stride_s
from gait.motion.scale import scale_of, speed_of
from gait.motion.signals import Motion, clean
from gait.motion.view import viewpoint
from gait.pose.posetrack import PoseTrack
from tests.truth import LEVEL, perfect_track, real_time, truth

SIDES = ("runner_a_side_120", "runner_a_side_120_two_months_later", "runner_b_side_240_stored_as_30")
ANYTHING = Quantity("overstride_pct_leg", "%")


def run_through(track: PoseTrack) -> Run:
    motion = clean(track, real_time(120.0), viewpoint(track))
    period_s = stride_s(motion)
    return Run(motion, contacts(motion, period_s), period_s, None)


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
    ("quantity", "within"),
    [(OVERSTRIDE, 1.5), (SHANK, 2.0), (KNEE_AT_TOUCHDOWN, 3.5), (KNEE_PEAK, 2.5), (CONTACT_TIME, 3.0)],
)
def test_with_exact_joints_and_contacts_the_numbers_are_right(
    name: str, quantity: Quantity, within: float
) -> None:
    near = truth(name).near
    value = measured(run_of(name, exact_contacts=True))[quantity.name, near].value + quantity.reads_high
    assert value == pytest.approx(truth(name).values[quantity.name, near], abs=within)


@pytest.mark.parametrize("name", SIDES[:2])
@pytest.mark.parametrize(("quantity", "within"), [(OVERSTRIDE, 2.0), (SHANK, 3.0), (KNEE_AT_TOUCHDOWN, 5.0)])
def test_the_smoothing_rounds_a_landing_on_a_straight_leg_by_no_more_than_this(
    name: str, quantity: Quantity, within: float
) -> None:
    near = truth(name).near
    value = measured(run_of(name, exact_contacts=True))[quantity.name, near].value + quantity.reads_high
    assert value == pytest.approx(truth(name).values[quantity.name, near], abs=within)


@pytest.mark.parametrize("name", SIDES)
def test_lean_bounce_and_cadence_are_right(name: str) -> None:
    known = truth(name)
    found = measured(run_of(name, height_cm=100 * known.height_m))
    assert found["lean_deg", None].value == pytest.approx(known.values["lean_deg", None], abs=1.5)
    assert found["cadence_spm", None].value == pytest.approx(known.values["cadence_spm", None], rel=0.01)
    assert found["oscillation_cm", None].value == pytest.approx(known.values["oscillation_cm", None], abs=0.6)


@pytest.mark.parametrize("roll_deg", [-5.0, -1.5, 3.0])
def test_a_phone_that_leans_changes_no_number(roll_deg: float) -> None:
    level = perfect_track(SIDES[0])
    cosine, sine = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    turned = level.xy_px @ np.array([[cosine, sine], [-sine, cosine]])
    leaning = replace(level, xy_px=turned, plumb=replace(LEVEL, tilt_deg=roll_deg))
    straight, askew = (measured(run_through(track)) for track in (level, leaning))
    for key in (("shank_deg", Side.LEFT), ("lean_deg", None), ("overstride_pct_leg", Side.LEFT)):
        assert askew[key].value == pytest.approx(straight[key].value, abs=0.05), key


def test_a_phone_that_shakes_widens_the_bounce_and_nothing_that_does_not_hang_on_it() -> None:
    still = perfect_track(SIDES[0])
    tremble = 12.0 * np.sin(2 * np.pi * 2.3 * np.arange(len(still.pts_s)) / 120.0 + 0.4)
    shaken = replace(still, xy_px=still.xy_px + tremble[:, None, None] * (0.0, 1.0))
    calm, shaking = (measured(run_through(track)) for track in (still, shaken))
    bounce = "oscillation_pct_leg", None
    assert shaking[bounce].uncertainty > 1.5 * calm[bounce].uncertainty
    assert abs(shaking[bounce].value - calm[bounce].value) < 2 * shaking[bounce].uncertainty
    assert shaking["lean_deg", None].uncertainty == pytest.approx(calm["lean_deg", None].uncertainty, rel=0.1)


def test_a_roll_that_is_not_known_widens_what_hangs_on_it() -> None:
    track = perfect_track(SIDES[0])
    known, unknown = (measured(run_through(replace(track, plumb=p))) for p in (LEVEL, None))
    for key in (("shank_deg", Side.LEFT), ("lean_deg", None), ("overstride_pct_leg", Side.LEFT)):
        assert unknown[key].uncertainty > known[key].uncertainty, key
    knee = "knee_flexion_touchdown_deg", Side.LEFT
    assert unknown[knee].uncertainty == known[knee].uncertainty


@pytest.mark.parametrize("lean_deg", [4.0, 8.0])
def test_a_plank_that_leans_and_a_body_bent_at_the_hips_are_told_apart(lean_deg: float) -> None:
    run = run_of(SIDES[0])
    upright = measured(run)
    slope = np.tan(np.radians(lean_deg))
    height = run.motion.xy[..., 1]
    ground = np.nanmin(run.motion.xy[:, LIMBS[run.near].toe, 1])
    above_hips = np.maximum(0, height - run.motion.mid_hip[:, None, 1])

    def changed(forward: np.ndarray) -> dict[str, float]:
        xy = run.motion.xy.copy()
        xy[..., 0] += slope * forward
        bodies = measured(replace(run, motion=replace(run.motion, xy=xy)))
        names = "lean_deg", "ankle_lean_deg", "waist_bend_deg"
        return {n: bodies[n, None].value - upright[n, None].value for n in names}

    plank, bent = changed(height - ground), changed(above_hips)
    assert plank["ankle_lean_deg"] == pytest.approx(lean_deg, rel=0.1)
    assert plank["waist_bend_deg"] == pytest.approx(0, abs=0.8)
    assert bent["ankle_lean_deg"] == pytest.approx(0, abs=0.1)
    assert bent["waist_bend_deg"] == pytest.approx(lean_deg, abs=0.6)
    assert plank["lean_deg"] == pytest.approx(bent["lean_deg"], abs=0.6)


@pytest.mark.parametrize("name", SIDES)
@pytest.mark.parametrize(
    ("quantity", "within"),
    [(ANKLE_LEAN, 1.0), (WAIST_BEND, 2.0), (THIGH_TOE_OFF, 3.0), (FOOT_STRIKE, 5.0), (ELBOW, 8.0)],
)
def test_posture_and_foot_are_right_on_exact_joints(name: str, quantity: Quantity, within: float) -> None:
    side = truth(name).near if (quantity.name, truth(name).near) in truth(name).values else None
    found = measured(run_of(name, exact_contacts=True))[quantity.name, side]
    true = truth(name).values[quantity.name, side]
    assert found.value + quantity.reads_high == pytest.approx(true, abs=within)


def test_an_arm_that_is_hidden_gives_no_elbow() -> None:
    run = run_of(SIDES[0])
    hidden = replace(run, motion=replace(run.motion, visibility=np.full_like(run.motion.visibility, 0.4)))
    assert "hidden" in (measured(hidden)["elbow_deg", run.near].why_missing or "")


def test_hips_that_an_arm_hides_do_not_flatten_the_bounce() -> None:
    run = run_of(SIDES[0])
    xy = run.motion.xy.copy()
    hips = [LIMBS[side].hip for side in Side]
    xy[:, hips, 1] = np.nanmean(xy[:, hips, 1], axis=0)
    flattened = measured(replace(run, motion=replace(run.motion, xy=xy)))["oscillation_pct_leg", None]
    assert flattened.value == pytest.approx(measured(run)["oscillation_pct_leg", None].value, rel=0.1)


def test_one_clip_from_the_side_says_nothing_of_left_against_right() -> None:
    for name in ("step_time_asymmetry_pct", "contact_time_asymmetry_pct"):
        assert "each side" in (measured(run_of(SIDES[0]))[name, None].why_missing or "")


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


def test_the_line_of_the_tape_is_read_in_the_stance_of_each_leg() -> None:
    motion, period_s = rear_motion(visibility=1.0)
    across = motion.xy[:, LIMBS[Side.RIGHT].hip] - motion.xy[:, LIMBS[Side.LEFT].hip]
    exact = Waist(np.degrees(np.arctan2(across[:, 1], across[:, 0])))
    drops = {m.side: m for m in frontal(motion, period_s, exact) if m.name == "hip_drop_deg"}
    for side in Side:
        true = truth("runner_a_rear_60").values["hip_drop_deg", side]
        assert drops[side].value == pytest.approx(true, abs=1)
        assert drops[side].n >= 7


def test_tape_that_was_not_found_is_said() -> None:
    motion, period_s = rear_motion(visibility=1.0)
    drops = [m for m in frontal(motion, period_s, Waist(None)) if m.name == "hip_drop_deg"]
    assert all("not found" in (m.why_missing or "") for m in drops)


def test_crossover_is_right_when_the_hand_is_seen() -> None:
    motion, period_s = rear_motion(visibility=1.0)
    for measurement in frontal(motion, period_s):
        if measurement.name == "crossover_pct":
            true = truth("runner_a_rear_60").values["crossover_pct", measurement.side]
            assert measurement.value + CROSSOVER.reads_high == pytest.approx(true, abs=2)
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


def across(motion: Motion, period_s: float) -> dict[tuple[str, Side | None], Measurement]:
    return {(m.name, m.side): m for m in frontal(motion, period_s, scale=scale_of(180.0, None, math.nan))}


@pytest.mark.parametrize("name", ["runner_a_rear_60", "runner_d_front_60"])
def test_with_exact_joints_the_feet_are_where_they_are(name: str) -> None:
    track, known = perfect_track(name), truth(name)
    motion = clean(track, real_time(60.0), viewpoint(track))
    found = across(motion, stride_s(motion))
    for quantity, side in ((STEP_WIDTH, None), *((FOOT_CROSSOVER, side) for side in Side), (SWAY, None)):
        value = found[quantity.name, side].value + quantity.reads_high
        assert value == pytest.approx(known.values[quantity.name, side], abs=1.0), quantity.name


@given(wider=st.floats(-0.1, 0.2))
def test_feet_that_land_farther_apart_are_read_so(wider: float) -> None:
    motion, period_s = rear_motion(visibility=1.0)
    xy = motion.xy.copy()
    for side, outward in ((Side.LEFT, -1), (Side.RIGHT, 1)):
        xy[:, list(LIMBS[side].leg), 0] += outward * wider / 2
    before, after = across(motion, period_s), across(replace(motion, xy=xy), period_s)
    change = after["step_width_pct_leg", None].value - before["step_width_pct_leg", None].value
    assert change == pytest.approx(100 * wider, abs=0.01)
    for side in Side:
        key = "foot_crossover_pct_leg", side
        assert after[key].value - before[key].value == pytest.approx(-50 * wider, abs=0.01)
    assert after["pelvis_sway_pct_leg", None].value == before["pelvis_sway_pct_leg", None].value


def test_a_phone_that_leans_from_behind_moves_both_feet_but_not_their_distance() -> None:
    motion, period_s = rear_motion(visibility=1.0)
    turn = np.radians(2.0)
    turned = motion.xy @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    level, askew = across(motion, period_s), across(replace(motion, xy=turned), period_s)
    widths = [found["step_width_pct_leg", None].value for found in (level, askew)]
    assert widths[0] == pytest.approx(widths[1], abs=0.2)
    moved = [
        askew["foot_crossover_pct_leg", s].value - level["foot_crossover_pct_leg", s].value for s in Side
    ]
    assert moved[0] == pytest.approx(-moved[1], abs=0.3)
    assert abs(moved[0]) == pytest.approx(2 * FOOT_CROSSOVER.per_roll_deg, rel=0.2)


def test_centimetres_of_the_step_need_a_scale() -> None:
    motion, period_s = rear_motion(visibility=1.0)
    (width,) = (m for m in frontal(motion, period_s) if m.name == "step_width_cm")
    assert "height" in (width.why_missing or "")
    known = across(motion, period_s)
    leg_cm = 0.491 * 180.0
    relative = known["step_width_pct_leg", None].value
    assert known["step_width_cm", None].value == pytest.approx(relative * leg_cm / 100)


def test_a_late_touchdown_uncertainty_widens_what_is_read_there() -> None:
    run = run_of(SIDES[0])
    unsure = tuple(replace(c, touchdown_sd_s=0.04) for c in run.contacts)
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
