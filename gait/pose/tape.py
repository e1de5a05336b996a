"""Two pieces of tape on the waistband, seen from behind: small spots that stand out from the cloth."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SPOT_SIDE = (0.02, 0.15)
"""Width and height of a piece, in trunk lengths: 1 to 7 cm on an adult."""
FILLED_SHARE, LONGEST_SHAPE = 0.5, 3.0
"""A spot fills its box at least so far, and is at most so many times longer than wide."""
STANDS_OUT = (30.0, 60.0, 90.0, 120.0)
"""Distances in colour (CIE Lab, 0 to 255) from the cloth around at which spots are looked for."""
APART, SLOPE = (0.1, 0.36), 0.4
"""How far apart two pieces are, in trunk lengths (5 to 18 cm), and how steep their line can be."""
WAIST, ASIDE = (-0.28, 0.0), 0.08
"""How far below the hips (above is minus) their middle lies, and how far beside them, in trunk lengths."""
ALIKE_SIZE, ALIKE_COLOUR = 1.8, 45.0
SAME_PLACE, SAME_APART = 0.12, 0.06
"""Distances, in trunk lengths, within which pairs of two pictures are the same two pieces."""
SEEN_SHARE = 0.4
"""Share of the pictures in which two pieces must be found to be believed."""


@dataclass(frozen=True)
class _Spot:
    x: float
    y: float
    side: float
    """Root of the area; all three in trunk lengths from the middle of the hips."""
    colour: tuple[float, float, float]


@dataclass(frozen=True)
class _Pair:
    left: _Spot
    right: _Spot

    @property
    def features(self) -> FloatArray:
        """(4,) what the same two pieces keep from picture to picture, in units of how far they may differ."""
        middle = (self.left.x + self.right.x) / 2, (self.left.y + self.right.y) / 2
        apart = float(np.hypot(self.right.x - self.left.x, self.right.y - self.left.y))
        size = float(np.log(self.left.side * self.right.side) / np.log(ALIKE_SIZE))
        return np.array([middle[0] / SAME_PLACE, middle[1] / SAME_PLACE, apart / SAME_APART, size])


def find_tape(crops: Sequence[NDArray[np.uint8]], hips_px: FloatArray, trunk_px: float) -> FloatArray | None:
    """Find the two pieces in every picture.

    Parameters
    ----------
    crops
        T pictures, (height, width, 3), of the hips.
    hips_px
        (T, 2) middle of the hips in the pixels of each.
    trunk_px
        Length from mid-hip to mid-shoulder.

    Returns
    -------
    FloatArray | None
        (T, 2, 2) left and right piece in the picture, in pixels of each; NaN where one is hidden. None if
        no two spots stay together in enough of the pictures.
    """
    pairs = [_pairs(_spots(rgb, hip, trunk_px)) for rgb, hip in zip(crops, hips_px, strict=True)]
    every = np.array([pair.features for found in pairs for pair in found]).reshape(-1, 4)
    if len(every) < SEEN_SHARE * len(crops):
        return None
    close = (np.abs(every[:, None] - every[None]) < 1).all(axis=-1).sum(axis=1)
    usual = np.median(every[(np.abs(every - every[close.argmax()]) < 1).all(axis=1)], axis=0)
    chosen = [_nearest(found, usual) for found in pairs]
    if sum(pair is not None for pair in chosen) < SEEN_SHARE * len(crops):
        return None
    nowhere = ((np.nan, np.nan), (np.nan, np.nan))
    places = [((p.left.x, p.left.y), (p.right.x, p.right.y)) if p else nowhere for p in chosen]
    return np.asarray(hips_px[:, None] + trunk_px * np.array(places))


def _nearest(pairs: Sequence[_Pair], usual: FloatArray) -> _Pair | None:
    near = [pair for pair in pairs if (np.abs(pair.features - usual) < 1).all()]
    return min(near, key=lambda pair: float(np.abs(pair.features - usual).sum())) if near else None


def _spots(rgb: NDArray[np.uint8], hip_px: FloatArray, trunk_px: float) -> list[_Spot]:
    if min(rgb.shape[:2]) < 8:
        return []
    lab = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB), dtype=np.uint8)
    window = min(255, 2 * round(SPOT_SIDE[1] * trunk_px) + 1)
    cloth = cv2.medianBlur(lab, window)
    off = np.linalg.norm(lab.astype(np.float32) - cloth, axis=-1)
    spots = []
    for level in STANDS_OUT:
        _, _, boxes, _ = cv2.connectedComponentsWithStats((off > level).astype(np.uint8))
        for left, top, width, height, area in boxes[1:]:
            if _like_a_piece(width / trunk_px, height / trunk_px, area / width / height):
                part = slice(top, top + height), slice(left, left + width)
                weight = np.where(off[part] > level, off[part], 0)
                spots.append(_spot(lab[part], weight, np.array([left, top]) - hip_px, trunk_px))
    return spots


def _like_a_piece(width: float, height: float, filled: float) -> bool:
    narrow, long = sorted((width, height))
    fits = SPOT_SIDE[0] <= narrow and long <= SPOT_SIDE[1]
    return fits and long <= LONGEST_SHAPE * narrow and filled >= FILLED_SHARE


def _spot(
    lab: NDArray[np.uint8], weight: NDArray[np.float32], corner_px: FloatArray, trunk_px: float
) -> _Spot:
    """Place a spot between pixels, by how much each stands out."""
    rows, columns = np.indices(weight.shape)
    x, y = ((axis * weight).sum() / weight.sum() + 0.5 for axis in (columns, rows))
    colour = (lab * weight[..., None]).sum(axis=(0, 1)) / weight.sum()
    return _Spot(
        x=float(corner_px[0] + x) / trunk_px,
        y=float(corner_px[1] + y) / trunk_px,
        side=float(np.sqrt((weight > 0).sum())) / trunk_px,
        colour=(float(colour[0]), float(colour[1]), float(colour[2])),
    )


def _pairs(spots: Sequence[_Spot]) -> list[_Pair]:
    return [_Pair(left, right) for left, right in permutations(spots, 2) if _could_be_tape(left, right)]


def _could_be_tape(left: _Spot, right: _Spot) -> bool:
    across, up = right.x - left.x, right.y - left.y
    alike = abs(np.log(left.side / right.side)) < np.log(ALIKE_SIZE)
    same_colour = float(np.linalg.norm(np.subtract(left.colour, right.colour))) < ALIKE_COLOUR
    fits = APART[0] <= across <= APART[1] and abs(up) <= SLOPE * across
    middle_x, middle_y = (left.x + right.x) / 2, (left.y + right.y) / 2
    on_waist = abs(middle_x) <= ASIDE and WAIST[0] <= middle_y <= WAIST[1]
    return bool(fits and on_waist and alike and same_colour)
