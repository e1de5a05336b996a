"""From a form and a body to everything that moves."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from sample_videos.render.body import SIDES, Rest
from sample_videos.render.foot import foot
from sample_videos.render.form import DUTY_PCT, SPEEDS_M_S, Form, ImpossibleForm, PerSide
from sample_videos.render.legs import TOES_RELAX, Leg, clearing, cycle, standing_m
from sample_videos.render.pelvis import Pelvis
from sample_videos.render.skeleton import Arm, Drive, Posed, pitched, pose, yawed
from sample_videos.render.steps import steps

FloatArray = NDArray[np.float64]
CHEST_YAW_DEG, NOD_DEG = 8.0, 1.2
ARM_SWING_DEG, ARM_BACK_DEG, ELBOW_SWING_DEG = 27.0, 24.0, 10.0
INWARD_DEG = (-60.0, 100.0)
"""Bounds of how far a forearm can turn towards the midline."""
SPREAD = np.linspace(-2.2, 2.2, 9)
SOFT_WITHIN = (2.5, 5.0)
"""In half-widths of a landing: how it is spread, where all of that holds, and where nothing of it is left."""


@dataclass(frozen=True, eq=False)
class Posture:
    """What is found by trial so that the posed body shows the form."""

    chest_deg: float
    inward_deg: PerSide = PerSide(0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Run:
    """A runner in motion."""

    rest: Rest
    pelvis: Pelvis
    legs: tuple[Leg, Leg]
    posture: Posture

    @property
    def speed_m_s(self) -> float:
        """Of the belt."""
        return self.pelvis.form.speed_m_s

    @property
    def contacts(self) -> FloatArray:
        """(n, 3) side (0 left, 1 right), touchdown and toe-off in seconds."""
        laid = self.pelvis.laid
        return np.column_stack([laid.side, laid.touchdown_s, laid.toe_off_s])

    def at(self, time_s: FloatArray) -> Posed:
        """Every segment at (T,) instants."""
        return pose(_drive(self.pelvis, self.legs, self.posture, time_s), self.rest)


def run(form: Form, rest: Rest, seconds: float, seed: int) -> Run:
    """Let a body run in a form.

    Parameters
    ----------
    seed
        Of the step-to-step variability and of where in the stride the clip begins.

    Raises
    ------
    ImpossibleForm
        If no body can run like this.
    """
    rng = np.random.default_rng(seed)
    laid = steps(form, seconds, rng)
    drift_phase = float(rng.uniform(0, 2 * np.pi))
    legs, standing = _legs(form, rest)
    pelvis = replace(Pelvis.over(form, laid, rest, drift_phase), standing_m=standing)
    return Run(rest, pelvis, legs, _posture(form, rest, legs, standing))


def _legs(form: Form, rest: Rest) -> tuple[tuple[Leg, Leg], float]:
    """Both legs, and the height of the hips at touchdown, from steps without variation."""
    even = replace(form, variability_pct=0.0)
    laid = steps(even, 2.0, np.random.default_rng(0))
    toe_off = float(np.interp(form.speed_m_s, SPEEDS_M_S, DUTY_PCT)) / 100
    measured_m_s = float(np.clip(form.speed_m_s, SPEEDS_M_S[0], SPEEDS_M_S[-1]))
    curves = cycle(measured_m_s, toe_off)
    legs = [Leg(side, even, rest, foot(rest, SIDES[side]), curves) for side in (0, 1)]
    pelvis = Pelvis.over(even, laid, rest)
    standing = float(np.mean([standing_m(leg, pelvis, laid.of(leg.side)[1]) for leg in legs]))
    pelvis = replace(pelvis, standing_m=standing)
    left, right = (replace(clearing(leg, pelvis), form=form) for leg in legs)
    return (left, right), standing


def _posture(form: Form, rest: Rest, legs: tuple[Leg, Leg], standing: float) -> Posture:
    """Find by trial over one stride how chest and forearms must be held."""
    even = replace(form, variability_pct=0.0)
    laid = steps(even, 2.0, np.random.default_rng(0))
    pelvis = replace(Pelvis.over(even, laid, rest), standing_m=standing)
    stride_s = laid.touchdown_s[2] + np.linspace(0, 2 * form.step_s, 48, endpoint=False)

    legs_only = _drive(pelvis, legs, Posture(form.lean_deg), stride_s)

    def posed(posture: Posture) -> Posed:
        return pose(_held(legs_only, pelvis, posture), rest)

    posture = Posture(chest_deg=form.lean_deg)
    for _ in range(3):
        short = form.lean_deg - float(np.mean(lean_deg(posed(posture))))
        posture = replace(posture, chest_deg=posture.chest_deg + short)
    inward = []
    for side in (0, 1):

        def beyond(angle: float, side: int = side) -> float:
            turned = posed(replace(posture, inward_deg=PerSide(angle, angle)))
            ahead, past = ahead_of_trunk_m(turned, side), past_midline_pct(turned, side)
            return float(past[ahead > (ahead.min() + ahead.max()) / 2].max()) - form.crossover_pct[side]

        if beyond(INWARD_DEG[0]) > 0 or beyond(INWARD_DEG[1]) < 0:
            raise ImpossibleForm(f"The arms cannot cross by {form.crossover_pct[side]:.0f} %.")
        inward.append(float(brentq(beyond, *INWARD_DEG, xtol=0.02)))
    return replace(posture, inward_deg=PerSide(*inward))


def lean_deg(posed: Posed) -> FloatArray:
    """(T,) trunk against the vertical in the side view, + forward."""
    trunk = middle(posed, "upperarm") - middle(posed, "thigh")
    return np.degrees(np.arctan2(trunk[:, 0], trunk[:, 2]))


def past_midline_pct(posed: Posed, side: int) -> FloatArray:
    """(T,) wrist past the line from mid-hip to mid-shoulder seen from the front, in % of shoulder width."""
    width = np.median(np.abs(posed.at("upperarm.L")[:, 1] - posed.at("upperarm.R")[:, 1]))
    return np.asarray((-1 if side == 0 else 1) * _from_midline_m(posed, side)[:, 1] / width * 100)


def ahead_of_trunk_m(posed: Posed, side: int) -> FloatArray:
    """(T,) wrist ahead of the line from mid-hip to mid-shoulder."""
    return _from_midline_m(posed, side)[:, 0]


def crossing_pct(posed: Posed, side: int) -> FloatArray:
    """(T,) as ``past_midline_pct``; NaN while the hand is behind: a hand behind the back crosses nothing."""
    ahead = ahead_of_trunk_m(posed, side) > 0
    return np.where(ahead, past_midline_pct(posed, side), np.nan)


def _from_midline_m(posed: Posed, side: int) -> FloatArray:
    hips, shoulders = middle(posed, "thigh"), middle(posed, "upperarm")
    wrist = posed.at(f"hand.{SIDES[side]}")
    share = (wrist[:, 2] - hips[:, 2]) / (shoulders[:, 2] - hips[:, 2])
    return np.asarray(wrist - hips - share[:, None] * (shoulders - hips))


def middle(posed: Posed, segment: str) -> FloatArray:
    """(T, 3) midpoint between a segment's beginnings on both sides."""
    return (posed.at(f"{segment}.L") + posed.at(f"{segment}.R")) / 2


