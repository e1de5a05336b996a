"""The watch as a second proof of how fast a clip was filmed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from gait.analysis import ClipAnalysis, ClipRequest, Refused, Request, RunnerFacts
from gait.analysis import read as reading
from gait.errors import UnknownCaptureRate
from gait.motion.view import viewpoint
from gait.video.clip import Clip
from gait.watch import file
from tests.truth import perfect_track, retimed
from tests.watch.fits import watch_file

START = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)


def read(one_leg: float) -> ClipAnalysis | Refused:
    """Runner A's exact joints, at 154 steps a minute, four times slowed; and a watch that counted so much."""
    pose = retimed(perfect_track("runner_a_side_120"), 4.0, 30.0)
    made = (START + timedelta(seconds=300)).isoformat()
    clip = Clip(Path("run.mp4"), "0" * 64, pose.size_px, pose.pts_s, created=made)
    wanted = ClipRequest(clip.path)
    watch = file.of(watch_file(START, [one_leg] * 600), "run.fit")
    request = Request((wanted,), RunnerFacts(), START.date(), watch=watch)
    seen = reading._with_watch(reading._Seen("run.mp4", wanted, clip, pose, viewpoint(pose)), request)
    (done,) = reading._timed_together([seen], reading.Known())
    return done


def test_a_watch_that_agrees_stands_in_the_record_as_a_second_proof() -> None:
    done = read(one_leg=77)
    assert isinstance(done, ClipAnalysis)
    assert done.base.capture_fps == 120
    assert done.base.evidence[-1] == "the watch counted 154 steps/min in the minute of the clip (run.fit)"


def test_a_watch_that_disagrees_makes_a_question_of_what_would_have_been_taken() -> None:
    asked = read(one_leg=86)
    assert isinstance(asked, Refused)
    assert isinstance(asked.error, UnknownCaptureRate)
    assert "the watch counted 172 steps/min" in str(asked.error)
