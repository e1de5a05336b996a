"""The coach's way to hip drop: two marks on the waistband, followed through the clip."""

import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from gait.analysis import ClipAnalysis, ClipRequest, Request, judge, offered_frames, with_hip_marks
from gait.body import LEFT, RIGHT, Landmark
from gait.cli import main
from gait.errors import BadRequest
from gait.metrics.frontal import hip_drop
from gait.motion.pelvis import HipMarks
from gait.record import from_json, record_of, to_json
from gait.video.reader import open_clip
from sample_videos.render import __main__ as renderer
from tests.truth import exact_clip, truth

REAR, SIDE = "runner_a_rear_60", "runner_a_side_120"
CLIPS = renderer.HERE


@cache
def behind() -> ClipAnalysis:
    return replace(exact_clip(REAR), clip=open_clip(CLIPS / f"{REAR}.mp4"))


def true_marks(frame: int, by_px: float = 0.0) -> HipMarks:
    with np.load(CLIPS / f"{REAR}.npz") as data:
        (x0, y0), (x1, y1) = data["edge_px"][frame] + (0.0, by_px)
    return HipMarks(
        frame, (round(float(x1), 1), round(float(y1), 1)), (round(float(x0), 1), round(float(y0), 1))
    )


def test_marks_on_the_band_give_the_drop_of_both_sides() -> None:
    frame = offered_frames(behind())[0]
    marked = with_hip_marks(behind(), true_marks(frame, by_px=1.5))
    for found in hip_drop(marked.run(None)):
        true = truth(REAR).values["hip_drop_deg", found.side]
        if found.why_missing is None:
            assert found.value == pytest.approx(true, abs=2 * found.uncertainty)
    assert any(m.why_missing is None for m in hip_drop(marked.run(None)))


def test_what_is_offered_is_near_mid_stance_and_free_of_hands() -> None:
    read = behind()
    for frame in offered_frames(read):
        (row,) = np.flatnonzero(read.track.frame == frame)
        xy = read.track.xy_px[row]
        hips = (xy[LEFT.hip] + xy[RIGHT.hip]) / 2
        for hand in (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST):
            assert math.dist(xy[hand], hips) > 20
    assert offered_frames(exact_clip(SIDE)) == ()


def test_a_standing_line_that_leans_is_taken_off() -> None:
    frame = offered_frames(behind())[0]
    level = true_marks(frame)
    askew = replace(level, standing_px=((100.0, 300.0), (200.0, 300.0 - 100 * math.tan(math.radians(2)))))
    plain, zeroed = (with_hip_marks(behind(), each).waist for each in (level, askew))
    assert plain is not None and zeroed is not None
    assert plain.zero_deg == 0
    assert zeroed.zero_deg == pytest.approx(2 + behind().motion.roll.deg, abs=0.01)


def test_marks_are_kept_in_the_record_and_come_back() -> None:
    marks = true_marks(offered_frames(behind())[0])
    marked = with_hip_marks(behind(), marks)
    record = record_of(judge([marked], Request((ClipRequest(Path(marked.id), hips=marks),))))
    assert from_json(to_json(record)).clips[0].hips == record.clips[0].hips
    assert record.clips[0].hips == marks
    unmarked = record_of(judge([exact_clip(REAR)], Request((ClipRequest(Path(REAR)),))))
    assert from_json(to_json(unmarked)).clips[0].hips is None


def test_marks_that_cannot_be_followed_say_what_to_do() -> None:
    read = behind()
    frame = offered_frames(read)[0]
    with pytest.raises(BadRequest, match="only from straight behind"):
        with_hip_marks(exact_clip(SIDE), true_marks(frame))
    with pytest.raises(BadRequest, match="too close together"):
        with_hip_marks(read, HipMarks(frame, (300.0, 600.0), (305.0, 600.0)))
    with pytest.raises(BadRequest, match="not seen in frame 99999: mark the waistband in one of the frames"):
        with_hip_marks(read, replace(true_marks(frame), frame=99999))


def test_a_mark_under_a_hand_is_refused() -> None:
    read = behind()
    frame = offered_frames(read)[0]
    marks = true_marks(frame)
    xy = read.track.xy_px.copy()
    xy[read.track.frame == frame, Landmark.LEFT_INDEX] = marks.one_px
    with pytest.raises(BadRequest, match=f"A hand is at the waistband in frame {frame}"):
        with_hip_marks(replace(read, track=replace(read.track, xy_px=xy)), marks)


@pytest.mark.parametrize("text", ["12", "12:1,2", "a:1,2:3,4", "12:1,2:3,4:5,6", "12:1:2", "12:1,2:3,4,5"])
def test_marks_that_are_none_are_explained(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", str(CLIPS / f"{REAR}.mp4"), "--hips", text]) == 2
    assert "write FRAME:X,Y:X,Y" in capfd.readouterr().err


def test_of_several_clips_it_must_be_said_which_is_marked(capfd: pytest.CaptureFixture[str]) -> None:
    clips = [str(CLIPS / f"{name}.mp4") for name in (REAR, SIDE)]
    assert main(["analyze", *clips, "--hips", "12:1,2:30,4"]) == 2
    assert f"--hips {REAR}.mp4=12:1,2:30,4" in capfd.readouterr().err
