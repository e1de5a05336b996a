"""Months of a watch as a runner's own scatter of cadence: speed and learning are left out."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from gait.coaching.watched import MOST_DF, own_cadence
from gait.watch.run import Run

START = datetime(2026, 5, 4, 7)


def months(
    weeks: int = 24, a_week: int = 4, *, scatter: float = 2.0, learns: float = 0.0, by_speed: float = 0.3
) -> list[Run]:
    """Runs at many speeds: cadence goes with the speed to a power, and scatters by so many steps a minute."""
    chance = np.random.default_rng(3)
    runs = []
    for week in range(weeks):
        for day in range(a_week):
            speed = chance.uniform(2.6, 3.6)
            spm = 165 * (speed / 3) ** by_speed + learns * week + chance.normal(0, scatter)
            started = START + timedelta(days=7 * week + day)
            runs.append(Run("Activities.csv", started, 2400.0, spm, speed=speed))
    return runs


@pytest.mark.parametrize("scatter", [1.0, 2.0, 4.0])
def test_the_scatter_that_is_there_is_found_whatever_the_speeds(scatter: float) -> None:
    own = own_cadence(months(scatter=scatter))
    assert own is not None
    assert own.day_sd == pytest.approx(scatter, rel=0.25)
    assert own.metric == "cadence_spm"


def test_what_a_runner_learns_over_months_is_no_scatter() -> None:
    own = own_cadence(months(learns=0.5))
    assert own is not None
    assert own.day_sd == pytest.approx(2.0, rel=0.25)


def test_months_of_runs_count_no_more_than_twenty_films() -> None:
    own = own_cadence(months(26, 6))
    assert own is not None
    assert own.df == MOST_DF


def test_only_the_last_half_year_counts() -> None:
    steady, wild = months(24, scatter=1.0), months(24, scatter=12.0)
    before = [replace(run, started=run.started - timedelta(days=365)) for run in wild]
    assert own_cadence([*before, *steady]) == own_cadence(steady)


def test_too_few_runs_tell_nothing() -> None:
    assert own_cadence([]) is None
    assert own_cadence(months(24, 1)) is None
    assert own_cadence(months(3, 4)) is None
    assert own_cadence([Run("a.fit", START, 2400.0, 165.0)] * 40) is None
