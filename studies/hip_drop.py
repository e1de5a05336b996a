"""Ways to see hip drop without tape, against the truth: ``python -m studies.hip_drop STUDY/fit STUDY/test``.

Three candidates on every clip from behind: the line of the hip points that the model marks; the border
between shirt and shorts, column by column; and the turn of the patch of picture around the waist against one
picture. None is shown by the tool; docs/accuracy.md says why.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import theilslopes

from gait.analysis import ClipAnalysis, read_clip
from gait.body import LEFT, RIGHT, Side
from gait.errors import GaitError
from gait.metrics.frontal import Waist, hip_drop
from gait.motion.signals import Motion, low_pass, resample
from gait.validate.clips import truths_in
from gait.validate.truth import Truth
from gait.video.reader import frames

FloatArray = NDArray[np.float64]
Picture = NDArray[np.uint8]
FIGURE = Path(__file__).parents[1] / "docs" / "images" / "hip_drop.png"
SIDE_PX = 160
"""Side of the square picture of the waist, one trunk length; the hips' middle lies at 0.65 of its height."""
SHIRT, SHORTS = (0.12, 0.32), (0.72, 0.90)
"""Rows that show only shirt, and only shorts, as shares of the square."""
BORDER, ACROSS, PATCH = (0.28, 0.72), (0.26, 0.74), (0.30, 0.68)
ENOUGH_COLUMNS, AGREES = 0.4, 0.5
OTHER_COLOUR = 0.6
"""A pixel farther from both cloths than this share of the distance between them is an arm or the room."""
TURNS_DEG = np.arange(-16.0, 16.1, 1.0)
CUTOFF_HZ = 8.0


class Row(NamedTuple):
    """One stance side of one clip, as one way has it."""

    clip: str
    way: str
    side: Side
    found: float
    true: float
    correlation: float
    """Of the curves over time."""


def main(folders: list[Path]) -> None:
    """Print every clip and, for each folder, how well each way follows the truth; draw the scatter.

    Of later folders it is also said what the error is if a way is stretched as fits the first folder best.
    """
    stretch: dict[str, float] = {}
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    for folder in folders:
        rows: list[Row] = []
        for truth in truths_in(folder):
            if truth.view == "rear" and "tape" not in truth.clip.name:
                try:
                    rows += _compared(truth)
                except GaitError as error:
                    sys.stderr.write(f"{truth.clip.name}: {error}\n")
        ways = dict.fromkeys(row.way for row in rows)
        for row in rows:
            sys.stdout.write(
                f"{row.clip:22}{row.way:12}{row.side:6} found {row.found:5.1f}  true {row.true:5.1f}  "
                f"curves {row.correlation:+.2f}\n"
            )
        for number, way in enumerate(ways):
            mine = np.array([(row.true, row.found) for row in rows if row.way == way])
            sys.stdout.write(_summary(folder.name, way, mine, stretch.get(way)))
            stretch.setdefault(way, float(np.nanmedian(mine[:, 0] / mine[:, 1])))
            axes = figure.axes[number] if len(figure.axes) > number else figure.add_subplot(1, 3, number + 1)
            axes.scatter(mine[:, 0], mine[:, 1], s=18, label=folder.name)
            axes.set(title=way, xlabel="true hip drop [deg]", ylabel="found [deg]")
    for axes in figure.axes:
        axes.plot([0, 12], [0, 12], color="0.7", zorder=0)
        axes.legend(fontsize="small")
    figure.savefig(FIGURE, dpi=110)


def _summary(folder: str, way: str, mine: FloatArray, stretch: float | None) -> str:
    known = mine[np.isfinite(mine).all(axis=1)]
    true, found = known.T
    slope = float(np.polyfit(true, found, 1)[0])
    stretched = (
        f"; stretched by {stretch:.2f}: {np.median(np.abs(stretch * found - true)):.1f}, "
        f"at worst {np.abs(stretch * found - true).max():.1f}"
        if stretch is not None
        else ""
    )
    return (
        f"{folder}, {way}: {len(known)} of {len(mine)} legs, "
        f"correlation {np.corrcoef(true, found)[0, 1]:+.2f}, slope {slope:+.2f}, "
        f"median absolute error {np.median(np.abs(found - true)):.1f}{stretched}\n"
    )


def _compared(truth: Truth) -> Iterator[Row]:
    clip = read_clip("rear", truth.clip)
    frame, pictures = waists(clip)
    frame_s = clip.base.capture_s(clip.track.pts_s[frame])
    hips = clip.motion.xy[:, RIGHT.hip] - clip.motion.xy[:, LEFT.hip]
    curves = {
        "hip points": np.degrees(np.arctan2(hips[:, 1], hips[:, 0])),
        "cloth": _on(clip.motion, frame_s, border_deg(pictures) + clip.motion.roll.deg),
        "patch": _on(clip.motion, frame_s, patch_deg(pictures)),
    }
    true_deg = np.interp(clip.motion.time_s, *_true_line(truth))
    for way, line_deg in curves.items():
        known = np.isfinite(line_deg)
        together = float(np.corrcoef(line_deg[known], true_deg[known])[0, 1]) if known.sum() > 9 else np.nan
        for side in Side:
            found = hip_drop(clip.motion, side, clip.stride_s, Waist(line_deg)).value
            yield Row(truth.clip.stem, way, side, found, truth.values["hip_drop_deg", side], together)


