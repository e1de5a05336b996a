"""Fixtures: analyses of the bundled clips (made once), and a light clip for what runs whole programs."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import av
import pytest

from gait.analysis import Analysis, Request, analyze
from gait.errors import ModelUnavailable
from gait.pose import model as models
from tests.truth import truth

TODAY = date(2026, 11, 23)
SIDE_CLIPS = ("runner_a_side_120", "runner_a_side_120_two_months_later", "runner_b_side_240_stored_as_30")
REAR_CLIP = "runner_a_rear_60"
SPEED_KMH = {"runner_a": 10.8, "runner_b": 11.52}


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
    return analyze(
        Request(
            side=known.clip,
            rear=truth(REAR_CLIP).clip if name == "runner_a_side_120" else None,
            height_cm=100 * known.height_m,
            speed_kmh=SPEED_KMH[name[:8]],
            capture_fps=known.capture_fps if "stored_as" in name else None,
        ),
        today=TODAY,
    )


@pytest.fixture(scope="session")
def analysed(model_file: Path) -> Callable[[str], Analysis]:
    """Analysis of a bundled side clip by name, made once for all tests."""
    return _analysed


@pytest.fixture(scope="session")
def light_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runner A from the side at half the size and 60 frames/s: quick to analyse."""
    path = tmp_path_factory.mktemp("light") / "runner.mp4"
    with av.open(str(truth("runner_a_side_120").clip)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=60)
        stream.width, stream.height, stream.pix_fmt = 360, 640, "yuv420p"
        for number, frame in enumerate(source.decode(video=0)):
            if number % 2 == 0:
                small = frame.reformat(width=360, height=640, format="yuv420p")
                small.pts, small.time_base = None, None
                target.mux(stream.encode(small))
        target.mux(stream.encode())
    return path
