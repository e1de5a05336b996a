"""All measurements of one runner, in the order in which they are shown."""

from gait.metrics.frontal import Waist, frontal
from gait.metrics.landing import landing
from gait.metrics.measurement import Measurement
from gait.metrics.posture import posture
from gait.metrics.rhythm import rhythm
from gait.metrics.stride import Run
from gait.motion.scale import Speed
from gait.motion.signals import Motion


def measure(
    run: Run, speed: Speed | None, rear: Motion | None, rear_stride_s: float, waist: Waist | None = None
) -> tuple[Measurement, ...]:
    """Measure everything; what cannot be measured is there too, with the reason."""
    return (
        *landing(run),
        *posture(run),
        *frontal(rear, rear_stride_s, waist, run.scale),
        *rhythm(run, speed),
    )
