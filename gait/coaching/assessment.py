"""Measurement against norm: high, low or usual, and how far to trust that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gait.body import Side
from gait.coaching.norms import Norm, norms
from gait.metrics.measurement import Measurement
from gait.motion.scale import Speed
from gait.quality.doubts import Doubt

Direction = Literal["low", "usual", "high"]
SURE = 2.0
"""A finding must be this many standard deviations of the measurement away from the mean."""
MIN_TRUST = 0.3
"""Trust below which nothing is said of a finding."""


@dataclass(frozen=True)
class Finding:
    """One measurement held against the norm for this runner's speed."""

    metric: str
    side: Side | None
    clip: str
    value: float
    unit: str
    norm: float
    limit: float
    speed_m_s: float
    direction: Direction
    deviation: float
    """Distance from the norm in limits: above 1 it can be a finding."""
    trust: float
    """0 to 1; 0 when there are too few steps for a verdict."""
    source: str

    @property
    def verdict(self) -> str:
        """``high`` or ``low`` if that can be said, else empty."""
        return "" if self.direction == "usual" or self.trust < MIN_TRUST else self.direction

    @property
    def usual(self) -> tuple[float, float]:
        """The range around the norm in which a value is nothing to talk about."""
        return self.norm - self.limit, self.norm + self.limit


def assess(
    measurements: Sequence[Measurement], speed: Speed | None, doubts: Sequence[Doubt]
) -> tuple[Finding, ...]:
    """Hold every measurement that has a norm at this speed against it."""
    if speed is None:
        return ()
    known = norms()
    return tuple(
        _finding(measurement, known[measurement.name], speed, doubts)
        for measurement in measurements
        if measurement.name in known
        and measurement.why_missing is None
        and measurement.enough
        and known[measurement.name].covers(speed.m_s)
    )


def _finding(measurement: Measurement, norm: Norm, speed: Speed, doubts: Sequence[Doubt]) -> Finding:
    mean, limit = norm.mean_at(speed.m_s), norm.limit_at(speed.m_s)
    off = measurement.value - mean
    unsure = np.hypot(measurement.uncertainty, norm.slope_at(speed.m_s) * speed.sd_m_s)
    stands_out = abs(off) > max(limit + unsure, SURE * unsure)
    direction: Direction = "usual" if not stands_out else "high" if off > 0 else "low"
    trust = np.prod([doubt.trust for doubt in doubts if doubt.touches(measurement.name, measurement.clip)])
    return Finding(
        metric=measurement.name,
        side=measurement.side,
        clip=measurement.clip,
        value=measurement.value,
        unit=measurement.unit,
        norm=mean,
        limit=limit,
        speed_m_s=speed.m_s,
        direction=direction,
        deviation=abs(off) / limit,
        trust=float(trust),
        source=norm.source,
    )
