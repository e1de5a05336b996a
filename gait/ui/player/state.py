"""What comes back from the player: edited events, moved landmarks, drawings. Nothing in it is trusted.

The player always sends everything that was ever edited, with a revision that only grows: the same message
twice changes nothing, and a lost one is made good by the next. What cannot be true (a frame that the proxy
does not have, an event that was never sent, a point far outside the picture) is left out.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from gait.body import COUNT, Landmark, Side
from gait.export.proxy import Event, Kind
from gait.motion.contact import Contact

Value = TypeVar("Value")
Point = tuple[float, float]

NAMED_POINT = re.compile(r"([0-9]{1,7}):([0-9]{1,2})")
MOST = 2000
"""Edits or drawings of one clip; more is not the work of a person."""
MOST_POINTS, MOST_TEXT = 2000, 2000
OUTSIDE = 0.5
"""How far outside the picture a point may lie, as a share of its larger side."""
EDITED_SD_FRAMES = 0.5
"""Standard deviation of an event set by eye on a frame, in frames (a judgement)."""


class MarkKind(StrEnum):
    """What can be drawn."""

    LINE = "line"
    ANGLE = "angle"
    ARROW = "arrow"
    FREE = "free"
    TEXT = "text"
    NOTE = "note"


POINTS = {
    MarkKind.LINE: (2, 2),
    MarkKind.ANGLE: (3, 3),
    MarkKind.ARROW: (2, 2),
    MarkKind.FREE: (2, MOST_POINTS),
    MarkKind.TEXT: (1, 1),
    MarkKind.NOTE: (1, 1),
}
"""Fewest and most points of each."""


@dataclass(frozen=True)
class Bounds:
    """What can be true of a message about one clip."""

    first_frame: int
    last_frame: int
    size_px: tuple[int, int]
    events: frozenset[str] = frozenset()

    def frame(self, value: object) -> int | None:
        """Return the number of a frame of the proxy, or None."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        inside = self.first_frame <= value <= self.last_frame
        return int(value) if inside and value == int(value) else None

    def point(self, value: object) -> Point | None:
        """Return a point in or near the picture, in its pixels, or None."""
        if not isinstance(value, list | tuple) or len(value) != 2:
            return None
        if not all(isinstance(v, int | float) for v in value):
            return None
        room = OUTSIDE * max(self.size_px)
        inside = all(-room <= v <= side + room for v, side in zip(value, self.size_px, strict=True))
        return (float(value[0]), float(value[1])) if inside else None


@dataclass(frozen=True)
class Added:
    """An event that was not detected."""

    id: str
    side: Side
    kind: Kind
    frame: int


@dataclass(frozen=True)
class Edits:
    """Everything that a person corrected in one clip."""

    rev: int = 0
    events: Mapping[str, int | None] = field(default_factory=dict)
    """Detected event -> the frame it was moved to, or None where it was deleted."""
    added: tuple[Added, ...] = ()
    points: Mapping[tuple[int, Landmark], Point] = field(default_factory=dict)
    """Frame and landmark -> where it was moved to, in pixels of the whole picture."""

    def __bool__(self) -> bool:
        return bool(self.events or self.added or self.points)

    def message(self) -> dict[str, Any]:
        """Write as the player takes it."""
        return {
            "rev": self.rev,
            "events": dict(self.events),
            "added": [
                {"id": a.id, "side": a.side.value, "kind": a.kind, "frame": a.frame} for a in self.added
            ],
            "points": {f"{frame}:{int(mark)}": [*xy] for (frame, mark), xy in self.points.items()},
        }


@dataclass(frozen=True)
class Mark:
    """A drawing or a note on one frame."""

    kind: MarkKind
    frame: int
    points: tuple[Point, ...]
    text: str = ""
    joint: Landmark | None = None
    """The joint that a note is pinned to."""

    def message(self) -> dict[str, Any]:
        """Write as the player takes it."""
        joint = None if self.joint is None else int(self.joint)
        points = [[*xy] for xy in self.points]
        return {
            "kind": self.kind.value,
            "frame": self.frame,
            "points": points,
            "text": self.text,
            "joint": joint,
        }


def parse_edits(message: object, bounds: Bounds) -> Edits:
    """Read edits from the player; what cannot be true is left out."""
    sent = message if isinstance(message, Mapping) else {}
    rev = sent.get("rev")
    return Edits(
        rev=rev if isinstance(rev, int) and not isinstance(rev, bool) and rev >= 0 else 0,
        events=dict(_moved(sent.get("events"), bounds)),
        added=_each(sent.get("added"), lambda one: _added(one, bounds)),
        points=dict(_points(sent.get("points"), bounds)),
    )


def parse_marks(message: object, bounds: Bounds) -> tuple[Mark, ...]:
    """Read drawings and notes from the player; what cannot be true is left out."""
    return _each(message, lambda one: _mark(one, bounds))


