"""How the foot meets the ground: overstride, shin angle, knee."""

import numpy as np

from gait.body import LIMBS
from gait.metrics.measurement import Measurement, Quantity, missing, summarise
from gait.metrics.stride import Run, at_touchdown, far_leg, over
from gait.motion.angles import knee_flexion_deg, knee_noise_deg, shank_deg, shank_noise_deg

OVERSTRIDE = Quantity("overstride_pct_leg", "%", systematic=1.5)
OVERSTRIDE_CM = Quantity("overstride_cm", "cm")
SHANK = Quantity("shank_deg", "deg", systematic=1.0)
KNEE_AT_TOUCHDOWN = Quantity("knee_flexion_touchdown_deg", "deg", systematic=2.5)
KNEE_PEAK = Quantity("knee_flexion_peak_deg", "deg", systematic=2.5)


def landing(run: Run) -> tuple[Measurement, ...]:
    """Measure what is read at touchdown and in early stance of the near leg."""
    return (
        *overstride(run),
        *at_touchdown(run, SHANK, shank_deg(run.motion, run.near), shank_noise_deg(run.motion, run.near)),
        *at_touchdown(
            run,
            KNEE_AT_TOUCHDOWN,
            knee_flexion_deg(run.motion, run.near),
            knee_noise_deg(run.motion, run.near),
        ),
        *knee_peak(run),
    )


def overstride(run: Run) -> tuple[Measurement, ...]:
    """Horizontal distance from hip joint to ankle at touchdown, + when the ankle is ahead.

    In per cent of the leg (thigh plus shank) and, when there is a scale, in centimetres (Lieberman 2015,
    doi 10.1242/jeb.125500, relates the distance to braking).
    """
    limbs = LIMBS[run.near]
    ahead_pct = 100 * (run.motion.xy[:, limbs.ankle, 0] - run.motion.xy[:, limbs.hip, 0])
    noise_pct = 100 * np.hypot(run.motion.noise[:, limbs.ankle], run.motion.noise[:, limbs.hip])
    near, far = at_touchdown(run, OVERSTRIDE, ahead_pct, noise_pct)
    return near, far, _in_cm(run, near), far_leg(run, OVERSTRIDE_CM)


def knee_peak(run: Run) -> tuple[Measurement, Measurement]:
    """Largest knee flexion while the near foot is on the ground."""
    knee = knee_flexion_deg(run.motion, run.near)
    peaks = [over(run.motion, knee, c.touchdown_s, c.toe_off_s, np.max) for c in run.complete]
    return summarise(KNEE_PEAK, run.near, "side", peaks), far_leg(run, KNEE_PEAK)


def _in_cm(run: Run, relative: Measurement) -> Measurement:
    if run.scale is None:
        why = "centimetres need a scale: give your height (--height-cm) or the belt speed (--speed-kmh)"
        return missing(OVERSTRIDE_CM, run.near, "side", why)
    if relative.why_missing is not None:
        return missing(OVERSTRIDE_CM, run.near, "side", relative.why_missing)
    scale_error = run.scale.sd_m / run.scale.leg_m * abs(relative.value)
    return Measurement(
        OVERSTRIDE_CM.name,
        run.near,
        relative.value * run.scale.leg_m,
        OVERSTRIDE_CM.unit,
        float(np.hypot(relative.uncertainty, scale_error)) * run.scale.leg_m,
        relative.n,
        tuple(sample * run.scale.leg_m for sample in relative.samples),
        "side",
    )
