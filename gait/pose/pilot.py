"""The rhythm before the reading: which part of a clip keeps one tempo, and how much of it to read."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, RIGHT
from gait.pose import sides
from gait.pose.assembly import landmarks, shortest_stride_pictures, stride_pictures
from gait.pose.reading import Reader, Reading
from gait.pose.runner import Path

PILOT_EVERY = 4
"""One picture in so many is read until the rhythm shows: five to the stride at 30 a second."""
PILOT_STRIDES = 2.5
"""Strides that show the rhythm."""
LOOK_EVERY = 12
"""Pictures after which the rhythm is looked for again."""
PICTURES_A_STRIDE = 40
"""Pictures that a stride needs at least: 55 a second. More make no number better (docs/speed.md)."""
EVERY = (8, 6, 4, 3, 2, 1)
"""One picture in so many is read."""
PROBE = 12
"""Pictures, one in ``PILOT_EVERY``, that tell how fast the legs move somewhere else in the clip."""
ANOTHER_TEMPO = 2.2
"""Legs that move so many times faster or slower per picture are shown at another tempo: within a stride they
are up to 1.5 times faster than on average, and slow motion slows four times and more."""
NARROW = 32
"""A change of tempo is found to one part in so many of the clip."""

Frames = NDArray[np.int_]
Tell = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Pilot:
    """What was read to find the rhythm."""

    stretch: Frames
    """Frames in question: those that keep one tempo."""
    readings: Sequence[Reading]
    """Of one picture in ``PILOT_EVERY``, somewhere in the stretch."""
    extra: Sequence[Reading] = ()
    """Others that were read on the way."""


def find_rhythm(reader: Reader, path: Path, stretch: Frames, steps: float, tell: Tell) -> Pilot:
    """Read one picture in four until the rhythm shows, and find the longest part that keeps its tempo.

    Where the rhythm at the beginning would leave part of the clip unread, a few pictures in the middle say
    whether the tempo is the same there; if it is not (real time before slow motion), where it changes is
    narrowed down.
    """
    readings = _read_until_it_shows(reader, path, stretch, tell)
    if len(plan(stretch, readings, steps)[0]) == len(stretch):
        return Pilot(stretch, readings)
    probe = _Probe(reader, path, stretch)
    begin, stop = _longest_tempo(probe, _leg_speed(readings), len(stretch))
    if begin == 0:
        return Pilot(stretch[:stop], readings, probe.read)
    even = stretch[begin:stop]
    again = _read_until_it_shows(reader, path, even, tell)
    return Pilot(even, again, (*readings, *probe.read))


def plan(stretch: Frames, pilot: Sequence[Reading], steps: float) -> tuple[Frames, Frames]:
    """Frames to go through, and which of them to read: so many steps, so many pictures of each."""
    stride = PILOT_EVERY * shortest_stride_pictures(landmarks([each.person for each in pilot]))
    if not stride > 0:
        return stretch, stretch
    every = next(each for each in EVERY if each == 1 or stride / each >= PICTURES_A_STRIDE)
    count = len(stretch) if np.isinf(steps) else min(len(stretch), round(stride * steps / 2))
    return stretch[:count], stretch[:count:every]


class _Probe:
    """Reads a few pictures somewhere in a stretch, and keeps them."""

    def __init__(self, reader: Reader, path: Path, stretch: Frames) -> None:
        self._reader, self._path, self._stretch = reader, path, stretch
        self.read: list[Reading] = []

    def leg_speed(self, place: int) -> float:
        """How far the ankles move against each other from picture to picture, over the legs' reach."""
        wanted = self._stretch[place : place + PROBE * PILOT_EVERY : PILOT_EVERY]
        with closing(self._reader.runner(self._path, wanted, wanted)) as readings:
            own = [reading for reading, _ in readings]
        self.read += own
        return _leg_speed(own)


def _longest_tempo(probe: _Probe, speed: float, count: int) -> tuple[int, int]:
    """First and one past the last place of the longest part at one tempo; the beginning's speed is known."""
    last = max(0, count - PROBE * PILOT_EVERY)
    middle_speed = probe.leg_speed(min(count // 2, last))
    if not _unlike(speed, middle_speed):
        return 0, count
    begins = _narrowed(probe, middle_speed, count // 2, 0)
    stops = count
    if _unlike(probe.leg_speed(last), middle_speed):
        stops = _narrowed(probe, middle_speed, count // 2, last)
    return max(pairwise([0, begins, stops, count]), key=lambda part: part[1] - part[0])


def _narrowed(probe: _Probe, speed: float, alike: int, unlike: int) -> int:
    """The place nearest to an unlike one that still has the tempo."""
    while abs(alike - unlike) > max(PROBE * PILOT_EVERY, abs(alike - unlike) // NARROW):
        between = (alike + unlike) // 2
        if _unlike(probe.leg_speed(between), speed):
            unlike = between
        else:
            alike = between
    return alike


def _unlike(one: float, other: float) -> bool:
    """True if it is clear that two leg speeds are of two tempos."""
    return bool(one > 0 and other > 0 and abs(np.log(one / other)) > np.log(ANOTHER_TEMPO))


def _leg_speed(readings: Sequence[Reading]) -> float:
    xy_px = landmarks([reading.person for reading in readings])
    if not np.isfinite(xy_px).any():
        return float("nan")
    apart = (xy_px[:, LEFT.ankle] - xy_px[:, RIGHT.ankle]) / sides.leg_extent_px(xy_px)
    moved = np.linalg.norm(np.diff(apart, axis=0), axis=1)
    seen = moved[np.isfinite(moved)]
    return float(seen.mean()) if len(seen) >= PROBE // 2 else float("nan")


def _read_until_it_shows(reader: Reader, path: Path, stretch: Frames, tell: Tell) -> list[Reading]:
    """Read one picture in four, until the rhythm shows."""
    pilot: list[Reading] = []
    every_fourth = stretch[::PILOT_EVERY]
    with closing(reader.runner(path, every_fourth, every_fourth)) as readings:
        for reading, _ in readings:
            pilot.append(reading)
            tell(len(pilot), len(stretch))
            if len(pilot) % LOOK_EVERY == 0 and _strides_in(pilot) >= PILOT_STRIDES:
                break
    return pilot


def _strides_in(pilot: Sequence[Reading]) -> float:
    """Strides read so far, from the rhythm of the ankles; 0 while they show none."""
    pictures = stride_pictures(landmarks([each.person for each in pilot]))
    return len(pilot) / pictures if pictures > 0 else 0.0
