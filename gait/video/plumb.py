"""Which way is down in a picture: what stands upright and what lies level behind the runner."""

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
LEAN_DEG = 8.0
"""What leans more is neither upright nor level: treadmill posts lean by 10 degrees and more; a judgement."""
FOCAL_HEIGHTS = 1.2
"""Focal length of a phone held upright, in heights of its picture: 45 degrees from top to bottom."""
ROLL_SD_DEG, PITCH_SD_DEG, YAW_SD_DEG = 2.0, 3.0, 5.0
"""How phones stand; a judgement."""
SCATTER_DEG, USUAL_EDGE = 0.3, 0.1
"""Scatter of an edge of so many heights; a longer one scatters less."""
AGREE_DEG, AGREE_SHARE = 0.7, 0.4
"""Share of all edges, by length, that must lie so near to what the phone's angles make of them."""
EXACT_DEG, ON_IT = 0.02, 0.004
"""Lean below which an edge is exactly along the picture's rows or columns, as a drawn one is, and how near,
in heights, another piece of it lies."""
SAME_DEG = 0.5
"""Exact edges are the scene's own if all others show no more roll than this."""
MOST_EXACT = 0.25
"""Share of all edges, by length, that may be exact where the others do not show the roll: films have 0.00 to
0.05 unless the phone stood exactly level."""
SURE_DEG = 0.6
"""Standard deviation beyond which the roll counts as unknown."""


@dataclass(frozen=True)
class Plumb:
    """How far upright things lean in the picture, + clockwise."""

    tilt_deg: float
    """In the middle of the picture."""
    per_px_deg: float
    """Change to the right: a phone pointed downwards sees upright lines converge."""
    middle_px: float
    sd_deg: float
    """Standard deviation in the middle of the picture."""

    def at(self, x_px: float) -> float:
        """Return the lean at a place in the picture, in degrees."""
        return self.tilt_deg + self.per_px_deg * (x_px - self.middle_px)


def straight_edges(rgb: NDArray[np.uint8]) -> FloatArray:
    """(n, 4) nearly upright and nearly level straight edges.

    Columns: 1 for level and 0 for upright; place to the right of the picture's middle (upright) or below it
    (level), in heights; lean in degrees, + clockwise; length in heights.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, LONGEST_PX / max(height, width))
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    found = cv2.createLineSegmentDetector().detect(_shrunk(grey, scale))[0]
    if found is None:
        return np.zeros((0, 4))
    ends = (np.asarray(found, dtype=np.float64).reshape(-1, 2, 2) / scale - (width / 2, height / 2)) / height
    along, middle = ends[:, 1] - ends[:, 0], ends.mean(axis=1)
    level = np.abs(along[:, 0]) > np.abs(along[:, 1])
    across = np.where(level, along[:, 1], -along[:, 0])
    forth = np.where(level, along[:, 0], along[:, 1])
    lean_deg = np.degrees(np.arctan(across / np.where(forth == 0, np.nan, forth)))
    place = np.where(level, middle[:, 1], middle[:, 0])
    edges = np.column_stack([level, place, lean_deg, np.hypot(*along.T)])
    return np.asarray(edges[(np.abs(lean_deg) < LEAN_DEG) & (edges[:, 3] > LONG_SHARE)])


def plumb(pictures: Sequence[FloatArray], size_px: tuple[int, int]) -> Plumb | None:
    """Find the roll at which most edges are upright, or level along the runner's way; None if unsure.

    What is drawn over a film, a grid or bars or buttons, lies exactly along its rows and columns, however
    the phone leaned. Such edges count only where the others, the scene's, say the same.

    Parameters
    ----------
    pictures
        (n, 4) edges of each picture, as :func:`straight_edges` gives them.
    """
    exact = np.concatenate([*pictures, np.zeros((0, 4))])
    exact = exact[np.abs(exact[:, 2]) < EXACT_DEG]
    others = [edges[~_on_any(edges, exact)] for edges in pictures]
    scene = _fitted(others, size_px)
    if scene is not None and abs(scene.tilt_deg) > SAME_DEG:
        return scene
    total = sum(float(edges[:, 3].sum()) for edges in pictures)
    if scene is None and exact[:, 3].sum() > MOST_EXACT * total:
        return None
    return _fitted(pictures, size_px)


def _on_any(edges: FloatArray, exact: FloatArray) -> NDArray[np.bool_]:
    """(n,) True for an edge that is one of some exact ones, or another piece of one."""
    same = (edges[:, None, 0] == exact[:, 0]) & (np.abs(edges[:, None, 1] - exact[:, 1]) < ON_IT)
    return np.asarray(same.any(axis=1))


def _fitted(pictures: Sequence[FloatArray], size_px: tuple[int, int]) -> Plumb | None:
    """Find the roll that most edges show, drawn ones or not; None if unsure.

    Upright edges lean by the roll and, off the middle, by what the phone's pitch makes of them; level
    edges along the runner's way by the roll and, off the horizon, by what its yaw makes of them.
    """
    level, place, lean_deg, length = np.concatenate([*pictures, np.zeros((0, 4))]).T
    if len(lean_deg) == 0:
        return None
    weight = length / USUAL_EDGE / SCATTER_DEG**2 / len(pictures)
    fitted = np.array([_most_common(lean_deg, length), 0.0, 0.0])
    normal = np.eye(3)
    for _ in range(30):
        model = _model(level, place, fitted[1])
        trusted = weight / (1 + np.square((lean_deg - model @ fitted) / SCATTER_DEG))
        normal = (model * trusted[:, None]).T @ model
        normal += np.diag([ROLL_SD_DEG**-2, PITCH_SD_DEG**-2, YAW_SD_DEG**-2])
        fitted = np.linalg.solve(normal, (model * trusted[:, None]).T @ lean_deg)
    agree = np.abs(lean_deg - _model(level, place, fitted[1]) @ fitted) < AGREE_DEG
    sd_deg = float(np.sqrt(np.linalg.inv(normal)[0, 0]))
    if sd_deg > SURE_DEG or length[agree].sum() < AGREE_SHARE * length.sum():
        return None
    width, height = size_px
    return Plumb(float(fitted[0]), float(fitted[1] / FOCAL_HEIGHTS / height), width / 2, sd_deg)


def _model(level: FloatArray, place: FloatArray, pitch_deg: float) -> FloatArray:
    """(n, 3) what a degree of roll, downward pitch and yaw adds to the lean of each edge."""
    below_horizon = place + FOCAL_HEIGHTS * np.radians(pitch_deg)
    return np.column_stack(
        [
            np.ones(len(place)),
            np.where(level == 0, place / FOCAL_HEIGHTS, 0.0),
            np.where(level == 1, below_horizon / FOCAL_HEIGHTS, 0.0),
        ]
    )


def _most_common(lean_deg: FloatArray, length: FloatArray) -> float:
    grid = np.arange(-LEAN_DEG, LEAN_DEG, 0.1)
    density = np.exp(-0.5 * np.square((grid[:, None] - lean_deg) / AGREE_DEG)) @ length
    return float(grid[density.argmax()])


def _shrunk(grey: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    if scale == 1:
        return grey
    smaller = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, dtype=np.uint8)
