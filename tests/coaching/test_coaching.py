from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.body import Side
from gait.coaching.assessment import Finding, assess
from gait.coaching.book import Recipe, book
from gait.coaching.cue import Screens
from gait.coaching.curves import mean_curve
from gait.coaching.norms import norms, spreads
from gait.coaching.scatter import table
from gait.metrics.catalogue import CATALOGUE
from gait.motion.scale import Speed
from gait.quality.doubts import Doubt
from tests.coaching.runners import FAULTS, OVERSTRIDER, SPEED, TODAY, advise, number, runner, usual

USUAL = usual()


def texts_of(recipe: Recipe) -> tuple[str, ...]:
    return (
        recipe.title,
        recipe.text,
        recipe.fallback,
        recipe.drill,
        recipe.dose,
        *recipe.weeks,
        recipe.after,
        recipe.expect,
    )


def test_an_overstrider_gets_one_cue_with_dose_and_date() -> None:
    advice = advise(runner(**OVERSTRIDER))
    assert advice.cue is not None
    assert advice.cue.id == "overstride"
    assert advice.cue.retest == TODAY + timedelta(days=28)
    assert "174" in advice.cue.drill, "own cadence of 166 plus 5 %"
    assert advice.cue.target_cadence_spm == pytest.approx(174.3)
    assert "36 %" in advice.why


@pytest.mark.parametrize("cue_id", FAULTS)
def test_every_fault_of_the_book_gets_its_cue(cue_id: str) -> None:
    cue = advise(runner(**FAULTS[cue_id])).cue
    assert cue is not None
    assert cue.id == cue_id
    assert len(cue.weeks) == 4
    assert all(f"Week {week}:" in cue.dose for week in (1, 2, 3, 4))
    assert "odd" in cue.notes[0] and "weekly distance" in cue.notes[1] and "3 out of 10" in cue.notes[2]


@pytest.mark.parametrize(
    ("proven", "louder"), [("overstride", "arms"), ("hip-drop", "leaning"), ("stiff", "waist")]
)
def test_a_fault_whose_cure_is_proven_goes_before_one_that_stands_out_more(proven: str, louder: str) -> None:
    advice = advise(runner(**FAULTS[proven], **FAULTS[louder]))
    assert advice.cue is not None
    assert advice.cue.id == proven
    assert advice.runner_up is not None
    assert "less evidence stands behind it" in advice.runner_up.why


def test_the_whole_book_is_reached_by_some_fault() -> None:
    assert set(FAULTS) == {recipe.id for recipe in book().recipes}


def test_a_good_runner_is_told_to_change_nothing_and_what_was_judged() -> None:
    advice = advise(runner())
    assert advice.cue is None
    assert advice.why.startswith("Nothing to change in what was judged: overstride")
    assert "Not judged" not in advice.why


def test_a_side_clip_alone_says_that_hips_arms_and_feet_were_not_judged() -> None:
    advice = advise(tuple(m for m in runner() if m.clip == "side"))
    assert advice.why.startswith("Nothing to change")
    assert (
        "Not judged, because these films do not show it: hip drop, step width and arm crossover" in advice.why
    )


def test_a_lean_just_outside_is_never_called_nothing_to_change() -> None:
    advice = advise(
        tuple(replace(m, uncertainty=2.3) if m.name == "lean_deg" else m for m in runner(lean_deg=16.5))
    )
    assert advice.cue is None
    assert advice.why_id == "not-settled"
    assert "Nothing to change" not in advice.why
    assert "forward lean is 16.5°, usual is 0 to 15°" in advice.why


def test_a_bounce_known_to_a_third_is_never_called_nothing_to_change() -> None:
    third = 0.16 * USUAL["oscillation_pct_leg"]
    advice = advise(tuple(replace(m, uncertainty=third) if "oscill" in m.name else m for m in runner()))
    assert advice.why_id == "not-settled"
    assert "bounce is known only to ± 3.4 %" in advice.why


