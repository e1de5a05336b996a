"""Landmarks saved as a file come back exactly, or it is said that they do not."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from gait.errors import BadRequest
from gait.pose import trackfile
from gait.pose.posetrack import PoseTrack
from gait.video.plumb import Plumb
from tests.truth import perfect_track

TRACK = perfect_track("runner_a_side_120")
ODD = replace(
    TRACK,
    plumb=Plumb(1.0, 2.0, 3.0, 4.0, 5.0, by_level=True),
    outside=TRACK.visibility < 0.5,
    quarters=3,
    left_out=("pace", "feet"),
    footage=replace(TRACK.footage, cuts=(4, 9), blended=True, unread=7),
)


def saved(track: PoseTrack, path: Path) -> Path:
    with path.open("xb") as file:
        trackfile.save(track, file)
    return path


def same(one: object, other: object) -> None:
    for field in fields(one):  # type: ignore[arg-type]
        a, b = getattr(one, field.name), getattr(other, field.name)
        if field.name == "footage":
            same(a, b)
        elif isinstance(a, np.ndarray):
            np.testing.assert_array_equal(a, b)
        else:
            assert a == b or (a != a and b != b), field.name


@pytest.mark.parametrize("track", [TRACK, ODD])
def test_every_part_of_a_track_comes_back(track: PoseTrack, tmp_path: Path) -> None:
    same(track, trackfile.load(saved(track, tmp_path / "a.track.npz")))


@pytest.mark.parametrize("damage", ["cut", "other", "text"])
def test_a_damaged_file_is_said_to_be_one(damage: str, tmp_path: Path) -> None:
    path = saved(TRACK, tmp_path / "a.track.npz")
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-2000])
    elif damage == "other":
        np.savez(path, something=np.zeros(3))
    else:
        path.write_text("not landmarks")
    with pytest.raises(BadRequest, match=r"a\.track\.npz holds no landmarks"):
        trackfile.load(path)
