"""A runner's months as they are told: the headline numbers, what came of each cue, what two days show."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from gait.body import Side
from gait.coaching.book import Recipe, book
from gait.coaching.change import Change, Verdict
from gait.coaching.programme import Move, State
from gait.coaching.scatter import table
from gait.coaching.trend import Trend, trend
from gait.coaching.words import listed, name_of
from gait.metrics.measurement import Measurement
from gait.months.assessed import assessed
from gait.months.keep import MOST_DAYS
from gait.months.pair import Pair
from gait.months.plan import Dated, Told, plan
from gait.months.watched import own
from gait.record import Record, from_json
from gait.store import assessments
from gait.store.database import Store
from gait.store.domain import Actor, Assessment

HEADLINES = ("overstride_pct_leg", "shank_deg", "lean_deg", "hip_drop_deg", "crossover_pct", "cadence_spm")
REMEMBERED = 128
CAME_OF_IT = {
    Move.START: "A cue was given.",
    Move.KEEP: "The cue goes on.",
    Move.WORKED: "It worked. Now a month without the drill.",
    Move.CLOSED: "It worked and stayed.",
    Move.NEXT: "It could not be shown to work: another cue gets its turn.",
    Move.PAUSED: "The cue waits.",
    Move.NOTHING: "No cue.",
}


@dataclass(frozen=True, eq=False)
class Month:
    """One day as it is kept, and what it says after all the days before it."""

    assessment: Assessment
    dated: Dated
    told: Told

    @property
    def record(self) -> Record:
        """The record of the day."""
        return self.dated.record


@dataclass(frozen=True)
class Sorted:
    """What two days show, in four heaps."""

    changed: tuple[Change, ...]
    same: tuple[Change, ...]
    not_seen: tuple[Change, ...]
    """A change could be there and these films would miss it."""
    apart: tuple[tuple[str, str], ...]
    """Why something cannot be compared, and what: a reason once, with all it stands in the way of."""


def months(store: Store, actor: Actor, runner_id: str) -> tuple[Month, ...]:
    """Every kept day of a runner with what it says, the oldest first.

    Raises
    ------
    StoreFailed
        If the store cannot be read.
    """
    kept = assessments.timeline(store, actor, runner_id, limit=MOST_DAYS)[::-1]
    days = [Dated(_read(assessments.record(store, actor, each.id)), each.day) for each in kept]
    told = {id(each.record): each for each in plan(days, own(store, actor, runner_id))}
    return tuple(Month(each, day, told[id(day.record)]) for each, day in zip(kept, days, strict=True))


def headlines(record: Record) -> tuple[Measurement, ...]:
    """The headline numbers that were read, one each: of the side that faced the camera."""
    found = []
    for name in HEADLINES:
        own = [m for m in record.measurements if m.name == name and m.why_missing is None]
        found += sorted(own, key=lambda m: m.side not in (None, record.main.near))[:1]
    return tuple(found)


def came_of_it(told: Told) -> str:
    """What became on this day of the cue that was open, in a sentence."""
    return CAME_OF_IT[told.step.move]


def cue_before(all_months: Sequence[Month], record: Record) -> Recipe | None:
    """The cue that was open when a day was filmed; None if none was."""
    before = [each for each in all_months if each.record.filmed_on < record.filmed_on]
    given = before[-1].told.step.prescription if before else None
    return book().recipe(given.cue_id) if given and given.state is not State.ENDED else None


def what_the_cue_did(found: Pair, cue: Recipe | None) -> str:
    """Say what the open cue was to change and whether it did, or why that cannot be said."""
    comparison = found.comparison
    if comparison.gate:
        return f"These two days cannot be compared: {_end(comparison.gate[0].text)}"
    if cue is None:
        return "No cue was open between these two days: nothing was asked to change."
    if comparison.check is None:
        name = name_of(cue.check.metric)
        return f"Whether “{cue.title}” worked is asked of your {name}, and neither film shows it."
    return f"“{cue.title}”: {_end(comparison.check.text)}"


def sorted_out(changes: Sequence[Change]) -> Sorted:
    """Lay the changes that any of two days shows into heaps."""
    apart: dict[str, list[str]] = {}
    for change in changes:
        if change.reason is not None and (change.before == change.before or change.after == change.after):
            side = f" on the {change.side}" if change.side else ""
            apart.setdefault(change.reason.text, []).append(f"{name_of(change.metric)}{side}")
    return Sorted(
        changed=tuple(each for each in changes if each.verdict.changed),
        same=tuple(each for each in changes if each.verdict is Verdict.SAME),
        not_seen=tuple(each for each in changes if each.verdict is Verdict.NOT_SHOWN),
        apart=tuple((_end(_begin(reason)), _begin(listed(names))) for reason, names in apart.items()),
    )


def trends(days: Sequence[Dated], metrics: Sequence[str]) -> tuple[Trend, ...]:
    """Each metric over all days, wherever a day shows it: of both sides, else of each."""
    history = [assessed(each.record, each.day) for each in days]
    shown = [
        (metric, side)
        for metric in dict.fromkeys(metrics)
        for side in (None, *Side)
        if table().row(metric, side) and any(each.numbers(metric, side) for each in history)
    ]
    return tuple(trend(history, metric, side) for metric, side in shown)


@lru_cache(maxsize=REMEMBERED)
def _read(text: str) -> Record:
    return from_json(text)


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]


def _end(text: str) -> str:
    return f"{text.strip().rstrip('.')}."
