"""Whatever is wrong with the disk or the database: one sentence, and what was saved is there."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from gait.errors import StoreFailed
from gait.store import assessments, database, opening, portable, runners
from gait.store.database import Store
from gait.store.opening import Place, open_store, usual_place
from tests.store.days import OWNER, a_clip, a_day, a_runner, record, sha256

ROOM_BYTES = 3_000_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={ROOM_BYTES}", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def sentences(error: Exception) -> int:
    return str(error).count(". ") + str(error).endswith(".")


def test_on_a_full_disk_a_day_is_saved_or_refused_in_one_sentence(small_disk: Path, tmp_path: Path) -> None:
    store = open_store(Place(small_disk / "store"))
    runner = a_runner(store)
    spare = small_disk / "spare"
    spare.write_bytes(bytes(400_000))
    saved = {}
    with pytest.raises(StoreFailed) as failed:
        for number in range(1000):
            content = f"{number}".encode() * 30_000
            clip = a_clip(tmp_path, content)
            saved[a_day(store, runner, text=record(content), files=[clip]).id] = sha256(content)
    assert failed.value.id == "disk-full"
    assert sentences(failed.value) == 1
    for content in (b"", b"x"):
        with pytest.raises(StoreFailed) as failed:
            while True:
                day = a_day(store, runner, text=record(content, samples=500))
                saved[day.id] = ""
        assert failed.value.id == "disk-full"
    everything_is_there(store, runner.id, saved)
    with pytest.raises(StoreFailed) as failed:
        portable.export_runner(store, OWNER, runner.id, small_disk / "out.zip")
    assert (failed.value.id, failed.value.field) == ("output", "out")
    store.close()
    spare.unlink()
    store = open_store(Place(small_disk / "store"))
    everything_is_there(store, runner.id, saved)
    saved[a_day(store, runner, text=record(b"more")).id] = ""
    everything_is_there(store, runner.id, saved)
    store.close()


def everything_is_there(store: Store, runner_id: str, saved: dict[str, str]) -> None:
    days = assessments.timeline(store, OWNER, runner_id, limit=10_000)
    assert {day.id for day in days} == set(saved)
    for id_, digest in saved.items():
        if digest:
            assert assessments.file(store, OWNER, id_, digest).is_file()


def test_a_store_that_cannot_be_written_is_said_so(small_disk: Path) -> None:
    store = open_store(Place(small_disk / "store"))
    a_runner(store)
    store.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for place in (Place(small_disk / "store"), Place(small_disk / "another")):
        with pytest.raises(StoreFailed) as failed:
            open_store(place)
        assert failed.value.id == "read-only"
        assert sentences(failed.value) == 1


def test_a_file_where_the_folder_should_be_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("mine")
    with pytest.raises(StoreFailed):
        open_store(Place(tmp_path / "store"))
    assert (tmp_path / "store").read_text() == "mine"


@pytest.mark.parametrize(
    ("kind", "refused"),
    [("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("ext4", False), ("tmpfs", False)],
)
def test_a_folder_on_the_network_is_refused(
    kind: str, refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "my share"
    share.mkdir()
    mounts = tmp_path / "mounts"
    point = str(share).replace(" ", "\\040")
    mounts.write_text(f"dev / ext4 rw 0 0\nserver:/x {point} {kind} rw 0 0\n")
    monkeypatch.setattr(opening, "MOUNTS", mounts)
    place = Place(share / "deep" / "store")
    if not refused:
        open_store(place).close()
        return
    with pytest.raises(StoreFailed) as failed:
        open_store(place)
    assert failed.value.id == "folder"
    assert list(share.iterdir()) == []


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    place = Place(tmp_path)
    (tmp_path / "store.sqlite").write_bytes(b"my diary " * 1000)
    with pytest.raises(StoreFailed) as failed:
        open_store(place)
    assert failed.value.id == "damaged"
    assert (tmp_path / "store.sqlite").read_bytes() == b"my diary " * 1000


@given(data=st.data())
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_database_is_noticed_or_whole(data: st.DataObject, tmp_path: Path) -> None:
    file, sound = tmp_path / "store.sqlite", tmp_path / "sound"
    if not sound.exists():
        store = open_store(Place(tmp_path))
        day = a_day(store, a_runner(store), text=record(samples=3000))
        store.close()
        sound.write_bytes(file.read_bytes())
        (tmp_path / "day").write_text(day.id)
    content = bytearray(sound.read_bytes())
    at = data.draw(st.integers(0, len(content) - 200))
    content[at : at + 200] = data.draw(st.binary(min_size=200, max_size=200))
    file.write_bytes(content)
    try:
        store = open_store(Place(tmp_path))
        assessments.timeline(store, OWNER, runners.by_name(store, OWNER, "Ann").id)
        store.close()
    except StoreFailed as failed:
        assert sentences(failed) == 1
    for left in tmp_path.glob("store.sqlite-*"):
        left.unlink()


def test_another_program_that_writes_for_long_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_S", 0.1)
    store = open_store(Place(tmp_path))
    with closing(sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFailed) as failed:
            a_runner(store)
        assert failed.value.id == "busy"
        assert runners.search(store, OWNER) == ()
        other.execute("ROLLBACK")
    a_runner(store)
    store.close()


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        ("postgresql://ann:secret@/gait?host=/nowhere", "unreachable"),
        ("mysql://ann:secret@host/gait", "address"),
    ],
)
def test_a_server_that_is_not_there_is_said_without_the_password(url: str, id_: str, tmp_path: Path) -> None:
    with pytest.raises(StoreFailed) as failed:
        open_store(Place(tmp_path, make_url(url)))
    assert failed.value.id == id_
    assert "secret" not in str(failed.value)


def test_a_server_that_goes_away_is_said_and_comes_back(server: "object", tmp_path: Path) -> None:
    from tests.store.postgres import Server

    assert isinstance(server, Server)
    store = open_store(Place(tmp_path, server.empty()))
    a_runner(store)
    server.stop("immediate")
    with pytest.raises(StoreFailed) as failed:
        a_runner(store, "Bob")
    assert failed.value.id in {"connection", "unreachable"}
    server.start()
    assert [each.name for each in runners.search(store, OWNER)] == ["Ann"]
    store.close()


def test_the_store_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAIT_STORE_DIR", str(tmp_path / '50% "odd" / ünï'))
    monkeypatch.delenv("GAIT_STORE_URL", raising=False)
    store = open_store()
    a_runner(store)
    assert (tmp_path / '50% "odd" / ünï' / "store.sqlite").is_file()
    store.close()
    monkeypatch.setenv("GAIT_STORE_URL", "postgresql://host/name")
    assert usual_place() == Place(usual_place().folder, make_url("postgresql://host/name"))
    monkeypatch.setenv("GAIT_STORE_URL", "not an address")
    with pytest.raises(StoreFailed):
        usual_place()
    assert sentences(StoreFailed("One.")) == 1
