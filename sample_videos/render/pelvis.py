"""How the pelvis travels and turns over the steps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator

from sample_videos.render.body import SIDES, Rest
from sample_videos.render.form import Form
from sample_videos.render.skeleton import pitched, rolled, yawed
from sample_videos.render.steps import Steps, hip_height_m

FloatArray = NDArray[np.float64]
YAW_DEG, TILT_DEG = 8.0, 4.0
SWAY_M, SURGE_M = 0.008, 0.006
DRIFT_M, DRIFT_S = 0.012, 5.0
"""How far a runner wanders along the belt, and how slowly."""
FINE_S = 0.002
DROP_EARLY = 0.04
"""Share of a stride by which the hips are lowest on the free side before the middle of a step."""


@dataclass(frozen=True, eq=False)
class Pelvis:
    """The pelvis as a function of time."""

    form: Form
    laid: Steps
    rest: Rest
    drift_phase: float
    strides: PchipInterpolator
    """Since a left touchdown."""
    height: CubicSpline
    """Of the middle of the hips above that at touchdown, in metres."""
    standing_m: float = 0.0
    """Height of the middle of the hips at touchdown."""

    @classmethod
    def over(cls, form: Form, laid: Steps, rest: Rest, drift_phase: float = 0.0) -> "Pelvis":
        """Let a pelvis rise and fall over steps."""
        fine_s = np.arange(laid.touchdown_s[1], laid.touchdown_s[-2], FINE_S)
        strides = PchipInterpolator(laid.touchdown_s, np.arange(len(laid.side)) / 2)
        height = CubicSpline(fine_s, hip_height_m(laid, form, fine_s))
        return cls(form, laid, rest, drift_phase, strides, height)

    def phase(self, time_s: FloatArray) -> FloatArray:
        """(T,) strides since a left touchdown."""
        return np.asarray(self.strides(time_s))

    def middle(self, time_s: FloatArray) -> FloatArray:
        """(T, 3) middle of the hip joints."""
        phase = 2 * np.pi * self.phase(time_s)
        drift = DRIFT_M * np.sin(2 * np.pi * time_s / DRIFT_S + self.drift_phase)
        return np.column_stack(
            [
                drift + SURGE_M * np.cos(2 * phase),
                SWAY_M * np.sin(phase),
                self.standing_m + self.height(time_s),
            ]
        )

    def drop_deg(self, time_s: FloatArray) -> FloatArray:
        """(T,) left hip above the right."""
        wave = np.sin(2 * np.pi * (self.phase(time_s) + DROP_EARLY))
        left, right = self.form.hip_drop_deg
        return np.where(wave > 0, left, right) * wave

    def turn(self, time_s: FloatArray) -> FloatArray:
        """(T, 3, 3) orientation: the hip of the leg in front leads."""
        yaw = -YAW_DEG * np.cos(2 * np.pi * self.phase(time_s))
        return np.asarray(
            yawed(yaw) @ rolled(self.drop_deg(time_s)) @ pitched(np.full(len(time_s), TILT_DEG))
        )

    def hip(self, time_s: FloatArray, side: int) -> FloatArray:
        """(T, 3) one hip joint."""
        thigh = [self.rest.origin[f"thigh.{letter}"] for letter in SIDES]
        return np.asarray(self.middle(time_s) + self.turn(time_s) @ (thigh[side] - (thigh[0] + thigh[1]) / 2))
