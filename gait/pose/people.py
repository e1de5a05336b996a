"""Everybody in the picture, and who is who from one picture to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, RIGHT
from gait.pose.posetrack import Person

Box = NDArray[np.float64]
"""Left, top, right, bottom in pixels."""

BETWEEN_SIGHTINGS = 0.35
"""How far a person's trunk may move between two sightings, as a fraction of the body's size."""
ANOTHER_TRUNK = 1.35
"""A trunk this many times longer or shorter is somebody else's, nearer to the camera or farther away."""
LENGTH_WEIGHT = 0.3
"""What a trunk twice as long counts like, as a distance in body sizes, times log 2; a judgement."""
MOST_LIE = 0.6
"""Share of all sightings that must lie, or hang, the same way for the film to lie; a judgement."""
SAME_SIZE, SAME_PLACE = 0.85, 0.08
"""Two people whose trunks differ by less than this, and are less than so many sizes apart, are one."""


@dataclass(frozen=True, eq=False)
class Sighting:
    """Everybody seen in one frame of the sparse scan."""

    index: int
    people: list[Person]
    edges: NDArray[np.float64] | None = None
    """Straight edges in the picture, of those sightings in which they were looked for."""


@dataclass(frozen=True, eq=False)
class Trail:
    """One person followed from sighting to sighting."""

    indices: tuple[int, ...]
    people: tuple[Person, ...]

    def __len__(self) -> int:
        return len(self.indices)


@dataclass(frozen=True, eq=False)
class Trunk:
    """Where a trunk is, and how long."""

    middle_px: NDArray[np.float64]
    length_px: float


def extent(person: Person) -> Box:
    """Bounding box of a person's landmarks."""
    return np.concatenate([person.xy_px.min(axis=0), person.xy_px.max(axis=0)])


def size(person: Person) -> float:
    """Largest extent of a person in pixels."""
    left, top, right, bottom = extent(person)
    return float(max(right - left, bottom - top))


def trunk(person: Person) -> Trunk:
    """Hips and shoulders: the part of a runner that moves least."""
    hips = (person.xy_px[LEFT.hip] + person.xy_px[RIGHT.hip]) / 2
    shoulders = (person.xy_px[LEFT.shoulder] + person.xy_px[RIGHT.shoulder]) / 2
    return Trunk((hips + shoulders) / 2, float(np.hypot(*(shoulders - hips))))


def quarters_to_upright(sightings: Sequence[Sighting]) -> int:
    """Quarter turns clockwise after which most people in these pictures have their heads above their hips.

    People who run are upright within some 20 degrees; what lies or hangs is the film.
    """
    up = [trunk_up_px(person) for sighting in sightings for person in sighting.people]
    if not up:
        return 0
    turns = [0 if y < -abs(x) else 2 if y >= abs(x) else 3 if x > 0 else 1 for x, y in up]
    counts = np.bincount(turns, minlength=4)
    likeliest = int(counts.argmax())
    return likeliest if counts[likeliest] > MOST_LIE * len(turns) else 0


def trunk_up_px(person: Person) -> NDArray[np.float64]:
    """(2,) from the middle of the hips to that of the shoulders."""
    return np.asarray(
        person.xy_px[[LEFT.shoulder, RIGHT.shoulder]].mean(axis=0)
        - person.xy_px[[LEFT.hip, RIGHT.hip]].mean(axis=0)
    )


def nearest(people: Sequence[Person], expected: Trunk, reach: float) -> Person | None:
    """Return the person whose trunk is most like the expected one in place and length.

    Parameters
    ----------
    reach
        Distance, in body sizes, beyond which it is somebody else; None is returned then.
    """
    costs = [_unlikeness(person, expected, reach) for person in people]
    if not costs or min(costs) == np.inf:
        return None
    return people[int(np.argmin(costs))]


def follow(sightings: Sequence[Sighting]) -> list[Trail]:
    """Join the sightings of each person; who is lost and seen again at the same place is the same."""
    trails: list[Trail] = []
    for sighting in sightings:
        unclaimed = distinct(sighting.people)
        for k, trail in sorted(enumerate(trails), key=lambda item: -len(item[1])):
            person = nearest(unclaimed, trunk(trail.people[-1]), BETWEEN_SIGHTINGS)
            if person is not None:
                unclaimed = [other for other in unclaimed if other is not person]
                trails[k] = Trail((*trail.indices, sighting.index), (*trail.people, person))
        trails += [Trail((sighting.index,), (person,)) for person in unclaimed]
    return trails


def _unlikeness(person: Person, expected: Trunk, reach: float) -> float:
    """Distance in body sizes, and what another length of the trunk adds; infinite for somebody else."""
    own = trunk(person)
    apart = float(np.hypot(*(own.middle_px - expected.middle_px))) / size(person)
    longer = abs(float(np.log(max(own.length_px, 1.0) / max(expected.length_px, 1.0))))
    if apart > reach or longer > np.log(ANOTHER_TRUNK):
        return np.inf
    return apart + LENGTH_WEIGHT * longer


def distinct(people: Sequence[Person]) -> list[Person]:
    """Leave out who is seen twice: the model sometimes finds one body as two."""
    kept: list[Person] = []
    for person in people:
        own = trunk(person)
        if not any(_same(own, trunk(other), size(other)) for other in kept):
            kept.append(person)
    return kept


def _same(one: Trunk, other: Trunk, size_px: float) -> bool:
    apart = float(np.hypot(*(one.middle_px - other.middle_px)))
    shorter, longer = sorted((one.length_px, other.length_px))
    return apart < SAME_PLACE * size_px and shorter > SAME_SIZE * longer
