from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from gait.body import Side, View
from gait.coaching.book import Recipe, book
from gait.coaching.change import SAME_DAY, Change, Comparison, Verdict, compare, left_against_right
from gait.coaching.conditions import Assessed, Conditions, Filming, pooled
from gait.coaching.norms import norms
from gait.coaching.scatter import Own, day_sd, of_steps, own_day, smallest_detectable, table
from gait.coaching.trend import trend
from gait.metrics.measurement import Measurement
from tests.coaching.runners import CONDITIONS, OVERSTRIDER, TODAY, filmed, number, runner

DETECTABLE = {
    "cadence_spm": 6, "contact_time_ms": 17, "duty_factor_pct": 2.8, "flight_time_ms": 22,
    "oscillation_cm": 1.0, "oscillation_pct_leg": 1.2, "overstride_pct_leg": 4.2, "shank_deg": 4.0,
    "knee_flexion_touchdown_deg": 5.3, "knee_flexion_peak_deg": 4.0, "lean_deg": 3.6, "ankle_lean_deg": 3.0,
    "waist_bend_deg": 4.5, "foot_strike_deg": 4.5, "thigh_toe_off_deg": 4.2, "hip_drop_deg": 3.9,
    "step_width_cm": 2.5, "foot_crossover_pct_leg": 2.8, "pelvis_sway_pct_leg": 1.8, "crossover_pct": 10,
    "elbow_deg": 12, "head_forward_pct": 7, "shoulder_to_ear_pct": 7,
}  # fmt: skip
OPEN = book().recipe("overstride")


def recipe(cue_id: str) -> Recipe:
    found = book().recipe(cue_id)
    assert found is not None
    return found


def changed(comparison: Comparison, metric: str, side: Side | None = None) -> Change:
    return next(c for c in comparison.changes if (c.metric, c.side) == (metric, side))


def after(months: float = 1, conditions: Conditions = CONDITIONS, **changes: float) -> Assessed:
    return filmed(runner(**changes), months, conditions)


BEFORE = filmed(runner())


@pytest.mark.parametrize(("metric", "smallest"), DETECTABLE.items())
def test_one_film_a_month_can_show_what_the_method_says(metric: str, smallest: float) -> None:
    row = table().row(metric)
    assert row is not None and row.basis
    assert smallest_detectable(row) == pytest.approx(smallest, rel=0.08)


@pytest.mark.parametrize("recipe_", book().recipes, ids=lambda each: each.id)
def test_the_power_of_each_check_is_what_its_scatter_makes_of_the_change_to_expect(recipe_: Recipe) -> None:
    row = table().row(recipe_.check.metric)
    assert row is not None
    sd = smallest_detectable(row) / 1.96
    least, most = (norm.cdf(change / sd - 1.96) for change in (recipe_.asked.low, recipe_.asked.high))
    assert least - 0.1 < recipe_.check.power < most + 0.1


@given(
    offs=st.fixed_dictionaries({name: st.floats(-2, 2) for name in norms()}),
    uncertainty=st.floats(0.1, 3),
)
@settings(deadline=None, max_examples=30)
def test_seen_from_the_other_month_every_difference_is_turned_round(
    offs: dict[str, float], uncertainty: float
) -> None:
    moved = {
        name: norms()[name].mean_at(3.0) + off * norms()[name].limit_at(3.0) for name, off in offs.items()
    }
    later = filmed(runner(uncertainty=uncertainty, **moved), 1)
    forth, back = compare(BEFORE, later).changes, compare(later, BEFORE).changes
    for one, other in zip(forth, back, strict=True):
        assert one.difference == pytest.approx(-other.difference)
        assert one.sd == pytest.approx(other.sd)
        assert one.verdict.changed is other.verdict.changed


def test_two_days_each_show_what_one_film_shows_half_of_the_time() -> None:
    row = table().row("shank_deg")
    assert row is not None
    one, two = (1.96 * 4.0 / smallest_detectable(row, films) - 1.96 for films in (1, 2))
    assert (one, two) == (pytest.approx(0, abs=0.03), pytest.approx(0.81, abs=0.05)), "power .50 and .79"


def test_a_metric_that_did_not_move_is_never_called_changed() -> None:
    comparison = compare(BEFORE, after(), OPEN)
    assert len({c.metric for c in comparison.changes}) >= 15
    assert {c.verdict for c in comparison.changes} == {Verdict.NOT_SHOWN}
    assert comparison.gate == comparison.warnings == ()


