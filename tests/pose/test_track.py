"""Reading a clip: the same landmarks whatever the number of cores, the right person, no more than needed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from gait.body import RIGHT
from gait.errors import WhichRunner
from gait.pose import sides
from gait.pose.pilot import PILOT_EVERY, plan
from gait.pose.posetrack import Person, PoseTrack
from gait.pose.reading import Reading
from gait.pose.track import Wish, in_doubt, track
from gait.video.clip import Frame
from gait.video.reader import open_clip
from gait.video.writer import write_video
from tests.conftest import light_pictures
from tests.truth import perfect_track, truth

pytestmark = pytest.mark.pose
SHORT = Wish(steps=6)


def assert_same(one: PoseTrack, other: PoseTrack) -> None:
    for field in ("frame", "pts_s", "xy_px", "visibility", "repaired"):
        np.testing.assert_array_equal(getattr(one, field), getattr(other, field))


def test_one_worker_and_three_read_exactly_the_same(light_clip: Path, model_file: Path) -> None:
    clip = open_clip(light_clip)
    assert_same(
        track(clip, model_file, wish=SHORT, workers=1), track(clip, model_file, wish=SHORT, workers=3)
    )


@pytest.mark.parametrize("leaps", [[], [2], [3, 90], [40, 44, 52], [380, 381]])
def test_the_pictures_looked_at_again_while_reading_are_those_of_the_whole_stretch(leaps: list[int]) -> None:
    xy_px = perfect_track("runner_a_side_120").xy_px[:384].copy()
    xy_px[leaps] += np.where(np.arange(33) % 2, 0.0, 80.0)[:, None]
    none = np.zeros((0, 0, 3), np.uint8)
    read = [
        (Person(xy, np.ones(33)), Frame(number, 0.0, none, (0, 0), none[..., 0]))
        for number, xy in enumerate(xy_px)
    ]
    again = [picture.index for picture in in_doubt(iter(read), sides.leg_extent_px(xy_px))]
    assert again == list(np.flatnonzero(sides.doubtful(xy_px)))
    assert bool(again) == bool(leaps)


@pytest.mark.parametrize("right_swing", [1.0, 0.6, 0.3])
def test_legs_that_look_unlike_do_not_halve_the_pictures_that_are_read(right_swing: float) -> None:
    xy_px = perfect_track("runner_c_side_60_bystander").xy_px.copy()
    leg = list(RIGHT.leg)
    xy_px[:, leg, 0] = xy_px[:, [RIGHT.hip], 0] + right_swing * (xy_px[:, leg, 0] - xy_px[:, [RIGHT.hip], 0])
    stretch = np.arange(len(xy_px))
    thumb = np.zeros((2, 2), np.uint8)
    pilot = [Reading(int(k), k / 60.0, Person(xy_px[k], np.ones(33)), thumb) for k in stretch[::PILOT_EVERY]]
    shown, wanted = plan(stretch, pilot, steps=24)
    np.testing.assert_array_equal(shown, wanted)


def test_of_fast_film_no_more_is_read_than_the_answer_needs(model_file: Path) -> None:
    known = truth("runner_b_side_240_stored_as_30")
    pose = track(open_clip(known.clip), model_file)
    assert set(np.diff(pose.frame)) == {4}
    assert pose.frame[-1] - pose.frame[0] > 900


def test_who_is_small_in_a_large_picture_is_found_and_read_at_full_size(
    tmp_path: Path, model_file: Path
) -> None:
    path = tmp_path / "far.mp4"
    write_video(path, _far_away(), fps=60)
    pose = track(open_clip(path), model_file, wish=SHORT)
    assert np.isfinite(pose.xy_px[:, [11, 12, 23, 24]]).mean() > 0.95
    height = np.nanmedian(np.nanmax(pose.xy_px[..., 1], axis=1) - np.nanmin(pose.xy_px[..., 1], axis=1))
    assert 200 < height < 320


def _far_away() -> Iterator[np.ndarray]:
    """The runner in a corner of a landscape picture, a quarter of its height."""
    for small in light_pictures(seconds=3.0):
        picture = np.full((1080, 1920, 3), (120, 130, 140), np.uint8)
        height, width = (round(0.75 * side) for side in small.shape[:2])
        picture[560 : 560 + height, 1300 : 1300 + width] = cv2.resize(small, (width, height))
        yield picture


def test_the_runner_is_read_not_who_stands_nearer_larger_and_was_there_before(
    tmp_path: Path, model_file: Path
) -> None:
    path = tmp_path / "bystander.mp4"
    write_video(path, _with_somebody_nearer(), fps=60)
    pose = track(open_clip(path), model_file, wish=SHORT)
    assert np.nanmax(pose.xy_px[:, 11:, 0]) < RUNNERS_WIDTH
    assert pose.frame[0] > 0.7 * ALONE_FRAMES


RUNNERS_WIDTH, ALONE_FRAMES = 360, 90


def _with_somebody_nearer() -> Iterator[np.ndarray]:
    """At first only a large person who stands at the right; then somebody runs at the left."""
    pictures = list(light_pictures(seconds=4.0))
    height, width = pictures[0].shape[:2]
    still = cv2.resize(pictures[40], (round(1.3 * width), round(1.3 * height)))
    wall = np.broadcast_to(pictures[0][:, :1], pictures[0].shape)
    for number in range(ALONE_FRAMES + len(pictures)):
        picture = np.zeros((still.shape[0], RUNNERS_WIDTH + still.shape[1], 3), np.uint8)
        shown = pictures[number - ALONE_FRAMES] if number >= ALONE_FRAMES else wall
        picture[-height:, :RUNNERS_WIDTH] = shown[:, :RUNNERS_WIDTH]
        picture[:, RUNNERS_WIDTH:] = still
        yield picture


@pytest.fixture(scope="module")
def two_runners(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same runner twice, side by side, half a stride apart."""
    path = tmp_path_factory.mktemp("two") / "two.mp4"
    write_video(path, _side_by_side(), fps=60)
    return path


def _side_by_side(later: int = 24) -> Iterator[np.ndarray]:
    pictures = list(light_pictures(seconds=5.0))
    for one, other in zip(pictures[:-later], pictures[later:], strict=True):
        yield np.hstack([one, other])


def test_where_two_run_alike_the_command_line_asks_and_takes_the_answer(
    two_runners: Path, model_file: Path
) -> None:
    command = [sys.executable, "-m", "gait.cli", "analyze", str(two_runners), "--json"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert asked.returncode == 2
    assert "(1 or 2) (--person two.mp4=N)" in asked.stderr.strip().splitlines()[-1]
    named = subprocess.run(
        [*command, "--person", "2"], capture_output=True, text=True, check=False, timeout=300
    )
    assert named.returncode == 0
    assert json.loads(named.stdout)["clips"][0]["view"] == "left"


def test_the_runner_who_was_named_is_the_one_that_is_read(two_runners: Path, model_file: Path) -> None:
    clip = open_clip(two_runners)
    with pytest.raises(WhichRunner):
        track(clip, model_file, wish=SHORT)
    middle = clip.size_px[0] / 2
    left, right = (track(clip, model_file, wish=Wish(6, person)) for person in (1, 2))
    assert np.nanmax(left.xy_px[:, 11:, 0]) < middle < np.nanmin(right.xy_px[:, 11:, 0])
