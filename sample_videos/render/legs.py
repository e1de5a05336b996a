"""Ankles and feet over time: planted on the belt in stance, on real runners' paths in swing."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from gait.coaching.curves import mean_curve
from sample_videos.render.body import SIDES, Rest
from sample_videos.render.foot import Foot
from sample_videos.render.form import Form, ImpossibleForm
from sample_videos.render.pelvis import Pelvis
from sample_videos.render.steps import joined

FloatArray = NDArray[np.float64]
FLAT_AFTER = 0.2
"""Share of contact after which nothing is left of how the foot struck."""
HEEL_RISES = (0.45, 0.7)
"""Shares of contact over which the knee's mean curve takes over from the foot's."""
TOES_RISE_FROM, TOES_AT_OFF_DEG = 0.75, 30.0
"""Share of contact after which the toes roll onto their tip, and their pitch at toe-off."""
RISES_DEG = np.arange(0.0, -85.0, -3.0)
"""Pitches of a foot whose heel rises; beyond, the knee straightens instead."""
TOES_RELAX = 0.25
"""Share of swing in which the bent toes straighten."""
STRAIGHTEST_DEG = 3.0
SQUASH_M, SHEAR_M = 0.009, 0.006
"""How far heel pad and shoe give way under load, downwards and forwards."""
PASSING = (0.3, 0.93)
"""Shares of swing between which the foot must stay clear of the ground."""
CLEARANCE_M, TOES_LIFT = 0.008, 0.4
LIFTS_DEG = np.arange(0.0, 61.0, 4.0)
INSTANT_S = 1e-4


@dataclass(frozen=True, eq=False)
class Cycle:
    """Mean curves of one stride of real runners at one speed; 0 at touchdown, 1 at the next."""

    thigh: CubicSpline
    knee: CubicSpline
    foot: CubicSpline
    toe_off: float
    """Share of the stride at which the foot leaves the ground."""


def cycle(speed_m_s: float, toe_off: float) -> Cycle:
    """Mean curves at a speed from 2.5 to 4.5 m/s (Fukuchi 2017, doi 10.7717/peerj.3298)."""
    share = np.linspace(0, 1, 51)
    curves = [mean_curve(joint, speed_m_s, 100 * share[:-1]) for joint in ("thigh", "knee", "foot")]
    thigh, knee, foot = (CubicSpline(share, np.append(c, c[0]), bc_type="periodic") for c in curves)
    return Cycle(thigh, knee, foot, toe_off)


@dataclass(frozen=True, eq=False)
class Leg:
    """One leg of a runner: where its ankle is and how its foot is pitched, as functions of time."""

    side: int
    form: Form
    rest: Rest
    foot: Foot
    cycle: Cycle
    lift_deg: float = 0.0
    """How much more than in the mean runner the knee bends before the foot swings past the ground."""

    def planted(self, pelvis: Pelvis, step: int, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(T, 3) ankle and (T,) foot pitch in degrees of a step's foot, carried along by the belt.

        The foot strikes as the form says and comes to lie flat; then its heel rises as far as the knee's
        mean curve asks for.

        Raises
        ------
        ImpossibleForm
            If the leg does not reach the belt.
        """
        share = self._share(pelvis, step, time_s)
        struck = self._struck(share)
        rising = 1 - _fading((share - HEEL_RISES[0]) / (HEEL_RISES[1] - HEEL_RISES[0]))
        pitch = struck + rising * (self._risen(pelvis, step, time_s) - struck)
        return self._rolling(pelvis, step, time_s, pitch), pitch

    def _share(self, pelvis: Pelvis, step: int, time_s: FloatArray) -> FloatArray:
        begin, end = pelvis.laid.touchdown_s[step], pelvis.laid.toe_off_s[step]
        return np.asarray((time_s - begin) / (end - begin))

    def toes_deg(self, share: FloatArray, pitch_deg: FloatArray) -> FloatArray:
        """(T,) pitch of the toes: flat on the belt, with the foot while it points up, and rising last."""
        rising = np.clip((share - TOES_RISE_FROM) / (1 - TOES_RISE_FROM), 0, None)
        return np.asarray(
            np.where(pitch_deg > 0, pitch_deg, np.maximum(-TOES_AT_OFF_DEG * rising**2, pitch_deg))
        )

    def _struck(self, share: FloatArray) -> FloatArray:
        mean = self.cycle.foot(np.clip(share, 0, 1) * self.cycle.toe_off)
        struck = self.form.foot_strike_deg - float(self.cycle.foot(0.0))
        return np.asarray(mean + struck * _fading(share / FLAT_AFTER))

    def _risen(self, pelvis: Pelvis, step: int, time_s: FloatArray) -> FloatArray:
        """Pitch at which the knee would follow its mean curve; 0 where the flat foot bends it more."""
        share = self._share(pelvis, step, time_s)
        wanted = self.apart_m(self.cycle.knee(share * self.cycle.toe_off))
        hip = pelvis.hip(time_s, self.side)
        ankles = np.stack([self._rolling(pelvis, step, time_s, np.full(len(time_s), p)) for p in RISES_DEG])
        beyond = np.linalg.norm(ankles - hip, axis=2) - wanted
        late = share > HEEL_RISES[1]
        if np.linalg.norm(ankles[-1] - hip, axis=1)[late].max(initial=0.0) > self.apart_m(
            np.array(STRAIGHTEST_DEG)
        ):
            raise ImpossibleForm(
                f"{self.form} cannot be run: the foot leaves too far behind. Take a shorter contact, "
                "a longer overstride or a knee more bent at touchdown."
            )
        return np.array([np.interp(0.0, -at, RISES_DEG) for at in beyond.T])

    def _rolling(self, pelvis: Pelvis, step: int, time_s: FloatArray, pitch: FloatArray) -> FloatArray:
        """(T, 3) ankle of a step's foot that lies on the belt at a pitch."""
        laid = pelvis.laid
        touchdown_s = laid.touchdown_s[step]
        share = self._share(pelvis, step, time_s)
        ahead, above = self.foot.ankle(pitch, self.toes_deg(share, pitch))
        first = self.foot.ankle(np.array([self.form.foot_strike_deg]), np.zeros(1))[0]
        given = _giving(share)
        hip = pelvis.hip(np.array([touchdown_s]), self.side)[0]
        landed = hip[0] + laid.overstride[step] * self.rest.leg_m - first
        x = landed - self.form.speed_m_s * (time_s - touchdown_s) + ahead + SHEAR_M * given
        return np.column_stack([x, np.full(len(time_s), self.line_m), above - SQUASH_M * given])

    @property
    def line_m(self) -> float:
        """Where the foot lands to the left of the middle."""
        return (1 if self.side == 0 else -1) * self.form.step_width_cm / 200

    def swung(
        self, pelvis: Pelvis, steps: tuple[int, int], time_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """(T, 3) ankle and (T,) foot pitch in the swing between two steps of this foot.

        Knee, leg and foot follow the mean curves, corrected so that they join both contacts.
        """
        start, end = pelvis.laid.toe_off_s[steps[0]], pelvis.laid.touchdown_s[steps[1]]
        before = np.array([start - INSTANT_S, start])
        after = np.array([end, end + INSTANT_S])
        held = [
            np.concatenate(both)
            for both in zip(
                self._held(pelvis, steps[0], before), self._held(pelvis, steps[1], after), strict=True
            )
        ]
        ends = np.array([start, start + INSTANT_S, end - INSTANT_S, end])
        free = zip(self._free((start, end), time_s), self._free((start, end), ends), strict=True)
        knee, leg, pitch = (
            curve + _closing(time_s, (start, end), at_ends, contact)
            for (curve, at_ends), contact in zip(free, held, strict=True)
        )
        lift = self.lift_deg * _passing((time_s - start) / (end - start))
        knee = np.maximum(knee + lift, STRAIGHTEST_DEG)
        return self.ankle(pelvis.hip(time_s, self.side), knee, leg), pitch + TOES_LIFT * lift

    def clearance_m(self, pelvis: Pelvis, steps: tuple[int, int]) -> float:
        """Least height of the shoe over the belt while it swings forward."""
        start, end = pelvis.laid.toe_off_s[steps[0]], pelvis.laid.touchdown_s[steps[1]]
        ankle, pitch = self.swung(pelvis, steps, start + (end - start) * np.linspace(*PASSING, 60))
        return float((ankle[:, 2] + self.foot.lowest(pitch)).min())

    @property
    def links_m(self) -> tuple[float, float]:
        """Thigh and shank."""
        letter = SIDES[self.side]
        thigh, shank, foot = (f"{segment}.{letter}" for segment in ("thigh", "shank", "foot"))
        return self.rest.length(thigh, shank), self.rest.length(shank, foot)

    def ankle(self, hip: FloatArray, knee_deg: FloatArray, leg_deg: FloatArray) -> FloatArray:
        """(T, 3) ankle at a bend of the knee and an angle of the line from the hip."""
        aside = self.line_m - hip[:, 1]
        length = np.sqrt(self.apart_m(knee_deg) ** 2 - aside**2)
        angle = np.radians(leg_deg)
        return np.asarray(hip + np.column_stack([length * np.sin(angle), aside, -length * np.cos(angle)]))

    def apart_m(self, knee_deg: FloatArray) -> FloatArray:
        """Distance from hip to ankle at a flexion of the knee."""
        thigh_m, shank_m = self.links_m
        squared = thigh_m**2 + shank_m**2 + 2 * thigh_m * shank_m * np.cos(np.radians(knee_deg))
        return np.asarray(np.sqrt(squared))

    def bent(self, pelvis: Pelvis, time_s: FloatArray, ankle: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(T,) bend of the knee and (T,) angle of the line from hip to ankle, in degrees."""
        apart = ankle - pelvis.hip(time_s, self.side)
        thigh_m, shank_m = self.links_m
        cosine = (np.sum(apart**2, axis=1) - thigh_m**2 - shank_m**2) / (2 * thigh_m * shank_m)
        leg = np.degrees(np.arctan2(apart[:, 0], -apart[:, 2]))
        return np.degrees(np.arccos(np.clip(cosine, -1, 1))), leg

    def _held(self, pelvis: Pelvis, step: int, time_s: FloatArray) -> tuple[FloatArray, ...]:
        """Knee, leg and foot in degrees while the foot is planted."""
        ankle, pitch = self.planted(pelvis, step, time_s)
        return *self.bent(pelvis, time_s, ankle), pitch

    def _free(self, ends_s: tuple[float, float], time_s: FloatArray) -> tuple[FloatArray, ...]:
        """Knee, leg and foot in degrees as the mean runner swings them."""
        start, end = ends_s
        share = self.cycle.toe_off + (time_s - start) / (end - start) * (1 - self.cycle.toe_off)
        thigh_m, shank_m = self.links_m
        thigh = np.radians(self.cycle.thigh(share))
        shank = thigh - np.radians(self.cycle.knee(share))
        ahead = thigh_m * np.sin(thigh) + shank_m * np.sin(shank)
        below = thigh_m * np.cos(thigh) + shank_m * np.cos(shank)
        return self.cycle.knee(share), np.degrees(np.arctan2(ahead, below)), self.cycle.foot(share)


def standing_m(leg: Leg, pelvis: Pelvis, step: int) -> float:
    """Height of the middle of the hips at which the knee has the form's flexion at touchdown."""
    length = float(leg.apart_m(np.array(leg.form.knee_flexion_touchdown_deg)))
    at = pelvis.laid.touchdown_s[[step]]
    apart = (leg.planted(pelvis, step, at)[0] - pelvis.hip(at, leg.side))[0]
    return float(apart[2] + np.sqrt(length**2 - apart[0] ** 2 - apart[1] ** 2))


def _closing(
    time_s: FloatArray, ends_s: tuple[float, float], free: FloatArray, held: FloatArray
) -> FloatArray:
    gaps = np.array([held[1] - free[0], held[2] - free[3]])
    slopes = np.array([held[1] - held[0] - free[1] + free[0], held[3] - held[2] - free[3] + free[2]])
    return joined(time_s, ends_s, gaps, slopes / INSTANT_S)


def clearing(leg: Leg, pelvis: Pelvis) -> Leg:
    """Bend the knee as far as it takes for the swinging foot to clear the belt."""
    first, following = pelvis.laid.of(leg.side)[1:3]
    for lift_deg in LIFTS_DEG:
        lifted = replace(leg, lift_deg=float(lift_deg))
        if lifted.clearance_m(pelvis, (first, following)) > CLEARANCE_M:
            return lifted
    raise ImpossibleForm(f"{leg.form} cannot be run: the swinging foot would go through the ground.")


def _passing(share: FloatArray) -> FloatArray:
    """Share of a lift over swing: all of it where the foot passes the ground, none at either end."""
    u = np.clip(share, 0, 1)
    return np.asarray(u**6 * (1 - u) ** 2.5 / (0.706**6 * 0.294**2.5))


def _giving(share: FloatArray) -> FloatArray:
    """From 0 at touchdown to 1 early in contact, back to 0 at toe-off."""
    return np.asarray((1 - _fading(share / 0.1)) * _fading((share - 0.6) / 0.4))


def _fading(share: FloatArray) -> FloatArray:
    """From 1 at 0 to 0 at 1, level at both ends."""
    u = np.clip(share, 0, 1)
    return np.asarray(1 - u * u * (3 - 2 * u))
