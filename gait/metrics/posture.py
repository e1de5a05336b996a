"""How the body is carried: lean and bounce."""

import numpy as np

from gait.metrics.measurement import Measurement, Quantity, missing, summarise
from gait.metrics.stride import Run, over
from gait.motion.angles import lean_deg

LEAN = Quantity("lean_deg", "deg", systematic=2.0)
OSCILLATION_CM = Quantity("oscillation_cm", "cm", systematic=0.4)
OSCILLATION_PCT = Quantity("oscillation_pct_leg", "%", systematic=0.4)


def posture(run: Run) -> tuple[Measurement, ...]:
    """Measure lean and vertical oscillation."""
    return (lean(run), *oscillation(run))


def lean(run: Run) -> Measurement:
    """Trunk against the vertical, mean over stance, + forward.

    From the middle of the hips to the middle of the shoulders, so that the turning of the trunk cancels;
    averaged over stance as in Teng and Powers 2014 (doi 10.2519/jospt.2014.5249). It does not tell a lean
    from the ankles and a bend at the waist apart.
    """
    trunk = lean_deg(run.motion)
    means = [over(run.motion, trunk, c.touchdown_s, c.toe_off_s, np.mean) for c in run.complete]
    return summarise(LEAN, None, "side", means)


def oscillation(run: Run) -> tuple[Measurement, Measurement]:
    """Rise and fall of the middle of the hips within one step: in centimetres and in % of the leg."""
    height = 100 * run.motion.mid_hip[:, 1]
    starts = [contact.touchdown_s for contact in run.contacts_of(run.near)]
    half_s = run.stride_s / 2
    ranges = [
        over(run.motion, height, start, start + half_s, np.ptp)
        for start in starts
        if start + half_s <= run.motion.time_s[-1]
    ]
    relative = summarise(OSCILLATION_PCT, None, "side", ranges)
    if run.scale is None or relative.why_missing is not None:
        why = relative.why_missing or (
            "centimetres need a scale: give your height (--height-cm) or the belt speed (--speed-kmh)"
        )
        return relative, missing(OSCILLATION_CM, None, "side", why)
    leg_m, share = run.scale.leg_m, run.scale.sd_m / run.scale.leg_m
    return relative, Measurement(
        OSCILLATION_CM.name,
        None,
        relative.value * leg_m,
        OSCILLATION_CM.unit,
        float(np.hypot(relative.uncertainty, share * relative.value)) * leg_m,
        relative.n,
        tuple(sample * leg_m for sample in relative.samples),
        "side",
    )
