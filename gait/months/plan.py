"""What to work on now: every day of a runner asked in turn, from the first to the last."""

from collections.abc import Sequence
from dataclasses import dataclass

from gait import plain
from gait.coaching.book import book
from gait.coaching.change import Comparison, compare
from gait.coaching.cue import Screens
from gait.coaching.programme import Film, Prescription, Step, next_step
from gait.coaching.scatter import Own
from gait.months.assessed import assessed, day_of
from gait.record import Record
from gait.store.domain import Day


@dataclass(frozen=True, eq=False)
class Dated:
    """One record, and the day it was filmed on."""

    record: Record
    day: Day
    undated: bool = False
    """Nobody said the day and the film does not: the record's is a guess, and its file stands for it."""

    @property
    def name(self) -> str:
        """What it is called beside another."""
        if self.undated:
            return f"{plain.line(self.record.main.file)} (no date in the film)"
        return f"{self.record.filmed_on:%d %B %Y}"


@dataclass(frozen=True, eq=False)
class Told:
    """What one day says of the cue that was open, and what comes next."""

    record: Record
    step: Step
    since: Comparison | None
    """Against the day the open cue was given for; None where none was open."""


def dated(record: Record) -> Dated:
    """A record with what it says of its own day."""
    return Dated(record, day_of(record))


def plan(days: Sequence[Dated], own: Sequence[Own] = ()) -> tuple[Told, ...]:
    """Go through a runner's days in order; the last one says what to do now.

    The same days give the same plan, always: nothing is asked but the records, and the runner's scatter.
    """
    told: list[Told] = []
    given: Prescription | None = None
    ordered = sorted(days, key=lambda each: each.record.filmed_on)
    for each in ordered:
        since = _since(given, each, ordered, own)
        step = next_step(given, since, _film(each))
        told.append(Told(each.record, step, since))
        given = step.prescription or given
    return tuple(told)


def _since(
    given: Prescription | None, now: Dated, days: Sequence[Dated], own: Sequence[Own]
) -> Comparison | None:
    recipe = book().recipe(given.cue_id) if given else None
    if given is None or recipe is None:
        return None
    baseline = next((day for day in days if day.record.filmed_on == given.started), None)
    if baseline is None or baseline is now:
        return None
    return compare(assessed(baseline.record, baseline.day), assessed(now.record, now.day), recipe, own)


def _film(each: Dated) -> Film:
    record = each.record
    screens = Screens(in_pain=record.in_pain or each.day.in_pain)
    return Film(record.filmed_on, record.findings, record.measurements, record.speed, screens)
