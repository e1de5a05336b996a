"""Arm crossover from points that a coach sets, on the review page."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from gait.analysis import ClipAnalysis, ClipRequest, Request, RunnerFacts, judge, offered_swings
from gait.body import Side
from gait.months.keep import Kept, keep, the_runner
from gait.record import from_json, record_of
from gait.store import assessments
from gait.store.database import Store
from gait.store.domain import LOCAL, Day
from gait.ui import review
from gait.ui.player.state import Mark, MarkKind
from gait.video.reader import open_clip
from tests.analysis.test_hands import FRONT, blind, in_front, marks
from tests.truth import truth
from tests.ui.pages import own_store
from tests.ui.test_review import DAY, Hand, at, said

__all__ = ["own_store"]


@cache
def clip() -> ClipAnalysis:
    """Runner A from the front; the model sees no hand."""
    exact = blind(in_front())
    return replace(exact, clip=open_clip(truth(FRONT).clip))


def angles() -> tuple[Mark, ...]:
    """Drawn from the shoulders to the wrist, as well as the other way round."""
    return tuple(
        Mark(MarkKind.ANGLE, m.frame, (m.mid_shoulder_px, m.mid_hip_px, m.wrist_px)[:: 1 if k % 2 else -1])
        for k, m in enumerate(marks())
    )


@pytest.fixture
def kept(own_store: Store) -> Kept:
    request = Request((ClipRequest(Path(clip().id)),), RunnerFacts(180.0, 10.8), DAY)
    record = record_of(judge([clip()], request))
    files = [(clip().id, truth(FRONT).clip)]
    return keep(own_store, LOCAL, the_runner(own_store, LOCAL, "Ada"), record, Day(DAY, 10.8), files)


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    monkeypatch.setattr(review, "again", lambda *of: [clip()])
    return Hand(monkeypatch)


def test_points_on_hidden_hands_give_the_crossing_and_are_kept_with_the_day(
    kept: Kept, hand: Hand, own_store: Store
) -> None:
    app = at(kept)
    hand.marks = angles()
    app.run()
    app.button(key="hands_read").click().run()
    assert not app.exception
    assert "Read from pictures" in said(app)
    app.button(key="save_edits").click().run()
    record = from_json(assessments.record(own_store, LOCAL, kept.assessment.id))
    assert set(record.clips[0].hands) == set(marks())
    found = {m.side: m for m in record.measurements if m.name == "crossover_pct"}
    for side in Side:
        assert found[side].value == pytest.approx(truth(FRONT).values["crossover_pct", side], abs=3)

    again = at(kept)
    assert "Read from pictures" in said(again)
    again.button(key="hands_unmark").click().run()
    assert "Read from pictures" not in said(again)
    assert not again.button(key="save_edits").disabled


def test_too_few_swings_are_one_sentence_and_nothing_changes(kept: Kept, hand: Hand) -> None:
    app = at(kept)
    hand.marks = angles()[:2]
    app.run()
    app.button(key="hands_read").click().run()
    assert not app.exception
    assert "marked in 2 of at least 3 swings" in said(app)
    assert app.button(key="save_edits").disabled


def test_an_angle_that_is_on_no_hand_is_left_out(kept: Kept, hand: Hand) -> None:
    first = angles()[0]
    knee = Mark(MarkKind.ANGLE, first.frame + 3, ((10.0, 10.0), (20.0, 20.0), (30.0, 10.0)))
    app = at(kept)
    hand.marks = (*angles(), knee)
    app.run()
    whose = {radio.label: radio.value for radio in app.radio}
    assert whose.pop(f"The angle in picture {knee.frame} is of") == "No hand"
    assert set(whose.values()) == {"Left hand", "Right hand"}
    app.button(key="hands_read").click().run()
    assert not app.exception
    assert "Read from pictures" in said(app)


def test_pictures_of_each_hand_are_offered(kept: Kept, hand: Hand) -> None:
    app = at(kept)
    assert not [button for button in app.button if button.key == "hands_read"]
    for side, frame in offered_swings(clip()):
        (button,) = [each for each in app.button if each.key == f"hands_at_{frame}"]
        assert side.value in button.label.lower()
    app.button(key=f"hands_at_{frame}").click().run()
    assert hand.frames[-1] == frame
