"""What is exactly true of a clip: joints, contacts, and every metric of every step."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gait.body import Side
from sample_videos.render.body import LIMB_BONES, SIDES, Rest
from sample_videos.render.camera import Sight
from sample_videos.render.dressing import Dressing, seen_edge
from sample_videos.render.running import crossing_pct, lean_deg, middle
from sample_videos.render.skeleton import Posed

FloatArray = NDArray[np.float64]
BONES = {f"{bone}.{side}": f"{segment}.{side}" for side in SIDES for segment, bone in LIMB_BONES.items()} | {
    "root": "pelvis",
    "neck01": "neck",
    "head": "head",
}
"""Joints in the truth, by the name of the Anny bone that begins there."""
FINE_S = 0.001
FRONT_END_M = 0.003


class Motion(Protocol):
    """A runner in motion, from a form or from real markers."""

    @property
    def rest(self) -> Rest:
        """The body."""

    @property
    def speed_m_s(self) -> float:
        """Of the belt."""

    @property
    def contacts(self) -> FloatArray:
        """(n, 3) side (0 left, 1 right), touchdown and toe-off in seconds, from before to after the clip."""

    def at(self, time_s: FloatArray) -> Posed:
        """Every segment at (T,) instants."""


@dataclass(frozen=True)
class Measured:
    """One metric: one value for every step."""

    name: str
    side: Side | None
    unit: str
    samples: tuple[float, ...]


def joints(posed: Posed, rest: Rest) -> tuple[tuple[str, ...], FloatArray]:
    """Names, and (T, J, 3) paths in metres, of the joints and of heel, tip of the shoe and ear."""
    paths = {bone: posed.at(segment) for bone, segment in BONES.items()}
    for side in SIDES:
        shoe = rest.shoes[side].vertices
        heel, tip = shoe[shoe[:, 0].argmin()], _front(shoe)
        paths[f"heel.{side}"] = posed.carried(rest, f"foot.{side}", heel)
        paths[f"tip.{side}"] = posed.carried(rest, f"toes.{side}", tip)
        paths[f"ear.{side}"] = posed.carried(rest, "head", _ear(rest, side))
    return tuple(paths), np.stack(list(paths.values()), axis=1)


def _front(shoe: FloatArray) -> FloatArray:
    """Middle of the front end: no single point of it is the foremost on every machine."""
    return np.asarray(shoe[shoe[:, 0] > shoe[:, 0].max() - FRONT_END_M].mean(axis=0))


def measure(motion: Motion, seconds: float) -> tuple[Measured, ...]:
    """Every metric of DESIGN's contract, for the steps in the clip."""
    rows: list[Measured] = []
    every = motion.contacts
    fine_s = np.arange(0, seconds, FINE_S)
    fine = motion.at(fine_s)
    for index, side in enumerate(Side):
        own = every[every[:, 0] == index]
        whole = own[(own[:, 1] >= 0) & (own[:, 2] <= seconds)]
        landed = own[(own[:, 1] >= 0) & (own[:, 1] <= seconds)]
        rows += _at_touchdown(motion, landed[:, 1], index, side)
        rows += _over_contact(fine_s, fine, whole, index, side)
        rows += _at_toe_off(motion, whole[:, 2], index, side)
        rows += _timing(every, whole, side)
    rows += _whole_body(motion, fine_s, fine, seconds)
    return (*rows, *_feet_apart(motion, fine_s, fine, seconds), *_asymmetry(every, seconds))


def _at_touchdown(motion: Motion, at_s: FloatArray, index: int, side: Side) -> list[Measured]:
    posed, letter = motion.at(at_s), SIDES[index]
    hip, knee, ankle = (posed.at(f"{segment}.{letter}") for segment in ("thigh", "shank", "foot"))
    ahead = ankle[:, 0] - hip[:, 0]
    return [
        _row("overstride_pct_leg", side, "%", 100 * ahead / motion.rest.leg_m),
        _row("overstride_cm", side, "cm", 100 * ahead),
        _row("shank_deg", side, "deg", _from_vertical(knee, ankle)),
        _row("knee_flexion_touchdown_deg", side, "deg", knee_deg(posed, letter)),
        _row("foot_strike_deg", side, "deg", _foot_deg(posed, letter)),
    ]


