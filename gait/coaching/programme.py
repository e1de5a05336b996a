"""From one film to the next: did the open cue work, and what comes now.

A cue is given, and kept until the metric it is judged by moved or two retests did not show that. Having
worked it is kept for a month without the beat, and asked once more. Then, and only then, the next one comes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gait.coaching.assessment import Finding
from gait.coaching.book import Recipe, book
from gait.coaching.change import Change, Comparison
from gait.coaching.cue import CADENCE, Advice, Cue, RunnerUp, Screens, choose, made_out
from gait.coaching.no_cue import PAIN, race_ahead
from gait.coaching.words import name_of
from gait.errors import Reason
from gait.metrics.measurement import Measurement
from gait.motion.scale import Speed

RETESTS = 2
"""Retests that do not show the change after which another cue gets its turn."""


class State(StrEnum):
    """How far a prescription is."""

    WORKING = "working on it"
    KEEPING = "keeping it"


class Move(StrEnum):
    """What happens at this film."""

    START = "start"
    KEEP = "keep"
    WORKED = "worked"
    CLOSED = "closed"
    NEXT = "next"
    PAUSED = "paused"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Prescription:
    """A cue that was given: everything that the next film needs to know of it."""

    cue_id: str
    started: date
    """The day of the assessment it was given for: its baseline."""
    cadence_spm: float | None = None
    """The runner's own cadence then."""
    state: State = State.WORKING
    asked_on: date | None = None
    """The last film that was asked of it; None before the first."""
    unshown: int = 0
    """Retests that did not show the change."""
    step: int = 0
    """Which rise of the beat."""
    tried: tuple[str, ...] = ()
    """Cues before this one that films could not show to work."""

    @property
    def since(self) -> date:
        """The day from which the next retest counts."""
        return self.asked_on or self.started


@dataclass(frozen=True)
class Film:
    """Everything that this film says, and what the runner says besides."""

    filmed_on: date
    findings: tuple[Finding, ...]
    measurements: tuple[Measurement, ...]
    speed: Speed | None
    screens: Screens = Screens()


@dataclass(frozen=True)
class Step:
    """What to do until the next film."""

    move: Move
    why: str
    cue: Cue | None = None
    """What to work on; None if nothing."""
    prescription: Prescription | None = None
    """What to keep for the next film; None if no cue is open."""
    runner_up: RunnerUp | None = None
    why_id: str = ""
    """Which reason there is for no cue, by its id."""
    field: str = ""
    """The field of the request that would mend it."""


def next_step(given: Prescription | None, comparison: Comparison | None, film: Film) -> Step:
    """Ask of the open cue whether it worked, and say what comes next.

    Parameters
    ----------
    given
        The open prescription; None if there is none.
    comparison
        The assessment it was given for against this one, compared with that cue; None without one.
    """
    recipe = book().recipe(given.cue_id) if given else None
    if given is None or recipe is None:
        return _first(film, given)
    if waits := _paused(film):
        why = f"{waits.text} Your cue, “{recipe.title}”, waits until then."
        return Step(Move.PAUSED, why, None, given, why_id=waits.id, field=waits.field)
    check = comparison.check if comparison else None
    if film.filmed_on - given.since < book().earliest_retest:
        return _kept(given, recipe, film, _too_early(given, check))
    if comparison is None or check is None or check.reason is not None:
        return _kept(given, recipe, film, _cannot_tell(recipe, comparison))
    return _asked(given, recipe, film, check)


def _asked(given: Prescription, recipe: Recipe, film: Film, check: Change) -> Step:
    """The film answers: worked or not, for the first time or the second."""
    worked = check.verdict.changed and bool(check.as_asked)
    asked = replace(given, asked_on=film.filmed_on)
    if worked and given.state is State.KEEPING:
        return _closed(asked, recipe, film, check)
    if worked:
        why = f"It worked. {check.text} {recipe.after}"
        cue = replace(_cue(asked, recipe, film), dose=recipe.after, weeks=(), target_cadence_spm=None)
        return Step(Move.WORKED, why, cue, replace(asked, state=State.KEEPING, unshown=0))
    if given.state is State.KEEPING:
        why = f"Last time it had worked; now the films do not show it. {check.text} So once more, with the drill."
        return _kept(replace(asked, state=State.WORKING), recipe, film, why)
    if given.unshown + 1 < RETESTS:
        again = replace(asked, unshown=given.unshown + 1, step=given.step + 1)
        return _kept(again, recipe, film, f"{check.text} {_once_more(recipe)}")
    return _rested(asked, recipe, film, check)


