"""Did anything really change? Two assessments -> what changed, what did not, what cannot be told.

The variance of a difference is ``u1² + u2² + (day² + tool²)(1/m1 + 1/m2)``: what the steps of each film leave
uncertain, what a runner differs by from day to day, and what the tool differs by from one place of the phone
to another; m films each. What the tool gets wrong in the same way both times (this body, this hip) is left
out. Between left and right there is no day, but that part comes back.

The metric that the open cue asks is judged at 95 %, all others at 99 %, because there are many. The readings
that chose the cue were chosen because they were extreme, and tend back by themselves: against them nothing
counts as a change that does not stand against the reading as it was and against the reading drawn towards
the norm.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from gait.body import Side
from gait.coaching.book import Recipe
from gait.coaching.comparable import Pair, alike, apart, warnings, why_not
from gait.coaching.conditions import Assessed
from gait.coaching.norms import norms
from gait.coaching.scatter import Own, Row, day_sd, of_steps, table
from gait.coaching.words import amount, name_of
from gait.errors import Reason
from gait.metrics.measurement import Measurement


class Verdict(StrEnum):
    """What can be said of a difference; never two of them at once."""

    CLOSER = "closer to usual"
    FARTHER = "farther from usual"
    HIGHER = "higher"
    LOWER = "lower"
    SAME = "the same"
    NOT_SHOWN = "no change these films can show"
    NOT_COMPARABLE = "not comparable"

    @property
    def changed(self) -> bool:
        """True if there is a change."""
        return self in (Verdict.CLOSER, Verdict.FARTHER, Verdict.HIGHER, Verdict.LOWER)


@dataclass(frozen=True)
class Terms:
    """Which parts of the scatter two films do not share."""

    day: bool = True
    """They are of different days."""
    systematic: bool = False
    """They show different sides of the body, so that what the tool gets wrong differs too."""


MONTHS = Terms()
SAME_DAY = Terms(day=False)
SIDES = Terms(day=False, systematic=True)


@dataclass(frozen=True)
class Change:
    """One metric in two assessments."""

    metric: str
    side: Side | None
    unit: str
    before: float
    """NaN where there is no number."""
    after: float
    difference: float
    """After less before, at the speed of before; NaN where they cannot be compared."""
    sd: float
    """One standard deviation of the difference where nothing has changed."""
    verdict: Verdict
    z: float
    """Standard deviations that make a change."""
    as_asked: bool | None = None
    """Whether it went as the open cue asks; None if that asks nothing here, or nothing changed."""
    off_for_speed: float = 0.0
    """What was taken off for the difference in speed."""
    reason: Reason | None = None
    """Why they cannot be compared."""
    clips: tuple[str, str] = ("", "")
    """The clips, by their ids: before, after."""
    basis: str = ""

    @property
    def missed_below(self) -> float:
        """A change smaller than this would have been missed."""
        return self.z * self.sd

    @property
    def text(self) -> str:
        """Say it in one sentence."""
        where = f" on the {self.side}" if self.side else ""
        name = f"{name_of(self.metric)}{where}".capitalize()
        if self.reason is not None:
            return f"{name}: not comparable, because {self.reason.text}."
        was, now = (amount(self.metric, value, self.unit) for value in (self.before, self.after))
        if self.verdict is Verdict.SAME:
            return f"{name} is the same ({was}, then {now})."
        if self.verdict is Verdict.NOT_SHOWN:
            missed = amount(self.metric, self.missed_below, self.unit)
            return (
                f"{name}: no change these films can show ({was}, then {now}); one of less than "
                f"{missed} would be missed."
            )
        return f"{name} is {self._how} ({was}, then {now}{self._taken_off})."

    @property
    def _how(self) -> str:
        by = amount(self.metric, abs(self.difference), self.unit)
        more = "higher" if self.difference > 0 else "lower"
        usual = f", {self.verdict}" if self.verdict in (Verdict.CLOSER, Verdict.FARTHER) else ""
        asked = ", as the cue asks" if self.as_asked else ""
        return f"{by} {more}{usual}{asked}"

    @property
    def _taken_off(self) -> str:
        if not self.off_for_speed:
            return ""
        off = amount(self.metric, abs(self.off_for_speed), self.unit, 1)
        return f"; {off} of it goes with the speed"


@dataclass(frozen=True)
class Comparison:
    """What changed between two assessments."""

    changes: tuple[Change, ...]
    gate: tuple[Reason, ...]
    """Why nothing can be compared at all; empty if it can."""
    warnings: tuple[Reason, ...]
    """What to keep in mind."""
    check: Change | None = None
    """The metric that the open cue asks; None without one, or without any number of it."""


@dataclass(frozen=True)
class _Asking:
    """What is asked of a pair: the open cue, what it is judged by, and which scatter counts."""

    cue: Recipe | None
    own: tuple[Own, ...]
    terms: Terms
    check: tuple[str, Side | None] | None
    """The metric that the open cue is judged by, and its side."""


def compare(
    before: Assessed,
    after: Assessed,
    open_cue: Recipe | None = None,
    own: Sequence[Own] = (),
    terms: Terms = MONTHS,
) -> Comparison:
    """Compare two assessments of one runner, metric by metric.

    Parameters
    ----------
    open_cue
        The cue the runner has worked on since ``before``.
    own
        How far this runner scatters, where repeated films tell.
    terms
        ``SAME_DAY`` for fresh against tired on one day.
    """
    pair = Pair(before, after)
    asking = _Asking(open_cue, tuple(own), terms, _check_of(before, open_cue))
    refused = apart(before.conditions, after.conditions)
    changes = tuple(
        change
        for row in table().rows
        for side in (None, *Side)
        if row is table().row(row.metric, side)
        and (change := _change(row, side, pair, asking, refused)) is not None
    )
    kept_in_mind = warnings(before.conditions, after.conditions, same_day=not terms.day)
    check = next((c for c in changes if (c.metric, c.side) == asking.check), None)
    return Comparison(changes, refused, kept_in_mind, check)


def left_against_right(assessed: Assessed) -> tuple[Change, ...]:
    """Compare the runner's left side (before) with the right (after), wherever both were measured.

    The changes have no side; higher means that the right is higher.
    """
    pair, asking = Pair(assessed, assessed), _Asking(None, (), SIDES, None)
    return tuple(
        replace(_compared(row, (left, right), pair, asking), side=None)
        for row in table().rows
        for left in assessed.numbers(row.metric, Side.LEFT)[:1]
        for right in assessed.numbers(row.metric, Side.RIGHT)[:1]
        if not row.of_both_sides and left.enough and right.enough
    )


def _check_of(before: Assessed, cue: Recipe | None) -> tuple[str, Side | None] | None:
    """What a cue is judged by, metric and side: of two sides the one with more of the fault at first."""
    if cue is None:
        return None
    sides = [side for side in (None, *Side) if before.numbers(cue.check.metric, side)]
    if None in sides or not sides:
        return cue.check.metric, None
    return cue.check.metric, min(
        sides, key=lambda side: (cue.asked.sign * before.numbers(cue.check.metric, side)[0].value, str(side))
    )


def _change(
    row: Row, side: Side | None, pair: Pair, asking: _Asking, refused: Sequence[Reason]
) -> Change | None:
    """One metric of one side; None if neither assessment shows it."""
    was, now = (each.numbers(row.metric, side) for each in (pair.before, pair.after))
    if not was and not now:
        return None
    found = alike(row, was, now, pair)
    reason = next(iter(refused), None) or why_not(row, side, found, pair)
    if reason is not None:
        return _refused(row, side, (was, now), reason)
    return _compared(row, found, pair, asking)


def _refused(row: Row, side: Side | None, found: Sequence[Sequence[Measurement]], reason: Reason) -> Change:
    firsts = [next(iter(each), None) for each in found]
    unit = next(each.unit for each in firsts if each is not None)
    before, after = (np.nan if each is None else each.value for each in firsts)
    return Change(
        row.metric, side, unit, before, after, np.nan, np.nan, Verdict.NOT_COMPARABLE,
        z=table().z_other, reason=reason, basis=row.basis,
    )  # fmt: skip


def _compared(row: Row, found: Sequence[Measurement], pair: Pair, asking: _Asking) -> Change:
    was, now = found
    off = _off_for_speed(row, pair)
    plain = Change(
        row.metric, was.side, was.unit, was.value, now.value,
        difference=_cautious(row, was.value, now.value - off, pair, asking),
        sd=_sd(row, (was, now), pair, asking),
        verdict=Verdict.NOT_SHOWN,
        z=table().z_check if (row.metric, was.side) == asking.check else table().z_other,
        off_for_speed=off, clips=(was.clip, now.clip), basis=row.basis,
    )  # fmt: skip
    if abs(plain.difference) > plain.missed_below:
        verdict = _direction(plain, pair, asking)
        return replace(plain, verdict=verdict, as_asked=_as_asked(plain, asking.cue))
    if abs(plain.difference) + plain.missed_below < row.worth:
        return replace(plain, verdict=Verdict.SAME)
    return plain


def _off_for_speed(row: Row, pair: Pair) -> float:
    """What the norm changes by between the two speeds; 0 where they are as good as the same."""
    norm = norms().get(row.metric)
    if norm is None or not pair.speeds_differ:
        return 0.0
    middle = (pair.before.conditions.speed_m_s + pair.after.conditions.speed_m_s) / 2
    return norm.slope_at(middle) * pair.speed_off_m_s


def _cautious(row: Row, before: float, after: float, pair: Pair, asking: _Asking) -> float:
    """The difference that stands against the reading as it was and as it tends back by itself."""
    plain = after - before
    norm = norms().get(row.metric)
    speed_m_s = pair.before.conditions.speed_m_s
    if asking.cue is None or row.metric not in asking.cue.chosen_by or norm is None:
        return plain
    if not norm.covers(speed_m_s, pair.before.conditions.speed_sd_m_s):
        return plain
    mean = norm.mean_at(speed_m_s)
    drawn = after - (mean + table().reliability * (before - mean))
    return min(plain, drawn, key=abs) if np.sign(plain) == np.sign(drawn) else 0.0


def _sd(row: Row, found: Sequence[Measurement], pair: Pair, asking: _Asking) -> float:
    """What the difference scatters by where nothing has changed, one standard deviation."""
    steps = [m.uncertainty if asking.terms.systematic else of_steps(m) for m in found]
    films = 1 / pair.before.conditions.films + 1 / pair.after.conditions.films
    day = day_sd(row, asking.own) if asking.terms.day else 0.0
    norm = norms().get(row.metric)
    slope = 0.0 if norm is None else norm.slope_at(pair.before.conditions.speed_m_s)
    of_speed = float(np.nan_to_num(slope * pair.speed_sd_m_s))
    variances = (*np.square(steps), films * (day**2 + row.tool_sd**2), of_speed**2)
    return float(np.sqrt(sum(variances) + (_off_for_speed(row, pair) / 2) ** 2))


def _as_asked(change: Change, cue: Recipe | None) -> bool | None:
    asked = [each for each in cue.changes if each.metric == change.metric] if cue else []
    return bool(np.sign(change.difference) == asked[0].sign) if asked else None


def _direction(change: Change, pair: Pair, asking: _Asking) -> Verdict:
    """Closer or farther where one of the two is unusual and a direction is good; else higher or lower."""
    plain = Verdict.HIGHER if change.difference > 0 else Verdict.LOWER
    before, after = (_beyond(change, v, pair) for v in (change.before, change.after - change.off_for_speed))
    if asking.terms.systematic or before == after:
        return plain
    if after < before:
        return Verdict.CLOSER
    return plain if _side_effect(change, asking.cue) else Verdict.FARTHER


def _beyond(change: Change, value: float, pair: Pair) -> float:
    """How far a value lies outside of what is usual at the first speed; 0 inside, or where nobody knows."""
    norm = norms().get(change.metric)
    at = pair.before.conditions
    if norm is None or not norm.flags or not norm.covers(at.speed_m_s, at.speed_sd_m_s):
        return 0.0
    if norm.of_both_sides and change.side is not None:
        return 0.0
    low, high = norm.usual_at(at.speed_m_s)
    return max(low - value, value - high, 0.0)


def _side_effect(change: Change, cue: Recipe | None) -> bool:
    """True if the open cue is known to do this besides, or asks for it."""
    known = (*cue.side_effects, *cue.changes) if cue else ()
    return any(each.metric == change.metric and each.sign == np.sign(change.difference) for each in known)
