"""Joint curves over the stride, against the mean runner at the same speed."""

import io
from itertools import pairwise

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from gait.analysis import Analysis, ClipAnalysis
from gait.coaching.curves import mean_curve
from gait.motion.angles import knee_flexion_deg, shank_deg, thigh_deg
from gait.motion.signals import FloatArray

PERCENT = np.linspace(0.0, 100.0, 101)
BAND_DEG = 5.0
"""Half-width of the grey band: what filming again can detect at best (Dingenen 2018: 2.2 to 4.8)."""
JOINTS = {
    "thigh": ("Thigh", "forward of vertical", thigh_deg),
    "knee": ("Knee", "bend", knee_flexion_deg),
    "shank": ("Shin", "foot ahead of the knee", shank_deg),
}


def stride_curves(clip: ClipAnalysis, values: FloatArray) -> FloatArray:
    """(strides, 101) a signal over each stride of the near foot, 0 % at its touchdown."""
    starts = [contact.touchdown_s for contact in clip.near_contacts()]
    strides = [
        clip.motion.at(values, start + PERCENT / 100 * (stop - start))
        for start, stop in pairwise(starts)
        if abs((stop - start) / clip.stride_s - 1) < 0.2
    ]
    whole = [stride for stride in strides if np.isfinite(stride).all()]
    return np.array(whole).reshape(len(whole), len(PERCENT))


def joint_curves_png(analysis: Analysis) -> bytes:
    """Draw thigh, knee and shin over the stride: each stride thin, their median thick."""
    clip = analysis.side
    near = clip.motion.viewpoint.near
    with matplotlib.rc_context({"font.size": 11, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(11, 3.4), layout="constrained")
        for axes, (joint, (name, meaning, angle)) in zip(figure.subplots(1, 3), JOINTS.items(), strict=True):
            if near is not None:
                curves = stride_curves(clip, angle(clip.motion, near))
                axes.plot(PERCENT, curves.T, color="#e0a100", alpha=0.25, linewidth=1)
                if len(curves):
                    axes.plot(PERCENT, np.median(curves, axis=0), color="#b36b00", linewidth=2.5)
            if analysis.speed is not None:
                norm = mean_curve(joint, analysis.speed.m_s, PERCENT)
                axes.fill_between(
                    PERCENT,
                    norm - BAND_DEG,
                    norm + BAND_DEG,
                    color="#7a8794",
                    alpha=0.25,
                    linewidth=0,
                )
            _mark_toe_off(axes, clip)
            axes.set(title=name, xlabel="% of stride", ylabel=f"{meaning}, degrees", xlim=(0, 100))
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=130)
    return buffer.getvalue()


def _mark_toe_off(axes: "matplotlib.axes.Axes", clip: ClipAnalysis) -> None:
    durations = [c.duration_s for c in clip.near_contacts() if np.isfinite(c.duration_s)]
    if durations:
        share = 100 * float(np.median(durations)) / clip.stride_s
        axes.axvline(share, color="#33404d", linestyle=":", linewidth=1)
        axes.annotate(" foot leaves", (share, 0.02), xycoords=("data", "axes fraction"), fontsize=8)
