"""The one thing to work on, or nothing and why."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from gait.coaching.assessment import MIN_TRUST, Finding
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.measurement import Measurement
from gait.metrics.words import unit_of
from gait.motion.scale import Speed

CADENCE_STEP = 1.05
DEVIATION_CAP = 3.0


@dataclass(frozen=True)
class Need:
    """A finding that a cue answers."""

    metric: str
    direction: str


@dataclass(frozen=True)
class Recipe:
    """A cue as it stands in the book, before it is made out to a runner."""

    id: str
    title: str
    text: str
    drill: str
    dose: str
    expect: str
    weight: float
    source: str
    needs: tuple[Need, ...]
    and_one_of: tuple[Need, ...]


@dataclass(frozen=True)
class Cue:
    """One cue made out to one runner."""

    id: str
    title: str
    text: str
    drill: str
    dose: str
    expect: str
    retest: date
    source: str


@dataclass(frozen=True)
class Advice:
    """One cue, or None; and the reason either way."""

    cue: Cue | None
    why: str
    findings: tuple[Finding, ...] = ()
    """The findings behind the cue."""


@cache
def book() -> tuple[tuple[Recipe, ...], timedelta]:
    """All cues, and the time until the next filming."""
    text = resources.files(__package__).joinpath("cues.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    recipes = tuple(
        Recipe(
            **{
                **entry,
                "needs": tuple(Need(**need) for need in entry["needs"]),
                "and_one_of": tuple(Need(**need) for need in entry.get("and_one_of", ())),
            }
        )
        for entry in data["cue"]
    )
    return recipes, timedelta(days=data["retest_days"])


def choose(
    findings: Sequence[Finding],
    measurements: Sequence[Measurement],
    speed: Speed | None,
    today: date,
    *,
    in_pain: bool = False,
) -> Advice:
    """Choose the cue with the highest deviation x trust x evidence, if any qualifies.

    Deviation counts in limits of the norm, at most 3; a cue is as strong as the weakest of the findings
    it needs. Nobody in pain gets a technique cue.
    """
    if in_pain:
        return Advice(
            None,
            "You said that something hurts: see a clinician first, and film again when it is gone.",
        )
    recipes, until_retest = book()
    ranked = sorted(
        ((_score(recipe, findings), recipe) for recipe in recipes),
        key=lambda pair: pair[0],
        reverse=True,
    )
    score, recipe = ranked[0]
    if score <= 0:
        return Advice(None, _why_none(findings, measurements, speed))
    behind = _matching(recipe.needs, findings) + _matching(recipe.and_one_of, findings)
    return Advice(_made_out(recipe, measurements, today + until_retest), _because(behind), behind)


def _score(recipe: Recipe, findings: Sequence[Finding]) -> float:
    needed = _matching(recipe.needs, findings)
    if len(needed) < len(recipe.needs):
        return 0.0
    if recipe.and_one_of and not _matching(recipe.and_one_of, findings):
        return 0.0
    weakest = min(min(f.deviation, DEVIATION_CAP) * f.trust for f in needed)
    return weakest * recipe.weight


def _matching(needs: Sequence[Need], findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(
        finding
        for need in needs
        for finding in findings
        if (finding.metric, finding.verdict) == (need.metric, need.direction)
    )


def _made_out(recipe: Recipe, measurements: Sequence[Measurement], retest: date) -> Cue:
    cadence = next((m.value for m in measurements if m.name == "cadence_spm" and m.why_missing is None), None)
    target = "" if cadence is None else f"{CADENCE_STEP * cadence:.0f}"
    return Cue(
        id=recipe.id,
        title=recipe.title,
        text=recipe.text,
        drill=recipe.drill.format(cadence_target=target),
        dose=recipe.dose,
        expect=recipe.expect,
        retest=retest,
        source=recipe.source,
    )


def _because(findings: Sequence[Finding]) -> str:
    parts = [
        f"{CATALOGUE[finding.metric].label.lower()} is {finding.value:.0f}{unit_of(finding.unit)}; "
        f"usual at {3.6 * finding.speed_m_s:.1f} km/h is {usual_text(finding)}"
        for finding in findings
    ]
    return "Your " + ". Your ".join(parts) + "."


def usual_text(finding: Finding) -> str:
    """Print the usual range of a finding's metric, with its unit."""
    decimals = CATALOGUE[finding.metric].decimals
    low, high = finding.usual
    return f"{low:.{decimals}f} to {high:.{decimals}f}{unit_of(finding.unit)}"


def _why_none(findings: Sequence[Finding], measurements: Sequence[Measurement], speed: Speed | None) -> str:
    if speed is None:
        return "Without the running speed nothing can be held against what runners do: give the belt's speed."
    if not any(measurement.enough for measurement in measurements):
        return "Too few steps for a verdict: film 8 to 10 seconds and try again."
    if not findings:
        return (
            f"There are no norms for {3.6 * speed.m_s:.1f} km/h, only for 9 to 16.2: "
            "the numbers stand without a verdict."
        )
    if all(finding.trust < MIN_TRUST for finding in findings):
        return "This clip is not good enough for a verdict: see what limits it, and film again."
    unusual = [CATALOGUE[f.metric].label.lower() for f in findings if f.verdict]
    if unusual:
        return (
            f"What stands out ({', '.join(unusual)}) is nothing that a proven cue answers: keep filming once "
            "a month and see whether it stays."
        )
    return (
        "Nothing to change: what this clip shows is what runners do at your speed. Keep filming once a month."
    )