def _at_toe_off(motion: Motion, at_s: FloatArray, index: int, side: Side) -> list[Measured]:
    posed, letter = motion.at(at_s), SIDES[index]
    behind = -_from_vertical(posed.at(f"thigh.{letter}"), posed.at(f"shank.{letter}"))
    return [_row("thigh_toe_off_deg", side, "deg", behind)]


def _over_contact(
    fine_s: FloatArray, fine: Posed, whole: FloatArray, index: int, side: Side
) -> list[Measured]:
    letter = SIDES[index]
    drop = _left_high_deg(fine) * (1 if index == 0 else -1)
    elbow = _elbow_deg(fine, letter)
    each = partial(_each, fine_s)
    return [
        _row("knee_flexion_peak_deg", side, "deg", each(knee_deg(fine, letter), whole, np.max)),
        _row("hip_drop_deg", side, "deg", _at_mid_stance(fine_s, fine, whole, drop)),
        _row("hip_drop_peak_deg", side, "deg", each(drop, whole, np.max)),
        _row("crossover_pct", side, "%", each(crossing_pct(fine, index), _strides(whole), np.nanmax)),
        _row("elbow_deg", side, "deg", each(elbow, _strides(whole), np.mean)),
    ]


def _left_high_deg(fine: Posed) -> FloatArray:
    """(T,) line through the hip joints against level, + with the left one higher."""
    hips = fine.at("thigh.L") - fine.at("thigh.R")
    return np.degrees(np.arctan2(hips[:, 2], np.hypot(hips[:, 0], hips[:, 1])))


def _at_mid_stance(fine_s: FloatArray, fine: Posed, whole: FloatArray, curve: FloatArray) -> FloatArray:
    """(n,) a curve when the middle of the hips is lowest in each contact."""
    height = middle(fine, "thigh")[:, 2]
    inside = [(fine_s >= begin) & (fine_s <= end) for _, begin, end in whole]
    return np.array([curve[each][height[each].argmin()] for each in inside])


def _mean_drop(motion: Motion, fine_s: FloatArray, fine: Posed, seconds: float) -> Measured:
    """Hip drop of each two contacts that follow each other, as their mean: free of the phone's roll."""
    every = motion.contacts
    whole = every[(every[:, 1] >= 0) & (every[:, 2] <= seconds)]
    left_high = _at_mid_stance(fine_s, fine, whole, _left_high_deg(fine))
    drops = np.where(whole[:, 0] == 0, 1, -1) * left_high
    return _row("hip_drop_deg", None, "deg", (drops[:-1] + drops[1:]) / 2)


def _timing(every: FloatArray, whole: FloatArray, side: Side) -> list[Measured]:
    contact_s = whole[:, 2] - whole[:, 1]
    following = np.searchsorted(every[:, 1], whole[:, 1], side="right")
    flight_s = every[following, 1] - whole[:, 2]
    stride_s = every[following + 1, 1] - whole[:, 1]
    return [
        _row("contact_time_ms", side, "ms", 1000 * contact_s),
        _row("flight_time_ms", side, "ms", 1000 * flight_s),
        _row("duty_factor_pct", side, "%", 100 * contact_s / stride_s),
    ]


def _whole_body(motion: Motion, fine_s: FloatArray, fine: Posed, seconds: float) -> list[Measured]:
    every = motion.contacts
    whole = every[(every[:, 1] >= 0) & (every[:, 2] <= seconds)]
    landing_s = every[(every[:, 1] >= 0) & (every[:, 1] <= seconds), 1]
    steps = np.column_stack([0 * landing_s[1:], landing_s[:-1], landing_s[1:]])
    height = 100 * middle(fine, "thigh")[:, 2]
    trunk = middle(fine, "upperarm") - middle(fine, "thigh")
    rest = motion.rest
    ear = (fine.carried(rest, "head", _ear(rest, "L")) + fine.carried(rest, "head", _ear(rest, "R"))) / 2
    head = 100 * (ear - middle(fine, "upperarm")) / np.linalg.norm(trunk, axis=1)[:, None]
    support = _each_stance(fine_s, fine, whole)
    bend = _each(fine_s, lean_deg(fine), whole, np.mean) - support
    return [
        _row("cadence_spm", None, "steps/min", 60 / np.diff(landing_s)),
        _row("lean_deg", None, "deg", _each(fine_s, lean_deg(fine), whole, np.mean)),
        _row("oscillation_cm", None, "cm", _each(fine_s, height, steps, np.ptp)),
        _row("ankle_lean_deg", None, "deg", support),
        _row("waist_bend_deg", None, "deg", bend),
        _mean_drop(motion, fine_s, fine, seconds),
        _row("head_forward_pct", None, "%", _each(fine_s, head[:, 0], steps, np.mean)),
        _row("shoulder_to_ear_pct", None, "%", _each(fine_s, head[:, 2], steps, np.mean)),
    ]


