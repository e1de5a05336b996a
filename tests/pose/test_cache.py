"""Landmarks are kept between runs, and nothing that happens to the kept files does harm."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gait.pose import cache, trackfile
from gait.pose.posetrack import PoseTrack
from tests.truth import perfect_track

NAME = "runner_a_side_120"
REMEMBER_FOREVER = """
import sys
from gait.pose import cache
from tests.truth import perfect_track
track = perfect_track("runner_a_side_120")
print("ready", flush=True)
number = 0
while True:
    cache.remember((number % 5, sys.argv[1]), lambda: track)
    for path in cache.folder().glob("*.npz") if number % 5 == 4 else ():
        path.unlink(missing_ok=True)
    number += 1
"""


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def remembered(key: object = 1) -> tuple[PoseTrack, bool]:
    """The track, and whether it had to be made."""
    made = []

    def make() -> PoseTrack:
        made.append(True)
        return perfect_track(NAME)

    return cache.remember((key,), make), bool(made)


def assert_same(one: PoseTrack, other: PoseTrack) -> None:
    for field in ("frame", "pts_s", "xy_px", "visibility", "repaired"):
        np.testing.assert_array_equal(getattr(one, field), getattr(other, field))
    assert one.size_px == other.size_px
    np.testing.assert_array_equal(one.footage.repeated, other.footage.repeated)
    assert one.footage.cuts == other.footage.cuts


def test_a_clip_is_read_once_and_comes_back_exactly_the_same() -> None:
    first, made = remembered()
    assert made
    again, made = remembered()
    assert not made
    assert_same(first, again)


def test_another_clip_or_another_wish_is_read_anew() -> None:
    remembered(1)
    assert remembered(2)[1]


def test_a_clip_that_is_forgotten_leaves_no_landmarks_behind_and_others_stay() -> None:
    remembered("mine")
    remembered("another's")
    cache.forget("mine")
    assert remembered("mine")[1]
    assert not remembered("another's")[1]


def test_a_clip_can_be_forgotten_where_nothing_was_kept(empty: Path) -> None:
    cache.forget("mine")
    assert not empty.exists()


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: b"x" + data[1:]]
)
def test_a_damaged_file_is_made_again(damage: "object", empty: Path) -> None:
    remembered()
    (kept,) = empty.glob(f"*{trackfile.SUFFIX}")
    kept.write_bytes(damage(kept.read_bytes()))  # type: ignore[operator]
    track, made = remembered()
    assert made
    assert_same(track, perfect_track(NAME))
    assert not remembered()[1]


def test_a_folder_that_cannot_be_written_costs_only_time(empty: Path) -> None:
    empty.write_text("a file where the folder should be")
    assert remembered()[1]
    assert remembered()[1]
    assert empty.read_text() == "a file where the folder should be"


def test_what_was_not_used_for_longest_is_dropped(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered(0)
    one = next(empty.glob(f"*{trackfile.SUFFIX}")).stat().st_size
    monkeypatch.setattr(cache, "MOST_BYTES", int(3.5 * one))
    for age, path in enumerate(empty.iterdir()):
        os.utime(path, (age, age))
    for key in range(1, 4):
        remembered(key)
        time.sleep(0.02)
    assert len(list(empty.iterdir())) == 3
    assert remembered(0)[1]
    assert not remembered(3)[1]


def test_files_of_others_in_the_folder_are_left_alone(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 0)
    empty.mkdir()
    (empty / "notes.txt").write_text("mine")
    remembered()
    assert [path.name for path in empty.iterdir()] == ["notes.txt"]


def test_programs_that_are_killed_while_writing_leave_nothing_corrupt(empty: Path) -> None:
    for round_ in range(4):
        writers = [
            subprocess.Popen([sys.executable, "-c", REMEMBER_FOREVER, "same"], stdout=subprocess.PIPE)
            for _ in range(2)
        ]
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.readline()
        time.sleep(0.1 + 0.07 * round_)
        for writer in writers:
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()
            assert writer.stdout is not None
            writer.stdout.close()
        for path in empty.glob(f"*{trackfile.SUFFIX}"):
            with np.load(path) as data:
                np.testing.assert_array_equal(data["xy_px"], perfect_track(NAME).xy_px)
    assert_same(remembered()[0], perfect_track(NAME))
