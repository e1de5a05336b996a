"""The one thing to work on, or nothing and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gait.body import Side
from gait.coaching.assessment import Finding
from gait.coaching.book import Need, Recipe, book
from gait.coaching.no_cue import ALL_TRIED, CALF, PAIN, race_ahead, why_none
from gait.coaching.words import because
from gait.errors import Reason
from gait.metrics.measurement import Measurement
from gait.motion.scale import Speed

DEVIATION_CAP = 3.0
CADENCE = "cadence_spm"


@dataclass(frozen=True)
class Screens:
    """What speaks against a cue, or against some of them."""

    in_pain: bool = False
    calf_trouble: bool = False
    """Calf, Achilles or foot gave trouble within the last three months."""
    race_on: date | None = None
    tried: tuple[str, ...] = ()
    """Cues, by their ids, that were worked on without a change that films could show."""


@dataclass(frozen=True)
class Cue:
    """One cue made out to one runner."""

    id: str
    title: str
    text: str
    drill: str
    dose: str
    """How often, and then week by week."""
    expect: str
    retest: date
    source: str
    fallback: str = ""
    """The same said of a body part, if the first words do not click."""
    weeks: tuple[str, ...] = ()
    """What to do in the first week, the second, and so on."""
    after: str = ""
    """What to do in the month after it worked."""
    check_metric: str = ""
    """The metric that decides whether it worked."""
    target_cadence_spm: float | None = None
    """The beat for a metronome; None if the cue has none."""
    film_twice: str = ""
    """Why two films are asked for; empty if one is enough."""
    notes: tuple[str, ...] = ()
    """What holds for every cue: how it will feel, and when to stop."""


@dataclass(frozen=True)
class RunnerUp:
    """The cue that came second, and why it lost."""

    id: str
    title: str
    why: str


@dataclass(frozen=True)
class Advice:
    """One cue, or None; and the reason either way."""

    cue: Cue | None
    why: str
    findings: tuple[Finding, ...] = ()
    """The findings behind the cue."""
    why_id: str = ""
    """Which reason there is for no cue, by its id; empty if there is a cue."""
    field: str = ""
    """The field of the request that would mend it; empty if none would."""
    runner_up: RunnerUp | None = None


@dataclass(frozen=True)
class _Candidate:
    recipe: Recipe
    strength: float
    """How far it stands out, at most 3 limits, times how far to trust that."""
    findings: tuple[Finding, ...]

    @property
    def score(self) -> float:
        return round(self.strength * self.recipe.weight, 6)


def choose(
    findings: Sequence[Finding],
    measurements: Sequence[Measurement],
    speed: Speed | None,
    today: date,
    *,
    in_pain: bool = False,
    screens: Screens | None = None,
) -> Advice:
    """Choose the cue with the highest deviation x trust x evidence, if any qualifies.

    Deviation counts in limits of the norm, at most 3; a cue is as strong as the weakest of the findings
    it needs, all of one side. Of equals the one that step rate mends comes first, then the order of the
    book; the order of the findings does not count. Nobody in pain or shortly before a race gets a
    technique cue, and nobody whose calf gave trouble one that loads it.
    """
    screens = screens or Screens()
    if in_pain or screens.in_pain:
        return _none(PAIN)
    if race := race_ahead(screens.race_on, today):
        return _none(race)
    answering = [found for recipe in book().recipes if (found := _candidate(recipe, findings))]
    allowed = [each for each in answering if not _ruled_out(each.recipe, screens)]
    if not allowed:
        return _none(_ruled_out_because(answering, screens) or why_none(findings, measurements, speed))
    first, *others = sorted(allowed, key=_rank)
    cue = made_out(first.recipe, cadence_of(measurements), today)
    runner_up = _runner_up(first, others[0]) if others else None
    return Advice(cue, because(first.findings), first.findings, runner_up=runner_up)


def made_out(recipe: Recipe, cadence_spm: float | None, today: date, step: int = 0) -> Cue:
    """Make a cue out to a runner.

    Parameters
    ----------
    cadence_spm
        The runner's own cadence before the cue; None if unknown.
    step
        Which rise of the beat: 0 at first, 1 at the first retest, and so on, up to the last that is allowed.
    """
    raised = recipe.raise_pct[min(step, len(recipe.raise_pct) - 1)] if recipe.raise_pct else 0.0
    target = cadence_spm * (1 + raised / 100) if cadence_spm and recipe.raise_pct else None
    phrase = book().beat_unknown if target is None else book().beat
    beat = phrase.format(target=target, own=cadence_spm, raise_pct=raised)
    weeks = tuple(f"Week {number}: {text}" for number, text in enumerate(recipe.weeks, start=1))
    return Cue(
        id=recipe.id,
        title=recipe.title,
        text=recipe.text,
        drill=recipe.drill.format(beat=beat),
        dose=" ".join((recipe.dose, *weeks)),
        expect=recipe.expect,
        retest=today + book().until_retest,
        source=recipe.source,
        fallback=recipe.fallback,
        weeks=recipe.weeks,
        after=recipe.after,
        check_metric=recipe.check.metric,
        target_cadence_spm=target,
        film_twice=book().film_twice if recipe.check.power < book().film_twice_below_power else "",
        notes=book().notes,
    )


def _none(reason: Reason) -> Advice:
    return Advice(None, reason.text, why_id=reason.id, field=reason.field)


def _candidate(recipe: Recipe, findings: Sequence[Finding]) -> _Candidate | None:
    """The strongest set of findings, all of one side, that a cue answers; None if there is none."""
    sets = [_answered(recipe, [f for f in findings if f.side in (side, None)]) for side in Side]
    found = [each for each in sets if each is not None]
    return max(found, key=lambda candidate: candidate.strength, default=None)


def _answered(recipe: Recipe, findings: Sequence[Finding]) -> _Candidate | None:
    if any(_strongest(need, findings) for need in recipe.unless):
        return None
    needed = [_strongest(need, findings) for need in recipe.needs]
    one_of = [found for need in recipe.and_one_of if (found := _strongest(need, findings))]
    known = tuple(finding for finding in needed if finding is not None)
    if len(known) < len(needed) or (recipe.and_one_of and not one_of):
        return None
    return _Candidate(recipe, min(_strength(finding) for finding in known), known + tuple(one_of))


def _strongest(need: Need, findings: Sequence[Finding]) -> Finding | None:
    matching = [f for f in findings if (f.metric, f.verdict) == (need.metric, need.direction)]
    return max(matching, key=lambda f: (_strength(f), f.clip), default=None)


def _strength(finding: Finding) -> float:
    return min(finding.deviation, DEVIATION_CAP) * finding.trust


def _rank(candidate: _Candidate) -> tuple[float, bool, int]:
    return -candidate.score, not candidate.recipe.raise_pct, book().recipes.index(candidate.recipe)


def _ruled_out(recipe: Recipe, screens: Screens) -> bool:
    return recipe.id in screens.tried or (screens.calf_trouble and recipe.loads_calf)


def _ruled_out_because(answering: Sequence[_Candidate], screens: Screens) -> Reason | None:
    if any(each.recipe.id not in screens.tried for each in answering):
        return CALF
    return ALL_TRIED if answering else None


def _runner_up(first: _Candidate, second: _Candidate) -> RunnerUp:
    """Say why the second lost: less evidence, or less of a fault, whichever counted more."""
    evidence = second.recipe.weight / first.recipe.weight
    if second.score == first.score:
        why = "it stands out as much, and comes second in the book"
    elif evidence <= second.strength / first.strength:
        why = (
            f"less evidence stands behind it ({second.recipe.weight:g} of 1, against {first.recipe.weight:g})"
        )
    else:
        why = f"it stands out less clearly ({second.strength:.1f} limits, against {first.strength:.1f})"
    return RunnerUp(
        second.recipe.id, second.recipe.title, f"{because(second.findings)} It came second: {why}."
    )


def cadence_of(measurements: Sequence[Measurement]) -> float | None:
    """The runner's own cadence, of the clip that knows it best; None if no clip shows it."""
    known = [m for m in measurements if m.name == CADENCE and m.why_missing is None]
    return min(known, key=lambda m: (m.uncertainty, m.clip)).value if known else None
