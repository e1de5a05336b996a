"""What other programs get, read the way they read it: with their own readers where they can be had."""

import ast
import csv
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.analysis import Analysis, ClipAnalysis, ClipRequest, Request, RunnerFacts, judge
from gait.body import Landmark
from gait.errors import BadRequest, OutputFailed
from gait.export import c3d, exchange
from gait.export.exchange import Format
from gait.export.markers import NAMES, Markers, in_metres, in_pixels
from gait.export.netcdf import write_netcdf
from gait.export.steps import Of, step_values, steps_csv, summary_csv
from gait.export.trc import trc
from gait.metrics.catalogue import CADENCE, CATALOGUE
from gait.metrics.measure import measure
from gait.metrics.merge import NOT_OF_ONE_CLIP
from gait.motion.scale import scale_of
from gait.pose import trackfile
from gait.record import record_of
from tests.truth import exact_clip, truth

SIDE, REAR, FRONT, SLOW = (
    "runner_a_side_120",
    "runner_a_rear_60",
    "runner_d_front_60",
    "runner_b_side_240_stored_as_30",
)
OF = Of("P01 2026-11-25", date(2026, 11, 25))
SCALE = scale_of(180.0, None, np.nan)
POSE2SIM, MOVEMENT, LOGURU = "pose2sim==0.10.49", "movement==0.15.0", "loguru==0.7.3"


def analysis_of(*clips: ClipAnalysis, height_cm: float | None = 180.0) -> Analysis:
    requests = tuple(ClipRequest(clip.clip.path) for clip in clips)
    return judge(clips, Request(requests, RunnerFacts(height_cm), filmed_on=OF.filmed_on))


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def cells(text: str) -> tuple[list[str], np.ndarray]:
    """Names and numbers of a .trc, as OpenSim's rules have it: five lines of heading, then full rows."""
    lines = text.splitlines()
    names = [name for name in lines[3].split("\t")[2:] if name]
    rows = [line.split("\t") for line in lines[5:]]
    assert all(len(row) == 2 + 3 * len(names) and all(row) for row in rows), "a cell is empty"
    return names, np.array(rows, dtype=float)


@pytest.mark.parametrize("name", [SIDE, REAR, FRONT, SLOW])
def test_the_middle_of_the_steps_is_the_number_in_the_report(name: str) -> None:
    read = exact_clip(name)
    values = list(step_values(OF, read, SCALE))
    checked = 0
    for found in measure(read.run(SCALE)):
        mean_of_sides = CATALOGUE[found.name].both and found.side is None
        if found.name in NOT_OF_ONE_CLIP or mean_of_sides:
            continue
        own = [v for v in values if v.metric == found.name and found.side in (None, v.side) and v.valid]
        assert sorted(v.value for v in own) == pytest.approx(sorted(found.samples)), found.name
        if own and found.name != CADENCE.name:
            assert np.median([v.value for v in own]) == pytest.approx(found.value)
            checked += 1
    assert checked >= 4


def test_a_step_says_when_it_landed_and_where_nothing_could_be_read_why() -> None:
    read = exact_clip(SIDE)
    rows = table(steps_csv(OF, [read], None))
    landings = {(int(row["step"]), row["side"], row["touchdown_s"]) for row in rows}
    there = {(k, c.side.value, f"{c.touchdown_s:.4f}") for k, c in enumerate(read.contacts, 1)}
    assert landings <= there
    assert {each for each in there if each[1] == read.near} <= landings
    for row in rows:
        assert (row["valid"] == "true") == (row["value"] != "") == (row["why"] == "")
    assert {row["why"] for row in rows if row["metric"] == "overstride_cm"} == {
        "centimetres need a scale: give your height or the belt's speed"
    }
    assert {row["unit"] for row in rows if row["metric"] == "overstride_pct_leg"} == {"%"}


