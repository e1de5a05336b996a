import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.body import Side
from gait.errors import BadTruth
from gait.motion.events import Contact
from gait.validate.agreement import agreement
from gait.validate.clips import truths_in
from gait.validate.events import EDGE_S, match
from gait.validate.markers import force_contacts, read_table, validate_markers
from gait.validate.truth import read_truth
from tests.truth import SAMPLES

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "rbds"
needs_recording = pytest.mark.skipif(
    not RECORDED.is_dir(), reason=f"the recording of a real runner is not in {RECORDED}"
)
TRUE_S = np.array([[0.5 + 0.7 * k, 0.75 + 0.7 * k] for k in range(10)])
DURATION_S = 8.0


def found(times_s: np.ndarray) -> list[Contact]:
    return [Contact(Side.LEFT, float(down), 0.005, float(off), 0.005) for down, off in times_s]


@given(late_ms=st.floats(-80, 80))
def test_a_constant_lateness_is_the_bias(late_ms: float) -> None:
    matched = match(found(TRUE_S + late_ms / 1000), TRUE_S, DURATION_S)
    assert matched.missed == matched.false == 0
    assert matched.touchdown_ms == pytest.approx(late_ms, abs=1e-6)
    assert matched.contact_time_ms == pytest.approx(0, abs=1e-6)


def test_missed_and_false_steps_are_counted_except_at_the_edges() -> None:
    matched = match(found(np.delete(TRUE_S, [0, 4], axis=0)), TRUE_S, DURATION_S)
    assert (matched.missed, matched.false) == (2, 0)
    extra = np.array([[2.95, 3.2], [EDGE_S / 2, 0.3]])
    matched = match(found(np.vstack([TRUE_S, extra])), TRUE_S, DURATION_S)
    assert (matched.missed, matched.false) == (0, 1)


def test_nothing_found_misses_everything() -> None:
    matched = match([], TRUE_S, DURATION_S)
    assert matched.missed == len(TRUE_S)
    assert len(matched.touchdown_ms) == 0


@given(errors=st.lists(st.floats(-100, 100), min_size=2, max_size=50))
def test_what_is_missing_does_not_count(errors: list[float]) -> None:
    alone = agreement("shank_deg", "all", "deg", errors)
    assert agreement("shank_deg", "all", "deg", [*errors, float("nan")]) == alone
    assert alone.limits[0] <= alone.bias <= alone.limits[1]


def test_every_side_clip_with_a_truth_is_found() -> None:
    names = {truth.clip.name for truth in truths_in(SAMPLES)}
    assert "runner_a_side_120.mp4" in names
    assert "runner_a_rear_60.mp4" not in names


def test_a_broken_truth_names_the_file_and_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(BadTruth, match="holds no side-view clip"):
        truths_in(tmp_path)
    path = tmp_path / "run.truth.json"
    path.write_text("{}")
    with pytest.raises(BadTruth, match=r"run\.mp4"):
        read_truth(path)
    (tmp_path / "run.mp4").touch()
    for text in ("no json", json.dumps({"view": "left"}), "[]"):
        path.write_text(text)
        with pytest.raises(BadTruth, match=r"run\.truth\.json"):
            read_truth(path)


def test_a_table_with_the_wrong_columns_names_the_file_and_the_column(tmp_path: Path) -> None:
    table = tmp_path / "forces.txt"
    table.write_text("Time\tFx\n1\t2\n2\t3\n")
    with pytest.raises(BadTruth, match=r"forces\.txt has no column Fy"):
        force_contacts(read_table(table))
    table.write_text("Time\tFx\tFy\n1\t2\n")
    with pytest.raises(BadTruth, match=r"3 names for 2 columns"):
        read_table(table)
    with pytest.raises(BadTruth, match=r"absent\.txt"):
        read_table(tmp_path / "absent.txt")


@needs_recording
def test_contacts_of_a_real_runner_agree_with_the_force_plate() -> None:
    markers, forces, static = (
        read_table(RECORDED / f"RBDS001{part}.txt") for part in ("runT25markers", "runT25forces", "static")
    )
    assert len(force_contacts(forces)) == 77
    for run in validate_markers(markers, forces, static, (0.0, 0.5, 1.0)):
        assert run.matched.missed == run.matched.false == 0
        touchdown, toe_off, contact_time = run.rows()
        assert touchdown.median_absolute_error < 10
        assert toe_off.median_absolute_error < 15
        assert contact_time.median_absolute_error < 18
