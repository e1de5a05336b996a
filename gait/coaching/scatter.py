"""What two films of the same runner differ by when nothing has changed: data with its basis."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import numpy as np

from gait.body import Side
from gait.metrics.measurement import Measurement


@dataclass(frozen=True)
class Row:
    """How far one metric scatters; standard deviations in the metric's unit."""

    metric: str
    tool_sd: float
    day_sd: float
    basis: str
    shown_by: Literal["any", "side", "behind or in front"]
    worth: float = np.nan
    """The smallest change that is worth a word; NaN if none is known."""
    is_time: bool = False
    of_both_sides: bool = False
    """True if this is the row of the mean of left and right."""


@dataclass(frozen=True)
class Gate:
    """What may differ between two assessments that are compared."""

    speed_same_m_s: float
    speed_corrected_m_s: float
    speed_share: float
    slow_fps: float
    fast_fps: float
    incline_pct: float
    settled_minutes: float


@dataclass(frozen=True)
class Table:
    """All rows, and what holds for each of them."""

    rows: tuple[Row, ...]
    gate: Gate
    z_check: float
    z_other: float
    reliability: float
    prior_df: float

    def row(self, metric: str, side: Side | None = None) -> Row | None:
        """How far a metric scatters; None if nobody knows."""
        found = [row for row in self.rows if row.metric == metric]
        both = [row for row in found if row.of_both_sides]
        alone = [row for row in found if not row.of_both_sides]
        return next(iter(both if both and side is None else alone), None)


@dataclass(frozen=True)
class Own:
    """How far a metric of this runner scatters between days: from repeated films of the same weeks."""

    metric: str
    day_sd: float
    df: float
    """Films less the weeks they belong to."""


@cache
def table() -> Table:
    """Read the table."""
    text = resources.files(__package__).joinpath("changes.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Table(
        rows=tuple(Row(**entry) for entry in data["metric"]),
        gate=Gate(**data["gate"]),
        z_check=data["z_check"],
        z_other=data["z_other"],
        reliability=data["reliability"],
        prior_df=data["prior_df"],
    )


def of_steps(measurement: Measurement) -> float:
    """The part of a number's uncertainty that filming again would change: one standard deviation.

    Where the measurement does not say, the standard error of the median over its steps; without steps all of
    its uncertainty.
    """
    if np.isfinite(measurement.repeatability):
        return measurement.repeatability
    if len(measurement.samples) < 2:
        return measurement.uncertainty
    return 1.2533 * float(np.std(measurement.samples, ddof=1)) / float(np.sqrt(len(measurement.samples)))


def day_sd(row: Row, own: Sequence[Own]) -> float:
    """Scatter between days: the table's, drawn towards the runner's own as far as there are films of it.

    Examples
    --------
    >>> cadence = table().row("cadence_spm")
    >>> round(day_sd(cadence, [Own("cadence_spm", 4.0, df=10)]), 2)
    3.16
    """
    prior = table().prior_df
    mine = [each for each in own if each.metric == row.metric]
    square_sum = prior * row.day_sd**2 + sum(each.df * each.day_sd**2 for each in mine)
    return float(np.sqrt(square_sum / (prior + sum(each.df for each in mine))))


def own_day(row: Row, weeks: Sequence[Sequence[float]], of_steps: float) -> Own:
    """Estimate the scatter between days from repeated films of a runner who changed nothing meanwhile.

    Parameters
    ----------
    weeks
        The values of each week's films.
    of_steps
        What the steps of one film leave uncertain, one standard deviation.
    """
    repeated = [np.asarray(week, dtype=float) for week in weeks if len(week) > 1]
    df = sum(len(week) - 1 for week in repeated)
    square_sum = sum(float(np.sum((week - week.mean()) ** 2)) for week in repeated)
    between = square_sum / df - row.tool_sd**2 - of_steps**2 if df else 0.0
    return Own(row.metric, float(np.sqrt(max(between, 0.0))), float(df))


def smallest_detectable(row: Row, films: int = 1) -> float:
    """The change that 95 % of unchanged pairs stay within, with so many films before and after.

    Examples
    --------
    >>> round(smallest_detectable(table().row("shank_deg")), 1)
    4.0
    """
    return table().z_check * float(np.sqrt(2 * (row.tool_sd**2 + row.day_sd**2) / films))
