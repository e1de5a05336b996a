"""What is told beside the verdict: reasons with their field, and the arithmetic of several films."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from gait.body import Side, View
from gait.coaching.assessment import assess, of_both_sides
from gait.coaching.book import book
from gait.coaching.change import compare, left_against_right
from gait.coaching.conditions import Filming, pooled
from gait.coaching.cue import Screens, cadence_of
from gait.coaching.norms import norms
from gait.coaching.programme import Film, Move, Prescription, State, next_step
from gait.coaching.scatter import Own, own_day, table
from gait.coaching.trend import trend
from gait.errors import Reason
from gait.metrics.catalogue import CADENCE, HIP_DROP
from gait.metrics.measurement import missing
from gait.motion.scale import Speed
from gait.quality.doubts import Doubt
from tests.coaching.runners import (
    CONDITIONS,
    FAULTS,
    MONTH,
    OVERSTRIDER,
    SPEED,
    TODAY,
    advise,
    filmed,
    number,
    runner,
)

SLOW = {**OVERSTRIDER, "cadence_spm": 160.0}


def film(screens: Screens | None = None, months: float = 1, **form: float) -> Film:
    measurements = runner(**form)
    findings = assess(measurements, SPEED, ())
    return Film(TODAY + months * MONTH, findings, measurements, SPEED, screens or Screens())


OPEN = Prescription("overstride", TODAY, cadence_spm=160.0)


def test_a_cue_that_waits_says_for_what_and_which_field_would_mend_it() -> None:
    step = next_step(OPEN, None, film(Screens(in_pain=True), **SLOW))
    assert (step.why_id, step.field) == ("pain", "in_pain")
    assert step.why.endswith("Your cue, “Land under you”, waits until then.")


def test_trouble_with_the_calf_stops_only_what_loads_it() -> None:
    recipe = book().recipe("overstride")
    assert recipe is not None and not recipe.loads_calf
    step = next_step(OPEN, None, film(Screens(calf_trouble=True), **SLOW))
    assert step.move is Move.KEEP


def test_two_films_without_the_metric_that_is_asked_cannot_tell() -> None:
    before, after = (
        replace(each, measurements=tuple(m for m in each.measurements if m.name != CADENCE.name))
        for each in (filmed(runner(**SLOW)), filmed(runner(**SLOW), 1))
    )
    comparison = compare(before, after, book().recipe("overstride"))
    assert comparison.check is None
    step = next_step(OPEN, comparison, film(**SLOW))
    assert step.move is Move.KEEP and "asked of your cadence, and these films do not show it" in step.why


def test_four_weeks_count_from_the_film_that_was_asked_last() -> None:
    comparison = compare(filmed(runner(**SLOW)), filmed(runner(**SLOW), 1), book().recipe("overstride"))
    asked = next_step(OPEN, comparison, film(**SLOW)).prescription
    assert asked is not None and asked.asked_on == TODAY + MONTH
    again = next_step(asked, comparison, film(months=1.5, **SLOW))
    assert "too early" in again.why
    assert f"until {TODAY + 2 * MONTH:%d %B %Y}" in again.why


def test_the_first_film_is_not_told_what_follows_a_cue() -> None:
    odd = {"overstride_pct_leg": 36.0}
    first = next_step(None, None, film(**odd))
    assert first.move is Move.NOTHING and first.why_id == "nothing-proven"
    assert "nothing that a proven cue answers" in first.why
    later = next_step(replace(OPEN, state=State.ENDED), None, film(**odd))
    assert "keep what the last one has brought" in later.why


def test_what_came_second_is_told_at_the_start_and_at_the_turn() -> None:
    two = {**SLOW, "oscillation_pct_leg": 15.0, "hip_drop_deg": 13.0}
    first = next_step(None, None, film(**two))
    assert first.runner_up is not None and "It came second:" in first.runner_up.why
    comparison = compare(filmed(runner(**two)), filmed(runner(**two), 1), book().recipe("overstride"))
    turn = next_step(replace(OPEN, unshown=1), comparison, film(**two))
    assert turn.move is Move.NEXT and turn.runner_up is not None
    assert turn.runner_up.id != "overstride"


def test_a_cue_after_another_goes_by_the_speed_too() -> None:
    fast = Speed(8.0, 0.05, given=True)
    nothing = next_step(None, None, replace(film(**{"lean_deg": 6.0}), speed=fast, findings=()))
    assert "28.8 km/h" in nothing.why and nothing.why_id == "speed-without-norms"


def test_the_beat_goes_up_only_in_a_cue_with_a_beat() -> None:
    for fault, beat in (("overstride", True), ("arms", False)):
        form = {**FAULTS[fault], "cadence_spm": 160.0}
        same = compare(filmed(runner(**form)), filmed(runner(**form), 1), book().recipe(fault))
        step = next_step(replace(OPEN, cue_id=fault), same, film(**form))
        assert step.move is Move.KEEP
        assert ("The beat goes up a little, and you get another four weeks" in step.why) is beat
        assert beat or " You get another four weeks" in step.why


def test_without_a_speed_it_is_said_what_can_be_judged_and_what_stands_out() -> None:
    told = advise(runner(lean_deg=20.0, waist_bend_deg=0.0), speed=None)
    assert told.cue is not None or "Without the running speed" in told.why
    plain = advise(runner(), speed=None)
    assert plain.why.startswith(
        "Without the running speed most numbers cannot be held against what runners do: give the belt's "
        "speed."
    )
    assert "What can be judged without it is usual: " in plain.why
    assert "stands out all the same" not in plain.why
    assert (plain.why_id, plain.field) == ("speed-unknown", "speed_kmh")


def test_beyond_the_norms_it_is_said_how_far_they_reach() -> None:
    told = advise(runner(), speed=Speed(8.0, 0.05, given=True))
    assert told.why.startswith("There are no norms for 28.8 km/h, only for 7 to 18: most numbers stand")
    assert told.field == ""
    assert advise(runner(), speed=Speed(8.0, 0.05, given=False)).field == "speed_kmh"


def test_half_of_the_numbers_with_enough_steps_are_enough() -> None:
    judged = [m for m in runner() if m.name in book().judged()]
    half = len(judged) // 2
    told = advise(tuple(replace(m, n=10 if k < half else 3) for k, m in enumerate(judged[: 2 * half])))
    fewer = advise(tuple(replace(m, n=10 if k < half - 1 else 3) for k, m in enumerate(judged[: 2 * half])))
    assert told.why_id != "too-few-steps"
    assert fewer.why_id == "too-few-steps"


def test_a_clip_that_is_too_bad_is_told_apart_from_a_fault_that_no_cue_answers() -> None:
    bad = Doubt("dark", "", tuple(norms()), 0.1)
    assert advise(runner(**OVERSTRIDER), doubts=(bad,)).why_id == "clip-not-good-enough"
    assert advise(runner(overstride_pct_leg=36.0)).why_id == "nothing-proven"


def test_what_is_usual_is_told_where_something_is_not_settled() -> None:
    unsure = tuple(
        replace(m, uncertainty=9.0) if m.name == "oscillation_pct_leg" else m for m in runner(uncertainty=0.3)
    )
    told = advise(unsure)
    assert told.why_id == "not-settled"
    assert "Usual: " in told.why and "Not settled: bounce is known only to" in told.why


def test_an_uncertain_belt_speed_of_unknown_runners_is_not_called_given() -> None:
    assert all(np.isnan(f.speed_m_s) for f in assess(runner(), None, ()) if f.any_speed)


def test_the_mean_of_both_hips_keeps_what_they_share_and_halves_what_they_do_not() -> None:
    left = replace(number("hip_drop_deg", 8.0, n=9, uncertainty=3.0, side=Side.LEFT), repeatability=0.6)
    right = replace(number("hip_drop_deg", 4.0, n=7, uncertainty=2.0, side=Side.RIGHT), repeatability=0.8)
    (mean,) = of_both_sides([left, right])
    assert (mean.side, mean.value, mean.uncertainty, mean.n, mean.samples) == (None, 6.0, 3.0, 7, ())
    assert mean.repeatability == pytest.approx(0.5)


def test_the_range_of_a_norm_is_open_where_it_is_not_judged() -> None:
    one_sided = [norm for norm in norms().values() if norm.flags == ("low",)]
    assert one_sided
    for norm in one_sided:
        low, high = norm.usual_at(3.0)
        assert np.isfinite(low) and high == np.inf


def test_of_several_clips_the_one_that_knows_it_best_gives_the_cadence() -> None:
    one, other = number("cadence_spm", 160.0, uncertainty=2.0), number("cadence_spm", 171.0, uncertainty=0.4)
    unseen = missing(CADENCE, None, "x", Reason("unread", "it could not be read"))
    assert cadence_of([one, other, unseen]) == cadence_of([unseen, other, one]) == 171.0
    assert cadence_of([unseen]) is None


def test_the_fallback_words_of_a_cue_come_with_it() -> None:
    cue = advise(runner(**OVERSTRIDER)).cue
    assert cue is not None and cue.fallback == "Pull the foot back a little before it lands."


def test_of_two_cues_it_is_told_which_of_evidence_and_fault_decided() -> None:
    evidence = advise(runner(**OVERSTRIDER, crossover_pct=40.0)).runner_up
    assert evidence is not None and "less evidence stands behind it" in evidence.why


def test_left_against_right_takes_the_surest_number_of_each_side_once() -> None:
    numbers = [
        number("shank_deg", 12.0, side=Side.LEFT),
        number("shank_deg", 14.0, uncertainty=0.4, side=Side.RIGHT),
        number("shank_deg", 19.0, uncertainty=3.0, side=Side.RIGHT),
    ]
    (change,) = left_against_right(filmed(tuple(numbers)))
    assert (change.metric, change.side, change.before, change.after) == ("shank_deg", None, 12.0, 14.0)


def test_what_changed_in_something_without_a_norm_is_neither_closer_nor_farther() -> None:
    changes = compare(filmed(runner(foot_strike_deg=5.0)), filmed(runner(foot_strike_deg=40.0), 1)).changes
    (foot,) = (c for c in changes if c.metric == "foot_strike_deg" and c.verdict.changed)
    assert foot.verdict.value == "higher"


def test_a_speed_just_beyond_the_norms_still_lets_a_reading_tend_back() -> None:
    edge = norms()["overstride_pct_leg"].carried_to_m_s[1]
    at = replace(CONDITIONS, speed_m_s=edge + 0.05, speed_sd_m_s=0.1)
    before, after = runner(overstride_pct_leg=45.0, shank_deg=25.0), runner(overstride_pct_leg=40.0)
    cue = book().recipe("overstride")
    drawn = compare(filmed(before, 0, at), filmed(after, 1, at), cue)
    (change,) = (c for c in drawn.changes if c.metric == "overstride_pct_leg")
    assert abs(change.difference) < 5.0
    sure = replace(at, speed_sd_m_s=0.0)
    (plain,) = (
        c
        for c in compare(filmed(before, 0, sure), filmed(after, 1, sure), cue).changes
        if c.metric == "overstride_pct_leg"
    )
    assert plain.difference == pytest.approx(-5.0)


def test_two_surfaces_are_told_with_the_field_that_says_so() -> None:
    road = replace(CONDITIONS, surface="road")
    (reason,) = compare(filmed(runner()), filmed(runner(), 1, road)).gate
    assert (reason.id, reason.field) == ("other-surface", "surface")
    fast = replace(CONDITIONS, speed_m_s=4.0)
    (reason,) = compare(filmed(runner()), filmed(runner(), 1, fast)).gate
    assert (reason.id, reason.field) == ("other-speed", "speed_kmh")
    assert "10.8 and 14.4 km/h" in reason.text


def test_a_little_more_speed_stands_in_the_way_of_what_has_no_norm() -> None:
    faster = replace(CONDITIONS, speed_m_s=3.25)
    changes = compare(
        filmed(runner(foot_strike_deg=10.0)), filmed(runner(foot_strike_deg=10.0), 1, faster)
    ).changes
    (foot,) = (c for c in changes if c.metric == "foot_strike_deg")
    assert foot.reason is not None
    assert (foot.reason.id, foot.reason.field) == ("other-speed", "speed_kmh")
    assert "differ by 0.9 km/h" in foot.reason.text


def test_a_number_of_the_other_side_and_one_that_is_missing_say_what_to_do() -> None:
    left, right = (filmed((number("shank_deg", 12.0, side=side),), month) for month, side in enumerate(Side))
    told = {c.side: c.reason for c in compare(left, right).changes if c.metric == "shank_deg"}
    was, now = told[Side.LEFT], told[Side.RIGHT]
    assert was is not None and (was.id, was.field) == ("other-side", "near")
    assert was.text == "now only the right side was filmed: film from the left again"
    assert now is not None and now.text == "before only the left side was filmed: film from the right again"

    why = Reason("no-rear-clip", "only a clip from behind shows it")
    before = filmed((number("hip_drop_deg", 8.0, side=Side.LEFT),))
    after = filmed((missing(HIP_DROP, Side.LEFT, "", why),), 1)
    (hips,) = (c for c in compare(before, after).changes if c.side is Side.LEFT)
    assert hips.reason is not None and hips.reason.id == "missing"
    assert hips.reason.text == f"there is no number now: {why}"
    nothing_said = compare(before, filmed((), 1)).changes
    assert [c.reason.text for c in nothing_said if c.reason] == ["there is no number now"]


def test_films_of_one_week_are_matched_by_what_they_show_not_by_the_names_of_clips() -> None:
    names = replace(
        CONDITIONS, clips=(Filming("other", View.LEFT, 120.0), Filming("side", View.RIGHT, 120.0))
    )
    left = number("overstride_cm", 30.0, side=Side.LEFT)
    again = (replace(left, value=34.0, clip="other"), replace(left, value=60.0, uncertainty=0.1))
    (mean,) = pooled([filmed(again, 0, names), filmed((left,), 0.1)]).measurements
    assert mean.value == pytest.approx(32.0)


def test_a_runner_scatters_by_what_repeated_films_leave_after_tool_and_steps() -> None:
    row = table().row("shank_deg", Side.LEFT)
    assert row is not None
    weeks = [[10.0, 16.0], [12.0, 12.0, 18.0], [11.0]]
    within = (18.0 + 24.0) / 3
    own = own_day(row, weeks, of_steps=1.0)
    assert own == Own("shank_deg", pytest.approx(np.sqrt(within - row.tool_sd**2 - 1.0)), 3.0)
    assert own_day(row, [[10.0], [12.0]], of_steps=1.0) == Own("shank_deg", 0.0, 0.0)


def months_of(*values: float, films: tuple[int, ...] = (1, 1, 1, 1)) -> list[object]:
    return [
        filmed(
            (replace(number("cadence_spm", value), repeatability=0.0),), k, replace(CONDITIONS, films=count)
        )
        for k, (value, count) in enumerate(zip(values, films, strict=False))
    ]


def test_a_film_that_counts_for_several_pulls_the_line_more_and_is_surer() -> None:
    alone = trend(months_of(160.0, 160.0, 160.0, 170.0), "cadence_spm")  # type: ignore[arg-type]
    often = trend(months_of(160.0, 160.0, 160.0, 170.0, films=(1, 1, 1, 9)), "cadence_spm")  # type: ignore[arg-type]
    assert often.points[-1].sd == pytest.approx(alone.points[-1].sd / 3)
    assert abs(often.points[-1].line - 170.0) < abs(alone.points[-1].line - 170.0)


def test_a_trend_is_surest_in_its_middle() -> None:
    drawn = trend(months_of(160.0, 162.0, 164.0, 166.0), "cadence_spm")  # type: ignore[arg-type]
    ends, middle = drawn.points[0].band, drawn.points[1].band
    sd = drawn.points[0].sd
    assert ends > middle
    assert ends == pytest.approx(table().z_check * sd * np.sqrt(1 / 4 + 1.5**2 / 5))
    assert drawn.per_month == pytest.approx(2.0 * 365.25 / 12 / 28, rel=0.01)


def test_what_a_trend_leaves_out_is_named_with_its_day() -> None:
    history = [
        filmed((number("cadence_spm", 160.0),), 0, replace(CONDITIONS, surface="road")),
        *[filmed((number("cadence_spm", 160.0),), k) for k in (1, 2, 3)],
    ]
    (left_out,) = trend(history, "cadence_spm").left_out
    assert left_out.filmed_on == TODAY == date(2026, 11, 23)
    assert left_out.reason.id == "other-surface"


def test_a_trend_of_the_hips_scatters_as_what_is_drawn_of_them() -> None:
    history = [filmed(tuple(number("hip_drop_deg", 8.0, side=side) for side in Side), k) for k in range(3)]
    both, one = trend(history, "hip_drop_deg"), trend(history, "hip_drop_deg", Side.LEFT)
    rows = [table().row("hip_drop_deg", side) for side in (None, Side.LEFT)]
    assert rows[0] != rows[1]
    for drawn, row in zip((both, one), rows, strict=True):
        assert row is not None
        assert drawn.points[0].sd >= np.hypot(row.day_sd, row.tool_sd) - 1e-9
    assert both.points[0].sd != one.points[0].sd
