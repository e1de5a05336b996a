"""The rendered runner: feet on the belt, joints where the truth says, forms like real runners'."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gait.coaching.curves import mean_curve
from gait.video.reader import frames, open_clip
from tests.truth import SAMPLES

pytest.importorskip("anny", reason="the extra [render] is not installed")
pytest.importorskip("pyvista", reason="the extra [render] is not installed")

from sample_videos.render import __main__ as command
from sample_videos.render.body import Body, rest
from sample_videos.render.camera import Camera, sight
from sample_videos.render.dressing import Dressing, seen_edge
from sample_videos.render.encode import Encoding, encode
from sample_videos.render.film import Actor, film
from sample_videos.render.form import Form, ImpossibleForm, PerSide, natural
from sample_videos.render.looks import Looks
from sample_videos.render.running import Run, ahead_of_trunk_m, crossing_pct, run
from sample_videos.render.samples import samples
from sample_videos.render.scene import Prop, Scene
from sample_videos.render.shot import Shot, make, write_truth
from sample_videos.render.truth import knee_deg, measure

BODY = rest(Body())
FORMS = {
    "mean runner": natural(3.0),
    "fast": natural(3.5),
    "overstriding": replace(natural(2.8), overstride_pct_leg=33.0, cadence_spm=156.0),
    "bouncing on the forefoot": replace(natural(2.6), oscillation_cm=9.0, foot_strike_deg=-4.0),
    "limping": replace(natural(3.0), asymmetry_pct=6.0),
}
SECONDS = 2.4
CENTIMETRE = 0.0101


@pytest.fixture(params=FORMS)
def runner(request: pytest.FixtureRequest) -> Run:
    return run(FORMS[request.param], BODY, SECONDS, seed=3)


def shoe_points(runner: Run, side: int, time_s: np.ndarray) -> np.ndarray:
    """(T, V, 3) every point of a shoe."""
    actor = Actor(BODY, Looks(), runner.at(time_s))
    return np.stack([actor.moved(BODY.shoes["LR"[side]], k)[0] for k in range(len(time_s))])


def contacts_of(runner: Run, side: int) -> np.ndarray:
    """(n, 2) contacts well inside the clip."""
    own = runner.contacts[runner.contacts[:, 0] == side, 1:]
    return own[(own[:, 0] > 0) & (own[:, 1] < SECONDS)]


@pytest.mark.parametrize("side", [0, 1])
def test_a_standing_foot_neither_slides_nor_sinks_nor_floats(runner: Run, side: int) -> None:
    for touchdown_s, toe_off_s in contacts_of(runner, side):
        time_s = np.linspace(touchdown_s, toe_off_s, 50)
        points = shoe_points(runner, side, time_s)
        lowest = points[:, :, 2].min(axis=1)
        assert lowest.min() > -CENTIMETRE
        assert lowest.max() < CENTIMETRE
        on_belt = points[:, :, 0] + runner.speed_m_s * (time_s - touchdown_s)[:, None]
        touching = points[:, :, 2] < lowest[:, None] + 0.002
        steps = [
            np.mean((on_belt[k + 1] - on_belt[k])[touching[k] & touching[k + 1]])
            for k in range(len(time_s) - 1)
            if (touching[k] & touching[k + 1]).any()
        ]
        assert np.abs(np.cumsum(steps)).max() < CENTIMETRE


@pytest.mark.parametrize("side", [0, 1])
def test_a_swinging_foot_does_not_go_through_the_belt(runner: Run, side: int) -> None:
    time_s = np.arange(0.0, SECONDS, 0.01)
    assert shoe_points(runner, side, time_s)[:, :, 2].min() > -CENTIMETRE


@pytest.mark.parametrize("name", FORMS)
def test_the_truth_shows_the_form_that_was_asked_for(name: str) -> None:
    form = replace(FORMS[name], variability_pct=0.0)
    rows = {(row.name, row.side): row.samples for row in measure(run(form, BODY, SECONDS, 3), SECONDS)}

    def mean(quantity: str) -> float:
        values = [np.median(samples) for (name, _), samples in rows.items() if name == quantity and samples]
        return float(np.mean(values))

    assert mean("cadence_spm") == pytest.approx(form.cadence_spm, rel=0.002)
    assert mean("overstride_pct_leg") == pytest.approx(form.overstride_pct_leg, abs=0.3)
    assert mean("knee_flexion_touchdown_deg") == pytest.approx(form.knee_flexion_touchdown_deg, abs=2.5)
    assert mean("foot_strike_deg") == pytest.approx(form.foot_strike_deg, abs=0.5)
    assert mean("lean_deg") == pytest.approx(form.lean_deg, abs=1.0)
    assert mean("oscillation_cm") == pytest.approx(form.oscillation_cm, abs=0.7)
    assert mean("contact_time_ms") == pytest.approx(1000 * form.contact_s, rel=0.02)
    assert mean("hip_drop_peak_deg") == pytest.approx(4.0, abs=0.5)
    assert mean("crossover_pct") == pytest.approx(-12.0, abs=2.0)


@pytest.mark.parametrize("speed_m_s", [2.5, 3.0, 3.5])
def test_the_mean_runners_knee_is_that_of_real_runners(speed_m_s: float) -> None:
    runner = run(natural(speed_m_s), BODY, SECONDS, seed=3)
    touchdown_s = contacts_of(runner, 0)[0, 0]
    following = runner.contacts[runner.contacts[:, 0] == 0, 1]
    stride_s = following[following > touchdown_s + 0.1][0] - touchdown_s
    percent = np.arange(0.0, 100.0, 2.0)
    ours = knee_deg(runner.at(touchdown_s + percent / 100 * stride_s), "L")
    off = ours - mean_curve("knee", speed_m_s, percent)
    assert np.sqrt(np.mean(off**2)) < 5.0


def test_a_form_that_no_leg_can_reach_is_refused_by_name() -> None:
    with pytest.raises(ImpossibleForm, match="cannot be run"):
        run(replace(natural(3.5), duty_factor_pct=48.0), BODY, SECONDS, seed=0)


def test_the_picture_shows_a_point_where_the_truth_says() -> None:
    camera = Camera(yaw_deg=7.0, roll_deg=3.0, distance_m=3.0, size_px=(360, 640))
    seen = sight(camera, np.zeros(1), seed=0)
    import pyvista as pv

    for centre in ((0.0, 0.0, 1.0), (0.4, 0.1, 0.2), (-0.5, -0.2, 1.5)):
        lamp = Prop(pv.Sphere(radius=0.03, center=centre), (1.0, 1.0, 1.0))
        (picture,) = film([], [lamp], Scene(), seen, blur=1)
        rows, columns = np.nonzero(picture[..., 0] > 200)
        middle = np.array([columns.mean() + 0.5, rows.mean() + 0.5])
        assert middle == pytest.approx(seen.px(np.array([[centre]]))[0, 0], abs=0.7)


def test_the_same_shot_gives_the_same_truth_as_the_committed_one(tmp_path: Path) -> None:
    for shot in samples():
        write_truth(shot, shot.motion(), tmp_path / f"{shot.name}.mp4")
        for suffix in (".truth.json", ".npz"):
            name = f"{shot.name}{suffix}"
            assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes(), name


def test_a_clip_stored_lying_and_tagged_reads_upright(tmp_path: Path) -> None:
    upright = np.zeros((96, 64, 3), np.uint8)
    upright[:32, :, 0] = 255
    path = tmp_path / "phone.mp4"
    encoding = Encoding(capture_fps=240, stored_fps=30, turned_deg=90, capture_tag=True, noise=0.0)
    encode(path, [upright] * 5, encoding, seed=0)
    clip = open_clip(path)
    assert clip.size_px == (64, 96)
    assert clip.tagged_capture_fps == pytest.approx(240)
    (first, *_) = [frame.rgb for frame in frames(clip)]
    assert first[:24, :, 0].mean() > 200 > 60 > first[48:, :, 0].mean()


def test_a_made_clip_is_as_long_as_its_truth(tmp_path: Path) -> None:
    shot = Shot("short", natural(2.8), camera=Camera(size_px=(180, 320)), encoding=Encoding(30), seconds=0.2)
    clip = open_clip(make(shot, tmp_path))
    assert len(clip.pts_s) == len(np.load(tmp_path / "short.npz")["px"]) == 6


def test_a_missing_extra_is_said_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "sample_videos.render.samples", None)
    assert command.main(["samples", "--out", str(tmp_path)]) == 2
    assert "'.[render]'" in capsys.readouterr().err


def test_missing_markers_are_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    options = ["study", "--out", str(tmp_path), "--only", "fit0_markers", "--rbds", str(tmp_path)]
    assert command.main(options) == 2
    assert "RBDS001runT25markers.txt" in capsys.readouterr().err


def test_each_side_can_be_asked_for_alone() -> None:
    form: Form = replace(natural(3.0), hip_drop_deg=PerSide(9.0, 2.0), crossover_pct=PerSide(5.0, -20.0))
    rows = {(row.name, row.side): np.median(row.samples) for row in measure(run(form, BODY, 3.0, 1), 3.0)}
    drops = [rows["hip_drop_peak_deg", side] for side in ("left", "right")]
    crossings = [rows["crossover_pct", side] for side in ("left", "right")]
    assert drops == pytest.approx([9.0, 2.0], abs=0.6)
    assert crossings == pytest.approx([5.0, -20.0], abs=2.0)


def slope_deg(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(T,) line through two paths seen from behind, + with the left one higher."""
    return np.degrees(np.arctan2(left[:, 2] - right[:, 2], left[:, 1] - right[:, 1]))


