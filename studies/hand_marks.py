"""Arm crossover from marks, against the truth: ``python -m studies.hand_marks FOLDER``.

In every clip from the front each hand is marked in three of the pictures that are offered, or in that next to
one in which it is farthest across: the true wrist, and the true middles of hips and shoulders, some pixels
off, and the two middles some way off to one side, the same in all pictures of a clip, as one eye sets them.
Beside it stands what is said without marks. The capture rate is told.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.analysis import ClipAnalysis, ClipRequest, Refused, offered_swings, read_clip, with_hand_marks
from gait.body import Side
from gait.errors import GaitError
from gait.metrics.hands import crossover
from gait.metrics.measurement import Measurement
from gait.motion.hands import HandMark
from gait.validate.clips import truths_in
from gait.validate.truth import Truth

FloatArray = NDArray[np.float64]
CLICK_PX = 2.0
"""Standard deviation of a click, in pixels."""
MIDDLE_CM = 1.0
"""How far to one side an eye sets the middle of the hips, and that of the shoulders (standard deviation)."""
AROUND_STRIDES = 0.12
"""Part of the stride around an offered picture in which one looks for the hand farthest across."""


@dataclass(frozen=True)
class Row:
    """One number of one clip, with marks and without."""

    side: Side | None
    true_pct: float
    marked: Measurement
    found: Measurement


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every clip and the summary."""
    parser = argparse.ArgumentParser(prog="python -m studies.hand_marks", description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    rows = [row for truth in truths_in(options.folder) if truth.view == "front" for row in _rows(truth)]
    for line in summary(rows):
        sys.stdout.write(line + "\n")


def _rows(truth: Truth) -> Iterator[Row]:
    read = read_clip(ClipRequest(truth.clip, capture_fps=truth.capture_fps))
    if isinstance(read, Refused):
        sys.stderr.write(f"{truth.clip.name}: {read.error}\n")
        return
    try:
        marked = with_hand_marks(read, _marks(read, truth))
    except GaitError as error:
        sys.stderr.write(f"{truth.clip.name}: {error}\n")
        return
    for by_hand, found in zip(crossover(marked.run(None)), crossover(read.run(None)), strict=True):
        true = _true(truth, found.side)
        said = (
            f"{found.value:6.1f} ± {2 * found.uncertainty:4.1f}" if not found.why_missing else "withheld     "
        )
        sys.stdout.write(
            f"{truth.clip.stem:22}{found.side or 'mean':6} true {true:6.1f}  marked {by_hand.value:6.1f} ± "
            f"{2 * by_hand.uncertainty:4.1f} (n {by_hand.n})  without {said}\n"
        )
        sys.stdout.flush()
        yield Row(found.side, true, by_hand, found)


def _true(truth: Truth, side: Side | None) -> float:
    sides = (side,) if side else tuple(Side)
    return float(np.mean([truth.values["crossover_pct", each] for each in sides]))


def _marks(read: ClipAnalysis, truth: Truth) -> tuple[HandMark, ...]:
    """What a person would set, who steps to the picture in which the hand is farthest across."""
    rng = np.random.default_rng(sum(truth.clip.stem.encode()))
    points = _points_px(truth)
    leg_px = read.motion.leg_px
    aside_px = rng.normal(0, MIDDLE_CM / (100 * truth.leg_m) * leg_px, 2)
    reach = max(1, round(AROUND_STRIDES * read.stride_s * truth.capture_fps))
    marks = []
    for side, frame in offered_swings(read):
        around = np.arange(max(0, frame - reach), min(len(points[side]), frame + reach + 1))
        across = side.outward * (points[side] - points["hips"])[around, 0]
        at = int(around[across.argmax()])
        wrist, hips, shoulders = (
            points[name][at] + rng.normal(0, CLICK_PX, 2) for name in (side, "hips", "shoulders")
        )
        hips, shoulders = hips + (aside_px[0], 0), shoulders + (aside_px[1], 0)
        marks.append(HandMark(at, side, *(_point(each) for each in (wrist, hips, shoulders))))
    return tuple(marks)


def _point(xy: FloatArray) -> tuple[float, float]:
    return float(xy[0]), float(xy[1])


def _points_px(truth: Truth) -> dict[str, FloatArray]:
    """(T, 2) each wrist by its side, and the middles of hips and shoulders."""
    with np.load(truth.clip.with_suffix(".npz")) as data:
        at = {str(name): data["px"][:, k] for k, name in enumerate(data["names"])}
    both = {name: (at[f"{bone}.L"] + at[f"{bone}.R"]) / 2 for name, bone in _BONES.items()}
    return {Side.LEFT: at["wrist.L"], Side.RIGHT: at["wrist.R"], **both}


_BONES = {"hips": "upperleg01", "shoulders": "upperarm01"}


def summary(rows: Sequence[Row]) -> Iterator[str]:
    """Say how wrong the marked numbers are, and how many of them lie within what is said."""
    for both in (True, False):
        own = [row for row in rows if (row.side is None) == both]
        off = np.array([row.marked.value - row.true_pct for row in own])
        within = [abs(row.marked.value - row.true_pct) <= 2 * row.marked.uncertainty for row in own]
        shown = sum(not row.found.why_missing for row in own)
        yield (
            f"{'mean' if both else 'side'}: {len(own)} marked, middle {np.median(off):+.1f}, size "
            f"{np.median(np.abs(off)):.1f}, worst {np.abs(off).max():.1f} % of shoulder width; within twice "
            f"the ± {sum(within)}; shown without marks {shown}"
        )


if __name__ == "__main__":
    main()
