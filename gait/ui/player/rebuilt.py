"""From contacts that were edited and kept back to the edits that made them: the player goes on there."""

import math
from collections.abc import Iterator, Sequence
from itertools import product
from typing import get_args

import numpy as np

from gait.body import Side
from gait.export.proxy import Event, Frames, Kind
from gait.motion.contact import Contact
from gait.ui.player.state import Added, Edits

SAME_S = 1e-5
"""Two times that a record has rounded may differ by as much and be the same."""
MOVED_AT_MOST_S = 0.25
"""An event that is farther from where it was found is taken for another one."""


def edits_of(events: Sequence[Event], contacts: Sequence[Contact], frames: Frames) -> Edits:
    """Find edits that turn the detected events into these contacts.

    Parameters
    ----------
    events
        As detected.
    contacts
        As they were kept.
    """
    moved: dict[str, int | None] = {}
    added: list[Added] = []
    for side, kind in product(Side, get_args(Kind)):
        own = [event for event in events if event.side is side and event.kind == kind]
        wanted = list(_times_s(contacts, side, kind))
        pairs = _paired(own, wanted)
        for event in own:
            when = pairs.get(event.id)
            if when is None or abs(when - event.capture_s) > SAME_S:
                moved[event.id] = None if when is None else _frame(frames, when)
        for when in sorted(set(wanted) - set(pairs.values())):
            added.append(Added(f"added-{len(added) + 1}", side, kind, _frame(frames, when)))
    return Edits(1 if moved or added else 0, moved, tuple(added))


def _times_s(contacts: Sequence[Contact], side: Side, kind: Kind) -> Iterator[float]:
    for contact in contacts:
        when = contact.touchdown_s if kind == "touchdown" else contact.toe_off_s
        if contact.side is side and math.isfinite(when):
            yield when


def _paired(events: Sequence[Event], times_s: Sequence[float]) -> dict[str, float]:
    """Give each event the time that is its own, the closest pairs first."""
    close = sorted(
        (abs(event.capture_s - when), event.id, when)
        for event, when in product(events, times_s)
        if abs(event.capture_s - when) <= MOVED_AT_MOST_S
    )
    pairs: dict[str, float] = {}
    for _, id, when in close:
        if id not in pairs and when not in pairs.values():
            pairs[id] = when
    return pairs


def _frame(frames: Frames, when_s: float) -> int:
    return int(frames.number[np.abs(frames.capture_s - when_s).argmin()])
