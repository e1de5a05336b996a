"""Joint curves over the stride, against the mean runner at the same speed."""

import io
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gait.body import Side
from gait.coaching.curves import mean_curve
from gait.motion.curves import PERCENT, Curve
from gait.record import Record

BAND_DEG = 5.0
"""Half-width of the grey band: what filming again can detect at best (Dingenen 2018: 2.2 to 4.8)."""
JOINTS = {
    "thigh": ("Thigh", "forward of vertical"),
    "knee": ("Knee", "bend"),
    "shank": ("Shin", "foot ahead of the knee"),
}
AXES: dict[Any, Any] = {"font.size": 11, "axes.spines.top": False, "axes.spines.right": False}
INK = "#f1ebe0"
DARK: dict[Any, Any] = dict.fromkeys(
    ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), INK
)
"""Drawn for a dark ground; the figure itself has none and takes the page's."""
COLOURS = {Side.LEFT: "#b36b00", Side.RIGHT: "#1f6f8b"}


def joint_curves_png(record: Record, *, dark: bool = False) -> bytes | None:
    """Draw thigh, knee and shin over the stride, a line for each side that was filmed; None if none was."""
    curves = [curve for clip in record.clips for curve in clip.curves]
    if not curves:
        return None
    with matplotlib.rc_context(AXES | (DARK if dark else {})):
        figure = Figure(figsize=(11, 3.4), layout="constrained")
        for axes, (joint, (name, meaning)) in zip(figure.subplots(1, 3), JOINTS.items(), strict=True):
            for curve in curves:
                if curve.name == joint:
                    _draw(axes, curve)
            if record.speed is not None:
                norm = mean_curve(joint, record.speed.m_s, PERCENT)
                axes.fill_between(
                    PERCENT, norm - BAND_DEG, norm + BAND_DEG, color="#7a8794", alpha=0.25, lw=0
                )
            axes.set(title=name, xlabel="% of stride", ylabel=f"{meaning}, degrees", xlim=(0, 100))
        if len({curve.side for curve in curves}) > 1:
            axes.legend(frameon=False, fontsize=9)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=130, transparent=True)
    return buffer.getvalue()


def _draw(axes: Axes, curve: Curve) -> None:
    middle, sd = np.array(curve.middle_deg), np.array(curve.sd_deg)
    colour = COLOURS[curve.side]
    axes.fill_between(PERCENT, middle - sd, middle + sd, color=colour, alpha=0.2, linewidth=0)
    axes.plot(PERCENT, middle, color=colour, linewidth=2.5, label=f"{curve.side} leg")
    if np.isfinite(curve.toe_off_pct):
        axes.axvline(curve.toe_off_pct, color=colour, linestyle=":", linewidth=1)
        axes.annotate(
            " foot leaves", (curve.toe_off_pct, 0.02), xycoords=("data", "axes fraction"), fontsize=8
        )
