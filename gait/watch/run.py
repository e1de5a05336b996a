"""One run as a watch kept it, and its cadence in the minute in which a clip was filmed."""

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

RUNNING_SPM = (130.0, 240.0)
"""Steps a minute that count as running: a walk or a pause lies below, a slip of the counter outside."""
MINUTE_SD = 0.03
"""Spread of the logarithm of a watch's cadence of one minute against that of a clip within it.

Watches count steps well: 11 runners' steps in 15 seconds of film differ from a Garmin Forerunner's cadence in
no speed on a treadmill or a track; the watch of Adams 2016 (doi 10.2519/jospt.2016.6391) is valid against
motion capture. What is left is that the watch smooths, shows whole numbers of one leg's steps (1 %), and that
a runner's minute is not his ten seconds; a judgement.
"""
RUN_SD = 0.05
"""The same for the mean of a whole run, with its slow and fast parts; a judgement."""
AROUND_S = 30.0
"""Before and after the clip: phones write the beginning or the end of a film, and clocks differ."""
FEWEST = 3
"""Records that make a minute: a watch that records cleverly keeps one in up to ten seconds."""


@dataclass(frozen=True)
class Run:
    """One run as a watch kept it."""

    file: str
    """Name of the file, for messages."""
    started: datetime
    """With a time zone (UTC) from the watch's own file; without one, the watch's local time, from a table."""
    lasted_s: float
    mean_spm: float
    """Steps of both feet a minute over the whole run, pauses left out."""
    at_s: tuple[float, ...] = ()
    """(n,) seconds since the start at which the cadence was written down; empty in a table."""
    spm: tuple[float, ...] = ()
    """(n,) steps of both feet a minute."""
    offset_s: float = math.nan
    """Seconds by which the watch's local time is ahead of UTC; NaN where the file does not say."""
    speed: float = math.nan
    """Mean speed, in a unit that is the same in all runs of a file; NaN if unknown."""

    @property
    def day(self) -> date:
        """The runner's own day, or that of UTC where the file does not say where he was."""
        return (self.started + timedelta(seconds=0.0 if math.isnan(self.offset_s) else self.offset_s)).date()

    def may_be_of(self, day: date) -> bool:
        """True if it may have been run on this day; without a local time a day more or less is open."""
        open_days = 1 if self.started.tzinfo is not None and math.isnan(self.offset_s) else 0
        return abs((self.day - day).days) <= open_days


@dataclass(frozen=True)
class Counted:
    """What a watch says of the cadence in a clip."""

    spm: float
    sd: float
    """Spread of the logarithm of what the clip should then show."""
    text: str
    """Where that is from, for the record."""


def counted(runs: Sequence[Run], filmed_on: date, created: str, lasts_s: float) -> Counted | None:
    """Say what cadence a watch counted while a clip was filmed, or else on that day.

    Parameters
    ----------
    created
        When the phone says that it filmed, as the film has it; empty if it does not.
    lasts_s
        How long the clip is in reality at most, in seconds.

    Returns
    -------
    Counted or None
        The median of the minute where the watch kept one, else the mean of the runs of that day; None if
        there is no run of that day.
    """
    begun = _instant(created)
    for run in runs:
        minute = _minute(run, begun, lasts_s) if begun is not None else None
        if minute is not None:
            return minute
    of_day = [run for run in runs if run.may_be_of(filmed_on) and math.isfinite(run.mean_spm)]
    logs = np.log([run.mean_spm for run in of_day])
    if not of_day:
        return None
    spm = float(np.exp(logs.mean()))
    what = "the whole run" if len(of_day) == 1 else f"the {len(of_day)} runs of that day"
    return Counted(
        spm,
        float(np.hypot(RUN_SD, logs.std())),
        f"the watch counted {spm:.0f} steps/min over {what} ({of_day[0].file}); the clip's own minute is not "
        "to be found in it",
    )


def _minute(run: Run, begun: datetime, lasts_s: float) -> Counted | None:
    """The cadence around the clip; None where the watch kept none, or it was no steady running."""
    if run.started.tzinfo is None or not run.at_s:
        return None
    local = begun.tzinfo is None
    clip_s = (begun.replace(tzinfo=begun.tzinfo or UTC) - run.started).total_seconds()
    clip_s -= run.offset_s if local else 0.0
    at_s, spm = np.array(run.at_s), np.array(run.spm)
    low, high = RUNNING_SPM
    around = (at_s >= clip_s - AROUND_S) & (at_s <= clip_s + lasts_s + AROUND_S)
    inside = spm[around & (spm >= low) & (spm <= high)]
    if len(inside) < FEWEST or len(inside) < around.sum() / 2:
        return None
    middle = float(np.median(inside))
    scatter = float(np.subtract(*np.quantile(np.log(inside), (0.84, 0.16)))) / 2
    return Counted(
        middle,
        float(np.hypot(MINUTE_SD, scatter)),
        f"the watch counted {middle:.0f} steps/min in the minute of the clip ({run.file})",
    )


def _instant(created: str) -> datetime | None:
    with suppress(ValueError):
        return datetime.fromisoformat(created)
    return None


def day_of_the_only(runs: Sequence[Run]) -> date | None:
    """The day of a single run; None of none or several."""
    return runs[0].day if len(runs) == 1 else None
