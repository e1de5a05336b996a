"""The whole pose stage: find the runner, read the landmarks in every frame, mend the sides."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path as FilePath
from queue import SimpleQueue
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gait.body import COUNT, LEFT, RIGHT
from gait.pose import runner, sides
from gait.pose.landmarker import Landmarker
from gait.pose.period import even_stretch, period
from gait.pose.posetrack import Person, PoseTrack
from gait.video.clip import Clip, Frame, uniform_stretch
from gait.video.footage import Thumb, footage
from gait.video.reader import frames

Progress = Callable[[int, int], None]
"""Called with the frames done and the frames to do."""

Result = TypeVar("Result")

SCAN_FRAMES = 90
"""Pictures of the sparse scan: with 10 strides in a clip, nine to the stride."""
MAX_PEOPLE = 4
FRAMES_AHEAD = 3
"""Pictures waiting per worker; bounds the memory whatever the clip's length."""
STEPS = 24
"""Steps that are read of a longer run: about 20 whole ones after the first and last are left out."""
MOST_FRAMES = 6000
"""Pictures read of a clip in which no rhythm can be found: 24 steps at 600 a second."""
LOOK_EVERY = 60
"""Pictures after which the steps read so far are counted again."""
NOBODY = Person(np.full((COUNT, 2), np.nan), np.zeros(COUNT))


@dataclass(frozen=True, eq=False)
class Reading:
    """One picture, read."""

    frame: int
    pts_s: float
    person: Person | None
    """The runner, if found."""
    thumb: Thumb


def track(
    clip: Clip, model: FilePath, progress: Progress = lambda done, total: None, steps: float = STEPS
) -> PoseTrack:
    """Read the runner's landmarks in every frame of a steady stretch of running.

    Frames are independent of each other, so they are shared among as many threads as there are cores;
    the result does not depend on how many.

    Parameters
    ----------
    steps
        Where to stop, counted in steps of the runner; ``inf`` reads the whole stretch.

    Raises
    ------
    NoRunner
        If nobody was seen often enough to be followed.
    """
    scanned = _scanned(clip)
    total = len(scanned) + len(clip.pts_s)

    def scan(landmarker: Landmarker, frame: Frame) -> runner.Sighting:
        return runner.Sighting(frame.index, landmarker.people(frame.rgb))

    sightings: list[runner.Sighting] = []
    for sighting in _in_parallel(scan, frames(clip, scanned), model, MAX_PEOPLE):
        sightings.append(sighting)
        progress(len(sightings), total)
    path = runner.find_runner(sightings, len(clip.pts_s))
    wanted = _dense(path, steps)
    total = len(sightings) + len(wanted)

    def read(landmarker: Landmarker, frame: Frame) -> Reading:
        return Reading(frame.index, frame.pts_s, _in_crop(landmarker, frame, path), frame.thumb)

    seen: list[Reading] = []
    squares = np.array([path.square(index) for index in wanted])
    with closing(frames(clip, wanted, squares)) as pictures:
        for reading in _in_parallel(read, pictures, model, 1 if path.alone else 2):
            seen.append(reading)
            progress(len(sightings) + len(seen), total)
            if len(seen) % LOOK_EVERY == 0 and _steps_in(seen) > steps:
                break
    progress(total, total)
    return _assemble(seen, clip.size_px)


def _scanned(clip: Clip) -> NDArray[np.int_]:
    """Frames of the sparse scan: keyframes where the file has enough, since they alone cost little."""
    first, last = uniform_stretch(clip.pts_s)
    even = np.arange(first, last + 1, max(1, (last - first + 1) // SCAN_FRAMES))
    keys = np.array([key for key in clip.keyframes if first <= key <= last])
    if len(keys) < SCAN_FRAMES:
        return even
    return np.unique(keys[np.abs(keys[None, :] - even[:, None]).argmin(axis=1)])


def _dense(path: runner.Path, steps: float) -> NDArray[np.int_]:
    """Frames to read: all of the running, or the middle of it where that is very long."""
    count = path.last - path.first + 1
    spare = max(0, count - MOST_FRAMES) if np.isfinite(steps) else 0
    return np.arange(path.first + spare // 2, path.last + 1 - (spare - spare // 2))


def _in_crop(landmarker: Landmarker, frame: Frame, path: runner.Path) -> Person | None:
    people = [
        Person(person.xy_px + frame.corner_px, person.visibility) for person in landmarker.people(frame.rgb)
    ]
    return runner.nearest(people, path.trunk(frame.index))


def _steps_in(seen: Sequence[Reading]) -> float:
    """Steps read so far, from the rhythm of the ankles; 0 while they show none."""
    xy_px = np.array([(each.person or NOBODY).xy_px for each in seen])
    frames_per_stride = period(_between_ankles(xy_px))
    return 2 * len(seen) / frames_per_stride if frames_per_stride > 0 else 0.0


def _between_ankles(xy_px: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T,) distance between the ankles along the axis on which it swings more; NaN where unseen."""
    apart = xy_px[:, LEFT.ankle] - xy_px[:, RIGHT.ankle]
    spread = np.nanstd(apart, axis=0) if np.isfinite(apart).any() else np.zeros(2)
    return np.asarray(apart[:, int(spread.argmax())])


def _assemble(seen: Sequence[Reading], size_px: tuple[int, int]) -> PoseTrack:
    film = footage([each.thumb for each in seen])
    first, last = film.longest_shot()
    shot = [each for k, each in enumerate(seen) if first <= k <= last and not film.repeated[k]]
    people = [each.person or NOBODY for each in shot]
    xy_px = np.array([person.xy_px for person in people])
    outside = ((xy_px < 0) | (xy_px > np.array(size_px))).any(axis=-1)
    xy_px[outside] = np.nan
    repaired = sides.swapped_legs(xy_px)
    xy_px = sides.swap(xy_px, repaired)
    begin, end = even_stretch(_between_ankles(xy_px))
    kept = slice(begin, end + 1)
    return PoseTrack(
        frame=np.array([each.frame for each in shot])[kept],
        pts_s=np.array([each.pts_s for each in shot])[kept],
        xy_px=xy_px[kept],
        visibility=sides.swap(np.array([person.visibility for person in people]), repaired)[kept],
        repaired=repaired[kept],
        size_px=size_px,
        footage=film,
    )


def _in_parallel(
    work: Callable[[Landmarker, Frame], Result],
    pictures: Iterator[Frame],
    model: FilePath,
    max_people: int,
) -> Iterator[Result]:
    """Apply ``work`` to every picture, in order, with one loaded model per core."""
    workers = os.cpu_count() or 1
    with ExitStack() as stack:
        idle: SimpleQueue[Landmarker] = SimpleQueue()
        for _ in range(workers):
            idle.put(stack.enter_context(Landmarker(model, max_people)))
        pool = stack.enter_context(ThreadPoolExecutor(workers))

        def job(picture: Frame) -> Result:
            with _borrowed(idle) as landmarker:
                return work(landmarker, picture)

        waiting: deque[Future[Result]] = deque()
        for picture in pictures:
            waiting.append(pool.submit(job, picture))
            if len(waiting) >= workers * FRAMES_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _borrowed(idle: SimpleQueue[Landmarker]) -> Iterator[Landmarker]:
    landmarker = idle.get()
    try:
        yield landmarker
    finally:
        idle.put(landmarker)
