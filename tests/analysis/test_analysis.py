"""One day's clips, whatever they show: read or refused, judged, edited."""

import math
import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.analysis import (
    Analysis,
    ClipAnalysis,
    ClipRequest,
    Refused,
    Request,
    RunnerFacts,
    before_the_answer,
    judge,
    with_contacts,
)
from gait.analysis.read import _named_sides
from gait.body import Side, View
from gait.errors import (
    BadRequest,
    GaitError,
    TooFewSteps,
    UnknownCaptureRate,
    UnreadableClip,
    WhichRunner,
)
from gait.metrics.catalogue import CATALOGUE, SAGITTAL
from gait.motion.contact import by_eye
from gait.motion.pelvis import Waist
from gait.motion.view import viewpoint
from tests.truth import exact_clip, exact_contacts, mirrored, perfect_track, read, real_time, truth

A, REAR, FRONT = "runner_a_side_120", "runner_a_rear_60", "runner_d_front_60"
DAY = date(2026, 11, 25)


def asked(*clips: ClipAnalysis, speed_kmh: float | None = 10.8, in_pain: bool = False) -> Request:
    return Request(
        tuple(ClipRequest(Path(clip.id)) for clip in clips), RunnerFacts(180.0, speed_kmh), DAY, in_pain
    )


def judged(*clips: ClipAnalysis, speed_kmh: float | None = 10.8, in_pain: bool = False) -> Analysis:
    return judge(clips, asked(*clips, speed_kmh=speed_kmh, in_pain=in_pain))


def other_side(name: str = A) -> ClipAnalysis:
    return read(mirrored(perfect_track(name)), real_time(truth(name).capture_fps), "right.mov")


def values(analysis: Analysis) -> dict[tuple[str, Side | None], float]:
    return {(m.name, m.side): m.value for m in analysis.measurements if m.why_missing is None}


def test_a_rate_that_only_the_run_tells_leaves_speed_and_centimetres_unsure_too() -> None:
    said = exact_clip(A)
    unsaid = replace(said, base=replace(said.base, factor_sd=0.08))

    def lengths(clip: ClipAnalysis) -> tuple[float, float]:
        by_the_feet, by_the_belt = (
            judge([clip], Request((ClipRequest(Path(clip.id)),), RunnerFacts(speed_kmh=speed)))
            for speed in (None, 10.8)
        )
        assert by_the_feet.speed is not None and by_the_belt.scale is not None
        return (
            by_the_feet.speed.sd_m_s / by_the_feet.speed.m_s,
            by_the_belt.scale.sd_m / by_the_belt.scale.leg_m,
        )

    for sure, unsure in zip(lengths(said), lengths(unsaid), strict=True):
        assert unsure == pytest.approx(math.hypot(sure, 0.08))


def test_one_day_from_every_side_gives_all_five_headline_numbers_but_hidden_ones() -> None:
    analysis = judged(exact_clip(FRONT), exact_clip(REAR), other_side(), exact_clip(A))
    found = values(analysis)
    for name in ("overstride_pct_leg", "shank_deg"):
        assert {side for n, side in found if n == name} == set(Side), name
    assert {side for n, side in found if n == "crossover_pct"} == {None, *Side}
    assert ("lean_deg", None) in found
    assert analysis.advice.cue is not None


@settings(deadline=None, max_examples=10)
@given(order=st.permutations([A, REAR, FRONT]))
def test_the_order_of_the_clips_does_not_matter(order: list[str]) -> None:
    one, other = judged(*map(exact_clip, (A, REAR, FRONT))), judged(*map(exact_clip, order))
    assert values(one) == values(other)
    assert one.main.id == other.main.id == f"{A}.mp4"


def test_each_side_is_read_from_its_own_clip_and_the_same_run_shows_no_difference() -> None:
    analysis = judged(exact_clip(A), other_side())
    for name in ("overstride_pct_leg", "shank_deg", "contact_time_ms"):
        left, right = (analysis.measurement(name, side) for side in Side)
        assert (left.clip, right.clip) == (f"{A}.mp4", "right.mov")
        assert left.value == pytest.approx(right.value, abs=0.01)
    assert len(analysis.differences) >= 8
    for each in analysis.differences:
        assert each.value == pytest.approx(0, abs=0.05)
        assert not each.clear
    for name in ("step_time_asymmetry_pct", "contact_time_asymmetry_pct"):
        assert analysis.measurement(name).value == pytest.approx(0, abs=0.6)


