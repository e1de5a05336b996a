"""What proves a time base: the rhythm of the steps, the fall of the body in flight, the belt.

Between two flights, in which it only falls, the ground throws the body up again: so the height of its
bounce and the time of a step give away gravity. A clip that is taken for twice as fast as it is shows
four times as much. (A parabola fitted to the flights alone was tried and did worse: they are short,
and what smoothing brings in from the contacts spoils them.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.body import LEFT, RIGHT, Landmark
from gait.motion.contact import Contact
from gait.motion.events import belt_speed_legs_s, contacts
from gait.motion.scale import (
    ADULT_LEG_M,
    ADULT_LEG_SD_M,
    LEG_OVER_HEIGHT,
    LEG_OVER_HEIGHT_SD,
)
from gait.motion.signals import RATE_HZ, FloatArray, Motion, clean
from gait.motion.timebase import CADENCE_SD, CADENCE_SPM, Seen, TimeBase
from gait.motion.view import Viewpoint
from gait.pose.posetrack import PoseTrack

BODY = (
    (LEFT.hip, RIGHT.hip),
    (LEFT.shoulder, RIGHT.shoulder),
    (Landmark.LEFT_EAR, Landmark.RIGHT_EAR),
    (Landmark.NOSE, Landmark.NOSE),
)
"""Points whose middle rises and falls with the whole body."""
USUAL_CONTACT_OF_STEP = 0.72
"""Contact time over step time where no contact can be read (Fukuchi 2017 at 2.5 to 3.5 m/s: 0.66 to 0.78)."""
MIN_WINDOWS = 3
BELT_SD = 0.06
"""Spread of the logarithm of the planted foot's speed and of the treadmill's display, together."""
FALL_SD = 0.16
"""Spread of the logarithm of gravity as read from the bounce: twice the 0.08 of rendered fit bodies.

Real trunks rise more than the body's centre: by 7 to 24 % at the pelvis of 28 runners (mean curves of
Fukuchi 2017, doi 10.7717/peerj.3298); the markers of one real runner read 2 % low.
"""
SAME_RUNNER_SD = 0.05
"""Spread of the logarithm of one runner's cadence between two clips of one day; a judgement."""


@dataclass(frozen=True)
class Known:
    """What is known of the runner without the clip; NaN where it is not."""

    height_cm: float = float("nan")
    speed_kmh: float = float("nan")
    cadence_spm: float = float("nan")
    """Cadence of the same runner in another clip of the day."""

    @property
    def leg_m(self) -> float:
        """Thigh plus shank in metres, an adult's where the height is unknown."""
        return ADULT_LEG_M if np.isnan(self.height_cm) else LEG_OVER_HEIGHT * self.height_cm / 100

    @property
    def leg_sd(self) -> float:
        """Spread of its logarithm."""
        if np.isnan(self.height_cm):
            return ADULT_LEG_SD_M / ADULT_LEG_M
        return LEG_OVER_HEIGHT_SD / LEG_OVER_HEIGHT


def seen_at(track: PoseTrack, base: TimeBase, viewpoint: Viewpoint, known: Known, cadence_spm: float) -> Seen:
    """Look at the run as it is if ``base`` is right, and the cadence with it."""
    motion = clean(track, base, viewpoint)
    period_s = 120 / cadence_spm
    fall = fall_legs_s2(motion, period_s, _contact_of_step(contacts(motion, period_s), period_s))
    belt_m_s = _belt_legs_s(motion, period_s) * known.leg_m
    met_before = np.isfinite(known.cadence_spm)
    return Seen(
        factor=base.slow_motion_factor,
        cadence_spm=cadence_spm,
        fall_m_s2=fall * known.leg_m,
        fall_sd=float(np.hypot(FALL_SD, known.leg_sd)),
        belt_share=belt_m_s * 3.6 / known.speed_kmh,
        belt_sd=float(np.hypot(BELT_SD, known.leg_sd)),
        usual_spm=known.cadence_spm if met_before else CADENCE_SPM,
        usual_sd=SAME_RUNNER_SD if met_before else CADENCE_SD,
    )


def _contact_of_step(found: Sequence[Contact], period_s: float) -> float:
    durations_s = [contact.duration_s for contact in found if np.isfinite(contact.duration_s)]
    return 2 * float(np.median(durations_s)) / period_s if durations_s else USUAL_CONTACT_OF_STEP


def _belt_legs_s(motion: Motion, period_s: float) -> float:
    near = motion.viewpoint.near
    belt = belt_speed_legs_s(motion, near, period_s) if near else np.array([])
    return float(np.median(belt)) if len(belt) else float("nan")


def fall_legs_s2(motion: Motion, period_s: float, contact_of_step: float) -> float:
    """Gravity, in leg lengths/s2, that makes the body bounce as high as it does.

    The ground pushes like half a sine during contact and not at all in flight, so the first harmonic of
    the body's acceleration is a fixed multiple of gravity (the spring-mass runner of McMahon 1990, doi
    10.1016/0021-9290(90)90042-2). The middle one of what hips, shoulders, ears and nose say; NaN if none
    was seen for three strides on end.

    Parameters
    ----------
    contact_of_step
        Contact time over step time.
    """
    share = min(max(contact_of_step, 0.55), 0.95)
    harmonic = 2 * np.cos(np.pi * share) / (1 - 4 * share**2)
    swings = [_swing(motion, motion.middle(*pair)[:, 1], period_s) for pair in BODY]
    known = [swing for swing in swings if np.isfinite(swing)]
    if not known:
        return float("nan")
    return float(np.median(known) * (4 * np.pi / period_s) ** 2 / harmonic)


def _swing(motion: Motion, height: FloatArray, period_s: float) -> float:
    """Amplitude of a height at the frequency of the steps, the stride's own left out.

    The median over windows of two strides: over the whole clip the steps would drift out of step.
    """
    window = round(2 * period_s * RATE_HZ)
    angle = 2 * np.pi * motion.time_s / period_s
    waves = [wave(harmonic * angle) for harmonic in (1, 2) for wave in (np.cos, np.sin)]
    columns = np.column_stack([np.ones_like(angle), motion.time_s, *waves])
    sizes = []
    for start in range(0, len(height) - window, window // 4):
        inside = slice(start, start + window)
        if np.isfinite(height[inside]).all():
            fitted = np.linalg.lstsq(columns[inside], height[inside], rcond=None)[0]
            sizes.append(float(np.hypot(fitted[4], fitted[5])))
    return float(np.median(sizes)) if len(sizes) >= MIN_WINDOWS else float("nan")
