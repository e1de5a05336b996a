"""A foot that rolls over the belt: on the edge of its heel with toes up, flat, then on its toes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from sample_videos.render.body import Rest

FloatArray = NDArray[np.float64]


TIP_M = 0.015
"""How far behind its front end a shoe last touches the ground."""


@dataclass(frozen=True, eq=False)
class Foot:
    """What rolls, in the foot's own plane: x forward and z up from the ankle, sole level."""

    outline: FloatArray
    """(K, 2) hull of the shoe."""
    heel: FloatArray
    """(H, 2) edge of the heel from the sole upwards."""
    rolled_m: FloatArray
    """(H,) length of that edge up to each of its points."""
    toe_joint: FloatArray
    """(2,) where the toes bend."""
    tip: FloatArray
    """(2,) front end of the sole."""

    def lowest(self, pitch_deg: FloatArray) -> FloatArray:
        """(T,) height of the lowest point of the shoe against the ankle."""
        return np.asarray(_turned(self.outline, np.radians(pitch_deg)[:, None])[..., 1].min(axis=1))

    def ankle(self, pitch_deg: FloatArray, toes_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(T,) ahead of its place over the flat foot, and above the belt, while the foot rolls.

        With toes up it rolls on the edge of its heel; else the toes stand on their tip and the foot turns
        about the joint behind them.
        """
        turn = np.radians(pitch_deg)
        corners = _turned(self.heel, turn[:, None])
        lowest = corners[..., 1].argmin(axis=1)
        corner = corners[np.arange(len(turn)), lowest]
        rolled = self.heel[0, 0] - self.rolled_m[lowest]
        joint = self.tip + _turned(self.toe_joint - self.tip, np.radians(toes_deg))
        on_toes = joint - _turned(self.toe_joint, turn)
        ahead = np.where(pitch_deg > 0, rolled - corner[:, 0], on_toes[:, 0])
        above = np.where(pitch_deg > 0, -corner[:, 1], on_toes[:, 1] - self.heel[0, 1])
        return ahead, above


def foot(rest: Rest, side: str) -> Foot:
    """Read the rolling edge of a foot off the body at rest."""
    ankle, toes = rest.origin[f"foot.{side}"], rest.origin[f"toes.{side}"]
    points = (rest.shoes[side].vertices - ankle)[:, [0, 2]]
    hull = points[ConvexHull(points).vertices]
    back = hull[(hull[:, 0] <= 0) & (hull[:, 1] < 0.5 * hull[:, 1].min())]
    heel = back[np.argsort(-back[:, 0])]
    heel = heel[np.argsort(heel[:, 1] - 1e-3 * heel[:, 0])]
    rolled = np.append(0.0, np.cumsum(np.linalg.norm(np.diff(heel, axis=0), axis=1)))
    tip = np.array([points[:, 0].max() - TIP_M, heel[0, 1]])
    return Foot(hull, heel, rolled, (toes - ankle)[[0, 2]], tip)


def _turned(points: FloatArray, angle: FloatArray) -> FloatArray:
    """Turn (x, z) points toes up."""
    x, z = points[..., 0], points[..., 1]
    return np.stack(
        np.broadcast_arrays(np.cos(angle) * x - np.sin(angle) * z, np.sin(angle) * x + np.cos(angle) * z),
        axis=-1,
    )
