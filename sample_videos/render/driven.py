"""A body that moves as the angles of somebody's legs say, on a belt, with the contacts that belong to them.

Thigh, knee and foot turn exactly as given. What angles do not say is where the pelvis is: it follows from the
foot that stands on the belt, from gravity while no foot does, and from a body's inertia.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.interpolate import CubicSpline
from scipy.sparse.linalg import spsolve

from sample_videos.render.body import SIDES, Rest
from sample_videos.render.foot import foot
from sample_videos.render.form import GRAVITY_M_S2
from sample_videos.render.legs import SQUASH_M, TOES_AT_OFF_DEG, TOES_RELAX, TOES_RISE_FROM
from sample_videos.render.skeleton import Arm, Drive, Posed, pitched, pose, yawed

FloatArray = NDArray[np.float64]
CHEST_YAW_DEG, HEAD_DEG = 8.0, 4.0
ARM_SWING_DEG, ARM_BACK_DEG, INWARD_DEG = 24.0, 22.0, 10.0
"""Trunk and arms are made up, in time with the steps."""
STANDS = (0.02, 0.03)
"""Seconds after touchdown and before toe-off in which shoe and heel pad give way: there the angles alone
decide."""
EDGE_WEIGHT = 0.1
STIFF_HZ, FLIGHT_HZ, TRAVEL_HZ = 8.0, 5.0, 3.0
"""Frequencies at which inertia, gravity and the planted foot's speed weigh as much as the planted foot's
place."""
DRIFT_WEIGHT = 1e-2


@dataclass(frozen=True, eq=False)
class Legs:
    """Angles of both legs over time, sides in the order left, right, with the contacts."""

    time_s: FloatArray
    """(N,) uniform."""
    thigh_deg: tuple[FloatArray, FloatArray]
    """(N,) each, against the vertical, + knee ahead."""
    knee_deg: tuple[FloatArray, FloatArray]
    """(N,) each, 0 = straight."""
    foot_deg: tuple[FloatArray, FloatArray]
    """(N,) each, pitch against lying flat, + toes up."""
    pelvis_turn: FloatArray
    """(N, 3, 3)"""
    contacts: FloatArray
    """(n, 3) side (0 left, 1 right), touchdown and toe-off."""

    def share(self, side: int) -> FloatArray:
        """(N,) share of the contact that a foot has behind it: 0 to 1 on the ground, 1 to 2 in swing."""
        own = self.contacts[self.contacts[:, 0] == side]
        moments = np.column_stack([own[:, 1], own[:, 2]]).ravel()
        passed = np.interp(self.time_s, moments, np.arange(len(moments)), left=np.nan, right=np.nan)
        return np.asarray(np.mod(passed, 2.0))

    def standing(self, side: int) -> FloatArray:
        """(N,) weight of what the foot on the ground says: 0 in swing."""
        weight = np.zeros(len(self.time_s))
        for _, begin, end in self.contacts[self.contacts[:, 0] == side]:
            on = (self.time_s >= begin) & (self.time_s <= end)
            firm = on & (self.time_s >= begin + STANDS[0]) & (self.time_s <= end - STANDS[1])
            weight = np.where(firm, 1.0, np.where(on, EDGE_WEIGHT, weight))
        return weight


@dataclass(frozen=True)
class Carriage:
    """How trunk and arms are held, in degrees, and how wide the feet land, in metres."""

    lean_deg: float = 6.0
    elbow_deg: float = 90.0
    step_width_m: float = 0.05
    sway_m: float = 0.008


@dataclass(frozen=True, eq=False)
class Driven:
    """A body in motion."""

    rest: Rest
    speed_m_s: float
    """Of the belt."""
    contacts: FloatArray
    """(n, 3) side (0 left, 1 right), touchdown and toe-off in seconds."""
    carriage: Carriage
    paths: dict[str, CubicSpline]
    """Over time: (3,) middle, (9,) turn, and of each side (3,) ankle, pitch of foot and of toes."""

    def at(self, time_s: FloatArray) -> Posed:
        """Every segment at (T,) instants."""
        left = self.contacts[self.contacts[:, 0] == 0, 1]
        phase = 2 * np.pi * np.interp(time_s, left, np.arange(len(left)))
        u, _, vt = np.linalg.svd(self.paths["turn"](time_s).reshape(-1, 3, 3))
        ankle, pitch, toes = (
            tuple(self.paths[f"{what}.{side}"](time_s) for side in SIDES)
            for what in ("ankle", "pitch", "toes")
        )
        drive = Drive(
            time_s=time_s,
            pelvis=self.paths["middle"](time_s),
            pelvis_turn=u @ vt,
            chest_turn=yawed(CHEST_YAW_DEG * np.cos(phase))
            @ pitched(np.full(len(phase), self.carriage.lean_deg)),
            head_turn=pitched(np.full(len(phase), HEAD_DEG)),
            ankle=(ankle[0], ankle[1]),
            foot_deg=(pitch[0], pitch[1]),
            toes_deg=(toes[0], toes[1]),
            arms=(self._arm(-np.cos(phase)), self._arm(np.cos(phase))),
        )
        return pose(drive, self.rest)

    def _arm(self, forward: FloatArray) -> Arm:
        return Arm(
            -ARM_BACK_DEG + ARM_SWING_DEG * forward,
            self.carriage.elbow_deg - 10 * forward,
            np.full(len(forward), INWARD_DEG),
        )


def driven(legs: Legs, rest: Rest, carriage: Carriage) -> Driven:
    """Let a body run with the angles of somebody's legs; the belt is as fast as they sweep."""
    sides = [_one_leg(legs, rest, carriage, index) for index in (0, 1)]
    speed = -float(np.mean([_slope(legs.time_s, leg) for leg in sides]))
    x, z = _travel(legs.time_s, sides, speed), _height(legs.time_s, sides)
    left = legs.contacts[legs.contacts[:, 0] == 0, 1]
    phase = 2 * np.pi * np.interp(legs.time_s, left, np.arange(len(left)))
    middle = np.column_stack([x, carriage.sway_m * np.sin(phase), z])
    curves = {"middle": middle, "turn": legs.pelvis_turn.reshape(-1, 9)}
    for leg, letter in zip(sides, SIDES, strict=True):
        curves[f"ankle.{letter}"] = leg.ankle(middle)
        curves[f"pitch.{letter}"], curves[f"toes.{letter}"] = leg.pitch_deg, leg.toes_deg
    splines = {name: CubicSpline(legs.time_s, curve) for name, curve in curves.items()}
    return Driven(rest, speed, legs.contacts, carriage, splines)


