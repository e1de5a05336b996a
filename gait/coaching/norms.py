"""What runners do at a given speed: data with a source, never a number in the code."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np

Flag = Literal["low", "high"]
WITHIN = 2.0
"""Standard deviations of the speed within which the edge of a norm still counts."""


@dataclass(frozen=True)
class Spread:
    """One angle between 40 single runners at one speed."""

    id: str
    mean: float
    sd: float


@dataclass(frozen=True)
class Norm:
    """Mean of a metric at several speeds, and how far from it a finding begins.

    Outside of the measured speeds the mean is carried on in a straight line, and the limit grows by as
    much as that line moves.
    """

    metric: str
    speed_m_s: tuple[float, ...]
    """The speeds that were measured; empty if it is a threshold that nobody measured by speed."""
    mean: tuple[float, ...]
    limit: tuple[float, ...]
    limit_source: str
    population: str
    source: str
    carried_to_m_s: tuple[float, float]
    """The slowest and the fastest speed to which it is carried on."""
    flags: tuple[Flag, ...] = ("low", "high")
    """On which side of the norm a value is worth a word; none: for information only."""
    any_speed: bool = False
    """True if it does not hang on the speed, so that it can be judged without one."""
    of_both_sides: bool = False
    """True if the mean of left and right is judged."""
    trust: float = 1.0

    def covers(self, speed_m_s: float, sd_m_s: float = 0.0) -> bool:
        """True if something can be said at this speed; a speed within its ± of the edge counts.

        Examples
        --------
        >>> norms()["cadence_spm"].covers(1.7), norms()["cadence_spm"].covers(1.7, sd_m_s=0.15)
        (False, True)
        """
        low, high = self.carried_to_m_s
        near = WITHIN * sd_m_s
        return self.any_speed or bool(low - near <= speed_m_s <= high + near)

    def carried_on(self, speed_m_s: float) -> bool:
        """True if the speed lies outside of those that were measured."""
        return not self.any_speed and not self.speed_m_s[0] <= speed_m_s <= self.speed_m_s[-1]

    def mean_at(self, speed_m_s: float) -> float:
        """Mean of the metric at a speed.

        Examples
        --------
        >>> norms()["overstride_pct_leg"].mean_at(3.0)
        24.0
        >>> norms()["overstride_pct_leg"].mean_at(2.0)
        18.0
        """
        if self.any_speed:
            return self.mean[0]
        inside = self._inside(speed_m_s)
        at_edge = float(np.interp(inside, self.speed_m_s, self.mean))
        return at_edge + self.slope_at(speed_m_s) * (speed_m_s - inside)

    def limit_at(self, speed_m_s: float) -> float:
        """Distance from the mean at which a finding begins.

        Examples
        --------
        >>> norms()["overstride_pct_leg"].limit_at(2.0)
        8.0
        """
        if self.any_speed:
            return self.limit[0]
        inside = self._inside(speed_m_s)
        moved = abs(self.slope_at(speed_m_s) * (speed_m_s - inside))
        return float(np.interp(inside, self.speed_m_s, self.limit)) + moved

    def slope_at(self, speed_m_s: float) -> float:
        """Change of the mean with speed, per m/s."""
        if self.any_speed:
            return 0.0
        return float(np.interp(speed_m_s, self.speed_m_s, np.gradient(self.mean, self.speed_m_s)))

    def usual_at(self, speed_m_s: float) -> tuple[float, float]:
        """The range in which a value is nothing to talk about; infinite on a side that is not judged."""
        mean, limit = self.mean_at(speed_m_s), self.limit_at(speed_m_s)
        judged = self.flags or ("low", "high")
        return (
            mean - limit if "low" in judged else -np.inf,
            mean + limit if "high" in judged else np.inf,
        )

    def _inside(self, speed_m_s: float) -> float:
        return float(np.clip(speed_m_s, self.speed_m_s[0], self.speed_m_s[-1]))


@cache
def norms() -> dict[str, Norm]:
    """All norms by the name of their metric."""
    data = _data("norms.toml")
    return {entry["metric"]: _norm(entry, data) for entry in data["norm"]}


@cache
def spreads() -> dict[str, Spread]:
    """What 40 single runners differ by, by its id."""
    return {entry["id"]: Spread(**entry) for entry in _data("spread.toml")["spread"]}


def _norm(entry: dict[str, Any], data: dict[str, Any]) -> Norm:
    means = tuple(entry["mean"])
    if "spread" in entry:
        limit = round(entry["limit_sds"] * spreads()[entry["spread"]].sd, 2)
        limits = (limit,) * len(means)
    else:
        limits = tuple(entry["limit"])
    return Norm(
        metric=entry["metric"],
        speed_m_s=tuple(entry["speed_m_s"]),
        mean=means,
        limit=limits,
        limit_source=entry["limit_source"],
        population=data["population"],
        source=entry.get("source", data["source"]),
        carried_to_m_s=(data["carried_to_m_s"][0], data["carried_to_m_s"][1]),
        flags=tuple(entry.get("flags", ("low", "high"))),
        any_speed=entry.get("any_speed", False),
        of_both_sides=entry.get("of_both_sides", False),
        trust=entry.get("trust", 1.0),
    )


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
