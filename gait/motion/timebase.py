"""Playback time -> capture time: how fast the clip was really filmed.

A phone's slow motion is often stored as a plain 30 frames/s clip that says nothing about the 120 or
240 frames/s at which it was filmed. Every speed and every duration hangs on that factor, so it is not
believed but proven: for every factor that a camera could have, the run is looked at as it would be
then (:class:`Seen`), and held against what bodies can do. Steps come at a runner's rhythm, and in
flight everything falls at 9.81 m/s2. Where one factor alone fits, it is used; otherwise the user is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from gait.errors import BadRequest, UnknownCaptureRate

PLAUSIBLE_CADENCE_SPM = (125.0, 225.0)
"""Steps per minute outside of which nobody runs steadily.

The mean runner takes 161 to 183 at 2.5 to 4.5 m/s (Fukuchi 2017, doi 10.7717/peerj.3298); the
range is a judgement, wide enough for slow joggers and sprinters and narrower than a factor of two.
"""
FACTORS = (1.0, 2.0, 4.0, 5.0, 8.0, 10.0, 16.0, 20.0, 32.0)
PHONE_RATES_FPS = (24.0, 30.0, 60.0, 120.0, 240.0)
CAMERA_RATES_FPS = (90.0, 300.0, 480.0, 600.0, 960.0)
FIFTY_HERTZ_FPS = (25.0, 50.0, 100.0, 200.0, 250.0, 500.0)
"""Rates of cameras set to 50 Hz countries; their files play at 25 or 50."""
SAME_RATE = 0.015
"""Rates this close are one: 29.97 is 30."""
PHONE_PRIOR, CAMERA_PRIOR, ODD_PRIOR, TAG_PRIOR, FAST_FILE_PRIOR = 1.0, 0.4, 0.25, 50.0, 10.0
"""How often a clip is of this kind, by its capture rate: judgements, mild enough that physics decides."""
FAST_FILE_FPS = 90.0
"""A file that plays this fast or faster hardly ever holds slow motion."""

CADENCE_SPM, CADENCE_SD = 168.0, 0.09
"""Middle of runners' cadences and spread of its logarithm: holds 150 and 200 within two spreads."""
GRAVITY_M_S2 = 9.81
OTHER_PRIOR, FACTOR_RANGE = 0.15, 64.0
"""Weight of any factor between those above, spread evenly over the logarithm of this range."""
SURE = 0.95
MISFIT = 2.6
"""Spreads by which the best factor's own signs may be off before it is not believed either."""
POSSIBLE = 2.0
"""Spreads within which all signs of another factor must lie for it to stand against the best one."""
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

    @property
    def misfits(self) -> tuple[float, ...]:
        """By how many spreads each sign is off."""
        signs = (
            log(self.cadence_spm / self.usual_spm) / self.usual_sd,
            log(self.fall_m_s2 / GRAVITY_M_S2) / self.fall_sd if self.fall_m_s2 > 0 else 0.0,
            log(self.belt_share) / self.belt_sd if self.belt_share > 0 else 0.0,
        )
        return tuple(sign if isfinite(sign) else 0.0 for sign in signs)

    def __str__(self) -> str:
        parts = [f"{self.cadence_spm:.0f} steps/min"]
        if isfinite(self.fall_m_s2):
            parts.append(f"a fall of {self.fall_m_s2:.1f} m/s² in flight")
        if isfinite(self.belt_share):
            parts.append(f"a belt at {100 * self.belt_share:.0f} % of the speed you gave")
        return ", ".join(parts)