def edited(
    contacts: tuple[Contact, ...], events: tuple[Event, ...], edits: Edits, seen: "Times"
) -> tuple[Contact, ...]:
    """Put the edited events in place of the detected ones.

    A toe-off belongs to the last touchdown of its side before it. A touchdown without a toe-off leaves it
    unknown; a toe-off without a touchdown says nothing and is left out.

    Parameters
    ----------
    contacts
        As detected, as the events were made from.
    seen
        When each frame was taken.
    """
    if not (edits.events or edits.added):
        return contacts
    ends = [*_kept(events, edits, seen), *(_put(added, seen) for added in edits.added)]
    found = [contact for side in Side for contact in _paired(side, ends)]
    same = {(c.side, c.touchdown_s, c.toe_off_s): c for c in contacts}
    done = [same.get((c.side, c.touchdown_s, c.toe_off_s), c) for c in found]
    return tuple(sorted(done, key=lambda contact: contact.touchdown_s))


@dataclass(frozen=True)
class Times:
    """When the frames of a clip were taken."""

    capture_s: Callable[[int], float]
    """Capture time of a frame by its number."""
    frame_s: float
    """Capture time between two frames."""


def _moved(sent: object, bounds: Bounds) -> Iterator[tuple[str, int | None]]:
    for name, frame in _items(sent):
        if name in bounds.events and (frame is None or bounds.frame(frame) is not None):
            yield name, None if frame is None else bounds.frame(frame)


def _added(sent: Mapping[str, object], bounds: Bounds) -> Added | None:
    name, side, kind, frame = (sent.get(key) for key in ("id", "side", "kind", "frame"))
    number = bounds.frame(frame)
    if not isinstance(name, str) or not name or len(name) > 40 or number is None:
        return None
    if side not in ("left", "right") or name in bounds.events:
        return None
    if kind == "touchdown":
        return Added(name, Side(str(side)), "touchdown", number)
    return Added(name, Side(str(side)), "toe_off", number) if kind == "toe_off" else None


def _points(sent: object, bounds: Bounds) -> Iterator[tuple[tuple[int, Landmark], Point]]:
    for name, place in _items(sent):
        named, point = NAMED_POINT.fullmatch(name), bounds.point(place)
        if named is None or point is None:
            continue
        frame, landmark = bounds.frame(int(named[1])), int(named[2])
        if frame is not None and landmark < COUNT:
            yield (frame, Landmark(landmark)), point


def _mark(sent: Mapping[str, object], bounds: Bounds) -> Mark | None:
    kind, points, text = sent.get("kind"), sent.get("points"), sent.get("text", "")
    frame = bounds.frame(sent.get("frame"))
    if (
        not isinstance(kind, str)
        or kind not in set(MarkKind)
        or frame is None
        or not isinstance(points, list)
    ):
        return None
    shape = MarkKind(kind)
    fewest, most = POINTS[shape]
    places = tuple(place for place in map(bounds.point, points[: most + 1]) if place is not None)
    if not fewest <= len(places) <= most or len(places) != len(points):
        return None
    said = text[:MOST_TEXT] if isinstance(text, str) else ""
    if shape in (MarkKind.TEXT, MarkKind.NOTE) and not said.strip():
        return None
    return Mark(shape, frame, places, said, _joint(sent.get("joint")))


def _joint(sent: object) -> Landmark | None:
    if not isinstance(sent, int) or isinstance(sent, bool):
        return None
    return Landmark(sent) if 0 <= sent < COUNT else None


def _items(sent: object) -> list[tuple[str, object]]:
    if not isinstance(sent, Mapping):
        return []
    return [(name, value) for name, value in list(sent.items())[:MOST] if isinstance(name, str)]


def _each(sent: object, read: Callable[[Mapping[str, object]], Value | None]) -> tuple[Value, ...]:
    listed = sent[:MOST] if isinstance(sent, list | tuple) else ()
    found = (read(one) for one in listed if isinstance(one, Mapping))
    return tuple(one for one in found if one is not None)


def _kept(events: tuple[Event, ...], edits: Edits, seen: Times) -> Iterator[tuple[Event, bool]]:
    """Yield the detected events that were not deleted, and whether each was moved."""
    for event in events:
        if event.id not in edits.events:
            yield event, False
            continue
        frame = edits.events[event.id]
        if frame is not None:
            when = seen.capture_s(frame)
            yield replace(event, capture_s=when, sd_s=EDITED_SD_FRAMES * seen.frame_s), True


def _put(added: Added, seen: Times) -> tuple[Event, bool]:
    sd_s = EDITED_SD_FRAMES * seen.frame_s
    return Event(added.id, added.side, added.kind, seen.capture_s(added.frame), sd_s), True


def _paired(side: Side, ends: list[tuple[Event, bool]]) -> Iterator[Contact]:
    own = sorted((end for end in ends if end[0].side is side), key=lambda end: end[0].capture_s)
    for place, (event, moved) in enumerate(own):
        if event.kind != "touchdown":
            continue
        off, off_moved = own[place + 1] if place + 1 < len(own) else (None, False)
        left = off is not None and off.kind == "toe_off"
        yield Contact(
            side=side,
            touchdown_s=event.capture_s,
            touchdown_sd_s=event.sd_s,
            toe_off_s=off.capture_s if off is not None and left else math.nan,
            toe_off_sd_s=off.sd_s if off is not None and left else math.nan,
            source="edited" if moved or (left and off_moved) else "detected",
        )
