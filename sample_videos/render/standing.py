"""Somebody who stands and watches."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sample_videos.render.body import SIDES, Rest
from sample_videos.render.skeleton import Arm, Drive, Posed, pitched, pose

FloatArray = NDArray[np.float64]
SWAY_M, SWAY_HZ = 0.01, 0.4


@dataclass(frozen=True, eq=False)
class Standing:
    """A body at ease, swaying a little."""

    rest: Rest

    def at(self, time_s: FloatArray) -> Posed:
        """Every segment at (T,) instants."""
        count = len(time_s)
        hips = (self.rest.origin["thigh.L"] + self.rest.origin["thigh.R"]) / 2
        sway = SWAY_M * np.sin(2 * np.pi * SWAY_HZ * time_s)
        upright = pitched(np.zeros(count))
        level = (np.zeros(count), np.zeros(count))
        ankles = [np.tile(self.rest.origin[f"foot.{side}"], (count, 1)) for side in SIDES]
        arm = Arm(np.full(count, -3.0), np.full(count, 165.0), np.zeros(count))
        return pose(
            Drive(
                time_s=time_s,
                pelvis=hips - (0, 0, 0.005) + np.column_stack([sway, 0.5 * sway, 0 * sway]),
                pelvis_turn=upright,
                chest_turn=upright,
                head_turn=upright,
                ankle=(ankles[0], ankles[1]),
                foot_deg=level,
                toes_deg=level,
                arms=(arm, arm),
            ),
            self.rest,
        )