@dataclass(frozen=True)
class Candidate:
    """One factor, what the run is like at it, and how well that fits."""

    capture_fps: float
    seen: Seen
    share: float
    """Share of the evidence, 0 to 1."""
    tagged: bool
    """True if the phone's own tag says so."""

    @property
    def proven(self) -> bool:
        """True if it fits and nothing else does; a slowed clip needs gravity or a tag, not rhythm alone."""
        fits = self.share >= SURE and max(map(abs, self.seen.misfits)) <= MISFIT
        real_time = _same(self.seen.factor, 1.0)
        return fits and (isfinite(self.seen.fall_m_s2) or self.tagged or real_time)

    @property
    def possible(self) -> bool:
        """True if an uncommon rhythm and a bounce read as badly as happens could be like this."""
        return max(map(abs, self.seen.misfits)) <= POSSIBLE


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

    def capture_s(self, pts_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds of reality since the clip's first frame."""
        return np.asarray((pts_s - self.start_s) / self.slow_motion_factor)


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


def factors(stored_fps: float, tagged_fps: float | None, capture_fps: float | None) -> tuple[float, ...]:
    """List the factors a clip could have: usual ones, cameras' rates, the tag's and the user's."""
    rates = [fps for fps in (capture_fps, tagged_fps, stored_fps) if fps]
    cameras = [*PHONE_RATES_FPS, *CAMERA_RATES_FPS]
    if any(_same(stored_fps, fps) for fps in (25.0, 50.0)):
        cameras += FIFTY_HERTZ_FPS
    rates += [fps for fps in cameras if fps > stored_fps * (1 - SAME_RATE)]
    rates += [factor * stored_fps for factor in FACTORS]
    kept: list[float] = []
    for rate in rates:
        if not any(_same(rate, other) for other in kept):
            kept.append(rate)
    return tuple(sorted(rate / stored_fps for rate in kept))


def weigh(stored_fps: float, tagged_fps: float | None, seen: Sequence[Seen]) -> tuple[Candidate, ...]:
    """Share the evidence among the factors, the best first.

    Each sign is taken as log-normal around what bodies do. A factor that is none of those asked about
    takes the share of the best fit that any factor at all could have.
    """
    if not seen:
        return ()
    weights = [
        _prior(each.factor * stored_fps, stored_fps, tagged_fps)
        * exp(-0.5 * sum(m * m for m in each.misfits))
        for each in seen
    ]
    total = sum(weights) + _anything_else(seen[int(np.argmax(weights))])
    found = [
        Candidate(
            each.factor * stored_fps,
            each,
            weight / total if total else 0.0,
            tagged=bool(tagged_fps) and _same(each.factor * stored_fps, float(tagged_fps or 1)),
        )
        for each, weight in zip(seen, weights, strict=True)
    ]
    return tuple(sorted(found, key=lambda candidate: -candidate.share))


def plausible(cadence_spm: float) -> bool:
    """True for a cadence at which people run."""
    low, high = PLAUSIBLE_CADENCE_SPM
    return low <= cadence_spm <= high


def decide(candidates: Sequence[Candidate], slowest: Seen, start_s: float, name: str) -> TimeBase:
    """Take the one factor that fits, if no other could; between two, only the phone's own tag decides.

    Parameters
    ----------
    slowest
        The run if the clip plays at real speed, for the proof.
    name
        The clip's name, for the message.

    Raises
    ------
    UnknownCaptureRate
        If none fits, or more than one.
    """
    best = candidates[0] if candidates else None
    rivals = [candidate for candidate in candidates[1:] if candidate.possible]
    if best is None or not best.proven or (rivals and not best.tagged):
        raise UnknownCaptureRate(_question(candidates, slowest, name), _rates(candidates))
    return TimeBase(
        best.capture_fps, best.seen.factor, best.share, _proof(best, slowest), given=False, start_s=start_s
    )


def given(candidates: Sequence[Candidate], capture_fps: float, stored_fps: float, start_s: float) -> TimeBase:
    """Take the rate that the user gave, and say so if the physics disagrees strongly."""
    said = f"you gave {capture_fps:g} frames/s"
    own = next((c for c in candidates if _same(c.capture_fps, capture_fps)), None)
    share = own.share if own else 0.0
    evidence = (said, f"the run then has {own.seen}") if own else (said,)
    against = None
    if share < CONTRADICTION:
        best = candidates[0] if candidates else None
        against = f"at {capture_fps:g} frames/s the run would have {own.seen}" if own else f"{said}"
        if best is not None and best is not own:
            against += f"; at {best.capture_fps:.4g} it has {best.seen}"
        evidence = (*evidence, against)
    return TimeBase(capture_fps, capture_fps / stored_fps, share, evidence, True, start_s, against)


def _same(fps: float, other_fps: float) -> bool:
    return abs(log(fps / other_fps)) <= SAME_RATE


def _prior(capture_fps: float, stored_fps: float, tagged_fps: float | None) -> float:
    if tagged_fps and _same(capture_fps, tagged_fps):
        return TAG_PRIOR
    if stored_fps >= FAST_FILE_FPS and _same(capture_fps, stored_fps):
        return FAST_FILE_PRIOR
    usual = (*PHONE_RATES_FPS, stored_fps)
    if any(_same(capture_fps, fps) for fps in usual):
        return PHONE_PRIOR
    rarer = (*CAMERA_RATES_FPS, *FIFTY_HERTZ_FPS)
    return CAMERA_PRIOR if any(_same(capture_fps, fps) for fps in rarer) else ODD_PRIOR


def _anything_else(best: Seen) -> float:
    """Evidence for a factor between those asked about, at the one where the signs fit best together."""
    grows = (1.0, 2.0, 1.0)
    spreads = (best.usual_sd, best.fall_sd, best.belt_sd)
    pulls = [
        (misfit, grow / spread)
        for misfit, grow, spread in zip(best.misfits, grows, spreads, strict=True)
        if isfinite(spread)
    ]
    precision = sum(pull * pull for _, pull in pulls)
    shift = -sum(misfit * pull for misfit, pull in pulls) / precision
    left = sum((misfit + shift * pull) ** 2 for misfit, pull in pulls)
    return OTHER_PRIOR * exp(-0.5 * left) * sqrt(2 * pi / precision) / log(FACTOR_RANGE)


def _proof(best: Candidate, slowest: Seen) -> tuple[str, ...]:
    if _same(best.seen.factor, 1.0):
        return (
            f"as the file plays, at {best.capture_fps:.4g} frames/s, the run has {best.seen}, as runs do",
        )
    return (
        f"it plays {best.seen.factor:.3g} times slower than life: filmed at {best.capture_fps:.4g} frames/s, "
        f"the run has {best.seen}",
        f"as the file plays it would have {slowest}, as nobody runs",
    )


def _worth_asking(candidate: Candidate) -> bool:
    return candidate.possible or candidate.share > CONTRADICTION


def _rates(candidates: Sequence[Candidate]) -> tuple[float, ...]:
    return tuple(c.capture_fps for c in candidates if _worth_asking(c))


def _question(candidates: Sequence[Candidate], slowest: Seen, name: str) -> str:
    likely = [c for c in candidates if _worth_asking(c)][:4]
    hint = "; ".join(f"{c.capture_fps:.4g} would make it {c.seen}" for c in likely)
    return (
        f"How fast {name} was filmed cannot be told for sure: as the file plays, the runner makes "
        f"{slowest.cadence_spm:.0f} steps/min. Give the frames per second from the camera's setting: "
        f"{hint or 'such as 240'}."
    )
