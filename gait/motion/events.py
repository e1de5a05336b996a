"""When each foot lands and leaves, seen from the side.

No single sign of a touchdown is right: each is early or late by an amount of its own (its *bias*),
nearly the same for all runners. So several signs are read, each is corrected by its bias, those that
disagree with the middle are left out, and what disagreement remains becomes the uncertainty. Each
counts by its scatter (``sd_s``), as seen in pictures of the study's fit bodies.

The biases were measured at a 15 Hz low-pass against force plates (Fukuchi 2017, doi
10.7717/peerj.3298, runners RBDS001 and RBDS0041 at 2.5 m/s; the FootNet sample of Rivadulla 2021, doi
10.1371/journal.pone.0248608, at 4.7 m/s) and on rendered runners with real motion.

The ankle's farthest point ahead of the hips only says where to look: it comes 24 to 34 ms early in
those recordings, but 63 to 71 ms early in runners who pull the leg back harder before they land.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import signal

from gait.body import LIMBS, Side
from gait.motion.angles import knee_flexion_deg
from gait.motion.contact import MIN_STEPS, Contact, contact_range_s
from gait.motion.signals import RATE_HZ, FloatArray, Motion
from gait.pose.period import peak_between_samples

AGREE_S = 0.035
"""Signs farther than this from the median of all are left out: 2.5 times the joint scatter of two."""
MIN_SIGNS = 2
SHORTEST_STEP = 0.3
"""Time between two touchdowns as a share of the stride, 0.5 in an even gait, that can be two steps."""


@dataclass(frozen=True)
class Sign:
    """One sign of an event: by how much it comes late, and how far it scatters."""

    late_s: float
    sd_s: float
    source: str


KNEE = Sign(
    -0.019,
    0.009,
    "knee straightest: 18 real runners by the angles of their legs -16 ms (from -23 to +10), RBDS001's "
    "markers -23 ms; in pictures of the same motion 0 to 5 ms later",
)
HEEL_SPEED = Sign(
    0.013, 0.011, "80 % of belt speed: 18 real runners +15 +- 11 ms, RBDS001 +9, rendered forms +16 ms"
)
TOE_SPEED = Sign(0.014, 0.011, "the same: +16, +12, +16 ms")
ANKLE_SPEED = Sign(0.018, 0.011, "the same: +20, +16, +21 ms")
HEEL_DOWN = Sign(
    -0.008,
    0.016,
    "heel within 1 % of the leg of the ground: computed for a heel that comes down at 0.8 to 1.5 m/s "
    "and stops dead, seen through the low-pass, -11 to -4 ms",
)
TOE_DOWN = Sign(0.012, 0.016, "toe within 1 % of the leg of the ground: RBDS001 +8 to +17 ms")
KNEE_OFF = Sign(
    0.002,
    0.008,
    "knee straightest: force plates -2 to +14 ms on markers, pictures of rendered bodies -13 to +2 ms",
)
ANKLE_UP = Sign(
    -0.014,
    0.016,
    "ankle 10 % of the leg above its height over the flat foot: RBDS001 -4 ms, rendered fit bodies "
    "-30 to +14 ms",
)
HEEL_RELEASE = Sign(
    -0.042, 0.022, "heel slower than 70 % of the belt: RBDS001 -50 ms, rendered fit bodies -47 to -7 ms"
)
KNEE_RISE = Sign(-0.043, 0.017, "knee rises fastest: RBDS001 -39 ms, rendered fit bodies -49 to -31 ms")
"""The tip of the shoe is no sign of toe-off: rolled over and hanging down, it stays within 2 % of the leg
of the ground for 35 to 75 ms more on rendered runners."""

ON_GROUND_LEGS = 0.01
UNSETTLED_S = 0.2
"""Start of a clip in which no landing is read if there are enough others: which leg is which, and the
smoothing, have no past there. The six landings in it on rendered clips were within 11 ms all the same."""
ANKLE_UP_LEGS = 0.10
BELT_SPEED_REACHED, BELT_SPEED_LEFT = 0.8, 0.7
"""Shares of the belt's speed. At 90 % the moment scatters by 14 ms between real runners, at 80 % by 11, at
60 % by 8; but legs that are pulled back before they land reach a low share long before it."""

# Where to look, as fractions of the stride after the ankle is farthest ahead.
FLAT_FOOT = (0.13, 0.24)
NEAR_TOUCHDOWN = (-0.13, 0.17)
SPEED_MATCH = (0.0, 0.18)
LANDING = (-0.04, 0.21)
NEAR_TOE_OFF = (0.21, 0.62)
BEFORE_TOE_OFF = (0.25, 0.6)


@dataclass(frozen=True)
class Event:
    """A moment and its standard deviation; NaN when it could not be found."""

    time_s: float
    sd_s: float


@dataclass(frozen=True, eq=False)
class _Leg:
    """The signals of one leg that show when its foot is on the ground."""

    motion: Motion
    side: Side
    stride_s: float

    @cached_property
    def reach(self) -> FloatArray:
        """(N,) ankle ahead of the middle of the hips."""
        ankle = self.motion.xy[:, LIMBS[self.side].ankle, 0]
        return np.asarray(ankle - self.motion.mid_hip[:, 0])

    @cached_property
    def knee_deg(self) -> FloatArray:
        """(N,) knee flexion."""
        return knee_flexion_deg(self.motion, self.side)

    @cached_property
    def foot(self) -> FloatArray:
        """(N, 3, 2) heel, toe and ankle."""
        limbs = LIMBS[self.side]
        return np.asarray(self.motion.xy[:, [limbs.heel, limbs.toe, limbs.ankle]])

    @cached_property
    def backward(self) -> FloatArray:
        """(N, 3) backward speed of heel, toe and ankle in leg lengths per second."""
        return -self.motion.rate_of(self.foot[:, :, 0])

    @cached_property
    def farthest_ahead_s(self) -> list[float]:
        """Times at which the ankle is farthest ahead: once a stride, shortly before touchdown."""
        reach = np.where(np.isfinite(self.reach), self.reach, -np.inf)
        peaks, _ = signal.find_peaks(
            reach,
            distance=max(1, round(0.7 * self.stride_s * RATE_HZ)),
            prominence=0.3 * float(np.nanstd(self.reach)),
        )
        return [peak_between_samples(reach, int(peak)) / RATE_HZ for peak in peaks]

    @cached_property
    def flat(self) -> list[slice]:
        """For each stride, the samples in which the foot is flat on the ground."""
        return [self.window(ahead_s, FLAT_FOOT) for ahead_s in self.farthest_ahead_s]

    @cached_property
    def above_ground(self) -> FloatArray:
        """(N, 3) height of heel, toe and ankle above their height in the flat foot, over the whole clip."""
        levels = [np.median(self.foot[w, :, 1], axis=0) for w in self.flat if w.stop > w.start]
        ground = np.nanmedian(levels, axis=0) if levels else np.full(3, np.nan)
        return np.asarray(self.foot[:, :, 1] - ground)

    @cached_property
    def knee_rise(self) -> FloatArray:
        """(N,) upward speed of the knee in leg lengths per second."""
        return self.motion.rate_of(self.motion.xy[:, LIMBS[self.side].knee, 1])

    def window(self, ahead_s: float, fractions: tuple[float, float]) -> slice:
        """Samples between two fractions of the stride after ``ahead_s``; empty if not all in the clip."""
        start, stop = (round((ahead_s + f * self.stride_s) * RATE_HZ) for f in fractions)
        inside = start >= 0 and stop < len(self.motion.time_s)
        return slice(start, stop) if inside else slice(0, 0)

    def straightest_s(self, window: slice) -> float:
        """Time at which the knee is straightest within a window, if that is a turning point."""
        return _peak_s(-self.knee_deg, window)


def contacts(motion: Motion, stride_s: float) -> tuple[Contact, ...]:
    """Find every ground contact of both feet in a view from the side, in the order of touchdown.

    From behind and in front none is found: the signs above need the side view, and
    :func:`gait.motion.pelvis.landings` has its own.
    """
    if not motion.viewpoint.view.sagittal:
        return ()
    legs = [_Leg(motion, side, stride_s) for side in Side]
    found = [_contact(leg, ahead_s) for leg in legs for ahead_s in leg.farthest_ahead_s]
    in_order = sorted(filter(None, found), key=lambda contact: contact.touchdown_s)
    settled = [contact for contact in in_order if contact.touchdown_s > UNSETTLED_S]
    enough = len(settled) >= MIN_STEPS
    kept = _one_foot_at_a_time(settled if enough else in_order, SHORTEST_STEP * stride_s)
    return tuple(_later(contact, float(motion.time_s[0])) for contact in kept)


def signs_of_touchdown(
    motion: Motion, side: Side, stride_s: float
) -> tuple[tuple[tuple[float, Sign], ...], ...]:
    """For each step of one foot what each sign says, its bias still in it; NaN where it says nothing.

    Times are seconds from the motion's start.
    """
    leg = _Leg(motion, side, stride_s)
    return tuple(_signs_of_touchdown(leg, ahead_s) for ahead_s in leg.farthest_ahead_s)


def has_flight(found: Sequence[Contact], stride_s: float) -> bool:
    """True unless a foot is on the ground for half of the stride or longer: then nobody runs."""
    durations_s = [contact.duration_s for contact in found if np.isfinite(contact.duration_s)]
    return not durations_s or float(np.median(durations_s)) < stride_s / 2


def belt_speed_legs_s(motion: Motion, side: Side, stride_s: float) -> FloatArray:
    """(strides,) speed of the flat foot against the body's travel, in leg lengths per second.

    On a treadmill this is the belt's speed; over ground with a camera at rest, the runner's.
    """
    leg = _Leg(motion, side, stride_s)
    hip = motion.mid_hip[:, 0]
    seen = np.flatnonzero(np.isfinite(hip))
    travel = (hip[seen[-1]] - hip[seen[0]]) / ((seen[-1] - seen[0]) / RATE_HZ)
    return np.array([np.median(leg.backward[w]) + travel for w in leg.flat if w.stop > w.start])


def ground_unrest_legs(motion: Motion, side: Side, stride_s: float) -> float:
    """How far the ground seems to rise and fall from one stance of a foot to the next, in leg lengths.

    The standard deviation of the height of the flat foot, of whichever of heel, toe and ankle varies least.
    It is 0.001 to 0.007 with the phone on a stand, and more when the phone shakes. NaN below two stances.
    """
    leg = _Leg(motion, side, stride_s)
    heights = np.array([np.median(leg.foot[w, :, 1], axis=0) for w in leg.flat if w.stop > w.start])
    known = heights[np.isfinite(heights).all(axis=1)] if len(heights) else heights
    return float(np.std(known, axis=0, ddof=1).min()) if len(known) > 1 else float("nan")


def consensus(estimates: Sequence[tuple[float, Sign]]) -> Event:
    """Merge what several signs say: bias removed, outliers left out, weighted by their scatter.

    Examples
    --------
    >>> late = Sign(0.020, 0.005, "doctest")
    >>> round(consensus([(1.020, late), (1.024, late)]).time_s, 3)
    1.002
    """
    known = [(time_s - sign.late_s, sign.sd_s) for time_s, sign in estimates if np.isfinite(time_s)]
    if len(known) < MIN_SIGNS:
        return Event(np.nan, np.nan)
    times, sds = np.array(known).T
    agree = np.abs(times - np.median(times)) <= AGREE_S
    if agree.sum() < MIN_SIGNS:
        return Event(np.nan, np.nan)
    times, weights = times[agree], sds[agree] ** -2
    middle = np.average(times, weights=weights)
    scatter = np.average((times - middle) ** 2, weights=weights) / agree.sum()
    return Event(float(middle), float(np.sqrt(1 / weights.sum() + scatter)))


def _one_foot_at_a_time(in_order: Sequence[Contact], shortest_step_s: float) -> tuple[Contact, ...]:
    """Of two touchdowns too close for two steps, keep the one that is more certain."""
    kept: list[Contact] = []
    for contact in in_order:
        if not kept or contact.touchdown_s - kept[-1].touchdown_s >= shortest_step_s:
            kept.append(contact)
        elif contact.touchdown_sd_s < kept[-1].touchdown_sd_s:
            kept[-1] = contact
    return tuple(kept)


def _later(contact: Contact, start_s: float) -> Contact:
    """Count from the clip's first frame instead of the motion's."""
    return replace(contact, touchdown_s=contact.touchdown_s + start_s, toe_off_s=contact.toe_off_s + start_s)


def _contact(leg: _Leg, ahead_s: float) -> Contact | None:
    down = _touchdown(leg, ahead_s)
    if not np.isfinite(down.time_s):
        return None
    off = _toe_off(leg, ahead_s)
    shortest, longest = contact_range_s(leg.stride_s)
    if np.isfinite(off.time_s) and not shortest <= off.time_s - down.time_s <= longest:
        return None
    return Contact(leg.side, down.time_s, down.sd_s, off.time_s, off.sd_s)


def _touchdown(leg: _Leg, ahead_s: float) -> Event:
    return consensus(_signs_of_touchdown(leg, ahead_s))


def _signs_of_touchdown(leg: _Leg, ahead_s: float) -> tuple[tuple[float, Sign], ...]:
    landing = leg.window(ahead_s, LANDING)
    heel_s, toe_s = (
        _rises_through_s(-leg.above_ground[:, point], landing, -ON_GROUND_LEGS) for point in (0, 1)
    )
    heel_first = not heel_s - HEEL_DOWN.late_s > toe_s - TOE_DOWN.late_s
    return (
        (leg.straightest_s(leg.window(ahead_s, NEAR_TOUCHDOWN)), KNEE),
        _speed_match(leg, ahead_s),
        (heel_s, HEEL_DOWN) if heel_first else (toe_s, TOE_DOWN),
    )


def _speed_match(leg: _Leg, ahead_s: float) -> tuple[float, Sign]:
    """Heel, toe and ankle are one sign, not three: they move together, so the middle one speaks."""
    flat, window = leg.window(ahead_s, FLAT_FOOT), leg.window(ahead_s, SPEED_MATCH)
    if flat.stop == flat.start:
        return np.nan, HEEL_SPEED
    level = BELT_SPEED_REACHED * float(np.median(leg.backward[flat]))
    signs = (HEEL_SPEED, TOE_SPEED, ANKLE_SPEED)
    matches = [
        _rises_through_s(leg.backward[:, point], window, level) - sign.late_s
        for point, sign in enumerate(signs)
    ]
    if not np.isfinite(matches).any():
        return np.nan, HEEL_SPEED
    return float(np.nanmedian(matches)) + HEEL_SPEED.late_s, HEEL_SPEED


def _toe_off(leg: _Leg, ahead_s: float) -> Event:
    flat, window = leg.window(ahead_s, FLAT_FOOT), leg.window(ahead_s, NEAR_TOE_OFF)
    if flat.stop == flat.start:
        return Event(np.nan, np.nan)
    heel = leg.backward[:, 0]
    released = BELT_SPEED_LEFT * float(np.median(heel[flat]))
    return consensus(
        [
            (leg.straightest_s(window), KNEE_OFF),
            (_rises_through_s(leg.above_ground[:, 2], window, ANKLE_UP_LEGS), ANKLE_UP),
            (_rises_through_s(-heel, window, -released), HEEL_RELEASE),
            (_peak_s(leg.knee_rise, leg.window(ahead_s, BEFORE_TOE_OFF)), KNEE_RISE),
        ]
    )


def _peak_s(values: FloatArray, window: slice) -> float:
    inside = values[window]
    if len(inside) < 3 or not np.isfinite(inside).all():
        return float("nan")
    peaks, _ = signal.find_peaks(inside)
    if len(peaks) == 0:
        return float("nan")
    top = int(peaks[np.argmax(inside[peaks])])
    return peak_between_samples(inside, top, offset=window.start) / RATE_HZ


def _rises_through_s(values: FloatArray, window: slice, level: float) -> float:
    """First time within a window at which a signal passes a level upwards; NaN if it never does."""
    inside = values[window]
    below, above = inside[:-1] < level, inside[1:] >= level
    crossings = np.flatnonzero(below & above)
    if len(crossings) == 0:
        return float("nan")
    k = int(crossings[0])
    share = (level - inside[k]) / (inside[k + 1] - inside[k])
    return float((window.start + k + share) / RATE_HZ)
