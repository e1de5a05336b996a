"""Pictures of agreement: error over size, after Bland and Altman."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from gait.errors import OutputFailed
from gait.validate.agreement import Pair, agreement
from gait.validate.clips import Validated, all_pairs

DPI = 120


def bland_altman(pairs: Sequence[Pair]) -> Figure:
    """Draw the errors of one quantity over the mean of both values, with bias and 95 % limits."""
    row = agreement("all", pairs)
    known = [pair for pair in pairs if np.isfinite(pair.error)]
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot()
    axes.scatter([(pair.found + pair.true) / 2 for pair in known], [pair.error for pair in known], s=18)
    for height, style, label in (
        (row.bias, "-", f"bias {row.bias:+.2f}"),
        (row.limits[0], "--", f"95 % limits {row.limits[0]:+.2f} to {row.limits[1]:+.2f}"),
        (row.limits[1], "--", None),
    ):
        if np.isfinite(height):
            axes.axhline(height, linestyle=style, color="0.3", label=label)
    axes.axhline(0, color="0.8", zorder=0)
    axes.set(
        title=f"{row.quantity}, n = {row.n} of {row.asked}",
        xlabel=f"mean of ours and the truth [{row.unit}]",
        ylabel=f"ours - truth [{row.unit}]",
    )
    axes.legend(loc="best", fontsize="small")
    return figure


def write_figures(validated: Sequence[Validated], folder: Path) -> tuple[Path, ...]:
    """Write one picture for each quantity that was measured.

    Raises
    ------
    OutputFailed
        If they cannot be written.
    """
    pooled: dict[str, list[Pair]] = {}
    for each in validated:
        for pair in all_pairs(each):
            if np.isfinite(pair.error):
                pooled.setdefault(pair.quantity, []).append(pair)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for quantity, pairs in pooled.items():
            path = folder / f"{re.sub('[^a-z0-9]+', '_', quantity)}.png"
            bland_altman(pairs).savefig(path, dpi=DPI)
            written.append(path)
    except OSError as error:
        raise OutputFailed(f"The figures could not be written to {folder} ({error.strerror}).") from error
    return tuple(written)
