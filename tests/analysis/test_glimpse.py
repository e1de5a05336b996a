"""What is shown of a clip in which somebody runs and nothing can be measured."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from gait.analysis.glimpse import Glimpse, glimpse
from gait.body import LEFT, LIMBS
from gait.errors import OutputFailed
from gait.export.folder import write_seen
from gait.motion.view import viewpoint
from gait.video.reader import open_clip
from tests.truth import part, perfect_track, truth

SIDE, REAR = "runner_a_side_120", "runner_a_rear_60"


def without_feet(name: str = SIDE, pictures: int = 120) -> Glimpse:
    track = part(perfect_track(name), slice(0, pictures))
    xy_px = track.xy_px.copy()
    for leg in LIMBS.values():
        xy_px[:, [leg.ankle, leg.heel, leg.toe]] = np.nan
    return glimpse(open_clip(truth(name).clip), replace(track, xy_px=xy_px), viewpoint(track))


@pytest.mark.parametrize("pictures", [30, 120, 700])
def test_the_trunk_of_a_runner_without_feet_leans_as_it_does(pictures: int) -> None:
    seen = without_feet(pictures=pictures)
    assert abs(seen.lean_deg - truth(SIDE).values["lean_deg", None]) < 2 * seen.lean_sd_deg
    assert f"leans forward by {seen.lean_deg:.0f} ± {2 * seen.lean_sd_deg:.0f}" in seen.text
    assert seen.lean_sd_deg > 2.3


def test_from_behind_no_lean_is_said() -> None:
    seen = without_feet(REAR)
    assert np.isnan(seen.lean_deg)
    assert seen.text == ""
    assert seen.rows


@pytest.mark.parametrize("lean_deg,lean_sd_deg", [(107.0, 3.0), (-22.0, 16.0)])
def test_of_somebody_in_the_starting_blocks_nothing_is_said(lean_deg: float, lean_sd_deg: float) -> None:
    """Seen on two sprinters who rise from the blocks: one leaned "forward by 107", one "back by 22 ± 32"."""
    seen = without_feet()
    assert seen.text
    assert replace(seen, lean_deg=lean_deg, lean_sd_deg=lean_sd_deg).text == ""


def test_only_pictures_that_show_hips_and_knees_are_chosen() -> None:
    seen = without_feet()
    xy_px = seen.track.xy_px.copy()
    xy_px[:90, LEFT.knee] = np.nan
    late = replace(seen, track=replace(seen.track, xy_px=xy_px))
    assert len(late.rows) == 3
    assert min(late.rows) >= 90
    xy_px[:, LEFT.knee] = np.nan
    assert replace(seen, track=replace(seen.track, xy_px=xy_px)).rows == ()


def test_the_pictures_show_the_skeleton_and_never_replace_somebody_elses(tmp_path: Path) -> None:
    seen = without_feet()
    (written,) = write_seen([seen], tmp_path / "out")
    drawn, plain = cv2.imread(str(written)), cv2.imread(str(written), cv2.IMREAD_GRAYSCALE)
    assert drawn.shape[1] > 2 * plain.shape[0] * truth(SIDE).size_px[0] / truth(SIDE).size_px[1]
    assert (np.ptp(drawn.astype(int), axis=2) > 150).sum() > 200, "no coloured bones"
    assert write_seen([seen], tmp_path / "out") == (written,), "its own are replaced"
    written.write_bytes(b"mine")
    with pytest.raises(OutputFailed):
        write_seen([seen], tmp_path / "out")
    assert written.read_bytes() == b"mine"