@dataclass(frozen=True, eq=False)
class _OneLeg:
    """What one leg says of the pelvis."""

    hip: FloatArray
    """(N, 3) hip joint against the middle of both."""
    aside_m: float
    """Where the foot lands to the left of the middle."""
    forward_m: FloatArray
    """(N,) ankle ahead of the hip joint, and below it."""
    down_m: FloatArray
    pitch_deg: FloatArray
    toes_deg: FloatArray
    weight: FloatArray
    """(N,) of what the foot on the ground says."""
    rolled_m: FloatArray
    """(N,) ankle ahead of its place over the flat foot, and above the belt."""
    above_m: FloatArray

    @property
    def ahead_m(self) -> FloatArray:
        """(N,) the flat foot's place ahead of the middle of the hips."""
        return np.asarray(self.forward_m + self.hip[:, 0] - self.rolled_m)

    @property
    def middle_m(self) -> FloatArray:
        """(N,) height of the middle of the hips at which the shoe touches the belt."""
        return np.asarray(self.above_m + self.down_m - self.hip[:, 2])

    def ankle(self, middle: FloatArray) -> FloatArray:
        """(N, 3) path of the ankle."""
        hip = middle + self.hip
        aside = self.aside_m - hip[:, 1]
        below = np.sqrt(np.maximum(self.down_m**2 - aside**2, 0))
        return np.asarray(hip + np.column_stack([self.forward_m, aside, -below]))


