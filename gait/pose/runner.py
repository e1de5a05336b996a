"""Which of the people in the picture is the runner, and where is he or she in each frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, RIGHT
from gait.errors import BadRequest, NoRunner, WhichRunner
from gait.pose.people import (
    BETWEEN_SIGHTINGS,
    Sighting,
    Trail,
    Trunk,
    extent,
    follow,
    nearest,
    size,
    trunk,
    trunk_up_px,
)
from gait.pose.posetrack import Person

MIN_SIGHTINGS = 5
CROP_MARGIN = 1.35
"""Side of the crop over the runner's largest extent: room for limbs that the scan did not catch."""
IN_FRAME = 0.15
"""How far the runner's trunk may be, in body sizes, from where the sightings around a frame put it."""
SWING_SHARE = 12
"""The swing of the legs is judged over one part in so many of the scan, on either side."""
STILL_SHARE = 0.3
"""Swing below this share of the usual is not running; a judgement."""
LIFT = 0.13
"""Difference in height of the ankles, in body sizes, that who runs reaches in one sighting of ten: the
rendered runners reach 0.18, a walker (the demo of the sports2d package) 0.08."""
CLOSE_LOOK = 2.5
"""Side of the square that is looked at again, over the runner's size: room for a guess at where he is."""
LOST_FOR = 3
"""Sightings after which who is seen at the same place may be somebody else; a judgement."""
GUESSED_FOR = 10
"""Sightings on either side of a known one in which the runner's place is guessed; a judgement."""
PASSING_SHARE, SEEN_SHARE = 0.25, 0.5
"""Who was seen in fewer sightings than this share of the most seen person's, or runner's, only passes by."""
FEET_SEEN = 0.5
"""Visibility of the clearer ankle, in the middle of all sightings, of whose feet are in the picture: 0.94 of
a man on a treadmill, 0.1 of the trainer beside him, cut at the thighs, whose legs the model makes up."""
AS_LARGE = 0.8
"""Another runner of at least this share of the largest one's size could as well be meant; a judgement."""


@dataclass(frozen=True, eq=False)
class Path:
    """The square around the runner in every frame: where to look."""

    first: int
    last: int
    """Inclusive range of frames in which the runner was seen to run."""
    centre_px: NDArray[np.float64]
    """(T, 2) middle of the square, for every frame of the clip."""
    trunk_px: NDArray[np.float64]
    """(T, 3) middle of the runner's trunk, and its length."""
    side_px: float

    def trunk(self, index: int) -> Trunk:
        """Return where the runner's trunk is expected in one frame."""
        x, y, length = self.trunk_px[min(index, len(self.trunk_px) - 1)]
        return Trunk(np.array([x, y]), float(length))

    def square(self, index: int) -> tuple[int, int, int]:
        """Left, top and side of the square of one frame; it may reach over the picture's edge."""
        middle = self.centre_px[min(index, len(self.centre_px) - 1)]
        left, top = np.round(middle - self.side_px / 2).astype(int)
        return int(left), int(top), round(self.side_px)


def who_runs(sightings: Sequence[Sighting], wanted: int | None) -> Trail:
    """Choose the person who runs, and follow that person from sighting to sighting.

    Of several who run for long, the clearly largest is meant: the camera stands before its runner, and
    mirrors and treadmills behind are farther away. Who stands or walks is not chosen, however large.

    Parameters
    ----------
    wanted
        Number of the person as :class:`WhichRunner` counts them; None to choose by running.

    Raises
    ------
    NoRunner
        If nobody was seen often enough to be followed.
    WhichRunner
        If two people run and neither is clearly meant.
    BadRequest
        If there is no such person.
    """
    people = [trail for trail in follow(sightings) if len(trail) >= MIN_SIGHTINGS]
    if not people:
        raise NoRunner(
            "No runner was found in this clip: film the whole body from the side, "
            "in good light, filling at least half of the picture's height."
        )
    if wanted is not None:
        return _numbered(people, wanted)
    runners = _runners(people)
    if len(runners) > 1:
        raise _question(_in_order(people), runners)
    return runners[0]


def where_missed(runner: Trail, scanned: NDArray[np.int_]) -> dict[int, tuple[int, int, int]]:
    """Left, top and side of squares in which a runner should be who was not seen there.

    Pictures of the scan that are near to a sighting in number; the place is guessed from the sightings
    before and after.
    """
    missed = np.setdiff1d(scanned, runner.indices)
    order = np.searchsorted(scanned, missed)[:, None] - np.searchsorted(scanned, runner.indices)[None]
    near = missed[np.abs(order).min(axis=1) <= GUESSED_FOR] if len(missed) else missed
    middles = np.array([trunk(person).middle_px for person in runner.people])
    side = round(CLOSE_LOOK * _usual_size(runner))
    guessed = np.column_stack([np.interp(near, runner.indices, middles[:, axis]) for axis in (0, 1)])
    return {
        int(index): (round(x - side / 2), round(y - side / 2), side)
        for index, (x, y) in zip(near, guessed, strict=True)
    }