def test_a_steps_value_stands_beside_its_own_landing() -> None:
    read = exact_clip(SIDE)
    own = [v for v in step_values(OF, read, SCALE) if v.metric == "contact_time_ms" and v.valid]
    assert len({round(v.value, 3) for v in own}) > 3, "the steps differ"
    for v in own:
        assert v.value == pytest.approx(1000 * (v.toe_off_s - v.touchdown_s))


def test_a_landing_that_a_coach_moved_is_marked() -> None:
    read = exact_clip(SIDE)
    moved = replace(read.contacts[2], source="edited")
    edited = replace(read, contacts=(*read.contacts[:2], moved, *read.contacts[3:]))
    sources = {(row["step"], row["source"]) for row in table(steps_csv(OF, [edited], SCALE))}
    assert ("3", "edited") in sources
    assert ("2", "detected") in sources


def test_a_clip_named_like_a_formula_stays_text() -> None:
    read = replace(exact_clip(SIDE), id="=HYPERLINK(1).mp4")
    text = steps_csv(Of("+1", OF.filmed_on), [read], SCALE)
    assert text.startswith("\ufeff")
    for row in table(text)[:3]:
        assert row["clip"] == "'=HYPERLINK(1).mp4"
        assert row["assessment"] == "'+1"
        assert row["filmed_on"] == "2026-11-25"


def test_summaries_of_any_two_days_have_the_same_columns() -> None:
    one = table(summary_csv(OF, record_of(analysis_of(exact_clip(SIDE)))))
    other = table(summary_csv(OF, record_of(analysis_of(exact_clip(REAR), height_cm=None))))
    assert list(one[0]) == list(other[0])
    assert len(one) == len(other) == 1
    found = analysis_of(exact_clip(SIDE)).measurement("shank_deg")
    assert float(one[0]["shank_deg_left"]) == pytest.approx(found.value, abs=1e-4)
    assert other[0]["shank_deg_left"] == ""
    assert other[0]["shank_deg_left_why"] == "no-side-clip"


@pytest.mark.parametrize("name", [SIDE, SLOW])
def test_from_the_side_x_is_forward_y_is_up_from_the_ground_and_lengths_are_the_runners(name: str) -> None:
    read, known = exact_clip(name), truth(name)
    markers = in_metres(read, known.leg_m)
    at = {each: markers.place[:, k] for k, each in enumerate(markers.names)}
    near = known.near.value[0].upper()
    strike = read.near_contacts()[2]
    row = round(strike.touchdown_s * markers.rate_hz) - markers.first
    assert at[f"{near}Ankle"][row, 0] > at[f"{near}Hip"][row, 0], "the foot lands ahead of the hip"
    assert np.nanmedian(at["Nose"][:, 1]) > np.nanmedian(at[f"{near}Hip"][:, 1]) > 0.7
    stance = round((strike.touchdown_s + 0.1) * markers.rate_hz) - markers.first
    assert abs(min(at[f"{near}Heel"][stance, 1], at[f"{near}BigToe"][stance, 1])) < 0.03, "on the ground"
    leg = sum(
        np.linalg.norm(at[f"{near}{a}"] - at[f"{near}{b}"], axis=1)
        for a, b in (("Hip", "Knee"), ("Knee", "Ankle"))
    )
    assert np.nanpercentile(leg, 90) == pytest.approx(known.leg_m, rel=0.01)
    assert np.nanmax(np.abs(markers.place[..., 2])) == 0


@pytest.mark.parametrize("name", [REAR, FRONT])
def test_from_behind_and_in_front_z_is_to_the_runners_right(name: str) -> None:
    markers = in_metres(exact_clip(name), 0.9)
    left, right = (np.nanmedian(markers.place[:, markers.names.index(f"{s}Shoulder"), 2]) for s in "LR")
    assert right - left == pytest.approx(0.35, abs=0.15)