@pytest.mark.parametrize("dressing", Dressing)
def test_only_a_band_that_sits_on_the_pelvis_shows_its_tilt(dressing: Dressing) -> None:
    form = replace(natural(3.0), hip_drop_deg=PerSide(9.0, 6.0))
    posed = run(form, BODY, SECONDS, seed=3).at(np.arange(0.2, 2.2, 0.01))
    hips = slope_deg(posed.at("thigh.L"), posed.at("thigh.R"))
    edge = seen_edge(posed, BODY, dressing)
    seen = slope_deg(edge[:, 0], edge[:, 1])
    follows = np.polyfit(hips, seen, 1)[0]
    if dressing.rigid:
        assert follows == pytest.approx(1.0, abs=0.05)
        assert np.abs(seen - hips).max() < 1.5
    else:
        assert np.abs(seen - hips).max() > 2.5


def test_a_hand_behind_the_back_crosses_nothing() -> None:
    posed = run(natural(3.0), BODY, SECONDS, seed=3).at(np.arange(0.2, 2.2, 0.01))
    for side in (0, 1):
        behind = ahead_of_trunk_m(posed, side) <= 0
        assert 0 < behind.mean() < 0.7
        np.testing.assert_array_equal(np.isnan(crossing_pct(posed, side)), behind)


def test_the_mean_hip_drop_of_both_sides_is_that_of_the_sides_in_mid_stance() -> None:
    form = replace(natural(3.0), hip_drop_deg=PerSide(9.0, 2.0))
    rows = {(r.name, r.side): np.median(r.samples) for r in measure(run(form, BODY, 3.0, 1), 3.0)}
    left, right = (rows["hip_drop_deg", side] for side in ("left", "right"))
    assert rows["hip_drop_deg", None] == pytest.approx((left + right) / 2, abs=0.2)
    assert left < rows["hip_drop_peak_deg", "left"]
