"""A store of each kind, empty, and what is put into it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from gait.store.database import Store
from gait.store.opening import Place, open_store
from tests.store import postgres
from tests.store.days import NOON


class Clock:
    """A clock that only tests move."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def pass_days(self, days: float) -> None:
        self.at += timedelta(days=days)


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """Our own PostgreSQL, one for all tests."""
    if postgres.binaries() is None:
        pytest.skip(f"no PostgreSQL in {postgres.BINARIES}: apt-get install postgresql")
    with postgres.server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where an empty store may be made."""
    url: URL | None = None
    if request.param == "postgresql":
        url = request.getfixturevalue("server").empty()
    return Place(tmp_path / "store", url)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def forgotten() -> list[str]:
    """Digests of the clips whose landmarks the store had deleted."""
    return []


Opens = Callable[[], Store]


@pytest.fixture
def opens(place: Place, clock: Clock, forgotten: list[str]) -> Iterator[Opens]:
    """Open the same store, as a program started anew would."""
    opened: list[Store] = []

    def again() -> Store:
        opened.append(open_store(place, forget=forgotten.append, clock=clock))
        return opened[-1]

    yield again
    for store in opened:
        store.close()


@pytest.fixture
def store(opens: Opens) -> Store:
    return opens()


@pytest.fixture
def alone(tmp_path: Path, clock: Clock, forgotten: list[str]) -> Iterator[Store]:
    """A store in SQLite, for what only a file can suffer."""
    opened = open_store(Place(tmp_path / "store"), forget=forgotten.append, clock=clock)
    yield opened
    opened.close()
