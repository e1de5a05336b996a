import json
from dataclasses import replace
from pathlib import Path
from shutil import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.body import Side
from gait.errors import BadTruth, OutputFailed
from gait.motion.contact import Contact
from gait.validate.agreement import Pair, agreement
from gait.validate.clips import Validated, steps, summary, truths_in
from gait.validate.events import EDGE_S, match
from gait.validate.figures import bland_altman, write_figures
from gait.validate.landmarks import lag_ms, read_joints
from gait.validate.markers import force_contacts, read_table, validate_markers
from gait.validate.truth import read_truth
from tests.truth import SAMPLES

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "rbds"
needs_recording = pytest.mark.skipif(
    not RECORDED.is_dir(), reason=f"the recording of a real runner is not in {RECORDED}"
)
TRUE_S = np.array([[0.5 + 0.7 * k, 0.75 + 0.7 * k] for k in range(10)])
DURATION_S = 8.0
SEEN_S = (0.0, DURATION_S)


def found(times_s: np.ndarray) -> list[Contact]:
    return [Contact(Side.LEFT, float(down), 0.005, float(off), 0.005) for down, off in times_s]


@given(late_ms=st.floats(-80, 80))
def test_a_constant_lateness_is_the_bias(late_ms: float) -> None:
    matched = match(found(TRUE_S + late_ms / 1000), TRUE_S, SEEN_S)
    assert matched.missed == matched.false == 0
    assert matched.touchdown_ms == pytest.approx(late_ms, abs=1e-6)
    assert matched.contact_time_ms == pytest.approx(0, abs=1e-6)


def test_missed_and_false_steps_are_counted_except_at_the_edges() -> None:
    matched = match(found(np.delete(TRUE_S, [0, 4], axis=0)), TRUE_S, SEEN_S)
    assert (matched.missed, matched.false) == (2, 0)
    extra = np.array([[2.95, 3.2], [EDGE_S / 2, 0.3]])
    matched = match(found(np.vstack([TRUE_S, extra])), TRUE_S, SEEN_S)
    assert (matched.missed, matched.false) == (0, 1)


def test_nothing_found_misses_everything() -> None:
    matched = match([], TRUE_S, SEEN_S)
    assert matched.missed == len(TRUE_S)
    assert len(matched.touchdown_ms) == 0


def pairs(errors: list[float], sd: float = 1.0) -> list[Pair]:
    return [Pair("shank_deg", "deg", 10.0 + error, 10.0, sd) for error in errors]


@given(errors=st.lists(st.floats(-100, 100), min_size=2, max_size=50))
def test_what_is_withheld_counts_as_asked_and_nothing_else(errors: list[float]) -> None:
    alone = agreement("all", pairs(errors))
    withheld = agreement("all", pairs([*errors, float("nan")]))
    assert withheld == replace(alone, asked=alone.asked + 1)
    assert alone.limits[0] <= alone.bias <= alone.limits[1]


def test_coverage_is_the_share_of_errors_within_what_was_stated() -> None:
    assert agreement("all", pairs([1.9, -1.9, 2.1, 0.0])).covered_pct == 75


def test_every_clip_with_a_truth_is_found() -> None:
    truths = {truth.clip.name: truth for truth in truths_in(SAMPLES)}
    assert truths["runner_a_side_120.mp4"].from_the_side
    assert not truths["runner_a_rear_60.mp4"].from_the_side


def clip_with_truth(folder: Path) -> Path:
    for suffix in (".mp4", ".truth.json", ".npz"):
        copy(SAMPLES / f"runner_a_rear_60{suffix}", folder)
    return folder / "runner_a_rear_60.truth.json"


def test_a_clip_or_truth_that_was_changed_is_refused_by_name(tmp_path: Path) -> None:
    path = clip_with_truth(tmp_path)
    listed = (SAMPLES / "SHA256SUMS").read_text()
    (tmp_path / "SHA256SUMS").write_text(listed)
    assert read_truth(path).frames == 384
    path.write_text(path.read_text() + " ")
    with pytest.raises(BadTruth, match=r"runner_a_rear_60\.truth\.json is not the file that SHA"):
        read_truth(path)
    copy(SAMPLES / "runner_d_front_60.mp4", tmp_path / "runner_a_rear_60.mp4")
    with pytest.raises(BadTruth, match=r"runner_a_rear_60\.mp4 is not the file"):
        read_truth(path)


def test_joints_of_another_clip_are_refused(tmp_path: Path) -> None:
    truth = read_truth(clip_with_truth(tmp_path))
    with pytest.raises(BadTruth, match=r"384 frames and the clip 383"):
        read_joints(replace(truth, frames=383))
    truth.clip.with_suffix(".npz").write_bytes(b"no joints")
    with pytest.raises(BadTruth, match=r"runner_a_rear_60\.npz"):
        read_joints(truth)


def test_conditions_divide_the_table(tmp_path: Path) -> None:
    truths = truths_in(SAMPLES)
    shown = [Validated(truth, tuple(pairs([float(k)])), ()) for k, truth in enumerate(truths)]
    rows = {row.condition: row for row in summary(shown)}
    assert rows["all"].n == len(truths)
    assert rows["others in sight"].n + rows["alone"].n == len(truths)
    assert rows["others in sight"].bias == [t.conditions.others for t in truths].index(True)


def test_steps_found_are_counted_per_foot_and_condition() -> None:
    (truth, *_) = truths_in(SAMPLES)
    near = match(found(TRUE_S[1:]), TRUE_S, SEEN_S)
    (row,) = steps([Validated(truth, (), (("near foot", near),))])
    assert (row.condition, row.true, row.missed, row.false) == ("all, near foot", 10, 1, 0)
    assert row.found_pct == 90


def test_a_figure_is_drawn_for_each_quantity_that_was_measured(tmp_path: Path) -> None:
    (truth, *_) = truths_in(SAMPLES)
    near = match(found(TRUE_S + 0.01), TRUE_S, SEEN_S)
    withheld = Pair("hip_drop_deg", "deg", float("nan"), 8.0)
    names = {
        p.name
        for p in write_figures(
            [Validated(truth, (*pairs([1.0]), withheld), (("near foot", near),))], tmp_path
        )
    }
    assert {"shank_deg.png", "touchdown_ms_near_foot.png"} <= names
    assert "hip_drop_deg.png" not in names
    assert (tmp_path / "shank_deg.png").stat().st_size > 5000
    figure = bland_altman(pairs([1.0, 2.0, 3.0]))
    assert figure.axes[0].get_title() == "shank_deg, n = 3 of 3"


def test_a_figure_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (truth, *_) = truths_in(SAMPLES)
    (tmp_path / "taken").touch()
    with pytest.raises(OutputFailed, match="taken"):
        write_figures([Validated(truth, tuple(pairs([1.0])), ())], tmp_path / "taken")


@given(late_frames=st.integers(-12, 12))
def test_a_late_path_has_its_lag(late_frames: int) -> None:
    time_s = np.arange(0, 3, 1 / 240)
    path = np.column_stack([np.sin(9 * time_s), np.cos(18 * time_s)])
    moved = np.roll(path, late_frames, axis=0) + (0.3, -0.2)
    assert lag_ms(moved, path, 240.0) == pytest.approx(1000 * late_frames / 240, abs=2.1)


def test_a_broken_truth_names_the_file_and_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(BadTruth, match="holds no clip"):
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
