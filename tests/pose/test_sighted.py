"""Who is seen in a clip in which nobody can be followed."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from gait.analysis import ClipRequest, Refused, Request, read_clips
from gait.body import LEFT, RIGHT
from gait.export.folder import write_seen
from gait.pose.people import Sighting
from gait.pose.posetrack import Person
from gait.pose.reading import Reader
from gait.video.reader import open_clip
from gait.video.writer import write_video
from tests.conftest import light_pictures

pytestmark = pytest.mark.pose
PICTURES, SHOWN = 24, (5, 6, 16, 17)


def _seldom() -> Iterator[np.ndarray]:
    """Somebody runs in four pictures of many, in two places; else there is only the wall."""
    runner = [cv2.resize(picture, None, fx=0.7, fy=0.7) for picture in light_pictures(seconds=1.0)]
    height, width = (2 * (side // 2) for side in runner[0].shape[:2])
    wall = np.ascontiguousarray(np.broadcast_to(runner[0][:height, :1], (height, 2 * width, 3)))
    for number in range(PICTURES):
        picture = wall.copy()
        if number in SHOWN:
            left = 0 if number < PICTURES // 2 else width
            picture[:, left : left + width] = runner[number][:height, :width]
        yield picture


def test_a_runner_seen_too_seldom_to_be_followed_is_shown_and_not_measured(
    tmp_path: Path, model_file: Path
) -> None:
    path = tmp_path / "seldom.mp4"
    write_video(path, _seldom(), fps=30)
    (read,) = read_clips(Request((ClipRequest(path),)))
    assert isinstance(read, Refused)
    assert read.error.id in ("no-runner", "lost")
    assert read.meanwhile is None
    assert read.glimpse is not None
    assert {picture.index for picture in read.glimpse.pictures} <= set(SHOWN)
    assert read.glimpse.pictures
    assert "pictures looked at" in read.glimpse.text
    assert [file.name for file in write_seen([read.glimpse], tmp_path / "out")] == ["seen_1.jpg"]


def test_only_who_is_found_twice_at_the_same_place_counts(light_clip: Path, model_file: Path) -> None:
    with closing(Reader(open_clip(light_clip), model_file, 1)) as reader:
        (seen,) = reader.everybody(np.array([40]))
        (runner,) = seen.people
        turned = runner.xy_px.copy()
        legs = [*LEFT.leg, *RIGHT.leg]
        turned[legs] = turned[legs][:, ::-1]
        beside = Person(runner.xy_px + (60, 0), runner.visibility)
        for people, kept in (([runner], 1), ([beside], 0), ([Person(turned, runner.visibility)], 0), ([], 0)):
            (again,) = reader.found_twice([Sighting(40, people)])
            assert len(again.people) == kept
