"""A day is saved whole, and everything a page asks for comes back."""

import json
import math
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gait.errors import StoreFailed, StoreRefused
from gait.store import annotations, assessments, prescriptions
from gait.store.assessments import Decision, NewAssessment
from gait.store.database import Store
from gait.store.domain import Closing, Day, Mark, Pin, Plan
from gait.store.facts import facts_of
from gait.store.keeping import NewFile
from tests.store.conftest import Opens
from tests.store.days import FILMED, OWNER, a_clip, a_day, a_runner, contact, record, sha256

PLAN = Plan("overstride", FILMED, FILMED + timedelta(days=28), "cadence_spm")
FULL_DAY = Day(
    FILMED,
    10.8,
    "Clifton 9",
    "treadmill",
    1.5,
    8,
    first_time_on_treadmill=True,
    in_pain=True,
    notes="hot",
)


def test_a_saved_day_comes_back_the_same_when_the_program_starts_anew(opens: Opens, tmp_path: Path) -> None:
    store = opens()
    runner = a_runner(store)
    text = record().replace("\n", "\r\n")
    new = NewAssessment(FULL_DAY, text, (a_clip(tmp_path),))
    saved = assessments.save(store, OWNER, runner.id, new)
    again = opens()
    assert assessments.get(again, OWNER, saved.id) == saved
    assert saved.day == FULL_DAY
    assert assessments.record(again, OWNER, saved.id) == text
    kept = assessments.file(again, OWNER, saved.id, sha256(b"a clip"))
    assert kept.read_bytes() == b"a clip"


def test_the_timeline_is_newest_first_and_knows_the_day_before(store: Store) -> None:
    runner = a_runner(store)
    days = [FILMED + timedelta(days=30 * month) for month in (2, 0, 3, 1)]
    saved = {on: a_day(store, runner, on) for on in days}
    second_film = a_day(store, runner, days[2])
    order = [second_film, *(saved[on] for on in sorted(days, reverse=True))]
    assert list(assessments.timeline(store, OWNER, runner.id)) == order
    assert list(assessments.timeline(store, OWNER, runner.id, limit=2, skip=1)) == order[1:3]
    assert assessments.latest(store, OWNER, runner.id) == second_film
    assert assessments.latest(store, OWNER, runner.id, before=days[0]) == saved[days[3]]
    assert assessments.latest(store, OWNER, runner.id, before=FILMED) is None


def test_history_has_every_day_on_which_the_metric_was_seen(store: Store) -> None:
    runner, other = a_runner(store), a_runner(store, "Bob")
    a_day(store, other, text=record(value=99))
    for month in (1, 0, 2):
        a_day(store, runner, FILMED + timedelta(days=month), text=record(value=20 + month))
    points = assessments.history(store, OWNER, runner.id, "overstride_pct_leg")
    assert [(each.filmed_on.day, each.value) for each in points] == [(25, 20), (26, 21), (27, 22)]
    assert (points[0].side, points[0].uncertainty, points[0].repeatability) == ("left", 1.1, 0.6)
    (cadence, *_) = assessments.history(store, OWNER, runner.id, "cadence_spm")
    assert cadence.side == ""
    assert math.isnan(cadence.repeatability)
    assert assessments.history(store, OWNER, runner.id, "hip_drop_deg") == ()


def test_contacts_set_by_hand_stand_beside_the_detected_ones(store: Store) -> None:
    saved = a_day(store, a_runner(store), text=record(value=21))
    assert saved.source == "detected"
    edited = assessments.save_record(store, OWNER, saved.id, record(value=19, source="edited"))
    assert edited.source == "edited"
    assert assessments.contacts(store, OWNER, saved.id)["side"][0] == contact(0.412, "edited")
    detected = assessments.contacts(store, OWNER, saved.id, "detected")
    assert detected["side"][0] == contact(0.412, "detected")
    (point,) = assessments.history(store, OWNER, saved.runner_id, "overstride_pct_leg")
    assert point.value == 19
    first = json.loads(assessments.record(store, OWNER, saved.id, "detected"))
    assert first["measurements"][0]["value"] == 21


def test_a_newer_method_is_current_and_the_older_record_is_kept(store: Store) -> None:
    saved = a_day(store, a_runner(store), text=record(value=21, source="edited"))
    newer = assessments.save_record(store, OWNER, saved.id, record(value=20, method="m2"))
    assert (newer.method, newer.source) == ("m2", "detected")
    (point,) = assessments.history(store, OWNER, saved.runner_id, "overstride_pct_leg")
    assert (point.value, point.method) == (20, "m2")
    with pytest.raises(StoreRefused):
        assessments.record(store, OWNER, saved.id, "edited")


def test_the_same_clips_are_recognised_whatever_their_files_are_called(store: Store) -> None:
    runner = a_runner(store)
    saved = a_day(store, runner, text=record(b"one"))
    a_day(store, runner, text=record(b"two"))
    assert assessments.with_clips(store, OWNER, runner.id, [sha256(b"one")]) == saved
    assert assessments.with_clips(store, OWNER, runner.id, [sha256(b"one"), sha256(b"two")]) is None
    assert assessments.with_clips(store, OWNER, runner.id, []) is None


def test_a_proxy_made_later_is_kept_with_the_day(store: Store, tmp_path: Path) -> None:
    saved = a_day(store, a_runner(store), files=[a_clip(tmp_path)])
    proxy = tmp_path / "0.seg"
    proxy.write_bytes(b"jpegs")
    after = assessments.attach(store, OWNER, saved.id, [NewFile(proxy, "proxy", "side")])
    assert {(each.kind, each.name, each.n_bytes) for each in after.files} == {
        ("clip", saved.files[0].name, 6),
        ("proxy", "0.seg", 5),
    }
    assert assessments.attach(store, OWNER, saved.id, [NewFile(proxy, "proxy", "side")]) == after


