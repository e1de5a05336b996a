"""The tables that verdicts and cues stand on are read anew by each run of the tests."""

import pytest

from gait.coaching.book import book
from gait.coaching.norms import norms, spreads
from gait.coaching.scatter import table


@pytest.fixture(scope="session", autouse=True)
def read_anew() -> None:
    """Whoever runs the tests again in one process after a change to a reader must not get the old tables."""
    for read in (book, norms, spreads, table):
        read.cache_clear()
