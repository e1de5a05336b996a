"""Run the pose model over pictures of a clip, on every core."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, RIGHT
from gait.limits import CORES_VARIABLE
from gait.pose.landmarker import Landmarker, Landmarkers
from gait.pose.people import Sighting, distinct, extent, nearest, size
from gait.pose.posetrack import Person
from gait.pose.runner import IN_FRAME, Path
from gait.video.clip import Clip, Frame
from gait.video.footage import Thumb
from gait.video.plumb import straight_edges
from gait.video.reader import frames

Result = TypeVar("Result")

MAX_PEOPLE = 4
FRAMES_AHEAD = 3
"""Pictures waiting per worker; bounds the memory whatever the clip's length."""
EDGE_PICTURES = 8
"""Pictures of a scan in which straight edges are looked for."""
BODY = [p for leg in (LEFT, RIGHT) for p in (leg.shoulder, leg.hip, leg.knee, leg.ankle)]
AROUND = (3.0, 2.0)
"""Sides of the parts in which somebody is looked for again, in body sizes: who is 90 pixels tall is found by
the model in one and not in the other."""
SAME_LIMBS = 0.08
"""Mean distance of shoulders, hips, knees and ankles, in body sizes, within which two findings are one body:
mostly 0.01 to 0.05 where the bones lie on somebody, 0.1 and more where they do not; a judgement."""
UNREAD: Mapping[int, Person | None] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Reading:
    """One picture, read."""

    frame: int
    pts_s: float
    person: Person | None
    """The runner, if found."""
    thumb: Thumb
    skipped: bool = False
    """True if only ``thumb`` was taken."""
    news: float = float("nan")
    """How much the picture differs from the one before, as :class:`Frame` has it."""
    stored_px: tuple[int, int] = (0, 0)
    """Width and height as the picture is stored."""


