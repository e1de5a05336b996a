"""The whole pose stage: find the runner, read the landmarks, mend the sides."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path as FilePath

import numpy as np
from numpy.typing import NDArray

from gait.errors import NoRunner
from gait.pose import sides
from gait.pose.assembly import NOBODY, assemble, landmarks, newest
from gait.pose.people import Sighting, Trail, quarters_to_upright
from gait.pose.pilot import find_rhythm, plan
from gait.pose.posetrack import Person, PoseTrack
from gait.pose.reading import Reader, Reading, cores
from gait.pose.runner import Path, path_of, where_missed, who_runs, with_closer_looks
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
LYING_FRAMES = 24
"""Pictures looked at turned, where nobody was found upright."""
CLOSER_LOOKS = 4
"""Times that is looked around the runner's place, guessed better each time."""
EARLY_EXTENT = 0.95
"""Share of the legs' extent in the pilot that counts while reading: rather a picture too many looked at twice
at once than one too few, which has to be decoded again."""


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
        found = _found(reader, scanned, wish, progress)
        ahead, path = len(scanned), found.path
        seen = _looks(reader, path, wish, lambda done, more: progress(ahead + done, more))
        shot = newest(seen.readings, _film(seen))
        first = [seen.readings[k].person for k in shot.read]
        size_px = reader.clip.size_px
        if not wish.mended:
            return assemble(shot, first, (), size_px, found.upright, found.quarters)
        numbers = [seen.readings[k].frame for k in shot.read]
        again = np.array(numbers)[sides.doubtful(landmarks(first))]
        missed = np.setdiff1d(again, list(seen.second))
        done = ahead + len(seen.readings)
        late = reader.mirrored(path, reader.around(path, missed))
        looked = {**seen.second, **dict(_told(late, progress, done, done + len(missed)))}
    second = [looked.get(number) if number in again else None for number in numbers]
    return assemble(shot, first, second, size_px, found.upright, found.quarters)


@dataclass(frozen=True, eq=False)
class Found:
    """Where the runner is, and how the clip must be held."""

    path: Path
    upright: Plumb | None
    """What stands upright."""
    quarters: int
    """Quarter turns clockwise that the clip was turned by."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What was read of the stretch."""

    readings: Sequence[Reading]
    """Every picture in order; those that are not needed were only glanced at."""
    second: dict[int, Person | None]
    """The second look at those in which a leg leaps."""
    unread: int
    """Pictures that the file did not give."""


def _film(seen: Seen) -> Footage:
    """What the pictures that were gone through are like."""
    return footage(
        [reading.thumb for reading in seen.readings],
        [reading.news for reading in seen.readings],
        [reading.stored_px for reading in seen.readings],
        seen.unread,
    )


def named(clip: Clip, model: FilePath, count: int) -> NDArray[np.float64]:
    """(count, 33, 2) landmarks in the first pictures of a clip, all of them, as the model names them."""
    with closing(Reader(clip, model, cores())) as reader:
        path = _found(reader, _scanned(clip), WHOEVER_RUNS, lambda done, total: None).path
        first = np.arange(min(count, len(clip.pts_s)))
        return landmarks([reading.person for reading, _ in reader.runner(path, first, first)])


def _found(reader: Reader, scanned: NDArray[np.int_], wish: Wish, progress: Progress) -> Found:
    """Look for the runner, closely or in turned pictures if need be; and for what stands upright.

    Where the film lies on its side or upside down, the reader is turned.
    """
    count = len(reader.clip.pts_s)

    def scan(closer: int = 1) -> list[Sighting]:
        sightings = reader.everybody(scanned, closer=closer)
        return list(_told(sightings, progress, 0, len(scanned) + count))

    people, quarters = scan(), 0
    turn = quarters_to_upright(people)
    if not any(sighting.people for sighting in people):
        turn = turn_that_shows_people(reader, scanned)
    if turn:
        reader.turn(turn)
        people, quarters = scan(), turn
    edges = [each.edges for each in people if each.edges is not None]
    upright = plumb(edges, reader.clip.size_px)
    try:
        runner = who_runs(people, wish.person)
    except NoRunner:
        people = scan(closer=2)
        runner = who_runs(people, wish.person)
    read = np.array([sighting.index for sighting in people])
    return Found(path_of(_looked_for(reader, runner, read), read, count), upright, quarters)


def _looked_for(reader: Reader, runner: Trail, scanned: NDArray[np.int_]) -> Trail:
    """Look closer where the runner should be in those pictures of the scan in which nobody was seen there.

    Who fills a fifth of the picture is found in some whole pictures only, and the way between them is no
    straight line where the camera pans.
    """
    for _ in range(CLOSER_LOOKS):
        squares = where_missed(runner, scanned)
        more = with_closer_looks(runner, scanned, dict(reader.within(squares)) if squares else {})
        if len(more) == len(runner):
            return runner
        runner = more
    return runner


def turn_that_shows_people(reader: Reader, scanned: NDArray[np.int_]) -> int:
    """Quarter turns after which somebody stands upright in most of some pictures; 0 if none is any better."""
    some = scanned[:: max(1, len(scanned) // LYING_FRAMES)]
    for quarters in (1, 3, 2):
        seen = list(reader.everybody(some, quarters=quarters))
        if sum(bool(s.people) for s in seen) > len(seen) / 2 and quarters_to_upright(seen) == 0:
            return quarters
    return 0


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


def _looks(reader: Reader, path: Path, wish: Wish, progress: Progress) -> Seen:
    """Every picture of the stretch in order, and the second look at those in which a leg leaps."""
    pilot = find_rhythm(reader, path, _stretch(path, wish.steps), wish.steps, progress)
    shown, wanted = plan(pilot.stretch, pilot.readings, wish.steps)
    known = {reading.frame: reading.person for reading in (*pilot.extra, *pilot.readings)}
    seen: list[Reading] = []

    def read() -> Iterator[tuple[Person | None, Frame]]:
        for reading, picture in _told(reader.runner(path, shown, wanted, known), progress, 0, len(shown)):
            seen.append(reading)
            if not reading.skipped:
                yield reading.person, picture

    extent_px = EARLY_EXTENT * sides.leg_extent_px(landmarks([r.person for r in pilot.readings]))
    leaping, second = in_doubt(read(), extent_px), dict[int, Person | None]()
    if wish.mended:
        second = dict(reader.mirrored(path, leaping))
    deque(leaping, maxlen=0)
    return Seen(seen, second, len(shown) - len(seen))


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


def _stretch(path: Path, steps: float) -> NDArray[np.int_]:
    """Frames in question: all of the running, or the middle of it where that is very long."""
    count = path.last - path.first + 1
    spare = max(0, count - MOST_FRAMES) if np.isfinite(steps) else 0
    return np.arange(path.first + spare // 2, path.last + 1 - (spare - spare // 2))
