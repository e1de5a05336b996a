"""The capture rate, proven from the run itself, on tracks as the model would give them."""

from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest

from gait.body import LEFT, RIGHT, Limbs
from gait.errors import GaitError, NoRunner, NotAsFilmed, TooFewSteps, UnknownCaptureRate
from gait.motion import physics, proof
from gait.motion.evenness import EVEN, Sampling
from gait.motion.physics import Known, fall_legs_s2
from gait.motion.proof import prove
from gait.motion.rates import Stored, possible, worth_naming
from gait.motion.rhythm import one_leg_stands, stride_s
from gait.motion.signals import clean
from gait.motion.timebase import Seen, TimeBase, decide, weigh
from gait.motion.view import viewpoint
from gait.pose.posetrack import PoseTrack
from gait.video.clip import Clip
from tests.truth import filmed, made_up, part, perfect_track, real_time, retimed, truth

NAMES = ("runner_a_side_120", "runner_b_side_240_stored_as_30", "runner_d_side_120", "runner_a_rear_60")
SLOWED = np.geomspace(1.12, 24, 41)
"""Factors of no camera, from one end to the other; ``studies.capture_rates`` tries all of them."""


def slowed(name: str, factor: float) -> PoseTrack:
    track = perfect_track(name)
    return replace(track, pts_s=track.pts_s * factor)


def proven(track: PoseTrack, capture_fps: float | None = None, known: Known | None = None) -> TimeBase:
    clip = Clip(Path("run.mp4"), "0" * 64, track.size_px, track.pts_s)
    return prove(clip, track, viewpoint(track), known or Known(), capture_fps)


def told(name: str) -> Known:
    return Known(100 * truth(name).height_m, 3.6 * truth(name).speed_m_s)


@pytest.mark.parametrize("name", NAMES)
def test_gravity_is_read_from_the_bounce(name: str) -> None:
    track, known = perfect_track(name), truth(name)
    motion = clean(track, real_time(known.capture_fps), viewpoint(track))
    fall_m_s2 = fall_legs_s2(motion, stride_s(motion)) * known.leg_m
    assert log(fall_m_s2 / 9.81) == pytest.approx(0, abs=2 * physics.FALL_SD)