def _each_stance(fine_s: FloatArray, fine: Posed, whole: FloatArray) -> FloatArray:
    """(n,) mean lean of the line from the ankle on the ground to the middle of the hips."""
    hips = middle(fine, "thigh")
    lean = [-_from_vertical(hips, fine.at(f"foot.{letter}")) for letter in SIDES]
    means = [_each(fine_s, lean[int(row[0])], row[None], np.mean) for row in whole]
    return np.concatenate(means) if means else np.zeros(0)


def _feet_apart(motion: Motion, fine_s: FloatArray, fine: Posed, seconds: float) -> list[Measured]:
    """Across the belt: the ankles in the middle of their contacts, and the hips over each stride."""
    whole = motion.contacts[(motion.contacts[:, 1] >= 0) & (motion.contacts[:, 2] <= seconds)]
    side, middle_s = whole[:, 0].astype(int), whole[:, 1:].mean(axis=1)
    outward = np.where(side == 0, 1, -1)
    hips = 100 * middle(fine, "thigh")[:, 1] / motion.rest.leg_m
    ankles = [100 * fine.at(f"foot.{letter}")[:, 1] / motion.rest.leg_m for letter in SIDES]
    ankle = np.array([np.interp(t, fine_s, ankles[k]) for k, t in zip(side, middle_s, strict=True)])
    apart = outward[1:-1] * (ankle[1:-1] - (ankle[:-2] + ankle[2:]) / 2)
    past = -outward * (ankle - np.interp(middle_s, fine_s, hips))
    sway = [
        _each(fine_s, hips, _strides(whole[side == index]), lambda curve: float(np.ptp(_level(curve))))
        for index in (0, 1)
    ]
    return [
        _row("step_width_pct_leg", None, "%", apart),
        _row("step_width_cm", None, "cm", motion.rest.leg_m * apart),
        *(_row("foot_crossover_pct_leg", each, "%", past[side == k]) for k, each in enumerate(Side)),
        _row("pelvis_sway_pct_leg", None, "%", np.concatenate(sway)),
    ]


def _level(curve: FloatArray) -> FloatArray:
    return curve - np.linspace(curve[0], curve[-1], len(curve))


def _asymmetry(every: FloatArray, seconds: float) -> list[Measured]:
    """Left less right over their mean, of step and contact times; a step belongs to the foot that lands."""
    inside = (every[1:, 1] >= 0) & (every[1:, 1] <= seconds)
    steps_s = {k: np.diff(every[:, 1])[inside & (every[1:, 0] == k)] for k in (0, 1)}
    whole = every[(every[:, 1] >= 0) & (every[:, 2] <= seconds)]
    contact_s = {k: np.diff(whole[whole[:, 0] == k][:, 1:], axis=1)[:, 0] for k in (0, 1)}
    rows = []
    for name, times in (("step_time_asymmetry_pct", steps_s), ("contact_time_asymmetry_pct", contact_s)):
        middle_s = float(np.median(times[1])) if len(times[1]) else np.nan
        rows.append(_row(name, None, "%", 200 * (times[0] - middle_s) / (times[0] + middle_s)))
    return rows


def knee_deg(posed: Posed, letter: str) -> FloatArray:
    """(T,) flexion in the side view."""
    hip, knee, ankle = (posed.at(f"{segment}.{letter}") for segment in ("thigh", "shank", "foot"))
    return _from_vertical(hip, knee) - _from_vertical(knee, ankle)


