"""What proves a time base: the rhythm of the steps, the fall of the body in flight, the belt.

Between two flights, in which it only falls, the ground throws the body up again: so the height of its
bounce and the time of a step give away gravity. A clip that is taken for twice as fast as it is shows
four times as much. (A parabola fitted to the flights alone was tried and did worse: they are short,
and what smoothing brings in from the contacts spoils them. So did the first harmonic of the bounce alone,
which hangs on how the ground pushes: 8.4 to 11.2 m/s2 where the first two together read 9.3 to 9.6.)
"""

from dataclasses import dataclass

import numpy as np

from gait.body import LEFT, RIGHT, Landmark
from gait.motion.events import belt_speed_legs_s
from gait.motion.scale import (
    ADULT_LEG_M,
    ADULT_LEG_SD_M,
    LEG_OVER_HEIGHT,
    LEG_OVER_HEIGHT_SD,
)
from gait.motion.signals import CUTOFF_HZ, RATE_HZ, FloatArray, Motion, clean
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
HEAD, TRUNK = BODY[2:], BODY[:2]
"""The model marks ears and nose by what it sees of them; hips and shoulders follow the limbs, which spoils
the finer part of their bounce (1 to 8 m/s2 on bundled clips where the head reads 8 to 11)."""
CONTACT_OF_STEP = 0.73
"""Contact time over step time (Fukuchi 2017 at 2.5 to 4.5 m/s: 0.64 to 0.77): from one end to the other
gravity changes by 2 %, so that it need not be read."""
HARMONICS = np.arange(1, 3)
IN_FLIGHT = float(
    -np.sum(
        2
        * np.cos(np.pi * HARMONICS * CONTACT_OF_STEP)
        / (1 - 4 * HARMONICS**2 * CONTACT_OF_STEP**2)
        * np.cos(np.pi * HARMONICS)
    )
)
"""What they show of gravity in the middle of the flight, where the ground pushes like half a sine."""
MIN_WINDOWS = 3
BELT_SD = 0.06
"""Spread of the logarithm of the planted foot's speed and of the treadmill's display, together."""
FALL_SD = 0.10
"""Spread of the logarithm of gravity as read from the bounce.

Read for 9.81 m/s2, the leg known: 9.3 to 9.6 on the exact joints of bundled runners A, B and D from the side,
8.0 to 8.8 on those of C and E and from behind; 8.4 to 11.1 on the landmarks of six bundled clips; 9.9 on the
markers of RBDS001; 10.9, 10.6 and 10.2 on the mean pelvis of 28 runners at 2.5, 3.5 and 4.5 m/s (Fukuchi
2017, doi 10.7717/peerj.3298); 7.5 and 7.6 on the heads of two real films, which nod against the bounce
(``studies.gravity``, docs/clips.md).
"""
FRONTAL_FALL_SD = 0.22
"""The same from behind and in front: twice the 0.11 by which one run reads lower from behind than from the
side, as the leg, which is the scale, is never seen at its full length."""
FOLLOWED_SD = 0.35
"""The same where runner or camera move through the picture: whoever follows a runner with the camera takes
part of the bounce with it (4.7 m/s2 read on a public film in real time, 2.7 on another); a
judgement."""
SAME_RUNNER_SD = 0.05
"""Spread of the logarithm of one runner's cadence between two clips of one day; a judgement."""


@dataclass(frozen=True)
class Known:
    """What is known of the runner without the clip; NaN where it is not."""

    height_cm: float = float("nan")
    speed_kmh: float = float("nan")
    cadence_spm: float = float("nan")
    """Cadence of the same runner in another clip of the day, or as his watch counted it."""
    cadence_sd: float = SAME_RUNNER_SD
    """Spread of the logarithm of the cadence in a clip around it."""

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
    belt_m_s = _belt_legs_s(motion, period_s) * known.leg_m
    met_before = np.isfinite(known.cadence_spm)
    read_sd = FALL_SD if viewpoint.view.sagittal else FRONTAL_FALL_SD
    if motion.reference is not None or track.footage.camera_moves:
        read_sd = float(np.hypot(read_sd, FOLLOWED_SD))
    return Seen(
        factor=base.slow_motion_factor,
        cadence_spm=cadence_spm,
        fall_m_s2=fall_legs_s2(motion, period_s) * known.leg_m,
        fall_sd=float(np.hypot(read_sd, known.leg_sd)),
        belt_share=belt_m_s * 3.6 / known.speed_kmh,
        belt_sd=float(np.hypot(BELT_SD, known.leg_sd)),
        usual_spm=known.cadence_spm if met_before else CADENCE_SPM,
        usual_sd=known.cadence_sd if met_before else CADENCE_SD,
    )


def _belt_legs_s(motion: Motion, period_s: float) -> float:
    """Speed of the planted foot, of the stances in which it is known; NaN if there is none."""
    near = motion.viewpoint.near
    belt = belt_speed_legs_s(motion, near, period_s) if near else np.array([])
    known = belt[np.isfinite(belt)]
    return float(np.median(known)) if len(known) else float("nan")


def fall_legs_s2(motion: Motion, period_s: float) -> float:
    """Gravity, in leg lengths/s2, that makes the body bounce as it does.

    In the middle of the flight the body's acceleration is gravity. What the first two harmonics of the steps
    show of it there is held against what they would show of a ground that pushes like half a sine during
    contact (the spring-mass runner of McMahon 1990, doi 10.1016/0021-9290(90)90042-2). Read from the head, or
    from hips and shoulders where it is not in the picture; NaN if none was seen for three strides on end.
    """
    for points in (HEAD, TRUNK):
        each = [falls(motion.time_s, motion.middle(*pair)[:, 1], period_s) for pair in points]
        known = [float(np.median(fall.sum(axis=1))) for fall in each if len(fall) >= MIN_WINDOWS]
        if known:
            return float(np.mean(known) / IN_FLIGHT)
    return float("nan")


def falls(time_s: FloatArray, height: FloatArray, period_s: float) -> FloatArray:
    """(W, 2) downward acceleration of the first two harmonics of the steps at the first one's top.

    In heights/s2, of each window of two strides in which all is known: over the whole clip the steps would
    drift out of step. The stride's own odd harmonics are left out, and what the filter has taken is put back.

    Parameters
    ----------
    time_s, height
        (N,) times, ``RATE_HZ`` a second, and heights as filtered; NaN where unseen.
    period_s
        One stride.
    """
    window = round(2 * period_s * RATE_HZ)
    angle = 2 * np.pi * time_s / period_s
    waves = [wave(harmonic * angle) for harmonic in range(1, 5) for wave in (np.cos, np.sin)]
    columns = np.column_stack([np.ones_like(angle), time_s, *waves])
    hz = 2 * HARMONICS / period_s
    weight = (2 * np.pi * hz) ** 2 * (1 + (hz / CUTOFF_HZ) ** 4)
    found = []
    for start in range(0, len(height) - window, window // 4):
        inside = slice(start, start + window)
        if np.isfinite(height[inside]).all():
            sizes = np.linalg.lstsq(columns[inside], height[inside], rcond=None)[0][2:]
            steps = (sizes[0::2] - 1j * sizes[1::2])[1::2]
            at_top = steps * np.exp(-1j * HARMONICS * np.angle(steps[0]))
            found.append(weight * at_top.real)
    return np.array(found).reshape(-1, len(HARMONICS))
