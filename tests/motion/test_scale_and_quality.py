import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.body import COUNT, LEFT, Facing, View
from gait.errors import BadRequest, NoRunner, WrongView
from gait.motion.events import contacts
from gait.motion.rhythm import stride_s
from gait.motion.scale import LEG_OVER_HEIGHT, belt_over_height, scale_of, speed_of
from gait.motion.signals import clean
from gait.motion.timebase import TimeBase
from gait.motion.view import Viewpoint, viewpoint
from gait.quality import doubts as quality
from gait.quality import gates
from gait.video.clip import Clip
from gait.video.plumb import Plumb
from tests.truth import LEVEL, perfect_track, real_time

NAME = "runner_a_side_120"


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
    view = replace(viewpoint(track), turn_deg=turn_deg)
    motion = clean(track, real_time(120.0), view)
    period_s = stride_s(motion)
    found = contacts(motion, period_s)[:steps]
    clip = Clip(Path("run.mp4"), "0" * 64, track.size_px, track.pts_s)
    return {d.id for d in quality.check(clip, track, motion, base or real_time(120.0), found, period_s)}


@given(height_cm=st.floats(130, 220))
def test_the_leg_is_a_fixed_share_of_the_height(height_cm: float) -> None:
    scale = scale_of(height_cm, None, math.nan)
    assert scale is not None
    assert scale.leg_m == pytest.approx(LEG_OVER_HEIGHT * height_cm / 100)
    assert 0 < scale.sd_m < 0.1 * scale.leg_m


def test_the_belt_is_a_scale_when_the_height_is_unknown() -> None:
    scale = scale_of(None, 10.8, legs_per_s=3.4)
    assert scale is not None
    assert scale.leg_m == pytest.approx(3.0 / 3.4)
    assert scale_of(None, None, 3.4) is None


@given(height_cm=st.floats(140, 210), speed_kmh=st.floats(7, 16))
def test_height_and_belt_that_fit_together_agree_and_others_are_said(
    height_cm: float, speed_kmh: float
) -> None:
    legs_per_s = speed_kmh / 3.6 / (LEG_OVER_HEIGHT * height_cm / 100)
    assert belt_over_height(height_cm, speed_kmh, legs_per_s) == pytest.approx(1)
    assert belt_over_height(height_cm, 1.2 * speed_kmh, legs_per_s) == pytest.approx(1.2)
    assert math.isnan(belt_over_height(None, speed_kmh, legs_per_s))


def test_a_scale_that_contradicts_the_other_is_said() -> None:
    (doubt,) = quality.check_scale(1.2)
    assert "20 % longer" in doubt.text
    assert quality.check_scale(1.05) == quality.check_scale(math.nan) == ()


def test_a_speed_that_was_inferred_is_much_less_certain_than_one_given() -> None:
    inferred, given_speed = speed_of(None, 3.4, None), speed_of(10.8, 3.4, None)
    assert inferred is not None and given_speed is not None
    assert not inferred.given and given_speed.given
    assert inferred.sd_m_s > 3 * given_speed.sd_m_s
    assert speed_of(None, math.nan, None) is None


@pytest.mark.parametrize(
    ("height_cm", "speed_kmh"), [(12, None), (400, None), (None, 0), (None, 99), (math.nan, None)]
)
def test_a_height_or_speed_that_no_runner_has_is_refused(
    height_cm: float | None, speed_kmh: float | None
) -> None:
    with pytest.raises(BadRequest, match="between"):
        scale_of(height_cm, speed_kmh, math.nan)


def test_a_good_clip_has_no_doubts() -> None:
    assert doubts() == set()


def test_what_limits_a_clip_is_said() -> None:
    assert "turned" in doubts(turn_deg=22)
    assert "slow-camera" in doubts(base=TimeBase(30.0, 0.25, 1.0, (), given=False))
    assert "few-steps" in doubts(steps=9)
    assert "roll-unknown" in doubts(plumb=None)
    assert "leaning-phone" in doubts(plumb=replace(LEVEL, tilt_deg=4.0))
    assert "roll-unknown" in doubts(plumb=replace(LEVEL, tilt_deg=20.0))


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


@pytest.mark.parametrize(("view", "turn_deg"), [(View.REAR, 80), (View.FRONT, 80), (View.LEFT, 45)])
def test_a_main_clip_that_is_not_from_the_side_is_refused(view: View, turn_deg: float) -> None:
    with pytest.raises(WrongView, match="from the side"):
        gates.require_side_view(Viewpoint(view, Facing.LEFT, turn_deg))


@pytest.mark.parametrize(("view", "turn_deg"), [(View.LEFT, 5), (View.REAR, 45)])
def test_a_second_clip_that_is_not_from_behind_is_refused(view: View, turn_deg: float) -> None:
    with pytest.raises(WrongView, match="behind"):
        gates.require_rear_view(Viewpoint(view, Facing.AWAY, turn_deg))


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
