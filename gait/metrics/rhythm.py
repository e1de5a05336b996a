"""When the feet are on the ground: cadence, contact, flight."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from gait.metrics.measurement import Measurement, Quantity, missing, summarise
from gait.metrics.stride import Run, far_leg
from gait.motion.scale import Speed

CADENCE = Quantity("cadence_spm", "steps/min", systematic=0.6)
CONTACT_TIME = Quantity("contact_time_ms", "ms", systematic=15.0)
FLIGHT_TIME = Quantity("flight_time_ms", "ms", systematic=15.0)
DUTY_FACTOR = Quantity("duty_factor_pct", "%", systematic=2.0)
STEP_ASYMMETRY = Quantity("step_time_asymmetry_pct", "%")
CONTACT_ASYMMETRY = Quantity("contact_time_asymmetry_pct", "%")
ONE_SIDE = (
    "from one side the two feet are not read alike: on rendered runners the difference between them was "
    "wrong by more than runners differ. Film one clip from each side and look at both"
)
SPEED = Quantity("speed_kmh", "km/h")
SAME_STRIDE = 0.2
"""A stride farther than this share from the median holds a missed touchdown and is left out."""


def rhythm(run: Run, speed: Speed | None) -> tuple[Measurement, ...]:
    """Measure cadence, ground contact, flight, duty factor, and state the speed they belong to."""
    contact_s = np.array([contact.duration_s for contact in run.complete])
    flight_s = run.stride_s / 2 - contact_s
    return (
        cadence(run),
        summarise(CONTACT_TIME, run.near, "side", list(1000 * contact_s)),
        summarise(FLIGHT_TIME, run.near, "side", list(1000 * flight_s)),
        summarise(DUTY_FACTOR, run.near, "side", list(100 * contact_s / run.stride_s)),
        *(far_leg(run, quantity) for quantity in (CONTACT_TIME, FLIGHT_TIME, DUTY_FACTOR)),
        *(missing(quantity, None, "side", ONE_SIDE) for quantity in (STEP_ASYMMETRY, CONTACT_ASYMMETRY)),
        _speed(speed),
    )


def cadence(run: Run) -> Measurement:
    """Steps per minute of both feet, from the rhythm of the whole clip.

    The rhythm does not hang on the moment of any single touchdown; the samples are the single strides.
    """
    strides = summarise(CADENCE, None, "side", [120 / stride_s for stride_s in stride_times_s(run)])
    return strides if strides.why_missing else replace(strides, value=120 / run.stride_s)


def stride_times_s(run: Run) -> list[float]:
    """Seconds between successive touchdowns of the same foot, both feet; missed ones left out."""
    strides = [
        after.touchdown_s - before.touchdown_s
        for side in (run.near, run.near.other)
        for before, after in pairwise(run.contacts_of(side))
    ]
    return [s for s in strides if abs(s / run.stride_s - 1) <= SAME_STRIDE]


def _speed(speed: Speed | None) -> Measurement:
    if speed is None:
        why = "the planted foot could not be followed: give the belt speed (--speed-kmh)"
        return missing(SPEED, None, "side", why)
    kmh = 3.6 * speed.m_s
    return Measurement(SPEED.name, None, kmh, SPEED.unit, 3.6 * speed.sd_m_s, 1, (kmh,), "side")
