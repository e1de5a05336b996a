"""What limits a clip is said; what shows no runner is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from gait.analysis import ClipAnalysis
from gait.body import COUNT, LEFT, Side
from gait.errors import NoRunner
from gait.metrics.catalogue import CATALOGUE
from gait.motion.timebase import TimeBase
from gait.motion.view import viewpoint
from gait.quality import doubts as quality
from gait.quality import gates
from gait.quality.doubts import RULES, Doubt
from gait.video.footage import Footage
from gait.video.plumb import Plumb
from tests.truth import LEVEL, exact_clip, perfect_track, read, real_time, truth

NAME = "runner_a_side_120"
REAR = "runner_a_rear_60"


def limits(clip: ClipAnalysis) -> dict[str, Doubt]:
    return {d.id: d for d in quality.check(clip.run(None), clip.clip, clip.track, clip.base)}


def filmed(name: str = NAME, **footage: object) -> ClipAnalysis:
    track = perfect_track(name)
    film: Footage = replace(track.footage, **footage)  # type: ignore[arg-type]
    return read(replace(track, footage=film), real_time(truth(name).capture_fps))


def doubts(
    base: TimeBase | None = None,
    turn_deg: float = 0.0,
    steps: int = 99,
    plumb: Plumb | None = LEVEL,
    light: float = 128.0,
    moved_px: NDArray[np.float64] | None = None,
) -> set[str]:
    """Doubts about a clip; ``moved_px`` (T, 33, 2) is added to its landmarks."""
    track = replace(perfect_track(NAME), plumb=plumb)
    track = replace(
        track,
        footage=replace(track.footage, light=light),
        xy_px=track.xy_px if moved_px is None else track.xy_px + moved_px,
    )
    clip = read(track, real_time(120.0))
    view = replace(clip.motion.viewpoint, turn_deg=turn_deg)
    clip = replace(clip, motion=replace(clip.motion, viewpoint=view), contacts=clip.contacts[:steps])
    return set(limits(replace(clip, base=base or clip.base)))


def test_a_scale_that_contradicts_the_other_is_said() -> None:
    (doubt,) = quality.check_scale(1.2)
    assert "20 % longer" in doubt.text
    assert quality.check_scale(1.05) == quality.check_scale(math.nan) == ()


def test_a_good_clip_has_no_doubts() -> None:
    assert doubts() == set()


def test_what_limits_a_clip_is_said() -> None:
    assert "turned" in doubts(turn_deg=22)
    assert "slow-camera" in doubts(base=TimeBase(30.0, 0.25, 1.0, (), given=False))
    assert "few-steps" in doubts(steps=9)
    assert "roll-unknown" in doubts(plumb=None)
    assert "leaning-phone" in doubts(plumb=replace(LEVEL, tilt_deg=4.0))
    assert "roll-unknown" in doubts(plumb=replace(LEVEL, tilt_deg=20.0))
    assert "incline-unknown" in doubts(plumb=replace(LEVEL, level_off_deg=-3.0))
    assert "taken-as-it-plays" in doubts(base=replace(real_time(120.0), assumed=True))
    assert "rate-unsaid" in doubts(base=replace(real_time(120.0), factor_sd=0.05))


def test_a_runner_who_passes_the_camera_hears_that_lengths_suffer() -> None:
    way_px = np.zeros((len(perfect_track(NAME).pts_s), COUNT, 2))
    way_px[..., 0] = np.linspace(-150, 150, len(way_px))[:, None]
    assert "passes" in doubts(moved_px=way_px)


def test_a_dark_room_is_said() -> None:
    assert "dark" in doubts(light=35.0)
    assert "dark" not in doubts(light=90.0)


@pytest.mark.parametrize(("trembles_px", "said"), [(0.0, False), (1.0, False), (12.0, True)])
def test_a_phone_in_a_trembling_hand_is_said(trembles_px: float, *, said: bool) -> None:
    count = len(perfect_track(NAME).pts_s)
    tremble = trembles_px * np.sin(2 * np.pi * np.arange(count) / 120.0 * 2.3 + 0.4)
    moved = np.zeros((count, COUNT, 2))
    moved[..., 1] = tremble[:, None]
    assert ("shaking" in doubts(moved_px=moved)) is said


@pytest.mark.parametrize("holds", [True, False])
def test_a_hand_on_the_rail_is_said(*, holds: bool) -> None:
    xy = perfect_track(NAME).xy_px
    moved = np.zeros_like(xy)
    if holds:
        rail = xy[0, LEFT.wrist] + np.random.default_rng(0).normal(0, 3, (len(xy), 2))
        moved[:, LEFT.wrist] = rail - xy[:, LEFT.wrist]
    assert ("hand-on-rail" in doubts(moved_px=moved)) is holds


@pytest.mark.parametrize(("outside", "reason"), [(True, "feet-outside"), (False, "legs-lost")])
def test_feet_that_are_missing_are_refused_for_the_true_reason(outside: bool, reason: str) -> None:
    track = perfect_track(NAME)
    xy, out = track.xy_px.copy(), np.zeros(track.visibility.shape, dtype=bool)
    xy[::2, LEFT.heel] = np.nan
    out[::2, LEFT.heel] = outside
    with pytest.raises(NoRunner) as caught:
        gates.require_feet(replace(track, xy_px=xy, outside=out), viewpoint(track))
    assert caught.value.id == reason
    assert ("out of the picture" in str(caught.value)) == outside
    gates.require_feet(track, viewpoint(track))


def test_every_rule_touches_only_what_its_clip_can_show() -> None:
    for rule in RULES:
        for view in rule.views:
            assert all(view in CATALOGUE[name].views for name in rule.metrics(view)), rule.id


@pytest.mark.parametrize("name", list(CATALOGUE))
def test_every_number_is_in_doubt_where_the_picture_is_dark_or_the_rate_is_contradicted(name: str) -> None:
    metric = CATALOGUE[name]
    for id in ("dark", "capture-rate", "few-steps"):
        (rule,) = (rule for rule in RULES if rule.id == id)
        assert all(name in rule.metrics(view) for view in metric.views if view in rule.views)


@pytest.mark.parametrize("name", [NAME, REAR])
def test_a_rate_that_the_run_contradicts_takes_the_trust_from_everything(name: str) -> None:
    clip = exact_clip(name)
    base = replace(clip.base, given=True, contradiction="at 60 frames/s nobody runs")
    doubt = limits(replace(clip, base=base))["capture-rate"]
    assert doubt.trust == 0
    assert "nobody runs" in doubt.text
    assert doubt.field == "capture_fps"


def test_steps_that_grow_shorter_are_said() -> None:
    clip = exact_clip(NAME)
    uneven = tuple(
        replace(c, touchdown_s=c.touchdown_s + 0.06 * (k % 4 < 2)) for k, c in enumerate(clip.contacts)
    )
    assert "unsteady" in limits(replace(clip, contacts=uneven))
    assert "unsteady" not in limits(clip)


def test_a_landing_that_was_missed_is_not_an_uneven_run() -> None:
    clip = exact_clip(NAME)
    assert "unsteady" not in limits(replace(clip, contacts=clip.contacts[:4] + clip.contacts[5:]))


@pytest.mark.parametrize("name", [NAME, REAR])
@pytest.mark.parametrize(
    ("id", "film"),
    [
        ("dark", {"light": 30.0}),
        ("made-up-pictures", {"blended": True}),
        ("cuts", {"cuts": (100,)}),
        ("repeated-pictures", {"repeated": np.arange(400) % 5 == 0}),
        ("even-repeats", {"repeated": np.arange(400) % 5 == 0, "spacing": 1.25}),
        ("camera-moves", {"drift_share": 0.3}),
    ],
)
def test_a_bad_film_is_said_from_the_side_and_from_behind(
    name: str, id: str, film: dict[str, object]
) -> None:
    assert limits(filmed(name, **film))[id].clip == "run.mp4"


def test_what_was_not_read_is_counted_and_a_film_that_lay_is_said() -> None:
    shown = np.zeros(300, dtype=bool)
    clip = filmed(unread=4, repeated=shown)
    assert "4 of the film's pictures could not be read" in limits(clip)["unread-pictures"].text
    assert "unread-pictures" not in limits(filmed(unread=3, repeated=shown))
    assert "unread-pictures" not in limits(filmed(unread=0, repeated=shown[:0]))
    lay = replace(clip, track=replace(clip.track, quarters=1))
    assert "lying-film" in limits(lay) and "lying-film" not in limits(clip)


def test_a_camera_at_rest_is_not_said_to_wander() -> None:
    assert "camera-moves" not in limits(filmed(drift_share=0.001))


def test_a_rule_of_one_view_names_what_that_view_shows() -> None:
    side, rear = (limits(filmed(name, light=30.0))["dark"].metrics for name in (NAME, REAR))
    assert "shank_deg" in side and "hip_drop_deg" not in side
    assert "hip_drop_deg" in rear and "shank_deg" not in rear


def test_the_steps_of_the_far_foot_do_not_count_from_the_side() -> None:
    clip = exact_clip(NAME)
    far = [c for c in clip.contacts if c.side is not clip.near][:2]
    near = list(clip.near_contacts())
    few_far = replace(clip, contacts=tuple(sorted([*far, *near], key=lambda c: c.touchdown_s)))
    assert "few-steps" not in limits(few_far)


def test_few_steps_from_behind_are_those_of_the_foot_with_fewer() -> None:
    clip = exact_clip(REAR)
    right = [c for c in clip.contacts if c.side is Side.RIGHT][:5]
    left = [c for c in clip.contacts if c.side is Side.LEFT]
    doubt = limits(replace(clip, contacts=tuple(sorted([*left, *right], key=lambda c: c.touchdown_s))))
    assert "Only 5 steps" in doubt["few-steps"].text


def test_legs_that_were_mixed_up_often_are_said() -> None:
    track = perfect_track(NAME)
    mixed = replace(track, repaired=np.arange(len(track.frame)) % 8 == 0)
    assert "legs-mixed-up" in limits(read(mixed))
    assert "legs-mixed-up" not in limits(read(track))


def test_a_small_runner_is_said() -> None:
    track = perfect_track(NAME)
    assert "small" in limits(read(replace(track, xy_px=track.xy_px / 4)))
    assert "small" not in limits(read(track))


def test_a_file_without_times_is_said() -> None:
    clip = exact_clip(NAME)
    assert "no-times" in limits(replace(clip, clip=replace(clip.clip, times_missing=True)))
