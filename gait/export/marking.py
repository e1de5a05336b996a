"""Pictures of the waist in mid-stance, enlarged, with a ruler in the pixels of the whole picture."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from gait.analysis import ClipAnalysis
from gait.body import LEFT, RIGHT
from gait.export import staging
from gait.export.folder import ended_cleanly, register, told_in_words
from gait.video.clip import Frame
from gait.video.reader import frames

FOLDER, NAME = "hips", "frame_{}.png"
AROUND_TRUNKS, ABOVE_TRUNKS = 1.0, 0.1
INCHES, TICKS = 8.0, 10


def write_pictures(read: ClipAnalysis, numbers: Sequence[int], folder: Path) -> tuple[Path, ...]:
    """Write one picture for each frame, named by its number.

    Raises
    ------
    OutputFailed
        If the folder cannot be written.
    """
    wanted = np.sort(np.array(numbers))
    with told_in_words(folder), ended_cleanly(), staging.stage(folder, register()) as place:
        for frame in frames(read.clip, wanted, _squares(read, wanted)):
            _drawn(frame).savefig(place / staging.NEW / NAME.format(frame.index), dpi=110)
        return staging.put_in_place(place, folder, NAME.format(wanted[0]))


def _squares(read: ClipAnalysis, numbers: np.ndarray) -> np.ndarray:
    """Left, top and side of the square around the hips in each of these frames."""
    rows = np.searchsorted(read.track.frame, numbers)
    xy = read.track.xy_px[rows]
    hips = (xy[:, LEFT.hip] + xy[:, RIGHT.hip]) / 2
    shoulders = (xy[:, LEFT.shoulder] + xy[:, RIGHT.shoulder]) / 2
    side = round(AROUND_TRUNKS * float(np.nanmedian(np.linalg.norm(shoulders - hips, axis=1))))
    corner = hips - (side / 2, side * (0.5 + ABOVE_TRUNKS))
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
