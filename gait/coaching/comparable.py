"""What makes two assessments comparable, as a whole and metric by metric, and what to keep in mind."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.body import Side
from gait.coaching.conditions import Assessed, Conditions, Filming
from gait.coaching.norms import norms
from gait.coaching.scatter import Row, table
from gait.errors import Reason
from gait.metrics.catalogue import CATALOGUE, Trait
from gait.metrics.measurement import Measurement
from gait.motion.rates import same

ROUNDING = 1e-9
OTHER_METHOD = Reason(
    "other-method",
    "these were read by two versions of this program: let it read the older clips again, which takes seconds "
    "where it still has them",
)
INCLINE = Reason(
    "other-incline",
    "the belt rose by another incline: film again with the same one",
    "incline_pct",
)
OTHER_SHOES = Reason("other-shoes", "The shoes were not the same, and shoes change how people land.", "shoes")
NOT_SETTLED = Reason(
    "not-settled",
    "One of them was filmed within the first six minutes of running; people need six to eight minutes to "
    "settle on a treadmill.",
    "minutes_run_before",
)
FIRST_TIME = Reason(
    "first-time", "One of them was the first time on a treadmill, which nobody runs as usual."
)
ONE_SPEED_GIVEN = Reason(
    "one-speed-given",
    "The speed was given for one of them only: the ranges are wider for that.",
    "speed_kmh",
)


TOO_FEW = Reason("too-few-steps", "fewer than 7 steps of it were seen in one of the films")
RATES_APART = Reason(
    "rates-apart",
    "times from 30 pictures a second do not compare with times from slow motion: film in slow motion",
    "capture_fps",
)
RATE_UNSAID = Reason(
    "rate-unsaid",
    "how fast one of them was filmed is only told by the run, and the other was filmed at another rate: say "
    "the camera's rate",
    "capture_fps",
)
OTHER_VIEW = Reason(
    "other-view", "it was filmed from another side: put the phone where it stood before", "near"
)
SPEED_UNKNOWN = Reason("speed-unknown", "the speed of one of them is not known", "speed_kmh")


@dataclass(frozen=True)
class Pair:
    """Two assessments of one runner."""

    before: Assessed
    after: Assessed

    @property
    def speed_off_m_s(self) -> float:
        """Speed of after less that of before; 0 on the same day, NaN if unknown."""
        if self.before is self.after:
            return 0.0
        return self.after.conditions.speed_m_s - self.before.conditions.speed_m_s

    @property
    def speed_sd_m_s(self) -> float:
        """What the difference of the speeds is uncertain by.

        A belt's display errs alike both times, and so does the length of the legs where both speeds were
        seen; one given and one seen share nothing.
        """
        one, other = self.before.conditions, self.after.conditions
        if self.before is self.after or (one.speed_given and other.speed_given):
            return 0.0
        if one.speed_given is other.speed_given:
            return float(np.sqrt(2)) * table().gate.speed_share * (one.speed_m_s + other.speed_m_s) / 2
        return float(np.hypot(one.speed_sd_m_s, other.speed_sd_m_s))

    @property
    def speeds_differ(self) -> bool:
        """True if the speeds are farther apart than what counts as the same."""
        return bool(abs(self.speed_off_m_s) > table().gate.speed_same_m_s + ROUNDING)


def apart(before: Conditions, after: Conditions) -> tuple[Reason, ...]:
    """Why two assessments cannot be compared at all; empty if they can."""
    gate = table().gate
    return tuple(
        reason
        for differs, reason in (
            (_differ(before.method, after.method), OTHER_METHOD),
            (_differ(before.surface, after.surface), _surfaces(before, after)),
            (abs(after.incline_pct - before.incline_pct) > gate.incline_pct, INCLINE),
            (
                abs(after.speed_m_s - before.speed_m_s) > gate.speed_corrected_m_s + ROUNDING,
                _speeds(before, after),
            ),
        )
        if differs
    )


def warnings(before: Conditions, after: Conditions, *, same_day: bool) -> tuple[Reason, ...]:
    """What to keep in mind of a comparison that stands."""
    both, gate = (before, after), table().gate
    unsettled = not same_day and any(each.minutes_run_before < gate.settled_minutes for each in both)
    mixed = before.speed_given is not after.speed_given
    return tuple(
        reason
        for applies, reason in (
            (_differ(before.shoes, after.shoes), OTHER_SHOES),
            (unsettled, NOT_SETTLED),
            (any(each.first_time_on_treadmill for each in both), FIRST_TIME),
            (mixed and np.isfinite(before.speed_m_s + after.speed_m_s), ONE_SPEED_GIVEN),
        )
        if applies
    )


def _surfaces(before: Conditions, after: Conditions) -> Reason:
    text = f"one was filmed on {before.surface}, the other on {after.surface}: film on {before.surface} again"
    return Reason("other-surface", text, "surface")


def _speeds(before: Conditions, after: Conditions) -> Reason:
    was, now = 3.6 * before.speed_m_s, 3.6 * after.speed_m_s
    text = f"the speeds are too far apart ({was:.1f} and {now:.1f} km/h): film again at {was:.1f} km/h"
    return Reason("other-speed", text, "speed_kmh")


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one.strip().casefold() != other.strip().casefold()


def alike(
    row: Row, was: Sequence[Measurement], now: Sequence[Measurement], pair: Pair
) -> tuple[Measurement, ...]:
    """The surest two numbers that views show alike; empty if there are none."""
    both = [(one, other) for one in was for other in now if _same_view(row, one, other, pair)]
    return min(
        both,
        key=lambda two: (not (two[0].enough and two[1].enough), two[0].uncertainty + two[1].uncertainty),
        default=(),
    )


def _same_view(row: Row, was: Measurement, now: Measurement, pair: Pair) -> bool:
    one, other = pair.before.conditions.filming(was.clip), pair.after.conditions.filming(now.clip)
    return row.shown_by == "any" or one is None or other is None or one.view is other.view


def why_not(row: Row, side: Side | None, found: Sequence[Measurement], pair: Pair) -> Reason | None:
    """Why a metric cannot be compared; None if it can."""
    if not found:
        return _not_found(row, side, pair)
    was, now = found
    if not (was.enough and now.enough):
        return TOO_FEW
    if Trait.RATE in CATALOGUE[row.metric].traits and _rate_unsaid(was, now, pair):
        return RATE_UNSAID
    if row.is_time and _rates_apart(was, now, pair):
        return RATES_APART
    return _speeds_apart(row, pair)


def _not_found(row: Row, side: Side | None, pair: Pair) -> Reason:
    was, now = (each.numbers(row.metric, side) for each in (pair.before, pair.after))
    if was and now:
        return OTHER_VIEW
    missing, when = (pair.after, "now") if was else (pair.before, "before")
    if side is not None and missing.numbers(row.metric, side.other):
        return Reason(
            "other-side", f"{when} only the {side.other} side was filmed: film from the {side} again", "near"
        )
    why = missing.why_missing(row.metric, side)
    return Reason("missing", f"there is no number {when}{f': {why}' if why else ''}")


def _rate_unsaid(was: Measurement, now: Measurement, pair: Pair) -> bool:
    """True if a rate that only the run tells meets another one; twice the same one errs alike."""
    films = _filmed(was, now, pair)
    return any(film.rate_sd > 0 for film in films) and not same(films[0].capture_fps, films[-1].capture_fps)


def _rates_apart(was: Measurement, now: Measurement, pair: Pair) -> bool:
    rates = sorted(film.capture_fps for film in _filmed(was, now, pair))
    gate = table().gate
    return len(rates) == 2 and rates[0] < gate.slow_fps and rates[1] >= gate.fast_fps


def _filmed(was: Measurement, now: Measurement, pair: Pair) -> tuple[Filming, ...]:
    both = pair.before.conditions.filming(was.clip), pair.after.conditions.filming(now.clip)
    return tuple(film for film in both if film is not None)


def _speeds_apart(row: Row, pair: Pair) -> Reason | None:
    """Why the speeds stand in the way of a metric; None if they do not, or its norm can mend it."""
    norm = norms().get(row.metric)
    if norm is not None and norm.any_speed:
        return None
    off = abs(pair.speed_off_m_s)
    if np.isnan(off):
        return SPEED_UNKNOWN
    if pair.speeds_differ and norm is None:
        return Reason(
            "other-speed",
            f"the speeds differ by {3.6 * off:.1f} km/h, and what that does to it is not known",
            "speed_kmh",
        )
    return None