def test_a_cadence_that_rose_by_ten_is_what_the_cue_asked() -> None:
    check = compare(BEFORE, after(cadence_spm=176.0), OPEN).check
    assert check is not None
    assert (check.metric, check.verdict, check.as_asked) == ("cadence_spm", Verdict.HIGHER, True)
    assert (
        check.text == "Cadence is 10 steps/min higher, as the cue asks (166 steps/min, then 176 steps/min)."
    )


def test_a_change_too_small_to_see_says_what_would_be_missed() -> None:
    check = compare(BEFORE, after(cadence_spm=169.0), OPEN).check
    assert check is not None and check.verdict is Verdict.NOT_SHOWN
    assert "one of less than 6 steps/min would be missed" in check.text
    assert check.as_asked is None


def test_only_the_metric_that_the_cue_asks_is_judged_at_95_percent() -> None:
    comparison = compare(BEFORE, after(), OPEN)
    assert {c.metric for c in comparison.changes if c.z == 1.96} == {"cadence_spm"}
    assert {c.z for c in compare(BEFORE, after()).changes} == {2.58}


@given(off=st.floats(-30, 30), metric=st.sampled_from(sorted(norms())))
@settings(deadline=None)
def test_closer_and_farther_are_only_said_of_what_is_unusual(off: float, metric: str) -> None:
    norm = norms()[metric]
    value = norm.mean_at(3.0) + off
    low, high = norm.usual_at(3.0)
    comparison = compare(BEFORE, after(**{metric: value}))
    verdicts = {c.verdict for c in comparison.changes if c.metric == metric}
    if low <= value <= high or not norm.flags:
        assert not verdicts & {Verdict.CLOSER, Verdict.FARTHER}
    assert Verdict.CLOSER not in verdicts, "it began as usual"


def test_an_overstride_that_shrank_is_closer_to_usual_and_one_that_grew_farther() -> None:
    wide = filmed(runner(**OVERSTRIDER))
    closer = compare(wide, after(overstride_pct_leg=24.0, shank_deg=9.3))
    assert changed(closer, "overstride_pct_leg", Side.LEFT).verdict is Verdict.CLOSER
    farther = compare(BEFORE, after(**OVERSTRIDER))
    assert changed(farther, "overstride_pct_leg", Side.LEFT).verdict is Verdict.FARTHER


def test_a_side_effect_of_the_cue_is_never_called_worse() -> None:
    stiffer = after(knee_flexion_peak_deg=30.0)
    without, with_cue = (
        changed(compare(BEFORE, stiffer, cue), "knee_flexion_peak_deg", Side.LEFT) for cue in (None, OPEN)
    )
    assert without.verdict is Verdict.FARTHER
    assert with_cue.verdict is Verdict.LOWER


def test_a_reading_that_chose_the_cue_must_move_farther_to_count() -> None:
    wide = filmed(runner(**OVERSTRIDER))
    later = after(overstride_pct_leg=29.5, shank_deg=19.0)
    plain, asked = (
        changed(compare(wide, later, cue), "overstride_pct_leg", Side.LEFT) for cue in (None, OPEN)
    )
    assert plain.difference == pytest.approx(-6.5)
    assert asked.difference == pytest.approx(-6.5 + 0.2 * 12.0), "drawn towards the norm by a fifth"
    assert plain.verdict is Verdict.CLOSER and asked.verdict is Verdict.NOT_SHOWN


@given(reading=st.floats(-20, 60), off=st.floats(-20, 20))
@settings(deadline=None)
def test_tending_back_never_makes_a_change_and_never_turns_one_round(reading: float, off: float) -> None:
    first = filmed(runner(overstride_pct_leg=reading))
    second = after(overstride_pct_leg=reading + off)
    plain, asked = (
        changed(compare(first, second, cue), "overstride_pct_leg", Side.LEFT) for cue in (None, OPEN)
    )
    assert abs(asked.difference) <= abs(plain.difference) + 1e-9
    assert asked.difference * plain.difference >= 0


