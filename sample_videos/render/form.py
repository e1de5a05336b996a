"""How a runner runs: the numbers that a clip is made to show."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gait.coaching.curves import mean_curve

GRAVITY_M_S2 = 9.81
SPEEDS_M_S = (2.5, 3.5, 4.5)
STRIDE_S = (0.7451, 0.7031, 0.6570)
DUTY_PCT = (38.52, 33.69, 32.20)
"""Mean stride time and duty factor of 28 runners (Fukuchi 2017, doi 10.7717/peerj.3298)."""
OSCILLATION_CM = (7.0, 6.4, 5.0)
"""Less than the 9.3, 8.9 and 7.6 cm of the pelvis markers: knees that bend by 42 degrees lower hips less."""


class ImpossibleForm(ValueError):
    """No body can run like this."""


class PerSide(NamedTuple):
    """One number for each side."""

    left: float
    right: float


@dataclass(frozen=True)
class Form:
    """A way of running. Names, units and signs are those of the measurements.

    Each number is what the clip's runner shows on average; the truth of every step is computed from the
    posed body afterwards.
    """

    speed_m_s: float
    cadence_spm: float
    duty_factor_pct: float
    overstride_pct_leg: float
    knee_flexion_touchdown_deg: float
    oscillation_cm: float
    foot_strike_deg: float
    lean_deg: float = 5.0
    hip_drop_deg: PerSide = PerSide(4.0, 4.0)
    crossover_pct: PerSide = PerSide(-12.0, -12.0)
    elbow_deg: float = 88.0
    head_down_deg: float = 5.0
    step_width_cm: float = 5.0
    asymmetry_pct: float = 0.0
    """Left contact longer, and left foot farther ahead, than right by this share of their mean."""
    variability_pct: float = 0.8
    """Standard deviation of step time from step to step; where the foot lands varies twice as much."""
    landing_s: float = 0.0
    """How softly a foot comes down: half-width of the time over which its leg's change of pace is spread.
    0: the leg bends within 10 ms of touchdown, faster than real ones do."""

    @property
    def step_s(self) -> float:
        """Mean time from one touchdown to the next."""
        return 60 / self.cadence_spm

    @property
    def contact_s(self) -> float:
        """Mean contact time."""
        return 2 * self.step_s * self.duty_factor_pct / 100

    @property
    def bounce_of_gravity_cm(self) -> float:
        """Rise and fall of a body that falls in flight and is thrown up by half a sine of force in contact.

        The spring-mass runner of McMahon 1990 (doi 10.1016/0021-9290(90)90042-2), integrated twice.
        """
        flight_s = self.step_s - self.contact_s
        push = self.step_s * self.contact_s / (2 * np.pi) - self.contact_s**2 / 8
        return float(100 * GRAVITY_M_S2 * (flight_s**2 / 8 + push))


def natural(speed_m_s: float) -> Form:
    """How the mean of 28 runners runs at a speed from 2.5 to 4.5 m/s."""
    at_touchdown = np.zeros(1)
    thigh, knee, foot = (
        float(mean_curve(joint, speed_m_s, at_touchdown)[0]) for joint in ("thigh", "knee", "foot")
    )
    ahead = 50 * (np.sin(np.radians(thigh)) + np.sin(np.radians(thigh - knee)))
    return Form(
        speed_m_s=speed_m_s,
        cadence_spm=120 / float(np.interp(speed_m_s, SPEEDS_M_S, STRIDE_S)),
        duty_factor_pct=float(np.interp(speed_m_s, SPEEDS_M_S, DUTY_PCT)),
        overstride_pct_leg=float(ahead),
        knee_flexion_touchdown_deg=knee,
        oscillation_cm=float(np.interp(speed_m_s, SPEEDS_M_S, OSCILLATION_CM)),
        foot_strike_deg=foot,
    )
