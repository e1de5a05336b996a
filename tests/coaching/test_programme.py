from dataclasses import replace

import pytest

from gait.coaching.assessment import assess
from gait.coaching.book import book
from gait.coaching.change import compare
from gait.coaching.cue import Screens
from gait.coaching.programme import Film, Move, Prescription, State, Step, next_step
from tests.coaching.runners import FAULTS, MONTH, OVERSTRIDER, SPEED, TODAY, filmed, runner

SLOW = {**OVERSTRIDER, "cadence_spm": 160.0}
QUICKER = {**OVERSTRIDER, "cadence_spm": 170.0}


def film(months: float, screens: Screens | None = None, **form: float) -> Film:
    measurements = runner(**form)
    findings = assess(measurements, SPEED, ())
    return Film(TODAY + months * MONTH, findings, measurements, SPEED, screens or Screens())


def follow(forms: list[dict[str, float]], *, every: float = 1.0) -> list[Step]:
    """One film a month: each step from the one before."""
    steps: list[Step] = []
    started: dict[str, float] = {}
    given: Prescription | None = None
    for month, form in enumerate(forms):
        now = film(every * month, **form)
        comparison = None
        if given is not None:
            baseline = filmed(runner(**started), (given.started - TODAY) / MONTH)
            comparison = compare(
                baseline, filmed(now.measurements, every * month), book().recipe(given.cue_id)
            )
        step = next_step(given, comparison, now)
        if step.prescription and step.prescription.started == now.filmed_on:
            started = form
        given = step.prescription
        steps.append(step)
    return steps


def ids(steps: list[Step]) -> list[tuple[str, str]]:
    return [(step.move.value, step.cue.id if step.cue else "-") for step in steps]


def test_the_first_film_opens_a_cue_and_keeps_its_start() -> None:
    (step,) = follow([SLOW])
    assert ids([step]) == [("start", "overstride")]
    assert step.prescription == Prescription("overstride", TODAY, cadence_spm=160.0)


def test_a_cue_that_worked_is_kept_for_a_month_without_the_beat_and_then_closed() -> None:
    steps = follow([SLOW, QUICKER, {"cadence_spm": 170.0}])
    assert ids(steps) == [("start", "overstride"), ("worked", "overstride"), ("closed", "-")]
    _, worked, closed = steps
    assert worked.why.startswith("It worked. Cadence is 10 steps/min higher, as the cue asks")
    assert "without the beat" in worked.why
    assert worked.cue is not None and "no beat" in worked.cue.drill
    assert "cadence should have stayed where it is" in worked.cue.expect
    assert worked.cue.target_cadence_spm is None and worked.cue.weeks == ()
    assert "a month without the drill has kept it" in closed.why


def test_a_cue_that_is_asked_for_again_is_never_called_done_and_next_in_one_breath() -> None:
    steps = follow([SLOW, QUICKER, QUICKER])
    assert ids(steps) == [("start", "overstride"), ("worked", "overstride"), ("closed", "overstride")]
    said = steps[-1].why
    assert "“Land under you” has worked" in said
    assert "the same cue takes another step, with the beat a little higher" in said
    assert "is done" not in said and "Next comes" not in said


def test_a_cue_is_kept_until_two_retests_did_not_show_it_and_then_the_next_one_comes_with_a_reason() -> None:
    bouncing = {**SLOW, "oscillation_pct_leg": 15.0}
    steps = follow([bouncing, bouncing, bouncing])
    assert ids(steps) == [("start", "overstride"), ("keep", "overstride"), ("next", "bounce")]
    assert "one of less than 6 steps/min would be missed" in steps[1].why
    assert "2 retests did not show that it worked" in steps[2].why
    assert "Next comes" in steps[2].why and "bounce is 15" in steps[2].why
    assert steps[2].prescription is not None and steps[2].prescription.tried == ("overstride",)


def test_the_beat_rises_at_the_retest_from_the_cadence_before_the_first_cue() -> None:
    first, second = follow([SLOW, SLOW])
    assert first.cue is not None and second.cue is not None
    assert first.cue.target_cadence_spm == pytest.approx(168.0)
    assert second.cue.target_cadence_spm == pytest.approx(172.0)
    assert "plus 7.5 %" in second.cue.drill


