"""Joint curves over the stride, against the mean runner at the same speed: a picture for each joint."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
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
SIZE_IN, DPI = (4.6, 3.6), 130
"""Inches of a picture: three stand beside each other on a desk, one fills a phone, and both can be read."""
COLOURS = {Side.LEFT: "#b36b00", Side.RIGHT: "#1f6f8b"}


@dataclass(frozen=True)
class Picture:
    """One joint over the stride."""

    name: str
    png: bytes


def joint_curves(record: Record, *, dark: bool = False) -> tuple[Picture, ...]:
    """Draw thigh, knee and shin over the stride, a line for each side that was filmed; none if none was."""
    curves = [curve for clip in record.clips for curve in clip.curves]
    return tuple(
        Picture(JOINTS[joint][0], _joint(record, joint, of_joint, dark=dark))
        for joint in JOINTS
        if (of_joint := [curve for curve in curves if curve.name == joint])
    )


def _joint(record: Record, joint: str, curves: Sequence[Curve], *, dark: bool) -> bytes:
    name, meaning = JOINTS[joint]
    with matplotlib.rc_context(AXES | (DARK if dark else {})):
        figure = Figure(figsize=SIZE_IN, layout="constrained")
        axes = figure.subplots()
        for curve in curves:
            _draw(axes, curve)
        if record.speed is not None:
            norm = mean_curve(joint, record.speed.m_s, PERCENT)
            axes.fill_between(PERCENT, norm - BAND_DEG, norm + BAND_DEG, color="#7a8794", alpha=0.25, lw=0)
        axes.set(title=name, xlabel="% of stride", ylabel=f"{meaning}, degrees", xlim=(0, 100))
        if len({curve.side for curve in curves}) > 1:
            axes.legend(frameon=False)
        return as_png(figure)


def as_png(figure: Figure) -> bytes:
    """Encode a figure without a ground of its own."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, transparent=True)
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