def test_a_clip_that_changed_since_it_was_analysed_is_not_saved(store: Store, tmp_path: Path) -> None:
    runner = a_runner(store)
    with pytest.raises(StoreRefused) as refused:
        a_day(store, runner, text=record(b"what was analysed"), files=[a_clip(tmp_path, b"something else")])
    assert refused.value.id == "clip-changed"
    assert assessments.timeline(store, OWNER, runner.id) == ()
    assert not store.files.root.exists()


@pytest.mark.parametrize(("damage", "id_"), [(b"a clap", "file-damaged"), (None, "file-gone")])
def test_a_kept_clip_that_was_damaged_is_never_given_out(
    damage: bytes | None, id_: str, store: Store, tmp_path: Path
) -> None:
    saved = a_day(store, a_runner(store), files=[a_clip(tmp_path)])
    path = store.files.path(sha256(b"a clip"))
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    with pytest.raises(StoreFailed) as failed:
        assessments.file(store, OWNER, saved.id, sha256(b"a clip"))
    assert failed.value.id == id_
    a_day(store, a_runner(store, "Bob"), files=[a_clip(tmp_path)])
    assert assessments.file(store, OWNER, saved.id, sha256(b"a clip")).read_bytes() == b"a clip"


def test_a_cue_is_given_asked_after_and_closed_and_the_next_one_comes(store: Store) -> None:
    runner = a_runner(store)
    a_day(store, runner, decision=Decision(prescribe=PLAN))
    opened = prescriptions.current(store, OWNER, runner.id)
    assert opened is not None
    assert (opened.plan, opened.closing) == (PLAN, None)
    later = FILMED + timedelta(days=30)
    following = Plan("bounce", later, later, "bounce_cm")
    a_day(store, runner, later, decision=Decision(Closing("worked", later), following))
    assert [each.plan.cue_id for each in prescriptions.all_given(store, OWNER, runner.id)] == [
        "bounce",
        "overstride",
    ]
    assert prescriptions.all_given(store, OWNER, runner.id)[1].closing == Closing("worked", later)


@pytest.mark.parametrize(
    "decision",
    [
        Decision(prescribe=PLAN),
        Decision(close=Closing("worked", FILMED - timedelta(days=1))),
        Decision(Closing("worked", FILMED - timedelta(days=1)), PLAN),
    ],
)
def test_a_day_whose_decision_makes_no_sense_is_not_half_saved(decision: Decision, store: Store) -> None:
    runner = a_runner(store)
    a_day(store, runner, decision=Decision(prescribe=PLAN))
    before = prescriptions.current(store, OWNER, runner.id)
    with pytest.raises(StoreRefused):
        a_day(store, runner, FILMED + timedelta(days=30), decision=decision)
    assert len(assessments.timeline(store, OWNER, runner.id)) == 1
    assert prescriptions.current(store, OWNER, runner.id) == before


def test_notes_and_drawings_stay_on_their_frames(store: Store) -> None:
    day = a_day(store, a_runner(store))
    note = annotations.add_note(store, OWNER, day.id, Pin("side", 118, "left knee"), "bent: good\n✓")
    assert annotations.notes(store, OWNER, day.id) == (note,)
    changed = annotations.change_note(store, OWNER, note.id, "straighter")
    assert annotations.notes(store, OWNER, day.id) == (changed,)
    annotations.remove_note(store, OWNER, note.id)
    assert annotations.notes(store, OWNER, day.id) == ()
    drawn = (Mark("angle", 118, ((1.5, 2), (3, 4), (5, 6.25))), Mark("text", 119, ((0, 0),), "here"))
    annotations.replace_marks(store, OWNER, day.id, "side", drawn)
    annotations.replace_marks(store, OWNER, day.id, "side", drawn)
    assert annotations.marks(store, OWNER, day.id, "side") == drawn
    assert annotations.marks(store, OWNER, day.id, "rear") == ()
    decided = annotations.overrule(store, OWNER, day.id, "overstride", "coming back from injury")
    assert annotations.overrules(store, OWNER, day.id) == (decided,)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        (record(schema=3), "newer-record"),
        (record(schema=1), "older-record"),
        ("", "record"),
        ("[" * 100_000, "record"),
        ("[]", "record"),
        ("{}", "record"),
        ('{"schema": 2}', "record"),
        (record().replace('"clips"', '"clops"'), "record"),
        (record().replace(sha256(b"a clip"), "../../x"), "record"),
        ('{"schema": true}', "record"),
    ],
)
def test_what_is_no_record_is_refused_in_one_sentence(text: str, id_: str) -> None:
    with pytest.raises(StoreRefused) as refused:
        facts_of(text)
    assert refused.value.id == id_
    assert str(refused.value).count(".") == 1


@given(st.text(), st.integers(0, 2000))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_record_that_was_scribbled_on_is_read_or_refused(scribble: str, at: int) -> None:
    text = record()
    try:
        facts_of(text[:at] + scribble + text[at + len(scribble) :])
    except StoreRefused as refused:
        assert str(refused)


@pytest.mark.parametrize(
    ("field", "value"),
    [("speed_kmh", 300), ("speed_kmh", math.nan), ("incline_pct", 90), ("minutes_run_before", -1)],
)
def test_a_day_that_cannot_be_is_refused_with_its_field(field: str, value: float) -> None:
    with pytest.raises(StoreRefused) as refused:
        Day(date(2026, 1, 1), **{field: value})  # type: ignore[arg-type]
    assert refused.value.field == field
