"""A metric over months: where it goes, with a band, or that these films cannot tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from gait.body import Side
from gait.coaching.comparable import Pair, alike, apart, why_not
from gait.coaching.conditions import Assessed
from gait.coaching.norms import norms
from gait.coaching.scatter import Own, Row, day_sd, of_steps, table
from gait.coaching.words import amount, name_of
from gait.errors import Reason
from gait.metrics.measurement import Measurement

FloatArray = NDArray[np.float64]
MIN_FILMS = 3
DAYS_A_MONTH = 30.44


@dataclass(frozen=True)
class Point:
    """One assessment's number, at the speed of the last one."""

    filmed_on: date
    value: float
    sd: float
    """One standard deviation: day, tool and steps."""
    line: float
    """Where the trend runs on that day."""
    band: float
    """Half width of what 95 % of such lines lie within."""


@dataclass(frozen=True)
class LeftOut:
    """An assessment that cannot be put beside the last one, and why."""

    filmed_on: date
    reason: Reason


@dataclass(frozen=True)
class Trend:
    """One metric over all comparable assessments, the oldest first."""

    metric: str
    side: Side | None
    unit: str
    points: tuple[Point, ...]
    left_out: tuple[LeftOut, ...]
    per_month: float
    """Change a month; NaN with fewer than three films, or all of one day."""
    per_month_sd: float
    z: float

    @property
    def clear(self) -> bool:
        """True if it goes up or down."""
        return bool(abs(self.per_month) > self.z * self.per_month_sd)

    @property
    def text(self) -> str:
        """Say it in one sentence."""
        name = name_of(self.metric).capitalize()
        if np.isnan(self.per_month):
            count = len(self.points)
            return f"{name}: a trend takes three comparable films of different days; there are {count}."
        if self.clear:
            way = "rises" if self.per_month > 0 else "falls"
            return f"{name} {way} by {amount(self.metric, abs(self.per_month), self.unit, 1)} a month."
        missed = amount(self.metric, self.z * self.per_month_sd, self.unit, 1)
        return f"{name}: no trend these films can show; one of less than {missed} a month would be missed."


def trend(
    history: Sequence[Assessed], metric: str, side: Side | None = None, own: Sequence[Own] = ()
) -> Trend:
    """Draw a line through what is comparable with the last assessment that shows the metric.

    A straight line, each film weighted by its own scatter; judged at 95 %. Without any point where the last
    film itself shows too little to be compared.

    Raises
    ------
    ValueError
        If no assessment shows this metric, or nobody knows how far it scatters.
    """
    row = table().row(metric, side)
    shown = sorted(
        (each for each in history if each.numbers(metric, side)), key=lambda each: each.conditions.filmed_on
    )
    if row is None or not shown:
        raise ValueError(f"there is nothing to draw of {metric}")
    last = shown[-1]
    numbers: list[tuple[Assessed, Measurement]] = []
    left_out = []
    for each in shown:
        found = _beside(row, side, each, last)
        if isinstance(found, Reason):
            left_out.append(LeftOut(each.conditions.filmed_on, found))
        else:
            numbers.append((each, found))
    points, slope, slope_sd = _line(row, numbers, last, own)
    unit = last.numbers(metric, side)[0].unit
    return Trend(metric, side, unit, points, tuple(left_out), slope, slope_sd, table().z_check)


def _beside(row: Row, side: Side | None, each: Assessed, last: Assessed) -> Measurement | Reason:
    """The number of one assessment that compares with the last one, or why there is none."""
    pair = Pair(each, last)
    found = alike(row, each.numbers(row.metric, side), last.numbers(row.metric, side), pair)
    refused = next(iter(apart(each.conditions, last.conditions)), None) or why_not(row, side, found, pair)
    return found[0] if refused is None else refused


def _line(
    row: Row, numbers: Sequence[tuple[Assessed, Measurement]], last: Assessed, own: Sequence[Own]
) -> tuple[tuple[Point, ...], float, float]:
    """All points with the line through them, its slope a month, and that slope's standard deviation."""
    between = float(np.hypot(day_sd(row, own), row.tool_sd))
    months = np.array([each.conditions.filmed_on.toordinal() for each, _ in numbers]) / DAYS_A_MONTH
    values = np.array([m.value + _to_speed_of(row, each, last) for each, m in numbers])
    sds = np.array([np.hypot(of_steps(m), between / np.sqrt(a.conditions.films)) for a, m in numbers])
    fit = _fit(months, values, sds)
    points = tuple(
        Point(each.conditions.filmed_on, float(value), float(sd), float(line), float(band))
        for (each, _), value, sd, line, band in zip(numbers, values, sds, fit.line, fit.band, strict=True)
    )
    return points, fit.slope, fit.slope_sd


def _to_speed_of(row: Row, each: Assessed, last: Assessed) -> float:
    """What the norm makes of the difference in speed, where it is too large to be called none."""
    norm, pair = norms().get(row.metric), Pair(each, last)
    if norm is None or not pair.speeds_differ:
        return 0.0
    return norm.slope_at(last.conditions.speed_m_s) * pair.speed_off_m_s


@dataclass(frozen=True)
class _Fit:
    line: FloatArray
    band: FloatArray
    slope: float
    slope_sd: float


def _fit(months: FloatArray, values: FloatArray, sds: FloatArray) -> _Fit:
    """Least squares with known scatter: weights are the inverse variances."""
    if len(months) == 0:
        return _Fit(months, months, np.nan, np.nan)
    weights = 1 / sds**2
    middle = float(np.average(months, weights=weights))
    off = months - middle
    level = float(np.average(values, weights=weights))
    inertia = float(np.sum(weights * off**2))
    if len(months) < MIN_FILMS or inertia == 0:
        unknown = np.full(len(months), np.nan)
        return _Fit(unknown, unknown, np.nan, np.nan)
    slope = float(np.sum(weights * off * values)) / inertia
    line_sd = np.sqrt(1 / np.sum(weights) + off**2 / inertia)
    return _Fit(level + slope * off, table().z_check * line_sd, slope, 1 / float(np.sqrt(inertia)))
