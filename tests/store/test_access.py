"""Nobody sees or changes what is not his: every call of the store is tried by a stranger."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import select

from gait.errors import StoreRefused
from gait.store import (
    annotations,
    assessments,
    audit,
    consents,
    erasure,
    portable,
    prescriptions,
    runners,
    scatters,
    tasks,
)
from gait.store.assessments import Decision, NewAssessment
from gait.store.database import Store, reading
from gait.store.domain import (
    Actor,
    Agreed,
    Assessment,
    Closing,
    Consent,
    Day,
    Mark,
    Note,
    Overrule,
    Pin,
    Plan,
    Profile,
    Runner,
    Scatter,
    Task,
)
from gait.store.models import Base
from tests.store.days import COACH, FILMED, OWNER, STRANGER, a_clip, a_day, a_runner, record, sha256

ROOMS: tuple[ModuleType, ...] = (
    annotations, assessments, audit, consents, erasure, portable, prescriptions, runners, scatters, tasks,
)  # fmt: skip
KEY = sha256(b"a task")
AGREED = Agreed("Films, for the club's coaches", "Ann", FILMED)
SCATTER = Scatter("cadence_spm", 1.5, 12, "60 runs of a watch")
PLAN = Plan("overstride", FILMED, FILMED, "cadence_spm")
OWN_THINGS_ONLY = {
    "runners.add",
    "runners.search",
    "erasure.in_bin",
    "portable.import_runner",
    "tasks.known",
    "tasks.asked",
}
"""Calls that name nothing of anybody else's: they give or make only what is the actor's own."""
OWNERS_ONLY = {
    "tasks.retell",
    "erasure.delete_runner",
    "erasure.erase",
    "erasure.restore",
    "portable.export_runner",
    "runners.change",
    "runners.grant",
    "runners.revoke",
}


@dataclass(frozen=True)
class World:
    """A runner of the owner's, with one of everything."""

    runner: Runner
    binned: Runner
    day: Assessment
    note: Note
    overruled: Overrule
    consent: Consent
    exported: Path
    folder: Path


Call = Callable[[Store, Actor, World], object]
CALLS: dict[str, Call] = {
    "annotations.add_note": lambda s, a, w: annotations.add_note(s, a, w.day.id, Pin("side", 3), "look"),
    "annotations.agree": lambda s, a, w: annotations.agree(s, a, w.overruled.id),
    "annotations.change_note": lambda s, a, w: annotations.change_note(s, a, w.note.id, "look"),
    "annotations.marks": lambda s, a, w: annotations.marks(s, a, w.day.id, "side"),
    "annotations.notes": lambda s, a, w: annotations.notes(s, a, w.day.id),
    "annotations.overrule": lambda s, a, w: annotations.overrule(s, a, w.day.id, "bounce", "no"),
    "annotations.overrules": lambda s, a, w: annotations.overrules(s, a, w.day.id),
    "annotations.remove_note": lambda s, a, w: annotations.remove_note(s, a, w.note.id),
    "annotations.replace_marks": lambda s, a, w: annotations.replace_marks(s, a, w.day.id, "side", []),
    "assessments.attach": lambda s, a, w: assessments.attach(s, a, w.day.id, [a_clip(w.folder)]),
    "assessments.change_day": lambda s, a, w: assessments.change_day(s, a, w.day.id, Day(FILMED)),
    "assessments.contacts": lambda s, a, w: assessments.contacts(s, a, w.day.id),
    "assessments.file": lambda s, a, w: assessments.file(s, a, w.day.id, sha256(b"a clip")),
    "assessments.get": lambda s, a, w: assessments.get(s, a, w.day.id),
    "assessments.history": lambda s, a, w: assessments.history(s, a, w.runner.id, "cadence_spm"),
    "assessments.latest": lambda s, a, w: assessments.latest(s, a, w.runner.id),
    "assessments.record": lambda s, a, w: assessments.record(s, a, w.day.id),
    "assessments.save": lambda s, a, w: assessments.save(
        s, a, w.runner.id, NewAssessment(Day(FILMED), record())
    ),
    "assessments.save_record": lambda s, a, w: assessments.save_record(s, a, w.day.id, record()),
    "assessments.timeline": lambda s, a, w: assessments.timeline(s, a, w.runner.id),
    "assessments.with_clips": lambda s, a, w: assessments.with_clips(s, a, w.runner.id, [sha256(b"a clip")]),
    "audit.events": lambda s, a, w: audit.events(s, a, w.runner.id),
    "consents.give": lambda s, a, w: consents.give(s, a, w.runner.id, AGREED),
    "consents.of_runner": lambda s, a, w: consents.of_runner(s, a, w.runner.id),
    "consents.withdraw": lambda s, a, w: consents.withdraw(s, a, w.consent.id, FILMED),
    "erasure.delete_runner": lambda s, a, w: erasure.delete_runner(s, a, w.runner.id),
    "erasure.erase": lambda s, a, w: erasure.erase(s, a, w.runner.id),
    "erasure.in_bin": lambda s, a, w: erasure.in_bin(s, a),
    "erasure.restore": lambda s, a, w: erasure.restore(s, a, w.binned.id),
    "portable.export_runner": lambda s, a, w: portable.export_runner(s, a, w.runner.id, w.folder / "out.zip"),
    "portable.import_runner": lambda s, a, w: portable.import_runner(s, a, w.exported),
    "prescriptions.all_given": lambda s, a, w: prescriptions.all_given(s, a, w.runner.id),
    "prescriptions.close": lambda s, a, w: prescriptions.close(s, a, w.runner.id, Closing("worked", FILMED)),
    "prescriptions.current": lambda s, a, w: prescriptions.current(s, a, w.runner.id),
    "prescriptions.prescribe": lambda s, a, w: prescriptions.prescribe(s, a, w.day.id, PLAN),
    "runners.add": lambda s, a, w: runners.add(s, a, Profile(w.runner.name)),
    "runners.by_name": lambda s, a, w: runners.by_name(s, a, w.runner.name),
    "runners.change": lambda s, a, w: runners.change(s, a, w.runner.id, Profile("Mallory")),
    "runners.get": lambda s, a, w: runners.get(s, a, w.runner.id),
    "runners.grant": lambda s, a, w: runners.grant(s, a, w.runner.id, a.id),
    "runners.revoke": lambda s, a, w: runners.revoke(s, a, w.runner.id, COACH.id),
    "runners.search": lambda s, a, w: runners.search(s, a, ""),
    "scatters.keep": lambda s, a, w: scatters.keep(s, a, w.runner.id, SCATTER),
    "scatters.known": lambda s, a, w: scatters.known(s, a, w.runner.id),
    "tasks.known": lambda s, a, w: tasks.known(s, a, [KEY]),
    "tasks.asked": lambda s, a, w: tasks.asked(s, a),
    "tasks.retell": lambda s, a, w: tasks.retell(s, a, KEY, "{}"),
    "tasks.note": lambda s, a, w: tasks.note(s, a, Task(KEY, "done", "", 0, w.day.id), w.runner.id),
}


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    runner, binned = a_runner(store), a_runner(store, "Bob")
    day = a_day(store, runner, files=[a_clip(tmp_path)], decision=Decision(prescribe=PLAN))
    note = annotations.add_note(store, OWNER, day.id, Pin("side", 7, "knee"), "here")
    overruled = annotations.overrule(store, OWNER, day.id, "bounce", "no")
    consent = consents.give(store, OWNER, runner.id, AGREED)
    scatters.keep(store, OWNER, runner.id, SCATTER)
    annotations.replace_marks(store, OWNER, day.id, "side", [Mark("line", 7, ((1, 2), (3, 4)))])
    runners.grant(store, OWNER, runner.id, COACH.id)
    tasks.note(store, OWNER, Task(KEY, "done", "", 0, day.id), runner.id)
    erasure.delete_runner(store, OWNER, binned.id)
    exported = tmp_path / "ann.zip"
    portable.export_runner(store, OWNER, runner.id, exported)
    return World(runner, binned, day, note, overruled, consent, exported, tmp_path)