@pytest.mark.parametrize(
    ("differs", "reason"),
    [
        ({"surface": "road"}, "other-surface"),
        ({"incline_pct": 2.0}, "other-incline"),
        ({"speed_m_s": 3.4}, "other-speed"),
        ({"method": "8"}, "other-method"),
    ],
)
def test_what_makes_films_unlike_makes_everything_not_comparable(
    differs: dict[str, object], reason: str
) -> None:
    comparison = compare(BEFORE, after(conditions=replace(CONDITIONS, **differs)))  # type: ignore[arg-type]
    assert [each.id for each in comparison.gate] == [reason]
    assert {c.verdict for c in comparison.changes} == {Verdict.NOT_COMPARABLE}
    assert all("not comparable, because" in c.text for c in comparison.changes)


def test_what_nobody_noted_stands_in_nobodys_way() -> None:
    bare = Conditions(TODAY, speed_m_s=3.0, speed_given=True)
    comparison = compare(BEFORE, after(conditions=bare))
    assert comparison.gate == ()
    assert Verdict.NOT_COMPARABLE not in {c.verdict for c in comparison.changes}


def test_a_speed_a_little_off_is_taken_off_by_the_norm_and_widens_the_range() -> None:
    same, faster = (
        compare(
            BEFORE, after(conditions=replace(CONDITIONS, speed_m_s=3.0 + off), overstride_pct_leg=24.0 + rise)
        )
        for off, rise in ((0.0, 0.0), (0.2, 1.2))
    )
    plain, corrected = (changed(each, "overstride_pct_leg", Side.LEFT) for each in (same, faster))
    assert corrected.off_for_speed == pytest.approx(1.1, abs=0.15)
    assert corrected.difference == pytest.approx(0.0, abs=0.15)
    assert corrected.sd > plain.sd


def test_what_the_speed_does_to_a_metric_without_a_norm_is_not_guessed() -> None:
    sway = number("pelvis_sway_pct_leg", 2.0)
    faster = replace(CONDITIONS, speed_m_s=3.2)
    change = changed(compare(filmed((sway,)), filmed((sway,), 1, faster)), "pelvis_sway_pct_leg")
    assert change.reason is not None and change.reason.id == "other-speed"


def test_without_a_speed_only_what_hangs_on_it_is_not_comparable() -> None:
    nowhere = replace(CONDITIONS, speed_m_s=np.nan, speed_given=False)
    comparison = compare(BEFORE, after(conditions=nowhere))
    assert changed(comparison, "overstride_pct_leg", Side.LEFT).reason is not None
    assert changed(comparison, "lean_deg").verdict is Verdict.NOT_SHOWN


def test_the_other_leg_is_not_compared_with_this_one() -> None:
    right = tuple(
        replace(m, side=Side.RIGHT) if m.side is Side.LEFT and m.clip == "side" else m for m in runner()
    )
    other = replace(CONDITIONS, clips=(Filming("side", View.RIGHT, 120.0), CONDITIONS.clips[1]))
    comparison = compare(BEFORE, filmed(right, 1, other))
    left = changed(comparison, "overstride_pct_leg", Side.LEFT)
    assert left.reason is not None and left.reason.id == "other-side"
    lean = changed(comparison, "lean_deg")
    assert lean.reason is not None and lean.reason.id == "other-view"
    assert changed(comparison, "cadence_spm").verdict is Verdict.NOT_SHOWN


def test_times_from_thirty_pictures_do_not_compare_with_slow_motion() -> None:
    slow = replace(CONDITIONS, clips=(Filming("side", View.LEFT, 30.0), CONDITIONS.clips[1]))
    comparison = compare(BEFORE, after(conditions=slow))
    contact = changed(comparison, "contact_time_ms", Side.LEFT)
    assert contact.reason is not None and contact.reason.field == "capture_fps"
    assert changed(comparison, "cadence_spm").verdict is Verdict.NOT_SHOWN


def test_a_rate_that_only_the_run_tells_does_not_compare_with_another() -> None:
    def cadence_at(fps: float) -> Change:
        told = Filming("side", View.LEFT, fps, rate_sd=0.05)
        conditions = replace(CONDITIONS, clips=(told, CONDITIONS.clips[1]))
        return changed(compare(BEFORE, after(conditions=conditions)), "cadence_spm")

    other = cadence_at(240.0)
    assert other.reason is not None and other.reason.id == "rate-unsaid"
    assert cadence_at(120.0).reason is None


