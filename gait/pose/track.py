"""The whole pose stage: find the runner, read the landmarks, mend the sides."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path as FilePath

import numpy as np
from numpy.typing import NDArray

from gait.body import COUNT, LEFT, RIGHT
from gait.errors import NoRunner
from gait.pose import sides
from gait.pose.period import even_stretch, period
from gait.pose.posetrack import Person, PoseTrack
from gait.pose.reading import Reader, Reading, cores
from gait.pose.runner import Path, find_runner
from gait.video.clip import Clip, Frame, uniform_stretch
from gait.video.footage import Footage, footage
from gait.video.plumb import Plumb, plumb

Progress = Callable[[int, int], None]
"""Called with the frames done and the frames to do."""

SCAN_FRAMES = 90
"""Pictures of the sparse scan: with 10 strides in a clip, nine to the stride."""
STEPS = 24
"""Steps that are read of a longer run: about 20 whole ones after the first and last are left out."""
MOST_FRAMES = 6000
"""Pictures read of a clip in which no rhythm can be found: 24 steps at 600 a second."""
PILOT_EVERY = 4
"""One picture in so many is read until the rhythm shows: five to the stride at 30 a second."""
PILOT_STRIDES = 2.5
"""Strides that show the rhythm."""
LOOK_EVERY = 12
"""Pictures after which the rhythm is looked for again."""
PICTURES_A_STRIDE = 40
"""Pictures that a stride needs at least: 55 a second. More make no number better (docs/speed.md)."""
CLEARLY_SHORTER = 0.75
"""Share below which one stride is not the same as another but nearer to half of it."""
EVERY = (8, 6, 4, 3, 2, 1)
"""One picture in so many is read."""
EARLY_EXTENT = 0.95
"""Share of the legs' extent in the pilot that counts while reading: rather a picture too many looked at twice
at once than one too few, which has to be decoded again."""
NOBODY = Person(np.full((COUNT, 2), np.nan), np.zeros(COUNT))


@dataclass(frozen=True)
class Wish:
    """What is asked of a clip."""

    steps: float = STEPS
    """Where to stop, counted in steps of the runner; ``inf`` reads the whole stretch."""
    person: int | None = None
    """Number of the runner, counted from the left; None to choose who runs."""
    mended: bool = True
    """False leaves the legs as the model names them: what the mending is measured against."""


WHOEVER_RUNS = Wish()


def track(
    clip: Clip,
    model: FilePath,
    progress: Progress = lambda done, total: None,
    wish: Wish = WHOEVER_RUNS,
    workers: int | None = None,
) -> PoseTrack:
    """Read the runner's landmarks over a steady stretch of running, as many pictures as that needs.

    A sparse scan finds the runner; a pilot of every fourth picture finds the rhythm; then about
    ``PICTURES_A_STRIDE`` pictures a stride are read, or all that there are; and those in which the legs
    leap are looked at a second time.

    Parameters
    ----------
    workers
        Pictures read at once; None for one per core. The result is the same.

    Raises
    ------
    NoRunner
        If nobody was seen often enough to be followed.
    WhichRunner
        If two people run and neither is clearly meant.
    BadRequest
        If the person asked for is not there.
    """
    with closing(Reader(clip, model, workers or cores())) as reader:
        scanned = _scanned(clip)
        path, upright = _found(reader, scanned, wish, progress)
        ahead = len(scanned)
        seen, found = _looks(reader, path, wish, lambda done, more: progress(ahead + done, more))
        film = footage([reading.thumb for reading in seen])
        origin, read = _originals(seen, film)
        first = [seen[k].person for k in read]
        shot = [seen[k] for k in origin]
        if not wish.mended:
            return _assemble(shot, first, (), film, upright, clip.size_px)
        again = np.array([seen[k].frame for k in read])[sides.doubtful(_landmarks(first))]
        missed = np.setdiff1d(again, list(found))
        done = ahead + len(seen)
        late = reader.mirrored(path, reader.around(path, missed))
        found |= _told(late, progress, done, done + len(missed))
    second = [found.get(seen[k].frame) if seen[k].frame in again else None for k in read]
    return _assemble(shot, first, second, film, upright, clip.size_px)


def named(clip: Clip, model: FilePath, count: int) -> NDArray[np.float64]:
    """(count, 33, 2) landmarks in the first pictures of a clip, all of them, as the model names them."""
    with closing(Reader(clip, model, cores())) as reader:
        path, _ = _found(reader, _scanned(clip), WHOEVER_RUNS, lambda done, total: None)
        first = np.arange(min(count, len(clip.pts_s)))
        return _landmarks([reading.person for reading, _ in reader.runner(path, first, first)])


def _found(
    reader: Reader, scanned: NDArray[np.int_], wish: Wish, progress: Progress
) -> tuple[Path, Plumb | None]:
    """Look for the runner, and closely if nobody was found; and for what stands upright."""
    count = len(reader.clip.pts_s)
    people = list(_told(reader.everybody(scanned), progress, 0, len(scanned) + count))
    upright = plumb([each.edges for each in people if each.edges is not None], reader.clip.size_px)
    try:
        return find_runner(people, count, wish.person), upright
    except NoRunner:
        people = list(_told(reader.everybody(scanned, closely=True), progress, 0, len(scanned) + count))
    return find_runner(people, count, wish.person), upright


def _told(each: Iterator, progress: Progress, done: int, total: int) -> Iterator:  # type: ignore[type-arg]
    """Pass everything on, and count it."""
    for number, one in enumerate(each, start=done + 1):
        progress(number, total)
        yield one


def _scanned(clip: Clip) -> NDArray[np.int_]:
    """Frames of the sparse scan: keyframes where the file has enough, since they alone cost little."""
    first, last = uniform_stretch(clip.pts_s)
    even = np.arange(first, last + 1, max(1, (last - first + 1) // SCAN_FRAMES))
    keys = np.array([key for key in clip.keyframes if first <= key <= last])
    if len(keys) < SCAN_FRAMES:
        return even
    return np.unique(keys[np.abs(keys[None, :] - even[:, None]).argmin(axis=1)])


def _looks(
    reader: Reader, path: Path, wish: Wish, progress: Progress
) -> tuple[list[Reading], dict[int, Person | None]]:
    """Every picture of the stretch in order, and the second look at those in which a leg leaps.

    Pictures that are not needed are only glanced at.
    """
    stretch = _stretch(path, wish.steps)
    pilot = _pilot(reader, path, stretch, progress)
    shown, wanted = plan(stretch, pilot, wish.steps)
    known = {reading.frame: reading.person for reading in pilot}
    seen: list[Reading] = []

    def read() -> Iterator[tuple[Person | None, Frame]]:
        for reading, picture in _told(reader.runner(path, shown, wanted, known), progress, 0, len(shown)):
            seen.append(reading)
            if not reading.skipped:
                yield reading.person, picture

    extent_px = EARLY_EXTENT * sides.leg_extent_px(_landmarks([reading.person for reading in pilot]))
    leaping = in_doubt(read(), extent_px)
    if wish.mended:
        return seen, dict(reader.mirrored(path, leaping))
    deque(leaping, maxlen=0)
    return seen, {}


def in_doubt(read: Iterator[tuple[Person | None, Frame]], extent_px: float) -> Iterator[Frame]:
    """Pass on the pictures around which a leg leaps, as soon as those that tell it have been read."""
    xy_px: list[NDArray[np.float64]] = []
    held: deque[Frame] = deque()

    def oldest() -> Iterator[Frame]:
        number, picture = len(xy_px) - len(held), held.popleft()
        begin = max(0, number - sides.REACH)
        if sides.doubtful(np.array(xy_px[begin:]), extent_px)[number - begin]:
            yield picture

    for person, picture in read:
        xy_px.append((person or NOBODY).xy_px)
        held.append(picture)
        if len(held) > sides.REACH:
            yield from oldest()
    while held:
        yield from oldest()


def _pilot(reader: Reader, path: Path, stretch: NDArray[np.int_], progress: Progress) -> list[Reading]:
    """Read one picture in four, until the rhythm shows."""
    pilot: list[Reading] = []
    every_fourth = stretch[::PILOT_EVERY]
    with closing(reader.runner(path, every_fourth, every_fourth)) as readings:
        for reading, _ in _told(readings, progress, 0, len(stretch)):
            pilot.append(reading)
            if len(pilot) % LOOK_EVERY == 0 and _strides_in(pilot) >= PILOT_STRIDES:
                break
    return pilot


def _stretch(path: Path, steps: float) -> NDArray[np.int_]:
    """Frames in question: all of the running, or the middle of it where that is very long."""
    count = path.last - path.first + 1
    spare = max(0, count - MOST_FRAMES) if np.isfinite(steps) else 0
    return np.arange(path.first + spare // 2, path.last + 1 - (spare - spare // 2))


def plan(
    stretch: NDArray[np.int_], pilot: Sequence[Reading], steps: float
) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Frames to go through, and which of them to read: so many steps, so many pictures of each."""
    stride = PILOT_EVERY * _shortest_stride(_landmarks([each.person for each in pilot]))
    if not stride > 0:
        return stretch, stretch
    every = next(each for each in EVERY if each == 1 or stride / each >= PICTURES_A_STRIDE)
    count = len(stretch) if np.isinf(steps) else min(len(stretch), round(stride * steps / 2))
    return stretch[:count], stretch[:count:every]