def test_rows_are_evenly_spaced_at_the_capture_rate_whatever_the_files_own() -> None:
    read = exact_clip(SLOW)
    for markers in (in_metres(read, 0.9), in_pixels(read)):
        assert markers.rate_hz == 240
        assert np.diff(markers.time_s) == pytest.approx(1 / 240)


def test_pixels_are_what_the_model_marked_and_a_long_gap_stays_open() -> None:
    read = exact_clip(SIDE)
    xy = read.track.xy_px.copy()
    xy[100:160, Landmark.LEFT_KNEE] = np.nan
    markers = in_pixels(replace(read, track=replace(read.track, xy_px=xy)))
    knee = markers.place[:, markers.names.index("LKnee")]
    assert np.isnan(knee[101:158]).all()
    assert knee[50, :2] == pytest.approx(read.track.xy_px[50, Landmark.LEFT_KNEE], abs=0.01)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 40), st.integers(0, 500), st.sampled_from([23.976, 59.94, 120.0, 240.0]), st.randoms())
def test_a_trc_reads_back_as_it_was(rows: int, first: int, rate_hz: float, chance: Any) -> None:
    place = np.random.default_rng(chance.randrange(2**32)).normal(size=(rows, 3, 3))
    place[rows // 2, 1] = np.nan
    names = ("Nose", "LKnee", "RKnee")
    markers = Markers(names, first, rate_hz, place, np.ones((rows, 3)), "m", ())
    found, numbers = cells(trc(markers, "a.trc"))
    assert tuple(found) == names
    assert numbers[:, 0].tolist() == list(range(first, first + rows))
    assert numbers[:, 1] == pytest.approx(markers.time_s, abs=1e-6)
    assert numbers[:, 2:].reshape(rows, 3, 3) == pytest.approx(place, abs=1e-5, nan_ok=True)


def test_a_trc_has_names_without_spaces_tabs_in_threes_and_no_minus_zero() -> None:
    text = trc(in_metres(exact_clip(SIDE), 0.9), "a.trc")
    heading = text.splitlines()[3]
    assert heading == "Frame#\tTime\t" + "".join(f"{name}\t\t\t" for name in NAMES)
    assert " " not in heading
    assert "\t-0.00000" not in text
    assert text.splitlines()[2].split("\t")[4] == "m"


def test_a_c3d_holds_the_markers_and_the_events_at_the_steps_own_times(tmp_path: Path) -> None:
    ezc3d = pytest.importorskip("ezc3d", reason="the extra gait[c3d] is not installed")
    read = exact_clip(SIDE)
    markers = in_metres(read, 0.9)
    markers = replace(markers, first=30, place=markers.place[30:], confidence=markers.confidence[30:])
    c3d.write_c3d(markers, tmp_path / "a.c3d")
    back = ezc3d.c3d(str(tmp_path / "a.c3d"))
    points = np.moveaxis(back["data"]["points"][:3], 0, -1).swapaxes(0, 1)
    assert points / 1000 == pytest.approx(markers.place, abs=1e-5, nan_ok=True)
    assert back["parameters"]["POINT"]["LABELS"]["value"] == list(markers.names)
    assert back["parameters"]["POINT"]["RATE"]["value"][0] == 120
    assert back["header"]["points"]["first_frame"] == 30
    event = {name: each["value"] for name, each in back["parameters"]["EVENT"].items() if name[0] != "_"}
    times_s = event["TIMES"][0] * 60 + event["TIMES"][1]
    strikes = [
        (side.lower(), time_s)
        for side, label, time_s in zip(event["CONTEXTS"], event["LABELS"], times_s, strict=True)
        if label == "Foot Strike"
    ]
    assert [side for side, _ in strikes] == [c.side.value for c in read.contacts]
    assert [s for _, s in strikes] == pytest.approx([c.touchdown_s for c in read.contacts], abs=1e-4)
    assert event["LABELS"].count("Foot Off") == sum(np.isfinite(c.toe_off_s) for c in read.contacts)


def test_what_a_c3d_cannot_hold_is_said_and_the_rest_is_written(tmp_path: Path) -> None:
    pytest.importorskip("ezc3d", reason="the extra gait[c3d] is not installed")
    read = exact_clip(SIDE)
    many = replace(read, contacts=read.contacts * 20)
    with pytest.raises(BadRequest, match="65,535 frames and 255 events"):
        c3d.write_c3d(in_metres(many, 0.9), tmp_path / "a.c3d")


def test_netcdf_has_the_dimensions_and_variables_of_movement(tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray", reason="the extra gait[netcdf] is not installed")
    markers = in_metres(exact_clip(SIDE), 0.9)
    write_netcdf(markers, tmp_path / "a.nc", "P01")
    with xarray.open_dataset(tmp_path / "a.nc") as back:
        assert back.position.dims == ("time", "space", "keypoints", "individuals")
        assert back.confidence.dims == ("time", "keypoints", "individuals")
        assert (back.attrs["ds_type"], back.attrs["time_unit"], back.attrs["fps"]) == (
            "poses",
            "seconds",
            120,
        )
        knee = back.position.sel(keypoints="LKnee", individuals="P01", space="y")
        assert knee.values == pytest.approx(
            markers.place[:, markers.names.index("LKnee"), 1], nan_ok=True, abs=1e-9
        )
        assert back.time.values == pytest.approx(markers.time_s)
        assert back.individuals.values.tolist() == ["P01"]


def test_a_folder_holds_what_was_asked_for_and_how_to_read_it(tmp_path: Path) -> None:
    written = exchange.write(
        analysis_of(exact_clip(SIDE), exact_clip(REAR)), tmp_path / "out", exchange.formats("csv, trc")
    )
    assert {path.name for path in written.paths} == {
        "README.txt", "steps.csv", "summary.csv",
        *(f"{name}{part}.trc" for name in (SIDE, REAR) for part in ("", "_px")),
    }  # fmt: skip
    assert written.left_out == ()
    readme = (tmp_path / "out" / "README.txt").read_text(encoding="utf-8")
    for words in ("z to the runner's right", "+ ankle ahead of the knee", "120 frames/s"):
        assert words in readme
    assert (tmp_path / "out" / "steps.csv").read_bytes()[:3] == b"\xef\xbb\xbf"


def test_the_landmarks_of_each_clip_can_be_taken_along(tmp_path: Path) -> None:
    read = exact_clip(SIDE)
    written = exchange.write(analysis_of(read, height_cm=None), tmp_path / "out", [Format.LANDMARKS])
    assert written.left_out == ()
    (file,) = (path for path in written.paths if path.suffix == ".npz")
    np.testing.assert_array_equal(trackfile.load(file).xy_px, read.track.xy_px)


def test_without_a_scale_there_are_pixels_and_a_reason(tmp_path: Path) -> None:
    written = exchange.write(analysis_of(exact_clip(SIDE), height_cm=None), tmp_path, [Format.TRC], "P01")
    assert {path.name for path in written.paths} == {"README.txt", f"{SIDE}_px.trc"}
    assert [reason.field for reason in written.left_out] == ["height_cm"]


def test_clips_of_one_name_get_files_of_their_own(tmp_path: Path) -> None:
    read = exact_clip(SIDE)
    two = [
        replace(read, id=id, clip=replace(read.clip, path=Path(id)))
        for id in ("a/my run.mov", "b/my run.mov")
    ]
    assert exchange.stems(two) == ("my_run_1", "my_run_2")


def test_a_file_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("mine")
    with pytest.raises(OutputFailed, match=r"README\.txt"):
        exchange.write(analysis_of(exact_clip(SIDE)), tmp_path, [Format.CSV])
    assert [path.name for path in tmp_path.iterdir()] == ["README.txt"]
    assert (tmp_path / "README.txt").read_text() == "mine"


@pytest.mark.parametrize("text", ["xls", "csv,mot", "", ","])
def test_a_format_that_is_not_known_is_refused_before_the_work(text: str) -> None:
    with pytest.raises(BadRequest, match="csv, trc, c3d, netcdf, landmarks"):
        exchange.formats(text)


def fetched(directory: Path, *packages: str) -> list[Path]:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(directory)]
    done = subprocess.run([*command, *packages], capture_output=True, check=False, timeout=300)
    if done.returncode != 0:
        pytest.skip(f"{', '.join(packages)} could not be fetched from PyPI")
    return sorted(directory.glob("*.whl"))


@pytest.fixture(scope="module")
def pose2sim(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    (wheel,) = fetched(tmp_path_factory.mktemp("pose2sim"), POSE2SIM)
    return zipfile.ZipFile(wheel)


def function_of(wheel: zipfile.ZipFile, member: str, name: str) -> Callable[..., Any]:
    """One function of a package that is too heavy to install for it."""
    import pandas as pd

    tree = ast.parse(wheel.read(member))
    (own,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    space: dict[str, Any] = {"pd": pd, "np": np}
    exec(compile(ast.Module([own], []), member, "exec"), space)
    return space[name]


@pytest.mark.network
@pytest.mark.parametrize("unit", ["m", "px"])
def test_pose2sim_and_sports2d_read_the_trc(pose2sim: zipfile.ZipFile, tmp_path: Path, unit: str) -> None:
    """Sports2D uses this reader of Pose2Sim."""
    read_trc = function_of(pose2sim, "Pose2Sim/common.py", "read_trc")
    extract = function_of(pose2sim, "Pose2Sim/common.py", "extract_trc_data")
    markers = in_metres(exact_clip(SIDE), 0.9) if unit == "m" else in_pixels(exact_clip(SIDE))
    path = tmp_path / "a.trc"
    path.write_text(trc(markers, path.name), encoding="utf-8")
    points, frames, times_s, names, _ = read_trc(path)
    assert tuple(names) == markers.names
    assert points["RKnee"].to_numpy() == pytest.approx(
        markers.place[:, markers.names.index("RKnee")], abs=0.006, nan_ok=True
    )
    assert times_s.to_numpy() == pytest.approx(markers.time_s, abs=1e-6)
    assert frames.to_numpy()[0] == markers.first
    labels, numbers = extract(path)
    assert tuple(labels) == markers.names
    assert numbers.shape == (len(markers.place), 1 + 3 * len(names))


@pytest.mark.network
def test_the_markers_have_the_names_of_pose2sims_blazepose_model(pose2sim: zipfile.ZipFile) -> None:
    text = pose2sim.read("Pose2Sim/OpenSim_Setup/Markers_BlazePose.xml").decode()
    assert set(NAMES) == {part.split('"')[0] for part in text.split('<Marker name="')[1:]}


READ_BY_MOVEMENT = """
import sys
sys.path[:0] = sys.argv[2:]
import xarray
from movement.kinematics import compute_velocity
from movement.validators.datasets import ValidPosesInputs
poses = xarray.open_dataset(sys.argv[1])
ValidPosesInputs.validate(poses)
speed = compute_velocity(poses.position).sel(keypoints="LAnkle", space="x").max()
print(float(speed))
"""


@pytest.mark.network
def test_movement_takes_the_netcdf_as_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xarray", reason="the extra gait[netcdf] is not installed")
    wheels = fetched(tmp_path, MOVEMENT, LOGURU)
    write_netcdf(in_metres(exact_clip(SIDE), 0.9), tmp_path / "a.nc", "P01")
    monkeypatch.setenv("HOME", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", READ_BY_MOVEMENT, str(tmp_path / "a.nc"), *map(str, wheels)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert 3 < float(done.stdout) < 12, "metres a second of a swinging foot"