def waists(clip: ClipAnalysis) -> tuple[NDArray[np.int_], list[Picture]]:
    """Numbers within the track, and square pictures of the waist, of the frames in which it is whole."""
    xy = clip.track.xy_px
    hips, shoulders = (
        (xy[:, left] + xy[:, right]) / 2
        for left, right in ((LEFT.hip, RIGHT.hip), (LEFT.shoulder, RIGHT.shoulder))
    )
    seen = np.flatnonzero(np.isfinite(hips).all(axis=1))
    side = round(float(np.nanmedian(np.linalg.norm(hips - shoulders, axis=1))))
    corners = np.round(hips[seen] - (0.5 * side, 0.65 * side)).astype(int)
    squares = np.column_stack([corners, np.full(len(seen), side)])
    number = dict(zip(clip.track.frame[seen], seen, strict=True))
    whole = [
        (number[frame.index], cv2.resize(frame.rgb, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA))
        for frame in frames(clip.clip, clip.track.frame[seen], squares)
        if frame.rgb.shape[:2] == (side, side)
    ]
    return np.array([k for k, _ in whole]), [np.asarray(rgb, dtype=np.uint8) for _, rgb in whole]


def border_deg(pictures: list[Picture]) -> FloatArray:
    """(T,) slope of the border between shirt and shorts, + when the right end is higher; NaN where hidden.

    In each column the border is where most above is like the shirt and most below like the shorts; a line is
    laid through the columns in which that is clear (Theil and Sen).
    """
    lab = [cv2.cvtColor(cv2.GaussianBlur(p, (0, 0), 1.0), cv2.COLOR_RGB2LAB).astype(float) for p in pictures]
    shirt, shorts = (
        np.median([part[_rows(rows)][:, _rows((0.4, 0.6))] for part in lab[::6]], axis=(0, 1, 2))
        for rows in (SHIRT, SHORTS)
    )
    unlike = float(np.linalg.norm(shirt - shorts))
    columns = np.arange(SIDE_PX)[_rows(ACROSS)]
    lines = []
    for part in lab:
        strip = part[_rows(BORDER)][:, columns]
        from_shirt, from_shorts = (np.linalg.norm(strip - cloth, axis=-1) for cloth in (shirt, shorts))
        like_shirt = np.clip((from_shorts - from_shirt) / unlike, -1, 1)
        like_shirt[np.minimum(from_shirt, from_shorts) > OTHER_COLOUR * unlike] = 0
        above = np.cumsum(like_shirt, axis=0)
        split = (2 * above - above[-1]) / len(strip)
        row, clear = split.argmax(axis=0), split.max(axis=0) > AGREES
        enough = clear.mean() >= ENOUGH_COLUMNS
        slope = theilslopes(row[clear], columns[clear])[0] if enough else np.nan
        lines.append(-np.degrees(np.arctan(slope)))
    return np.array(lines)


def patch_deg(pictures: list[Picture]) -> FloatArray:
    """(T,) turn of the waist against the middle picture, + when the right end is higher, less its median."""
    grey = [
        cv2.GaussianBlur(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 1.5)
        for p in pictures
    ]
    rows, columns = _rows(PATCH), _rows((0.28, 0.72))
    middle = (SIDE_PX / 2, SIDE_PX / 2)
    turned = [
        cv2.warpAffine(
            grey[len(grey) // 2],
            cv2.getRotationMatrix2D(middle, turn, 1),
            (SIDE_PX, SIDE_PX),
            borderMode=cv2.BORDER_REPLICATE,
        )[rows, columns]
        for turn in TURNS_DEG
    ]
    around = slice(rows.start - 12, rows.stop + 12), slice(columns.start - 10, columns.stop + 10)
    found = np.array([_best_turn([_likeness(g[around], t) for t in turned]) for g in grey])
    return np.asarray(found - np.median(found))


def _likeness(picture: cv2.typing.MatLike, part: cv2.typing.MatLike) -> float:
    return float(cv2.matchTemplate(picture, part, cv2.TM_CCOEFF_NORMED).max())


def _best_turn(alike: list[float]) -> float:
    best = int(np.argmax(alike))
    if not 0 < best < len(alike) - 1:
        return float(TURNS_DEG[best])
    before, top, after = alike[best - 1 : best + 2]
    return float(TURNS_DEG[best] + (before - after) / (2 * (before - 2 * top + after)))


def _rows(shares: tuple[float, float]) -> slice:
    return slice(*(round(share * SIDE_PX) for share in shares))


def _on(motion: Motion, frame_s: FloatArray, line_deg: FloatArray) -> FloatArray:
    return low_pass(resample(frame_s, line_deg, motion.time_s), CUTOFF_HZ)


def _true_line(truth: Truth) -> tuple[FloatArray, FloatArray]:
    """Times, and tilt of the line through the hip joints, + when the runner's right is higher."""
    with np.load(truth.clip.with_suffix(".npz")) as data:
        names, xyz = list(data["names"]), data["xyz"].astype(float)
    hips = xyz[:, names.index("upperleg01.R")] - xyz[:, names.index("upperleg01.L")]
    tilt = np.degrees(np.arctan2(hips[:, 2], np.hypot(hips[:, 0], hips[:, 1])))
    return np.arange(len(tilt)) / truth.capture_fps, tilt


if __name__ == "__main__":
    main([Path(folder) for folder in sys.argv[1:]])
