"""From the readings of single pictures to one runner's track: new pictures, true times, the right legs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gait.body import COUNT, LEFT, RIGHT
from gait.pose import sides
from gait.pose.period import even_pace, even_stretch, on_even_grid, period
from gait.pose.posetrack import Person, PoseTrack
from gait.pose.reading import Reading
from gait.video.footage import Footage, respaced
from gait.video.plumb import Plumb

FloatArray = NDArray[np.float64]

NOBODY = Person(np.full((COUNT, 2), np.nan), np.zeros(COUNT))
CLEARLY_SHORTER = 0.75
"""Share below which one stride is not the same as another but nearer to half of it."""
AT_THE_EDGE = 0.004
"""Share of the picture's size so near to its edge that what is there may as well lie outside."""
FEET_OUT, MOST_FEET_OUT = 0.1, 0.3
"""Share of a stride's pictures in which a foot may be out of the picture, and of all from which the part
where the feet are in it is used alone."""
ENOUGH_STRIDES = 3.0
"""Strides that must be left for it to be worth leaving the others out."""
FEET = [point for leg in (LEFT, RIGHT) for point in (leg.ankle, leg.heel, leg.toe)]


@dataclass(frozen=True, eq=False)
class Shot:
    """The new pictures of the longest shot, as they were read."""

    film: Footage
    taken: Sequence[Reading]
    """Each new picture, where it is first shown."""
    read: NDArray[np.int_]
    """(n,) the reading that shows each of them: itself or a repeat."""
    pts_s: FloatArray
    """(n,) when each of them was shown, without the repeats."""


def newest(seen: Sequence[Reading], film: Footage) -> Shot:
    """Pick the pictures of the longest shot that are new, and their times."""
    first, last = film.longest_shot()
    read = np.array([k for k in range(first, last + 1) if not seen[k].skipped])
    latest = np.maximum.accumulate(np.where(film.repeated, 0, np.arange(len(seen))))
    origin, at = np.unique(latest[read], return_index=True)
    taken = [seen[k] for k in origin]
    return Shot(film, taken, read[at], respaced(np.array([r.pts_s for r in taken]), origin, film))


def assemble(
    shot: Shot,
    first: Sequence[Person | None],
    second: Sequence[Person | None],
    size_px: tuple[int, int],
    upright: Plumb | None,
    quarters: int = 0,
) -> PoseTrack:
    """Put a track together; without a second look the legs stay as the model names them."""
    people = [one or other or NOBODY for one, other in zip_longest(first, second)]
    others = [other or NOBODY for other in second]
    xy_px, visibility = _inside(landmarks(people), size_px), np.array([p.visibility for p in people])
    repaired = np.zeros(len(people), dtype=bool)
    kept = slice(0, len(people))
    if second:
        gap_s = float(np.median(np.diff(shot.pts_s))) if len(people) > 1 else 1.0
        looks = sides.Looks(shot.pts_s / gap_s, xy_px, _inside(landmarks(others), size_px))
        smooth = sides.take(xy_px, looks.second_px, sides.smoothest(looks))
        begin, end = even_stretch(between_ankles(smooth))
        kept = slice(begin, end + 1)
        stride = _stride(looks.frame[kept], smooth[kept])
        steady = sides.at_one_size(looks.part(kept), stride)
        choice, foreign = sides.steadiest(steady, stride)
        xy_px = sides.without(sides.take(xy_px[kept], looks.second_px[kept], choice), foreign)
        again = np.array([person.visibility for person in others])
        visibility, repaired = sides.take(visibility[kept], again[kept], choice), choice.mixed_up
    track = PoseTrack(
        frame=np.array([reading.frame for reading in shot.taken])[kept],
        pts_s=shot.pts_s[kept],
        xy_px=xy_px,
        visibility=visibility,
        repaired=repaired,
        size_px=size_px,
        footage=shot.film,
        plumb=upright,
        outside=_outside(landmarks(people), size_px, AT_THE_EDGE)[kept],
        quarters=quarters,
    )
    return where_even(where_the_feet_are(track)) if second else track


