"""The review page, driven as a coach would; the player itself is tested in a browser."""

import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from gait.analysis import ClipAnalysis, ClipRequest, Request, RunnerFacts, judge
from gait.body import Landmark, Side
from gait.errors import UnreadableClip
from gait.months.keep import Kept, keep, the_runner
from gait.record import from_json, record_of, to_json
from gait.store import annotations, assessments
from gait.store.database import Store
from gait.store.domain import LOCAL, Day, Pin
from gait.ui import review
from gait.ui.desk import Desk, opened
from gait.ui.pinned import keep_marks, kept_marks
from gait.ui.player.component import PlayerState, Reel, times_of
from gait.ui.player.rebuilt import edits_of
from gait.ui.player.state import Added, Edits, Mark, MarkKind, edited
from tests.truth import exact_clip, truth
from tests.ui.pages import own_store

__all__ = ["own_store"]

NAME = "runner_a_side_120"
DAY = date(2026, 11, 25)
NASTY = "<b>high</b> *hips* $x^2$ [go](http://elsewhere)"
PAGE = "from gait.ui import review\nreview.page()"


def clip() -> ClipAnalysis:
    """Runner A's exact track, with the file it belongs to."""
    exact = exact_clip(NAME)
    return replace(exact, clip=replace(exact.clip, path=truth(NAME).clip))


@pytest.fixture
def kept(own_store: Store, tmp_path: Path) -> Kept:
    """One day of Ada's, with a file for its clip."""
    film = tmp_path / f"{NAME}.mp4"
    film.write_bytes(NAME.encode() + b".mp4")
    record = record_of(judge([clip()], asked()))
    record = replace(record, clips=(replace(record.clips[0], sha256=sha256_of(film)),))
    return keep(
        own_store, LOCAL, the_runner(own_store, LOCAL, "Ada"), record, Day(DAY, 10.8), [(clip().id, film)]
    )