@given(
    values=st.fixed_dictionaries({name: st.floats(-3, 3) for name in USUAL}),
    uncertainty=st.floats(0.1, 6),
)
@settings(deadline=None, max_examples=60)
def test_nothing_to_change_is_only_said_where_all_that_was_measured_is_surely_usual(
    values: dict[str, float], uncertainty: float
) -> None:
    known = norms()
    forms = {name: USUAL[name] + off * known[name].limit_at(3.0) / 2 for name, off in values.items()}
    measurements = runner(uncertainty=uncertainty, **forms)
    if advise(measurements).why_id == "nothing-to-change":
        assert all(f.settled for f in assess(measurements, SPEED, ()) if f.flags)


def test_overstride_alone_without_the_shin_is_no_fault() -> None:
    advice = advise(runner(overstride_pct_leg=36.0))
    assert advice.cue is None
    assert "What stands out (overstride)" in advice.why


def test_overstride_of_one_leg_and_the_shin_of_the_other_are_no_fault_together() -> None:
    measurements = (
        number("overstride_pct_leg", 36.0, side=Side.LEFT),
        number("shank_deg", 10.0, side=Side.LEFT),
        number("overstride_pct_leg", 24.0, side=Side.RIGHT),
        number("shank_deg", 19.0, side=Side.RIGHT),
    )
    assert advise(measurements).cue is None


def test_a_value_outside_the_usual_range_by_less_than_its_doubt_is_not_called_high() -> None:
    (finding,) = assess((number("overstride_pct_leg", 24.0 + 6.0, uncertainty=2.0),), SPEED, ())
    assert finding.value > finding.usual[1]
    assert finding.verdict == ""
    assert finding.outside and not finding.settled


@pytest.mark.parametrize(("bend_deg", "settled"), [(24.0, True), (15.0, True), (13.0, False), (8.0, False)])
def test_a_value_far_from_where_unusual_begins_is_usual_however_roughly_it_is_known(
    bend_deg: float, settled: bool
) -> None:
    (finding,) = assess((number("knee_flexion_touchdown_deg", bend_deg, uncertainty=4.5),), SPEED, ())
    low, _ = finding.usual
    assert 13.0 < low + 2 * finding.unsure < 15.0
    assert finding.settled is settled


def test_a_finding_names_the_clip_it_was_read_from() -> None:
    left = replace(number("overstride_pct_leg", 36.0, side=Side.LEFT), clip="a")
    right = replace(number("overstride_pct_leg", 24.0, side=Side.RIGHT), clip="b")
    findings = assess((left, right), SPEED, (Doubt("dark", "Dark.", ("overstride_pct_leg",), 0.1, clip="b"),))
    assert [finding.key for finding in findings] == [
        ("overstride_pct_leg", Side.LEFT, "a"),
        ("overstride_pct_leg", Side.RIGHT, "b"),
    ]
    assert [finding.trust for finding in findings] == [1.0, pytest.approx(0.1)], "a doubt stays with its clip"


def test_somebody_in_pain_gets_no_technique_cue() -> None:
    for advice in (
        advise(runner(**OVERSTRIDER), in_pain=True),
        advise(runner(), screens=Screens(in_pain=True)),
    ):
        assert advice.cue is None
        assert "clinician" in advice.why
        assert (advice.why_id, advice.field) == ("pain", "in_pain")


@pytest.mark.parametrize(("days", "gets_one"), [(-1, True), (0, False), (28, False), (29, True)])
def test_shortly_before_a_race_nothing_is_changed(days: int, gets_one: bool) -> None:
    advice = advise(runner(**OVERSTRIDER), screens=Screens(race_on=TODAY + timedelta(days=days)))
    assert (advice.cue is not None) is gets_one


@pytest.mark.parametrize("cue_id", FAULTS)
def test_nobody_with_calf_trouble_gets_a_drill_that_loads_the_calf(cue_id: str) -> None:
    advice = advise(runner(**FAULTS[cue_id]), screens=Screens(calf_trouble=True))
    recipe = book().recipe(cue_id)
    assert recipe is not None
    if recipe.loads_calf:
        assert advice.cue is None or not book().recipe(advice.cue.id).loads_calf  # type: ignore[union-attr]
        assert advice.cue is not None or advice.why_id == "calf-trouble"
    else:
        assert advice.cue is not None and advice.cue.id == cue_id


