"""The upper edge of the shorts, seen from behind: found by itself or at two clicks, and followed.

Everything happens in small pictures of the waist with the middle of the hips at one place, in trunk lengths
(mid-hip to mid-shoulder) from there: x to the right, y down. Each picture is rectified along a rough line;
then, in columns across the back, the profile across the edge is held against the clip's median profile of
that column (a hand or a shadow in single pictures does not change it), and a line is laid through the shifts
(Theil and Sen).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Picture = NDArray[np.uint8]
Flaw = Literal["", "no-edge", "one-colour", "not-on-the-pelvis", "hidden"]

TRUNK_PX = (110, 240)
"""Pixels of a trunk length within which the small pictures are drawn."""
HALF_WIDTH, ABOVE, BELOW = 0.30, 0.62, 0.30
"""How far the small pictures reach from the middle of the hips."""
BACK = 0.20
"""Half of the width of the back across which the edge is followed."""
SHORTS = (0.06, 0.17)
"""Rows below the hips that show the seat of the shorts, whatever is worn above."""
ZONE = (-0.45, 0.03)
"""Rows in which their upper edge is looked for."""
ON_PELVIS = (0.12, 0.34)
"""How far above the hip points an edge that sits on the pelvis lies."""
STEP, CLOTH = 0.03, 0.10
"""Heights of the strips above and below an edge that make its contrast, and of the cloth above it."""
SLOPES_DEG = np.arange(-16.0, 16.1, 2.0)
STRAYS = 0.07
"""How far the hip points stray from the pelvis, picture by picture."""
CONTRAST, MARKED_CONTRAST = 20.0, 11.0
"""Distances in colour (CIE Lab, 0 to 255) between above and below an edge that can be found, and followed."""
SEEDS = 40
"""Pictures in which the edge is looked for before it is followed."""
TOGETHER = 0.045
"""Median deviation of its height over those pictures beyond which it is no one edge."""
REACH, SHIFT = 0.11, 0.06
"""Half height of the profiles, and the largest shift, in trunk lengths."""
COLUMNS = 22
ROUNDS = 3
ALIKE = 0.6
"""Share of a column's profile that the median profile must explain, or something covers it."""
LINE_COLUMNS, SEEN_COLUMNS = 0.5, 0.75
"""Shares of the columns through which a line is laid, and with which it is believed: with a hand on a quarter
of the band it was 2 to 5 degrees off."""
SPANNED = 0.6
"""Share of the width that the columns must span."""
SEEN_PICTURES = 0.35
"""Share of the pictures in which the edge must be seen."""
SNAP, MARKED_BACK = 0.06, 0.20
"""How far from two clicks the edge is looked for, and followed at least to each side of their middle."""


@dataclass(frozen=True, eq=False)
class Waistline:
    """Pictures of the waist from behind, in the order of time."""

    rgb: Sequence[Picture]
    hips_px: FloatArray
    """(T, 2) middle of the hips in the pixels of each picture."""
    trunk_px: float


@dataclass(frozen=True, eq=False)
class Edge:
    """The edge of the waistband over a clip."""

    line_px: FloatArray
    """(T, 2, 2) points on it left and right of the spine, in pixels of each picture; NaN where hidden."""
    contrast: float
    """Distance in colour (CIE Lab, 0 to 255) between above and below."""
    above_hips: float
    """How far it lies above the middle of the hip points, in trunk lengths."""
    flaw: Flaw = ""
    """Why it must not be taken for the pelvis; empty where nothing speaks against it."""


@dataclass(frozen=True, eq=False)
class _Seed:
    """Where to begin: height of the edge, what changes across it, from where to where it is followed."""

    y: float
    change: FloatArray
    """(3,) colour above less colour below."""
    left: float = -BACK
    right: float = BACK


@dataclass(frozen=True, eq=False)
class _Rough:
    """A straight line for each picture: height at x = 0, and slope, + down to the right."""

    y: FloatArray
    slope: FloatArray


def find_edge(waist: Waistline) -> Edge:
    """Find the upper edge of the shorts in every picture; ``flaw`` says where it is not worth reading."""
    small, scale = _small(waist)
    seed, spread = _seed(small, scale)
    if spread > TOGETHER:
        return _nothing(len(small), "no-edge")
    contrast = float(np.linalg.norm(seed.change))
    if contrast < CONTRAST:
        return _nothing(len(small), "one-colour", contrast)
    edge = _followed(waist, small, scale, seed, _rough(small, scale, seed))
    low, high = ON_PELVIS
    if not edge.flaw and not low <= edge.above_hips <= high:
        return Edge(edge.line_px, edge.contrast, edge.above_hips, "not-on-the-pelvis")
    return edge


