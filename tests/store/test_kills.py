"""What was reported as saved is there after a kill; ``python -m studies.store_kills`` kills 600 times."""

import random

import pytest

from gait.store.opening import Place
from tests.store.killing import Act, Ledger, SeenDay, SeenRunner, after, kill_once

KILLS = 5


def test_nothing_reported_as_saved_is_lost_when_the_program_is_killed(place: Place) -> None:
    chance, ledger = random.Random(3), Ledger()
    for seed in range(KILLS):
        kill_once(place, ledger, seed, chance.uniform(0.1, 0.8))


def test_the_judge_would_see_what_is_lost() -> None:
    seen = after({}, Act("add", "Ann"))
    saved = after(seen, Act("save", "Ann", "w0-1"))
    assert saved["Ann"].days["w0-1"].content == "w0-1"
    noted = after(saved, Act("note", "Ann", "w0-2", "w0-1"))
    assert noted != saved
    assert after(noted, Act("bin", "Ann")) != noted
    assert after(noted, Act("erase", "Ann")) == {}
    assert isinstance(noted["Ann"], SeenRunner)
    assert isinstance(noted["Ann"].days["w0-1"], SeenDay)
    with pytest.raises(KeyError):
        after(seen, Act("note", "Ann", "w0-3", "w0-9"))
