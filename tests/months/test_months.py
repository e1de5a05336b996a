"""Four months of one runner, from the first cue to the end of it."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from gait.analysis import ClipRequest, Request, RunnerFacts, judge
from gait.body import Side
from gait.coaching.change import Verdict
from gait.coaching.programme import Move
from gait.errors import BadRequest
from gait.metrics.measurement import Measurement
from gait.months.keep import as_advised, day_of, days, keep, the_runner
from gait.months.pair import pair
from gait.months.plan import dated, plan
from gait.record import Record, record_of
from gait.store import prescriptions
from gait.store.database import Store
from gait.store.domain import LOCAL, Day
from gait.store.opening import Place, open_store
from tests.truth import exact_clip

START = date(2026, 8, 3)


def month(number: int, **changes: float) -> Record:
    """Runner A, a month later each time; changes are added to the measurements of the left or of no side."""
    clip = exact_clip("runner_a_side_120")
    request = Request((ClipRequest(Path(clip.id)),), RunnerFacts(180.0, 10.8), START + timedelta(30 * number))
    again = replace(clip, clip=replace(clip.clip, sha256=f"{number:064d}"))
    first = judge([again], request)
    moved = tuple(_moved(m, changes.get(m.name, 0.0)) for m in first.measurements)
    from gait.coaching.assessment import assess
    from gait.coaching.cue import choose

    findings = assess(moved, first.speed, first.doubts)
    advice = choose(findings, moved, first.speed, request.filmed_on)
    return replace(record_of(first), measurements=moved, findings=findings, advice=advice)


def _moved(m: Measurement, by: float) -> Measurement:
    return m if math.isnan(m.value) or not by else replace(m, value=m.value + by, samples=())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    yield open_store(Place(tmp_path / "store"), forget=lambda sha: None)


def kept(store: Store, *records: Record) -> list[Move]:
    runner = the_runner(store, LOCAL, "Ada")
    moves = []
    for record in records:
        day = Day(record.filmed_on, 10.8, shoes="blue", surface="treadmill")
        moves.append(keep(store, LOCAL, runner, record, day).told.step.move)
    return moves


def test_the_first_film_starts_a_cue_and_it_is_kept(store: Store) -> None:
    assert kept(store, month(0)) == [Move.START]
    runner = the_runner(store, LOCAL, "Ada")
    given = prescriptions.current(store, LOCAL, runner.id)
    assert given is not None
    assert (given.plan.cue_id, given.plan.check_metric) == ("overstride", "cadence_spm")
    assert given.plan.given_on == START


def test_a_cue_that_worked_is_kept_for_a_month_and_then_closed(store: Store) -> None:
    better = {"cadence_spm": 8.0, "overstride_pct_leg": -2.0, "shank_deg": -2.0}
    moves = kept(store, month(0), month(1, **better), month(2, **better))
    assert moves == [Move.START, Move.WORKED, Move.CLOSED]
    runner = the_runner(store, LOCAL, "Ada")
    given = prescriptions.all_given(store, LOCAL, runner.id)
    closed = [p for p in given if p.plan.cue_id == "overstride" and p.closing]
    assert [p.closing.outcome for p in closed if p.closing] == ["worked"]


def test_no_change_keeps_the_cue_and_two_retests_bring_another_with_the_reason(store: Store) -> None:
    moves = kept(store, month(0), month(1), month(2))
    assert moves == [Move.START, Move.KEEP, Move.NEXT]
    last = plan(days(store, LOCAL, the_runner(store, LOCAL, "Ada").id))[-1]
    assert "rests now" in last.step.why
    assert as_advised(last).advice.why == last.step.why


def test_a_better_month_is_never_told_that_nothing_answers_its_overstride(store: Store) -> None:
    runner = the_runner(store, LOCAL, "Ada")
    for number in range(4):
        record = month(
            number, cadence_spm=3.0 * number, overstride_pct_leg=-1.7 * number, shank_deg=-2.0 * number
        )
        told = keep(store, LOCAL, runner, record, Day(record.filmed_on)).told
        assert "proven cue answers" not in told.step.why


def test_the_same_days_give_the_same_plan_whatever_their_order() -> None:
    records = [dated(month(n, cadence_spm=4.0 * n)) for n in range(3)]
    one, other = plan(records), plan(records[::-1])
    assert [t.step for t in one] == [t.step for t in other]


def test_the_same_films_again_do_not_make_a_second_day(store: Store) -> None:
    kept(store, month(0))
    kept(store, month(0))
    assert len(days(store, LOCAL, the_runner(store, LOCAL, "Ada").id)) == 1


def test_a_day_that_is_said_anew_is_the_days_own_and_what_was_noted_of_it_stays(store: Store) -> None:
    runner = the_runner(store, LOCAL, "Ada")
    first = month(0)
    keep(store, LOCAL, runner, first, Day(first.filmed_on, 10.8, shoes="blue", notes="windy"))
    later = replace(first, filmed_on=START + timedelta(days=9))
    kept_now = keep(store, LOCAL, runner, later, Day(later.filmed_on, 11.0)).assessment.day
    (only,) = days(store, LOCAL, runner.id)
    assert only.record.filmed_on == only.day.filmed_on == later.filmed_on
    assert (kept_now.speed_kmh, kept_now.shoes, kept_now.notes) == (11.0, "blue", "windy")


def test_the_day_of_clips_is_the_one_they_are_kept_with_else_the_phones_else_today(store: Store) -> None:
    runner = the_runner(store, LOCAL, "Ada")
    clip = exact_clip("runner_a_side_120")
    dated = replace(clip, clip=replace(clip.clip, created="2026-08-03T18:20:00+02:00"))
    assert day_of(store, LOCAL, runner.id, [clip]) == date.today()
    assert day_of(store, LOCAL, runner.id, [clip, dated]) == date(2026, 8, 3)
    record = record_of(judge([dated], Request((ClipRequest(Path(clip.id)),), filmed_on=START)))
    keep(store, LOCAL, runner, record, Day(START))
    assert day_of(store, LOCAL, runner.id, [dated]) == START


def test_two_films_without_a_day_are_called_by_their_files_in_the_order_given() -> None:
    undated = [replace(dated(month(n)), undated=True) for n in (1, 0)]
    told = pair(*undated)
    assert told.before is undated[0].record
    assert all(
        "no date in the film" in name and each.record.main.file in name
        for name, each in zip(told.names, undated, strict=True)
    )


def test_two_months_say_what_changed_and_what_could_not_be_seen() -> None:
    told = pair(dated(month(2, cadence_spm=20.0)), dated(month(0)))
    assert told.before.filmed_on < told.after.filmed_on
    changes = {(c.metric, c.side): c for c in told.comparison.changes}
    assert changes["cadence_spm", None].verdict.changed
    assert changes["cadence_spm", None].difference == pytest.approx(20)
    assert changes["overstride_pct_leg", Side.LEFT].verdict in (Verdict.NOT_SHOWN, Verdict.SAME)
    clips = told.clips()
    assert clips is not None and clips[0].view is clips[1].view


def test_the_same_films_are_not_compared_with_themselves() -> None:
    with pytest.raises(BadRequest, match="the same films"):
        pair(dated(month(0)), dated(month(0)))


def test_a_record_of_another_method_is_not_compared() -> None:
    other = month(1)
    other = replace(other, provenance=replace(other.provenance, method="1"))
    comparison = pair(dated(month(0)), dated(other)).comparison
    assert comparison.gate
    assert not any(c.verdict.changed for c in comparison.changes)
