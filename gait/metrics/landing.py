"""How the foot meets and leaves the ground: overstride, shin angle, knee, foot, thigh."""

import numpy as np

from gait.body import LIMBS
from gait.metrics.measurement import Measurement, Quantity
from gait.metrics.stride import Run, at_touchdown, far_leg, in_cm, of_side_view, over
from gait.motion.angles import (
    foot_deg,
    knee_flexion_deg,
    knee_noise_deg,
    shank_deg,
    shank_noise_deg,
    thigh_deg,
)
from gait.motion.events import Contact
from gait.motion.signals import FloatArray

OVERSTRIDE = Quantity("overstride_pct_leg", "%", systematic=1.5, per_roll_deg=1.75)
OVERSTRIDE_CM = Quantity("overstride_cm", "cm")
SHANK = Quantity("shank_deg", "deg", systematic=1.6, reads_high=-0.7, per_roll_deg=1.0)
KNEE_AT_TOUCHDOWN = Quantity("knee_flexion_touchdown_deg", "deg", systematic=3.7, reads_high=2.0)
KNEE_PEAK = Quantity("knee_flexion_peak_deg", "deg", systematic=3.4, reads_high=1.2)
FOOT_STRIKE = Quantity("foot_strike_deg", "deg", systematic=2.8, reads_high=2.6)
THIGH_TOE_OFF = Quantity("thigh_toe_off_deg", "deg", systematic=2.6, reads_high=-1.6, per_roll_deg=1.0)
FLAT_FOOT = (0.25, 0.45)
"""Part of the contact in which the foot lies flat."""


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
        *foot_strike(run),
        *thigh_at_toe_off(run),
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
    return near, far, in_cm(run.scale, OVERSTRIDE_CM, near), far_leg(run, OVERSTRIDE_CM)


def knee_peak(run: Run) -> tuple[Measurement, Measurement]:
    """Largest knee flexion while the near foot is on the ground."""
    knee = knee_flexion_deg(run.motion, run.near)
    peaks = [over(run.motion, knee, c.touchdown_s, c.toe_off_s, np.max) for c in run.complete]
    return of_side_view(run, KNEE_PEAK, run.near, peaks), far_leg(run, KNEE_PEAK)


def foot_strike(run: Run) -> tuple[Measurement, Measurement]:
    """Line from heel to toe at touchdown less the same while the foot lies flat, + when the toes are up.

    The difference removes the shoe's drop and where the model marks heel and toe (Altman and Davis 2012,
    doi 10.1016/j.gaitpost.2011.09.104: heel first above 8 degrees, forefoot first below -1.6).
    """
    foot = foot_deg(run.motion, run.near)
    strikes = [float(run.motion.at(foot, c.touchdown_s)) - _while_flat(run, foot, c) for c in run.complete]
    return of_side_view(run, FOOT_STRIKE, run.near, strikes), far_leg(run, FOOT_STRIKE)


def thigh_at_toe_off(run: Run) -> tuple[Measurement, Measurement]:
    """Thigh against the vertical when the near foot leaves the ground, + when the knee is behind the hip."""
    behind = -thigh_deg(run.motion, run.near)
    samples = [float(run.motion.at(behind, contact.toe_off_s)) for contact in run.complete]
    return of_side_view(run, THIGH_TOE_OFF, run.near, samples), far_leg(run, THIGH_TOE_OFF)


def _while_flat(run: Run, foot: FloatArray, contact: Contact) -> float:
    begin, end = (contact.touchdown_s + share * contact.duration_s for share in FLAT_FOOT)
    return over(run.motion, foot, begin, end, np.median)
