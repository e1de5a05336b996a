"""Why there is no cue: what was judged, what could not be, and what would mend that."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from gait.coaching.assessment import MIN_TRUST, Finding
from gait.coaching.book import book
from gait.coaching.norms import norms
from gait.coaching.words import amount, because, listed, name_of, usual_text
from gait.errors import Reason
from gait.metrics.measurement import Measurement
from gait.motion.scale import Speed

PAIN = Reason(
    "pain",
    "You said that something hurts: see a clinician first, and film again when it is gone.",
    "in_pain",
)
NOTHING_PROVEN = "nothing-proven"
RACE_AHEAD = timedelta(weeks=4)
TOO_FEW = Reason("too-few-steps", "Too few steps for a verdict: film 8 to 10 seconds and try again.")
NOT_GOOD_ENOUGH = Reason(
    "clip-not-good-enough",
    "This clip is not good enough for a verdict: see what limits it, and film again.",
)
CALF = Reason(
    "calf-trouble",
    "What stands out would be worked on with drills that load the calf, and yours, or your foot, gave "
    "trouble within the last three months: leave your form as it is until it has been quiet for that long.",
    "calf_trouble",
)
ALL_TRIED = Reason(
    "all-tried",
    "What stands out has been worked on, and films could not show that it helped: run as feels natural, and "
    "film again in a month.",
)


def race_ahead(race_on: date | None, today: date) -> Reason | None:
    """Why nothing is changed shortly before a race; None if there is none in the next four weeks."""
    if race_on is None or not timedelta(0) <= race_on - today <= RACE_AHEAD:
        return None
    text = (
        f"Your race on {race_on:%d %B %Y} is less than four weeks away: change nothing before it, and film "
        "again after it."
    )
    return Reason("race-ahead", text, "race_on")


def why_none(findings: Sequence[Finding], measurements: Sequence[Measurement], speed: Speed | None) -> Reason:
    """Say why no cue qualifies, the first thing that stands in the way first."""
    judged = sorted((finding for finding in findings if finding.flags), key=_place)
    if _too_few(measurements):
        return TOO_FEW
    if not any(not finding.any_speed for finding in judged) and _hangs_on_speed(measurements):
        return _no_speed(judged, speed)
    if judged and all(finding.trust < MIN_TRUST and not finding.verdict for finding in judged):
        return NOT_GOOD_ENOUGH
    unusual = [finding for finding in judged if finding.verdict]
    if unusual:
        return _nothing_proven(unusual)
    return _nothing_stands_out(judged)


def _place(finding: Finding) -> tuple[int, str, str]:
    """Where a finding is told, whatever the order it came in."""
    return list(norms()).index(finding.metric), str(finding.side), finding.clip


def _too_few(measurements: Sequence[Measurement]) -> bool:
    """True if most of what could be judged was read from too few steps."""
    known = [m for m in measurements if m.name in book().judged() and m.why_missing is None]
    return 2 * sum(m.enough for m in known) < len(known)


def _hangs_on_speed(measurements: Sequence[Measurement]) -> bool:
    return any(
        m.why_missing is None and m.name in norms() and not norms()[m.name].any_speed for m in measurements
    )


def _no_speed(judged: Sequence[Finding], speed: Speed | None) -> Reason:
    beside = [name_of(finding.metric) for finding in judged if finding.settled]
    usual = f" What can be judged without it is usual: {listed(beside)}." if beside else ""
    odd = [finding for finding in judged if finding.verdict]
    stands_out = f" What stands out all the same: {because(odd)}" if odd else ""
    if speed is None:
        text = (
            "Without the running speed most numbers cannot be held against what runners do: give the belt's "
            f"speed.{usual}{stands_out}"
        )
        return Reason("speed-unknown", text, "speed_kmh")
    low, high = norms()["overstride_pct_leg"].carried_to_m_s
    text = (
        f"There are no norms for {3.6 * speed.m_s:.1f} km/h, only for {3.6 * low:.0f} to {3.6 * high:.0f}: "
        f"most numbers stand without a verdict.{usual}{stands_out}"
    )
    return Reason("speed-without-norms", text, "" if speed.given else "speed_kmh")


def _nothing_proven(unusual: Sequence[Finding]) -> Reason:
    names = ", ".join(dict.fromkeys(name_of(finding.metric) for finding in unusual))
    text = (
        f"What stands out ({names}) is nothing that a proven cue answers: keep filming once "
        "a month and see whether it stays."
    )
    return Reason(NOTHING_PROVEN, text)


def _nothing_stands_out(judged: Sequence[Finding]) -> Reason:
    settled = listed(_names(finding.metric for finding in judged if finding.settled))
    unsettled = [finding for finding in judged if not finding.settled]
    unseen = listed([name_of(m) for m in book().judged() if m not in {f.metric for f in judged}])
    not_judged = f" Not judged, because these films do not show it: {unseen}." if unseen else ""
    if unsettled or not settled:
        usual = f" Usual: {settled}." if settled else ""
        open_still = f" Not settled: {'; '.join(map(_unsettled, unsettled))}." if unsettled else ""
        text = (
            f"Nothing stands out clearly, but not all of it could be judged.{usual}{open_still}{not_judged} "
            "Film again, see what limits these clips, and look at it then."
        )
        return Reason("not-settled", text)
    text = (
        f"Nothing to change in what was judged: {settled}. It is what runners do at your speed.{not_judged} "
        "Keep filming once a month."
    )
    return Reason("nothing-to-change", text)


def _unsettled(finding: Finding) -> str:
    name = name_of(finding.metric)
    known = amount(finding.metric, 2 * finding.unsure, finding.unit, 1)
    if finding.outside:
        value = amount(finding.metric, finding.value, finding.unit, 1)
        return f"{name} is {value}, usual is {usual_text(finding)}, and it is known to ± {known}"
    if finding.trust < MIN_TRUST:
        return f"{name}, for which these films are not good enough"
    return f"{name} is known only to ± {known}"


def _names(metrics: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name_of(metric) for metric in metrics))
