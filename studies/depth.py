"""What depth says from the side of hip drop and arm crossover: ``python -m studies.depth DIR``.

The model guesses a depth for every landmark. From it the two numbers that only a view from behind or in front
can show are worked out as if it could be believed, for every side clip with a truth in a folder, and held
against the truth.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from numpy.typing import NDArray

from gait.analysis import ClipAnalysis, ClipRequest, Refused, read_clip
from gait.body import LEFT, LIMBS, MIRRORED, RIGHT, Side
from gait.errors import GaitError
from gait.pose import model as models
from gait.validate.clips import truths_in
from gait.validate.truth import Truth
from gait.video.reader import frames

FloatArray = NDArray[np.float64]
PICTURES = 150
MARGIN = 1.25
"""Side of the square that is looked at over the runner's extent."""
FAULT = {"hip drop": (8.0, 4.0), "crossover": (0.0, -12.0)}
"""A clear fault is this or more, good form this or less."""


class Row(NamedTuple):
    """One side of the body in one clip."""

    clip: str
    what: str
    side: Side
    said: float
    true: float
    correlation: float
    """Of the curves over time."""


def main(folder: Path) -> None:
    """Print every clip, then how well the depth follows the truth over all of them."""
    rows: list[Row] = []
    for truth in truths_in(folder):
        if truth.from_the_side:
            try:
                rows += _compared(truth)
            except GaitError as error:
                sys.stderr.write(f"{truth.clip.name}: {error}\n")
    for row in rows:
        sys.stdout.write(
            f"{row.clip:36}{row.what:10}{row.side:6} said {row.said:6.1f}  true {row.true:6.1f}  "
            f"curves {row.correlation:+.2f}\n"
        )
    for what in FAULT:
        sys.stdout.write(_summary(what, [row for row in rows if row.what == what]))


def _summary(what: str, rows: list[Row]) -> str:
    said, true = np.array([(row.said, row.true) for row in rows]).T
    clear, good = FAULT[what]
    faults, others = said[true >= clear], said[true <= good]
    higher = float((faults[:, None] > others[None]).mean()) if len(faults) and len(others) else np.nan
    return (
        f"{what}: {len(rows)} sides, across them correlation {np.corrcoef(said, true)[0, 1]:+.2f}, "
        f"slope {float(np.polyfit(true, said, 1)[0]):+.2f}, "
        f"median error {np.median(np.abs(said - true)):.1f}; "
        f"curves, median correlation {np.median([row.correlation for row in rows]):+.2f}; "
        f"a clear fault ({clear:g} or more, {len(faults)}) reads higher than good form ({good:g} or less, "
        f"{len(others)}) in {100 * higher:.0f} % of pairs\n"
    )


def _compared(truth: Truth) -> Iterator[Row]:
    clip = read_clip(ClipRequest(truth.clip))
    if isinstance(clip, Refused):
        raise clip.error
    frame, body = _in_depth(clip)
    time_s = frame / truth.capture_fps
    with np.load(truth.clip.with_suffix(".npz")) as data:
        names, xyz = list(data["names"]), data["xyz"][frame].astype(float)
    for side in Side:
        pairs = (
            ("hip drop", _drop_deg(body[:, [LEFT.hip, RIGHT.hip]], side), _true_drop_deg(names, xyz, side)),
            ("crossover", _crossover_pct(body, side), _true_crossover_pct(names, xyz, side)),
        )
        for what, said, true in pairs:
            quantity = {"hip drop": "hip_drop_deg", "crossover": "crossover_pct"}[what]
            spans = truth.contacts[side]
            if what == "crossover":
                spans = np.column_stack([spans[:-1, 0], spans[1:, 0]])
            farthest = [
                np.nanmax(said[inside])
                for begin, end in spans
                if (inside := (time_s >= begin) & (time_s <= end) & np.isfinite(said)).any()
            ]
            known = np.isfinite(said)
            yield Row(
                truth.clip.stem,
                what,
                side,
                float(np.median(farthest)) if farthest else np.nan,
                truth.values[quantity, side],
                float(np.corrcoef(said[known], true[known])[0, 1]),
            )


def _drop_deg(hips: FloatArray, side: Side) -> FloatArray:
    """(T,) tilt of the line between (T, 2, 3) left and right hip, + when the side across sinks."""
    across = hips[:, 0] - hips[:, 1]
    tilt = np.degrees(np.arctan2(across[:, 2], np.hypot(across[:, 0], across[:, 1])))
    return tilt if side is Side.LEFT else -tilt


