"""All that one clip shows, as numbers."""

from dataclasses import replace

import numpy as np

from gait.errors import Reason
from gait.metrics.catalogue import CATALOGUE, Trait
from gait.metrics.frontal import frontal
from gait.metrics.landing import landing
from gait.metrics.measurement import Measurement, missing
from gait.metrics.posture import posture
from gait.metrics.rhythm import cadence, rhythm
from gait.metrics.run import Run

SLANT = Reason(
    "slant",
    "the camera stood at a slant, neither beside the runner nor behind or in front: put it square to the "
    "treadmill's long edge, or on its middle line",
)


def measure(run: Run) -> tuple[Measurement, ...]:
    """Measure everything that a clip of this view can show; what it does not show well says why."""
    return tuple(_as_sure_as_the_rate(measurement, run.rate_sd) for measurement in _read(run))


def _read(run: Run) -> tuple[Measurement, ...]:
    view = run.motion.viewpoint
    if view.oblique:
        return (cadence(run), *_withheld(run, SLANT))
    if view.view.sagittal:
        return (*landing(run), *posture(run), *rhythm(run))
    return (*frontal(run), cadence(run))


def _as_sure_as_the_rate(measurement: Measurement, rate_sd: float) -> Measurement:
    """Widen what grows or shrinks with the capture rate; filmed again the same way, it would err alike."""
    if Trait.RATE not in CATALOGUE[measurement.name].traits:
        return measurement
    shared = rate_sd * abs(measurement.value)
    return replace(measurement, uncertainty=float(np.hypot(measurement.uncertainty, shared)))


def _withheld(run: Run, why: Reason) -> tuple[Measurement, ...]:
    view = run.motion.viewpoint.view
    shown = [metric for metric in CATALOGUE.values() if view in metric.views and metric.name != "cadence_spm"]
    return tuple(missing(metric, side, run.clip, why) for metric in shown for side in metric.sides)
