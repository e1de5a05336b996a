"""From one film to the next: did the open cue work, and what comes now.

A cue is given, and kept until the metric it is judged by moved or two retests did not show that. Having
worked it is kept for a month without the beat, and asked once more. Then, and only then, the next one comes.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gait.coaching.assessment import Finding
from gait.coaching.book import Recipe, book
from gait.coaching.change import Change, Comparison
from gait.coaching.cue import CADENCE, Advice, Cue, RunnerUp, Screens, cadence_of, choose, made_out
from gait.coaching.no_cue import CALF, NOTHING_PROVEN, PAIN, race_ahead
from gait.coaching.words import name_of
from gait.errors import Reason
from gait.metrics.measurement import Measurement
from gait.motion.scale import Speed

NOTHING_AGAINST = Screens()
AFTER_A_CUE = (
    "Nothing asks for another cue now: keep what the last one has brought, and film again in a month."
)
RETESTS = 2
"""Retests that do not show the change after which another cue gets its turn."""


class State(StrEnum):
    """How far a prescription is."""

    WORKING = "working on it"
    KEEPING = "keeping it"
    ENDED = "ended"


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
    """The runner's own cadence before the first cue: the beat rises from there, over all cues together."""
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
    screens: Screens = NOTHING_AGAINST


@dataclass(frozen=True)
class Step:
    """What to do until the next film."""

    move: Move
    why: str
    cue: Cue | None = None
    """What to work on; None if nothing."""
    prescription: Prescription | None = None
    """What to keep for the next film; None before the first cue."""
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
        The last prescription, as the last step left it; None before the first cue.
    comparison
        The assessment it was given for against this one, compared with that cue; None without one.
    """
    recipe = book().recipe(given.cue_id) if given else None
    if given is None or recipe is None or given.state is State.ENDED:
        return _first(film, given)
    if waits := _paused(recipe, film):
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
        keeping = replace(asked, state=State.KEEPING, unshown=0)
        return Step(Move.WORKED, why, _cue(keeping, recipe, film), keeping)
    if given.state is State.KEEPING:
        why = f"Last time it had worked; now the films do not show it. {check.text} So the drill comes back."
        return _kept(replace(asked, state=State.WORKING), recipe, film, why)
    if given.unshown + 1 < RETESTS:
        again = replace(asked, unshown=given.unshown + 1, step=given.step + 1)
        return _kept(again, recipe, film, f"{check.text} {_once_more(recipe)}")
    return _rested(asked, recipe, film, check)


def _first(film: Film, last: Prescription | None) -> Step:
    """No cue is open, or one that the book no longer has."""
    advice = _chosen(film, last)
    if advice.cue is None:
        why = AFTER_A_CUE if last and advice.why_id == NOTHING_PROVEN else advice.why
        return Step(Move.NOTHING, why, None, last, why_id=advice.why_id, field=advice.field)
    return _started(Step(Move.START, advice.why, advice.cue, None, advice.runner_up), film, last)


def _closed(given: Prescription, recipe: Recipe, film: Film, check: Change) -> Step:
    """The cue worked and was kept: it is done and the next may come, or it takes another step."""
    reached = given.step + 1 if recipe.raise_pct else given.step
    ended = replace(given, step=reached, tried=(*given.tried, *_worn_out(reached)))
    advice = _chosen(film, ended)
    goes_on = advice.cue is not None and advice.cue.id == recipe.id
    done = "has worked" if goes_on else "is done: it worked"
    because = f"“{recipe.title}” {done}, and a month without the drill has kept it. {check.text}"
    return _turn(Step(Move.CLOSED, because), advice, film, ended)


def _rested(given: Prescription, recipe: Recipe, film: Film, check: Change) -> Step:
    """Two retests did not show it: the runner-up gets its turn."""
    rests = f"“{recipe.title}” rests now: {RETESTS} retests did not show that it worked. {check.text}"
    ended = replace(given, step=given.step - given.unshown, tried=(*given.tried, recipe.id))
    return _turn(Step(Move.NEXT, rests), _chosen(film, ended), film, ended)


def _worn_out(step: int) -> tuple[str, ...]:
    """Cues that only raise the beat, once it has been raised as far as is allowed."""
    return tuple(
        recipe.id
        for recipe in book().recipes
        if recipe.check.metric == CADENCE and step >= len(recipe.raise_pct)
    )


def _turn(turn: Step, advice: Advice, film: Film, ended: Prescription) -> Step:
    """After a cue has ended: the next one and why, or a month of just running."""
    if advice.cue is None:
        why = f"{turn.why} Nothing else asks for its turn: run as feels natural, and film again in a month."
        kept = replace(ended, state=State.ENDED)
        return replace(turn, why=why, prescription=kept, why_id=advice.why_id, field=advice.field)
    why = f"{turn.why} {_what_comes(advice.cue, ended)} {advice.why}"
    return _started(
        replace(turn, why=why, cue=advice.cue, runner_up=advice.runner_up),
        film,
        ended,
    )


def _what_comes(cue: Cue, ended: Prescription) -> str:
    if cue.id != ended.cue_id:
        return f"Next comes “{cue.title}”."
    higher = ", with the beat a little higher" if cue.target_cadence_spm is not None else ""
    return f"There is more to gain, so the same cue takes another step{higher}."


def _started(step: Step, film: Film, last: Prescription | None) -> Step:
    """Open a prescription for the cue of a step; what the beat has risen by already is carried over."""
    recipe = book().recipe(step.cue.id) if step.cue else None
    if recipe is None:
        return step
    own = last.cadence_spm if last else None
    prescription = Prescription(
        recipe.id,
        film.filmed_on,
        own if own is not None else cadence_of(film.measurements),
        step=last.step if last else 0,
        tried=last.tried if last else (),
    )
    return replace(step, cue=_cue(prescription, recipe, film), prescription=prescription)


def _kept(given: Prescription, recipe: Recipe, film: Film, why: str) -> Step:
    return Step(Move.KEEP, why, _cue(given, recipe, film), given)


def _cue(given: Prescription, recipe: Recipe, film: Film) -> Cue:
    """The cue as it stands now: with its drill, or in the month after it worked without."""
    cue = made_out(recipe, given.cadence_spm, film.filmed_on, given.step)
    if given.state is not State.KEEPING:
        return cue
    keeping = book().keeping
    return replace(
        cue,
        drill=keeping.drill,
        dose=keeping.dose,
        expect=keeping.expect.format(metric=name_of(recipe.check.metric)),
        weeks=(),
        target_cadence_spm=None,
    )


def _chosen(film: Film, last: Prescription | None) -> Advice:
    tried = (*film.screens.tried, *(last.tried if last else ()))
    screens = replace(film.screens, tried=tried)
    return choose(film.findings, film.measurements, film.speed, film.filmed_on, screens=screens)


def _paused(recipe: Recipe, film: Film) -> Reason | None:
    """Why an open cue waits; None if it need not."""
    if film.screens.in_pain:
        return PAIN
    if film.screens.calf_trouble and recipe.loads_calf:
        return CALF
    return race_ahead(film.screens.race_on, film.filmed_on)


def _too_early(given: Prescription, check: Change | None) -> str:
    so_far = f" So far: {check.text}" if check is not None and check.reason is None else ""
    due = given.since + book().until_retest
    return f"It is too early to ask whether it worked: keep at it until {due:%d %B %Y}.{so_far}"


def _cannot_tell(recipe: Recipe, comparison: Comparison | None) -> str:
    name = name_of(recipe.check.metric)
    if comparison is None or comparison.check is None:
        return (
            f"Whether it worked is asked of your {name}, and these films do not show it: film as before, and "
            "keep at it until then."
        )
    return f"Whether it worked cannot be told. {comparison.check.text} Until then keep at it."


def _once_more(recipe: Recipe) -> str:
    more = "The beat goes up a little, and you" if recipe.raise_pct else "You"
    return (
        f"{more} get another four weeks with the same cue: one thing at a time, until it has had its chance."
    )