@pytest.mark.parametrize("number", range(0, len(SLOWED), 4))
def test_a_speed_between_the_usual_ones_is_never_silently_wrong(number: int) -> None:
    factor, name = float(SLOWED[number]), NAMES[number // 4 % len(NAMES)]
    for known in (Known(), told(name)):
        try:
            base = proven(retimed(perfect_track(name), factor, 30.0), known=known)
        except UnknownCaptureRate as question:
            near = min(abs(log(rate / (30 * factor))) for rate in question.rates_fps)
            assert near < 0.25
            continue
        assert base.slow_motion_factor == pytest.approx(factor, rel=0.02)


@pytest.mark.parametrize("name", [name for name in NAMES if "side" in name])
@pytest.mark.parametrize("forward_share", [0.0, 0.5])
def test_a_film_that_plays_backward_is_not_measured(name: str, forward_share: float) -> None:
    """Nor a boomerang, in any part: its landings would be the moments in which the foot leaves."""
    track = perfect_track(name)
    forward = track.xy_px[: round(forward_share * len(track.xy_px))]
    xy_px = np.concatenate([forward, (forward if len(forward) else track.xy_px)[::-1]])
    with pytest.raises(NotAsFilmed, match="plays backward") as refused:
        proven(replace(part(track, slice(0, len(xy_px))), xy_px=xy_px))
    assert refused.value.id == "backward"


@pytest.mark.parametrize("name", [name for name in NAMES if "side" in name])
@pytest.mark.parametrize(("across", "said"), [(4 / 3, "wider by about 3"), (3 / 4, "narrower by about 2")])
def test_a_film_pulled_out_of_shape_is_not_measured(name: str, across: float, said: str) -> None:
    """Every angle would be another one: overstride 40 and 28 % of the leg for 36."""
    track = perfect_track(name)
    with pytest.raises(NotAsFilmed, match=said) as refused:
        proven(replace(track, xy_px=track.xy_px * (across, 1.0)))
    assert refused.value.id == "stretched"


def test_two_strides_are_too_few_to_call_a_picture_pulled() -> None:
    """A blurred leg that swings once looks as long as it likes."""
    short = part(perfect_track(NAMES[0]), slice(0, 150))
    proven(replace(short, xy_px=short.xy_px * (1.3, 1.0)), capture_fps=120.0)


@pytest.mark.parametrize("slow", [(360, 768), (240, 480), (300, 420)])
def test_a_film_slowed_in_one_part_is_not_asked_for_a_rate(slow: tuple[int, int]) -> None:
    """None would be right for all of it."""
    track, (start, end) = perfect_track("runner_a_side_120"), slow
    shown = np.r_[0:start:4, start:end:2, end:768:4]
    stored = part(track, shown)
    with pytest.raises(NotAsFilmed, match="times slower") as refused:
        proven(replace(stored, frame=np.arange(len(shown)), pts_s=np.arange(len(shown)) / 30))
    assert refused.value.id == "speed-changes"


@pytest.mark.parametrize("name", NAMES)
def test_slow_motion_that_no_camera_has_is_asked_about_or_said_to_be_unsure(name: str) -> None:
    """Every picture filmed, so that nothing in the file betrays the factor."""
    stored, start = Stored(30.0), real_time(60.0)
    track = filmed(perfect_track(name), 1.0, 60.0)
    look = proof._seen(
        track, stored, viewpoint(track), Known(), 120 / stride_s(clean(track, start, viewpoint(track)))
    ).at(1.0)
    for factor in SLOWED:
        seen = replace(look, factor=float(factor))
        try:
            base = decide(weigh(stored, possible(stored), seen), stored, seen, 0.0, "run.mp4")
        except UnknownCaptureRate:
            continue
        assert abs(log(base.slow_motion_factor / factor)) <= max(2 * base.factor_sd, 0.02)


@pytest.mark.parametrize("percent", [25, 40, 50, 60, 80])
def test_an_editors_speed_is_right_or_asked_about(percent: int) -> None:
    factor = 100 / percent
    try:
        base = proven(retimed(perfect_track(NAMES[0]), factor, 30.0))
    except UnknownCaptureRate as question:
        assert min(abs(log(rate / (30 * factor))) for rate in question.rates_fps) < 0.15
        return
    assert base.slow_motion_factor == pytest.approx(factor, rel=0.02)


@pytest.mark.parametrize("factor", [1, 2, 4, 5, 8, 16])
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
@pytest.mark.parametrize("name", NAMES[:3])
def test_real_time_and_a_phones_slow_motion_are_proven_without_asking(name: str, factor: int) -> None:
    base = proven(filmed(perfect_track(name), factor, 30.0))
    assert base.slow_motion_factor == pytest.approx(factor, rel=0.02)
    assert base.unsaid is (factor > 1)


@pytest.mark.parametrize("stored_fps", [24.0, 25.0, 30.0, 50.0, 60.0])
def test_a_plain_clip_at_an_ordinary_rate_is_not_asked_about(stored_fps: float) -> None:
    for name in (NAMES[2], NAMES[3]):
        base = proven(filmed(perfect_track(name), 1.0, stored_fps))
        assert base.slow_motion_factor == pytest.approx(1.0)


def test_real_time_at_24_stored_as_30_is_still_real_time() -> None:
    at_24 = filmed(perfect_track(NAMES[0]), 1.0, 24.0)
    again = retimed(at_24, 1.0, 30.0)
    fresh = np.flatnonzero(np.append(True, np.any(np.diff(again.xy_px[:, 25], axis=0) != 0, axis=1)))
    repeated = np.ones(len(again.frame), dtype=bool)
    repeated[fresh] = False
    kept = replace(part(again, fresh), footage=replace(again.footage, repeated=repeated))
    clip = Clip(Path("run.mp4"), "0" * 64, again.size_px, again.pts_s)
    base = prove(clip, kept, viewpoint(kept), Known(), None)
    assert base.slow_motion_factor == pytest.approx(1.0)


@pytest.mark.parametrize("stored_fps", [25.0, 48.0, 50.0])
def test_real_time_of_which_a_converter_picked_pictures_is_taken_and_said_to_be_unsure(
    stored_fps: float,
) -> None:
    for name in (NAMES[2], "runner_c_side_60_bystander"):
        base = proven(retimed(perfect_track(name), 1.0, stored_fps))
        assert base.real_time
        assert 0.04 < base.factor_sd < 0.08


@pytest.mark.parametrize("filmed_fps", [24.0, 30.0])
def test_real_time_with_made_up_pictures_is_taken_and_said_to_be_unsure(filmed_fps: float) -> None:
    base = proven(made_up(perfect_track(NAMES[2]), filmed_fps, 60.0))
    assert base.real_time
    assert base.factor_sd > 0.04


def test_a_beat_of_pictures_made_up_between_24_is_real_times_and_another_is_not() -> None:
    for beat, real_time_too in ((0.4, True), (0.5, True), (0.3, False)):
        stored = Stored(60.0, None, Sampling(beat=beat))
        assert any(rate.fps == 60 for rate in possible(stored)) is real_time_too
    assert not possible(Stored(30.0, None, Sampling(beat=0.2))), "nobody makes pictures up for 30 a second"


def test_slow_motion_made_up_from_ordinary_pictures_is_asked_about() -> None:
    """30 pictures a second played at 40 %: no camera has 75."""
    track = made_up(perfect_track(NAMES[2]), 30.0, 75.0)
    with pytest.raises(UnknownCaptureRate):
        proven(replace(track, pts_s=track.pts_s * 2.5))


def test_too_few_steps_are_not_asked_about() -> None:
    short = part(retimed(perfect_track(NAMES[0]), 2.5, 30.0), slice(0, 80))
    with pytest.raises((TooFewSteps, GaitError)) as caught:
        proven(short)
    assert not isinstance(caught.value, UnknownCaptureRate)


def test_one_unreadable_stance_does_not_delete_the_belts_speed() -> None:
    track = perfect_track(NAMES[0])
    motion = clean(track, real_time(120.0), viewpoint(track))
    period_s = stride_s(motion)
    holed = motion.xy.copy()
    holed[round(2.0 * 240) : round(2.6 * 240), 25:33] = np.nan
    whole, part_known = (physics._belt_legs_s(each, period_s) for each in (motion, replace(motion, xy=holed)))
    assert part_known == pytest.approx(whole, rel=0.02)


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


@pytest.mark.parametrize("standing", [LEFT, RIGHT])
def test_who_bends_one_knee_again_and_again_is_not_asked_how_fast_it_was_filmed(standing: Limbs) -> None:
    track = perfect_track("runner_a_side_120")
    xy_px = track.xy_px.copy()
    for point in standing.leg:
        xy_px[:, point] = np.nanmedian(xy_px[:, point], axis=0)
    with pytest.raises(NoRunner, match="no steady run"):
        proven(replace(track, xy_px=xy_px))


@pytest.mark.parametrize(("swing", "seen"), [(0.6, 1.0), (0.0, 0.3)])
def test_a_far_leg_that_is_seen_badly_makes_nobody_stand(swing: float, seen: float) -> None:
    track = perfect_track("runner_a_side_120")
    xy_px = track.xy_px.copy()
    far, hip = list(RIGHT.leg), xy_px[:, [RIGHT.hip]]
    xy_px[:, far] = hip + (swing, 1.0) * (xy_px[:, far] - hip)
    xy_px[round(seen * len(xy_px)) :, far] = np.nan
    assert not one_leg_stands(clean(replace(track, xy_px=xy_px), real_time(120.0), viewpoint(track)))


def test_a_walkers_bounce_is_not_a_slowed_runners() -> None:
    walker = Seen(1.0, 112.0, 2.0, 0.12)
    runner_at_half_speed = Seen(1.0, 84.0, 9.81 / 4, 0.12)
    assert proof._walks(walker)
    assert not proof._walks(runner_at_half_speed)


@pytest.mark.parametrize(("pictures", "assumed"), [(25, True), (90, False)])
def test_a_step_or_two_are_not_asked_about_but_said_to_be_unproven(
    monkeypatch: pytest.MonkeyPatch, pictures: int, *, assumed: bool
) -> None:
    def ask(*_: object) -> TimeBase:
        raise UnknownCaptureRate("How fast?", (50.0,))

    monkeypatch.setattr(proof.timebase, "decide", ask)
    track = part(filmed(perfect_track(NAMES[2]), 1.0, 25.0), slice(0, pictures))
    if not assumed:
        with pytest.raises(UnknownCaptureRate):
            proven(track)
        return
    base = proven(track)
    assert base.assumed
    assert base.slow_motion_factor == 1.0
    assert base.factor_sd > 0.03


def test_no_rate_below_the_files_own_is_offered() -> None:
    stored = Stored(30.0, None, EVEN)
    assert all(fps >= 29.5 for fps in worth_naming(stored, 20.0, 0.08))
    assert worth_naming(stored, 55.0, 0.08)[0] == pytest.approx(60.0)
