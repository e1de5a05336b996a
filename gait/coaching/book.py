"""The cue book: what each cue is for, its words, its dose by week, and how to ask whether it worked."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Any, Literal

WEEKS = 4


@dataclass(frozen=True)
class Need:
    """A finding that a cue answers."""

    metric: str
    direction: str


@dataclass(frozen=True)
class Expected:
    """A change to expect of a metric after four weeks with a cue, in the metric's unit."""

    metric: str
    direction: Literal["up", "down"]
    low: float
    high: float

    @property
    def sign(self) -> int:
        """1 if the metric should rise, -1 if it should fall."""
        return 1 if self.direction == "up" else -1


@dataclass(frozen=True)
class Check:
    """The metric that decides whether a cue worked."""

    metric: str
    power: float
    """How often one film before and one after show the change to expect."""


@dataclass(frozen=True)
class Recipe:
    """A cue as it stands in the book, before it is made out to a runner."""

    id: str
    title: str
    text: str
    fallback: str
    """The same said of a body part, if the first words do not click."""
    drill: str
    dose: str
    weeks: tuple[str, ...]
    after: str
    """What to do in the month after it worked."""
    expect: str
    weight: float
    source: str
    needs: tuple[Need, ...]
    check: Check
    changes: tuple[Expected, ...]
    side_effects: tuple[Expected, ...]
    and_one_of: tuple[Need, ...] = ()
    unless: tuple[Need, ...] = ()
    loads_calf: bool = False
    raise_pct: tuple[float, ...] = ()
    """How far the beat stands above the runner's own cadence: at first, at the retests; empty: no beat."""

    @property
    def chosen_by(self) -> tuple[str, ...]:
        """Metrics whose unusual readings made this cue the one."""
        return tuple(need.metric for need in self.needs + self.and_one_of)

    @property
    def asked(self) -> Expected:
        """The change of the check metric that is asked for."""
        return next(change for change in self.changes if change.metric == self.check.metric)


@dataclass(frozen=True)
class Shown:
    """A metric that is shown, with a tip at most, and never becomes the one cue."""

    metric: str
    tip: str
    source: str


@dataclass(frozen=True)
class Keeping:
    """What is said in the month after a cue worked, whichever it was."""

    drill: str
    dose: str
    expect: str
    """With a place for the metric that the film is asked of."""


@dataclass(frozen=True)
class Book:
    """All cues, and what holds for every one of them."""

    recipes: tuple[Recipe, ...]
    shown: tuple[Shown, ...]
    until_retest: timedelta
    earliest_retest: timedelta
    """Before this a film asks nothing of the cue yet."""
    film_twice_below_power: float
    film_twice: str
    beat: str
    beat_unknown: str
    notes: tuple[str, ...]
    """Printed with every cue."""
    limits: str
    """What is and what is not known of cues."""
    keeping: Keeping

    def recipe(self, cue_id: str) -> Recipe | None:
        """Find a cue by its id; None if the book has it no longer."""
        return next((recipe for recipe in self.recipes if recipe.id == cue_id), None)

    def judged(self) -> tuple[str, ...]:
        """All metrics that some cue answers, in the order of the book."""
        return tuple(dict.fromkeys(metric for recipe in self.recipes for metric in recipe.chosen_by))


@cache
def book() -> Book:
    """Read the cue book."""
    data = tomllib.loads(resources.files(__package__).joinpath("cues.toml").read_text(encoding="utf-8"))
    return Book(
        recipes=tuple(_recipe(entry) for entry in data["cue"]),
        shown=tuple(Shown(**entry) for entry in data["shown"]),
        until_retest=timedelta(days=data["retest_days"]),
        earliest_retest=timedelta(days=data["earliest_retest_days"]),
        film_twice_below_power=data["film_twice_below_power"],
        film_twice=data["film_twice"],
        beat=data["beat"],
        beat_unknown=data["beat_unknown"],
        notes=tuple(data["notes"]),
        limits=data["limits"],
        keeping=Keeping(**data["keeping"]),
    )


def _recipe(entry: dict[str, Any]) -> Recipe:
    return Recipe(
        **{
            **entry,
            **{key: _needs(entry.get(key, ())) for key in ("needs", "and_one_of", "unless")},
            **{key: tuple(Expected(**each) for each in entry[key]) for key in ("changes", "side_effects")},
            "check": Check(**entry["check"]),
            "weeks": tuple(entry["weeks"]),
            "raise_pct": tuple(entry.get("raise_pct", ())),
        }
    )


def _needs(entries: Sequence[dict[str, str]]) -> tuple[Need, ...]:
    return tuple(Need(**entry) for entry in entries)
