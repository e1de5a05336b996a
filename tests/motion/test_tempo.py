"""Films that play some steps in slow motion and others not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gait.errors import NotAsFilmed
from gait.motion.physics import Known
from gait.motion.proof import prove
from gait.motion.signals import clean
from gait.motion.tempo import slowed_times
from gait.motion.view import viewpoint
from gait.pose.period import TEMPO_CHANGE
from gait.pose.posetrack import PoseTrack
from gait.video.clip import Clip
from tests.truth import filmed, part, perfect_track, real_time

SIDE, REAR = "runner_a_side_120", "runner_a_rear_60"
FILMED_FPS, STORED_FPS = 240.0, 30.0


def played(name: str, slow_s: list[tuple[float, float]], lasts_s: float, slowed: int) -> PoseTrack:
    """The run as it plays at 30 pictures a second with some of its moments shown slower, as editors do."""
    track = filmed(perfect_track(name), 1.0, FILMED_FPS)
    shown, at = [], 0
    while at < lasts_s * FILMED_FPS:
        shown.append(at)
        slow = any(begin <= at / FILMED_FPS < end for begin, end in slow_s)
        at += round(FILMED_FPS / STORED_FPS / (slowed if slow else 1))
    return numbered(part(track, np.array(shown)))


def numbered(track: PoseTrack) -> PoseTrack:
    count = np.arange(len(track.frame))
    return replace(track, frame=count, pts_s=count / STORED_FPS)


def changes(track: PoseTrack) -> bool:
    return slowed_times(clean(track, real_time(STORED_FPS), viewpoint(track))) > TEMPO_CHANGE


@pytest.mark.parametrize("name", [SIDE, REAR])
@pytest.mark.parametrize("slow_s", [[(1.2, 2.2)], [(0.0, 1.0), (2.4, 3.4)], [(1.0, 1.9), (3.0, 3.9)]])
def test_steps_in_slow_motion_between_others_are_seen(name: str, slow_s: list[tuple[float, float]]) -> None:
    """Seen on a coach's film of two ways to run, and on one from in front: 5 and 3 times slower by turns."""
    assert changes(played(name, slow_s, 4.4, 4))


@pytest.mark.parametrize("name", [SIDE, REAR])
@pytest.mark.parametrize("slowed", [1, 2, 4])
def test_a_film_at_one_speed_does_not_change_it(name: str, slowed: int) -> None:
    assert not changes(played(name, [(0.0, 9.0)], 4.4, slowed))


def test_who_stops_in_the_middle_does_not_slow_the_film() -> None:
    track = played(SIDE, [], 4.0, 1)
    stops = np.repeat(60, 70)
    which = np.concatenate([np.arange(60), stops, np.arange(60, len(track.frame))])
    count = np.arange(len(which))
    still = replace(
        track,
        frame=count,
        pts_s=count / STORED_FPS,
        xy_px=track.xy_px[which],
        visibility=track.visibility[which],
        repaired=track.repaired[which],
    )
    assert not changes(still)


def test_such_a_film_is_refused_with_what_to_do_whatever_rate_is_given() -> None:
    track = played(SIDE, [(1.2, 2.2)], 4.4, 4)
    clip = Clip(Path("show.mp4"), "0" * 64, track.size_px, track.pts_s)
    for capture_fps in (None, 120.0):
        with pytest.raises(NotAsFilmed, match="plays some steps about 3") as caught:
            prove(clip, track, viewpoint(track), Known(), capture_fps)
        assert caught.value.id == "speed-changes"
