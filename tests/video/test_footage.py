"""What happens to pictures between the camera and this program is noticed."""

from functools import cache
from itertools import islice, pairwise

import numpy as np
import pytest

from gait.video.footage import Footage, Thumb, footage
from gait.video.reader import frames, open_clip
from tests.truth import truth

COUNT = 240


@cache
def thumbs(name: str = "runner_a_side_120") -> tuple[Thumb, ...]:
    clip = open_clip(truth(name).clip)
    return tuple(frame.thumb for frame in islice(frames(clip), COUNT))


def of(film: list[Thumb]) -> Footage:
    return footage([np.ascontiguousarray(thumb) for thumb in film])


@pytest.mark.parametrize(
    "name",
    ["runner_a_side_120", "runner_b_side_240_stored_as_30", "runner_c_side_60_bystander", "runner_a_rear_60"],
)
def test_a_clip_as_a_camera_took_it_is_clean(name: str) -> None:
    clean = of(list(thumbs(name)))
    assert not clean.repeated.any()
    assert not clean.blended
    assert clean.cuts == ()
    assert not clean.camera_moves


@pytest.mark.parametrize("level", [0, 30, 200])
def test_how_light_the_pictures_are_is_read(level: int) -> None:
    film = [np.full((54, 96), level, dtype=np.uint8) for _ in range(12)]
    film[3][:20] = 255
    assert of(film).light == level


@pytest.mark.parametrize("times", [2, 4])
def test_pictures_shown_again_are_found(times: int) -> None:
    film = [thumb for thumb in thumbs()[:60] for _ in range(times)]
    assert np.array_equal(of(film).repeated, np.arange(len(film)) % times != 0)


def test_single_repeated_pictures_are_found_in_a_screen_recording() -> None:
    places = [10, 25, 26, 90]
    film = list(thumbs())
    for place in places:
        film[place] = film[place - 1]
    assert set(np.flatnonzero(of(film).repeated)) == set(places)


@pytest.mark.parametrize("between", [1, 3])
def test_pictures_blended_from_their_neighbours_are_found(between: int) -> None:
    film: list[Thumb] = []
    real = thumbs("runner_c_side_60_bystander")[:60]
    for before, after in pairwise(real):
        shares = np.arange(between + 1) / (between + 1)
        film += [np.round((1 - s) * before + s * after.astype(float)).astype(np.uint8) for s in shares]
    assert of(film).blended


def test_a_cut_splits_the_film_and_the_longest_shot_is_named() -> None:
    film = [*thumbs("runner_d_side_120")[:50], *thumbs("runner_a_side_120")[:120]]
    cut = of(film)
    assert cut.cuts == (50,)
    assert cut.longest_shot() == (50, 169)


def test_a_camera_that_pans_is_noticed() -> None:
    panned = [np.roll(thumb, int(20 * k / COUNT), axis=1) for k, thumb in enumerate(thumbs())]
    assert of(panned).camera_moves