def test_fewer_than_seven_steps_are_not_compared() -> None:
    few = compare(BEFORE, filmed(runner(n=6), 1))
    assert {c.reason.id for c in few.changes if c.reason} == {"too-few-steps"}


def test_numbers_are_matched_by_view_not_by_the_name_of_the_clip() -> None:
    renamed = tuple(replace(m, clip={"side": "x1", "behind": "x2"}[m.clip]) for m in runner())
    clips = (Filming("x1", View.LEFT, 120.0), Filming("x2", View.REAR, 60.0))
    comparison = compare(BEFORE, filmed(renamed, 1, replace(CONDITIONS, clips=clips)))
    assert Verdict.NOT_COMPARABLE not in {c.verdict for c in comparison.changes}
    assert changed(comparison, "lean_deg").clips == ("side", "x1")


def test_a_cadence_seen_from_behind_does_not_hide_the_one_from_the_side() -> None:
    behind = replace(number("cadence_spm", 166.0, uncertainty=0.1), clip="behind")
    comparison = compare(filmed((*runner(), behind)), filmed((*runner(), behind), 1), OPEN)
    assert len([c for c in comparison.changes if c.metric == "cadence_spm"]) == 1


@pytest.mark.parametrize(
    ("differs", "warning"),
    [
        ({"shoes": "red"}, "other-shoes"),
        ({"minutes_run_before": 3.0}, "not-settled"),
        ({"first_time_on_treadmill": True}, "first-time"),
        ({"speed_given": False}, "one-speed-given"),
    ],
)
def test_what_to_keep_in_mind_is_said_and_does_not_refuse(differs: dict[str, object], warning: str) -> None:
    comparison = compare(BEFORE, after(conditions=replace(CONDITIONS, **differs)))  # type: ignore[arg-type]
    assert [each.id for each in comparison.warnings] == [warning]
    assert comparison.gate == ()


def test_fresh_against_tired_has_no_day_in_it_and_no_complaint_about_warming_up() -> None:
    tired = filmed(runner(cadence_spm=163.5), 0, replace(CONDITIONS, minutes_run_before=45.0))
    fresh = filmed(runner(), 0, replace(CONDITIONS, minutes_run_before=2.0))
    comparison = compare(fresh, tired, terms=SAME_DAY)
    assert changed(comparison, "cadence_spm").verdict is Verdict.LOWER
    assert comparison.warnings == ()
    assert changed(compare(fresh, tired), "cadence_spm").verdict is Verdict.NOT_SHOWN


def test_left_against_right_counts_what_the_tool_may_get_wrong_on_each() -> None:
    both = (
        number("shank_deg", 9.0, uncertainty=1.5, side=Side.LEFT),
        number("shank_deg", 13.0, uncertainty=1.5, side=Side.RIGHT),
    )
    (change,) = left_against_right(filmed(both))
    assert change.verdict is Verdict.NOT_SHOWN
    assert change.sd == pytest.approx(np.sqrt(2 * (1.5**2 + 0.8**2)))
    far = (both[0], replace(both[1], value=19.0))
    (change,) = left_against_right(filmed(far))
    assert change.verdict is Verdict.HIGHER


def test_hip_drop_is_compared_as_the_mean_and_on_each_side() -> None:
    comparison = compare(filmed(runner(hip_drop_deg=13.0)), after(hip_drop_deg=6.0), recipe("hip-drop"))
    assert {c.side for c in comparison.changes if c.metric == "hip_drop_deg"} == {None, *Side}
    assert comparison.check is not None and comparison.check.side is None
    assert comparison.check.as_asked is True


def hands(left: float, right: float) -> tuple[Measurement, ...]:
    return (
        number("crossover_pct", left, uncertainty=2, side=Side.LEFT),
        number("crossover_pct", right, uncertainty=2, side=Side.RIGHT),
    )


def test_hands_are_compared_as_their_mean_which_a_phone_to_one_side_does_not_move() -> None:
    def check_after(left: float, right: float) -> Change:
        comparison = compare(filmed(hands(20.0, 45.0)), filmed(hands(left, right), 1), recipe("arms"))
        assert comparison.check is not None
        assert comparison.check.side is None
        return comparison.check

    assert check_after(32.0, 33.0).verdict is Verdict.NOT_SHOWN
    assert check_after(0.0, 20.0).verdict is Verdict.CLOSER


