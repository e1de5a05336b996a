"""A runner's own scatter of cadence from day to day, out of the runs that a watch kept over months."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from gait.coaching.scatter import Own
from gait.watch.run import Run

LATEST = timedelta(days=183)
"""Runs that count: half a year up to the last one, as people and shoes change."""
FEWEST_DF = 10.0
MOST_DF = 20.0
"""What months of runs count for against the table, in films at most: the mean of a run hides what ten seconds
of it show beside the day; a judgement."""


def own_cadence(runs: Sequence[Run]) -> Own | None:
    """Estimate how far a runner's cadence scatters between days of one week, at one speed.

    Runs are compared within their week, so that what a runner learns over months does not count as scatter.
    What goes with the speed is taken out: the logarithm of cadence as a line over that of speed, one slope
    for all weeks. Nothing is taken off for the watch's own error: rather too wide.

    Returns
    -------
    Own or None
        One standard deviation in steps a minute; None if there are not enough runs with a speed in the same
        weeks.
    """
    known = [run for run in runs if np.isfinite(run.speed)]
    if not known:
        return None
    last = max(run.day for run in known)
    recent = [run for run in known if last - run.day <= LATEST]
    weeks = [run.day.isocalendar()[:2] for run in recent]
    cadence, speed = (
        _within(weeks, np.log(values))
        for values in ([run.mean_spm for run in recent], [run.speed for run in recent])
    )
    df = float(len(recent) - len(set(weeks)) - 1)
    if df < FEWEST_DF:
        return None
    squares = float(speed @ speed)
    slope = float(speed @ cadence) / squares if squares > 0 else 0.0
    left = cadence - slope * speed
    middle = float(np.median([run.mean_spm for run in recent]))
    return Own("cadence_spm", middle * float(np.sqrt(left @ left / df)), min(df, MOST_DF))


def _within(weeks: Sequence[tuple[int, int]], values: np.ndarray) -> np.ndarray:
    """(n,) each value less the mean of its week."""
    _, week = np.unique(np.array(weeks), axis=0, return_inverse=True)
    week = week.reshape(-1)
    return np.asarray(values - (np.bincount(week, values) / np.bincount(week))[week])
