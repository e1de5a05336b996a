"""How far the pose model's landmarks are from the joints, in the three ways of running it.

As a video the model smooths over time, as everybody uses it; with time stamps a thousand times too far
apart it does not smooth but still follows its last region; picture by picture is how this tool runs it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.body import COUNT, LIMBS, Landmark, Side
from gait.errors import BadTruth
from gait.pose import model as models
from gait.pose.landmarker import follow
from gait.pose.track import named
from gait.validate.truth import Truth
from gait.video.reader import frames, open_clip

FloatArray = NDArray[np.float64]
BONES = {"hip": "upperleg01", "knee": "lowerleg01", "ankle": "foot", "heel": "heel", "toe": "tip"}
"""Joints of a leg, by their names in NAME.npz."""
ACROSS = 1
"""Axis of NAME.npz that points away from a camera at the side."""
LAGS_S = np.arange(-0.06, 0.0601, 0.002)


@dataclass(frozen=True)
class LandmarkError:
    """One landmark of one leg in one clip."""

    clip: str
    mode: str
    foot: str
    """``near`` or ``far``."""
    joint: str
    ahead_pct_leg: float
    """Constant offset, + in running direction."""
    above_pct_leg: float
    rms_cm: float
    """With the constant offset."""
    scatter_cm: float
    """Without it."""
    lag_ms: float
    """By which the landmark follows the joint."""


@dataclass(frozen=True, eq=False)
class Joints:
    """Where the joints of a clip are seen."""

    px: dict[Landmark, FloatArray]
    """(T, 2) each."""
    leg_m: float
    px_per_m: float


def read_joints(truth: Truth) -> Joints:
    """Read ``NAME.npz`` beside a clip.

    Raises
    ------
    BadTruth
        If it is missing, lacks a joint, or has another number of frames.
    """
    path = truth.clip.with_suffix(".npz")
    try:
        with np.load(path) as data:
            names, px, xyz = list(data["names"]), data["px"].astype(float), data["xyz"].astype(float)
    except (OSError, KeyError, ValueError) as error:
        raise BadTruth(f"{path} is not the truth of joints ({error}): make the clip again.") from error
    if len(px) != truth.frames:
        raise BadTruth(f"{path} has {len(px)} frames and the clip {truth.frames}: make both again.")
    missing = [bone for bone in BONES.values() if f"{bone}.L" not in names]
    if missing:
        raise BadTruth(f"{path} has no {', '.join(missing)}: make the clip with this version's renderer.")
    seen, lengths = {}, []
    for side, limbs in LIMBS.items():
        columns = {joint: names.index(f"{bone}.{side.value[0].upper()}") for joint, bone in BONES.items()}
        for joint, column in columns.items():
            seen[getattr(limbs, joint)] = px[:, column]
        if side.value == truth.view:
            apart = np.delete(xyz[:, columns["hip"]] - xyz[:, columns["knee"]], ACROSS, axis=1)
            px_apart = px[:, columns["hip"]] - px[:, columns["knee"]]
            lengths = list(np.hypot(*px_apart.T) / np.hypot(*apart.T))
    return Joints(seen, truth.leg_m, float(np.median(lengths)))


def landmark_errors(truth: Truth, count: int) -> Iterator[LandmarkError]:
    """Compare landmarks of the first ``count`` frames of a side clip with its joints, in every mode."""
    joints = read_joints(truth)
    for mode, read in MODES.items():
        xy_px = read(truth, count)
        for side, limbs in LIMBS.items():
            foot = "near" if side.value == truth.view else "far"
            for joint in BONES:
                landmark = getattr(limbs, joint)
                found, true = xy_px[:, landmark], joints.px[landmark][: len(xy_px)]
                forward = np.array([-1.0 if truth.view == Side.LEFT else 1.0, -1.0]) / joints.px_per_m
                yield _error(truth, joints, (mode, foot, joint), (found - true) * forward, true * forward)


def _error(
    truth: Truth, joints: Joints, name: tuple[str, str, str], off_m: FloatArray, true_m: FloatArray
) -> LandmarkError:
    known = np.isfinite(off_m).all(axis=1)
    offset = np.median(off_m[known], axis=0)
    scatter = off_m[known] - offset
    mode, foot, joint = name
    return LandmarkError(
        clip=truth.clip.stem,
        mode=mode,
        foot=foot,
        joint=joint,
        ahead_pct_leg=float(100 * offset[0] / joints.leg_m),
        above_pct_leg=float(100 * offset[1] / joints.leg_m),
        rms_cm=float(100 * np.sqrt(np.mean(np.sum(off_m[known] ** 2, axis=1)))),
        scatter_cm=float(100 * np.sqrt(np.mean(np.sum(scatter**2, axis=1)))),
        lag_ms=lag_ms(off_m + true_m, true_m, truth.capture_fps),
    )


def lag_ms(found: FloatArray, true: FloatArray, fps: float) -> float:
    """Delay at which a true (T, 2) path, moved by a constant, lies best on the found one.

    Examples
    --------
    >>> time_s = np.arange(0, 2, 1 / 240)
    >>> path = np.column_stack([np.sin(9 * time_s), np.cos(9 * time_s)])
    >>> bool(abs(lag_ms(path[:-6], path[6:], 240.0) - 25) <= 2)
    True
    """
    time_s = np.arange(len(found)) / fps
    inside = (time_s > LAGS_S[-1]) & (time_s < time_s[-1] - LAGS_S[-1]) & np.isfinite(found).all(axis=1)
    scatter = []
    for lag_s in LAGS_S:
        moved = np.column_stack([np.interp(time_s - lag_s, time_s, axis) for axis in true.T])
        off = (found - moved)[inside]
        scatter.append(float(np.mean(np.sum((off - off.mean(axis=0)) ** 2, axis=1))))
    return float(1000 * LAGS_S[int(np.argmin(scatter))])


def as_text(errors: Sequence[LandmarkError]) -> str:
    """Print medians over clips for each mode, foot and joint, then the offsets of every clip."""
    lines = [f"{'mode':24}{'foot':6}{'joint':7}{'rms':>8}{'without offset':>16}{'lag':>8}   ahead, above"]
    for mode in MODES:
        for foot in ("near", "far"):
            for joint in BONES:
                rows = [e for e in errors if (e.mode, e.foot, e.joint) == (mode, foot, joint)]
                lines.append(f"{mode:24}{foot:6}{joint:7}{_medians(rows)}")
    lines += ["", "Constant offsets picture by picture, near leg, % of leg (ahead, above):"]
    for clip in dict.fromkeys(error.clip for error in errors):
        mine = [e for e in errors if (e.clip, e.mode, e.foot) == (clip, PICTURES, "near")]
        offsets = "  ".join(f"{e.joint} {e.ahead_pct_leg:+.1f}, {e.above_pct_leg:+.1f}" for e in mine)
        lines.append(f"{clip:40}{offsets}")
    return "\n".join(lines)


def _medians(rows: Sequence[LandmarkError]) -> str:
    rms, scatter, lag, ahead, above = (
        float(np.median([getattr(row, name) for row in rows]))
        for name in ("rms_cm", "scatter_cm", "lag_ms", "ahead_pct_leg", "above_pct_leg")
    )
    return f"{rms:5.1f} cm{scatter:13.1f} cm{lag:5.0f} ms   {ahead:+.1f}, {above:+.1f} % of leg"


def _followed(seconds_apart: float) -> Callable[[Truth, int], FloatArray]:
    def read(truth: Truth, count: int) -> FloatArray:
        pictures = (frame.rgb for frame in islice(frames(open_clip(truth.clip)), count))
        step_ms = max(1, round(1000 * seconds_apart / truth.capture_fps))
        return _stacked(
            [people[0].xy_px if people else None for people in follow(pictures, _model(), step_ms)]
        )

    return read


def _picture_by_picture(truth: Truth, count: int) -> FloatArray:
    return named(open_clip(truth.clip), _model(), count)


def _stacked(found: list[FloatArray | None]) -> FloatArray:
    nobody = np.full((COUNT, 2), np.nan)
    return np.array([nobody if xy is None else xy for xy in found])


def _model() -> Path:
    (model,) = models.read_manifest()
    return models.ensure(model)


PICTURES = "picture by picture"
MODES = {
    "video, smoothed": _followed(1.0),
    "video, not smoothed": _followed(1000.0),
    PICTURES: _picture_by_picture,
}