def test_two_films_a_week_see_a_smaller_change() -> None:
    films = [filmed(runner(lean_deg=lean)) for lean in (6.0, 8.0)]
    week = pooled(films)
    assert week.conditions.films == 2
    (lean,) = week.numbers("lean_deg", None)
    assert lean.value == pytest.approx(7.0)
    assert of_steps(lean) == pytest.approx(0.25 / np.sqrt(2))
    one = changed(compare(BEFORE, after()), "lean_deg")
    two = changed(compare(week, week), "lean_deg")
    assert two.sd == pytest.approx(one.sd / np.sqrt(2), rel=0.01)


def test_enough_films_can_say_that_nothing_changed() -> None:
    many = pooled([BEFORE] * 12)
    assert changed(compare(many, replace(many)), "cadence_spm").verdict is Verdict.SAME


def test_a_runner_who_scatters_more_than_others_gets_wider_ranges_as_films_tell() -> None:
    row = table().row("cadence_spm")
    assert row is not None
    assert day_sd(row, ()) == row.day_sd
    restless = own_day(row, [[160, 168], [161, 169], [159, 167]], of_steps=0.2)
    assert restless.df == 3
    assert row.day_sd < day_sd(row, [restless]) < restless.day_sd
    many = Own("cadence_spm", 5.0, df=1000)
    assert day_sd(row, [many]) == pytest.approx(5.0, abs=0.05)
    assert own_day(row, [[160.0]], 0.2).df == 0


def test_steps_that_say_nothing_of_repeatability_give_their_standard_error() -> None:
    samples = tuple(float(x) for x in range(9))
    bare = replace(number("lean_deg", 4.0), samples=samples, n=9, repeatability=np.nan)
    assert of_steps(bare) == pytest.approx(1.2533 * np.std(samples, ddof=1) / 3)


def test_a_trend_over_six_months_is_seen_where_two_films_see_nothing() -> None:
    history = [filmed(runner(overstride_pct_leg=31.0 - 1.4 * month), month) for month in range(7)]
    found = trend(history, "overstride_pct_leg", Side.LEFT)
    assert found.clear and found.per_month == pytest.approx(-1.4 * 30.44 / 28, rel=0.01)
    assert found.text.startswith("Overstride falls by 1.5 %")
    ends = changed(compare(history[2], history[3]), "overstride_pct_leg", Side.LEFT)
    assert ends.verdict is Verdict.NOT_SHOWN
    assert all(abs(p.value - p.line) < 0.1 and p.band > 0 for p in found.points)


def test_a_trend_leaves_out_what_is_not_comparable_and_says_so() -> None:
    history = [filmed(runner(), month) for month in range(4)]
    history.append(filmed(runner(overstride_pct_leg=40.0), 5, replace(CONDITIONS, surface="road")))
    history.append(filmed(runner(), 6))
    found = trend(history, "overstride_pct_leg", Side.LEFT)
    assert [each.reason.id for each in found.left_out] == ["other-surface"]
    assert len(found.points) == 5 and not found.clear
    assert "no trend these films can show" in found.text


@pytest.mark.parametrize("months", [[0], [0, 1], [2, 2, 2]])
def test_a_trend_takes_three_films_of_different_days(months: list[int]) -> None:
    found = trend([filmed(runner(), month) for month in months], "cadence_spm")
    assert np.isnan(found.per_month) and not found.clear
    assert "takes three" in found.text


def test_a_last_film_of_too_few_steps_is_no_trend_and_no_fault() -> None:
    short = tuple(replace(m, n=3) if m.name == "cadence_spm" else m for m in runner())
    found = trend([filmed(runner(), 0), filmed(short, 1)], "cadence_spm")
    assert found.points == () and len(found.left_out) == 2
    assert "there are 0" in found.text


def test_a_trend_of_what_nobody_measured_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        trend([BEFORE], "elbow_deg", Side.RIGHT)


def test_the_order_in_which_assessments_are_listed_does_not_matter_to_a_trend() -> None:
    history = [filmed(runner(cadence_spm=160.0 + month), month) for month in range(5)]
    assert trend(history, "cadence_spm") == trend(history[::-1], "cadence_spm")


def test_a_month_is_four_weeks_here() -> None:
    assert after(2).conditions.filmed_on - TODAY == timedelta(days=56)
