"""Deleting a runner: into the bin, back out of it, and gone for good."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gait.errors import StoreRefused
from gait.store import annotations, assessments, audit, erasure, runners, tasks
from gait.store.database import Store
from gait.store.domain import Mark, Pin, Runner, Task
from gait.store.keeping import NewFile
from gait.store.opening import Place
from tests.store.conftest import Clock, Opens
from tests.store.days import FILMED, OWNER, a_clip, a_day, a_runner, record, sha256
from tests.store.test_access import rows


def everything_of(store: Store, runner: Runner, folder: Path, content: bytes) -> None:
    """One of all that a runner can have; every word of it is called by his content."""
    word = content.decode()
    day = a_day(store, runner, text=record(content, method=word), files=[a_clip(folder, content)])
    picture = folder / f"{word}.png"
    picture.write_bytes(b"picture of " + content)
    assessments.attach(store, OWNER, day.id, [NewFile(picture, "picture")])
    annotations.add_note(store, OWNER, day.id, Pin("side", 3), word)
    annotations.replace_marks(store, OWNER, day.id, "side", [Mark("text", 3, ((1, 1),), word)])
    annotations.overrule(store, OWNER, day.id, word, word)
    runners.grant(store, OWNER, runner.id, word)


def test_a_runner_in_the_bin_is_nowhere_else_and_comes_back_whole(store: Store, tmp_path: Path) -> None:
    runner = a_runner(store)
    day = a_day(store, runner, files=[a_clip(tmp_path)])
    erasure.delete_runner(store, OWNER, runner.id)
    assert runners.search(store, OWNER) == ()
    with pytest.raises(StoreRefused):
        assessments.get(store, OWNER, day.id)
    assert [each.id for each in erasure.in_bin(store, OWNER)] == [runner.id]
    assert erasure.restore(store, OWNER, runner.id) == runner
    assert assessments.get(store, OWNER, day.id) == day
    assert assessments.file(store, OWNER, day.id, sha256(b"a clip")).read_bytes() == b"a clip"


def test_a_runner_whose_name_was_given_away_comes_back_with_a_number(store: Store) -> None:
    first = a_runner(store, "Ann")
    erasure.delete_runner(store, OWNER, first.id)
    a_runner(store, "ann")
    assert erasure.restore(store, OWNER, first.id).name == "Ann (2)"


def test_the_bin_is_emptied_after_thirty_days_and_not_before(
    opens: Opens, clock: Clock, tmp_path: Path, forgotten: list[str]
) -> None:
    store = opens()
    runner = a_runner(store)
    a_day(store, runner, files=[a_clip(tmp_path)])
    erasure.delete_runner(store, OWNER, runner.id)
    clock.pass_days(29.9)
    assert len(erasure.in_bin(opens(), OWNER)) == 1
    assert store.files.has(sha256(b"a clip"))
    clock.pass_days(0.2)
    assert erasure.in_bin(opens(), OWNER) == ()
    assert not store.files.has(sha256(b"a clip"))
    assert forgotten == [sha256(b"a clip")]


@pytest.mark.parametrize("binned", [False, True])
def test_an_erased_runner_leaves_nothing_and_others_keep_all(
    binned: bool, store: Store, place: Place, tmp_path: Path, forgotten: list[str]
) -> None:
    kept = a_runner(store, "Bob")
    everything_of(store, kept, tmp_path, b"common")
    before = rows(store)
    gone = a_runner(store, "unheardofname")
    everything_of(store, gone, tmp_path, b"vanishing")
    a_day(store, gone, text=record(b"common"), files=[a_clip(tmp_path, b"common")])
    if binned:
        erasure.delete_runner(store, OWNER, gone.id)
    erasure.erase(store, OWNER, gone.id)
    (left,) = rows(store) - before
    assert left.startswith("events")
    assert "runner erased" in left
    assert before <= rows(store)
    assert forgotten == sorted([sha256(b"vanishing"), sha256(b"picture of vanishing")])
    assert store.files.has(sha256(b"common"))
    content = b"".join(path.read_bytes() for path in place.folder.rglob("*") if path.is_file())
    for word in (b"vanishing", b"unheardofname", sha256(b"vanishing").encode()):
        assert word not in content
    assert b"common" in content
    erased = assessments.timeline(store, OWNER, kept.id)
    assert len(erased) == 1


def test_landmarks_that_could_not_be_deleted_are_deleted_next_time(
    opens: Opens, tmp_path: Path, forgotten: list[str]
) -> None:
    store = opens()
    runner = a_runner(store)
    a_day(store, runner, files=[a_clip(tmp_path)])

    def in_use(sha256: str) -> None:
        raise PermissionError("in use")

    broken = Store(store.engine, store.folder, store.where, in_use, store.clock)
    with pytest.raises(Exception, match="cannot be written"):
        erasure.erase(broken, OWNER, runner.id)
    assert runners.search(store, OWNER) == ()
    assert forgotten == []
    opens()
    assert forgotten == [sha256(b"a clip")]
    assert not store.files.has(sha256(b"a clip"))


def test_files_that_no_day_needs_are_swept_once_they_are_old(
    opens: Opens, clock: Clock, tmp_path: Path
) -> None:
    store = opens()
    day = a_day(store, a_runner(store), files=[a_clip(tmp_path)])
    stray = store.files.path(sha256(b"stray"))
    half = store.files.root / ".writing-half"
    stray.parent.mkdir(exist_ok=True)
    for path in (stray, half):
        path.write_bytes(b"stray")
    clock.at = datetime.now(UTC)
    opens()
    assert stray.exists()
    assert half.exists()
    clock.pass_days(1)
    opens()
    assert not stray.exists()
    assert not half.exists()
    assert assessments.file(store, OWNER, day.id, sha256(b"a clip")).exists()


def test_a_day_can_be_saved_again_after_its_runner_was_erased(store: Store, tmp_path: Path) -> None:
    for _ in range(2):
        runner = a_runner(store)
        day = a_day(store, runner, FILMED, files=[a_clip(tmp_path)])
        assert assessments.file(store, OWNER, day.id, sha256(b"a clip")).read_bytes() == b"a clip"
        erasure.erase(store, OWNER, runner.id)


def test_old_films_go_and_the_numbers_stay(store: Store, tmp_path: Path, clock: Clock) -> None:
    runner = a_runner(store)
    old = a_day(store, runner, FILMED, files=[a_clip(tmp_path)])
    new_text = record(b"a new clip", method="m2")
    new = a_day(store, runner, FILMED + timedelta(9), text=new_text, files=[a_clip(tmp_path, b"a new clip")])
    for path in store.files.root.glob("*/*"):
        os.utime(path, (0, 0))
    assert erasure.drop_films(store, FILMED + timedelta(9)) == 1
    assert assessments.get(store, OWNER, old.id).files == ()
    assert assessments.record(store, OWNER, old.id) == record()
    assert not store.files.has(sha256(b"a clip"))
    assert assessments.file(store, OWNER, new.id, sha256(b"a new clip")).read_bytes() == b"a new clip"
    assert "film deleted" in audit.events(store, OWNER, runner.id)[0].what


def test_an_erased_runner_leaves_no_task_of_a_batch(store: Store) -> None:
    runner = a_runner(store)
    day = a_day(store, runner)
    tasks.note(store, OWNER, Task("1" * 64, "done", "", 0, day.id), runner.id)
    tasks.note(store, OWNER, Task("2" * 64, "refused", "a.mov: nobody runs"), runner.id)
    erasure.erase(store, OWNER, runner.id)
    assert tasks.known(store, OWNER, ["1" * 64, "2" * 64]) == {}
