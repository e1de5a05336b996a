"""The coach's way to arm crossover: wrist, hips and shoulders marked in a few pictures from the front."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gait.analysis import (
    ClipAnalysis,
    ClipRequest,
    Request,
    hand_mark,
    judge,
    likely_hand,
    offered_swings,
    with_hand_marks,
)
from gait.body import LEFT, LIMBS, RIGHT, Side
from gait.cli import main
from gait.errors import BadRequest
from gait.metrics.catalogue import CROSSOVER
from gait.metrics.hands import crossover
from gait.motion.hands import HandMark, MarkedSwing
from gait.record import from_json, record_of, to_json
from tests.truth import SAMPLES, exact_clip, truth

FRONT, SIDE = "runner_a_front_60", "runner_a_side_120"
LOOKED_AT = 12
"""Pictures before and after an offered one, a quarter of a stride."""


def in_front() -> ClipAnalysis:
    return exact_clip(FRONT)


def blind(read: ClipAnalysis) -> ClipAnalysis:
    """The same clip, but the model sees no hand."""
    hidden = np.zeros_like(read.motion.visibility)
    return replace(read, motion=replace(read.motion, visibility=hidden))


def points(frame: int, side: Side) -> tuple[tuple[float, float], ...]:
    """Wrist, mid-hip and mid-shoulder as an exact eye sets them."""
    px = truth(FRONT).px
    wrist = px[LIMBS[side].wrist][frame]
    hips, shoulders = (
        (px[a][frame] + px[b][frame]) / 2 for a, b in ((LEFT.hip, RIGHT.hip), (LEFT.shoulder, RIGHT.shoulder))
    )
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in (wrist, hips, shoulders))


def farthest_across(frame: int, side: Side) -> int:
    """The picture to which somebody steps from one that is offered."""
    around = range(max(0, frame - LOOKED_AT), min(frame + LOOKED_AT + 1, len(truth(FRONT).px[LEFT.hip])))
    return max(around, key=lambda k: across_px(k, side))


def across_px(frame: int, side: Side) -> float:
    """How far the wrist is past the line from the hips to the shoulders, in the picture."""
    (x, y), (hip_x, hip_y), (top_x, top_y) = points(frame, side)
    return side.outward * (x - hip_x - (y - hip_y) / (top_y - hip_y) * (top_x - hip_x))


def marks(only: Side | None = None) -> tuple[HandMark, ...]:
    looked_at = ((side, farthest_across(frame, side)) for side, frame in offered_swings(in_front()))
    return tuple(
        HandMark(frame, side, *points(frame, side)) for side, frame in looked_at if only in (None, side)
    )


def values(read: ClipAnalysis) -> dict[Side | None, float]:
    return {m.side: m.value for m in crossover(read.run(None))}


def test_a_hand_that_the_model_does_not_see_is_read_off_the_marks() -> None:
    assert all(np.isnan(value) for value in values(blind(in_front())).values())
    found = values(with_hand_marks(blind(in_front()), marks()))
    for side in Side:
        assert found[side] == pytest.approx(truth(FRONT).values[CROSSOVER.name, side], abs=3)
    assert found[None] == pytest.approx((found[Side.LEFT] + found[Side.RIGHT]) / 2, abs=1)


def test_a_mark_farther_across_reads_farther_across() -> None:
    plain = marks(Side.LEFT)
    across = tuple(replace(m, wrist_px=(m.wrist_px[0] - 8, m.wrist_px[1])) for m in plain)
    one, other = (values(with_hand_marks(in_front(), each))[Side.LEFT] for each in (plain, across))
    assert other > one + 2


def test_one_marked_hand_leaves_the_other_as_it_was_seen() -> None:
    before, after = values(in_front()), values(with_hand_marks(in_front(), marks(Side.LEFT)))
    assert after[Side.RIGHT] == before[Side.RIGHT]
    assert after[Side.LEFT] != before[Side.LEFT]


def test_the_mean_of_both_hands_lies_between_them_whenever_each_was_seen() -> None:
    read = with_hand_marks(in_front(), marks())
    swing = read.swings[0]

    def seen(side: Side, across: float) -> MarkedSwing:
        moved = swing.wrist + np.array([-side.outward * across, 0.0])
        return replace(swing, mark=replace(swing.mark, side=side), wrist=moved)

    left = [seen(Side.LEFT, 0.02 * k) for k in range(7)]
    right = [seen(Side.RIGHT, 0.02 * k) for k in (6, 5, 4)]
    for swings in ((*left, *right), (*right, *left)):
        found = values(replace(read, swings=swings))
        low, high = sorted((found[Side.LEFT], found[Side.RIGHT]))
        assert low <= found[None] <= high
        assert found[None] == pytest.approx((low + high) / 2, abs=1)


def test_no_mark_takes_the_marks_off_again() -> None:
    assert values(with_hand_marks(with_hand_marks(in_front(), marks()), ())) == values(in_front())


def test_what_is_offered_shows_three_swings_of_each_hand_near_its_front() -> None:
    offered = offered_swings(in_front())
    assert [side for side, _ in offered] == [Side.LEFT] * 3 + [Side.RIGHT] * 3
    for side, frame in offered:
        farthest = farthest_across(frame, side)
        assert abs(farthest - frame) < LOOKED_AT, "the hand goes on across beyond the pictures around it"
        assert likely_hand(in_front(), farthest, points(farthest, side)) is side
    assert offered_swings(exact_clip(SIDE)) == ()


def test_an_angle_may_be_drawn_from_either_end() -> None:
    mark = marks(Side.RIGHT)[0]
    wrist, hips, shoulders = points(mark.frame, Side.RIGHT)
    for drawn in ((wrist, hips, shoulders), (shoulders, hips, wrist)):
        assert hand_mark(in_front(), mark.frame, Side.RIGHT, drawn) == mark


def test_marks_are_kept_in_the_record_and_come_back() -> None:
    marked = with_hand_marks(in_front(), marks())
    record = record_of(judge([marked], Request((ClipRequest(Path(FRONT), hands=marks()),))))
    assert from_json(to_json(record)).clips[0].hands == record.clips[0].hands
    assert set(record.clips[0].hands) == set(marks())
    assert record.clips[0].marked
    assert not record_of(judge([in_front()], Request((ClipRequest(Path(FRONT)),)))).clips[0].marked


def test_marks_that_cannot_be_read_say_what_to_do() -> None:
    read, left = in_front(), marks(Side.LEFT)
    with pytest.raises(BadRequest, match="only from straight in front"):
        with_hand_marks(exact_clip(SIDE), left)
    with pytest.raises(
        BadRequest, match=r"left hand is marked in 2 of at least 3 swings: mark it in the frames"
    ):
        with_hand_marks(read, left[:2])
    with pytest.raises(BadRequest, match="are of one swing"):
        with_hand_marks(read, (*left, replace(left[0], frame=left[0].frame + 1)))
    with pytest.raises(BadRequest, match="Frame 99999 is none of those"):
        with_hand_marks(read, (*left, replace(left[0], frame=99999)))
    exchanged = replace(left[0], mid_hip_px=left[0].mid_shoulder_px, mid_shoulder_px=left[0].mid_hip_px)
    with pytest.raises(BadRequest, match="the middle of the hips is not on the runner"):
        with_hand_marks(read, (exchanged, *left[1:]))
    with pytest.raises(BadRequest, match="farther away than an arm reaches"):
        with_hand_marks(read, (replace(left[0], wrist_px=(0.0, 0.0)), *left[1:]))


def test_a_hand_that_seems_farthest_across_when_it_has_swung_back_was_hidden() -> None:
    read = in_front()
    later = tuple(replace(c, touchdown_s=c.touchdown_s - 0.25 * read.stride_s) for c in read.contacts)
    assert not any(np.isnan(value) for value in values(read).values())
    assert all(np.isnan(value) for value in values(replace(read, contacts=later)).values())


@pytest.mark.parametrize(
    "text", ["left", "left:1:2,3", "up:1:2,3:4,5:6,7", "left:a:2,3:4,5:6,7", "left:1:2:3:4"]
)
def test_marks_that_are_none_are_explained(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", str(SAMPLES / f"{FRONT}.mp4"), "--hands", text]) == 2
    assert "write SIDE:FRAME:X,Y:X,Y:X,Y" in capfd.readouterr().err


def test_of_several_clips_it_must_be_said_whose_hands_are_marked(capfd: pytest.CaptureFixture[str]) -> None:
    clips = [str(SAMPLES / f"{name}.mp4") for name in (FRONT, SIDE)]
    assert main(["analyze", *clips, "--hands", "left:1:2,3:4,5:6,7"]) == 2
    assert f"--hands {FRONT}.mp4=left:1:2,3:4,5:6,7" in capfd.readouterr().err