def test_without_a_speed_only_what_does_not_hang_on_it_is_judged() -> None:
    advice = advise(runner(**OVERSTRIDER), speed=None)
    assert advice.cue is None
    assert (advice.why_id, advice.field) == ("speed-unknown", "speed_kmh")
    assert "usual: forward lean" in advice.why
    rear_only = tuple(m for m in runner(**FAULTS["hip-drop"]) if m.clip == "behind")
    cue = advise(rear_only, speed=None).cue
    assert cue is not None and cue.id == "hip-drop"


@pytest.mark.parametrize("m_s", [1.5, 6.0])
def test_far_outside_the_speeds_that_were_studied_there_is_no_norm(m_s: float) -> None:
    advice = advise(runner(**OVERSTRIDER), speed=Speed(m_s, 0.05, given=True))
    assert advice.cue is None
    assert "no norms" in advice.why


@pytest.mark.parametrize("kmh", [7.0, 8.0, 8.9])
def test_a_jogger_with_a_clear_fault_gets_a_cue_and_hears_that_the_norm_was_carried_on(kmh: float) -> None:
    advice = advise(runner(**OVERSTRIDER), speed=Speed(kmh / 3.6, 0.05, given=True))
    assert advice.cue is not None and advice.cue.id == "overstride"
    assert "carried on beyond the speeds that were studied" in advice.why


def test_outside_of_the_measured_speeds_the_usual_range_only_grows() -> None:
    for norm in norms().values():
        if norm.any_speed:
            continue
        inside, slower = norm.speed_m_s[0], norm.speed_m_s[0] - 0.5
        low, high = (norm.mean_at(slower) + sign * norm.limit_at(slower) for sign in (-1, 1))
        assert low <= norm.mean_at(inside) - norm.limit_at(inside) + 1e-9
        assert high >= norm.mean_at(inside) + norm.limit_at(inside) - 1e-9
        assert norm.carried_on(slower) and not norm.carried_on(inside)


def test_a_speed_within_its_range_of_the_edge_counts() -> None:
    overstrider = runner(**OVERSTRIDER)
    assert advise(overstrider, speed=Speed(1.7, 0.05, given=False)).cue is None
    cue = advise(overstrider, speed=Speed(1.7, 0.15, given=False)).cue
    assert cue is not None and cue.id == "overstride"


def test_a_clear_fault_on_a_clip_whose_speed_was_only_seen_gets_its_cue() -> None:
    seen = Speed(3.0, 0.24, given=False)
    cue = advise(runner(uncertainty=1.6, **OVERSTRIDER), speed=seen).cue
    assert cue is not None and cue.id == "overstride"
    unclear = advise(runner(uncertainty=1.6, overstride_pct_leg=30.5, shank_deg=15.5), speed=seen)
    assert unclear.cue is None and unclear.why_id == "not-settled"


@given(sd=st.floats(0.0, 1.0), overstride=st.floats(24, 45))
@settings(deadline=None)
def test_a_less_certain_speed_never_makes_a_finding(sd: float, overstride: float) -> None:
    def verdict(sd_m_s: float) -> str:
        return assess((number("overstride_pct_leg", overstride),), Speed(3.0, sd_m_s, given=False), ())[
            0
        ].verdict

    assert verdict(sd) == "" or verdict(sd / 2) == verdict(sd)


def test_too_few_steps_give_no_cue() -> None:
    advice = advise(runner(n=6, **OVERSTRIDER))
    assert advice.cue is None
    assert "Too few steps" in advice.why


def test_too_few_steps_are_not_answered_with_a_question_for_the_speed() -> None:
    assert advise(runner(n=6, **OVERSTRIDER), speed=None).why_id == "too-few-steps"


