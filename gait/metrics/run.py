"""What every metric of one clip is computed from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gait.body import Side
from gait.errors import Reason
from gait.metrics.catalogue import Metric
from gait.metrics.measurement import Measurement, missing, summarise
from gait.motion.contact import Contact
from gait.motion.hands import MarkedSwing
from gait.motion.pelvis import Waist
from gait.motion.scale import Scale
from gait.motion.signals import FloatArray, Motion

NO_SCALE = Reason("no-scale", "centimetres need a scale: give your height or the belt's speed", "height_cm")
EARLY_OR_LATE_S = 0.007
"""Error of touchdown that all steps of a clip share: runners' legs show their landing more or less early.
The spread between 18 real runners is 8 ms, that of the middle half 6 ms (``python -m studies.real_legs``)."""


@dataclass(frozen=True, eq=False)
class Run:
    """One clip of a run, ready to be measured."""

    clip: str
    """Its id."""
    motion: Motion
    contacts: tuple[Contact, ...]
    stride_s: float
    scale: Scale | None = None
    waist: Waist | None = None
    """What the waistband shows from behind; None from elsewhere."""
    swings: tuple[MarkedSwing, ...] = ()
    """Hands that somebody marked from the front, in the order of time."""
    rate_sd: float = 0.0
    """Spread of the logarithm of the capture rate."""
    camera_moves: bool = False
    """True if the camera was carried or turned along."""

    @property
    def near(self) -> Side:
        """The side that faces the camera.

        Raises
        ------
        ValueError
            If the view is not from the side.
        """
        if self.motion.viewpoint.near is None:
            raise ValueError("a run is measured in a view from the side")
        return self.motion.viewpoint.near

    def contacts_of(self, side: Side) -> tuple[Contact, ...]:
        """All contacts of one foot, in order."""
        return tuple(contact for contact in self.contacts if contact.side is side)

    @property
    def complete(self) -> tuple[Contact, ...]:
        """Contacts of the near foot whose toe-off is known."""
        return tuple(c for c in self.contacts_of(self.near) if np.isfinite(c.toe_off_s))


def over_steps(
    run: Run, metric: Metric, side: Side | None, samples: Sequence[float], reading: float = 0.0
) -> Measurement:
    """Take the median over steps, with what is left of the phone's roll in its uncertainty."""
    roll = metric.per_roll_deg * run.motion.roll.sd_deg
    return summarise(metric, side, run.clip, samples, float(np.hypot(reading, roll)))


def at_touchdown(run: Run, metric: Metric, values: FloatArray, noise: FloatArray) -> Measurement:
    """Read a signal of the near leg at each of its touchdowns.

    The timing error is how much the signal changes within the touchdown's standard deviation: that of one
    step over the root of their number, and what all steps share. ``noise``
    (N,) is what the landmarks' scatter makes of it: a hidden or blurred joint scatters, and where the
    model guesses it guesses wrong in the same way step after step, so more steps do not average it out.
    """
    read = run.motion.at
    near = run.contacts_of(run.near)
    changes = [
        abs(float(read(values, t + sd) - read(values, t - sd))) / 2
        for t, sd in (
            (c.touchdown_s, np.hypot(c.touchdown_sd_s / np.sqrt(len(near)), EARLY_OR_LATE_S)) for c in near
        )
    ]
    timing = float(np.nanmedian(changes)) if np.isfinite(changes).any() else 0.0
    samples = [float(read(values, contact.touchdown_s)) for contact in near]
    guessed = [float(read(noise, contact.touchdown_s)) for contact in near]
    blur = float(np.nanmedian(guessed)) if np.isfinite(guessed).any() else 0.0
    return over_steps(run, metric, run.near, samples, float(np.hypot(timing, blur)))


def in_cm(scale: Scale | None, metric: Metric, relative: Measurement) -> Measurement:
    """Turn per cent of the leg into centimetres, with the error of the scale; withheld without a scale."""
    if relative.why_missing is not None:
        return missing(metric, relative.side, relative.clip, relative.why_missing)
    if scale is None:
        return missing(metric, relative.side, relative.clip, NO_SCALE)
    leg_m = scale.leg_m
    scale_error = scale.sd_m / leg_m * abs(relative.value)
    return replace(
        relative,
        name=metric.name,
        unit=metric.unit,
        value=relative.value * leg_m,
        uncertainty=float(np.hypot(relative.uncertainty, scale_error)) * leg_m,
        repeatability=relative.repeatability * leg_m,
        samples=tuple(sample * leg_m for sample in relative.samples),
    )


def over(
    motion: Motion, values: FloatArray, start_s: float, stop_s: float, reduce: Callable[..., float]
) -> float:
    """Reduce the samples of a signal between two times; NaN if any of them is unknown."""
    inside = values[(motion.time_s >= start_s) & (motion.time_s < stop_s)]
    if len(inside) == 0 or not np.isfinite(inside).all():
        return float("nan")
    return float(reduce(inside))
