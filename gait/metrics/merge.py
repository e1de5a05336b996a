"""The clips of one day -> one number for each metric and side, and left against right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gait.body import Side, View
from gait.errors import Reason
from gait.metrics.catalogue import (
    CATALOGUE,
    CONTACT_ASYMMETRY,
    CONTACT_TIME,
    SAGITTAL,
    SPEED,
    STEP_ASYMMETRY,
    Metric,
)
from gait.metrics.measurement import Measurement, missing

NOT_OF_ONE_CLIP = (STEP_ASYMMETRY.name, CONTACT_ASYMMETRY.name, SPEED.name)
"""What takes a clip from each side, or is said of the whole day."""


@dataclass(frozen=True)
class Difference:
    """Left less right of one metric, each read from the clip of its own side."""

    name: str
    value: float
    unit: str
    uncertainty: float
    """One standard deviation: of both readings together."""

    @property
    def clear(self) -> bool:
        """True if it is more than two clips scatter."""
        return abs(self.value) > 2 * self.uncertainty


def merge(each: Sequence[tuple[Measurement, ...]], views: Sequence[View]) -> tuple[Measurement, ...]:
    """Choose one measurement per metric and side: a number before none, enough steps, the smallest error.

    Parameters
    ----------
    each
        What every clip shows.
    views
        The view of every clip.

    Returns
    -------
    tuple[Measurement, ...]
        In the order of the catalogue; what no clip shows says how to film it.
    """
    everything = [measurement for measurements in each for measurement in measurements]
    chosen = [
        measurement
        for metric in CATALOGUE.values()
        if metric.name not in NOT_OF_ONE_CLIP
        for measurement in _chosen(metric, [m for m in everything if m.name == metric.name], views)
    ]
    return (*chosen, _step_asymmetry(each, views), _contact_asymmetry(chosen))


def differences(measurements: Sequence[Measurement]) -> tuple[Difference, ...]:
    """Left less right, wherever each side has a clip of its own.

    From one clip the two sides share the phone's roll and place, which a difference would show doubled.
    """
    known = {(m.name, m.side): m for m in measurements if m.why_missing is None}
    pairs = [
        (known[name, Side.LEFT], known[name, Side.RIGHT])
        for name in CATALOGUE
        if (name, Side.LEFT) in known and (name, Side.RIGHT) in known
    ]
    return tuple(
        Difference(
            left.name,
            left.value - right.value,
            left.unit,
            float(np.hypot(left.uncertainty, right.uncertainty)),
        )
        for left, right in pairs
        if left.clip != right.clip
    )


def _chosen(metric: Metric, found: Sequence[Measurement], views: Sequence[View]) -> list[Measurement]:
    """One for each side; what both sides can be read from together comes from one clip."""
    if metric.views != SAGITTAL and found:
        by_clip = [[m for m in found if m.clip == clip] for clip in dict.fromkeys(m.clip for m in found)]
        found = min(by_clip, key=lambda own: max(map(_rank, own)))
    return [
        min((m for m in found if m.side == side), key=_rank, default=None)
        or missing(metric, side, "", _unseen(metric, side, views))
        for side in metric.sides
    ]


def _rank(m: Measurement) -> tuple[bool, bool, float]:
    """The smaller the better: a number before none, enough steps before few, the smaller error."""
    return m.why_missing is not None, not m.enough, float(np.nan_to_num(m.uncertainty, nan=np.inf))


def _unseen(metric: Metric, side: Side | None, views: Sequence[View]) -> Reason:
    """Why no clip shows a metric: a view is missing, or the camera stood on the body's other side."""
    if side is None or metric.views != SAGITTAL or not any(view.sagittal for view in views):
        return metric.unseen
    return Reason(
        "far-side",
        f"the camera sees the {side.other} side and half of the {side} one is hidden: film a second clip "
        f"from the {side}",
    )


def _step_asymmetry(each: Sequence[tuple[Measurement, ...]], views: Sequence[View]) -> Measurement:
    """The mean of one clip from each side: what the near foot is read earlier or later by cancels out."""
    metric = STEP_ASYMMETRY
    by_view = {view: [m for m, seen in _each_of(metric, each, views) if seen is view] for view in SAGITTAL}
    if not all(by_view.values()):
        return missing(metric, None, "", metric.unseen)
    left, right = (min(found, key=_rank) for found in by_view.values())
    scatter = float(np.hypot(left.repeatability, right.repeatability)) / 2
    return replace(
        left,
        value=(left.value + right.value) / 2,
        uncertainty=float(np.hypot(scatter, metric.systematic)),
        repeatability=scatter,
        n=min(left.n, right.n),
        samples=(),
    )


def _each_of(
    metric: Metric, each: Sequence[tuple[Measurement, ...]], views: Sequence[View]
) -> list[tuple[Measurement, View]]:
    """What the clips show of a metric, each with the view it was seen in."""
    return [
        (m, view)
        for measurements, view in zip(each, views, strict=True)
        for m in measurements
        if m.name == metric.name and m.why_missing is None
    ]


def _contact_asymmetry(chosen: Sequence[Measurement]) -> Measurement:
    metric = CONTACT_ASYMMETRY
    by_side = {m.side: m for m in chosen if m.name == CONTACT_TIME.name and m.why_missing is None}
    if len(by_side) < len(Side):
        return missing(metric, None, "", metric.unseen)
    left, right = by_side[Side.LEFT], by_side[Side.RIGHT]
    to_pct = 200 / (left.value + right.value)
    return Measurement(
        metric.name,
        None,
        to_pct * (left.value - right.value),
        metric.unit,
        to_pct * float(np.hypot(left.uncertainty, right.uncertainty)),
        min(left.n, right.n),
        (),
        left.clip,
        repeatability=to_pct * float(np.hypot(left.repeatability, right.repeatability)),
    )
