"""A runner in motion from a real runner's markers, with the force plate's contacts."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from gait.body import LIMBS, Side
from gait.validate.markers import MARKERS_HZ, force_contacts, joint_paths, pelvis_axes, read_table
from sample_videos.render.body import SIDES, Rest
from sample_videos.render.foot import foot
from sample_videos.render.skeleton import Arm, Drive, Posed, pitched, pose, yawed

FloatArray = NDArray[np.float64]
STRETCHED = 0.995
LEAN_DEG, CHEST_YAW_DEG = 6.0, 8.0
ARM_SWING_DEG, ARM_BACK_DEG, ELBOW_DEG, INWARD_DEG = 24.0, 22.0, 90.0, 10.0
"""Trunk and arms carry no markers: they are made up, in time with the steps."""


@dataclass(frozen=True)
class Recording:
    """Files of one trial in the format of Fukuchi 2017 (doi 10.7717/peerj.3298), and where to begin."""

    markers: Path
    forces: Path
    static: Path
    speed_m_s: float
    """Of the belt under the real runner."""
    start_s: float = 2.0


@dataclass(frozen=True, eq=False)
class Recorded:
    """Somebody else's steps in a body of ours: paths scaled by the length of the leg."""

    rest: Rest
    speed_m_s: float
    """Of the belt, scaled like the body."""
    contacts: FloatArray
    """(n, 3) side (0 left, 1 right), touchdown and toe-off in seconds."""
    paths: dict[str, CubicSpline]
    """Over time: (3,) middle, (3, 3) axes, and of each side (3,) ankle and the foot's pitch."""

    def at(self, time_s: FloatArray) -> Posed:
        """Every segment at (T,) instants."""
        left = self.contacts[self.contacts[:, 0] == 0, 1]
        phase = 2 * np.pi * np.interp(time_s, left, np.arange(len(left)))
        axes = self.paths["axes"](time_s).reshape(-1, 3, 3)
        u, _, vt = np.linalg.svd(axes)
        pitch = tuple(self.paths[f"pitch.{side}"](time_s) for side in SIDES)
        arms = tuple(
            Arm(
                -ARM_BACK_DEG + ARM_SWING_DEG * forward,
                ELBOW_DEG - 10 * forward,
                np.full(len(phase), INWARD_DEG),
            )
            for forward in (-np.cos(phase), np.cos(phase))
        )
        drive = Drive(
            time_s=time_s,
            pelvis=self.paths["middle"](time_s),
            pelvis_turn=u @ vt,
            chest_turn=yawed(CHEST_YAW_DEG * np.cos(phase)) @ pitched(np.full(len(phase), LEAN_DEG)),
            head_turn=pitched(np.full(len(phase), 4.0)),
            ankle=(self.paths["ankle.L"](time_s), self.paths["ankle.R"](time_s)),
            foot_deg=(pitch[0], pitch[1]),
            toes_deg=(np.maximum(pitch[0], 0.4 * pitch[0]), np.maximum(pitch[1], 0.4 * pitch[1])),
            arms=(arms[0], arms[1]),
        )
        return pose(drive, self.rest)


def recorded(recording: Recording, rest: Rest) -> Recorded:
    """Read a trial and fit it to a body.

    Raises
    ------
    gait.errors.BadTruth
        If a file is missing or not in that format.
    """
    markers, static = read_table(recording.markers), read_table(recording.static)
    paths = joint_paths(markers, static)
    left, right = LIMBS[Side.LEFT], LIMBS[Side.RIGHT]
    legs_m = [
        np.median(np.linalg.norm(paths[limbs.hip] - paths[limbs.knee], axis=1))
        + np.median(np.linalg.norm(paths[limbs.knee] - paths[limbs.ankle], axis=1))
        for limbs in (left, right)
    ]
    scale = rest.leg_m / float(np.mean(legs_m))
    time_s = np.arange(len(paths[left.hip])) / MARKERS_HZ - recording.start_s
    middle = scale * (paths[left.hip] + paths[right.hip]) / 2
    centre = np.array([middle[:, 0].mean(), middle[:, 1].mean(), 0.0])
    pitches = {
        side: _pitch_deg(paths[limbs.heel], paths[limbs.toe])
        for side, limbs in zip(SIDES, (left, right), strict=True)
    }
    ankles = {
        side: scale * paths[limbs.ankle] - centre for side, limbs in zip(SIDES, (left, right), strict=True)
    }
    sunk = np.mean([_sole_m(rest, side, ankles[side], pitches[side]) for side in SIDES])
    up = np.array([0.0, 0.0, -sunk])
    curves = {"middle": middle - centre + up, "axes": pelvis_axes(markers, static).reshape(-1, 9)}
    for side in SIDES:
        curves[f"ankle.{side}"], curves[f"pitch.{side}"] = ankles[side] + up, pitches[side]
    contacts = force_contacts(read_table(recording.forces)) - recording.start_s
    curves["middle"] = curves["middle"] - (0, 0, _too_high_m(rest, curves))
    splines = {name: CubicSpline(time_s, curve) for name, curve in curves.items()}
    return Recorded(
        rest, scale * recording.speed_m_s, np.column_stack([_sides(contacts, splines), contacts]), splines
    )


def _too_high_m(rest: Rest, curves: dict[str, FloatArray]) -> float:
    """How far our pelvis must be lowered for our legs to reach where the real ones were."""
    middle = (rest.origin["thigh.L"] + rest.origin["thigh.R"]) / 2
    lengths = []
    for side in SIDES:
        out = curves["axes"].reshape(-1, 3, 3) @ (rest.origin[f"thigh.{side}"] - middle)
        apart = curves["middle"] + out - curves[f"ankle.{side}"]
        reach = STRETCHED * rest.leg_m
        lengths.append(apart[:, 2] - np.sqrt(np.maximum(reach**2 - apart[:, 0] ** 2 - apart[:, 1] ** 2, 0)))
    return float(max(0.0, np.percentile(lengths, 97)))


def _sides(contacts: FloatArray, splines: dict[str, CubicSpline]) -> FloatArray:
    """The foot that is lower in the middle of a contact stands."""
    middle_s = contacts.mean(axis=1)
    return np.asarray(splines["ankle.R"](middle_s)[:, 2] < splines["ankle.L"](middle_s)[:, 2], dtype=float)


def _pitch_deg(heel: FloatArray, toe: FloatArray) -> FloatArray:
    """Pitch of the foot; its most frequent value is that of the flat foot."""
    along = toe - heel
    pitch = np.degrees(np.arctan2(along[:, 2], np.hypot(along[:, 0], along[:, 1])))
    counts, edges = np.histogram(pitch, bins=np.arange(-90, 91, 2.0))
    return np.asarray(pitch - edges[counts.argmax()] - 1.0)


def _sole_m(rest: Rest, side: str, ankle: FloatArray, pitch_deg: FloatArray) -> float:
    """Height of the sole under the flat foot in stance."""
    flat = np.abs(pitch_deg) < 2.0
    above = foot(rest, side).ankle(np.zeros(1), np.zeros(1))[1][0]
    return float(np.percentile(ankle[flat, 2], 10) - above)