def _crossover_pct(body: FloatArray, side: Side) -> FloatArray:
    """(T,) wrist past the midline, in % of the shoulders' width; (T, 33, 3): forward, left, up."""
    hips = (body[:, LEFT.hip] + body[:, RIGHT.hip]) / 2
    shoulders = (body[:, LEFT.shoulder] + body[:, RIGHT.shoulder]) / 2
    width = float(np.nanmedian(np.abs(body[:, LEFT.shoulder, 1] - body[:, RIGHT.shoulder, 1])))
    return _past_middle(body[:, LIMBS[side].wrist], hips, shoulders, side) / width * 100


def _past_middle(wrist: FloatArray, hips: FloatArray, shoulders: FloatArray, side: Side) -> FloatArray:
    share = (wrist[:, 2] - hips[:, 2]) / (shoulders[:, 2] - hips[:, 2])
    middle = hips[:, 1] + share * (shoulders[:, 1] - hips[:, 1])
    return (middle - wrist[:, 1]) * (1 if side is Side.LEFT else -1)


def _true_drop_deg(names: list[str], xyz: FloatArray, side: Side) -> FloatArray:
    return _drop_deg(xyz[:, [names.index("upperleg01.L"), names.index("upperleg01.R")]], side)


def _true_crossover_pct(names: list[str], xyz: FloatArray, side: Side) -> FloatArray:
    def middle(bone: str) -> FloatArray:
        left, right = (xyz[:, names.index(f"{bone}.{letter}")] for letter in "LR")
        return np.asarray((left + right) / 2)

    width = np.median(np.abs(xyz[:, names.index("upperarm01.L"), 1] - xyz[:, names.index("upperarm01.R"), 1]))
    wrist = xyz[:, names.index(f"wrist.{side.value[0].upper()}")]
    return _past_middle(wrist, middle("upperleg01"), middle("upperarm01"), side) / float(width) * 100


def _in_depth(clip: ClipAnalysis) -> tuple[NDArray[np.int_], FloatArray]:
    """Frames read, and (T, 33, 3) the runner's landmarks in metres: forward, to the left, up."""
    track = clip.track
    seen = np.flatnonzero(np.isfinite(track.xy_px[:, LEFT.hip]).all(axis=1))
    chosen = seen[np.linspace(0, len(seen) - 1, min(PICTURES, len(seen))).astype(int)]
    low, high = (f(track.xy_px[chosen], axis=1) for f in (np.nanmin, np.nanmax))
    side = np.round(MARGIN * (high - low).max(axis=1)).astype(int)
    squares = np.column_stack([np.round((low + high) / 2 - side[:, None] / 2).astype(int), side])
    (model,) = models.read_manifest()
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(models.ensure(model))), num_poses=4
    )
    read, bodies = [], []
    at = dict(zip(track.frame[chosen], chosen, strict=True))
    forward = clip.motion.viewpoint.forward_sign
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        for picture in frames(clip.clip, track.frame[chosen], squares):
            own = track.xy_px[at[picture.index]] - picture.corner_px
            found = landmarker.detect(_image(picture.rgb))
            size = max(picture.rgb.shape[:2])
            body = _of_the_runner(found, own, size)
            if body is not None:
                read.append(picture.index)
                bodies.append(np.column_stack([forward * body[:, 0], forward * body[:, 2], -body[:, 1]]))
    return np.array(read), np.array(bodies)


def _image(rgb: NDArray[np.uint8]) -> mp.Image:
    height, width = rgb.shape[:2]
    size = max(height, width)
    square = np.pad(rgb, ((0, size - height), (0, size - width), (0, 0)))
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(square))


def _of_the_runner(found: vision.PoseLandmarkerResult, own: FloatArray, size: int) -> FloatArray | None:
    """(33, 3) landmarks in metres of the body that lies on the runner, sides named as in the track."""
    best: tuple[float, FloatArray] | None = None
    for flat, deep in zip(found.pose_landmarks, found.pose_world_landmarks, strict=True):
        px = np.array([(point.x, point.y) for point in flat]) * size
        metres = np.array([(point.x, point.y, point.z) for point in deep])
        for order in (list(range(len(px))), list(MIRRORED)):
            off = float(np.nanmedian(np.linalg.norm(px[order] - own, axis=1)))
            if best is None or off < best[0]:
                best = off, metres[order]
    return best[1] if best is not None and best[0] < size / 20 else None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