def follow_marked(waist: Waistline, picture: int, left_px: FloatArray, right_px: FloatArray) -> Edge:
    """Snap two clicks in one picture to the edge between them, and follow it.

    Parameters
    ----------
    picture
        Number of the picture that was clicked.
    left_px, right_px
        (2,) the clicks, in pixels of that picture.
    """
    small, scale = _small(waist)
    clicks = (np.array([left_px, right_px]) - waist.hips_px[picture]) / waist.trunk_px
    (x0, y0), (x1, y1) = clicks[np.argsort(clicks[:, 0])]
    if x1 - x0 < STEP:
        return _nothing(len(small), "no-edge")
    clicked = (y1 - y0) / (x1 - x0)
    middle = (x0 + x1) / 2
    left, right = min(x0, middle - MARKED_BACK), max(x1, middle + MARKED_BACK)
    seed = _Seed(float(y0 - clicked * x0), np.zeros(3), float(left), float(right))
    seed, slope = _snapped(small[picture], scale, seed, float(clicked))
    contrast = float(np.linalg.norm(seed.change))
    if contrast < MARKED_CONTRAST:
        return _nothing(len(small), "one-colour", contrast)
    rough = _rough(small, scale, seed)
    rough.y[picture], rough.slope[picture] = seed.y, slope
    return _followed(waist, small, scale, seed, rough)


def _nothing(count: int, flaw: Flaw, contrast: float = 0.0) -> Edge:
    return Edge(np.full((count, 2, 2), np.nan), contrast, float("nan"), flaw)