def _strides_in(pilot: Sequence[Reading]) -> float:
    """Strides read so far, from the rhythm of the ankles; 0 while they show none."""
    pictures = _stride(_landmarks([each.person for each in pilot]))
    return len(pilot) / pictures if pictures > 0 else 0.0


def _landmarks(people: Sequence[Person | None]) -> NDArray[np.float64]:
    return np.array([(person or NOBODY).xy_px for person in people])


def _stride(xy_px: NDArray[np.float64]) -> float:
    """Pictures in one stride, whichever leg is called left; NaN without a rhythm."""
    return 2 * period(np.abs(_between_ankles(xy_px)))


def _shortest_stride(xy_px: NDArray[np.float64]) -> float:
    """Pictures in one stride, rather one too short: legs that look unlike can double it."""
    either, named = _stride(xy_px), period(_between_ankles(xy_px))
    return named if named < CLEARLY_SHORTER * either else either


def _between_ankles(xy_px: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T,) distance between the ankles along the axis on which it swings more; NaN where unseen."""
    apart = xy_px[:, LEFT.ankle] - xy_px[:, RIGHT.ankle]
    spread = np.nanstd(apart, axis=0) if np.isfinite(apart).any() else np.zeros(2)
    return np.asarray(apart[:, int(spread.argmax())])


def _originals(seen: Sequence[Reading], film: Footage) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Pictures of the longest shot that are new, and for each the one that was read: itself or a repeat."""
    first, last = film.longest_shot()
    read = np.array([k for k in range(first, last + 1) if not seen[k].skipped])
    newest = np.maximum.accumulate(np.where(film.repeated, 0, np.arange(len(seen))))
    origin, at = np.unique(newest[read], return_index=True)
    return origin, read[at]


