"""One foot on the ground: found by the program, or moved, added and taken away by a coach."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot, isfinite
from typing import Literal

from gait.body import Side
from gait.errors import BadRequest

MIN_STEPS = 7
"""Steps of one side for a verdict: a mean is stable after 6.3 (Dingenen 2018, pubmed 30005426)."""
CONTACT_S = (0.12, 0.40)
"""Shortest and longest ground contact of a runner, unless the steps are a sprinter's."""
LEAST_DUTY = 0.16
"""Share of the stride that a foot is on the ground at least. Three sprinters on public clips plant it for
0.10 to 0.12 s of strides of 0.42 s (docs/real_film.md), 0.25; the rest is room for what both ends scatter by
at 30 pictures a second."""
SHORTEST_STRIDE_S = 0.3
"""A sprinter's fastest steps, five a second, make 0.4 s; a quarter is room for an unsure capture rate."""
POSSIBLE_CONTACT_S = (0.05, 0.60)
"""Ground contact that an edit may have: the runner's, and room for whom the rule does not fit."""
SAME_FOOT_STRIDES = 0.6
"""Part of the stride after which the same foot can land again."""
EYE_FRAMES = 0.5
"""How many frames the eye is off: half a one; a judgement."""


BETWEEN_PICTURES = 12**-0.5
"""Spread, in pictures, of a moment that lies anywhere between two of them.

At 60 and more pictures a second it adds little. Rendered clips thinned to 30 scatter by 11 ms where the signs
say 8, to 20 by 18; with it 99 and 93 % of the landings lie within twice what is said, without it 94 and 75
(``python -m studies.thinned``).
"""


def contact_range_s(stride_s: float) -> tuple[float, float]:
    """Shortest and longest ground contact in a stride of this length."""
    shortest, longest = CONTACT_S
    if stride_s < SHORTEST_STRIDE_S:
        return shortest, longest
    return min(shortest, LEAST_DUTY * stride_s), longest


@dataclass(frozen=True)
class Contact:
    """One foot on the ground during the half-open interval [touchdown_s, toe_off_s).

    Times are capture time since the clip's first frame. ``toe_off_s`` is NaN when the clip ends first, or
    when the view does not show it.
    """

    side: Side
    touchdown_s: float
    touchdown_sd_s: float
    toe_off_s: float
    toe_off_sd_s: float
    source: Literal["detected", "edited"] = "detected"

    @property
    def duration_s(self) -> float:
        """Time on the ground; NaN when the toe-off is unknown."""
        return self.toe_off_s - self.touchdown_s


def in_pictures(contact: Contact, capture_fps: float) -> Contact:
    """The same contact, known no better than pictures at this rate can show it."""
    between_s = BETWEEN_PICTURES / capture_fps
    return replace(
        contact,
        touchdown_sd_s=hypot(contact.touchdown_sd_s, between_s),
        toe_off_sd_s=hypot(contact.toe_off_sd_s, between_s),
    )


def by_eye(contact: Contact, touchdown_s: float, toe_off_s: float, capture_fps: float) -> Contact:
    """The same contact at the times that somebody saw, known to half a frame.

    Only what moved is as sure as the eye; what stayed keeps its spread.
    """
    eye_s = EYE_FRAMES / capture_fps
    moved_down, moved_off = touchdown_s != contact.touchdown_s, toe_off_s != contact.toe_off_s
    return replace(
        contact,
        touchdown_s=touchdown_s,
        touchdown_sd_s=eye_s if moved_down else contact.touchdown_sd_s,
        toe_off_s=toe_off_s,
        toe_off_sd_s=eye_s if moved_off else contact.toe_off_sd_s,
        source="edited" if moved_down or moved_off else contact.source,
    )


def require_possible(contacts: Sequence[Contact], seen_s: tuple[float, float], stride_s: float) -> None:
    """Refuse contacts that no runner can have.

    Parameters
    ----------
    seen_s
        Capture time of the first and last picture of the runner.

    Raises
    ------
    BadRequest
        If one lies outside of the clip or lasts too short or too long, if they are not in order of touchdown,
        or if a foot lands again before it can.
    """
    for contact in contacts:
        _require_one(contact, seen_s)
    for before, after in pairwise(contacts):
        if after.touchdown_s < before.touchdown_s:
            raise _bad(after, "stands before an earlier one: put the landings in order")
    for side in Side:
        own = [contact for contact in contacts if contact.side is side]
        for before, after in pairwise(own):
            if after.touchdown_s - before.touchdown_s < SAME_FOOT_STRIDES * stride_s:
                raise _bad(after, "comes before this foot can land again: take one of the two away")


def _require_one(contact: Contact, seen_s: tuple[float, float]) -> None:
    first_s, last_s = seen_s
    if not isfinite(contact.touchdown_s) or not first_s <= contact.touchdown_s <= last_s:
        raise _bad(contact, "lies outside of what the clip shows: move it into the clip")
    shortest, longest = POSSIBLE_CONTACT_S
    if isfinite(contact.toe_off_s) and not shortest <= contact.duration_s <= longest:
        raise _bad(contact, f"lasts {1000 * contact.duration_s:.0f} ms, as no step of a runner: move its end")


def _bad(contact: Contact, what: str) -> BadRequest:
    return BadRequest(
        f"The landing of the {contact.side} foot at {contact.touchdown_s:.3f} s {what}.",
        id="contacts",
        field="contacts",
    )
