"""Who in the picture is the runner, and where is he or she in each frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, RIGHT
from gait.errors import NoRunner
from gait.pose.posetrack import Person

Box = NDArray[np.float64]
"""Left, top, right, bottom in pixels."""

MIN_SIGHTINGS = 5
CROP_MARGIN = 1.35
"""Side of the crop over the runner's largest extent: room for limbs that the scan did not catch."""
REACH, FRAME_REACH = 0.35, 0.15
"""How far a person's trunk may move between two sightings, and may be from where those two put it in a frame
between them, as fractions of the body's size."""
SWING_SHARE = 12
"""The swing of the legs is judged over one part in so many of the scan, on either side."""
STILL_SHARE = 0.3
"""Swing below this share of the usual is not running; a judgement."""


@dataclass(frozen=True, eq=False)
class Sighting:
    """Everybody seen in one frame of the sparse scan."""

    index: int
    people: list[Person]


@dataclass(frozen=True, eq=False)
class Path:
    """The square around the runner in every frame: where to look."""

    first: int
    last: int
    """Inclusive range of frames in which the runner was seen to run."""
    centre_px: NDArray[np.float64]
    """(T, 2) middle of the square, for every frame of the clip."""
    trunk_px: NDArray[np.float64]
    """(T, 2) middle of the runner's trunk."""
    side_px: float
    alone: bool
    """True if the scan never saw anybody else."""

    def trunk(self, index: int) -> NDArray[np.float64]:
        """Return the expected middle of the runner's trunk in one frame."""
        return np.asarray(self.trunk_px[min(index, len(self.trunk_px) - 1)])

    def square(self, index: int) -> tuple[int, int, int]:
        """Left, top and side of the square of one frame; it may reach over the picture's edge."""
        middle = self.centre_px[min(index, len(self.centre_px) - 1)]
        left, top = np.round(middle - self.side_px / 2).astype(int)
        return int(left), int(top), round(self.side_px)


@dataclass(frozen=True, eq=False)
class _Trail:
    """One person followed from sighting to sighting."""

    indices: tuple[int, ...]
    people: tuple[Person, ...]

    def __len__(self) -> int:
        return len(self.indices)


def extent(person: Person) -> Box:
    """Bounding box of a person's landmarks."""
    return np.concatenate([person.xy_px.min(axis=0), person.xy_px.max(axis=0)])


def centre(person: Person) -> NDArray[np.float64]:
    """Middle of the hips and shoulders: the part of a runner that moves least."""
    trunk = (LEFT.hip, RIGHT.hip, LEFT.shoulder, RIGHT.shoulder)
    return np.asarray(person.xy_px[list(trunk)].mean(axis=0))


def size(person: Person) -> float:
    """Largest extent of a person in pixels."""
    left, top, right, bottom = extent(person)
    return float(max(right - left, bottom - top))


def find_runner(sightings: Sequence[Sighting], frame_count: int) -> Path:
    """Choose the person whose legs swing most, for longest, and follow that person.

    Raises
    ------
    NoRunner
        If nobody was seen often enough to be followed.
    """
    trails = _follow(sightings)
    candidates = [trail for trail in trails if len(trail) >= MIN_SIGHTINGS]
    if not candidates:
        raise NoRunner(
            "No runner was found in this clip: film the whole body from the side, "
            "in good light, filling at least half of the picture's height."
        )
    runner = max(candidates, key=_leg_swing)
    return _path(runner, sightings, frame_count)


def nearest(
    people: Sequence[Person], point_px: NDArray[np.float64], reach: float = FRAME_REACH
) -> Person | None:
    """Return the person whose trunk is closest to a point, or None if nobody's is within reach of it."""
    if not people:
        return None
    person = min(people, key=lambda each: float(np.hypot(*(centre(each) - point_px))))
    far = float(np.hypot(*(centre(person) - point_px))) > reach * size(person)
    return None if far else person


def _follow(sightings: Sequence[Sighting]) -> list[_Trail]:
    trails: list[_Trail] = []
    for sighting in sightings:
        unclaimed = list(sighting.people)
        for k, trail in sorted(enumerate(trails), key=lambda item: -len(item[1])):
            person = nearest(unclaimed, centre(trail.people[-1]), REACH)
            if person is not None:
                unclaimed = [other for other in unclaimed if other is not person]
                trails[k] = _Trail((*trail.indices, sighting.index), (*trail.people, person))
        trails += [_Trail((sighting.index,), (person,)) for person in unclaimed]
    return trails


def _leg_swing(trail: _Trail) -> float:
    """Spread of the distance between the ankles in body sizes, weighted by the sightings."""
    apart = [(person.xy_px[LEFT.ankle] - person.xy_px[RIGHT.ankle]) / size(person) for person in trail.people]
    return float(np.linalg.norm(np.std(np.abs(apart), axis=0))) * len(trail)


def running_stretch(people: Sequence[Person]) -> tuple[int, int]:
    """First and last sighting of the longest stretch in which the legs swing.

    Who stands, steps on or steps off keeps the feet together, or apart; the distance between a runner's
    feet differs from sighting to sighting.
    """
    apart = np.array([(p.xy_px[LEFT.ankle] - p.xy_px[RIGHT.ankle]) / size(p) for p in people])
    reach = max(2, len(apart) // SWING_SHARE)
    if len(apart) <= 2 * reach + 1:
        return 0, len(apart) - 1
    windows = np.lib.stride_tricks.sliding_window_view(apart, 2 * reach + 1, axis=0)
    swing = np.pad(np.linalg.norm(windows.std(axis=-1), axis=1), reach, mode="edge")
    active = np.concatenate([[False], swing > STILL_SHARE * np.percentile(swing, 75), [False]])
    edges = np.flatnonzero(np.diff(active.astype(int)))
    begin, stop = max(zip(edges[::2], edges[1::2], strict=True), key=lambda run: run[1] - run[0])
    return int(begin), int(stop) - 1


def _path(runner: _Trail, sightings: Sequence[Sighting], frame_count: int) -> Path:
    boxes = np.array([extent(person) for person in runner.people])
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    trunks = np.array([centre(person) for person in runner.people])
    steps = np.arange(frame_count)
    gap = int(np.median(np.diff([s.index for s in sightings]))) if len(sightings) > 1 else 1
    begin, end = running_stretch(runner.people)
    return Path(
        first=max(0, runner.indices[begin] - (gap if begin == 0 else 0)),
        last=min(frame_count - 1, runner.indices[end] + (gap if end == len(runner) - 1 else 0)),
        centre_px=_at_every(steps, runner.indices, middles),
        trunk_px=_at_every(steps, runner.indices, trunks),
        side_px=CROP_MARGIN * float(np.percentile([size(person) for person in runner.people], 90)),
        alone=all(len(sighting.people) <= 1 for sighting in sightings),
    )


def _at_every(
    steps: NDArray[np.int_], known: Sequence[int], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.column_stack([np.interp(steps, known, _smooth(points[:, axis])) for axis in (0, 1)])


def _smooth(values: NDArray[np.float64], reach: int = 2) -> NDArray[np.float64]:
    """Running median over ``2 * reach + 1`` sightings."""
    padded = np.pad(values, reach, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.asarray(np.median(windows, axis=1))
