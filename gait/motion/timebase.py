"""Playback time -> capture time: how fast the clip was really filmed.

A phone's slow motion is often stored as a plain 30 frames/s clip that says nothing about the 120 or
240 frames/s at which it was filmed, and an editor can play it at any speed. Every speed and every duration
hangs on that factor, so it is not believed but proven. What the run is like (:class:`Seen`) gives the factor
as a number with a spread: steps come at a runner's rhythm, in flight everything falls at 9.81 m/s2, the belt
goes as fast as its display says. A rate that the file can have (:mod:`gait.motion.rates`) is taken if it
agrees with that number and no other does; otherwise the user is asked, and the estimate is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, isfinite, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from gait.errors import BadRequest, UnknownCaptureRate
from gait.motion.rates import PHONES_WANDER, Kind, Rate, Stored, round_sensibly, same, worth_naming

CADENCE_SPM, CADENCE_SD = 168.0, 0.09
"""Middle of runners' cadences and spread of its logarithm: holds 150 and 200 within two spreads.

The mean runner takes 161 to 183 at 2.5 to 4.5 m/s, with a spread of 6 to 7 % at one speed (Fukuchi 2017, doi
10.7717/peerj.3298).
"""
GRAVITY_M_S2 = 9.81
OTHER_PRIOR, FACTOR_RANGE = 0.15, 64.0
"""Weight of any factor between those listed, spread evenly over the logarithm of this range."""
PICKED_PRIOR = 0.5
"""The same where pictures are picked or repeated, as editors do."""
SURE = 0.95
MISFIT = 2.6
"""Spreads by which one sign of the best factor may be off before it is not believed either."""
TOO_FAR, SLOW_TOO_FAR = 2.5, 1.4
"""Spreads by which real time, and slow motion, may be off the estimate before it is not believed either.

For slow motion chosen on 16 runners of the study set, none of them bundled (``studies.rates_between``):
of 656 factors between the usual ones 81 are taken for a usual one at 2.0, 21 of them off by more than 6
%; at 1.4 it is 65 and 12, and 2 of 32 true 4 and 8 are asked about. Below that questions grow faster than
errors shrink.
"""
REAL_TIME_SURE = 1.82
"""Spreads off the estimate beyond which real time, though taken, is not sure.

Two real treadmill films that play in real time lie 1.7 and 1.8 off (treadmill_home and treadmill_low_60 of
docs/real_film.md), runner B slowed 1.12 times 1.85, and 30 pictures a second played at 25, which nothing in
the file betrays, 3.6 further; a judgement between them, and they nearly touch."""
RIVAL = 1.4
"""Spreads off the estimate within which a rare camera's rate still stands against a common one."""
DISAGREE = 3.0
"""Spreads by which rhythm, gravity and belt may want different factors before this is no run at any."""
CONTRADICTION = 0.02
"""Share of the evidence below which a rate that the user gave is called into question."""


