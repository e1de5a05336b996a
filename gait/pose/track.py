"""The whole pose stage: find the runner, read the landmarks in every frame, mend the sides."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path as FilePath
from queue import SimpleQueue
from typing import TypeVar

import numpy as np

from gait.body import COUNT
from gait.pose import runner, sides
from gait.pose.landmarker import Landmarker
from gait.pose.posetrack import Person, PoseTrack
from gait.video.clip import Clip, Frame, frames

Progress = Callable[[int, int], None]
"""Called with the frames done and the frames to do."""

Reading = tuple[float, Person | None]
"""A frame's presentation time and the runner in it, if found."""
Result = TypeVar("Result")

SCAN_FRAMES = 90
"""Pictures of the sparse scan: with 10 strides in a clip, nine to the stride."""
MAX_PEOPLE = 4
FRAMES_AHEAD = 3
"""Pictures waiting per worker; bounds the memory whatever the clip's length."""


def track(clip: Clip, model: FilePath, progress: Progress = lambda done, total: None) -> PoseTrack:
    """Read the runner's landmarks in every frame of a clip.

    Frames are independent of each other, so they are shared among as many threads as there are cores;
    the result does not depend on how many.

    Raises
    ------
    NoRunner
        If nobody was seen often enough to be followed.
    """
    count = len(clip.pts_s)
    every = max(1, count // SCAN_FRAMES)
    total = count + len(range(0, count, every))

    def scan(landmarker: Landmarker, frame: Frame) -> runner.Sighting:
        return runner.Sighting(frame.index, landmarker.people(frame.rgb))

    sightings: list[runner.Sighting] = []
    sampled = (frame for frame in frames(clip) if frame.index % every == 0)
    for sighting in _in_parallel(scan, sampled, model, MAX_PEOPLE):
        sightings.append(sighting)
        progress(len(sightings), total)
    path = runner.find_runner(sightings, count)

    def read(landmarker: Landmarker, frame: Frame) -> Reading:
        return frame.pts_s, _in_crop(landmarker, frame, path)

    seen: list[Reading] = []
    for reading in _in_parallel(read, frames(clip), model, 1 if path.alone else 2):
        seen.append(reading)
        progress(len(sightings) + len(seen), total)
    return _assemble(seen, clip.size_px)


def _in_crop(landmarker: Landmarker, frame: Frame, path: runner.Path) -> Person | None:
    if not path.first <= frame.index <= path.last:
        return None
    left, top, side = path.square(frame.index)
    height, width = frame.rgb.shape[:2]
    x0, y0 = max(left, 0), max(top, 0)
    crop = frame.rgb[y0 : min(top + side, height), x0 : min(left + side, width)]
    people = [Person(person.xy_px + (x0, y0), person.visibility) for person in landmarker.people(crop)]
    return runner.nearest(people, path.trunk(frame.index))


def _assemble(seen: list[Reading], size_px: tuple[int, int]) -> PoseTrack:
    nobody = Person(np.full((COUNT, 2), np.nan), np.zeros(COUNT))
    people = [person or nobody for _, person in seen]
    xy_px = np.array([person.xy_px for person in people])
    outside = ((xy_px < 0) | (xy_px > np.array(size_px))).any(axis=-1)
    xy_px[outside] = np.nan
    repaired = sides.swapped_legs(xy_px)
    return PoseTrack(
        pts_s=np.array([pts_s for pts_s, _ in seen]),
        xy_px=sides.swap(xy_px, repaired),
        visibility=sides.swap(np.array([person.visibility for person in people]), repaired),
        repaired=repaired,
        size_px=size_px,
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
