"""What comes back from the player is never trusted, and says the same however often it comes."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.body import Landmark, Side
from gait.export.proxy import Event, events_of
from gait.motion.contact import Contact
from gait.ui.player.state import (
    POINTS,
    Added,
    Bounds,
    Edits,
    Mark,
    MarkKind,
    Times,
    edited,
    parse_edits,
    parse_marks,
)

FPS = 240.0
TIMES = Times(lambda frame: frame / FPS, 1 / FPS)
CONTACTS = tuple(
    Contact(side, start, 0.004, start + 0.25, 0.006)
    for side, start in ((Side.RIGHT, 0.5), (Side.LEFT, 0.86), (Side.RIGHT, 1.22), (Side.LEFT, 1.58))
)
EVENTS = events_of(CONTACTS)
NAMES = frozenset(event.id for event in EVENTS)
BOUNDS = Bounds(100, 500, (1080, 1920), NAMES)

frames = st.integers(100, 500)
points = st.tuples(st.floats(0, 1080), st.floats(0, 1920))
texts = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
edits = st.builds(
    Edits,
    rev=st.integers(0, 10**9),
    events=st.dictionaries(st.sampled_from(sorted(NAMES)), st.none() | frames, max_size=4),
    added=st.lists(
        st.builds(
            Added,
            id=st.from_regex(r"added-[1-9]", fullmatch=True),
            side=st.sampled_from(Side),
            kind=st.sampled_from(("touchdown", "toe_off")),
            frame=frames,
        ),
        max_size=3,
    ).map(tuple),
    points=st.dictionaries(st.tuples(frames, st.sampled_from(Landmark)), points, max_size=4),
)
kinds = st.sampled_from(MarkKind)
marks = kinds.flatmap(
    lambda kind: st.builds(
        Mark,
        kind=st.just(kind),
        frame=frames,
        points=st.lists(points, min_size=POINTS[kind][0], max_size=min(POINTS[kind][1], 6)).map(tuple),
        text=texts,
        joint=st.none() | st.sampled_from(Landmark),
    )
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


@given(edits)
@settings(deadline=None)
def test_edits_come_back_as_they_were_sent(given_edits: Edits) -> None:
    assert parse_edits(through_json(given_edits.message()), BOUNDS) == given_edits


@given(st.lists(marks, max_size=4).map(tuple))
@settings(deadline=None)
def test_drawings_come_back_as_they_were_sent(drawn: tuple[Mark, ...]) -> None:
    assert parse_marks(through_json([mark.message() for mark in drawn]), BOUNDS) == drawn


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "rev": json_values,
            "events": st.dictionaries(st.sampled_from(sorted(NAMES)) | st.text(max_size=5), json_values),
            "added": st.lists(
                st.dictionaries(st.sampled_from(("id", "side", "kind", "frame")), json_values), max_size=3
            )
            | json_values,
            "points": st.dictionaries(
                st.from_regex(r"\d{1,4}:\d{1,3}", fullmatch=True) | st.text(max_size=5), json_values
            ),
        },
    )
    | json_values
)
@settings(deadline=None)
def test_whatever_is_sent_nothing_untrue_comes_of_it(message: Any) -> None:
    found = parse_edits(message, BOUNDS)
    assert found.rev >= 0
    assert set(found.events) <= NAMES
    assert all(frame is None or 100 <= frame <= 500 for frame in found.events.values())
    assert all(100 <= added.frame <= 500 and added.id not in NAMES for added in found.added)
    for (frame, _), place in found.points.items():
        assert 100 <= frame <= 500
        assert all(math.isfinite(value) and abs(value) < 3000 for value in place)


@given(
    st.lists(
        st.dictionaries(st.sampled_from(("kind", "frame", "points", "text", "joint")), json_values)
        | st.builds(lambda mark, key, value: {**mark.message(), key: value}, marks, st.text(), json_values)
        | st.builds(
            lambda mark, key, value: {**mark.message(), key: value},
            marks,
            st.sampled_from(("kind", "frame", "points", "text", "joint")),
            json_values,
        ),
        max_size=3,
    )
    | json_values
)
@settings(deadline=None)
def test_whatever_is_drawn_only_real_drawings_are_kept(message: Any) -> None:
    for mark in parse_marks(message, BOUNDS):
        fewest, most = POINTS[mark.kind]
        assert fewest <= len(mark.points) <= most
        assert 100 <= mark.frame <= 500
        assert mark.text.strip() or mark.kind not in (MarkKind.TEXT, MarkKind.NOTE)


@pytest.mark.parametrize("frame", [99, 501, 120.5, True, "120", math.nan, math.inf, 1 << 1030])
def test_a_frame_that_the_clip_does_not_have_is_left_out(frame: Any) -> None:
    name = sorted(NAMES)[0]
    assert not parse_edits({"rev": 1, "events": {name: frame}}, BOUNDS)


def test_a_point_far_outside_of_the_picture_is_left_out() -> None:
    for place in ([1e6, 5], [5, math.nan], [1 << 1030, 5], [5], "55"):
        assert not parse_edits({"rev": 1, "points": {"120:26": place}}, BOUNDS)
    assert not parse_edits({"rev": 1, "points": {f"{'1' * 5000}:26": [1, 5]}}, BOUNDS)
    assert parse_edits({"rev": 1, "points": {"120:26": [10, 5]}}, BOUNDS)


def moved(name: str, frame: int | None) -> tuple[Contact, ...]:
    return edited(CONTACTS, EVENTS, Edits(1, {name: frame}), TIMES)


def test_without_edits_the_contacts_are_the_detected_ones() -> None:
    assert edited(CONTACTS, EVENTS, Edits(), TIMES) is CONTACTS
    assert edited(CONTACTS, EVENTS, Edits(points={(120, Landmark.NOSE): (1.0, 2.0)}), TIMES) is CONTACTS


def test_a_moved_touchdown_is_marked_as_edited_and_the_others_stay_as_they_are() -> None:
    found = moved("right-2-touchdown", 288)
    assert [c.source for c in found] == ["detected", "detected", "edited", "detected"]
    assert found[2].touchdown_s == 288 / FPS
    assert found[2].toe_off_s == CONTACTS[2].toe_off_s
    assert found[2].touchdown_sd_s == pytest.approx(0.5 / FPS)
    assert [c for i, c in enumerate(found) if i != 2] == [c for i, c in enumerate(CONTACTS) if i != 2]


def test_a_deleted_touchdown_takes_its_contact_with_it() -> None:
    assert moved("left-1-touchdown", None) == (CONTACTS[0], CONTACTS[2], CONTACTS[3])


def test_a_contact_whose_toe_off_was_deleted_has_an_unknown_end() -> None:
    found = moved("left-1-toe_off", None)
    assert len(found) == 4
    assert math.isnan(found[1].toe_off_s)


def test_an_added_contact_is_found_between_the_others() -> None:
    new = (Added("added-1", Side.RIGHT, "touchdown", 460), Added("added-2", Side.RIGHT, "toe_off", 495))
    found = edited(CONTACTS, EVENTS, Edits(1, added=new), TIMES)
    assert (found[-1].side, found[-1].touchdown_s, found[-1].source) == (Side.RIGHT, 460 / FPS, "edited")
    assert found[:-1] == CONTACTS


@given(edits)
@settings(deadline=None)
def test_the_same_edits_twice_say_the_same_as_once(given_edits: Edits) -> None:
    once = edited(CONTACTS, EVENTS, given_edits, TIMES)
    again = edited(CONTACTS, EVENTS, parse_edits(through_json(given_edits.message()), BOUNDS), TIMES)
    assert repr(once) == repr(again)


@given(edits)
@settings(deadline=None)
def test_edited_contacts_never_end_before_they_begin(given_edits: Edits) -> None:
    for contact in edited(CONTACTS, EVENTS, given_edits, TIMES):
        assert math.isnan(contact.toe_off_s) or contact.toe_off_s >= contact.touchdown_s


def test_every_detected_event_can_be_named() -> None:
    assert all(isinstance(event, Event) and event.id in BOUNDS.events for event in EVENTS)