def _first(film: Film, given: Prescription | None) -> Step:
    """No cue is open, or one that the book no longer has."""
    tried = given.tried if given else ()
    advice = _chosen(film, tried)
    if advice.cue is None:
        return Step(Move.NOTHING, advice.why, why_id=advice.why_id, field=advice.field)
    return _started(Move.START, advice.why, advice, advice.cue, film, tried)


def _closed(given: Prescription, recipe: Recipe, film: Film, check: Change) -> Step:
    """The cue worked and was kept: it is done, and the next one may come."""
    done = f"“{recipe.title}” is done: it worked, and a month without the drill has kept it. {check.text}"
    return _turn(Move.CLOSED, done, film, given.tried)


def _rested(given: Prescription, recipe: Recipe, film: Film, check: Change) -> Step:
    """Two retests did not show it: the runner-up gets its turn."""
    rests = f"“{recipe.title}” rests now: {RETESTS} retests did not show that it worked. {check.text}"
    return _turn(Move.NEXT, rests, film, (*given.tried, recipe.id))


def _turn(move: Move, ended: str, film: Film, tried: tuple[str, ...]) -> Step:
    """After a cue has ended: the next one and why, or a month of just running."""
    advice = _chosen(film, tried)
    if advice.cue is None:
        why = f"{ended} Nothing else asks for its turn: run as feels natural, and film again in a month."
        return Step(move, why, why_id=advice.why_id, field=advice.field)
    return _started(
        move, f"{ended} Next comes “{advice.cue.title}”: {advice.why}", advice, advice.cue, film, tried
    )


def _started(move: Move, why: str, advice: Advice, cue: Cue, film: Film, tried: tuple[str, ...]) -> Step:
    prescription = Prescription(cue.id, film.filmed_on, _cadence(film.measurements), tried=tried)
    return Step(move, why, cue, prescription, advice.runner_up)


def _kept(given: Prescription, recipe: Recipe, film: Film, why: str) -> Step:
    return Step(Move.KEEP, why, _cue(given, recipe, film), given)


def _cue(given: Prescription, recipe: Recipe, film: Film) -> Cue:
    return made_out(recipe, given.cadence_spm, film.filmed_on, given.step)


def _chosen(film: Film, tried: tuple[str, ...]) -> Advice:
    screens = replace(film.screens, tried=(*film.screens.tried, *tried))
    return choose(film.findings, film.measurements, film.speed, film.filmed_on, screens=screens)


def _paused(film: Film) -> Reason | None:
    return PAIN if film.screens.in_pain else race_ahead(film.screens.race_on, film.filmed_on)


def _too_early(given: Prescription, check: Change | None) -> str:
    so_far = f" So far: {check.text}" if check is not None and check.reason is None else ""
    due = given.since + book().until_retest
    return f"It is too early to ask whether it worked: keep at it until {due:%d %B %Y}.{so_far}"


def _cannot_tell(recipe: Recipe, comparison: Comparison | None) -> str:
    name = name_of(recipe.check.metric)
    if comparison is None or comparison.check is None:
        return f"Whether it worked is asked of your {name}, and these films do not show it: film as before. Until then keep at it."
    return f"Whether it worked cannot be told. {comparison.check.text} Until then keep at it."


def _once_more(recipe: Recipe) -> str:
    more = "The beat goes up a little, and you" if recipe.raise_pct else "You"
    return (
        f"{more} get another four weeks with the same cue: one thing at a time, until it has had its chance."
    )


def _cadence(measurements: Sequence[Measurement]) -> float | None:
    return next((m.value for m in measurements if m.name == CADENCE and m.why_missing is None), None)
