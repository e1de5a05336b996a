"""When the feet are on the ground: cadence, contact, flight."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from gait.body import Side
from gait.errors import Reason
from gait.metrics.catalogue import (
    CADENCE,
    CONTACT_TIME,
    DUTY_FACTOR,
    FLIGHT_TIME,
    SPEED,
    STEP_ASYMMETRY,
)
from gait.metrics.measurement import Measurement, missing, summarise
from gait.metrics.run import Run
from gait.motion.scale import Speed

SAME_STRIDE = 0.2
"""A stride farther than this share from the median holds a missed touchdown and is left out."""
HALF_A_STRIDE_SHARE = 0.05
"""Error of a rhythm that is read from little more than one stride: up to 6 % on exact joints."""
NO_SPEED = Reason(
    "no-speed",
    "the foot on the ground could not be followed straight from the side: give the belt's speed",
    "speed_kmh",
)


def rhythm(run: Run) -> tuple[Measurement, ...]:
    """Measure cadence, ground contact, flight and duty factor."""
    contact_s = np.array([contact.duration_s for contact in run.complete])
    flight_s = run.stride_s / 2 - contact_s
    return (
        cadence(run),
        summarise(CONTACT_TIME, run.near, run.clip, list(1000 * contact_s)),
        summarise(FLIGHT_TIME, run.near, run.clip, list(1000 * flight_s)),
        summarise(DUTY_FACTOR, run.near, run.clip, list(100 * contact_s / run.stride_s)),
        step_asymmetry(run),
    )


def cadence(run: Run) -> Measurement:
    """Steps per minute of both feet, from the rhythm of the whole clip.

    The rhythm does not hang on the moment of any single touchdown; the samples are the single strides.
    """
    strides_s = stride_times_s(run)
    strides = summarise(CADENCE, None, run.clip, [120 / s for s in strides_s or [run.stride_s]])
    value = 120 / run.stride_s
    rhythm_sd = 0.0 if strides_s else HALF_A_STRIDE_SHARE * value
    return replace(strides, value=value, uncertainty=float(np.hypot(strides.uncertainty, rhythm_sd)))


def step_asymmetry(run: Run) -> Measurement:
    """Time of a left step less that of a right one, in per cent of their mean, as this side shows it.

    A left step ends with the left foot's landing. The landing of the far foot is read later or earlier than
    that of the near one, so that one side alone does not tell it; the middle of both sides does.
    """
    times_s = {side: [c.touchdown_s for c in run.contacts_of(side)] for side in Side}
    steps = [
        (left - max(before), min(after) - left)
        for left in times_s[Side.LEFT]
        if (before := [t for t in times_s[Side.RIGHT] if t < left])
        and (after := [t for t in times_s[Side.RIGHT] if t > left])
    ]
    whole = [(a, b) for a, b in steps if abs((a + b) / run.stride_s - 1) <= SAME_STRIDE]
    return summarise(STEP_ASYMMETRY, None, run.clip, [200 * (a - b) / (a + b) for a, b in whole])


def stride_times_s(run: Run) -> list[float]:
    """Seconds between successive touchdowns of the same foot, both feet; missed ones left out."""
    strides = [
        after.touchdown_s - before.touchdown_s
        for side in Side
        for before, after in pairwise(run.contacts_of(side))
    ]
    return [s for s in strides if abs(s / run.stride_s - 1) <= SAME_STRIDE]


def stated(speed: Speed | None) -> Measurement:
    """State the speed that all the numbers belong to."""
    if speed is None:
        return missing(SPEED, None, "", NO_SPEED)
    kmh, sd_kmh = 3.6 * speed.m_s, 3.6 * speed.sd_m_s
    return Measurement(SPEED.name, None, kmh, SPEED.unit, sd_kmh, 1, (kmh,), "", repeatability=sd_kmh)