def _from_vertical(upper: FloatArray, lower: FloatArray) -> FloatArray:
    return np.degrees(np.arctan2(lower[:, 0] - upper[:, 0], upper[:, 2] - lower[:, 2]))


def _foot_deg(posed: Posed, letter: str) -> FloatArray:
    """(T,) pitch of the foot against lying flat."""
    turn = posed.turn[:, posed.index(f"foot.{letter}")]
    return np.degrees(np.arctan2(turn[:, 2, 0], turn[:, 0, 0]))


def _elbow_deg(posed: Posed, letter: str) -> FloatArray:
    shoulder, elbow, wrist = (posed.at(f"{part}.{letter}") for part in ("upperarm", "forearm", "hand"))
    upper, fore = shoulder - elbow, wrist - elbow
    cosine = np.sum(upper * fore, axis=1) / np.linalg.norm(upper, axis=1) / np.linalg.norm(fore, axis=1)
    return np.asarray(np.degrees(np.arccos(cosine)))


def _ear(rest: Rest, side: str) -> FloatArray:
    head = rest.skin.vertices[rest.skin.vertices[:, 2] > rest.origin["head"][2]]
    return np.asarray(head[(head[:, 1] * (1 if side == "L" else -1)).argmax()])


def _strides(whole: FloatArray) -> FloatArray:
    return np.column_stack([whole[:-1, 0], whole[:-1, 1], whole[1:, 1]])


def _each(
    time_s: FloatArray, curve: FloatArray, spans: FloatArray, reduce: Callable[[FloatArray], float]
) -> FloatArray:
    """(n,) one value of a curve for each span: (n, 3) rows of anything, beginning, end."""
    return np.array([reduce(curve[(time_s >= begin) & (time_s <= end)]) for _, begin, end in spans])


def _row(name: str, side: Side | None, unit: str, samples: FloatArray) -> Measured:
    return Measured(name, side, unit, tuple(round(float(sample), 2) for sample in samples))


def record(motion: Motion, frames: int, fps: float, about: dict[str, Any]) -> dict[str, Any]:
    """The truth of a clip as it stands in ``NAME.truth.json``."""
    seconds = (frames - 1) / fps
    contacts = motion.contacts
    inside = contacts[(contacts[:, 1] >= 0) & (contacts[:, 2] <= seconds)]
    return {
        **about,
        "capture_fps": fps,
        "frames": frames,
        "leg_m": round(motion.rest.leg_m, 5),
        "height_m": round(motion.rest.height_m, 5),
        "speed_m_s": motion.speed_m_s,
        "contacts": [
            {
                "side": tuple(Side)[int(side)].value,
                "touchdown_s": round(float(touchdown), 4),
                "toe_off_s": round(float(toe_off), 4),
            }
            for side, touchdown, toe_off in inside
        ],
        "measurements": [
            {
                "name": row.name,
                "side": row.side.value if row.side else None,
                "unit": row.unit,
                "value": round(float(np.median(row.samples)), 2) if row.samples else None,
                "samples": row.samples,
            }
            for row in measure(motion, seconds)
        ],
    }


@dataclass(frozen=True, eq=False)
class Filmed:
    """When and how a motion is seen in a clip."""

    sight: Sight
    time_s: FloatArray
    dressing: Dressing


def write(path: Path, truth: dict[str, Any], motion: Motion, filmed: Filmed) -> None:
    """Write ``NAME.truth.json`` and ``NAME.npz`` beside a clip; the same truth gives the same bytes."""
    path.with_suffix(".truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    sight, posed = filmed.sight, motion.at(filmed.time_s)
    names, xyz = joints(posed, motion.rest)
    edge = seen_edge(posed, motion.rest, filmed.dressing)
    np.savez_compressed(
        path.with_suffix(".npz"),
        names=np.array(names),
        px=np.round(sight.px(xyz), 2).astype(np.float32),
        xyz=np.round(xyz, 4).astype(np.float32),
        edge_px=np.round(sight.px(edge), 2).astype(np.float32),
        edge_xyz=np.round(edge, 4).astype(np.float32),
        contacts=np.array(
            [[c["side"] == "right", c["touchdown_s"], c["toe_off_s"]] for c in truth["contacts"]], dtype=float
        ),
        size=np.array(sight.size_px),
    )
