"""Hip drop from a line that a coach draws on the waistband, on the review page."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from gait.analysis import ClipAnalysis, ClipRequest, Request, RunnerFacts, judge, offered_frames
from gait.months.keep import Kept, keep, the_runner
from gait.motion.pelvis import HipMarks
from gait.record import from_json, record_of
from gait.store import assessments
from gait.store.database import Store
from gait.store.domain import LOCAL, Day
from gait.ui import review
from gait.ui.desk import opened
from gait.ui.player.state import Edits, Mark, MarkKind
from gait.video.reader import open_clip
from tests.truth import exact_clip, truth
from tests.ui.pages import own_store
from tests.ui.test_review import DAY, Hand, at, said

__all__ = ["own_store"]

REAR = "runner_a_rear_60"


@cache
def clip() -> ClipAnalysis:
    """Runner A from behind, with the film it belongs to; the waistband is not looked for."""
    return replace(exact_clip(REAR), clip=open_clip(truth(REAR).clip), waist=None)


def line() -> Mark:
    frame = offered_frames(clip())[0]
    with np.load(truth(REAR).clip.with_suffix(".npz")) as data:
        one, other = ((round(float(x), 1), round(float(y), 1)) for x, y in data["edge_px"][frame])
    return Mark(MarkKind.LINE, frame, (one, other))


@pytest.fixture
def kept(own_store: Store) -> Kept:
    request = Request((ClipRequest(Path(clip().id)),), RunnerFacts(180.0, 10.8), DAY)
    record = record_of(judge([clip()], request))
    files = [(clip().id, truth(REAR).clip)]
    return keep(own_store, LOCAL, the_runner(own_store, LOCAL, "Ada"), record, Day(DAY, 10.8), files)


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    monkeypatch.setattr(review, "again", lambda *of: [clip()])
    return Hand(monkeypatch)


def test_a_line_on_the_waistband_gives_the_drop_and_is_kept_with_the_day(
    kept: Kept, hand: Hand, own_store: Store
) -> None:
    app = at(kept)
    hand.marks = (line(),)
    app.run()
    app.button(key="hips_follow").click().run()
    assert not app.exception
    assert f"Followed from picture {line().frame}" in said(app)
    app.button(key="save_edits").click().run()
    record = from_json(assessments.record(own_store, LOCAL, kept.assessment.id))
    assert record.clips[0].hips == HipMarks(line().frame, *line().points)
    shown = [m for m in record.measurements if m.name == "hip_drop_deg" and m.why_missing is None]
    assert shown
    for m in shown:
        assert m.value == pytest.approx(truth(REAR).values["hip_drop_deg", m.side], abs=2 * m.uncertainty)

    again = at(kept)
    assert f"Followed from picture {line().frame}" in said(again)
    again.button(key="hips_edge").click().run()
    assert "Followed from picture" not in said(again)
    assert not again.button(key="save_edits").disabled


def test_a_landing_that_is_moved_afterwards_leaves_the_line_where_it_is(kept: Kept) -> None:
    record = record_of(judge([clip()], Request((ClipRequest(Path(clip().id)),))))
    desk = opened(kept.assessment, record, [clip()])
    desk.mark_hips(clip().id, HipMarks(line().frame, *line().points))
    sheet = desk.sheets[clip().id]
    event = next(e for e in sheet.shown.events if e.kind == "touchdown")
    frame = int(np.abs(sheet.shown.frames.capture_s - event.capture_s).argmin()) + 1
    desk.take(clip().id, Edits(1, {event.id: frame}))
    assert sheet.now.contacts != sheet.found.contacts
    assert sheet.hips == HipMarks(line().frame, *line().points)
    assert desk.now.measurement("hip_drop_deg").why_missing is None


def test_a_line_that_cannot_be_followed_is_one_sentence(kept: Kept, hand: Hand) -> None:
    app = at(kept)
    hand.marks = (replace(line(), points=((300.0, 500.0), (304.0, 500.0))),)
    app.run()
    app.button(key="hips_follow").click().run()
    assert not app.exception
    assert "too close together" in said(app)


def test_pictures_to_draw_in_are_offered(kept: Kept, hand: Hand) -> None:
    app: AppTest = at(kept)
    frame = offered_frames(clip())[0]
    assert not [button for button in app.button if button.key == "hips_follow"]
    app.button(key=f"hips_at_{frame}").click().run()
    assert hand.frames[-1] == frame
