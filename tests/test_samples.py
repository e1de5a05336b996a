"""The whole line on the bundled clips, against their exact truth."""

from collections.abc import Callable

import numpy as np
import pytest

from gait.analysis import Analysis
from gait.body import Side
from tests import accuracy
from tests.conftest import SIDE_CLIPS
from tests.truth import truth

pytestmark = pytest.mark.pose
WITHIN = {
    "overstride_pct_leg": 4.0,
    "overstride_cm": 4.0,
    "shank_deg": 3.0,
    "knee_flexion_touchdown_deg": 5.0,
    "knee_flexion_peak_deg": 5.0,
    "contact_time_ms": 18.0,
    "lean_deg": 3.0,
    "oscillation_cm": 1.0,
}
Analysed = Callable[[str], Analysis]


@pytest.mark.parametrize("name", SIDE_CLIPS)
def test_touchdowns_of_the_near_foot_are_found_on_time(analysed: Analysed, name: str) -> None:
    errors_s = accuracy.event_errors_s(analysed(name), truth(name))
    assert np.median(np.abs(errors_s[:, 0])) < 0.015
    assert np.abs(errors_s[:, 0]).max() < 0.030
    assert accuracy.missed(analysed(name), truth(name)) == 0


@pytest.mark.parametrize("name", SIDE_CLIPS)
def test_cadence_is_within_two_per_cent(analysed: Analysed, name: str) -> None:
    cadence = analysed(name).measurement("cadence_spm").value
    assert cadence == pytest.approx(truth(name).values["cadence_spm", None], rel=0.02)


@pytest.mark.parametrize("name", SIDE_CLIPS)
@pytest.mark.parametrize("quantity", WITHIN)
def test_the_numbers_are_near_the_truth(analysed: Analysed, name: str, quantity: str) -> None:
    (row,) = [r for r in accuracy.rows(analysed(name), truth(name)) if r.quantity == quantity]
    assert abs(row.error) < WITHIN[quantity]


@pytest.mark.parametrize("name", SIDE_CLIPS)
def test_the_truth_lies_within_what_is_said_of_the_error(analysed: Analysed, name: str) -> None:
    compared = accuracy.rows(analysed(name), truth(name))
    outside = [row.quantity for row in compared if abs(row.error) > 2 * row.uncertainty]
    assert len(outside) <= 1, outside


def test_the_faulty_runner_gets_the_overstride_cue(analysed: Analysed) -> None:
    cue = analysed("runner_a_side_120").advice.cue
    assert cue is not None
    assert cue.id == "overstride"
    assert cue.retest.isoformat() == "2026-12-21"


def test_two_months_later_the_overstride_is_smaller(analysed: Analysed) -> None:
    before, after = (analysed(name).measurement("overstride_pct_leg").value for name in SIDE_CLIPS[:2])
    assert before - after > 2


def test_a_short_clip_is_measured_but_gets_no_verdict(analysed: Analysed) -> None:
    analysis = analysed("runner_b_side_240_stored_as_30")
    assert analysis.measurement("overstride_pct_leg").n < 7
    assert "few-steps" in {doubt.id for doubt in analysis.doubts}
    assert analysis.advice.cue is None


def test_from_behind_the_hidden_hands_and_the_hip_line_give_no_number(analysed: Analysed) -> None:
    for measurement in analysed("runner_a_side_120").measurements:
        if measurement.name in ("hip_drop_deg", "crossover_pct"):
            assert measurement.clip == "rear"
            assert measurement.why_missing


def test_the_near_side_is_the_one_the_camera_sees(analysed: Analysed) -> None:
    sides = [analysed(name).side.motion.viewpoint.near for name in SIDE_CLIPS]
    assert sides == [Side.LEFT, Side.LEFT, Side.RIGHT]
