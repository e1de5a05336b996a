"""Four months of one runner, from the first cue to the end of it."""

import hashlib
import math
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from gait.analysis import ClipRequest, Request, RunnerFacts, judge
from gait.body import Side
from gait.cli import main
from gait.cli.runner import opened
from gait.coaching.change import Verdict
from gait.coaching.programme import Move
from gait.errors import BadRequest
from gait.metrics.measurement import Measurement
from gait.months.keep import Filed, as_advised, day_of, days, file, keep, the_runner
from gait.months.pair import pair
from gait.months.plan import dated, plan
from gait.motion.hands import HandMark
from gait.motion.pelvis import HipMarks
from gait.record import Record, from_json, record_of, to_json
from gait.store import annotations, assessments, prescriptions
from gait.store.database import Store
from gait.store.domain import LOCAL, Day, Pin
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


def corrected(record: Record) -> Record:
    """The same after a coach moved a touchdown by 20 ms."""
    clip = record.clips[0]
    first, *others = clip.contacts
    moved = replace(first, touchdown_s=first.touchdown_s + 0.02, source="edited")
    return replace(record, clips=(replace(clip, contacts=(moved, *others)),))


def marked(record: Record) -> Record:
    """The same after a coach drew a line on the waistband."""
    marks = HipMarks(120, (300.0, 410.0), (380.0, 412.0))
    return replace(record, clips=(replace(record.clips[0], hips=marks),))


def with_marked_hands(record: Record) -> Record:
    """The same after a coach marked a hand."""
    mark = HandMark(120, Side.LEFT, (300.0, 410.0), (310.0, 500.0), (312.0, 260.0))
    return replace(record, clips=(replace(record.clips[0], hands=(mark,)),))


@pytest.mark.parametrize("by_hand", [corrected, marked, with_marked_hands])
def test_the_same_films_read_again_leave_what_a_coach_corrected(
    store: Store, by_hand: Callable[[Record], Record]
) -> None:
    kept(store, month(0))
    runner = the_runner(store, LOCAL, "Ada")
    (day,) = assessments.timeline(store, LOCAL, runner.id)
    assessments.save_record(store, LOCAL, day.id, to_json(by_hand(month(0))))
    annotations.add_note(store, LOCAL, day.id, Pin(month(0).clips[0].id, 7), "late heel")
    text = assessments.record(store, LOCAL, day.id)

    again = keep(store, LOCAL, runner, month(0, cadence_spm=9.0), Day(START))
    assert again.corrected
    assert assessments.record(store, LOCAL, day.id) == text
    assert again.told.record.clips == from_json(text).clips

    wanted = Filed(month(0, cadence_spm=9.0), Day(START), over_corrections=True)
    anew = file(store, LOCAL, runner, wanted)
    assert not anew.corrected
    assert assessments.record(store, LOCAL, day.id) == to_json(month(0, cadence_spm=9.0))
    assert [note.text for note in annotations.notes(store, LOCAL, day.id)] == ["late heel"]
    assert len(days(store, LOCAL, runner.id)) == 1


def test_the_command_leaves_a_corrected_day_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GAIT_STORE_DIR", str(tmp_path / "store"))
    film = tmp_path / "me.mp4"
    film.write_bytes(b"a film")
    exact = exact_clip("runner_a_side_120")
    sha256 = hashlib.sha256(b"a film").hexdigest()
    clip = replace(exact, clip=replace(exact.clip, path=film, sha256=sha256))
    monkeypatch.setattr("gait.cli._mute_native_code", lambda: None)
    monkeypatch.setattr("gait.cli.analyze.limit_own_memory", lambda: None)
    monkeypatch.setattr("gait.analysis.read_clips", lambda request, progress: (clip,))

    def gait(*more: str) -> str:
        assert main(["analyze", str(film), "--runner", "Ada", "--filmed-on", str(START), *more]) == 0
        return capsys.readouterr().err

    assert "Kept with Ada" in gait()
    with closing(opened()) as own:
        (day,) = assessments.timeline(own, LOCAL, the_runner(own, LOCAL, "Ada").id)
        record = from_json(assessments.record(own, LOCAL, day.id))
        assessments.save_record(own, LOCAL, day.id, to_json(corrected(record)))
    assert "--replace" in gait("--height-cm", "180")
    with closing(opened()) as own:
        assert assessments.get(own, LOCAL, day.id).source == "edited"
    assert "Kept with Ada" in gait("--height-cm", "180", "--replace")
    with closing(opened()) as own:
        assert assessments.get(own, LOCAL, day.id).source == "detected"
        assert assessments.contacts(own, LOCAL, day.id, "edited"), "what was corrected is not lost"
