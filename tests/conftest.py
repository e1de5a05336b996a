"""Fixtures: analyses of the bundled clips (made once), and a light clip for what runs whole programs."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from gait.analysis import Analysis, ClipRequest, Request, RunnerFacts, analyze
from gait.errors import ModelUnavailable
from gait.pose import model as models
from gait.pose.cache import FOLDER_VARIABLE
from gait.video.reader import frames, open_clip
from gait.video.writer import write_video
from tests.truth import truth

TODAY = date(2026, 11, 23)
SIDE_CLIPS = (
    "runner_a_side_120",
    "runner_a_side_120_two_months_later",
    "runner_b_side_240_stored_as_30",
    "runner_c_side_60_bystander",
    "runner_d_side_120",
    "runner_e_side_30_lying",
)
REAR_CLIP = "runner_a_rear_60"


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep landmarks in a folder of these tests, for this process and those it starts."""
    os.environ[FOLDER_VARIABLE] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def model_file() -> Path:
    (model,) = models.read_manifest()
    try:
        return models.ensure(model)
    except ModelUnavailable as error:
        pytest.skip(str(error))


@cache
def _analysed(name: str) -> Analysis:
    known = truth(name)
    second = (truth(REAR_CLIP).clip,) if name == "runner_a_side_120" else ()
    facts = RunnerFacts(height_cm=100 * known.height_m, speed_kmh=3.6 * known.speed_m_s)
    return analyze(Request(tuple(map(ClipRequest, (known.clip, *second))), facts, filmed_on=TODAY))


@pytest.fixture(scope="session")
def analysed(model_file: Path) -> Callable[[str], Analysis]:
    """Analysis of a bundled side clip by name, made once for all tests."""
    return _analysed


@pytest.fixture(scope="session")
def light_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runner A from the side at half the size and 60 frames/s: quick to analyse."""
    path = tmp_path_factory.mktemp("light") / "runner.mp4"
    write_video(path, light_pictures(), fps=60)
    return path


def light_pictures(seconds: float = 6.0, every: int = 2) -> Iterator[np.ndarray]:
    """Every second (or other) frame of runner A from the side, at half the size."""
    for frame in frames(open_clip(truth("runner_a_side_120").clip)):
        if frame.index % every == 0 and frame.pts_s < seconds:
            height, width = frame.rgb.shape[:2]
            yield cv2.resize(frame.rgb, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
