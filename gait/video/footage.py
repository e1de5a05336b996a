"""What the pictures are like as a film: repeated, made up between two others, cut, panned, dark."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Thumb = NDArray[np.uint8]

REPEATED_SHARE = 0.15
"""A picture that differs from the one before by less than this share of the usual is the same again."""
BLENDED_SHARE = 0.6
"""A picture is made up if its neighbours' mean comes nearer to it than this share of what is usual."""
CUT_TIMES, CUT_LEVELS = 8.0, 12.0
"""A cut differs this many times more than the usual pair of pictures, and by so many grey levels."""
FOLLOWED_SHARE = 0.1
"""Drift of the background, as a share of the picture's longer side, that makes a moving camera."""
DRIFT_STEPS = 40
ANCHOR_SHARE = 0.1
"""Shift, as a share of the longer side, beyond which pictures are held against a new one."""
MIN_POINTS = 8
"""Points that must be found again in another picture to say how the background moved."""


@dataclass(frozen=True, eq=False)
class Footage:
    """What was seen of a stretch of a clip; frames are counted within the stretch."""

    repeated: NDArray[np.bool_]
    """(T,) True for a picture that only repeats the one before."""
    blended: bool
    """True if every second picture (or three of four) was computed from its neighbours."""
    cuts: tuple[int, ...]
    """First frames after a cut."""
    drift_share: float
    """How far the background wanders, as a share of the picture's longer side."""
    light: float
    """Grey level in the middle of what is seen, 0 (black) to 255."""

    @property
    def camera_moves(self) -> bool:
        """True if the camera pans or is carried along."""
        return self.drift_share > FOLLOWED_SHARE

    def longest_shot(self) -> tuple[int, int]:
        """First and last frame of the longest stretch between cuts."""
        edges = (0, *self.cuts, len(self.repeated))
        first, stop = max(pairwise(edges), key=lambda pair: pair[1] - pair[0])
        return first, stop - 1


def footage(thumbs: Sequence[Thumb]) -> Footage:
    """Judge a stretch of consecutive frames by their small grey pictures, all of one size."""
    film = np.array(thumbs, dtype=np.float32)
    change = np.abs(np.diff(film, axis=0)).mean(axis=(1, 2))
    return Footage(
        repeated=_repeated(change),
        blended=_blended(film),
        cuts=_cuts(change),
        drift_share=_drift_share(thumbs),
        light=float(np.median([np.median(thumb) for thumb in thumbs])),
    )


def _repeated(change: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Pictures like the one before, if enough of the others differ that this means something."""
    same = np.zeros(len(change) + 1, dtype=bool)
    if len(change) == 0:
        return same
    usual = float(np.percentile(change, 90))
    same[1:] = change < REPEATED_SHARE * usual
    return same


def _blended(film: NDArray[np.float32]) -> bool:
    """Whether the pictures of one phase of a short cycle lie much nearer to their neighbours' mean."""
    if len(film) < 24:
        return False
    off = np.abs(film[1:-1] - (film[:-2] + film[2:]) / 2).mean(axis=(1, 2))
    if np.median(off) == 0:
        return False
    for cycle in (2, 4, 8):
        level = np.array([np.median(off[phase::cycle]) for phase in range(cycle)])
        if level.min() < BLENDED_SHARE * level.max() and _lasts(off, cycle, int(level.argmax())):
            return True
    return False


def _lasts(off: NDArray[np.float32], cycle: int, real: int) -> bool:
    """True if the pictures of one phase stand out from their neighbours nearly every time."""
    phase = np.arange(len(off)) % cycle == real
    others = np.array([off[max(0, k - 1) : k + 2 : 2].mean() for k in np.flatnonzero(phase)])
    return bool((off[phase] > others).mean() > 0.9)


def _cuts(change: NDArray[np.float32]) -> tuple[int, ...]:
    if len(change) == 0:
        return ()
    level = max(CUT_LEVELS, CUT_TIMES * float(np.median(change)))
    return tuple(int(frame) + 1 for frame in np.flatnonzero(change > level))


def _drift_share(film: Sequence[Thumb]) -> float:
    """Largest distance between two places of the background: what most points in the picture do.

    Each picture is held against one anchor while enough of its points are found, so that nothing adds up.
    """
    longer = max(film[0].shape)
    chosen = np.unique(np.linspace(0, len(film) - 1, min(len(film), DRIFT_STEPS)).astype(int))
    anchor, anchored = film[chosen[0]], np.zeros(2)
    places = [anchored]
    for frame in chosen[1:]:
        shift = _shift_px(anchor, film[frame])
        if shift is None:
            continue
        place = anchored + shift
        places.append(place)
        if np.abs(shift).max() > ANCHOR_SHARE * longer:
            anchor, anchored = film[frame], place
    return float(np.ptp(np.array(places), axis=0).max() / longer)


def _shift_px(before: Thumb, after: Thumb) -> NDArray[np.float64] | None:
    """Median way of the points that can be followed from one picture to another; None if too few can."""
    points = cv2.goodFeaturesToTrack(before, maxCorners=80, qualityLevel=0.02, minDistance=4)
    if points is None or len(points) < MIN_POINTS:
        return None
    found, ok, _ = cv2.calcOpticalFlowPyrLK(before, after, points, np.empty_like(points))
    good = ok.ravel() == 1
    if good.sum() < MIN_POINTS:
        return None
    return np.asarray(np.median((found - points).reshape(-1, 2)[good], axis=0), dtype=np.float64)
