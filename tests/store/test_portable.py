"""A runner as one file: it comes back whole on any computer, or not at all."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gait.errors import GaitError, StoreRefused
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
)
from gait.store.assessments import Decision
from gait.store.database import Store
from gait.store.domain import Agreed, Closing, Mark, Pin, Plan, Runner, Scatter
from gait.store.opening import Place, open_store
from tests.store.days import COACH, FILMED, OWNER, a_clip, a_day, a_runner, record, sha256
from tests.store.test_access import rows

LATER = FILMED + timedelta(days=30)
PLAN = Plan("overstride", FILMED, LATER, "cadence_spm")
NEXT = Plan("bounce", LATER, LATER, "bounce_cm")


def a_full_runner(store: Store, folder: Path) -> Runner:
    runner = a_runner(store, "Ann / Ö")
    first = a_day(store, runner, files=[a_clip(folder)], decision=Decision(prescribe=PLAN))
    assessments.save_record(store, OWNER, first.id, record(value=18, source="edited"))
    annotations.add_note(store, OWNER, first.id, Pin("side", 7, "knee"), "bent\n✓")
    annotations.overrule(store, OWNER, first.id, "overstride", "why not")
    annotations.replace_marks(store, OWNER, first.id, "side", [Mark("line", 7, ((1.5, 2), (3, 4)), "t")])
    a_day(store, runner, LATER, decision=Decision(Closing("worked", LATER), NEXT))
    for purpose in ("Films", "The club's page"):
        given = consents.give(store, OWNER, runner.id, Agreed(purpose, "Ann's mother", FILMED, LATER))
    consents.withdraw(store, OWNER, given.id, LATER)
    scatters.keep(store, OWNER, runner.id, Scatter("cadence_spm", 1.5, 12, "60 runs of a watch"))
    return runner


def seen(store: Store, runner: Runner) -> tuple[object, ...]:
    """All that a page can see of a runner, ids aside."""
    days = assessments.timeline(store, OWNER, runner.id)
    each_day = [
        (
            day.day,
            day.clips,
            day.files,
            day.method,
            day.saved_at,
            [assessments.record(store, OWNER, day.id, source) for source in ("detected", None)],  # type: ignore[arg-type]
            [(note.pin, note.text, note.author) for note in annotations.notes(store, OWNER, day.id)],
            annotations.marks(store, OWNER, day.id, "side"),
            [(each.cue_id, each.reason) for each in annotations.overrules(store, OWNER, day.id)],
            [assessments.file(store, OWNER, day.id, kept.sha256).read_bytes() for kept in day.files],
        )
        for day in days
    ]
    given = [(each.plan, each.closing) for each in prescriptions.all_given(store, OWNER, runner.id)]
    points = [
        (each.filmed_on, each.value) for each in assessments.history(store, OWNER, runner.id, "cadence_spm")
    ]
    agreed = [
        (each.agreed, each.author, each.written_at, each.withdrawn_on)
        for each in consents.of_runner(store, OWNER, runner.id)
    ]
    return runner.profile, each_day, given, points, agreed, scatters.known(store, OWNER, runner.id)


@pytest.fixture
def exported(store: Store, tmp_path: Path) -> Path:
    path = tmp_path / "ann.zip"
    portable.export_runner(store, OWNER, a_full_runner(store, tmp_path).id, path)
    return path


def test_a_runner_comes_back_whole_on_another_computer(store: Store, exported: Path, tmp_path: Path) -> None:
    (runner,) = runners.search(store, OWNER)
    other = open_store(Place(tmp_path / "other computer"))
    done = portable.import_runner(other, OWNER, exported)
    assert (done.merged, done.days_added) == (False, 2)
    assert seen(other, done.runner) == seen(store, runner)
    assert audit.events(other, OWNER, done.runner.id)[0].what == "runner imported"
    other.close()


def test_importing_what_is_there_changes_nothing(store: Store, exported: Path) -> None:
    (runner,) = runners.search(store, OWNER)
    before = seen(store, runner)
    done = portable.import_runner(store, OWNER, exported)
    assert (done.merged, done.days_added, done.runner) == (True, 0, runner)
    assert runners.search(store, OWNER) == (runner,)
    assert seen(store, runner) == before


def test_days_of_two_computers_come_together(store: Store, exported: Path, tmp_path: Path) -> None:
    other = open_store(Place(tmp_path / "other computer"))
    there = portable.import_runner(other, OWNER, exported).runner
    new = a_day(other, there, LATER + timedelta(days=30), text=record(value=15))
    old = assessments.latest(other, OWNER, there.id, before=LATER)
    assert old is not None
    annotations.add_note(other, OWNER, old.id, Pin("side", 9), "from the other computer")
    back = tmp_path / "back.zip"
    portable.export_runner(other, OWNER, there.id, back)
    done = portable.import_runner(store, OWNER, back)
    assert (done.merged, done.days_added) == (True, 1)
    assert assessments.get(store, OWNER, new.id).day == new.day
    assert len(annotations.notes(store, OWNER, old.id)) == 2
    other.close()


def test_on_request_the_same_runner_becomes_another_with_a_number(store: Store, exported: Path) -> None:
    (runner,) = runners.search(store, OWNER)
    for number in (2, 3):
        done = portable.import_runner(store, OWNER, exported, on_conflict="new")
        assert done.runner.name == f"Ann / Ö ({number})"
        assert seen(store, done.runner)[1:] == seen(store, runner)[1:]


def test_a_runner_of_the_same_name_is_not_mixed_up(store: Store, exported: Path, tmp_path: Path) -> None:
    other = open_store(Place(tmp_path / "other computer"))
    a_runner(other, "ann / ö")
    done = portable.import_runner(other, OWNER, exported)
    assert (done.runner.name, done.merged) == ("Ann / Ö (2)", False)
    other.close()


def test_somebody_elses_runner_is_copied_and_never_touched(store: Store, exported: Path) -> None:
    before = rows(store)
    done = portable.import_runner(store, COACH, exported)
    assert done.runner.owner_id == COACH.id
    assert done.days_added == 2
    assert before <= rows(store)


def test_a_runner_in_the_bin_is_imported_beside(store: Store, exported: Path) -> None:
    (runner,) = runners.search(store, OWNER)
    erasure.delete_runner(store, OWNER, runner.id)
    done = portable.import_runner(store, OWNER, exported)
    assert done.runner.id != runner.id
    assert len(erasure.in_bin(store, OWNER)) == 1


def test_a_second_open_cue_is_kept_as_replaced(store: Store, exported: Path, tmp_path: Path) -> None:
    (runner,) = runners.search(store, OWNER)
    other = open_store(Place(tmp_path / "other computer"))
    there = portable.import_runner(other, OWNER, exported).runner
    prescriptions.close(other, OWNER, there.id, Closing("worked", LATER))
    a_day(other, there, LATER, decision=Decision(prescribe=Plan("stiff", LATER, LATER, "knee_deg")))
    portable.export_runner(other, OWNER, there.id, tmp_path / "back.zip")
    portable.import_runner(store, OWNER, tmp_path / "back.zip")
    given = {each.plan.cue_id: each.closing for each in prescriptions.all_given(store, OWNER, runner.id)}
    assert given["bounce"] is None
    assert given["stiff"] == Closing(portable.REPLACED, LATER)
    other.close()


def test_the_export_appears_whole_or_not_at_all(store: Store, tmp_path: Path) -> None:
    runner = a_full_runner(store, tmp_path)
    store.files.path(sha256(b"a clip")).write_bytes(b"damage")
    with pytest.raises(GaitError) as failed:
        portable.export_runner(store, OWNER, runner.id, tmp_path / "out" / "ann.zip")
    assert failed.value.field == "out"
    (tmp_path / "out").mkdir()
    with pytest.raises(GaitError) as failed:
        portable.export_runner(store, OWNER, runner.id, tmp_path / "out" / "ann.zip")
    assert failed.value.id == "file-damaged"
    assert list((tmp_path / "out").iterdir()) == []


Members = dict[str, bytes]


def unpacked(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, members: Members, names: Callable[[str], str] = lambda name: name) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(names(name), content)
    return path


def with_manifest(members: Members, change: Callable[[dict[str, object]], None]) -> Members:
    """The members, with a manifest that fits them and was then changed."""
    manifest = json.loads(members["manifest.json"])
    manifest["members"] = {
        name: {"sha256": sha256(content), "bytes": len(content)}
        for name, content in members.items()
        if name != "manifest.json"
    }
    change(manifest)
    return {**members, "manifest.json": json.dumps(manifest).encode()}


def rewritten(members: Members, old: str, new: str) -> Members:
    """The runner's file with something else in it, and hashes that fit."""
    text = members["runner.json"].decode()
    assert old in text
    return with_manifest({**members, "runner.json": text.replace(old, new).encode()}, lambda manifest: None)


