"""A writer that is killed at any moment, and what has to be in the store afterwards.

The writer says what it is about to do, does it, and says that it is done. Whoever killed it plays the same
through in memory: the store must be in exactly the state after the last thing done, or after the one that
was being done; nothing lost, nothing half done, nothing that nobody asked for.
"""

import json
import os
import random
import signal
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

from gait.errors import StoreFailed
from gait.store import annotations, assessments, erasure, portable, prescriptions, runners
from gait.store.assessments import Decision, NewAssessment
from gait.store.database import Store
from gait.store.domain import LOCAL, Closing, Day, Pin, Plan, Profile, Runner
from gait.store.keeping import NewFile
from gait.store.opening import Place, open_store
from gait.store.schema import check
from tests.store.days import FILMED, record, sha256

Kind = Literal["add", "save", "edit", "note", "bin", "restore", "erase", "copy"]
LEAST_OFTEN: tuple[Kind, ...] = ("add", "bin", "restore", "erase", "copy")


@dataclass(frozen=True)
class Act:
    """One thing done to the store; ``word`` is never used twice."""

    kind: Kind
    name: str
    word: str = ""
    day: str = ""


@dataclass(frozen=True)
class SeenDay:
    record: str
    content: str
    notes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SeenRunner:
    binned: bool = False
    days: Mapping[str, SeenDay] = field(default_factory=dict)
    cues: frozenset[tuple[str, bool]] = frozenset()
    """The cues given, and which of them is open."""


Seen = Mapping[str, SeenRunner]


def after(seen: Seen, act: Act) -> Seen:
    """What the store holds after an act."""
    others = {name: each for name, each in seen.items() if name != act.name}
    if act.kind == "erase":
        return others
    his = seen.get(act.name, SeenRunner())
    if act.kind == "copy":
        return {**seen, act.word: his}
    if act.kind in {"bin", "restore"}:
        return {**others, act.name: replace(his, binned=act.kind == "bin")}
    if act.kind == "save":
        day = SeenDay(sha256(_text(act).encode()), act.word)
        closed = {(cue, False) for cue, _ in his.cues}
        cues = frozenset({*closed, (act.word, True)})
        his = replace(his, days={**his.days, act.word: day}, cues=cues)
    if act.kind in {"edit", "note"}:
        day = his.days[act.day]
        if act.kind == "edit":
            day = replace(day, record=sha256(_text(act).encode()))
        else:
            day = replace(day, notes=day.notes | {act.word})
        his = replace(his, days={**his.days, act.day: day})
    return {**others, act.name: his}


def found(store: Store) -> Seen:
    """What the store holds, by its own calls; every kept file is read through."""
    here = {each.name: _found(store, each) for each in runners.search(store, LOCAL)}
    for runner in erasure.in_bin(store, LOCAL):
        erasure.restore(store, LOCAL, runner.id)
        here[runner.name] = replace(_found(store, runner), binned=True)
        erasure.delete_runner(store, LOCAL, runner.id)
    return here


def _found(store: Store, runner: Runner) -> SeenRunner:
    days = {}
    for day in assessments.timeline(store, LOCAL, runner.id, limit=10_000):
        (kept,) = day.files
        content = assessments.file(store, LOCAL, day.id, kept.sha256).read_bytes().decode()
        text = assessments.record(store, LOCAL, day.id)
        notes = frozenset(note.text for note in annotations.notes(store, LOCAL, day.id))
        days[day.method] = SeenDay(sha256(text.encode()), content, notes)
    points = assessments.history(store, LOCAL, runner.id, "overstride_pct_leg")
    assert {point.method for point in points} == set(days)
    given = prescriptions.all_given(store, LOCAL, runner.id)
    return SeenRunner(False, days, frozenset((each.plan.cue_id, each.closing is None) for each in given))


def landmarks(place: Place) -> Path:
    """Where the writer keeps what stands for the landmarks of each clip."""
    return place.folder.parent / "landmarks"


def opened(place: Place) -> Store:
    """Open the store as every program does."""
    landmarks(place).mkdir(exist_ok=True)
    return open_store(place, forget=lambda sha256: (landmarks(place) / sha256).unlink(missing_ok=True))


def perform(store: Store, place: Place, act: Act) -> None:
    """Do it."""
    if act.kind == "add":
        runners.add(store, LOCAL, Profile(act.name))
        return
    if act.kind in {"restore", "erase"}:
        his = [*erasure.in_bin(store, LOCAL), *runners.search(store, LOCAL)]
        (id_,) = [each.id for each in his if each.name == act.name]
        erasure.erase(store, LOCAL, id_) if act.kind == "erase" else erasure.restore(store, LOCAL, id_)
        return
    id_ = runners.by_name(store, LOCAL, act.name).id
    if act.kind == "bin":
        erasure.delete_runner(store, LOCAL, id_)
    elif act.kind == "copy":
        path = place.folder.parent / "copy.zip"
        portable.export_runner(store, LOCAL, id_, path)
        portable.import_runner(store, LOCAL, path, on_conflict="new")
    elif act.kind == "save":
        _save(store, place, id_, act)
    else:
        days = assessments.timeline(store, LOCAL, id_, limit=10_000)
        (day,) = [each.id for each in days if each.method == act.day]
        if act.kind == "edit":
            assessments.save_record(store, LOCAL, day, _text(act))
        else:
            annotations.add_note(store, LOCAL, day, Pin("side", 1), act.word)


