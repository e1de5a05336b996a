"""The table of a watch, kept with its runner, in what two days are said to show."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from gait.coaching.programme import Move
from gait.coaching.scatter import Own
from gait.errors import BadRequest
from gait.months.history import months
from gait.months.keep import the_runner
from gait.months.pair import pair
from gait.months.plan import dated, plan
from gait.months.watched import keep_watch, own
from gait.store.database import Store
from gait.store.domain import LOCAL
from gait.store.opening import Place, open_store
from gait.watch import file
from tests.coaching.test_watched import START
from tests.months.test_months import kept, month
from tests.test_cli import complaint, run

HEAD = "Activity Type,Date,Time,Avg Run Cadence,Avg Pace\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    yield open_store(Place(tmp_path / "store"), forget=lambda sha: None)


def table(scatter: float, weeks: int = 20) -> bytes:
    """Activities.csv of a runner whose cadence scatters by so many steps a minute."""
    chance = np.random.default_rng(5)
    rows = []
    for day in (START + timedelta(days=7 * week + n) for week in range(weeks) for n in range(4)):
        pace_s = chance.uniform(300, 400)
        spm = 170 * (350 / pace_s) ** 0.3 + chance.normal(0, scatter)
        rows.append(f"Running,{day},00:40:00,{spm:.0f},{int(pace_s // 60)}:{int(pace_s % 60):02d}\n")
    return (HEAD + "".join(rows)).encode()


def test_a_runner_who_scatters_more_than_most_needs_a_larger_change(store: Store) -> None:
    kept(store, month(0), month(1, cadence_spm=4.5))
    runner = the_runner(store, LOCAL, "Ada")
    days = [each.dated for each in months(store, LOCAL, runner.id)]

    def missed_below() -> float:
        found = pair(*days, own=own(store, LOCAL, runner.id)).comparison.changes
        return next(change.missed_below for change in found if change.metric == "cadence_spm")

    before = missed_below()
    keep_watch(store, LOCAL, runner.id, file.of(table(scatter=5.0), "Activities.csv"))
    restless = missed_below()
    keep_watch(store, LOCAL, runner.id, file.of(table(scatter=1.0), "Activities.csv"))
    assert missed_below() < before < restless


def test_what_works_for_most_is_not_shown_for_a_runner_who_scatters_widely() -> None:
    days = [dated(month(0)), dated(month(1, cadence_spm=8.0, overstride_pct_leg=-2.0, shank_deg=-2.0))]
    wide = [Own("cadence_spm", 6.0, 20.0)]
    assert plan(days)[1].step.move is Move.WORKED
    assert plan(days, wide)[1].step.move is not Move.WORKED


def test_a_table_that_tells_nothing_is_refused_and_nothing_is_kept(store: Store) -> None:
    runner = the_runner(store, LOCAL, "Ada")
    with pytest.raises(BadRequest, match="several months"):
        keep_watch(store, LOCAL, runner.id, file.of(table(2.0, weeks=2), "Activities.csv"))
    assert own(store, LOCAL, runner.id) == ()


def test_the_command_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAIT_STORE_DIR", str(tmp_path / "own"))
    opened = open_store()
    runner = the_runner(opened, LOCAL, "Ada")
    (tmp_path / "Activities.csv").write_bytes(table(2.0))
    done = run("watch", "ada", tmp_path / "Activities.csv")
    assert done.returncode == 0
    assert "steps/min from day to day (80 runs of a watch" in complaint(done)
    assert [each.metric for each in own(opened, LOCAL, runner.id)] == ["cadence_spm"]
    opened.close()


def test_what_was_agreed_to_is_written_down_at_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAIT_STORE_DIR", str(tmp_path / "own"))
    opened = open_store()
    the_runner(opened, LOCAL, "Ada")
    opened.close()
    written = run("consent", "ada", "--to", "films", "--by", "her mother", "--on", "2026-11-02")
    assert written.stdout == "1  2026-11-02  her mother: films (written down by you)\n"
    back = run("consent", "ada", "--take-back", "1", "--on", "2026-11-09")
    assert "TAKEN BACK on 2026-11-09" in back.stdout
    wrong = run("consent", "ada", "--take-back", "2")
    assert wrong.returncode == 2
    assert "none of the 1" in complaint(wrong)
