"""Which way is down in a picture: what stands upright behind the runner."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

LONGEST_PX = 1280
"""Longer side of the picture in which edges are looked for."""
LONG_SHARE = 0.05
"""Shortest edge that counts, as a share of the picture's height."""
UPRIGHT_DEG = 8.0
"""What leans more than this is not upright: treadmill posts lean by 10 degrees and more; a judgement."""
AGREE_DEG = 0.5
"""Edges this far from the common direction speak for it."""
AGREE_SHARE, AGREE_HEIGHTS = 0.5, 0.15
"""Share of all edges, and length in picture heights in each picture, that must agree."""
SCATTER_DEG = 0.3
"""Scatter of one edge around the common direction."""
CONVERGENCE_DEG = 3.0
"""Upright lines of a phone pointed up or down converge: usual change of their lean over one height."""


@dataclass(frozen=True)
class Plumb:
    """How upright things lean in the picture, + clockwise."""

    tilt_deg: float
    """In the middle of the picture."""
    per_px_deg: float
    """Change to the right: a phone pointed downwards sees upright lines converge."""
    middle_px: float

    def at(self, x_px: float) -> float:
        """Return the lean at a place in the picture, in degrees."""
        return self.tilt_deg + self.per_px_deg * (x_px - self.middle_px)


def upright_edges(rgb: NDArray[np.uint8]) -> FloatArray:
    """(n, 3) nearly upright straight edges: place across in pixels, lean in degrees, length in heights."""
    height, width = rgb.shape[:2]
    scale = min(1.0, LONGEST_PX / max(height, width))
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    found = cv2.createLineSegmentDetector().detect(_shrunk(grey, scale))[0]
    if found is None:
        return np.zeros((0, 3))
    ends = np.asarray(found, dtype=np.float64).reshape(-1, 2, 2) / scale
    along = ends[:, 1] - ends[:, 0]
    down = np.where(along[:, 1:] >= 0, along, -along)
    lean_deg = np.degrees(np.arctan2(-down[:, 0], down[:, 1]))
    edges = np.column_stack([ends[:, :, 0].mean(axis=1), lean_deg, np.hypot(*along.T) / height])
    return np.asarray(edges[(np.abs(lean_deg) < UPRIGHT_DEG) & (edges[:, 2] > LONG_SHARE)])


def plumb(pictures: Sequence[FloatArray], size_px: tuple[int, int]) -> Plumb | None:
    """Find the direction that most upright edges have in common; None if they do not agree.

    Parameters
    ----------
    pictures
        (n, 3) edges of each picture, as :func:`upright_edges` gives them.
    """
    x_px, lean_deg, length = np.concatenate([*pictures, np.zeros((0, 3))]).T
    if len(lean_deg) == 0:
        return None
    width, height = size_px
    places = np.column_stack([np.ones(len(x_px)), (x_px - width / 2) / height])
    fitted = _line_through_most(places, lean_deg, length)
    agree = np.abs(lean_deg - places @ fitted) < AGREE_DEG
    enough = length[agree].sum() >= AGREE_HEIGHTS * len(pictures)
    if length[agree].sum() < AGREE_SHARE * length.sum() or not enough:
        return None
    return Plumb(float(fitted[0]), float(fitted[1] / height), width / 2)


def _shrunk(grey: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    if scale == 1:
        return grey
    smaller = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, dtype=np.uint8)


def _line_through_most(places: FloatArray, lean_deg: FloatArray, length: FloatArray) -> FloatArray:
    """(2,) lean in the middle and its change over one height, by reweighted least squares from the mode."""
    grid = np.arange(-UPRIGHT_DEG, UPRIGHT_DEG, 0.1)
    density = np.exp(-0.5 * np.square((grid[:, None] - lean_deg) / AGREE_DEG)) @ length
    fitted = np.array([grid[density.argmax()], 0.0])
    stiffness = np.diag([0.0, (SCATTER_DEG / CONVERGENCE_DEG) ** 2])
    for _ in range(30):
        weight = length / (1 + np.square((lean_deg - places @ fitted) / SCATTER_DEG))
        normal = (places * weight[:, None]).T @ places + stiffness * weight.mean()
        fitted = np.linalg.solve(normal, (places * weight[:, None]).T @ lean_deg)
    return np.asarray(fitted)
