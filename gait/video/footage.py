"""What the pictures are like as a film: repeated, made up between two others, cut, panned, dark."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Thumb = NDArray[np.uint8]

REPEATED_SHARE = 0.25
"""A picture is the same again if the places that changed most did so by less than this share of what they
do around it: codecs leave 0 to 0.17, and the stillest picture of a run 0.49 or more (bundled clips)."""
AROUND = 16
"""Pictures on either side that say what is usual: two new ones where every one is shown eight times."""
NEWEST = 3
"""A picture is usually as new as the third newest around it."""
NOTHING_NEW = 2.0
"""Grey levels; where nothing around a picture changes more, repeats cannot be told."""
BLENDED_SHARE = 0.6
"""A picture is made up if its neighbours' mean comes nearer to it than this share of what is usual."""
CUT_LEVELS, CUT_TIMES, CUT_AROUND = 10.0, 1.35, 6
"""A cut changes so many grey levels, and so many times more than any other picture so near to it."""
CUT_UNEXPLAINED = 0.55
"""Share of the change that is left at a cut when the picture before is moved to where it fits best."""
REGULAR_GAPS, REGULAR_REPEATS = 1.05, 8
"""Pictures came at an even rate if repeats bring none of so many off it by more than so many gaps."""
BAR_LEVEL = 6
"""Grey level below which the rows or columns of an edge are a black bar and not part of the film."""
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
    spacing: float = 1.0
    """Stored gaps from one new picture to the next, where repeats fill up an even rate (1.25 for 24 new
    pictures a second stored as 30); 1 otherwise."""
    unread: int = 0
    """Pictures that the file announces and does not give."""

    @property
    def camera_moves(self) -> bool:
        """True if the camera pans or is carried along."""
        return self.drift_share > FOLLOWED_SHARE

    def longest_shot(self) -> tuple[int, int]:
        """First and last frame of the longest stretch between cuts."""
        edges = (0, *self.cuts, len(self.repeated))
        first, stop = max(pairwise(edges), key=lambda pair: pair[1] - pair[0])
        return first, stop - 1


def footage(
    thumbs: Sequence[Thumb],
    news: Sequence[float] | None = None,
    sizes: Sequence[tuple[int, int]] | None = None,
    unread: int = 0,
) -> Footage:
    """Judge a stretch of consecutive frames by their small grey pictures, all of one size.

    Parameters
    ----------
    news
        How much each differs from the one before where they differ most, in grey levels; None to read it
        off the thumbs, in which somebody far away is hardly to be seen.
    sizes
        Width and height of each as stored; a change is a cut.
    """
    film = np.array(thumbs, dtype=np.float32)
    steps = np.abs(np.diff(film, axis=0))
    most = np.array(news[1:]) if news is not None else _most_changed(steps)
    repeated = _repeated(most)
    resized = {k for k in range(1, len(sizes)) if sizes[k] != sizes[k - 1]} if sizes else set()
    cuts = _cuts(thumbs, steps.mean(axis=(1, 2)), repeated)
    return Footage(
        repeated=repeated,
        blended=_blended(film),
        cuts=tuple(sorted(resized | set(cuts))),
        drift_share=_drift_share(thumbs),
        light=_light(film),
        spacing=_spacing(repeated),
        unread=unread,
    )


def respaced(pts_s: NDArray[np.float64], original: NDArray[np.int_], film: Footage) -> NDArray[np.float64]:
    """Times at which pictures were taken that repeats only brought to another rate.

    Parameters
    ----------
    pts_s
        (n,) times at which the new pictures are first shown.
    original
        (n,) their numbers among all pictures, repeats included.
    """
    if film.spacing == 1 or len(pts_s) < 2:
        return pts_s
    order = np.cumsum(~film.repeated)[original].astype(float)
    slope, start = np.polyfit(order, pts_s, 1)
    return np.asarray(start + slope * order)


def _most_changed(steps: NDArray[np.float32]) -> NDArray[np.float64]:
    """(T - 1,) mean of the largest differences between each picture and the next."""
    flat = steps.reshape(len(steps), -1)
    count = max(1, flat.shape[1] // 500) if len(flat) else 1
    return np.asarray(np.sort(flat, axis=1)[:, -count:].mean(axis=1), dtype=np.float64)


def _repeated(news: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Pictures like the one before, where those around them change enough that this means something."""
    same = np.zeros(len(news) + 1, dtype=bool)
    if len(news) < NEWEST:
        return same
    padded = np.pad(news, AROUND, constant_values=0.0)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1)
    usual = np.sort(windows, axis=1)[:, -NEWEST]
    same[1:] = (usual > NOTHING_NEW) & (news < REPEATED_SHARE * usual)
    return same


def _spacing(repeated: NDArray[np.bool_]) -> float:
    """Stored gaps between new pictures if they come evenly; 1 if pictures were dropped here and there."""
    new = np.flatnonzero(~repeated)
    if repeated.sum() < REGULAR_REPEATS or len(new) < 2:
        return 1.0
    order = np.arange(len(new), dtype=float)
    slope, start = np.polyfit(order, new, 1)
    off = new - (start + slope * order)
    return float(slope) if np.ptp(off) < REGULAR_GAPS else 1.0


def _light(film: NDArray[np.float32]) -> float:
    """Grey level in the middle of the picture, black bars at its edges left out."""
    middle = np.median(film, axis=0)
    inside = middle
    for axis in (0, 1):
        lit = np.flatnonzero(middle.max(axis=1 - axis) > BAR_LEVEL)
        if len(lit):
            inside = inside.take(np.arange(lit[0], lit[-1] + 1), axis=axis)
    return float(np.median(inside))


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


def _cuts(
    thumbs: Sequence[Thumb], change: NDArray[np.float32], repeated: NDArray[np.bool_]
) -> tuple[int, ...]:
    """First pictures after a leap that stands out from the change around it and is no move of the camera."""
    new = np.where(repeated[1:], 0.0, change)
    padded = np.pad(new, CUT_AROUND)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * CUT_AROUND + 1).copy()
    windows[:, CUT_AROUND] = 0
    leaps = np.flatnonzero((new > CUT_LEVELS) & (new > CUT_TIMES * windows.max(axis=1, initial=0.0)))
    return tuple(k + 1 for k in map(int, leaps) if _unexplained(thumbs[k], thumbs[k + 1]) > CUT_UNEXPLAINED)


def _unexplained(before: Thumb, after: Thumb) -> float:
    """Share of the difference between two pictures that is left when one is moved onto the other."""
    one, other = before.astype(np.float32), after.astype(np.float32)
    window = cv2.createHanningWindow(one.shape[::-1], cv2.CV_32F)
    shifts = [cv2.phaseCorrelate(one, other, window)[0]]
    flow = _shift_px(before, after)
    if flow is not None:
        shifts.append((float(flow[0]), float(flow[1])))
    whole = float(np.abs(other - one).mean())
    left = [_left_over(one, other, shift) for shift in shifts]
    return min(left) / whole if whole > 0 else 0.0


def _left_over(one: NDArray[np.float32], other: NDArray[np.float32], shift: Sequence[float]) -> float:
    """Mean difference where two pictures overlap when the first is moved by so many pixels."""
    move = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], dtype=np.float64)
    size = (one.shape[1], one.shape[0])
    moved = cv2.warpAffine(one, move, size)
    there = cv2.warpAffine(np.ones_like(one), move, size) > 0.99
    return float(np.abs(other - moved)[there].mean()) if there.mean() > 0.3 else np.inf


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