def _one_leg(legs: Legs, rest: Rest, carriage: Carriage, index: int) -> _OneLeg:
    letter, other = SIDES[index], SIDES[1 - index]
    thigh_m = rest.length(f"thigh.{letter}", f"shank.{letter}")
    shank_m = rest.length(f"shank.{letter}", f"foot.{letter}")
    thigh = np.radians(legs.thigh_deg[index])
    shank = thigh - np.radians(legs.knee_deg[index])
    pitch_deg = legs.foot_deg[index]
    toes_deg = _toes_deg(legs.share(index), pitch_deg)
    weight = legs.standing(index)
    rolled_m, above_m = foot(rest, letter).ankle(pitch_deg, toes_deg)
    return _OneLeg(
        hip=legs.pelvis_turn @ ((rest.origin[f"thigh.{letter}"] - rest.origin[f"thigh.{other}"]) / 2),
        aside_m=(1 if index == 0 else -1) * carriage.step_width_m / 2,
        forward_m=thigh_m * np.sin(thigh) + shank_m * np.sin(shank),
        down_m=thigh_m * np.cos(thigh) + shank_m * np.cos(shank),
        pitch_deg=pitch_deg,
        toes_deg=toes_deg,
        weight=weight,
        rolled_m=rolled_m,
        above_m=above_m - SQUASH_M * (weight == 1.0),
    )


def _toes_deg(share: FloatArray, pitch_deg: FloatArray) -> FloatArray:
    """(N,) toes flat on the belt, rising last; with the foot in swing, level again before a toe landing."""
    rising = np.clip((share - TOES_RISE_FROM) / (1 - TOES_RISE_FROM), 0, 1)
    lifted = np.maximum(-TOES_AT_OFF_DEG * rising**2, pitch_deg)
    relaxed, landing = np.clip((share - 1) / TOES_RELAX, 0, 1), np.clip((2 - share) / TOES_RELAX, 0, 1)
    swung = landing * (lifted + relaxed * (pitch_deg - lifted))
    down = np.where(share < 1, lifted, swung)
    return np.asarray(np.where(pitch_deg > 0, pitch_deg, np.nan_to_num(down)))


def _slope(time_s: FloatArray, leg: _OneLeg) -> float:
    """Mean speed of the flat foot's place against the hips while the foot stands firm."""
    return float(np.gradient(leg.ahead_m, time_s)[leg.weight == 1.0].mean())


def _height(time_s: FloatArray, sides: list[_OneLeg]) -> FloatArray:
    """(N,) of the middle of the hips: what the standing foot says, free fall where none stands."""
    step_s, count = float(time_s[1] - time_s[0]), len(time_s)
    weight = np.sum([leg.weight for leg in sides], axis=0)
    said = np.sum([leg.weight * leg.middle_m for leg in sides], axis=0)
    second, third = _difference(count, 2, step_s), _difference(count, 3, step_s)
    flying = sparse.diags((weight[1:-1] < 1).astype(float) / (2 * np.pi * FLIGHT_HZ) ** 4)
    matrix = sparse.diags(weight) + third.T @ third / (2 * np.pi * STIFF_HZ) ** 6 + second.T @ flying @ second
    falls = second.T @ flying @ np.full(count - 2, -GRAVITY_M_S2)
    return np.asarray(spsolve(matrix.tocsc(), said + falls))


def _travel(time_s: FloatArray, sides: list[_OneLeg], speed_m_s: float) -> FloatArray:
    """(N,) forward place of the middle of the hips: the standing foot goes with the belt."""
    step_s, count = float(time_s[1] - time_s[0]), len(time_s)
    first, third = _difference(count, 1, step_s), _difference(count, 3, step_s)
    weight, said = np.zeros(count - 1), np.zeros(count - 1)
    for leg in sides:
        own = np.minimum(leg.weight[1:], leg.weight[:-1])
        weight += own
        said += own * (-speed_m_s - np.diff(leg.ahead_m) / step_s)
    trust = sparse.diags(weight / (2 * np.pi * TRAVEL_HZ) ** 2)
    matrix = (
        first.T @ trust @ first
        + third.T @ third / (2 * np.pi * STIFF_HZ) ** 6
        + DRIFT_WEIGHT * sparse.eye(count)
    )
    return np.asarray(spsolve(matrix.tocsc(), first.T @ (said / (2 * np.pi * TRAVEL_HZ) ** 2)))


def _difference(count: int, order: int, step_s: float) -> sparse.csc_array:
    matrix = sparse.eye_array(count, format="csc")
    for _ in range(order):
        matrix = (matrix[1:] - matrix[:-1]) / step_s
    return matrix