def sha256_of(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def asked() -> Request:
    return Request((ClipRequest(Path(clip().id)),), RunnerFacts(180.0, 10.8), DAY)


class Hand:
    """What a person did in the player, in place of the browser."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.edits: Edits | None = None
        self.marks: tuple[Mark, ...] | None = None
        self.reels: list[Reel] = []
        self.frames: list[int | None] = []
        monkeypatch.setattr("gait.ui.tabletop.player", self.player)

    def player(self, reels: list[Reel], *, key: str, editable: bool, look: object) -> PlayerState:
        self.reels.append(reels[0])
        self.frames.append(look.frame)  # type: ignore[attr-defined]
        state = PlayerState(
            reels[0].edits if self.edits is None else self.edits,
            reels[0].marks if self.marks is None else self.marks,
        )
        self.edits = self.marks = None
        return state


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    monkeypatch.setattr(review, "again", reads_as_kept)
    return Hand(monkeypatch)


def reads_as_kept(store: Store, actor: object, assessment: object, progress: object) -> list[ClipAnalysis]:
    """Read the day again without any picture: the exact track, with the contacts that were kept."""
    record = from_json(assessments.record(store, LOCAL, assessment.id))  # type: ignore[attr-defined]
    return [replace(clip(), contacts=record.clips[0].contacts)]


def at(kept: Kept) -> AppTest:
    """The page with the day open."""
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.query_params["assessment"] = kept.assessment.id
    return settled(app.run())


def settled(app: AppTest) -> AppTest:
    for _ in range(100):
        if not any(button.key == "stop_review" for button in app.button):
            return app
        time.sleep(0.05)
        app.run()
    raise AssertionError("the clips are still being read")


def later(frames: int) -> Edits:
    """The second touchdown of the near foot, so many frames later."""
    sheet = on_desk().sheets[clip().id]
    event = [e for e in sheet.shown.events if e.kind == "touchdown" and e.side is clip().near][1]
    return Edits(2, {event.id: int(abs(sheet.shown.frames.capture_s - event.capture_s).argmin()) + frames})


def on_desk() -> Desk:
    from gait.store.domain import Assessment

    day = Assessment.__new__(Assessment)
    object.__setattr__(day, "day", Day(DAY, 10.8))
    return opened(day, record_of(judge([clip()], asked())), [clip()])


def said(app: AppTest) -> str:
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning, app.error)
    return "\n".join(each.value for kind in kinds for each in kind)


def test_the_page_lets_a_day_be_chosen_and_opens_it(kept: Kept, hand: Hand) -> None:
    app = AppTest.from_string(PAGE, default_timeout=60).run()
    app.button(key="open_day").click().run()
    settled(app)
    assert not app.exception
    assert app.title[0].value.startswith("Ada, 25 November 2026")
    assert hand.reels and not hand.reels[-1].edits


def test_a_moved_touchdown_shows_at_once_which_numbers_it_moves(kept: Kept, hand: Hand) -> None:
    app = at(kept)
    assert app.button(key="save_edits").disabled
    hand.edits = later(4)
    app.run()
    assert not app.exception
    (moved,) = [table.value for table in app.table if "Corrected" in table.value.columns]
    assert (moved["As detected"] != moved["Corrected"]).all()
    assert len(moved)
    assert not app.button(key="save_edits").disabled


def test_a_correction_is_kept_beside_what_was_detected_and_survives_a_restart(
    kept: Kept, hand: Hand, own_store: Store
) -> None:
    app = at(kept)
    hand.edits = later(4)
    app.run()
    app.button(key="save_edits").click().run()
    assert not app.exception
    detected, corrected = (
        from_json(assessments.record(own_store, LOCAL, kept.assessment.id, source))
        for source in ("detected", "edited")
    )
    assert detected.clips[0].contacts == kept.told.record.clips[0].contacts or to_json(detected) == to_json(
        kept.told.record
    )
    assert corrected.clips[0].contacts != corrected.clips[0].detected
    assert corrected.clips[0].time_base == kept.told.record.clips[0].time_base
    at(kept)
    assert hand.reels[-1].edits.events == later(4).events


def test_a_landing_taken_away_is_kept_as_a_correction_too(kept: Kept, hand: Hand, own_store: Store) -> None:
    app = at(kept)
    events = on_desk().sheets[clip().id].shown.events
    hand.edits = Edits(2, {event.id: None for event in events if event.id.startswith("left-2-")})
    app.run()
    app.button(key="save_edits").click().run()
    assert assessments.get(own_store, LOCAL, kept.assessment.id).source == "edited"
    whole = assessments.contacts(own_store, LOCAL, kept.assessment.id, "detected")
    fewer = assessments.contacts(own_store, LOCAL, kept.assessment.id, "edited")
    assert len(fewer[clip().id]) == len(whole[clip().id]) - 1


def test_a_joint_put_right_in_one_frame_is_there_after_a_restart_and_gone_when_undone(
    kept: Kept, hand: Hand
) -> None:
    app = at(kept)
    moved = {(100, Landmark.LEFT_KNEE): (321.5, 654.0)}
    hand.edits = Edits(2, points=moved)
    app.run()
    assert not app.exception
    at(kept)
    assert hand.reels[-1].edits.points == moved
    assert not hand.reels[-1].marks, "it is no drawing"
    again = at(kept)
    hand.edits = Edits(9)
    again.run()
    at(kept)
    assert not hand.reels[-1].edits


def test_an_impossible_correction_is_one_sentence_and_the_last_good_numbers_stay(
    kept: Kept, hand: Hand
) -> None:
    app = at(kept)
    hand.edits = later(4)
    app.run()
    good = app.table[0].value
    hand.edits = later(60)
    app.run()
    assert not app.exception
    assert "The landing of the" in app.warning[0].value
    assert app.table[0].value.equals(good)
    assert app.button(key="save_edits").disabled


def test_a_note_is_shown_as_it_was_typed_and_is_there_after_a_restart(
    kept: Kept, hand: Hand, own_store: Store
) -> None:
    app = at(kept)
    app.text_area(key="note_text").set_value(NASTY)
    app.number_input(key="note_frame").set_value(100)
    app.selectbox(key="note_joint").set_value("left hip")
    next(b for b in app.button if b.label == "Pin the note").click().run()
    assert not app.exception
    (note,) = annotations.notes(own_store, LOCAL, kept.assessment.id)
    assert (note.pin, note.text) == (Pin(clip().id, 100, "left hip"), NASTY)
    at(kept)
    (mark,) = hand.reels[-1].marks
    assert (mark.kind, mark.frame, mark.text, mark.joint) == (MarkKind.NOTE, 100, NASTY, Landmark.LEFT_HIP)
    go = next(b for b in app.button if b.key == f"go_{note.id}")
    assert "<b>" not in go.label.replace("\\", "") or "\\<b" in go.label
    go.click().run()
    assert hand.frames[-1] == 100


def test_a_note_can_be_taken_off(kept: Kept, hand: Hand, own_store: Store) -> None:
    app = at(kept)
    hand.marks = (Mark(MarkKind.NOTE, 50, ((10.0, 10.0),), "Look here"),)
    app.run()
    (note,) = annotations.notes(own_store, LOCAL, kept.assessment.id)
    app.run()
    app.button(key=f"bin_{note.id}").click().run()
    assert not app.exception
    assert not annotations.notes(own_store, LOCAL, kept.assessment.id)
    assert not hand.reels[-1].marks


def test_a_cue_is_overruled_with_a_reason_and_agreed_with_after_all(
    kept: Kept, hand: Hand, own_store: Store
) -> None:
    app = at(kept)
    app.text_area(key="reason").set_value(NASTY).run()
    app.button(key="overrule").click().run()
    assert not app.exception
    assert "Overruled** by you" in said(app)
    assert "\\<b\\>" in app.warning[0].value
    (made,) = annotations.overrules(own_store, LOCAL, kept.assessment.id)
    assert made.reason == NASTY
    app.button(key="agree").click().run()
    assert "Overruled" not in said(app)
    assert not annotations.overrules(own_store, LOCAL, kept.assessment.id)


def test_a_day_that_is_not_there_is_one_sentence(own_store: Store) -> None:
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.query_params["assessment"] = "nothing"
    app.run()
    assert not app.exception
    assert app.error[0].value.startswith("There is no such assessment")


def test_clips_that_cannot_be_read_any_more_leave_cue_and_numbers(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*asked: object) -> list[ClipAnalysis]:
        raise UnreadableClip("The clip is gone: copy it from the phone again.")

    monkeypatch.setattr(review, "again", broken)
    app = at(kept)
    assert not app.exception
    assert "copy it from the phone again" in app.info[0].value
    assert app.table


def test_two_sessions_do_not_see_each_others_unsaved_corrections(kept: Kept, hand: Hand) -> None:
    app = at(kept)
    hand.edits = later(4)
    app.run()
    other = at(kept)
    assert not hand.reels[-1].edits
    assert other.button(key="save_edits").disabled


def test_drawings_and_notes_come_back_as_they_were_drawn(own_store: Store, kept: Kept) -> None:
    drawn = (
        Mark(MarkKind.ANGLE, 12, ((1.5, 2.0), (3.0, 4.0), (5.0, 6.0))),
        Mark(MarkKind.FREE, 12, ((1.0, 2.0), (3.0, 4.0))),
        Mark(MarkKind.TEXT, 13, ((7.0, 8.0),), "here"),
        Mark(MarkKind.NOTE, 14, ((9.0, 10.0),), "between the joints"),
        Mark(MarkKind.NOTE, 14, ((11.0, 12.0),), "the knee", Landmark.LEFT_KNEE),
    )
    shown = on_desk().sheets[clip().id].shown
    first = keep_marks(own_store, LOCAL, (kept.assessment.id, clip().id), drawn)
    assert kept_marks(own_store, LOCAL, kept.assessment.id, clip().id, shown) == drawn
    second = keep_marks(own_store, LOCAL, (kept.assessment.id, clip().id), drawn[:4])
    assert [note.id for note in second] == [n.id for n in first if n.text != "the knee"]


EVENTS = tuple(exact for exact in on_desk().sheets[clip().id].shown.events)


@settings(deadline=None, max_examples=60)
@given(
    moved=some.dictionaries(
        some.sampled_from([event.id for event in EVENTS]),
        some.one_of(some.none(), some.integers(-8, 8)),
        max_size=6,
    ),
    added=some.lists(some.tuples(some.sampled_from(Side), some.integers(20, 400)), max_size=2, unique=True),
)
def test_edits_rebuilt_from_kept_contacts_give_the_same_contacts(
    moved: dict[str, int | None], added: list[tuple[Side, int]]
) -> None:
    shown = on_desk_proxy()
    where = {event.id: int(abs(shown.frames.capture_s - event.capture_s).argmin()) for event in EVENTS}
    events = {
        id: None if by is None else max(0, min(where[id] + by, len(shown.frames.number) - 1))
        for id, by in moved.items()
    }
    extra = tuple(Added(f"added-{n}", side, "touchdown", frame) for n, (side, frame) in enumerate(added))
    contacts = edited(clip().contacts, EVENTS, Edits(1, events, extra), times_of(shown))
    rebuilt = edits_of(EVENTS, contacts, shown.frames)
    again = edited(clip().contacts, EVENTS, rebuilt, times_of(shown))
    assert [c.side for c in again] == [c.side for c in contacts]
    assert [c.touchdown_s for c in again] == pytest.approx([c.touchdown_s for c in contacts])
    assert [c.toe_off_s for c in again] == pytest.approx([c.toe_off_s for c in contacts], nan_ok=True)


SHOWN = on_desk().sheets[clip().id].shown


def on_desk_proxy():  # type: ignore[no-untyped-def]
    return SHOWN
