"""An older store is brought up to date without risk, a newer one is refused, and both stay as they were."""

import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Timer

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gait.errors import StoreFailed
from gait.store import assessments, erasure, runners, schema
from gait.store.database import Store, is_sqlite
from gait.store.models import Base
from gait.store.opening import Place, open_store
from gait.store.schema import SCRIPTS, prepare
from tests.store.conftest import Opens
from tests.store.days import OWNER, a_day, a_runner, record
from tests.store.test_access import rows

NEXT = """
import os, signal
import sqlalchemy as sa
from alembic import op
revision, down_revision = "next", "0003"

def upgrade():
    with op.batch_alter_table("runners") as runners:
        runners.add_column(sa.Column("club", sa.Text()))
        runners.alter_column("units", type_=sa.Text())
    real = ".rehearsal" not in str(op.get_bind().engine.url)
    {then}
"""


def scripts_with(folder: Path, then: str = "pass") -> Path:
    """The migrations of a program that is one version ahead."""
    shutil.copytree(SCRIPTS, folder / "migrations")
    (folder / "migrations" / "versions" / "next.py").write_text(NEXT.format(then=then))
    return folder / "migrations"


def columns(store: Store) -> set[str]:
    with store.engine.connect() as connection:
        return set(connection.exec_driver_sql("SELECT * FROM runners").keys())


def test_the_migrations_make_exactly_the_tables_of_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_an_older_store_is_updated_and_a_copy_of_it_is_kept(store: Store, tmp_path: Path) -> None:
    runner = a_runner(store)
    day = a_day(store, runner)
    prepare(store, scripts_with(tmp_path))
    assert "club" in columns(store)
    assert assessments.record(store, OWNER, day.id) == record()
    if is_sqlite(store.engine):
        (copy,) = store.backups.iterdir()
        with closing(sqlite3.connect(copy)) as old:
            assert old.execute("SELECT name FROM runners").fetchall() == [("Ann",)]
            assert old.execute("SELECT version_num FROM alembic_version").fetchone() == ("0003",)


def test_an_older_program_refuses_a_newer_store_and_leaves_it(opens: Opens, tmp_path: Path) -> None:
    store = opens()
    a_runner(store)
    prepare(store, scripts_with(tmp_path))
    before = columns(store)
    with pytest.raises(StoreFailed) as failed:
        opens()
    assert failed.value.id == "newer-store"
    assert "update" in str(failed.value)
    assert columns(store) == before


def test_an_update_that_fails_changes_nothing(opens: Opens, tmp_path: Path) -> None:
    store = opens()
    a_runner(store)
    before, had = rows(store), columns(store)
    with pytest.raises(StoreFailed):
        prepare(store, scripts_with(tmp_path, 'op.execute("UPDATE nowhere SET x = 1")'))
    assert columns(store) == had
    assert rows(store) == before
    assert [each.name for each in runners.search(opens(), OWNER)] == ["Ann"]


def test_an_update_that_is_killed_halfway_changes_nothing(opens: Opens, place: Place, tmp_path: Path) -> None:
    store = opens()
    a_runner(store)
    before, had = rows(store), columns(store)
    store.close()
    scripts = scripts_with(tmp_path, "os.kill(os.getpid(), signal.SIGKILL) if real else None")
    process = os.fork()
    if process == 0:
        prepare(store, scripts)
        os._exit(0)
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    again = opens()
    assert columns(again) == had
    assert rows(again) == before


def test_an_erased_runner_is_not_left_in_a_copy_from_before_an_update(alone: Store, tmp_path: Path) -> None:
    runner = a_runner(alone)
    prepare(alone, scripts_with(tmp_path))
    a_day(alone, runner)
    erasure.erase(alone, OWNER, runner.id)
    assert list(alone.backups.iterdir()) == []


def test_programs_that_start_at_once_make_one_store(opens: Opens) -> None:
    with ThreadPoolExecutor(4) as together:
        stores = list(together.map(lambda _: opens(), range(4)))
    names = {a_runner(each, f"runner {number}").name for number, each in enumerate(stores)}
    assert {each.name for each in runners.search(stores[0], OWNER)} == names


@contextmanager
def another_program_writes(folder: Path) -> Iterator[sqlite3.Connection]:
    """A database that somebody else makes just now."""
    folder.mkdir()
    with closing(
        sqlite3.connect(folder / "store.sqlite", isolation_level=None, check_same_thread=False)
    ) as it:
        it.execute("BEGIN IMMEDIATE")
        yield it


def test_who_starts_while_another_program_makes_the_store_waits_for_it(tmp_path: Path) -> None:
    with another_program_writes(tmp_path / "store") as other:
        done = Timer(0.3, other.rollback)
        done.start()
        open_store(Place(tmp_path / "store")).close()
        done.join()


def test_who_cannot_wait_any_longer_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "WAIT_S", 0.1)
    with another_program_writes(tmp_path / "store"), pytest.raises(StoreFailed) as failed:
        open_store(Place(tmp_path / "store"))
    assert failed.value.id == "busy"


def test_programs_that_save_at_once_wait_for_each_other(opens: Opens) -> None:
    runner = a_runner(opens())
    with ThreadPoolExecutor(4) as together:
        saved = list(together.map(lambda _: [a_day(opens(), runner).id for _ in range(4)], range(4)))
    days = assessments.timeline(opens(), OWNER, runner.id)
    assert {day.id for day in days} == {id_ for ids in saved for id_ in ids}


def test_a_database_of_something_else_is_not_touched(tmp_path: Path) -> None:
    place = Place(tmp_path / "store")
    place.folder.mkdir()
    with closing(sqlite3.connect(place.folder / "store.sqlite")) as other:
        other.execute("CREATE TABLE photos (name TEXT)")
    with pytest.raises(StoreFailed) as failed:
        open_store(place)
    assert failed.value.id == "not-a-store"
    with closing(sqlite3.connect(place.folder / "store.sqlite")) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("photos",)]