@dataclass(frozen=True)
class Seen:
    """What the run is like if the clip was filmed at one factor."""

    factor: float
    cadence_spm: float
    fall_m_s2: float
    """Acceleration of the body in flight; NaN if it cannot be read."""
    fall_sd: float
    """Spread of its logarithm, the unknown size of the body included."""
    belt_share: float = float("nan")
    """Speed of the planted foot over that of the belt as given; NaN without."""
    belt_sd: float = float("nan")
    usual_spm: float = CADENCE_SPM
    usual_sd: float = CADENCE_SD
    """Cadence to expect and the spread of its logarithm."""

    def at(self, factor: float) -> "Seen":
        """The same run, filmed at another factor."""
        faster = factor / self.factor
        return replace(
            self,
            factor=factor,
            cadence_spm=self.cadence_spm * faster,
            fall_m_s2=self.fall_m_s2 * faster**2,
            belt_share=self.belt_share * faster,
        )

    @property
    def misfits(self) -> tuple[float, ...]:
        """By how many spreads each sign that can be read is off."""
        return tuple(misfit for misfit, _ in self._signs())

    @property
    def sd(self) -> float:
        """Spread of the logarithm of the factor that all signs together give."""
        return 1 / sqrt(sum(pull * pull for _, pull in self._signs()))

    @property
    def off(self) -> float:
        """By how many spreads this factor is above the one that all signs together give."""
        return self.sd * sum(misfit * pull for misfit, pull in self._signs())

    @property
    def disagreement(self) -> float:
        """By how many spreads the signs want different factors; 0 if they agree or there is only one."""
        together = sum(misfit * misfit for misfit in self.misfits) - self.off**2
        free = len(self.misfits) - 1
        return sqrt(max(0.0, together) / free) if free else 0.0

    @property
    def best_factor(self) -> float:
        """The factor that all signs together give."""
        return self.factor * exp(-self.off * self.sd)

    def _signs(self) -> list[tuple[float, float]]:
        """Misfit of each sign that can be read, and how much it grows with the logarithm of the factor."""
        signs = [(self.cadence_spm / self.usual_spm, self.usual_sd, 1.0)]
        signs.append((self.fall_m_s2 / GRAVITY_M_S2, self.fall_sd, 2.0))
        signs.append((self.belt_share, self.belt_sd, 1.0))
        return [(log(ratio) / sd, grows / sd) for ratio, sd, grows in signs if isfinite(ratio) and ratio > 0]

    def __str__(self) -> str:
        parts = [f"{self.cadence_spm:.0f} steps/min"]
        if isfinite(self.fall_m_s2):
            parts.append(f"a fall of {self.fall_m_s2:.1f} m/s² in flight")
        if isfinite(self.belt_share):
            parts.append(f"a belt at {100 * self.belt_share:.0f} % of the speed you gave")
        return ", ".join(parts)


@dataclass(frozen=True)
class Candidate:
    """One rate that the file can have, what the run is like at it, and how well that fits."""

    rate: Rate
    seen: Seen
    share: float
    """Share of the evidence, 0 to 1."""

    @property
    def capture_fps(self) -> float:
        """Pictures a second of reality."""
        return self.rate.fps

    @property
    def tagged(self) -> bool:
        """True if the phone's own tag says so."""
        return self.rate.kind is Kind.TAGGED

    @property
    def proven(self) -> bool:
        """True if it fits and nothing else does; a slowed clip needs gravity or a tag, not rhythm alone."""
        real_time = same(self.seen.factor, 1.0)
        too_far = TOO_FAR if real_time or self.tagged else SLOW_TOO_FAR
        fits = max(map(abs, self.seen.misfits)) <= MISFIT and abs(self.seen.off) <= too_far
        shown = isfinite(self.seen.fall_m_s2) or self.tagged or real_time
        return self.share >= SURE and fits and shown

    @property
    def stands_against(self) -> bool:
        """True if a camera has this rate and the run could well be like this."""
        return self.rate.kind.value >= Kind.RARE.value and abs(self.seen.off) <= RIVAL


