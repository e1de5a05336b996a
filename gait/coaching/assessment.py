"""Measurement against norm: high, low or usual, and how far to trust that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gait.body import Side
from gait.coaching.norms import Flag, Norm, norms
from gait.coaching.scatter import of_steps
from gait.metrics.measurement import Measurement
from gait.motion.scale import Speed
from gait.quality.doubts import Doubt

Direction = Literal["low", "usual", "high"]
SURE = 2.0
"""A finding must be this many standard deviations of the measurement away from the mean."""
MIN_TRUST = 0.3
"""Trust below which nothing is said of a finding that just stands out; a judgement."""
CLEAREST = 2.0
"""A finding that stands out twice as far, its doubt taken off, may be trusted half as much; no further."""
SETTLED_SHARE = 0.6
"""Uncertainty, in limits, up to which a usual value can be told from an unusual one; a judgement."""


@dataclass(frozen=True)
class Finding:
    """One measurement held against the norm for this runner's speed."""

    metric: str
    side: Side | None
    value: float
    unit: str
    norm: float
    limit: float
    speed_m_s: float
    """NaN where the norm does not hang on the speed and none is known."""
    direction: Direction
    deviation: float
    """Distance from the norm in limits: above 1 it can be a finding."""
    trust: float
    """0 to 1; 0 when there are too few steps for a verdict."""
    source: str
    clip: str = ""
    """The clip it was read from, by its id."""
    unsure: float = 0.0
    """One standard deviation of the distance from the norm, the speed's own included."""
    flags: tuple[Flag, ...] = ("low", "high")
    """On which side of the norm a value is worth a word; none: for information only."""
    carried_on: bool = False
    """True if the norm was carried on beyond the speeds that were measured."""
    any_speed: bool = False
    """True if the norm does not hang on the speed."""

    @property
    def key(self) -> tuple[str, Side | None, str]:
        """What it was found of: metric, side and clip, as of the measurement."""
        return self.metric, self.side, self.clip

    @property
    def verdict(self) -> str:
        """``high`` or ``low`` if that can be said, else empty."""
        clear = (abs(self.value - self.norm) - self.unsure) / self.limit
        enough = self.trust * float(np.clip(clear, 1.0, CLEAREST)) >= MIN_TRUST
        return self.direction if self.direction != "usual" and enough else ""

    @property
    def usual(self) -> tuple[float, float]:
        """The range in which a value is nothing to talk about; infinite on a side that is not judged."""
        judged = self.flags or ("low", "high")
        return (
            self.norm - self.limit if "low" in judged else -np.inf,
            self.norm + self.limit if "high" in judged else np.inf,
        )

    @property
    def outside(self) -> bool:
        """True if the value lies outside of the usual range, be it by less than its doubt."""
        low, high = self.usual
        return bool(self.flags) and not low <= self.value <= high

    @property
    def settled(self) -> bool:
        """True if the value can be called usual: it is known well, or far from where unusual begins."""
        low, high = self.usual
        well_inside = low + SURE * self.unsure <= self.value <= high - SURE * self.unsure
        known = well_inside or self.unsure <= SETTLED_SHARE * self.limit
        return known and not self.outside and self.trust >= MIN_TRUST


def assess(
    measurements: Sequence[Measurement], speed: Speed | None, doubts: Sequence[Doubt]
) -> tuple[Finding, ...]:
    """Hold every measurement that has a norm at this speed against it.

    What is judged as the mean of left and right gets one finding without a side.
    """
    known = norms()
    at = speed or Speed(np.nan, 0.0, given=False)
    return tuple(
        _finding(measurement, known[measurement.name], at, doubts)
        for measurement in _judged(measurements)
        if known[measurement.name].covers(at.m_s, at.sd_m_s)
    )


def finding_of(findings: Sequence[Finding], measurement: Measurement) -> Finding | None:
    """What was found of one measurement: of the same metric, side and clip; None if nothing was."""
    key = measurement.name, measurement.side, measurement.clip
    return next((finding for finding in findings if finding.key == key), None)


def of_both_sides(measurements: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Means of left and right of what is judged so, wherever one clip shows both.

    What both sides share does not average out, so the larger uncertainty of the two stands.
    """
    sided = {
        (m.name, m.side, m.clip): m
        for m in measurements
        if m.why_missing is None and m.name in norms() and norms()[m.name].of_both_sides
    }
    return tuple(
        _mean(left, right)
        for (name, side, clip), left in sided.items()
        if side is Side.LEFT and (right := sided.get((name, Side.RIGHT, clip)))
    )


def _judged(measurements: Sequence[Measurement]) -> list[Measurement]:
    known = norms()
    alone = [
        m
        for m in measurements
        if m.name in known
        and m.why_missing is None
        and not (known[m.name].of_both_sides and m.side is not None)
    ]
    ready = {(m.name, m.clip) for m in alone}
    return alone + [m for m in of_both_sides(measurements) if (m.name, m.clip) not in ready]


def _mean(left: Measurement, right: Measurement) -> Measurement:
    return replace(
        left,
        side=None,
        value=(left.value + right.value) / 2,
        uncertainty=max(left.uncertainty, right.uncertainty),
        repeatability=float(np.hypot(of_steps(left), of_steps(right))) / 2,
        n=min(left.n, right.n),
        samples=(),
    )


def _finding(measurement: Measurement, norm: Norm, speed: Speed, doubts: Sequence[Doubt]) -> Finding:
    mean, limit = norm.mean_at(speed.m_s), norm.limit_at(speed.m_s)
    off = measurement.value - mean
    unsure = float(np.hypot(measurement.uncertainty, norm.slope_at(speed.m_s) * speed.sd_m_s))
    stands_out = abs(off) > max(limit + unsure, SURE * unsure)
    side: Flag = "high" if off > 0 else "low"
    direction: Direction = side if stands_out and side in norm.flags else "usual"
    trust = norm.trust * np.prod(
        [doubt.trust for doubt in doubts if doubt.touches(measurement.name, measurement.clip)]
    )
    return Finding(
        metric=measurement.name,
        side=measurement.side,
        value=measurement.value,
        unit=measurement.unit,
        norm=mean,
        limit=limit,
        speed_m_s=speed.m_s,
        direction=direction,
        deviation=abs(off) / limit,
        trust=float(trust) if measurement.enough else 0.0,
        source=norm.source,
        clip=measurement.clip,
        unsure=unsure,
        flags=norm.flags,
        carried_on=norm.carried_on(speed.m_s),
        any_speed=norm.any_speed,
    )