def with_closer_looks(
    runner: Trail, scanned: NDArray[np.int_], seen: Mapping[int, Sequence[Person]]
) -> Trail:
    """Add those sightings of a closer look that go on from one before or after them.

    Parameters
    ----------
    seen
        Everybody found around the place of the runner, by picture.
    """
    known = dict(zip(runner.indices, runner.people, strict=True))
    for order in (scanned, scanned[::-1]):
        last, lost = None, 0
        for index in map(int, order):
            if last is not None and index not in known and lost < LOST_FOR:
                person = nearest(seen.get(index, ()), trunk(last), BETWEEN_SIGHTINGS)
                if person is not None:
                    known[index] = person
            last, lost = (known[index], 0) if index in known else (last, lost + 1)
    indices = tuple(sorted(known))
    return Trail(indices, tuple(known[index] for index in indices))


def _runners(people: Sequence[Trail]) -> list[Trail]:
    """Those who could be meant: who runs, long enough, as large as the largest; at least one.

    Whose feet are below the picture may only seem to run; where others run with their feet in it, these are
    meant.
    """
    passing = PASSING_SHARE * max(map(len, people))
    running = [trail for trail in people if len(trail) >= passing and _lift(trail) >= LIFT]
    running = [trail for trail in running if _feet_seen(trail)] or running
    if not running:
        return [max(people, key=_leg_swing)]
    lasting = [trail for trail in running if len(trail) >= SEEN_SHARE * max(map(len, running))]
    largest = max(map(_usual_size, lasting))
    return [trail for trail in lasting if _usual_size(trail) >= AS_LARGE * largest]


def _in_order(people: Sequence[Trail]) -> list[Trail]:
    """Who can be asked for, from left to right in the picture."""
    longest = max(map(len, people))
    shown = [trail for trail in people if len(trail) >= SEEN_SHARE * longest]
    return sorted(shown, key=lambda trail: float(np.median([trunk(p).middle_px[0] for p in trail.people])))


def _numbered(people: Sequence[Trail], wanted: int) -> Trail:
    shown = _in_order(people)
    if not 1 <= wanted <= len(shown):
        raise BadRequest(
            f"There is no person {wanted} in this clip: "
            + ("one is seen." if len(shown) == 1 else f"1 to {len(shown)} are seen, counted from the left."),
            id="person",
            field="person",
        )
    return shown[wanted - 1]


def _question(shown: Sequence[Trail], runners: Sequence[Trail]) -> WhichRunner:
    together = set.intersection(*(set(trail.indices) for trail in runners)) or set(runners[0].indices)
    frame = sorted(together)[len(together) // 2]
    boxes = [
        tuple(
            float(edge)
            for edge in extent(trail.people[int(np.abs(np.array(trail.indices) - frame).argmin())])
        )
        for trail in shown
    ]
    numbers = [number for number, trail in enumerate(shown, 1) if trail in runners]
    return WhichRunner(numbers, frame, boxes)


def lift(person: Person) -> float:
    """Difference in height of the ankles, in body sizes; 0 for who lies or bends down, as no runner does."""
    x, y = trunk_up_px(person)
    apart = abs(person.xy_px[LEFT.ankle, 1] - person.xy_px[RIGHT.ankle, 1]) / size(person)
    return float(apart) if -y > abs(x) else 0.0


def _lift(trail: Trail) -> float:
    """Lift that one sighting in ten exceeds."""
    return float(np.percentile([lift(person) for person in trail.people], 90))


def _feet_seen(trail: Trail) -> bool:
    clearer = [person.visibility[[LEFT.ankle, RIGHT.ankle]].max() for person in trail.people]
    return bool(np.median(clearer) >= FEET_SEEN)


def _usual_size(trail: Trail) -> float:
    return float(np.median([size(person) for person in trail.people]))


def _leg_swing(trail: Trail) -> float:
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


def path_of(runner: Trail, scanned: NDArray[np.int_], frame_count: int) -> Path:
    """Where to look for a runner in every frame, from the sightings in the pictures that were scanned."""
    boxes = np.array([extent(person) for person in runner.people])
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    trunks = [trunk(person) for person in runner.people]
    lengths = np.array([(*each.middle_px, each.length_px) for each in trunks])
    steps = np.arange(frame_count)
    gap = int(np.median(np.diff(scanned))) if len(scanned) > 1 else 1
    begin, end = running_stretch(runner.people)
    return Path(
        first=max(0, runner.indices[begin] - (gap if begin == 0 else 0)),
        last=min(frame_count - 1, runner.indices[end] + (gap if end == len(runner) - 1 else 0)),
        centre_px=_at_every(steps, runner.indices, middles),
        trunk_px=_at_every(steps, runner.indices, lengths),
        side_px=CROP_MARGIN * float(np.percentile([size(person) for person in runner.people], 90)),
    )


def _at_every(
    steps: NDArray[np.int_], known: Sequence[int], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.column_stack(
        [np.interp(steps, known, _smooth(points[:, axis])) for axis in range(points.shape[1])]
    )


def _smooth(values: NDArray[np.float64], reach: int = 2) -> NDArray[np.float64]:
    """Running median over ``2 * reach + 1`` sightings."""
    padded = np.pad(values, reach, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.asarray(np.median(windows, axis=1))
