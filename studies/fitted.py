"""What the constants of the chain rest on: ``python -m studies.fitted STUDY/fit``.

Over the clips of a folder: where the model marks the joints from the side, how late landings and push-offs
are read, how long the leg looks from behind and in front, and what every number reads too high once what is
taken off today is put back.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gait.analysis import Analysis, ClipAnalysis, ClipRequest, Request, RunnerFacts, analyze
from gait.body import LIMBS, Side
from gait.errors import GaitError
from gait.metrics.catalogue import CATALOGUE as QUANTITIES
from gait.motion.joints import FAR_HIP, FAR_SHOULDER, NEAR_HIP, NEAR_SHOULDER
from gait.motion.signals import FORESHORTENED
from gait.validate.clips import Validated, compare, compare_frontal, truths_in
from gait.validate.truth import Truth

JOINTS = {"hip": "upperleg01", "shoulder": "upperarm01", "knee": "lowerleg01", "ankle": "foot"}
TAKEN_OFF = {
    ("near", "hip"): NEAR_HIP,
    ("far", "hip"): FAR_HIP,
    ("near", "shoulder"): NEAR_SHOULDER,
    ("far", "shoulder"): FAR_SHOULDER,
}


class Row(NamedTuple):
    """One reading of one clip."""

    what: str
    value: float


def main(folder: Path) -> None:
    """Print the median, or mean for numbers, and the range over the clips."""
    rows: list[Row] = []
    for truth in truths_in(folder):
        try:
            rows += _from_the_side(truth) if truth.from_the_side else _from_behind(truth)
        except GaitError as error:
            sys.stderr.write(f"{truth.clip.name}: {error}\n")
    for what in dict.fromkeys(row.what for row in rows):
        values = np.array([row.value for row in rows if row.what == what and np.isfinite(row.value)])
        sys.stdout.write(
            f"{what:44} n {len(values):3}  median {np.median(values):+6.2f}  mean {values.mean():+6.2f}  "
            f"spread {values.std():5.2f}  {values.min():+6.2f} to {values.max():+6.2f}\n"
        )


def _from_the_side(truth: Truth) -> list[Row]:
    analysis = _analysed(truth)
    return [*_joints(analysis.main, truth), *_numbers(compare(analysis, truth))]


def _analysed(truth: Truth) -> Analysis:
    return analyze(Request((ClipRequest(truth.clip),), RunnerFacts(100 * truth.height_m)))


def _from_behind(truth: Truth) -> list[Row]:
    analysis = _analysed(truth)
    clip = analysis.main
    with np.load(truth.clip.with_suffix(".npz")) as data:
        names, px, xyz = list(data["names"]), data["px"].astype(float), data["xyz"].astype(float)
    left, right = names.index("upperarm01.L"), names.index("upperarm01.R")
    px_per_m = np.median(np.abs((px[:, left] - px[:, right])[:, 0] / (xyz[:, left] - xyz[:, right])[:, 1]))
    true_over_seen = px_per_m * truth.leg_m / (clip.motion.leg_px / FORESHORTENED)
    return [
        Row("leg over what is seen of it, from behind", float(true_over_seen)),
        *_numbers(compare_frontal(analysis, truth)),
    ]


def _joints(clip: ClipAnalysis, truth: Truth) -> Iterator[Row]:
    """Where the model marks the joints, in % of the leg, before anything is taken off; ankles after it."""
    with np.load(truth.clip.with_suffix(".npz")) as data:
        names, px = list(data["names"]), data["px"].astype(float)
    motion, near = clip.motion, Side(truth.view)
    frame_s = np.arange(len(px)) / truth.capture_fps
    inside = motion.time_s < frame_s[-1]
    roll = np.radians(motion.roll.deg)
    sign = motion.viewpoint.forward_sign
    corner = (0 if sign > 0 else motion.size_px[0], motion.size_px[1])
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    upright = (px - corner) @ turn / motion.leg_px * (sign, -1)
    for side in Side:
        leg = "near" if side is near else "far"
        for joint, bone in JOINTS.items():
            true = upright[:, names.index(f"{bone}.{side.value[0].upper()}")]
            at = np.column_stack([np.interp(motion.time_s, frame_s, axis) for axis in true.T])
            off = (motion.xy[:, getattr(LIMBS[side], joint)] - at)[inside]
            ahead, above = 100 * (np.nanmedian(off, axis=0) + TAKEN_OFF.get((leg, joint), (0.0, 0.0)))
            yield Row(f"{leg} {joint}, ahead", float(ahead))
            yield Row(f"{leg} {joint}, above", float(above))


def _numbers(found: Validated) -> Iterator[Row]:
    for foot, matched in found.feet:
        for event in ("touchdown_ms", "toe_off_ms"):
            errors = getattr(matched, event)
            if np.isfinite(errors).any():
                yield Row(f"{event}, {foot}, of a clip", float(np.nanmedian(errors)))
    for pair in found.pairs:
        if pair.quantity in QUANTITIES:
            yield Row(f"{pair.quantity} reads high by", pair.error + QUANTITIES[pair.quantity].reads_high)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