def _assemble(
    shot: Sequence[Reading],
    first: Sequence[Person | None],
    second: Sequence[Person | None],
    film: Footage,
    upright: Plumb | None,
    size_px: tuple[int, int],
) -> PoseTrack:
    """Put a track together; without a second look the legs stay as the model names them."""
    people = [one or other or NOBODY for one, other in zip_longest(first, second)]
    others = [other or NOBODY for other in second]
    frame = np.array([reading.frame for reading in shot])
    xy_px, visibility = _inside(_landmarks(people), size_px), np.array([p.visibility for p in people])
    repaired = np.zeros(len(people), dtype=bool)
    begin, end = 0, len(people) - 1
    if second:
        looks = sides.Looks(frame, xy_px, _inside(_landmarks(others), size_px))
        smooth = sides.take(xy_px, looks.second_px, sides.smoothest(looks))
        begin, end = even_stretch(_between_ankles(smooth))
        kept = slice(begin, end + 1)
        stride = _stride(smooth[kept]) * float(np.median(np.diff(frame[kept])))
        choice, foreign = sides.steadiest(looks.part(kept), stride)
        xy_px = sides.without(sides.take(xy_px[kept], looks.second_px[kept], choice), foreign)
        again = np.array([person.visibility for person in others])
        visibility, repaired = sides.take(visibility[kept], again[kept], choice), choice.mixed_up
    kept = slice(begin, end + 1)
    return PoseTrack(
        frame=frame[kept],
        pts_s=np.array([reading.pts_s for reading in shot])[kept],
        xy_px=xy_px,
        visibility=visibility,
        repaired=repaired,
        size_px=size_px,
        footage=film,
        plumb=upright,
    )


def _inside(xy_px: NDArray[np.float64], size_px: tuple[int, int]) -> NDArray[np.float64]:
    """Blank what the model puts outside of the picture."""
    outside = np.asarray(((xy_px < 0) | (xy_px > np.array(size_px))).any(axis=-1))
    return np.where(outside[..., None], np.nan, xy_px)