def where_the_feet_are(track: PoseTrack) -> PoseTrack:
    """The longest part with the feet in the picture, if they are out of it for much of the rest."""
    if track.outside is None or len(track.pts_s) < 3:
        return track
    stride = _stride(np.arange(len(track.pts_s), dtype=float), track.xy_px)
    out = track.outside[:, FEET].any(axis=1).astype(float)
    if not stride > 0 or out.mean() <= MOST_FEET_OUT:
        return track
    share = ndimage.uniform_filter1d(out, max(1, round(stride)), mode="nearest")
    good = np.concatenate([[False], share <= FEET_OUT, [False]])
    edges = np.flatnonzero(np.diff(good.astype(int)))
    parts = zip(edges[::2], edges[1::2], strict=True)
    begin, stop = max(parts, key=lambda part: part[1] - part[0], default=(0, 0))
    if stop - begin < ENOUGH_STRIDES * stride:
        return track
    without = (out == 0) & np.isfinite(track.xy_px[:, LEFT.hip, 0])
    begin -= int(np.argmin(np.append(without[:begin][::-1], False)))
    stop += int(np.argmin(np.append(without[stop:], False)))
    return track.part(slice(begin, stop), "feet")


def where_even(track: PoseTrack) -> PoseTrack:
    """The longest part that is run at one pace, and in one way."""
    size = sides.trunk_size(track.xy_px)
    seen = np.isfinite(size)
    if not seen.any():
        return track
    place = np.arange(len(size))
    apart = between_ankles(track.xy_px)
    sized = apart / np.interp(place, place[seen], size[seen])
    along = swings_along(track.xy_px)
    lean_deg = trunk_lean_deg(track.xy_px) if along else None
    begin, end = even_pace(sized, along_the_run=along, lean_deg=lean_deg)
    whole = begin == 0 and end == len(size) - 1
    return track if whole else track.part(slice(begin, end + 1), "pace")


def landmarks(people: Sequence[Person | None]) -> FloatArray:
    """(T, 33, 2) pixels; NaN where nobody was found."""
    return np.array([(person or NOBODY).xy_px for person in people])


def stride_pictures(xy_px: FloatArray) -> float:
    """Pictures in one stride, whichever leg is called left; NaN without a rhythm."""
    return 2 * period(np.abs(between_ankles(xy_px)))


def shortest_stride_pictures(xy_px: FloatArray) -> float:
    """Pictures in one stride, rather one too short: legs that look unlike can double it."""
    either, named = stride_pictures(xy_px), period(between_ankles(xy_px))
    return named if named < CLEARLY_SHORTER * either else either


def between_ankles(xy_px: FloatArray) -> FloatArray:
    """(T,) distance between the ankles along the axis on which it swings more; NaN where unseen."""
    apart = xy_px[:, LEFT.ankle] - xy_px[:, RIGHT.ankle]
    return np.asarray(apart[:, 0 if swings_along(xy_px) else 1])


def trunk_lean_deg(xy_px: FloatArray) -> FloatArray:
    """(T,) the trunk against the picture's vertical, + to its right; NaN where unseen."""
    hips, shoulders = (
        (xy_px[:, a] + xy_px[:, b]) / 2 for a, b in ((LEFT.hip, RIGHT.hip), (LEFT.shoulder, RIGHT.shoulder))
    )
    across, down = (shoulders - hips).T
    return np.asarray(np.degrees(np.arctan2(across, -down)))


def swings_along(xy_px: FloatArray) -> bool:
    """True if the ankles swing more across the picture than up and down, as they do seen from the side."""
    apart = xy_px[:, LEFT.ankle] - xy_px[:, RIGHT.ankle]
    spread = np.nanstd(apart, axis=0) if np.isfinite(apart).any() else np.zeros(2)
    return bool(spread[0] >= spread[1])


def _stride(place: FloatArray, xy_px: FloatArray) -> float:
    """One stride, in what the pictures' places are counted in; NaN without a rhythm."""
    if len(place) < 3:
        return float("nan")
    even = on_even_grid(place, np.abs(between_ankles(xy_px)))
    return 2 * period(even) * float(np.median(np.diff(place)))


def _outside(xy_px: FloatArray, size_px: tuple[int, int], edge: float = 0.0) -> NDArray[np.bool_]:
    """(T, 33) points outside of the picture, or nearer to its edge than a share of its size."""
    share = xy_px / np.array(size_px)
    return np.asarray(((share < edge) | (share > 1 - edge)).any(axis=-1))


def _inside(xy_px: FloatArray, size_px: tuple[int, int]) -> FloatArray:
    """Blank what the model puts outside of the picture."""
    return np.where(_outside(xy_px, size_px)[..., None], np.nan, xy_px)
