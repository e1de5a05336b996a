"""Which part of a film is read: never the real time before slow motion, taken for the run."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gait.pose.assembly import between_ankles, landmarks, shortest_stride_pictures
from gait.pose.period import even_stretch
from gait.pose.pilot import PILOT_EVERY, PROBE, Pilot, find_rhythm
from gait.pose.posetrack import Person
from gait.pose.reading import Reading
from gait.pose.track import STEPS
from tests.truth import perfect_track

FAST, SLOWED = 120, 4
THUMB = np.zeros((2, 2), np.uint8)


class Film:
    """Runner A, filmed 120 times a second, shown at 30: first every fourth picture, then each."""

    found: Pilot

    def __init__(self, lead_in_s: float) -> None:
        track = perfect_track("runner_a_side_120")
        began = round(FAST * lead_in_s)
        self._shown = np.r_[np.arange(0, began, SLOWED), np.arange(began, len(track.pts_s))]
        self._xy_px, self.lead_in, self.count = track.xy_px, began // SLOWED, len(self._shown)

    def xy_px(self, frames: Any) -> Any:
        return self._xy_px[self._shown[frames]]

    @property
    def stride_pictures(self) -> float:
        """What the pilot's pictures say of the stride: so many pictures of the film."""
        return PILOT_EVERY * shortest_stride_pictures(landmarks([r.person for r in self.found.readings]))

    def runner(self, path: object, shown: Any, wanted: Any) -> Iterator[tuple[Reading, None]]:
        for frame in shown:
            person = Person(self.xy_px(frame), np.ones(33))
            yield Reading(int(frame), frame / 30, person, THUMB), None


@pytest.mark.parametrize("lead_in_s", [1.0, 2.0, 2.25, 2.5, 2.75, 3.0, 3.5, 4.5])
def test_real_time_before_slow_motion_is_left_out_and_the_rest_is_not(lead_in_s: float) -> None:
    film, alone = pilot_of(lead_in_s), pilot_of(0.0)
    stretch = film.found.stretch
    assert stretch[0] >= film.lead_in - PROBE * PILOT_EVERY, "more of it than one look"
    begin, end = even_stretch(between_ankles(film.xy_px(stretch)))
    assert stretch[begin] >= film.lead_in - FAST // SLOWED, "less than a second: no rhythm of its own"
    assert stretch[end] == film.count - 1
    assert film.stride_pictures == pytest.approx(alone.stride_pictures, rel=0.1)


def pilot_of(lead_in_s: float) -> Film:
    film: Any = Film(lead_in_s)
    path: Any = SimpleNamespace()
    film.found = find_rhythm(film, path, np.arange(film.count), STEPS, lambda done, total: None)
    return film  # type: ignore[no-any-return]