def test_the_beat_never_rises_by_more_than_ten_percent_in_all() -> None:
    cadence = [160, 168, 168, 178, 178, 188, 188, 198, 198]
    steps = follow([{**OVERSTRIDER, "cadence_spm": float(each)} for each in cadence])
    targets = [step.cue.target_cadence_spm for step in steps if step.cue and step.cue.target_cadence_spm]
    assert max(targets) == pytest.approx(176.0), "160 plus 10 %"
    assert steps[-1].cue is None or steps[-1].cue.target_cadence_spm is None


def test_nothing_that_a_proven_cue_answers_never_follows_a_cue() -> None:
    only_overstride = {"overstride_pct_leg": 36.0}
    steps = follow(
        [SLOW, QUICKER, {**only_overstride, "cadence_spm": 170.0}, {**only_overstride, "cadence_spm": 170.0}]
    )
    assert [step.move for step in steps] == [Move.START, Move.WORKED, Move.CLOSED, Move.NOTHING]
    assert not [step.why for step in steps if "nothing that a proven cue answers" in step.why]


def test_a_film_after_a_week_is_too_early_and_does_not_count_as_a_retest() -> None:
    steps = follow([SLOW, SLOW, SLOW], every=0.25)
    assert ids(steps) == [("start", "overstride"), ("keep", "overstride"), ("keep", "overstride")]
    assert all("too early" in step.why for step in steps[1:])
    assert steps[-1].prescription is not None and steps[-1].prescription.unshown == 0


def test_a_film_that_does_not_show_the_check_does_not_count_as_a_retest() -> None:
    (first,) = follow([SLOW])
    step = next_step(first.prescription, None, film(1, **SLOW))
    assert step.move is Move.KEEP and "cadence" in step.why
    assert step.prescription == first.prescription
    road = filmed(runner(**SLOW), 1)
    road = replace(road, conditions=replace(road.conditions, surface="road"))
    comparison = compare(filmed(runner(**SLOW)), road, book().recipe("overstride"))
    step = next_step(first.prescription, comparison, film(1, **SLOW))
    assert step.prescription == first.prescription and "cannot be told" in step.why


@pytest.mark.parametrize(
    "screens", [Screens(in_pain=True), Screens(race_on=TODAY + 1.5 * MONTH)], ids=["pain", "race"]
)
def test_an_open_cue_waits_for_pain_and_races(screens: Screens) -> None:
    (first,) = follow([SLOW])
    step = next_step(first.prescription, None, film(1, screens, **SLOW))
    assert step.move is Move.PAUSED and step.cue is None
    assert step.prescription == first.prescription
    assert "waits until then" in step.why


def test_an_open_cue_that_loads_the_calf_waits_for_the_calf() -> None:
    (first,) = follow([FAULTS["bounce"]])
    assert first.cue is not None and first.cue.id == "bounce"
    step = next_step(first.prescription, None, film(1, Screens(calf_trouble=True), **FAULTS["bounce"]))
    assert step.move is Move.PAUSED


def test_what_was_lost_in_the_month_without_the_beat_is_worked_on_again() -> None:
    steps = follow([SLOW, QUICKER, SLOW])
    assert ids(steps)[2] == ("keep", "overstride")
    assert steps[2].prescription is not None and steps[2].prescription.state is State.WORKING
    assert steps[2].cue is not None and steps[2].cue.target_cadence_spm is not None


def test_a_cue_that_the_book_no_longer_has_gives_way_to_a_new_one() -> None:
    step = next_step(Prescription("bent-over", TODAY), None, film(1, **SLOW))
    assert step.move is Move.START and step.cue is not None


def test_a_rested_cue_does_not_come_straight_back() -> None:
    steps = follow([SLOW] * 6)
    given = [step.cue.id for step in steps if step.cue and step.move in (Move.START, Move.NEXT)]
    assert given.count("overstride") == 1