def test_a_clip_with_strong_doubts_gives_no_cue() -> None:
    doubt = Doubt("dark", "Too dark.", tuple(USUAL), 0.1)
    advice = advise(runner(**OVERSTRIDER), doubts=(doubt,))
    assert advice.cue is None
    assert "not good enough" in advice.why


def test_a_plain_fault_survives_a_doubt_that_a_slight_one_does_not() -> None:
    doubt = Doubt("slow", "Slow.", ("overstride_pct_leg",), 0.2)
    plain, slight = (
        assess((number("overstride_pct_leg", value),), SPEED, (doubt,))[0] for value in (36.0, 30.0)
    )
    assert slight.direction == "high" and slight.verdict == ""
    assert plain.verdict == "high"


def test_what_is_uncertain_is_no_finding() -> None:
    assert advise(runner(uncertainty=8.0, **OVERSTRIDER)).cue is None


@given(
    form=st.fixed_dictionaries(
        {
            "overstride_pct_leg": st.floats(0, 60),
            "shank_deg": st.floats(-10, 40),
            "lean_deg": st.floats(-10, 30),
            "oscillation_pct_leg": st.floats(4, 20),
            "cadence_spm": st.floats(130, 220),
            "hip_drop_deg": st.floats(0, 16),
        }
    ),
    order=st.permutations(range(len(runner()))),
)
@settings(deadline=None)
def test_there_is_never_more_than_one_cue_and_the_same_input_gives_the_same_one(
    form: dict[str, float], order: list[int]
) -> None:
    measurements = runner(**form)
    advice = advise(measurements)
    assert advice.why
    if advice.cue is not None:
        assert "{" not in advice.cue.drill
        assert all(finding.direction != "usual" for finding in advice.findings)
    again = advise(tuple(measurements[i] for i in order))
    assert again.cue == advice.cue
    assert again.runner_up == advice.runner_up


def test_of_two_cues_that_weigh_the_same_the_first_of_the_book_is_given() -> None:
    tie = advise(runner(uncertainty=0.01, lean_deg=-20.0, overstride_pct_leg=60.0, step_width_pct_leg=-10.0))
    assert tie.cue is not None and tie.runner_up is not None
    assert (tie.cue.id, tie.runner_up.id) == ("narrow", "upright")


def test_the_runner_up_and_why_it_lost_are_told() -> None:
    advice = advise(runner(oscillation_pct_leg=15.0, **OVERSTRIDER))
    assert advice.cue is not None and advice.cue.id == "overstride"
    assert advice.runner_up is not None
    assert advice.runner_up.id == "bounce"
    assert "less evidence" in advice.runner_up.why


@given(
    more=st.floats(0, 20),
    speed_m_s=st.floats(2.5, 4.5),
)
@settings(deadline=None)
def test_a_larger_deviation_is_never_a_smaller_finding(more: float, speed_m_s: float) -> None:
    speed = Speed(speed_m_s, 0.05, given=True)
    mean = norms()["overstride_pct_leg"].mean_at(speed_m_s)

    def finding(excess: float) -> Finding:
        return assess((number("overstride_pct_leg", mean + excess),), speed, ())[0]

    assert finding(5 + more).deviation <= finding(6 + more).deviation
    assert finding(6 + more).direction == "high"


def test_what_is_for_information_is_never_called_high_or_low() -> None:
    (finding,) = assess((number("contact_time_ms", 400.0),), SPEED, ())
    assert finding.verdict == "" and not finding.outside


def test_hip_drop_is_judged_as_the_mean_of_both_sides() -> None:
    one_sided = (number("hip_drop_deg", 12.0, side=Side.LEFT), number("hip_drop_deg", 2.0, side=Side.RIGHT))
    (finding,) = assess(one_sided, SPEED, ())
    assert finding.side is None
    assert finding.value == pytest.approx(7.0)
    assert finding.verdict == ""