def _drive(pelvis: Pelvis, legs: tuple[Leg, Leg], posture: Posture, time_s: FloatArray) -> Drive:
    ankle, foot_deg, toes_deg = zip(*(_softly(leg, pelvis, time_s) for leg in legs), strict=True)
    turn = pelvis.turn(time_s)
    hanging = _arm(pelvis.form, posture, 0, pelvis.phase(time_s))
    drive = Drive(
        time_s, pelvis.middle(time_s), turn, turn, turn, ankle, foot_deg, toes_deg, (hanging, hanging)
    )
    return _held(drive, pelvis, posture)


def _held(drive: Drive, pelvis: Pelvis, posture: Posture) -> Drive:
    """The same legs under another posture of chest, head and arms."""
    phase = 2 * np.pi * pelvis.phase(drive.time_s)
    nod = pitched(posture.chest_deg + NOD_DEG * np.cos(2 * phase))
    arms = (_arm(pelvis.form, posture, 0, phase), _arm(pelvis.form, posture, 1, phase + np.pi))
    return replace(
        drive,
        chest_turn=yawed(CHEST_YAW_DEG * np.cos(phase)) @ nod,
        head_turn=pitched(np.full(len(phase), pelvis.form.head_down_deg)),
        arms=arms,
    )


def _arm(form: Form, posture: Posture, side: int, phase: FloatArray) -> Arm:
    """One arm, back when its own side's foot lands."""
    forward = -np.cos(phase)
    return Arm(
        swing_deg=-ARM_BACK_DEG + ARM_SWING_DEG * forward,
        elbow_deg=form.elbow_deg - ELBOW_SWING_DEG * forward,
        inward_deg=posture.inward_deg[side] + 10 * forward,
    )


