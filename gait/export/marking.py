"""Pictures of the waist or the arms, enlarged, with a ruler in the pixels of the whole picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from gait.analysis import ClipAnalysis
from gait.body import LEFT, RIGHT
from gait.export import staging
from gait.export.folder import ended_cleanly, register, told_in_words
from gait.video.clip import Frame
from gait.video.reader import frames

NAME = "frame_{}.png"
INCHES, TICKS = 8.0, 10


@dataclass(frozen=True)
class Part:
    """A part of the body to show."""

    folder: str
    around_trunks: float
    """Side of the square that is shown, in lengths of the trunk."""
    above_trunks: float
    """How far its middle is above the hips."""


WAIST, ARMS = Part("hips", 1.0, 0.1), Part("hands", 2.2, 0.6)


def write_pictures(read: ClipAnalysis, numbers: Sequence[int], folder: Path, part: Part) -> tuple[Path, ...]:
    """Write one picture for each frame into the part's folder, named by its number.

    Raises
    ------
    OutputFailed
        If the folder cannot be written.
    """
    wanted = np.unique(numbers)
    folder = folder / part.folder
    with told_in_words(folder), ended_cleanly(), staging.stage(folder, register()) as place:
        for frame in frames(read.clip, wanted, _squares(read, wanted, part)):
            _drawn(frame).savefig(place / staging.NEW / NAME.format(frame.index), dpi=110)
        return staging.put_in_place(place, folder, NAME.format(wanted[0]))


def _squares(read: ClipAnalysis, numbers: np.ndarray, part: Part) -> np.ndarray:
    """Left, top and side of the square in each of these frames."""
    rows = np.searchsorted(read.track.frame, numbers)
    xy = read.track.xy_px[rows]
    hips = (xy[:, LEFT.hip] + xy[:, RIGHT.hip]) / 2
    shoulders = (xy[:, LEFT.shoulder] + xy[:, RIGHT.shoulder]) / 2
    side = round(part.around_trunks * float(np.nanmedian(np.linalg.norm(shoulders - hips, axis=1))))
    corner = hips - (side / 2, side / 2 + part.above_trunks * side / part.around_trunks)
    return np.column_stack([corner, np.full(len(rows), side)]).round().astype(int)


def _drawn(frame: Frame) -> Figure:
    left, top = frame.corner_px
    height, width = frame.rgb.shape[:2]
    figure = Figure(figsize=(INCHES, INCHES), layout="constrained")
    axes = figure.subplots()
    axes.imshow(frame.rgb, extent=(left, left + width, top + height, top), interpolation="bicubic")
    axes.locator_params(nbins=TICKS)
    axes.grid(color="white", alpha=0.35, linewidth=0.6)
    axes.set(title=f"Frame {frame.index}", xlabel="column, px", ylabel="row, px")
    return figure