@dataclass(frozen=True)
class TimeBase:
    """How playback time maps to capture time, and why we believe it."""

    capture_fps: float
    slow_motion_factor: float
    """Playback seconds per second of reality: 8 for 240 frames/s stored as 30."""
    confidence: float
    """Share of the evidence for this factor, 0 to 1."""
    evidence: tuple[str, ...]
    given: bool
    """True when the user named the capture rate."""
    start_s: float = 0.0
    """Presentation time of the clip's first frame."""
    contradiction: str | None = None
    """What speaks against the rate that the user named."""
    factor_sd: float = 0.0
    """Spread of the logarithm of the factor that is left open: every speed and duration shares it.

    0 where the file or the user says the rate; where only the run says it, as far as the run may differ from
    the rate that was taken."""
    assumed: bool = False
    """True if the file is taken to play in real time without a proof."""

    @property
    def unsaid(self) -> bool:
        """True if the rate is the usual one nearest to what the run says, and nothing makes it sure."""
        return self.factor_sd > 0 and not self.assumed

    @property
    def real_time(self) -> bool:
        """True if it plays as fast as life."""
        return same(self.slow_motion_factor, 1.0)

    def capture_s(self, pts_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds of reality since the clip's first frame."""
        return np.asarray((pts_s - self.start_s) / self.slow_motion_factor)


def untested(stored_fps: float, start_s: float, factor: float = 1.0) -> TimeBase:
    """A factor that nothing speaks for yet: to look at the run with it."""
    return TimeBase(factor * stored_fps, factor, 0.0, (), given=False, start_s=start_s, assumed=True)


def require_rate(capture_fps: float | None) -> None:
    """Refuse a rate at which no camera films.

    Raises
    ------
    BadRequest
        If it is not between 10 and 2000 frames/s.
    """
    if capture_fps is not None and not 10 <= capture_fps <= 2000:
        raise BadRequest(
            f"A capture rate of {capture_fps:g} frames/s is not one a camera has: "
            "give the number from the camera's settings, such as 240."
        )


def weigh(stored: Stored, rates: Sequence[Rate], seen: Seen) -> tuple[Candidate, ...]:
    """Share the evidence among the rates, the best first.

    Each sign is taken as log-normal around what bodies do. A factor that is none of those listed takes the
    share of the best fit that any factor at all could have.
    """
    looks = [seen.at(rate.fps / stored.fps) for rate in rates]
    weights = [rate.kind.value * exp(-0.5 * look.off**2) for rate, look in zip(rates, looks, strict=True)]
    prior = OTHER_PRIOR if stored.sampling.even else PICKED_PRIOR
    total = sum(weights) + prior * sqrt(2 * pi) * seen.sd / log(FACTOR_RANGE)
    found = [
        Candidate(rate, look, weight / total)
        for rate, look, weight in zip(rates, looks, weights, strict=True)
    ]
    return tuple(sorted(found, key=lambda candidate: -candidate.share))


def decide(
    candidates: Sequence[Candidate], stored: Stored, seen: Seen, start_s: float, name: str
) -> TimeBase:
    """Take the one rate that agrees with the run, if no other could be it.

    Where nothing but the file's own rate could be the answer, nothing is asked: it is taken, unproven.

    Parameters
    ----------
    seen
        The run at any factor.
    name
        The clip's name, for the message.

    Raises
    ------
    UnknownCaptureRate
        If none agrees, or more than one.
    """
    best = candidates[0] if candidates else None
    rivals = [candidate for candidate in candidates[1:] if candidate.stands_against]
    if best is None or not best.proven or (rivals and not best.tagged):
        question = _question(stored, seen, name)
        if question.rates_fps and all(same(fps, stored.fps, PHONES_WANDER) for fps in question.rates_fps):
            return as_it_plays(stored.fps, seen, start_s)
        raise question
    left_open = _left_open(best, stored)
    return TimeBase(
        best.capture_fps,
        best.seen.factor,
        best.share,
        _proof(best, seen.at(1.0), sure=left_open == 0),
        given=False,
        start_s=start_s,
        factor_sd=left_open,
    )


def given(candidates: Sequence[Candidate], capture_fps: float, stored_fps: float, start_s: float) -> TimeBase:
    """Take the rate that the user gave, and say so if the physics disagrees strongly."""
    said = f"you gave {capture_fps:g} frames/s"
    own = next((c for c in candidates if same(c.capture_fps, capture_fps)), None)
    share = own.share if own else 0.0
    evidence = (said, f"the run then has {own.seen}") if own else (said,)
    against = None
    if own and share < CONTRADICTION and abs(own.seen.off) > MISFIT:
        against = (
            f"at {capture_fps:g} frames/s the run would have {own.seen}; {_rather(candidates, stored_fps)}"
        )
        evidence = (*evidence, against)
    return TimeBase(capture_fps, capture_fps / stored_fps, share, evidence, True, start_s, against)


def as_it_plays(stored_fps: float, seen: Seen, start_s: float) -> TimeBase:
    """Take the file's own rate without a proof: what hangs on it is an estimate, and said to be one."""
    run = seen.at(1.0)
    evidence = (f"as the file plays, at {stored_fps:.4g} frames/s, the run has {run}; that proves nothing",)
    return TimeBase(
        stored_fps, 1.0, 0.0, evidence, given=False, start_s=start_s, factor_sd=seen.sd, assumed=True
    )


def _rather(candidates: Sequence[Candidate], stored_fps: float) -> str:
    """What the run itself says: the best rate that agrees with it, else the estimate."""
    best = candidates[0]
    if abs(best.seen.off) <= MISFIT:
        return f"at {best.capture_fps:.4g} it has {best.seen}"
    factor = best.seen.best_factor
    return f"at {round_sensibly(factor * stored_fps):.4g} it has {best.seen.at(factor)}"


def _left_open(best: Candidate, stored: Stored) -> float:
    """Spread of the logarithm of the factor around the best one, as far as the run alone tells it."""
    real_time = same(best.seen.factor, 1.0) and abs(best.seen.off) <= REAL_TIME_SURE
    sure = best.tagged or (real_time and stored.sampling.as_taken)
    return 0.0 if sure else best.seen.sd * sqrt(1 + best.seen.off**2)


def _proof(best: Candidate, slowest: Seen, *, sure: bool) -> tuple[str, ...]:
    if same(best.seen.factor, 1.0):
        plays = f"as the file plays, at {best.capture_fps:.4g} frames/s, the run has {best.seen}, as runs do"
        return (plays,) if sure else (plays, _not_quite(best))
    slow = (
        f"it plays {best.seen.factor:.3g} times slower than life: filmed at {best.capture_fps:.4g} frames/s, "
        f"the run has {best.seen}",
        f"as the file plays it would have {slowest}, as nobody runs",
    )
    return slow if best.tagged else (*slow, _on_its_own(best))


def _not_quite(best: Candidate) -> str:
    """What the run says of a film that seems to play in real time."""
    percent = 100 * exp(best.seen.off * best.seen.sd)
    return (
        f"that it plays in real time is likely and not sure: the run itself says {percent:.0f} % of life's "
        f"speed, ± {100 * best.seen.sd:.0f} %; if an editor changed it, give the rate"
    )


def _on_its_own(best: Candidate) -> str:
    """What the run says where the file says nothing: the usual rate was taken, and could be wrong."""
    estimate_fps = best.capture_fps * exp(-best.seen.off * best.seen.sd)
    return (
        f"the file does not say so: {best.capture_fps:.4g} is the usual rate nearest to what the run itself "
        f"says, {estimate_fps:.3g} ± {100 * best.seen.sd:.0f} %; if the camera or an editor was set to "
        "another speed, give that rate"
    )


def _question(stored: Stored, seen: Seen, name: str) -> UnknownCaptureRate:
    estimate_fps = seen.best_factor * stored.fps
    named = worth_naming(stored, estimate_fps, seen.sd)
    hint = "; ".join(f"{fps:.4g} would make it {seen.at(fps / stored.fps)}" for fps in named[:3])
    edited = "" if stored.sampling.even else " Its pictures are unevenly spread, as an editor leaves them."
    return UnknownCaptureRate(
        f"How fast {name} was filmed cannot be told for sure: as the file plays, the runner makes "
        f"{seen.at(1.0).cadence_spm:.0f} steps/min, and the run itself says about "
        f"{round_sensibly(estimate_fps):.4g} frames per second, ± {100 * seen.sd:.0f} %.{edited} Give the "
        f"frames per second from the camera's setting, or of what was played slower: {hint}.",
        named,
    )