def test_a_leg_that_lands_farther_ahead_is_a_clear_difference_with_the_right_sign() -> None:
    right = other_side("runner_a_side_120_two_months_later")
    analysis = judged(exact_clip(A), right)
    (overstride,) = (d for d in analysis.differences if d.name == "overstride_pct_leg")
    left, far = (analysis.measurement("overstride_pct_leg", side) for side in Side)
    assert overstride.value == pytest.approx(left.value - far.value)
    assert overstride.value > 0
    assert overstride.uncertainty == pytest.approx(math.hypot(left.uncertainty, far.uncertainty))


def test_from_one_clip_no_left_against_right_is_said() -> None:
    analysis = judged(exact_clip(A), exact_clip(REAR))
    assert analysis.differences == ()
    assert "each side" in str(analysis.measurement("step_time_asymmetry_pct").why_missing)


def test_a_finding_belongs_to_its_own_side_and_clip() -> None:
    analysis = judged(exact_clip(A), other_side("runner_d_side_120"))
    for m in analysis.measurements:
        finding = analysis.finding(m)
        if finding is not None:
            assert (finding.metric, finding.side, finding.clip) == (m.name, m.side, m.clip)
            assert finding.value == m.value
    left, right = (analysis.measurement("overstride_pct_leg", side) for side in Side)
    highs = [f.side for f in analysis.findings if f.metric == "overstride_pct_leg" and f.verdict == "high"]
    assert highs == [Side.LEFT]
    assert left.value > right.value + 5


def test_a_clip_alone_of_any_view_is_welcome() -> None:
    for name in (A, REAR, FRONT):
        analysis = judged(exact_clip(name))
        assert values(analysis)["cadence_spm", None] == pytest.approx(
            truth(name).values["cadence_spm", None], rel=0.01
        )
        assert analysis.advice.why


def test_a_camera_at_a_slant_gives_the_rhythm_and_says_why_not_more() -> None:
    clip = exact_clip(A)
    view = replace(clip.motion.viewpoint, turn_deg=45.0)
    analysis = judged(replace(clip, motion=replace(clip.motion, viewpoint=view)))
    assert set(values(analysis)) == {("cadence_spm", None), ("speed_kmh", None)}
    assert "slant" in str(analysis.measurement("overstride_pct_leg", Side.LEFT).why_missing)
    assert analysis.advice.cue is None


def test_doubts_about_one_clip_do_not_touch_the_others() -> None:
    clip = exact_clip(REAR)
    dark = replace(clip, track=replace(clip.track, footage=replace(clip.track.footage, light=20.0)))
    analysis = judged(exact_clip(A), dark)
    assert [(d.id, d.clip) for d in analysis.doubts] == [("dark", f"{REAR}.mp4")]
    assert analysis.advice.cue is not None
    assert min(f.trust for f in analysis.findings if f.clip == f"{A}.mp4") == 1


def test_pain_takes_the_cue_away_and_leaves_the_numbers() -> None:
    well, hurt = judged(exact_clip(A)), judged(exact_clip(A), in_pain=True)
    assert well.advice.cue is not None
    assert hurt.advice.cue is None
    assert values(well) == values(hurt)


def test_fewer_steps_give_estimates_and_neither_verdict_nor_cue() -> None:
    clip = exact_clip(A)
    wide = judged(clip).measurement("overstride_pct_leg")
    for steps in (1, 3, 6):
        kept = [c for c in clip.contacts if c.side is clip.near][:steps]
        analysis = judged(replace(clip, contacts=tuple(kept)))
        few = analysis.measurement("overstride_pct_leg")
        assert few.n == steps
        assert few.uncertainty > wide.uncertainty
        assert abs(few.value - wide.value) < 4
        assert analysis.advice.cue is None
        assert not [f for f in analysis.findings if f.side is clip.near]
        assert "few-steps" in {d.id for d in analysis.doubts}


