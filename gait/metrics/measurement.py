"""One number with everything needed to judge it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.body import Side
from gait.motion.events import MIN_STEPS

MIN_SAMPLES = 3
"""Steps below which not even an estimate is given."""


@dataclass(frozen=True)
class Measurement:
    """A quantity of this runner in these clips; ``value`` is NaN exactly when ``why_missing`` says why."""

    name: str
    side: Side | None
    value: float
    unit: str
    uncertainty: float
    """One standard deviation: about 95 % of true values should lie within twice of it."""
    n: int
    samples: tuple[float, ...]
    """The value of each step, in the order of time."""
    clip: str
    """Role of the clip it was read from: ``side`` or ``rear``."""
    why_missing: str | None = None
    repeatability: float = float("nan")
    """The part of the uncertainty that would differ if the same run were filmed again."""

    def __post_init__(self) -> None:
        if bool(np.isnan(self.value)) != (self.why_missing is not None):
            raise ValueError(f"{self.name}: a missing value needs a reason, and only that")

    @property
    def enough(self) -> bool:
        """True if there are enough steps for a verdict."""
        return self.n >= MIN_STEPS


@dataclass(frozen=True)
class Quantity:
    """What is measured: name, unit, and the errors that more steps do not average out.

    Both errors are of the whole chain, from picture to number, on the study's fit bodies; docs/accuracy.md
    says what is left of them on its test bodies.
    """

    name: str
    unit: str
    systematic: float = 0.0
    """Spread between clips."""
    reads_high: float = 0.0
    """What all clips have in common; it is taken off."""
    per_roll_deg: float = 0.0
    """What one degree of the phone's roll adds."""

    def right(self, read: float) -> float:
        """Take off what all clips read too high."""
        return read - self.reads_high


def missing(quantity: Quantity, side: Side | None, clip: str, why: str) -> Measurement:
    """Build the record of a quantity that could not be measured, with the reason."""
    return Measurement(quantity.name, side, np.nan, quantity.unit, np.nan, 0, (), clip, why)


def summarise(
    quantity: Quantity,
    side: Side | None,
    clip: str,
    samples: Sequence[float],
    reading: float = 0.0,
) -> Measurement:
    """Take the median over steps, with its uncertainty.

    Parameters
    ----------
    samples
        One value per step; NaN for a step that could not be read, which is left out.
    reading
        Error that the uncertain time of the event and the landmarks add, in the quantity's unit.

    Notes
    -----
    The uncertainty is the root of the sum of squares of: the standard error of a median (1.2533 times the
    standard deviation over the root of n), the reading error and the quantity's systematic error.
    """
    known = np.array([quantity.right(sample) for sample in samples if np.isfinite(sample)])
    if len(known) < MIN_SAMPLES:
        why = f"only {len(known)} steps could be read: film 8 to 10 seconds with the whole body in view"
        return missing(quantity, side, clip, why)
    scatter = 1.2533 * float(np.std(known, ddof=1)) / np.sqrt(len(known))
    uncertainty = float(np.hypot(np.hypot(scatter, reading), quantity.systematic))
    return Measurement(
        quantity.name,
        side,
        float(np.median(known)),
        quantity.unit,
        uncertainty,
        len(known),
        tuple(float(sample) for sample in known),
        clip,
    )
