"""Which way is down in a picture: what stands upright and what lies level behind the runner."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
APART_DEG = 0.8
"""What all edges and the upright ones alone may differ by and still show the same roll."""
STEEPEST_DEG = 8.0
"""Rise of a treadmill, 14 %: what leans more against what stands upright is no belt."""
SPREAD_HEIGHTS = 0.15
"""How far apart, as a standard deviation, upright edges must stand to be a room's and not one post's."""
CONFIRMS_DEG = 1.5
"""How near to the lean of level edges the incline that was given must come to explain it: 2.6 %."""
OFF_SD = 1 / 3
"""Part of that lean that is unsure as long as nobody said whether the belt is raised; a judgement."""


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
    level_off_deg: float = 0.0
    """Lean of level edges against upright ones, + clockwise, where the two disagree; then the upright ones
    decide."""
    by_level: bool = False
    """True if only level edges show it: a belt that is raised cannot be told from a phone that leans."""

    def on_incline(self, incline_pct: float, forward_sign: int) -> "Plumb":
        """The same where the belt is known to rise by so many per cent towards where the runner runs.

        Parameters
        ----------
        forward_sign
            +1 if the runner runs to the right of the picture, -1 to the left.
        """
        rise_deg = float(np.degrees(np.arctan(incline_pct / 100)))
        expected_deg = -forward_sign * rise_deg
        if self.by_level:
            return replace(self, tilt_deg=self.tilt_deg - expected_deg)
        if self.level_off_deg and abs(self.level_off_deg - expected_deg) < CONFIRMS_DEG:
            sure = np.sqrt(max(0.0, self.sd_deg**2 - (OFF_SD * self.level_off_deg) ** 2))
            return replace(self, level_off_deg=0.0, sd_deg=float(sure))
        return self

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
    the phone leaned. Such edges count only where the others, the scene's, say the same. Where upright and
    level edges disagree by what a treadmill rises, gravity decides: what stands upright.

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
        return _upright_first(scene, others, size_px)
    total = sum(float(edges[:, 3].sum()) for edges in pictures)
    if scene is None and exact[:, 3].sum() > MOST_EXACT * total:
        return None
    return _upright_first(_fitted(pictures, size_px), pictures, size_px)


def _upright_first(
    found: Plumb | None, pictures: Sequence[FloatArray], size_px: tuple[int, int]
) -> Plumb | None:
    """Let the upright edges decide where the level ones lean against them as a raised belt does."""
    if found is None:
        return None
    standing = [edges[edges[:, 0] == 0] for edges in pictures]
    lying = np.concatenate([edges[edges[:, 0] == 1] for edges in pictures])
    places = np.concatenate(standing)[:, 1]
    alone = _fitted(standing, size_px)
    if alone is None or len(places) < 2 or np.std(places) < SPREAD_HEIGHTS:
        return replace(found, by_level=len(places) == 0)
    if len(lying) == 0 or abs(alone.tilt_deg - found.tilt_deg) < APART_DEG:
        return found
    off_deg = _most_common(lying[:, 2], lying[:, 3]) - alone.tilt_deg
    if not APART_DEG < abs(off_deg) < STEEPEST_DEG:
        return found
    sd_deg = float(np.hypot(alone.sd_deg, OFF_SD * off_deg))
    return replace(alone, level_off_deg=float(off_deg), sd_deg=sd_deg)


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
