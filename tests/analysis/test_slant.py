"""What a camera at a slant cannot show."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from gait.analysis import ClipRequest, Request
from gait.analysis.judge import judge
from tests.truth import exact_clip


def test_no_speed_is_read_at_a_slant_as_no_length_is() -> None:
    straight = exact_clip("runner_a_side_120")
    turned = replace(straight.motion.viewpoint, turn_deg=41.0)
    slant = replace(straight, motion=replace(straight.motion, viewpoint=turned))
    request = Request((ClipRequest(Path(straight.id)),))
    assert np.isfinite(judge([straight], request).measurement("speed_kmh").value)
    speed = judge([slant], request).measurement("speed_kmh")
    assert not np.isfinite(speed.value)
    assert speed.why_missing is not None
    assert "straight from the side" in str(speed.why_missing)
