"""Every metric of the catalogue is right on exact joints, and its ± holds all that it must."""

import math
from dataclasses import replace

import numpy as np
import pytest

from gait.body import Side
from gait.metrics.catalogue import (
    CATALOGUE,
    CONTACT_TIME,
    CROSSOVER,
    FLIGHT_TIME,
    FOOT_CROSSOVER,
    SHANK,
    STEP_WIDTH,
    Metric,
)
from gait.metrics.hands import HANDS_MEAN_PCT
from gait.metrics.measure import measure
from gait.metrics.measurement import Measurement
from gait.metrics.run import Run
from gait.motion.contact import Contact
from gait.motion.events import contacts
from gait.motion.rhythm import stride_s
from gait.motion.scale import scale_of
from gait.motion.signals import clean
from gait.motion.view import viewpoint
from tests.truth import exact_clip, exact_contacts, perfect_track, real_time, truth

SIDE, REAR, FRONT = "runner_d_side_120", "runner_a_rear_60", "runner_d_front_60"
WITHIN = {
    "overstride_pct_leg": 1.5,
    "overstride_cm": 1.8,
    "shank_deg": 2.0,
    "knee_flexion_touchdown_deg": 3.5,
    "knee_flexion_peak_deg": 2.5,
    "foot_strike_deg": 5.0,
    "thigh_toe_off_deg": 3.0,
    "lean_deg": 1.5,
    "ankle_lean_deg": 1.0,
    "waist_bend_deg": 2.0,
    "elbow_deg": 8.0,
    "oscillation_cm": 0.6,
    "crossover_pct": 2.0,
    "step_width_pct_leg": 1.0,
    "step_width_cm": 1.0,
    "foot_crossover_pct_leg": 1.0,
    "pelvis_sway_pct_leg": 1.0,
    "cadence_spm": 1.5,
    "contact_time_ms": 3.0,
    "flight_time_ms": 3.0,
    "duty_factor_pct": 0.6,
}
"""How far the exact joints may be off, before what pictures do to it is taken off."""


def run_of(name: str) -> Run:
    clip, known = exact_clip(name), truth(name)
    run = clip.run(scale_of(100 * known.height_m, None, math.nan))
    return replace(run, contacts=exact_contacts(name, run.motion.time_s[-1]))


def of(name: str) -> dict[tuple[str, Side | None], Measurement]:
    return {(m.name, m.side): m for m in measure(run_of(name))}


def off_cm(metric: Metric, name: str) -> float:
    """What the metric's relative takes off, in its own unit."""
    relative = {"overstride_cm": "overstride_pct_leg", "step_width_cm": "step_width_pct_leg"}.get(metric.name)
    if relative is None:
        return metric.reads_high
    return CATALOGUE[relative].reads_high * 0.491 * truth(name).height_m


@pytest.mark.parametrize("metric", list(WITHIN))
def test_a_metric_is_what_the_renderer_made(metric: str) -> None:
    compared = 0
    for name in (SIDE, REAR, FRONT):
        for (own, side), measurement in of(name).items():
            true = truth(name).values.get((own, side))
            if own == metric and true is not None and measurement.why_missing is None:
                read = measurement.value + off_cm(CATALOGUE[own], name)
                assert read == pytest.approx(true, abs=WITHIN[metric]), (name, side)
                compared += 1
    assert compared > 0, "nothing was compared"


@pytest.mark.parametrize("name", [SIDE, REAR, FRONT])
def test_what_all_clips_share_is_part_of_every_range(name: str) -> None:
    for measurement in of(name).values():
        metric = CATALOGUE[measurement.name]
        if measurement.why_missing is None and metric.systematic:
            mean_of_hands = measurement.name == CROSSOVER.name and measurement.side is None
            shared = HANDS_MEAN_PCT if mean_of_hands else metric.systematic
            together = math.hypot(measurement.repeatability, shared)
            if measurement.name in (STEP_WIDTH.name, FOOT_CROSSOVER.name):
                assert together <= measurement.uncertainty < 1.5 * together, "ankle and heel widen it further"
            else:
                assert measurement.uncertainty == pytest.approx(together), measurement.name


def test_a_touchdown_that_every_step_reads_late_widens_the_shin() -> None:
    """What all touchdowns of a clip share does not average out, however sure each of them is."""
    run = run_of(SIDE)
    sure = replace(run, contacts=tuple(replace(c, touchdown_sd_s=0.0) for c in run.contacts))
    still = replace(sure, motion=replace(run.motion, noise=np.zeros_like(run.motion.noise)))
    (shank,) = (m for m in measure(still) if m.name == SHANK.name)
    scatter = 1.2533 * np.std(shank.samples, ddof=1) / math.sqrt(shank.n)
    roll = SHANK.per_roll_deg * run.motion.roll.sd_deg
    beyond = math.sqrt(shank.repeatability**2 - scatter**2 - roll**2)
    assert beyond > 0.3, "4 ms are some 0.3 to 1.2 degrees of shin"


def test_a_rate_that_is_unsure_widens_what_hangs_on_it_and_nothing_else() -> None:
    run = run_of(SIDE)
    sure, unsure = (
        {(m.name, m.side): m for m in measure(replace(run, rate_sd=rate_sd))} for rate_sd in (0.0, 0.06)
    )
    wider = {key for key, m in unsure.items() if m.uncertainty > sure[key].uncertainty}
    assert wider == {
        ("cadence_spm", None),
        ("contact_time_ms", run.near),
        ("flight_time_ms", run.near),
    }
    for key in wider:
        assert unsure[key].uncertainty >= 0.06 * unsure[key].value
        assert unsure[key].value == sure[key].value
        assert unsure[key].repeatability == sure[key].repeatability


def test_flight_and_contact_make_a_step() -> None:
    found, run = of(SIDE), run_of(SIDE)
    contact, flight = (found[m.name, run.near].value for m in (CONTACT_TIME, FLIGHT_TIME))
    assert contact + flight == pytest.approx(1000 * run.stride_s / 2, abs=0.5)


@pytest.mark.parametrize(("slower", "kept"), [(1.0, True), (2.0, False), (0.33, False)])
def test_a_contact_as_long_or_short_as_no_runners_is_none(slower: float, *, kept: bool) -> None:
    track = perfect_track("runner_a_side_120")
    base = real_time(120.0 / slower)
    base = replace(base, slow_motion_factor=1 / slower)
    motion = clean(track, base, viewpoint(track))
    whole = [c for c in contacts(motion, stride_s(motion)) if np.isfinite(c.toe_off_s)]
    assert bool(whole) is kept


@pytest.mark.parametrize(("name", "late_ms"), [(REAR, 0.0), (FRONT, 12.0)])
def test_landings_from_behind_and_in_front_are_as_late_as_pictures_read_them_early(
    name: str, late_ms: float
) -> None:
    """Exact joints fall alike in both views; what the model sees from the front falls some 12 ms sooner."""
    found: tuple[Contact, ...] = exact_clip(name).contacts
    errors = [
        1000 * (c.touchdown_s - true[np.abs(true - c.touchdown_s).argmin()])
        for c in found
        if len(true := truth(name).contacts[c.side][:, 0])
    ]
    assert float(np.median(errors)) == pytest.approx(late_ms, abs=8.0)