class Reader:
    """Reads people in the pictures of one clip; to be closed.

    Pictures are independent of each other, so they are shared among as many threads as there are
    workers; the result does not depend on how many.
    """

    def __init__(self, clip: Clip, model: FilePath, workers: int) -> None:
        self.clip = clip
        self._workers = workers
        self._landmarkers = Landmarkers(model, MAX_PEOPLE)
        self._pool = ThreadPoolExecutor(workers)

    def close(self) -> None:
        """Read no further, and free the models."""
        self._pool.shutdown(cancel_futures=True)
        self._landmarkers.close()

    def turn(self, quarters: int) -> None:
        """Turn all pictures read from now on, by quarters of a full turn clockwise."""
        self.clip = self.clip.turned(quarters)

    def everybody(
        self, wanted: NDArray[np.int_], *, closer: int = 1, quarters: int = 0
    ) -> Iterator[Sighting]:
        """Yield everybody in whole pictures, or closer: in parts of them, so that who is small is found.

        The model shrinks what it is given to 224 pixels: in the whole of a 1080p picture it finds nobody
        who is smaller than a third of its height.

        Parameters
        ----------
        closer
            Parts to the longer side: 2 takes some six times as long, 4 some thirty times.
        quarters
            Quarter turns clockwise by which these pictures are turned.
        """
        for_edges = wanted[:: -(-len(wanted) // EDGE_PICTURES)] if len(wanted) else wanted

        def scan(landmarker: Landmarker, frame: Frame) -> Sighting:
            parts = _tiles(frame.rgb, closer) if closer > 1 else [(0, 0, max(frame.rgb.shape))]
            people = [p for part in parts for p in _whole_in(landmarker, frame.rgb, part)]
            edges = straight_edges(frame.rgb) if frame.index in for_edges else None
            return Sighting(frame.index, people, edges)

        with closing(frames(self.clip.turned(quarters), wanted)) as pictures:
            yield from self._in_parallel(scan, pictures)

    def found_twice(self, sightings: Sequence[Sighting]) -> Iterator[Sighting]:
        """Yield of each sighting those who are found again, limb for limb, in the mirrored part around them.

        What the model takes for a body in a van or in three runners at once, it does not find again.
        """
        by_index = {sighting.index: sighting.people for sighting in sightings}

        def look(landmarker: Landmarker, frame: Frame) -> Sighting:
            people = [p for p in distinct(by_index[frame.index]) if _again(landmarker, frame.rgb, p)]
            return Sighting(frame.index, people)

        with closing(frames(self.clip, np.array(sorted(by_index), dtype=int))) as pictures:
            yield from self._in_parallel(look, pictures)

    def runner(
        self,
        path: Path,
        shown: NDArray[np.int_],
        wanted: NDArray[np.int_],
        known: Mapping[int, Person | None] = UNREAD,
    ) -> Generator[tuple[Reading, Frame], None, None]:
        """Yield a reading of each picture shown, and the picture.

        Of those that are not wanted only the thumb is taken, and those that are known are not read again.
        """
        squares = self._squares(path, shown)
        squares[~np.isin(shown, wanted)] = 0

        def read(landmarker: Landmarker, frame: Frame) -> tuple[Reading, Frame]:
            skipped, person = frame.rgb.size == 0, known.get(frame.index)
            if not skipped and frame.index not in known:
                people = [person.moved(frame.corner_px) for person in landmarker.people(frame.rgb)]
                person = nearest(people, path.trunk(frame.index), IN_FRAME)
            given = (frame.thumb, skipped, frame.news, frame.stored_px)
            return Reading(frame.index, frame.pts_s, None if skipped else person, *given), frame

        with closing(frames(self.clip, shown, squares)) as pictures:
            yield from self._in_parallel(read, pictures)

    def within(self, squares: Mapping[int, tuple[int, int, int]]) -> Iterator[tuple[int, list[Person]]]:
        """Yield everybody found in a square (left, top, side) of each picture."""

        def look(landmarker: Landmarker, frame: Frame) -> tuple[int, list[Person]]:
            return frame.index, [person.moved(frame.corner_px) for person in landmarker.people(frame.rgb)]

        wanted = np.array(sorted(squares), dtype=int)
        cut = np.array([squares[index] for index in wanted]).reshape(-1, 3)
        with closing(frames(self.clip, wanted, cut)) as pictures:
            yield from self._in_parallel(look, pictures)

    def around(self, path: Path, wanted: NDArray[np.int_]) -> Iterator[Frame]:
        """Yield the part of each picture in which the runner is."""
        return frames(self.clip, wanted, self._squares(path, wanted))

    def mirrored(self, path: Path, pictures: Iterable[Frame]) -> Iterator[tuple[int, Person | None]]:
        """Look a second time: yield the runner as found in the mirrored pictures, among all who are there."""

        def read(landmarker: Landmarker, frame: Frame) -> tuple[int, Person | None]:
            found = landmarker.people(np.ascontiguousarray(frame.rgb[:, ::-1]))
            width = frame.rgb.shape[1]
            people = [person.mirrored(width).moved(frame.corner_px) for person in found]
            return frame.index, nearest(people, path.trunk(frame.index), IN_FRAME)

        yield from self._in_parallel(read, pictures)

    def _squares(self, path: Path, wanted: NDArray[np.int_]) -> NDArray[np.int_]:
        return np.array([path.square(index) for index in wanted]).reshape(-1, 3)

    def _in_parallel(
        self, work: Callable[[Landmarker, Frame], Result], pictures: Iterable[Frame]
    ) -> Iterator[Result]:
        """Apply ``work`` to every picture, in order."""

        def job(picture: Frame) -> Result:
            with self._landmarkers.lent() as landmarker:
                return work(landmarker, picture)

        waiting: deque[Future[Result]] = deque()
        for picture in pictures:
            waiting.append(self._pool.submit(job, picture))
            if len(waiting) >= self._workers * FRAMES_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _again(landmarker: Landmarker, rgb: NDArray[np.uint8], person: Person) -> bool:
    """Whether a person's trunk and legs are found at the same places in a mirrored part around him."""
    left, top, right, bottom = extent(person)
    middle = np.array([left + right, top + bottom]) / 2
    for around in AROUND:
        reach = around * size(person) / 2
        (x, y), (end_x, end_y) = np.maximum(0, np.round([middle - reach, middle + reach]).astype(int))
        part = rgb[y:end_y, x:end_x]
        found = landmarker.people(np.ascontiguousarray(part[:, ::-1])) if part.size else []
        for other in (each.mirrored(part.shape[1]).moved((x, y)) for each in found):
            off_px = np.hypot(*(other.xy_px - person.xy_px)[BODY].T).mean()
            if off_px < SAME_LIMBS * size(person):
                return True
    return False


def _tiles(rgb: NDArray[np.uint8], parts: int) -> list[tuple[int, int, int]]:
    """Left, top and side of overlapping squares that cover a picture, so many to its longer side."""
    height, width = rgb.shape[:2]
    side = max(height, width) // parts
    lefts, tops = (_starts(length, side) for length in (width, height))
    return [(left, top, side) for left in lefts for top in tops]


def _starts(length: int, side: int) -> list[int]:
    """Where pieces begin that cover a length and overlap by half or more."""
    spare = max(0, length - side)
    pieces = 1 + -(-2 * spare // side)
    return [round(spare * k / max(1, pieces - 1)) for k in range(pieces)]


def _whole_in(landmarker: Landmarker, rgb: NDArray[np.uint8], part: tuple[int, int, int]) -> list[Person]:
    """Who is wholly in a part of a picture, or cut off only by the picture's own edge."""
    left, top, side = part
    height, width = rgb.shape[:2]
    edges = np.array([left or -np.inf, top or -np.inf])
    ends = np.array(
        [left + side if left + side < width else np.inf, top + side if top + side < height else np.inf]
    )
    people = landmarker.people(np.ascontiguousarray(rgb[top : top + side, left : left + side]))
    moved = [person.moved((left, top)) for person in people]
    return [p for p in moved if (p.xy_px.min(axis=0) > edges).all() and (p.xy_px.max(axis=0) < ends).all()]


def cores() -> int:
    """How many pictures can be read at once: one on each core that this program may use.

    ``GAIT_CORES`` says fewer, where several programs share a computer.
    """
    named = os.environ.get(CORES_VARIABLE, "")
    if named.isdecimal() and int(named) > 0:
        return int(named)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