def newer_record(members: Members) -> Members:
    changed, digests = {}, {}
    for name, content in members.items():
        if name.startswith("records/"):
            newer = content.replace(b'"schema": 2', b'"schema": 3')
            digests[name[8:72]] = sha256(newer)
            changed[f"records/{sha256(newer)}.json"] = newer
        else:
            changed[name] = content
    text = changed["runner.json"].decode()
    for old, new in digests.items():
        text = text.replace(old, new)
    return with_manifest({**changed, "runner.json": text.encode()}, lambda manifest: None)


BAD: dict[str, tuple[Callable[[Members], Members], str]] = {
    "one bit of a clip flipped": (
        lambda m: {n: (c[:-1] + b"?" if n.startswith("files/") else c) for n, c in m.items()},
        "mismatch",
    ),
    "a record edited by hand": (
        lambda m: {n: (c.replace(b"21.3", b"11.3") if n.startswith("records/") else c) for n, c in m.items()},
        "mismatch",
    ),
    "a member missing": (
        lambda m: {n: c for n, c in m.items() if not n.startswith("files/")},
        "not-an-export",
    ),
    "a member too many": (lambda m: {**m, "files/" + 64 * "0": b""}, "not-an-export"),
    "a path out of the folder": (lambda m: {**m, "../../evil": b""}, "not-an-export"),
    "an absolute path": (lambda m: {**m, "/etc/cron.d/evil": b""}, "not-an-export"),
    "a path out of the folder that the manifest knows": (
        lambda m: with_manifest({**m, "files/../../evil": b""}, lambda manifest: None),
        "not-an-export",
    ),
    "no manifest": (lambda m: {n: c for n, c in m.items() if n != "manifest.json"}, "not-an-export"),
    "a manifest that is no JSON": (lambda m: {**m, "manifest.json": b"{"}, "not-an-export"),
    "a manifest of something else": (
        lambda m: with_manifest(m, lambda manifest: manifest.update(format="photos")),
        "not-an-export",
    ),
    "a member of endless size": (
        lambda m: {
            **m,
            "manifest.json": m["manifest.json"].replace(b'"bytes": ', b'"bytes": 1e999, "also": ', 1),
        },
        "not-an-export",
    ),
    "a newer program": (
        lambda m: with_manifest(m, lambda manifest: manifest.update(version=2)),
        "newer-export",
    ),
    "a record of a newer program": (newer_record, "newer-record"),
    "a bomb": (
        lambda m: with_manifest({**m, "files/" + 64 * "0": bytes(200_000_000)}, lambda manifest: None),
        "too-large",
    ),
    "no runner": (lambda m: rewritten(m, '"profile"', '"people"'), "not-an-export"),
    "a name that is a path": (lambda m: rewritten(m, "Ann / Ö", "Ann \\u0000"), "unprintable"),
    "a day that is none": (lambda m: rewritten(m, "2026-11-25", "2026-13-45"), "not-an-export"),
    "an id that is a path": (lambda m: rewritten(m, '"id": "', '"id": "../'), "not-an-export"),
    "a speed that is a word": (lambda m: rewritten(m, "10.8", '"fast"'), "not-an-export"),
    "pain that is a word": (lambda m: rewritten(m, '"in_pain": false', '"in_pain": "a"'), "not-an-export"),
    "a drawing without end": (lambda m: rewritten(m, "1.5", "1e999"), "drawing"),
    "a clip of another name": (lambda m: rewritten(m, sha256(b"a clip"), "0" * 64), "not-an-export"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_is_not_what_was_exported_imports_nothing(
    what: str, store: Store, tmp_path: Path
) -> None:
    runner = a_full_runner(store, tmp_path)
    portable.export_runner(store, OWNER, runner.id, tmp_path / "ann.zip")
    erasure.erase(store, OWNER, runner.id)
    spoil, id_ = BAD[what]
    spoiled = packed(tmp_path / "spoiled.zip", spoil(unpacked(tmp_path / "ann.zip")))
    before, outside = rows(store), set(tmp_path.rglob("*"))
    with pytest.raises(StoreRefused) as refused:
        portable.import_runner(store, OWNER, spoiled)
    assert refused.value.id == id_
    assert str(refused.value).count(".") <= 2
    assert rows(store) == before
    assert set(tmp_path.rglob("*")) == outside
    assert portable.import_runner(store, OWNER, tmp_path / "ann.zip").days_added == 2


def test_a_file_that_is_no_zip_or_not_there_is_said_so(alone: Store, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"no zip")
    for name, id_ in (("clip.mp4", "not-an-export"), ("gone.zip", "unreadable")):
        with pytest.raises(StoreRefused) as refused:
            portable.import_runner(alone, OWNER, tmp_path / name)
        assert refused.value.id == id_


@given(data=st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_damaged_anywhere_imports_all_or_nothing(
    data: st.DataObject, alone: Store, tmp_path: Path
) -> None:
    whole = tmp_path / "ann.zip"
    if not whole.exists():
        runner = a_full_runner(alone, tmp_path)
        portable.export_runner(alone, OWNER, runner.id, whole)
        erasure.erase(alone, OWNER, runner.id)
    content = bytearray(whole.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(bytes(content))
    try:
        done = portable.import_runner(alone, OWNER, damaged)
    except StoreRefused:
        assert runners.search(alone, OWNER) == ()
        return
    assert done.days_added == 2
    erasure.erase(alone, OWNER, done.runner.id)


def test_the_same_member_twice_is_refused(alone: Store, tmp_path: Path) -> None:
    portable.export_runner(alone, OWNER, a_full_runner(alone, tmp_path).id, tmp_path / "ann.zip")
    buffer = io.BytesIO((tmp_path / "ann.zip").read_bytes())
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("runner.json", "{}")
    (tmp_path / "twice.zip").write_bytes(buffer.getvalue())
    with pytest.raises(StoreRefused):
        portable.import_runner(alone, OWNER, tmp_path / "twice.zip")
