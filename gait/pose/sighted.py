"""Who is seen at all in a clip in which nobody can be followed: for pictures, never for numbers."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gait.body import LEFT, RIGHT
from gait.pose.people import Sighting, quarters_to_upright, size
from gait.pose.posetrack import Person
from gait.pose.reading import Reader, cores
from gait.pose.runner import LIFT, lift
from gait.pose.track import turn_that_shows_people
from gait.video.clip import Clip, uniform_stretch

LOOKS = ((1, 24), (2, 24), (4, 12))
"""Parts to the longer side, and pictures looked at so; closer only where too few showed anybody."""
LEGS = [point for leg in (LEFT, RIGHT) for point in (leg.hip, leg.knee)]


@dataclass(frozen=True, eq=False)
class Sighted:
    """The pictures that show people best."""

    clip: Clip
    """Turned as the pictures must be held."""
    pictures: tuple[Sighting, ...]
    """Some of those looked at, in order, each with the people who were found in it twice; empty if none."""
    looked: int
    """How many were looked at."""
    seen: int
    """In how many of them somebody was found twice."""
    height_share: float
    """Height of the tallest of those shown, as a share of the picture's; 0 without any."""


def sighted(clip: Clip, model: Path, count: int) -> Sighted:
    """Look for people in a few pictures of a clip, and closer where nobody is found.

    The best pictures are those in which somebody lifts a foot as runners do, then those with the largest
    person. Only people of whom hips and knees are in the picture count.

    Parameters
    ----------
    count
        Pictures to choose.

    Raises
    ------
    UnreadableClip
        If the clip cannot be read any more.
    """
    looks_done: list[Sighted] = []
    first, last = uniform_stretch(clip.pts_s)
    with closing(Reader(clip, model, cores())) as reader:
        for closer, looks in LOOKS:
            wanted = np.unique(np.linspace(first, last, looks).round().astype(int))
            people = list(reader.everybody(wanted, closer=closer))
            if closer == 1 and (turn := _turn(reader, people)):
                reader.turn(turn)
                people = list(reader.everybody(wanted))
            found = [_legs_inside(each, reader.clip.size_px) for each in reader.found_twice(people)]
            looks_done.append(_best(reader.clip, found, count))
            if looks_done[-1].seen >= count:
                break
        return max(looks_done, key=lambda each: len(each.pictures))


def _turn(reader: Reader, people: Sequence[Sighting]) -> int:
    """Quarter turns clockwise after which these people stand upright."""
    if any(each.people for each in people):
        return quarters_to_upright(people)
    return turn_that_shows_people(reader, np.array([each.index for each in people]))


def _legs_inside(sighting: Sighting, size_px: tuple[int, int]) -> Sighting:
    def inside(person: Person) -> bool:
        legs = person.xy_px[LEGS]
        return bool(((legs >= 0) & (legs < size_px)).all())

    return Sighting(sighting.index, [person for person in sighting.people if inside(person)])


def _best(clip: Clip, found: Sequence[Sighting], count: int) -> Sighted:
    shown = [each for each in found if each.people]
    best = sorted(shown, key=lambda each: max(map(_worth, each.people)), reverse=True)[:count]
    heights = [float(np.ptp(person.xy_px[:, 1])) for each in best for person in each.people]
    return Sighted(
        clip,
        tuple(sorted(best, key=lambda each: each.index)),
        len(found),
        len(shown),
        min(1.0, max(heights, default=0.0) / clip.size_px[1]),
    )


def _worth(person: Person) -> tuple[bool, float]:
    return lift(person) >= LIFT, size(person)