@pytest.mark.parametrize("late_ms", [20.0, -15.0])
def test_contacts_that_are_moved_move_what_is_read_there(late_ms: float) -> None:
    """1.5 to 2.3 cm of overstride and 2.3 to 3.0 degrees of shin for 10 ms late (Fukuchi 2017 curves)."""
    clip = replace(exact_clip(A), contacts=exact_contacts(A, exact_clip(A).motion.time_s[-1]))
    moved = [by_eye(c, c.touchdown_s + late_ms / 1000, c.toe_off_s, 120.0) for c in clip.contacts]
    before, after = values(judged(clip)), values(judged(with_contacts(clip, moved)))
    near = clip.near
    assert after["contact_time_ms", near] - before["contact_time_ms", near] == pytest.approx(
        -late_ms, abs=0.1
    )
    assert after["flight_time_ms", near] - before["flight_time_ms", near] == pytest.approx(late_ms, abs=0.1)
    for name in ("overstride_pct_leg", "shank_deg"):
        change = after[name, near] - before[name, near]
        assert np.sign(change) == -np.sign(late_ms), name
        assert 0.5 < abs(change) < 9, name
    assert after["lean_deg", None] == pytest.approx(before["lean_deg", None], abs=0.5)


def test_edited_contacts_are_marked_and_the_detected_ones_stay() -> None:
    clip = exact_clip(A)
    first = by_eye(clip.contacts[0], clip.contacts[0].touchdown_s + 0.01, clip.contacts[0].toe_off_s, 120.0)
    edited = with_contacts(clip, [first, *clip.contacts[1:]])
    assert [c.source for c in edited.contacts[:2]] == ["edited", "detected"]
    assert edited.detected == clip.contacts
    assert edited.contacts[0].touchdown_sd_s == pytest.approx(0.5 / 120)
    assert edited.contacts[0].toe_off_sd_s == clip.contacts[0].toe_off_sd_s


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"touchdown_s": -1.0}, "outside"),
        ({"touchdown_s": 99.0}, "outside"),
        ({"touchdown_s": math.nan}, "outside"),
        ({"toe_off_s": 0.0}, "lasts"),
        ({"toe_off_s": 90.0}, "lasts"),
        ({"side": None}, "before this foot can land again"),
    ],
)
def test_contacts_that_no_runner_has_are_refused_in_a_sentence(change: dict[str, object], what: str) -> None:
    clip = exact_clip(A)
    third = clip.contacts[3]
    wrong = replace(third, **{k: third.side.other if k == "side" else v for k, v in change.items()})
    contacts = [*clip.contacts[:3], wrong, *clip.contacts[4:]]
    with pytest.raises(BadRequest, match=what) as caught:
        with_contacts(clip, contacts)
    assert caught.value.field == "contacts"


@pytest.mark.parametrize("duration_s", [0.04, 0.65])
def test_an_edited_contact_is_as_long_as_a_foot_can_stand(duration_s: float) -> None:
    clip = exact_clip(A)
    alone = clip.contacts[0]
    with pytest.raises(BadRequest, match=f"lasts {1000 * duration_s:.0f} ms"):
        with_contacts(clip, [replace(alone, toe_off_s=alone.touchdown_s + duration_s)])


@pytest.mark.parametrize("near", [None, *Side])
def test_the_side_that_is_named_is_the_near_one_whatever_the_picture_shows(near: Side | None) -> None:
    pose = perfect_track(A)
    seen = viewpoint(pose)
    named, view = _named_sides(pose, seen, ClipRequest(Path("a.mov"), near=near))
    assert view.near is (near or seen.near)
    exchanged = view.near is not seen.near
    np.testing.assert_array_equal(named.xy_px, (pose.renamed() if exchanged else pose).xy_px)


def test_contacts_out_of_order_are_refused() -> None:
    clip = exact_clip(A)
    with pytest.raises(BadRequest, match="in order"):
        with_contacts(clip, [clip.contacts[1], clip.contacts[0], *clip.contacts[2:]])


def test_the_contacts_of_a_clip_from_behind_decide_its_numbers_too() -> None:
    clip = exact_clip(REAR)
    fewer = with_contacts(clip, clip.contacts[:9])
    before, after = (judged(c).measurement("foot_crossover_pct_leg", Side.LEFT) for c in (clip, fewer))
    assert after.n < before.n