def _softly(leg: Leg, pelvis: Pelvis, time_s: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Ankle, foot and toes, with the change of pace at touchdown spread as the form says.

    Where the foot lands, knee, leg and foot are the means of what they would be a little earlier and later.
    The shoe gives way by some millimetres meanwhile.
    """
    ankle, pitch, toes = _leg_path(leg, pelvis, time_s)
    half_s = leg.form.landing_s
    if half_s == 0:
        return ankle, pitch, toes
    landed_s = pelvis.laid.touchdown_s[pelvis.laid.of(leg.side)]
    away = np.abs(time_s[:, None] - landed_s).min(axis=1) / half_s
    soft = np.clip((SOFT_WITHIN[1] - away) / (SOFT_WITHIN[1] - SOFT_WITHIN[0]), 0, 1)
    near = soft > 0
    weights = np.exp(-(SPREAD**2) / 2) / np.exp(-(SPREAD**2) / 2).sum()
    spread = np.zeros((4, int(near.sum())))
    for shift, weight in zip(SPREAD * half_s, weights, strict=True):
        at_s = time_s[near] + shift * soft[near]
        hard, *feet = _leg_path(leg, pelvis, at_s)
        spread += weight * np.stack([*leg.bent(pelvis, at_s, hard), *feet])
    knee, line, pitch[near], toes[near] = spread
    ankle[near] = leg.ankle(pelvis.hip(time_s[near], leg.side), knee, line)
    return ankle, pitch, toes


def _leg_path(leg: Leg, pelvis: Pelvis, time_s: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(T, 3) ankle, (T,) pitch of the foot and (T,) of its toes."""
    laid = pelvis.laid
    ankle, pitch, toes = np.empty((len(time_s), 3)), np.empty(len(time_s)), np.empty(len(time_s))
    own = laid.of(leg.side)
    for step, following in pairwise(own):
        begin, off, end = laid.touchdown_s[step], laid.toe_off_s[step], laid.touchdown_s[following]
        if not ((time_s >= begin) & (time_s < end)).any():
            continue
        on = (time_s >= begin) & (time_s <= off)
        ankle[on], pitch[on] = leg.planted(pelvis, step, time_s[on])
        toes[on] = leg.toes_deg((time_s[on] - begin) / (off - begin), pitch[on])
        up = (time_s > off) & (time_s < end)
        ankle[up], pitch[up] = leg.swung(pelvis, (step, following), time_s[up])
        share = (time_s[up] - off) / (end - off)
        lifted = leg.toes_deg(np.ones(len(share)), pitch[up])
        relaxed = np.clip(share / TOES_RELAX, 0, 1)
        free = lifted + relaxed * (pitch[up] - lifted)
        landing = np.clip((1 - share) / TOES_RELAX, 0, 1)
        toes[up] = np.where(pitch[up] > 0, pitch[up], landing * free)
    return ankle, pitch, toes
