"""How the foot meets and leaves the ground: overstride, shin angle, knee, foot, thigh."""

import numpy as np

from gait.body import LIMBS
from gait.metrics.catalogue import (
    FOOT_STRIKE,
    KNEE_AT_TOUCHDOWN,
    KNEE_PEAK,
    OVERSTRIDE,
    OVERSTRIDE_CM,
    SHANK,
    THIGH_TOE_OFF,
)
from gait.metrics.measurement import Measurement
from gait.metrics.run import Run, at_touchdown, in_cm, over, over_steps
from gait.motion.angles import (
    foot_deg,
    knee_flexion_deg,
    knee_noise_deg,
    shank_deg,
    shank_noise_deg,
    thigh_deg,
)
from gait.motion.contact import Contact
from gait.motion.signals import FloatArray

FLAT_FOOT = (0.25, 0.45)
"""Part of the contact in which the foot lies flat."""


def landing(run: Run) -> tuple[Measurement, ...]:
    """Measure what is read at touchdown and in early stance of the near leg."""
    return (
        *overstride(run),
        at_touchdown(run, SHANK, shank_deg(run.motion, run.near), shank_noise_deg(run.motion, run.near)),
        at_touchdown(
            run,
            KNEE_AT_TOUCHDOWN,
            knee_flexion_deg(run.motion, run.near),
            knee_noise_deg(run.motion, run.near),
        ),
        knee_peak(run),
        foot_strike(run),
        thigh_at_toe_off(run),
    )


def overstride(run: Run) -> tuple[Measurement, ...]:
    """Horizontal distance from hip joint to ankle at touchdown, + when the ankle is ahead.

    In per cent of the leg (thigh plus shank) and, when there is a scale, in centimetres (Lieberman 2015,
    doi 10.1242/jeb.125500, relates the distance to braking).
    """
    limbs = LIMBS[run.near]
    ahead_pct = 100 * (run.motion.xy[:, limbs.ankle, 0] - run.motion.xy[:, limbs.hip, 0])
    noise_pct = 100 * np.hypot(run.motion.noise[:, limbs.ankle], run.motion.noise[:, limbs.hip])
    relative = at_touchdown(run, OVERSTRIDE, ahead_pct, noise_pct)
    return relative, in_cm(run.scale, OVERSTRIDE_CM, relative)


def knee_peak(run: Run) -> Measurement:
    """Largest knee flexion while the near foot is on the ground."""
    knee = knee_flexion_deg(run.motion, run.near)
    peaks = [over(run.motion, knee, c.touchdown_s, c.toe_off_s, np.max) for c in run.complete]
    return over_steps(run, KNEE_PEAK, run.near, peaks)


def foot_strike(run: Run) -> Measurement:
    """Line from heel to toe at touchdown less the same while the foot lies flat, + when the toes are up.

    The difference removes the shoe's drop and where the model marks heel and toe (Altman and Davis 2012,
    doi 10.1016/j.gaitpost.2011.09.104: heel first above 8 degrees, forefoot first below -1.6).
    """
    foot = foot_deg(run.motion, run.near)
    strikes = [float(run.motion.at(foot, c.touchdown_s)) - _while_flat(run, foot, c) for c in run.complete]
    return over_steps(run, FOOT_STRIKE, run.near, strikes)


def thigh_at_toe_off(run: Run) -> Measurement:
    """Thigh against the vertical when the near foot leaves the ground, + when the knee is behind the hip."""
    behind = -thigh_deg(run.motion, run.near)
    samples = [float(run.motion.at(behind, contact.toe_off_s)) for contact in run.complete]
    return over_steps(run, THIGH_TOE_OFF, run.near, samples)


def _while_flat(run: Run, foot: FloatArray, contact: Contact) -> float:
    begin, end = (contact.touchdown_s + share * contact.duration_s for share in FLAT_FOOT)
    return over(run.motion, foot, begin, end, np.median)