def test_every_norm_and_cue_has_a_source_and_plain_words() -> None:
    for norm in norms().values():
        assert norm.source and norm.limit_source
        assert norm.metric in CATALOGUE
    for recipe in book().recipes:
        assert recipe.source and all(texts_of(recipe))
        for need in (*recipe.needs, *recipe.and_one_of, *recipe.unless):
            assert need.direction in norms()[need.metric].flags, f"{recipe.id}: {need.metric}"
        for change in (*recipe.changes, *recipe.side_effects):
            assert change.metric in CATALOGUE and 0 <= change.low <= change.high
            assert table().row(change.metric) is not None, f"{recipe.id}: {change.metric} has no scatter"
        assert recipe.asked.metric == recipe.check.metric


def test_what_is_only_shown_is_never_a_cue() -> None:
    shown = {each.metric for each in book().shown}
    assert (
        {"pelvis_sway_pct_leg", "elbow_deg", "foot_strike_deg", "contact_time_ms"} <= shown <= set(CATALOGUE)
    )
    assert not shown & set(book().judged())


def test_what_films_could_easily_miss_is_filmed_twice() -> None:
    hip_drop, overstride = (advise(runner(**FAULTS[cue_id])).cue for cue_id in ("hip-drop", "overstride"))
    assert hip_drop is not None and "Film twice" in hip_drop.film_twice
    assert overstride is not None and overstride.film_twice == ""


def test_no_text_diagnoses_anything_or_names_an_option() -> None:
    forbidden = ("injur", "patell", "syndrome", "tendin", "fractur", "diagnos", "patholog", "--")
    advices = [advise(runner(**FAULTS[each])) for each in FAULTS]
    advices += [advise(runner(**OVERSTRIDER), speed=None), advise(runner(), Speed(1.0, 0.1, given=False))]
    said = [advice.why for advice in advices] + [
        text for recipe in book().recipes for text in texts_of(recipe)
    ]
    assert not [(word, text) for word in forbidden for text in said if word in text.lower()]


def test_the_mean_curves_agree_with_the_norms_at_touchdown_and_at_push_off() -> None:
    for speed in (2.5, 3.0, 3.5, 4.5):
        shank = mean_curve("shank", speed, np.array([0.0]))[0]
        assert shank == pytest.approx(norms()["shank_deg"].mean_at(speed), abs=0.2)
        duty = norms()["duty_factor_pct"].mean_at(speed)
        thigh = mean_curve("thigh", speed, np.array([duty]))[0]
        assert -thigh == pytest.approx(norms()["thigh_toe_off_deg"].mean_at(speed), abs=0.4)
    assert np.isnan(mean_curve("knee", 6.0, np.array([0.0]))).all()


def test_the_knee_norms_stand_on_the_40_runners() -> None:
    for metric, spread in (
        ("knee_flexion_touchdown_deg", "knee_at_landing"),
        ("knee_flexion_peak_deg", "deepest_knee"),
    ):
        assert norms()[metric].mean_at(2.5) == spreads()[spread].mean
    assert norms()["knee_flexion_touchdown_deg"].limit_at(2.5) == pytest.approx(1.5 * 4.8)


def test_a_finding_with_little_trust_does_not_hide_a_trusted_one() -> None:
    doubt = Doubt("feet", "Feet hidden.", ("overstride_pct_leg", "shank_deg"), 0.0)
    advice = advise(runner(oscillation_pct_leg=15.0, **OVERSTRIDER), doubts=(doubt,))
    assert advice.cue is not None
    assert advice.cue.id == "bounce"


def test_the_same_finding_on_a_changed_measurement_is_not_remembered() -> None:
    before = runner(**OVERSTRIDER)
    after = tuple(replace(m, value=USUAL[m.name]) for m in before)
    assert advise(before).cue is not None
    assert advise(after).cue is None


def test_a_beat_without_a_known_cadence_says_how_to_find_it() -> None:
    advice = advise(tuple(m for m in runner(**OVERSTRIDER) if m.name != "cadence_spm"))
    assert advice.cue is not None
    assert advice.cue.target_cadence_spm is None
    assert "your own cadence plus 5 %" in advice.cue.drill


def test_the_retest_is_four_weeks_away() -> None:
    advice = advise(runner(**OVERSTRIDER))
    assert advice.cue is not None and advice.cue.retest == date(2026, 12, 21)
