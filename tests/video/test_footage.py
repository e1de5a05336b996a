"""What happens to pictures between the camera and this program is noticed."""

from functools import cache
from itertools import islice, pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from gait.video.footage import Footage, Thumb, footage, respaced
from gait.video.reader import frames, open_clip
from tests.truth import truth
from tests.video.files import KINDS, Picture, film, store

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


@pytest.mark.parametrize(("new", "stored"), [(4, 5), (2, 5), (1, 2), (24, 30)])
def test_pictures_repeated_for_another_rate_are_given_their_own_times_back(new: int, stored: int) -> None:
    shown = np.arange(120 * stored // new) * new // stored
    seen = of([thumbs()[k] for k in shown if k < 120])
    original = np.flatnonzero(~seen.repeated)
    times_s = respaced(original / 30, original, seen)
    assert seen.spacing == pytest.approx(stored / new, rel=0.01)
    assert np.diff(times_s) == pytest.approx(stored / new / 30, rel=0.01)


def test_where_single_pictures_were_dropped_the_others_keep_their_times() -> None:
    film = list(thumbs())
    for place in (10, 25, 26, 90, 110, 111, 112, 160, 161):
        film[place] = film[place - 1]
    seen = of(film)
    original = np.flatnonzero(~seen.repeated)
    np.testing.assert_array_equal(respaced(original / 30, original, seen), original / 30)


def test_a_runner_who_runs_far_away_is_not_taken_for_a_picture_repeated(tmp_path: Path) -> None:
    sizes = np.geomspace(1.2, 0.3, len(film()))
    far = [_in_the_distance(picture, size) for picture, size in zip(film(), sizes, strict=True)]
    shown = list(frames(open_clip(store(tmp_path / "far", KINDS["h264"], [*far, far[-1], far[-1]]))))
    seen = footage([frame.thumb for frame in shown], [frame.news for frame in shown])
    assert list(np.flatnonzero(seen.repeated)) == [len(far), len(far) + 1]


def _in_the_distance(picture: Picture, size: float) -> Picture:
    height, width = (round(size * side) for side in picture.shape[:2])
    far = np.full((720, 1280, 3), 130, np.uint8)
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    far[700 - height : 700, 640 : 640 + width] = small
    return far


@pytest.mark.parametrize("level", [90, 150])
def test_black_bars_do_not_make_a_film_dark(level: int) -> None:
    film = [np.full((54, 96), level, dtype=np.uint8) for _ in range(12)]
    for picture in film:
        picture[:, :28] = picture[:, -28:] = 0
        picture[:8] = 1
    assert of(film).light == level


def test_a_cut_in_a_shot_that_pans_is_found_and_the_pan_is_no_cut() -> None:
    wide = np.hstack([thumbs()[0], thumbs("runner_d_side_120")[0], thumbs("runner_c_side_60_bystander")[0]])
    pan = [wide[:, 2 * k : 2 * k + 54] for k in range(40)]
    assert of(pan).cuts == ()
    assert of([*pan[:25], *(np.fliplr(picture) for picture in pan[5:])]).cuts == (25,)


def test_a_cut_splits_the_film_and_the_longest_shot_is_named() -> None:
    film = [*thumbs("runner_d_side_120")[:50], *thumbs("runner_a_side_120")[:120]]
    cut = of(film)
    assert cut.cuts == (50,)
    assert cut.longest_shot() == (50, 169)


def test_a_camera_that_pans_is_noticed() -> None:
    panned = [np.roll(thumb, int(20 * k / COUNT), axis=1) for k, thumb in enumerate(thumbs())]
    assert of(panned).camera_moves