def _save(store: Store, place: Place, runner_id: str, act: Act) -> None:
    path = place.folder.parent / f"{act.word}.mp4"
    path.write_text(act.word)
    (landmarks(place) / sha256(act.word.encode())).write_text("landmarks")
    close = Closing("worked", FILMED) if prescriptions.current(store, LOCAL, runner_id) else None
    plan = Plan(act.word, FILMED, FILMED + timedelta(days=28), "cadence_spm")
    new = NewAssessment(Day(FILMED), _text(act), (NewFile(path, "clip", "side"),), Decision(close, plan))
    assessments.save(store, LOCAL, runner_id, new)
    path.unlink()


def _text(act: Act) -> str:
    day = act.day or act.word
    source = "edited" if act.kind == "edit" else "detected"
    blanks = int(act.word.rsplit("-", 1)[1])
    return record(day.encode(), method=day, source=source, samples=300) + " " * blanks


def acts(seed: int, seen: Seen) -> Iterator[Act]:
    """Things to do, for ever; they make sense one after the other."""
    chance = random.Random(seed)
    number = 0
    while True:
        number += 1
        act = _next(chance, seen, f"w{seed}-{number}")
        seen = after(seen, act)
        yield act


def _next(chance: random.Random, seen: Seen, word: str) -> Act:
    here = sorted(name for name, each in seen.items() if not each.binned)
    binned = sorted(set(seen) - set(here))
    if len(here) < 2:
        return Act("add", word)
    name = chance.choice(here)
    days = sorted(seen[name].days)
    kind: Kind = chance.choice(("save",) * 4 + ("edit", "note") * 3 + LEAST_OFTEN)
    if kind == "restore" and binned:
        return Act("restore", chance.choice(binned))
    if kind == "erase" and len(seen) > 4:
        return Act("erase", chance.choice(sorted(seen)))
    if kind == "copy" and f"{name} (2)" not in seen and len(seen) < 8:
        return Act("copy", name, f"{name} (2)")
    if kind == "bin":
        return Act("bin", name)
    if kind in {"edit", "note"} and days:
        return Act(kind, name, word, chance.choice(days))
    return Act("save", name, word)


@dataclass
class Ledger:
    """What writers said of one store."""

    seen: Seen = field(default_factory=dict)
    pending: Act | None = None
    done: int = 0
    interrupted: bool = False
    erased: set[str] = field(default_factory=set)
    """Contents whose runner was erased."""

    def hear(self, lines: list[str]) -> None:
        """Take what a killed writer said; the last line may be half."""
        for line in lines:
            try:
                word, act = json.loads(line)[0], Act(*json.loads(line)[1])
            except ValueError:
                break
            if word == "doing":
                self.pending = act
                continue
            if act.kind == "erase":
                self.erased |= {day.content for day in self.seen[act.name].days.values()}
            self.seen, self.pending = after(self.seen, act), None
            self.done += 1
        self.interrupted = self.pending is not None

    def settle(self, place: Place) -> None:
        """Look whether the store is what it must be; go on from what it is."""
        store = opened(place)
        try:
            check(store)
            now = found(store)
            allowed = [self.seen] + ([after(self.seen, self.pending)] if self.pending else [])
            assert now in allowed, f"lost, half done or unasked for: {self.pending}"
            wanted = {day.content for each in now.values() for day in each.days.values()}
            for content in self.erased - wanted:
                digest = sha256(content.encode())
                assert not store.files.has(digest)
                assert not (landmarks(place) / digest).exists()
            self.seen, self.pending = now, None
        finally:
            store.close()


def write_until_killed(place: Place, acts_to_do: Iterator[Act], said: int) -> None:
    """Do things and say so, each line in one write."""
    try:
        store = opened(place)
        for act in acts_to_do:
            words = [act.kind, act.name, act.word, act.day]
            os.write(said, json.dumps(["doing", words]).encode() + b"\n")
            perform(store, place, act)
            os.write(said, json.dumps(["did", words]).encode() + b"\n")
    except StoreFailed:
        os._exit(3)
    except BaseException:  # noqa: BLE001 - a fork must never go back into the caller's program
        traceback.print_exc()
        os._exit(4)


@contextmanager
def writer(place: Place, ledger: Ledger, seed: int) -> Iterator[int]:
    """Run a writer in a process of its own; when it is dead, the ledger has what it said."""
    ours, its = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(ours)
        write_until_killed(place, acts(seed, ledger.seen), its)
        os._exit(0)
    os.close(its)
    yield process
    with os.fdopen(ours) as said:
        lines = said.read().splitlines()
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) in {-signal.SIGKILL, 3}, "the writer failed by itself"
    ledger.hear(lines)


def kill_once(place: Place, ledger: Ledger, seed: int, after_s: float) -> None:
    """Start a writer, kill it, and look."""
    with writer(place, ledger, seed) as process:
        time.sleep(after_s)
        os.kill(process, signal.SIGKILL)
    ledger.settle(place)
