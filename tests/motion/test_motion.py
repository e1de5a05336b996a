"""View, signals, rhythm and contacts, on the rendered runners' exact joints."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.body import LEFT, LIMBS, RIGHT, Facing, Side, View
from gait.errors import NoRunner, UnreadableClip
from gait.motion import signals
from gait.motion.angles import knee_flexion_deg, lean_deg, shank_deg
from gait.motion.contact import in_pictures
from gait.motion.events import (
    HEEL_DOWN,
    ON_GROUND_LEGS,
    _one_foot_at_a_time,
    belt_speed_legs_s,
    contacts,
    has_flight,
)
from gait.motion.rhythm import is_walking, stride_s
from gait.motion.signals import RATE_HZ, Motion, clean, low_pass, resample, without_spikes
from gait.motion.view import viewpoint
from gait.pose.posetrack import PoseTrack
from tests.truth import mirrored, part, perfect_track, real_time, truth

SIDES = ("runner_a_side_120", "runner_a_side_120_two_months_later", "runner_b_side_240_stored_as_30")


def motion_of(name: str, track: PoseTrack | None = None) -> Motion:
    track = track or perfect_track(name)
    return clean(track, real_time(truth(name).capture_fps), viewpoint(track))


def touchdowns(motion: Motion, side: Side) -> np.ndarray:
    found = contacts(motion, stride_s(motion))
    return np.array([contact.touchdown_s for contact in found if contact.side is side])


@pytest.mark.parametrize(
    ("name", "view", "facing"),
    [
        ("runner_a_side_120", View.LEFT, Facing.LEFT),
        ("runner_b_side_240_stored_as_30", View.RIGHT, Facing.RIGHT),
        ("runner_a_rear_60", View.REAR, Facing.AWAY),
    ],
)
def test_the_view_is_read_from_the_body(name: str, view: View, facing: Facing) -> None:
    seen = viewpoint(perfect_track(name))
    assert (seen.view, seen.facing) == (view, facing)
    assert not seen.oblique


def test_a_body_without_feet_or_face_still_has_a_view_and_one_without_trunk_has_none() -> None:
    track = perfect_track(SIDES[0])
    xy = track.xy_px.copy()
    xy[:, [LEFT.heel, LEFT.toe, RIGHT.heel]] = np.nan
    assert viewpoint(replace(track, xy_px=xy)).view is View.LEFT
    xy[:, LEFT.hip] = np.nan
    with pytest.raises(NoRunner, match="Shoulders and hips"):
        viewpoint(replace(track, xy_px=xy))


def test_a_runner_who_was_lost_in_every_picture_is_not_told_that_the_hips_are_outside() -> None:
    track = perfect_track(SIDES[0])
    nobody = replace(
        track, xy_px=np.full_like(track.xy_px, np.nan), visibility=np.zeros_like(track.visibility)
    )
    with pytest.raises(NoRunner, match="none of them could be followed"):
        viewpoint(nobody)


@pytest.mark.parametrize("name", SIDES)
def test_a_mirrored_clip_shows_the_other_side_and_gives_the_same_numbers(name: str) -> None:
    there = motion_of(name)
    back = motion_of(name, mirrored(perfect_track(name)))
    assert back.viewpoint.near is there.viewpoint.near.other
    np.testing.assert_allclose(
        touchdowns(back, back.viewpoint.near), touchdowns(there, there.viewpoint.near), atol=1e-6
    )
    np.testing.assert_allclose(
        shank_deg(back, back.viewpoint.near), shank_deg(there, there.viewpoint.near), atol=1e-6
    )
    np.testing.assert_allclose(lean_deg(back), lean_deg(there), atol=1e-6)


@settings(deadline=None, max_examples=8)
@given(zoom=st.floats(0.3, 3.0), dx=st.floats(-50, 50), dy=st.floats(-50, 50))
def test_zoom_and_place_in_the_picture_change_nothing(zoom: float, dx: float, dy: float) -> None:
    name = SIDES[0]
    track = perfect_track(name)
    moved = replace(
        track,
        xy_px=track.xy_px * zoom + (dx, dy),
        size_px=tuple(round(side * zoom) for side in track.size_px),
    )
    there, here = motion_of(name), motion_of(name, moved)
    np.testing.assert_allclose(touchdowns(here, Side.LEFT), touchdowns(there, Side.LEFT), atol=1e-6)
    np.testing.assert_allclose(
        knee_flexion_deg(here, Side.LEFT), knee_flexion_deg(there, Side.LEFT), atol=1e-6
    )


@settings(deadline=None, max_examples=6)
@given(cut=st.integers(0, 200))
def test_starting_the_clip_later_moves_no_touchdown(cut: int) -> None:
    name = SIDES[0]
    track = perfect_track(name)
    later = part(track, slice(cut, None))
    shift_s = cut / truth(name).capture_fps
    whole = touchdowns(motion_of(name), Side.LEFT)
    rest = touchdowns(motion_of(name, later), Side.LEFT)
    inside = whole[(whole > shift_s + 0.3) & (whole < whole[-1] + 0.01)]
    assert len(inside) >= 4
    for touchdown in inside:
        assert np.abs(rest - touchdown).min() < 0.004


def test_half_the_frames_give_the_same_touchdowns_within_their_uncertainty() -> None:
    name = SIDES[0]
    track = perfect_track(name)
    half = part(track, slice(None, None, 2))
    whole = touchdowns(motion_of(name), Side.LEFT)
    fewer = touchdowns(motion_of(name, half), Side.LEFT)
    assert len(whole) == len(fewer)
    np.testing.assert_allclose(fewer, whole, atol=0.006)


@pytest.mark.parametrize("name", SIDES)
def test_every_contact_of_the_near_foot_is_found_and_no_other(name: str) -> None:
    known, motion = truth(name), motion_of(name)
    near = known.near
    found = [c for c in contacts(motion, stride_s(motion)) if c.side is near]
    true = known.contacts[near]
    inside = true[(true[:, 0] > 0.15) & (true[:, 1] < motion.time_s[-1] - 0.1)]
    assert len(inside) <= len(found) <= len(true)
    errors = [true[np.abs(true[:, 0] - c.touchdown_s).argmin()] - (c.touchdown_s, c.toe_off_s) for c in found]
    touchdown_s, toe_off_s = np.nanmedian(np.abs(errors), axis=0)
    assert touchdown_s < 0.015
    assert toe_off_s < 0.030


def test_the_short_contacts_of_a_sprint_are_landings_too() -> None:
    name = "runner_b_side_240_stored_as_30"
    twice = replace(perfect_track(name), pts_s=perfect_track(name).pts_s / 2)
    motion = clean(twice, real_time(2 * truth(name).capture_fps), viewpoint(twice))
    slow = motion_of(name)
    found, usual = (contacts(m, stride_s(m)) for m in (motion, slow))
    assert np.nanmedian([contact.duration_s for contact in usual]) / 2 < 0.12
    assert [contact.side for contact in found] == [contact.side for contact in usual]
    np.testing.assert_allclose(
        [contact.touchdown_s for contact in found], [c.touchdown_s / 2 for c in usual], atol=0.008
    )


def test_who_runs_past_in_three_steps_keeps_the_first_one() -> None:
    name = "runner_a_side_120"
    every = contacts(motion_of(name), stride_s(motion_of(name)))
    fps = truth(name).capture_fps
    first = round((every[4].touchdown_s - 0.15) * fps)
    passing = part(perfect_track(name), slice(first, first + round(1.3 * fps)))
    motion = motion_of(name, replace(passing, pts_s=passing.pts_s - passing.pts_s[0]))
    found = contacts(motion, stride_s(motion))
    assert found[0].side is every[4].side
    assert found[0].touchdown_s + first / fps == pytest.approx(every[4].touchdown_s, abs=0.01)


@pytest.mark.parametrize("name", SIDES)
def test_cadence_and_belt_speed_are_those_of_the_treadmill(name: str) -> None:
    known, motion = truth(name), motion_of(name)
    period_s = stride_s(motion)
    assert 120 / period_s == pytest.approx(known.values["cadence_spm", None], rel=0.01)
    legs_per_s = np.median(belt_speed_legs_s(motion, known.near, period_s))
    assert legs_per_s * known.leg_m == pytest.approx(known.speed_m_s, rel=0.06)


def test_two_touchdowns_too_close_for_two_steps_are_one() -> None:
    motion = motion_of(SIDES[0])
    period_s = stride_s(motion)
    found = contacts(motion, period_s)
    same = _one_foot_at_a_time(
        [*found[:4], replace(found[3], touchdown_sd_s=1.0), *found[4:]], 0.3 * period_s
    )
    assert same == found


def test_feet_that_share_the_ground_all_the_time_do_not_run() -> None:
    motion = motion_of(SIDES[0])
    period_s = stride_s(motion)
    running = contacts(motion, period_s)
    assert has_flight(running, period_s)
    shuffling = [replace(c, toe_off_s=c.touchdown_s + 0.55 * period_s) for c in running]
    assert not has_flight(shuffling, period_s)


def test_a_runner_is_no_walker_but_one_whose_hips_rise_over_the_foot_is() -> None:
    motion = motion_of(SIDES[0])
    assert not is_walking(motion, stride_s(motion))
    upside = motion.xy.copy()
    upside[:, [LEFT.hip, RIGHT.hip], 1] *= -1
    assert is_walking(replace(motion, xy=upside), stride_s(motion))


@pytest.mark.parametrize("name", ["runner_a_rear_60", "runner_d_front_60"])
@pytest.mark.parametrize("upside", [1, -1])
def test_from_behind_and_in_front_nobody_is_called_a_walker(name: str, upside: int) -> None:
    track = perfect_track(name)
    motion = clean(track, real_time(60.0), viewpoint(track))
    xy = motion.xy.copy()
    xy[:, [LEFT.hip, RIGHT.hip], 1] *= upside
    assert not is_walking(replace(motion, xy=xy), stride_s(motion))


def test_somebody_who_stands_has_no_stride() -> None:
    track = perfect_track(SIDES[0])
    rng = np.random.default_rng(3)
    still = np.repeat(track.xy_px[:1], len(track.xy_px), axis=0) + rng.normal(0, 2, track.xy_px.shape)
    with pytest.raises(NoRunner, match="no steady run"):
        stride_s(motion_of(SIDES[0], replace(track, xy_px=still)))


def test_who_is_seen_for_a_moment_of_a_long_film_is_not_said_to_run_unsteadily() -> None:
    track = perfect_track(SIDES[0])
    xy_px, visibility = np.full_like(track.xy_px, np.nan), np.zeros_like(track.visibility)
    for moment in (slice(0, 30), slice(-30, None)):
        xy_px[moment], visibility[moment] = track.xy_px[moment], track.visibility[moment]
    with pytest.raises(NoRunner, match=r"followed for 0\.[45] seconds only"):
        stride_s(motion_of(SIDES[0], replace(track, xy_px=xy_px, visibility=visibility)))


@given(seed=st.integers(0, 1000))
def test_the_filter_has_no_lag(seed: int) -> None:
    signal = np.cumsum(np.random.default_rng(seed).normal(size=960))
    forwards, backwards = low_pass(signal), low_pass(signal[::-1])[::-1]
    inside = slice(120, -120)
    np.testing.assert_allclose(forwards[inside], backwards[inside], atol=1e-3 * np.ptp(signal))


@pytest.mark.parametrize("falling_m_s", [0.8, 1.0, 1.2, 1.5])
def test_the_bias_of_a_heel_that_stops_dead_is_the_one_computed_here(falling_m_s: float) -> None:
    leg_m = 0.88
    time_s = np.arange(-0.3, 0.3, 1 / RATE_HZ)
    height = low_pass(np.maximum(-time_s * falling_m_s / leg_m, 0))
    down_s = np.interp(-ON_GROUND_LEGS, -height[: len(time_s) // 2 + 10], time_s[: len(time_s) // 2 + 10])
    assert down_s == pytest.approx(HEEL_DOWN.late_s, abs=0.0045)


def test_short_gaps_are_bridged_and_long_ones_stay_open() -> None:
    frame_s = np.arange(120) / 60
    values = np.sin(frame_s)
    values[30:33] = np.nan
    values[60:80] = np.nan
    time_s = np.arange(0, frame_s[-1], 1 / RATE_HZ)
    filled = resample(frame_s, values, time_s)
    short = (time_s > frame_s[30]) & (time_s < frame_s[32])
    long = (time_s > frame_s[61]) & (time_s < frame_s[78])
    assert np.isfinite(filled[short]).all()
    assert np.isnan(filled[long]).all()


def test_one_wrong_reading_is_thrown_out_and_a_fast_foot_is_not() -> None:
    track = perfect_track(SIDES[0])
    xy = track.xy_px / 460
    assert np.isfinite(without_spikes(track.pts_s, xy)[5:-5][np.isfinite(xy)[5:-5]]).all()
    wrong = xy.copy()
    wrong[300, LIMBS[Side.LEFT].ankle] += 0.4
    cleaned = without_spikes(track.pts_s, wrong)
    assert np.isnan(cleaned[300, LIMBS[Side.LEFT].ankle]).all()
    assert np.isfinite(cleaned[299, LIMBS[Side.LEFT].ankle]).all()


def test_points_go_back_to_the_pixels_they_came_from() -> None:
    for name in SIDES:
        track = perfect_track(name)
        motion = motion_of(name)
        frame = 200
        back = motion.pixels_at(frame / truth(name).capture_fps)
        knee = LIMBS[truth(name).near].knee
        assert back[knee] == pytest.approx(track.xy_px[frame, knee], abs=4)


@pytest.mark.parametrize("jitter_px", [0.0, 2.0, 6.0])
def test_a_joint_that_jitters_is_said_to_be_uncertain_and_a_clear_one_is_not(jitter_px: float) -> None:
    track = perfect_track("runner_a_side_120")
    rng = np.random.default_rng(0)
    xy_px = track.xy_px.copy()
    xy_px[:, LEFT.hip] += rng.normal(0, jitter_px, (len(xy_px), 2))
    motion = clean(replace(track, xy_px=xy_px), real_time(120), viewpoint(track))
    inside = slice(60, -60)
    hip, knee = (float(np.median(motion.noise[inside, point])) for point in (LEFT.hip, LEFT.knee))
    smooth = clean(track, real_time(120), viewpoint(track))
    off = float(np.std((motion.xy - smooth.xy)[inside, LEFT.hip]))
    assert hip == pytest.approx(off, rel=0.35, abs=0.002)
    assert knee < 0.004


@pytest.mark.parametrize("name", ["runner_a_side_120", "runner_b_side_240_stored_as_30"])
def test_joints_are_where_they_are_and_not_where_the_model_marks_them(name: str) -> None:
    known, track = truth(name), perfect_track(name)
    motion = clean(track, real_time(known.capture_fps), viewpoint(track))
    frame = len(track.frame) // 2
    seen = motion.pixels_at(frame / known.capture_fps)
    for joint in ("hip", "knee", "ankle", "shoulder"):
        landmark = getattr(LIMBS[known.near], joint)
        off_px = float(np.hypot(*(seen[landmark] - known.px[landmark][frame])))
        assert off_px < 0.01 * motion.leg_px, joint


@settings(deadline=None, max_examples=60)
@given(st.floats(-6, 12), st.booleans())
def test_memory_never_follows_the_time_that_a_file_claims(exponent: float, one_gap: bool) -> None:
    track = part(perfect_track(SIDES[0]), slice(0, 200))
    times_s = track.pts_s.copy()
    stretch = 10.0**exponent
    times_s = np.append(times_s[:-1], times_s[-2] + stretch) if one_gap else times_s * stretch
    tracemalloc.start()
    try:
        clean(replace(track, pts_s=times_s), real_time(120), viewpoint(track))
    except UnreadableClip as error:
        assert "\n" not in str(error)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 300 << 20


def test_wrong_readings_are_found_in_pieces_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    track = perfect_track(SIDES[0])
    xy = np.random.default_rng(1).normal(0, 0.2, track.xy_px.shape)
    whole = without_spikes(track.pts_s, xy)
    monkeypatch.setattr(signals, "MEDIANS_AT_ONCE", 2000)
    assert np.array_equal(whole, without_spikes(track.pts_s, xy), equal_nan=True)


def test_a_landing_is_known_no_better_than_the_pictures_show_it() -> None:
    """Twenty pictures a second, 50 ms apart, cannot time one step to 8 ms, however well its signs agree."""
    found = contacts(motion_of(SIDES[0]), stride_s(motion_of(SIDES[0])))
    for contact in found:
        rare, often = in_pictures(contact, 20.0), in_pictures(contact, 240.0)
        assert rare.touchdown_sd_s > 0.05 / 4
        assert often.touchdown_sd_s < contact.touchdown_sd_s + 0.001
        assert rare.touchdown_s == contact.touchdown_s


@pytest.mark.parametrize("name", SIDES)
def test_the_stride_is_the_one_that_all_strides_of_the_clip_make(name: str) -> None:
    """A first guess from one stride to the next alone is 0.3 % off on two of these."""
    true_spm = truth(name).values["cadence_spm", None]
    assert 120 / stride_s(motion_of(name)) == pytest.approx(true_spm, rel=0.002)