def _small(waist: Waistline) -> tuple[list[NDArray[np.float32]], float]:
    """Small pictures in CIE Lab with the hips at one place, and their pixels in a trunk length."""
    scale = float(np.clip(waist.trunk_px, *TRUNK_PX))
    size = round(2 * HALF_WIDTH * scale), round((ABOVE + BELOW) * scale)
    small = []
    for rgb, (x, y) in zip(waist.rgb, waist.hips_px, strict=True):
        zoom = scale / waist.trunk_px
        moved = np.array([[zoom, 0, HALF_WIDTH * scale - zoom * x], [0, zoom, ABOVE * scale - zoom * y]])
        part = cv2.warpAffine(rgb, moved, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        lab = cv2.cvtColor(part, cv2.COLOR_RGB2LAB).astype(np.float32)
        small.append(np.asarray(cv2.GaussianBlur(lab, (0, 0), 0.008 * scale), dtype=np.float32))
    return small, scale


def _sheared(lab: NDArray[np.float32], scale: float, slope: float, seed: _Seed) -> FloatArray:
    """(rows, 3) colour of each row along a slope: the median of its columns, so that no hand counts."""
    middle = HALF_WIDTH * scale
    shear = np.array([[1, 0, 0], [-slope, 1, slope * middle]])
    size = lab.shape[1], lab.shape[0]
    level = cv2.warpAffine(lab, shear, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    columns = slice(round(middle + seed.left * scale), max(round(middle + seed.right * scale), 1))
    part = level[:, columns]
    blocks = max(1, min(12, part.shape[1]))
    narrow = cv2.resize(part, (blocks, part.shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(np.median(narrow, axis=1), dtype=float)


def _means(rows: FloatArray, height_px: int) -> tuple[FloatArray, FloatArray]:
    """Mean of the rows just above, and just below, the upper border of each row."""
    total = np.vstack([np.zeros(rows.shape[1]), np.cumsum(rows, axis=0)])
    index = np.arange(len(rows))
    top, bottom = np.maximum(index - height_px, 0), np.minimum(index + height_px, len(rows))
    above = (total[index] - total[top]) / np.maximum(index - top, 1)[:, None]
    return above, (total[bottom] - total[index]) / np.maximum(bottom - index, 1)[:, None]


def _row(y: float, scale: float) -> int:
    return round((ABOVE + y) * scale)


def _seed(small: Sequence[NDArray[np.float32]], scale: float) -> tuple[_Seed, float]:
    """Find the border between the seat of the shorts and what is above, and how much its height scatters."""
    whole = _Seed(0.0, np.zeros(3))
    chosen = np.unique(np.linspace(0, len(small) - 1, SEEDS).round().astype(int))
    step, cloth = round(STEP * scale), round(CLOTH * scale)
    zone = np.arange(_row(ZONE[0], scale), _row(ZONE[1], scale))
    heights, changes = [], []
    for k in chosen:
        profiles = [_sheared(small[k], scale, np.tan(np.radians(s)), whole) for s in SLOPES_DEG]
        best = max((_border(p, scale, zone, (step, cloth)) for p in profiles), key=lambda border: border[0])
        heights.append(best[1] / scale - ABOVE)
        changes.append(best[2])
    middle = float(np.median(heights))
    near = np.abs(np.array(heights) - middle) < TOGETHER
    change = np.median(np.array(changes)[near], axis=0)
    return _Seed(middle, change), float(np.median(np.abs(np.array(heights) - middle)))


def _border(
    profile: FloatArray, scale: float, zone: NDArray[np.int_], heights_px: tuple[int, int]
) -> tuple[float, int, FloatArray]:
    """How good the best border in a profile is, its row, and what changes across it.

    Good is a sharp change of colour with cloth unlike the seat above it, and nothing but seat below it.
    """
    step, cloth = heights_px
    seat_rows = profile[_row(SHORTS[0], scale) : _row(SHORTS[1], scale)]
    seat = np.median(seat_rows, axis=0)
    unlike = np.minimum(np.linalg.norm(profile - seat, axis=1), 60.0)
    upper, lower = _means(profile, step)
    over, _ = _means(unlike[:, None], cloth)
    total = np.concatenate([[0.0], np.cumsum(unlike)])
    end = _row(SHORTS[1], scale)
    under = (total[end] - total[zone]) / np.maximum(end - zone, 1)
    clear = np.maximum(over[zone, 0] - under, 0)
    change = upper[zone] - lower[zone]
    good = np.linalg.norm(change, axis=1) * clear
    best = int(good.argmax())
    return float(good[best]), int(zone[best]), change[best]


def _rough(small: Sequence[NDArray[np.float32]], scale: float, seed: _Seed) -> _Rough:
    """Lay a line along the change of colour near the seed's height in every picture."""
    direction = seed.change / np.linalg.norm(seed.change)
    step = round(STEP * scale)
    rows = np.arange(_row(seed.y - STRAYS, scale), _row(seed.y + STRAYS, scale) + 1)
    off = (rows / scale - ABOVE - seed.y) / STRAYS
    ys, slopes = [], []
    for lab in small:
        scores = []
        for slope in np.tan(np.radians(SLOPES_DEG)):
            upper, lower = _means(_sheared(lab, scale, slope, seed), step)
            along = (upper - lower)[rows] @ direction
            scores.append(along * (1 - 0.25 * off**2))
        which, row = np.unravel_index(int(np.argmax(scores)), (len(scores), len(rows)))
        ys.append(rows[row] / scale - ABOVE)
        slopes.append(float(np.tan(np.radians(SLOPES_DEG[which]))))
    return _Rough(np.array(ys), np.array(slopes))


def _snapped(lab: NDArray[np.float32], scale: float, seed: _Seed, clicked: float) -> tuple[_Seed, float]:
    """Move a clicked line to the strongest change of colour near it."""
    step = round(STEP * scale)
    rows = np.arange(_row(seed.y - SNAP, scale), _row(seed.y + SNAP, scale) + 1)
    off = (rows / scale - ABOVE - seed.y) / SNAP
    best, found = 0.0, (seed, clicked)
    for turn in np.tan(np.radians(np.arange(-6.0, 6.1, 1.0))):
        upper, lower = _means(_sheared(lab, scale, clicked + turn, seed), step)
        change = (upper - lower)[rows]
        strong = np.linalg.norm(change, axis=1) * (1 - 0.7 * off**2)
        top = int(strong.argmax())
        if strong[top] > best:
            best = float(strong[top])
            moved = _Seed(rows[top] / scale - ABOVE, change[top], seed.left, seed.right)
            found = moved, float(clicked + turn)
    return found


def _followed(
    waist: Waistline, small: Sequence[NDArray[np.float32]], scale: float, seed: _Seed, rough: _Rough
) -> Edge:
    """Refine the line of every picture against the clip's median profiles."""
    x = np.linspace(seed.left, seed.right, 2 * COLUMNS + 1)[1::2]
    y, slope = rough.y.copy(), rough.slope.copy()
    for _ in range(ROUNDS):
        profiles = _profiles(small, scale, (y, slope), (seed.left, seed.right))
        usual = np.median(profiles, axis=0)
        shift, alike = _shifts(profiles, usual, scale)
        turn, rise = _lines(x, np.where(alike > ALIKE, shift, np.nan))
        known = np.isfinite(turn)
        y, slope = np.where(known, y + rise, y), np.where(known, slope + turn, slope)
    seen = known & _enough(alike > ALIKE)
    (own_turn,), (own_rise,) = _lines(x, _shape(usual, seed.change, scale)[None])
    y, slope = y + own_rise, slope + own_turn
    ends = np.array([seed.left, seed.right])
    line = np.stack(np.broadcast_arrays(ends[None], y[:, None] + slope[:, None] * ends), axis=-1)
    line_px = waist.hips_px[:, None] + waist.trunk_px * line
    line_px[~seen] = np.nan
    above = -float(np.median(y[seen])) if seen.any() else float("nan")
    hidden = seen.mean() < SEEN_PICTURES or not np.isfinite(own_turn)
    contrast = float(np.linalg.norm(seed.change))
    return Edge(line_px, contrast, above, "hidden" if hidden else "")


def _profiles(
    small: Sequence[NDArray[np.float32]],
    scale: float,
    line: tuple[FloatArray, FloatArray],
    across: tuple[float, float],
) -> NDArray[np.float32]:
    """(T, columns, rows, 3) colours across the edge, rectified along the rough line of each picture."""
    width = round((across[1] - across[0]) * scale)
    rows = 2 * round(REACH * scale) + 1
    result = np.empty((len(small), COLUMNS, rows, 3), dtype=np.float32)
    for k, (lab, y, slope) in enumerate(zip(small, *line, strict=True)):
        start = (HALF_WIDTH + across[0]) * scale
        top = (ABOVE + y + slope * across[0]) * scale - (rows - 1) / 2
        back = np.array([[1, 0, start], [slope, 1, top]])
        strip = cv2.warpAffine(
            lab,
            back,
            (width, rows),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        result[k] = cv2.resize(strip, (COLUMNS, rows), interpolation=cv2.INTER_AREA).transpose(1, 0, 2)
    return result


def _shifts(
    profiles: NDArray[np.float32], usual: NDArray[np.float32], scale: float
) -> tuple[FloatArray, FloatArray]:
    """(T, columns) how far below its usual place each profile lies, and the share of it that is explained."""
    reach, rows = round(SHIFT * scale), profiles.shape[2]
    inner = slice(reach, rows - reach)
    wanted = usual[:, inner]
    flat = wanted - wanted.mean(axis=1, keepdims=True)
    size = np.maximum(np.square(flat).sum(axis=(1, 2)), 1e-6)
    off = np.stack(
        [
            np.square(profiles[:, :, reach + d : rows - reach + d] - wanted[None]).sum(axis=(2, 3))
            for d in range(-reach, reach + 1)
        ],
        axis=-1,
    )
    best = off.argmin(axis=-1)
    inside = np.clip(best, 1, off.shape[-1] - 2)
    before, least, after = (
        np.take_along_axis(off, (inside + d)[..., None], axis=-1)[..., 0] for d in (-1, 0, 1)
    )
    bend = np.maximum(before - 2 * least + after, 1e-6)
    shift = (inside - reach + np.clip((before - after) / (2 * bend), -1, 1)) / scale
    alike = np.where(best == inside, 1 - least / size[None], 0.0)
    return np.asarray(shift, dtype=float), np.asarray(alike, dtype=float)


def _lines(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(T,) slope and height at x = 0 of the line through (T, n) points (Theil and Sen); NaN with too few."""
    first, second = np.triu_indices(len(x), k=2)
    slopes = (y[:, second] - y[:, first]) / (x[second] - x[first])
    enough = np.isfinite(y).mean(axis=1) >= LINE_COLUMNS
    slope, height = np.full(len(y), np.nan), np.full(len(y), np.nan)
    slope[enough] = np.nanmedian(slopes[enough], axis=1)
    height[enough] = np.nanmedian(y[enough] - slope[enough, None] * x, axis=1)
    return slope, height


def _enough(seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(T,) True where enough columns are seen, far enough apart."""
    first = seen.argmax(axis=1)
    last = seen.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
    wide = last - first >= SPANNED * seen.shape[1]
    return np.asarray((seen.mean(axis=1) >= SEEN_COLUMNS) & wide)


def _shape(usual: NDArray[np.float32], change: FloatArray, scale: float) -> FloatArray:
    """(columns,) where the edge lies in the median profile of each column, below the rough line."""
    along = usual @ (change / np.linalg.norm(change))
    fall = -np.gradient(along, axis=1)
    middle = (usual.shape[1] - 1) / 2
    window = np.exp(-0.5 * ((np.arange(usual.shape[1]) - middle) / (0.5 * STRAYS * scale)) ** 2)
    strong = np.maximum(fall * window, 0) ** 2
    rows = np.arange(usual.shape[1])
    weight = np.maximum(strong.sum(axis=1), 1e-9)
    return np.asarray(((strong * rows).sum(axis=1) / weight - middle) / scale, dtype=float)