def rows(store: Store) -> set[str]:
    with reading(store) as session:
        return {
            f"{table.name} {tuple(row)}"
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
        }


def test_every_call_is_tried_by_a_stranger() -> None:
    public = {
        f"{room.__name__.rsplit('.', 1)[1]}.{name}"
        for room in ROOMS
        for name, thing in vars(room).items()
        if inspect.isfunction(thing)
        and thing.__module__ == room.__name__
        and not name.startswith("_")
        and list(inspect.signature(thing).parameters)[:2] == ["store", "actor"]
    }
    assert public == set(CALLS)


def test_no_call_goes_without_an_actor() -> None:
    inner = {"tidy", "drop_films"}  # run when the store is opened, and by whoever runs it
    for room in ROOMS:
        for name, thing in vars(room).items():
            if inspect.isfunction(thing) and thing.__module__ == room.__name__ and not name.startswith("_"):
                words = list(inspect.signature(thing).parameters)
                assert words[:1] != ["store"] or words[1:2] == ["actor"] or name in inner, name


@pytest.mark.parametrize("who", [STRANGER, Actor(COACH.id, "Ada", "runner")], ids=["stranger", "no coach"])
def test_a_stranger_is_told_that_there_is_nothing_and_changes_nothing(
    who: Actor, store: Store, world: World
) -> None:
    before = rows(store)
    for name in sorted(set(CALLS) - OWN_THINGS_ONLY):
        with pytest.raises(StoreRefused) as refused:
            CALLS[name](store, who, world)
            pytest.fail(name)
        assert refused.value.id.startswith("unknown-"), name
        assert rows(store) == before, name
    assert not (world.folder / "out.zip").exists()


@pytest.mark.parametrize("name", sorted(OWN_THINGS_ONLY))
def test_what_a_stranger_may_do_touches_nothing_of_others(name: str, store: Store, world: World) -> None:
    before = rows(store)
    given = CALLS[name](store, STRANGER, world)
    assert before <= rows(store)
    assert str(world.runner.id) not in str(given)
    assert str(world.binned.id) not in str(given)


def test_a_coach_may_do_with_a_granted_runner_all_that_is_not_his_owners(store: Store, world: World) -> None:
    for name in sorted(set(CALLS) - OWNERS_ONLY - OWN_THINGS_ONLY - {"annotations.remove_note"}):
        CALLS[name](store, COACH, world)
    CALLS["annotations.remove_note"](store, COACH, world)


def test_a_coach_may_not_do_what_is_the_owners(store: Store, world: World) -> None:
    before = rows(store)
    for name in sorted(OWNERS_ONLY):
        with pytest.raises(StoreRefused):
            CALLS[name](store, COACH, world)
            pytest.fail(name)
        assert rows(store) == before, name


def test_a_coach_whose_sight_was_taken_back_sees_nothing_anymore(store: Store, world: World) -> None:
    assert [each.id for each in runners.search(store, COACH)] == [world.runner.id]
    runners.revoke(store, OWNER, world.runner.id, COACH.id)
    assert runners.search(store, COACH) == ()
    with pytest.raises(StoreRefused):
        assessments.record(store, COACH, world.day.id)
