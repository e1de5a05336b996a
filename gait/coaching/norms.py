"""What runners do at a given speed: data with a source, never a number in the code."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np


@dataclass(frozen=True)
class Norm:
    """Mean of a metric at several speeds, and how far from it a finding begins."""

    metric: str
    speed_m_s: tuple[float, ...]
    mean: tuple[float, ...]
    limit: tuple[float, ...]
    limit_source: str
    population: str
    source: str

    def covers(self, speed_m_s: float) -> bool:
        """True if the norm was measured around this speed."""
        return self.speed_m_s[0] <= speed_m_s <= self.speed_m_s[-1]

    def mean_at(self, speed_m_s: float) -> float:
        """Mean of the metric at a speed; NaN where there is no norm.

        Examples
        --------
        >>> norms()["overstride_pct_leg"].mean_at(3.0)
        24.0
        """
        return float(np.interp(speed_m_s, self.speed_m_s, self.mean, left=np.nan, right=np.nan))

    def limit_at(self, speed_m_s: float) -> float:
        """Distance from the mean at which a finding begins; NaN where there is no norm."""
        return float(np.interp(speed_m_s, self.speed_m_s, self.limit, left=np.nan, right=np.nan))

    def slope_at(self, speed_m_s: float) -> float:
        """Change of the mean with speed, per m/s."""
        return float(np.interp(speed_m_s, self.speed_m_s, np.gradient(self.mean, self.speed_m_s)))


@cache
def norms() -> dict[str, Norm]:
    """All norms by the name of their metric."""
    text = resources.files(__package__).joinpath("norms.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return {
        entry["metric"]: Norm(
            metric=entry["metric"],
            speed_m_s=tuple(entry["speed_m_s"]),
            mean=tuple(entry["mean"]),
            limit=tuple(entry["limit"]),
            limit_source=entry["limit_source"],
            population=data["population"],
            source=entry.get("source", data["source"]),
        )
        for entry in data["norm"]
    }
