"""Hip drop without tape, against the truth: ``python -m studies.hip_drop FOLDER [--marked]``.

Every clip from behind: whether its number is shown or why not, and how far it is from the hip joints in
mid-stance. Two pieces of tape on the band are followed where they are. ``--marked`` clicks on the true edge
instead, 7 cm each side of the spine and some pixels off, in a mid-stance picture. The last lines hold what is
shown against what is promised; the pictures go to docs/images. The capture rate is told, as it is a question
of its own.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gait.analysis import ClipAnalysis, ClipRequest, Refused, read_clip
from gait.body import Side
from gait.metrics.frontal import hip_drop
from gait.metrics.measurement import Measurement
from gait.motion.pelvis import Waist, mid_stances, pelvis_line_deg
from gait.pose.waist import marked_line, waist_edge, waist_pictures, waist_tape
from gait.validate.clips import truths_in
from gait.validate.truth import Truth

FloatArray = NDArray[np.float64]
IMAGES = Path(__file__).parents[1] / "docs" / "images"
ON_THE_PELVIS = ("tucked", "crop_top")
"""Dressings in which a band that sits on the pelvis is in sight."""
TAPED = "tape"
SMALL_DEG, LARGE_DEG = 4.0, 8.0
"""True drops that a runner should be told apart."""
CLICK_PX = 1.5
"""Standard deviation of a click, in pixels."""


@dataclass(frozen=True)
class Row:
    """One number of one clip, shown or not."""

    clip: str
    dressing: str
    side: Side | None
    true_deg: float
    line_deg: float
    """The same of the true line of the cloth that is seen."""
    found: Measurement

    @property
    def shown(self) -> bool:
        """True if there is a number."""
        return self.found.why_missing is None

    @property
    def error_deg(self) -> float:
        """Found less true."""
        return self.found.value - self.true_deg


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every clip and the summary, and draw the scatter."""
    parser = argparse.ArgumentParser(prog="python -m studies.hip_drop", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--marked", action="store_true", help="follow two clicks instead of finding the edge")
    options = parser.parse_args(arguments)
    rows: list[Row] = []
    for truth in truths_in(options.folder):
        if truth.view == "rear":
            rows += _rows(truth, marked=options.marked)
    for line in summary(rows):
        sys.stdout.write(line + "\n")
    way = "marked" if options.marked else "found"
    draw(rows, IMAGES / f"hip_drop_{way}.png")


def _rows(truth: Truth, *, marked: bool) -> Iterator[Row]:
    read = read_clip(ClipRequest(truth.clip, capture_fps=truth.capture_fps))
    if isinstance(read, Refused):
        sys.stderr.write(f"{truth.clip.name}: {read.error}\n")
        return
    cut = waist_pictures(read.clip, read.track)
    if cut is None:
        return
    line_px, edge = _marked(read, truth) if marked else waist_edge(cut)
    tape_px = waist_tape(cut) if _dressing(truth) == TAPED and not marked else None
    if tape_px is None:
        waist = Waist(_line(read, line_px), "marked" if marked else "edge", edge.flaw)
    else:
        waist = Waist(_line(read, tape_px))
    seen = Waist(_line(read, _true_edge(truth)[read.track.frame]), "tape")
    run = read.run(None)
    true_line = {m.side: m.value for m in hip_drop(replace(run, waist=seen))}
    for found in hip_drop(replace(run, waist=waist)):
        true = truth.values["hip_drop_deg", found.side]
        row = Row(truth.clip.stem, _dressing(truth), found.side, true, true_line[found.side], found)
        said = f"{found.value:5.1f} +- {found.uncertainty:.1f}" if row.shown else "withheld   "
        reason = found.why_missing.id if found.why_missing else ""
        side = found.side or "mean"
        sys.stdout.write(
            f"{row.clip:22}{row.dressing:11}{side:6}true {true:5.1f}  cloth {row.line_deg:5.1f}  {said}"
            f"  n {found.n:2d}  contrast {edge.contrast:4.0f}  above {edge.above_hips:5.2f}  {reason}\n"
        )
        sys.stdout.flush()
        yield row


def _dressing(truth: Truth) -> str:
    record = json.loads(truth.clip.with_suffix(".truth.json").read_text(encoding="utf-8"))
    return TAPED if TAPED in truth.clip.stem else str(record["conditions"]["dressing"])


def _marked(read: ClipAnalysis, truth: Truth):  # type: ignore[no-untyped-def]
    """Click in the mid-stance picture nearest to the middle of the clip."""
    rng = np.random.default_rng(len(truth.clip.stem))
    frame_s = read.base.capture_s(read.track.pts_s)
    middles = [time_s for _, time_s in mid_stances(read.motion, read.stride_s)]
    at_s = min(middles, key=lambda time_s: abs(time_s - frame_s.mean()))
    frame = int(read.track.frame[np.abs(frame_s - at_s).argmin()])
    left, right = _true_edge(truth)[frame] + rng.normal(0, CLICK_PX, (2, 2))
    return marked_line(read.clip, read.track, frame, left, right)


def _line(read: ClipAnalysis, line_px: FloatArray) -> FloatArray:
    return pelvis_line_deg(line_px, read.track, read.base, read.motion)


def _true_edge(truth: Truth) -> FloatArray:
    """(T, 2, 2) two points of the edge that is seen, left and right of the spine."""
    with np.load(truth.clip.with_suffix(".npz")) as data:
        return np.asarray(data["edge_px"], dtype=float)


def summary(rows: Sequence[Row]) -> Iterator[str]:
    """Say for each dressing what is shown and how wrong, and hold the whole against the promises."""
    for dressing, both in product(dict.fromkeys(row.dressing for row in rows), (True, False)):
        own = [row for row in rows if row.dressing == dressing and (row.side is None) == both]
        shown = [row for row in own if row.shown]
        text = f"{dressing:11}{'mean' if both else 'side':6}shown {len(shown):2d} of {len(own):2d}"
        if shown:
            off = np.abs([row.error_deg for row in shown])
            text += f"  median error {np.median(off):.1f}, worst {off.max():.1f} deg"
        yield text
    worn = [row for row in rows if row.dressing in ON_THE_PELVIS]
    shown = [row for row in worn if row.shown]
    others = [row for row in rows if row.shown and row.dressing not in (*ON_THE_PELVIS, TAPED)]
    yield f"shown on a visible band: {len(shown)} of {len(worn)}; shown on other cloth: {len(others)}"
    within = [abs(row.error_deg) <= 2 * row.found.uncertainty for row in shown]
    yield f"errors within twice what is said: {sum(within)} of {len(within)}"
    for both in (True, False):
        own = [row for row in shown if (row.side is None) == both]
        pairs = [
            low.found.value < high.found.value
            for low, high in product(own, own)
            if low.true_deg <= SMALL_DEG and high.true_deg >= LARGE_DEG
        ]
        if len(own) > 2:
            r = np.corrcoef([row.true_deg for row in own], [row.found.value for row in own])[0, 1]
            share = f"{sum(pairs)} of {len(pairs)}"
            yield f"{'mean' if both else 'side'}: r {r:.2f}; small drops below large ones in {share} pairs"


def draw(rows: Sequence[Row], path: Path) -> None:
    """Draw found against true, each side and the mean of both."""
    figure = Figure(figsize=(8, 4), layout="constrained")
    for axes, both in zip(figure.subplots(1, 2, sharex=True, sharey=True), (True, False), strict=True):
        for dressing in dict.fromkeys(row.dressing for row in rows):
            own = [r for r in rows if r.dressing == dressing and (r.side is None) == both and r.shown]
            axes.plot([r.true_deg for r in own], [r.found.value for r in own], "o", label=dressing)
        axes.axline((0, 0), slope=1, color="grey", linewidth=0.8)
        axes.set(xlabel="hip joints in mid-stance, deg", title="mean of both sides" if both else "each side")
    figure.axes[0].set_ylabel("waistband, deg")
    figure.axes[0].legend(frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
