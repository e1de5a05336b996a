"""One number with everything needed to judge it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.body import Side
from gait.errors import Reason
from gait.metrics.catalogue import Metric
from gait.motion.contact import MIN_STEPS

MEDIAN_OF_MANY = 1.2533
"""Standard error of a median over that of a mean."""
PRIOR_STEPS = 3
"""Steps that the spread to expect counts for where fewer than a verdict needs were seen; a judgement."""


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
    """The clip it was read from, by its id; empty if from none."""
    why_missing: Reason | None = None
    repeatability: float = float("nan")
    """The part of the uncertainty that would differ if the same run were filmed again."""

    def __post_init__(self) -> None:
        if bool(np.isnan(self.value)) != (self.why_missing is not None):
            raise ValueError(f"{self.name}: a missing value needs a reason, and only that")

    @property
    def enough(self) -> bool:
        """True if there are enough steps for a verdict."""
        return self.n >= MIN_STEPS


def missing(metric: Metric, side: Side | None, clip: str, why: Reason) -> Measurement:
    """Build the record of a quantity that could not be measured, with the reason."""
    return Measurement(metric.name, side, np.nan, metric.unit, np.nan, 0, (), clip, why)


def summarise(
    metric: Metric,
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
        Error that the uncertain time of the event and the landmarks add, in the metric's unit.

    Notes
    -----
    The uncertainty is the root of the sum of squares of: the standard error of a median (1.2533 times the
    standard deviation over the root of n), the reading error and the metric's systematic error. Below
    ``MIN_STEPS`` the spread to expect from step to step counts too.
    """
    known = np.array([metric.right(sample) for sample in samples if np.isfinite(sample)])
    if len(known) == 0:
        return missing(metric, side, clip, UNREAD)
    of_median = MEDIAN_OF_MANY if len(known) > 2 else 1.0
    scatter = of_median * _spread(known, metric.step_sd) / np.sqrt(len(known))
    repeatability = float(np.hypot(scatter, reading))
    return Measurement(
        metric.name,
        side,
        float(np.median(known)),
        metric.unit,
        float(np.hypot(repeatability, metric.systematic)),
        len(known),
        tuple(float(sample) for sample in known),
        clip,
        repeatability=repeatability,
    )


UNREAD = Reason("unread", "it could be read in no step: film 8 to 10 seconds with the whole body in view")


def _spread(known: np.ndarray, expected: float) -> float:
    """Standard deviation from step to step; with few steps, what is expected counts too."""
    if len(known) >= MIN_STEPS:
        return float(np.std(known, ddof=1))
    squares = float(np.sum((known - known.mean()) ** 2))
    return float(np.sqrt((squares + PRIOR_STEPS * expected**2) / (len(known) - 1 + PRIOR_STEPS)))
