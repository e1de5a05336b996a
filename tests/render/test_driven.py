"""Rendered runners that move as real ones: by the angles of their legs, and landing as softly."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gait.coaching.curves import mean_curve
from gait.errors import BadTruth

pytest.importorskip("anny", reason="the extra [render] is not installed")
pytest.importorskip("pyvista", reason="the extra [render] is not installed")

from sample_videos.render.body import Body, rest
from sample_videos.render.driven import Driven
from sample_videos.render.film import Actor
from sample_videos.render.form import natural
from sample_videos.render.looks import Looks
from sample_videos.render.running import run
from sample_videos.render.single_runners import TILT_DEG, Single, read_curves, single
from sample_videos.render.truth import knee_deg

BODY = rest(Body())
SECONDS = 2.0


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Curves of one runner, the mean of 28, in the signs of the public table."""
    percent = np.arange(101.0)
    thigh, knee, foot = (mean_curve(joint, 2.5, percent) for joint in ("thigh", "knee", "foot"))
    tilt = np.interp(percent % 50, np.linspace(0, 48, len(TILT_DEG)), TILT_DEG, period=50)
    path = tmp_path_factory.mktemp("curves") / "stride_curves.csv"
    columns = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
    angles = (-(thigh + tilt), knee, thigh - knee - foot)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["runner", "stride_pct", *(f"{c}_deg" for c in columns), *(f"{c}_sd_deg" for c in columns)]
        )
        for k, at in enumerate(percent):
            rows.writerow(["MEAN", int(at), *(float(angle[k]) for angle in angles), 0.0, 0.0, 0.0])
    return path


@pytest.fixture(scope="module")
def runner(table: Path) -> Driven:
    return single(Single(table, "MEAN", SECONDS, seed=1), BODY)


def test_the_knee_bends_as_the_real_runners_did(runner: Driven, table: Path) -> None:
    left = runner.contacts[(runner.contacts[:, 0] == 0) & (runner.contacts[:, 1] > 0)]
    stride_s = left[1, 1] - left[0, 1]
    share = np.linspace(0.0, 0.95, 30)
    ours = knee_deg(runner.at(left[0, 1] + share * stride_s), "L")
    assert ours == pytest.approx(read_curves(table, "MEAN").knee(share), abs=1.0)


def test_the_standing_shoe_stays_on_the_belt_and_goes_with_it(runner: Driven) -> None:
    touchdown_s, toe_off_s = runner.contacts[(runner.contacts[:, 0] == 0) & (runner.contacts[:, 1] > 0)][
        0, 1:
    ]
    time_s = np.linspace(touchdown_s + 0.03, toe_off_s - 0.06, 12)
    actor = Actor(BODY, Looks(), runner.at(time_s))
    shoe = np.stack([actor.moved(BODY.shoes["L"], k)[0] for k in range(len(time_s))])
    assert np.abs(shoe[:, :, 2].min(axis=1)).max() < 0.015
    ball = runner.at(time_s).at("toes.L")[:, 0]
    assert np.polyfit(time_s, ball, 1)[0] == pytest.approx(-runner.speed_m_s, rel=0.1)


def test_a_runner_who_is_not_in_the_table_is_named(table: Path) -> None:
    with pytest.raises(BadTruth, match="NOBODY"):
        single(Single(table, "NOBODY", SECONDS, seed=1), BODY)


@pytest.mark.parametrize(("landing_s", "slowest", "fastest"), [(0.0, 700, 3000), (0.018, 150, 550)])
def test_a_soft_landing_bends_the_knee_no_faster_than_real_ones(
    landing_s: float, slowest: float, fastest: float
) -> None:
    form = replace(natural(3.0), landing_s=landing_s, variability_pct=0.0)
    motion = run(form, BODY, SECONDS, 3)
    touchdown_s = motion.contacts[(motion.contacts[:, 0] == 0) & (motion.contacts[:, 1] > 0.2)][0, 1]
    time_s = touchdown_s + np.arange(-0.02, 0.02, 0.001)
    bending = np.gradient(knee_deg(motion.at(time_s), "L"), time_s)
    assert slowest < bending.max() < fastest
