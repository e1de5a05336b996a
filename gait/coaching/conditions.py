"""One assessment: what was measured on one day or in one week, and how it was filmed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from gait.body import Side, View
from gait.coaching.assessment import of_both_sides
from gait.coaching.scatter import of_steps
from gait.metrics.measurement import Measurement


@dataclass(frozen=True)
class Filming:
    """How one clip was filmed."""

    clip: str
    """Its id, as the measurements name it."""
    view: View
    capture_fps: float
    rate_sd: float = 0.0
    """Spread of the logarithm of the capture rate: above 0 where only the run tells it."""


@dataclass(frozen=True)
class Conditions:
    """How and when a runner was filmed; what is unknown is NaN or empty, and then stands in nobody's way."""

    filmed_on: date
    speed_m_s: float = np.nan
    speed_sd_m_s: float = np.nan
    speed_given: bool = False
    clips: tuple[Filming, ...] = ()
    surface: str = ""
    """Treadmill, road, track, in the runner's own words."""
    incline_pct: float = np.nan
    shoes: str = ""
    minutes_run_before: float = np.nan
    first_time_on_treadmill: bool = False
    method: str = ""
    """Version of everything that turns pictures into numbers."""
    films: int = 1
    """Films of the same day or week that every number is the mean of."""

    def filming(self, clip: str) -> Filming | None:
        """How a clip was filmed; None if unknown."""
        return next((filming for filming in self.clips if filming.clip == clip), None)


@dataclass(frozen=True)
class Assessed:
    """What was measured of one runner on one day, or in one week, and how it was filmed."""

    measurements: tuple[Measurement, ...]
    conditions: Conditions

    def numbers(self, name: str, side: Side | None) -> tuple[Measurement, ...]:
        """All numbers of this name and side, the surest first; the mean of both sides has no side."""
        named = [m for m in self.measurements if m.name == name and m.why_missing is None]
        known = [m for m in named if m.side == side] or (of_both_sides(named) if side is None else ())
        return tuple(sorted(known, key=lambda m: (not m.enough, m.uncertainty, m.clip)))

    def why_missing(self, name: str, side: Side | None) -> str:
        """Why there is no such number; empty if nothing says why."""
        found = (m for m in self.measurements if (m.name, m.side) == (name, side) and m.why_missing)
        return next((str(m.why_missing) for m in found), "")


def pooled(films: Sequence[Assessed]) -> Assessed:
    """Take films of the same week together: the mean of each number, as of the last film.

    Only numbers that every film shows, of the same side and view, are kept.

    Raises
    ------
    ValueError
        If there is no film.
    """
    if not films:
        raise ValueError("no films to take together")
    *_, last = films
    kept = tuple(
        _mean([measurement, *others])
        for measurement in last.measurements
        if measurement.why_missing is None
        and len(others := list(_same(measurement, last, films[:-1]))) == len(films) - 1
    )
    speeds = [film.conditions.speed_m_s for film in films]
    count = sum(film.conditions.films for film in films)
    return Assessed(kept, replace(last.conditions, speed_m_s=float(np.mean(speeds)), films=count))


def _same(measurement: Measurement, last: Assessed, others: Sequence[Assessed]) -> Iterator[Measurement]:
    """The number that means the same in each of the other films, where there is one."""
    here = last.conditions.filming(measurement.clip)
    for film in others:
        for candidate in film.numbers(measurement.name, measurement.side):
            there = film.conditions.filming(candidate.clip)
            if here is None or there is None or here.view is there.view:
                yield candidate
                break


def _mean(each: Sequence[Measurement]) -> Measurement:
    count = len(each)
    apart = float(np.sqrt(np.sum(np.square([of_steps(m) for m in each])))) / count
    return replace(
        each[0],
        value=float(np.mean([m.value for m in each])),
        uncertainty=float(np.mean([m.uncertainty for m in each])),
        repeatability=apart,
        n=min(m.n for m in each),
        samples=(),
    )