def test_the_side_that_a_contact_is_given_decides_whose_hip_drop_it_is() -> None:
    clip = exact_clip(REAR)
    tilt = 5 * np.sin(2 * np.pi * clip.motion.time_s / clip.stride_s)
    clip = replace(clip, waist=Waist(tilt))
    swapped = tuple(replace(c, side=c.side.other) for c in clip.contacts)
    one, other = judged(clip), judged(with_contacts(clip, swapped))
    for side in Side:
        was, now = (a.measurement("hip_drop_deg", s).value for a, s in ((one, side), (other, side.other)))
        assert abs(was - now) > 1


RATE = UnknownCaptureRate("How fast?", (120.0, 240.0))
NOT_BEFORE_THE_ANSWER = ("cadence_spm", "contact_time_ms", "flight_time_ms", "duty_factor_pct")


@pytest.mark.parametrize("guessed", [0.8, 1.25])
@pytest.mark.parametrize("name", [A, "runner_d_side_120"])
def test_what_is_shown_before_the_rate_is_known_hardly_hangs_on_it(name: str, guessed: float) -> None:
    fps, right = truth(name).capture_fps, exact_clip(name)
    off = read(perfect_track(name), replace(real_time(guessed * fps), slow_motion_factor=guessed))
    seen = before_the_answer([Refused("a.mp4", "a.mp4", RATE, off)], asked(right))
    assert seen is not None
    most = {"overstride_pct_leg": 1.0, "shank_deg": 2.0, "knee_flexion_touchdown_deg": 2.0, "lean_deg": 2.0}
    for metric, off_by in most.items():
        shown, known = seen.measurement(metric), judged(right).measurement(metric)
        assert abs(shown.value - known.value) < min(off_by, shown.uncertainty), metric


def test_before_the_rate_is_known_there_is_no_verdict_and_nothing_in_time() -> None:
    clip = exact_clip(A)
    refused = Refused("a.mp4", "a.mp4", RATE, clip)
    assert judged(clip).advice.cue is not None
    seen = before_the_answer([refused], asked(clip))
    assert seen is not None
    assert seen.advice.cue is None
    assert seen.findings == ()
    for metric in NOT_BEFORE_THE_ANSWER:
        why = seen.measurement(metric, Side.LEFT if CATALOGUE[metric].sided else None).why_missing
        assert why is not None and why.field == "capture_fps", metric
    assert seen.measurement("speed_kmh").value == pytest.approx(10.8), "it was given"
    assert before_the_answer([refused, clip], asked(clip)) is None, "the other clip is judged"
    assert before_the_answer([Refused("a.mp4", "a.mp4", RATE)], asked(clip)) is None


ERRORS = [
    UnreadableClip("It is broken.", clip="a.mp4"),
    UnknownCaptureRate("How fast?", (120.0, 240.0)),
    WhichRunner((1, 2), 3, ((20, 40, 120, 500), (150, 60, 300, 520))),
    TooFewSteps(3, 7),
    BadRequest("No.", id="contacts", field="contacts"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_an_error_survives_the_way_between_processes(error: GaitError) -> None:
    back = pickle.loads(pickle.dumps(Refused("a.mp4", "a.mp4", error)))
    assert type(back.error) is type(error)
    assert str(back.error) == str(error)
    assert vars(back.error) == vars(error)
    assert back.reason == error.reason


def test_the_door_says_what_is_wrong_with_a_request() -> None:
    clip = ClipRequest(Path("a.mp4"))
    with pytest.raises(BadRequest, match="twice"):
        Request((clip, clip))
    with pytest.raises(BadRequest, match="one to 6"):
        Request(())
    with pytest.raises(BadRequest, match="height") as caught:
        RunnerFacts(height_cm=18.0)
    assert caught.value.field == "height_cm"


def test_clips_of_one_name_from_two_folders_are_told_apart() -> None:
    request = Request((ClipRequest(Path("a/run.mov")), ClipRequest(Path("b/run.mov"))))
    assert len({clip.path for clip in request.clips}) == 2


@pytest.mark.parametrize("name", [n for n, metric in CATALOGUE.items() if metric.views != SAGITTAL])
def test_what_needs_another_view_says_so_after_a_side_clip(name: str) -> None:
    analysis = judged(exact_clip(A))
    for m in analysis.measurements:
        if m.name == name and View.LEFT not in CATALOGUE[name].views:
            assert "only a clip" in str(m.why_missing) or "cannot show it" in str(m.why_missing)
