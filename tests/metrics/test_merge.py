"""Several clips of one day: which number is shown, and left against right."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.body import Side, View
from gait.errors import Reason
from gait.metrics.catalogue import (
    CATALOGUE,
    CONTACT_ASYMMETRY,
    CONTACT_TIME,
    HIP_DROP,
    OVERSTRIDE,
    STEP_ASYMMETRY,
    Metric,
)
from gait.metrics.measurement import Measurement, missing
from gait.metrics.merge import differences, merge

WHY = Reason("unread", "it could be read in no step")
errors = st.floats(0.1, 20)
values = st.floats(-50, 50)


def said(metric: Metric, side: Side | None, value: float, sd: float = 1.0, **more: object) -> Measurement:
    clip = str(more.pop("clip", "a.mp4"))
    n = int(str(more.pop("n", 8)))
    return Measurement(metric.name, side, value, metric.unit, sd, n, (value,) * n, clip, repeatability=sd / 2)


def shown(
    each: list[tuple[Measurement, ...]], views: list[View], metric: Metric, side: Side | None
) -> Measurement:
    (one,) = [m for m in merge(each, views) if m.name == metric.name and m.side is side]
    return one


@given(st.permutations([0, 1, 2, 3]), errors, errors)
@settings(deadline=None)
def test_a_number_goes_before_none_enough_steps_before_few_and_the_smaller_error(
    order: list[int], one_sd: float, other_sd: float
) -> None:
    side = Side.LEFT
    clips = [
        missing(OVERSTRIDE, side, "none.mp4", WHY),
        said(OVERSTRIDE, side, 30.0, 0.01, clip="few.mp4", n=3),
        said(OVERSTRIDE, side, 31.0, one_sd, clip="one.mp4"),
        said(OVERSTRIDE, side, 32.0, other_sd, clip="other.mp4"),
    ]
    best = shown([(clips[i],) for i in order], [View.LEFT] * 4, OVERSTRIDE, side)
    assert best.uncertainty == min(one_sd, other_sd)
    assert best.enough


def test_few_steps_go_before_none() -> None:
    few = said(OVERSTRIDE, Side.LEFT, 30.0, clip="few.mp4", n=2)
    none = missing(OVERSTRIDE, Side.LEFT, "none.mp4", WHY)
    assert shown([(none,), (few,)], [View.LEFT, View.LEFT], OVERSTRIDE, Side.LEFT) is few


def test_of_several_clips_without_the_number_the_reason_stays() -> None:
    unknown = missing(OVERSTRIDE, Side.LEFT, "a.mp4", WHY)
    assert shown([(unknown,), ()], [View.LEFT, View.LEFT], OVERSTRIDE, Side.LEFT).why_missing == WHY


def test_both_hips_come_from_one_clip() -> None:
    good_left = (
        said(HIP_DROP, Side.LEFT, 8.0, 1.0, clip="a.mp4"),
        said(HIP_DROP, Side.RIGHT, 7.0, 9.0, clip="a.mp4"),
    )
    even = (
        said(HIP_DROP, Side.LEFT, 6.0, 2.0, clip="b.mp4"),
        said(HIP_DROP, Side.RIGHT, 5.0, 2.0, clip="b.mp4"),
    )
    views = [View.REAR, View.REAR]
    sides = [shown([good_left, even], views, HIP_DROP, side).clip for side in Side]
    assert sides == ["b.mp4", "b.mp4"]


@pytest.mark.parametrize(
    ("views", "field"),
    [([View.RIGHT], "far-side"), ([View.REAR], OVERSTRIDE.unseen.id), ([], OVERSTRIDE.unseen.id)],
)
def test_what_no_clip_shows_says_how_to_film_it(views: list[View], field: str) -> None:
    unseen = shown([() for _ in views], views, OVERSTRIDE, Side.LEFT)
    assert unseen.why_missing is not None
    assert (unseen.why_missing.id, unseen.clip) == (field, "")
    assert field != "far-side" or "film a second clip from the left" in unseen.why_missing.text


@given(values, values, errors, errors)
@settings(deadline=None)
def test_step_asymmetry_is_the_mean_of_one_clip_from_each_side(
    left: float, right: float, left_sd: float, right_sd: float
) -> None:
    each = [
        (said(STEP_ASYMMETRY, None, left, left_sd, clip="l.mp4", n=9),),
        (said(STEP_ASYMMETRY, None, right, right_sd, clip="r.mp4", n=7),),
    ]
    both = shown(each, [View.LEFT, View.RIGHT], STEP_ASYMMETRY, None)
    assert both.value == pytest.approx((left + right) / 2)
    assert both.repeatability == pytest.approx(math.hypot(left_sd / 2, right_sd / 2) / 2)
    assert both.uncertainty == pytest.approx(math.hypot(both.repeatability, STEP_ASYMMETRY.systematic))
    assert (both.n, both.samples, both.unit) == (7, (), "%")


def test_step_asymmetry_never_takes_two_clips_from_one_side() -> None:
    each = [
        (said(STEP_ASYMMETRY, None, 4.0, clip="l.mp4"),),
        (said(STEP_ASYMMETRY, None, 6.0, sd=9.0, clip="l2.mp4"),),
        (said(STEP_ASYMMETRY, None, -4.0, clip="r.mp4"),),
    ]
    assert shown(each, [View.LEFT, View.LEFT, View.RIGHT], STEP_ASYMMETRY, None).value == 0
    one_sided = shown(each[:2], [View.LEFT, View.LEFT], STEP_ASYMMETRY, None)
    unread = shown([each[0], ()], [View.LEFT, View.RIGHT], STEP_ASYMMETRY, None)
    assert one_sided.why_missing == unread.why_missing == STEP_ASYMMETRY.unseen
    assert one_sided.clip == ""


@given(st.floats(150, 350), st.floats(150, 350), errors, errors)
@settings(deadline=None)
def test_contact_asymmetry_is_the_difference_in_percent_of_the_mean(
    left: float, right: float, left_sd: float, right_sd: float
) -> None:
    each = [
        (said(CONTACT_TIME, Side.LEFT, left, left_sd, clip="l.mp4", n=9),),
        (said(CONTACT_TIME, Side.RIGHT, right, right_sd, clip="r.mp4", n=7),),
    ]
    both = shown(each, [View.LEFT, View.RIGHT], CONTACT_ASYMMETRY, None)
    mean = (left + right) / 2
    assert both.value == pytest.approx(100 * (left - right) / mean)
    assert both.uncertainty == pytest.approx(100 * math.hypot(left_sd, right_sd) / mean)
    assert both.repeatability == pytest.approx(50 * math.hypot(left_sd, right_sd) / mean)
    assert (both.n, both.samples, both.unit, both.clip) == (7, (), "%", "l.mp4")


def test_contact_asymmetry_takes_both_legs() -> None:
    alone = shown([(said(CONTACT_TIME, Side.LEFT, 250.0),)], [View.LEFT], CONTACT_ASYMMETRY, None)
    assert alone.why_missing == CONTACT_ASYMMETRY.unseen
    assert alone.clip == ""


@given(values, values, errors, errors)
@settings(deadline=None)
def test_left_less_right_is_said_only_of_two_clips(
    left: float, right: float, left_sd: float, right_sd: float
) -> None:
    one = said(OVERSTRIDE, Side.LEFT, left, left_sd, clip="l.mp4")
    other = said(OVERSTRIDE, Side.RIGHT, right, right_sd, clip="r.mp4")
    (difference,) = differences([one, other])
    assert (difference.name, difference.unit) == (OVERSTRIDE.name, OVERSTRIDE.unit)
    assert difference.value == left - right
    assert difference.uncertainty == pytest.approx(math.hypot(left_sd, right_sd))
    assert difference.clear == (abs(left - right) > 2 * difference.uncertainty)
    assert differences([one, replace(other, clip="l.mp4")]) == ()
    assert differences([one, missing(OVERSTRIDE, Side.RIGHT, "r.mp4", WHY)]) == ()


def test_every_metric_is_there_once_for_each_of_its_sides() -> None:
    there = [(m.name, m.side) for m in merge([], [])]
    wanted = [
        (name, side) for name, metric in CATALOGUE.items() if name != "speed_kmh" for side in metric.sides
    ]
    assert sorted(there, key=str) == sorted(wanted, key=str)
