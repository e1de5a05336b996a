"""A runner who passes, is followed by a camera, recedes or comes nearer is measured as on a belt."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from gait.analysis import ClipAnalysis
from gait.body import LEFT, Side
from gait.metrics.measure import measure
from gait.motion.events import belt_speed_legs_s
from gait.motion.reference import reference_of
from gait.pose.posetrack import PoseTrack
from gait.validate.events import match
from tests.truth import exact_clip, part, perfect_track, read, real_time, truth

NAMES = ("runner_a_side_120", "runner_d_side_120", "runner_c_side_60_bystander")
HALF_A_PICTURE_MS = 8.0
CLOSE = {
    "overstride_pct_leg": 0.8,
    "shank_deg": 0.8,
    "lean_deg": 0.4,
    "knee_flexion_touchdown_deg": 1.2,
    "oscillation_pct_leg": 0.4,
    "cadence_spm": 0.3,
}


def on_the_move(name: str, way: str) -> PoseTrack:
    """A runner on a belt, seen as by a camera that stands beside a road, pans, or is left behind."""
    track, known = perfect_track(name), truth(name)
    time_s = track.pts_s - track.pts_s[0]
    leg_px = exact_clip(name).motion.leg_px
    forward = exact_clip(name).motion.viewpoint.forward_sign
    middle = np.array(track.size_px) * (0.5, 0.45)
    size, shift = np.ones(len(time_s)), np.zeros((len(time_s), 2))
    if way == "crossing":
        shift[:, 0] = forward * known.speed_m_s / known.leg_m * leg_px * (time_s - time_s.mean())
    elif way == "panned":
        shift[:, 0] = leg_px * 0.8 * np.sin(2 * np.pi * time_s / 3.3)
        shift[:, 1] = leg_px * 0.25 * np.sin(2 * np.pi * time_s / 4.1)
    else:
        sign = -1 if way == "receding" else 1
        size = 2.2 ** (sign * (time_s / time_s[-1] - 0.5))
    xy_px = middle + (track.xy_px - middle) * size[:, None, None] + shift[:, None]
    return replace(track, xy_px=xy_px, size_px=(10 * track.size_px[0], track.size_px[1]))


def values(clip: ClipAnalysis) -> dict[str, float]:
    found = measure(clip.run(None))
    return {m.name: m.value for m in found if m.name in CLOSE and m.side in (None, clip.near)}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", ["crossing", "panned", "receding", "nearing"])
def test_what_the_camera_does_moves_no_number(name: str, way: str) -> None:
    still = values(exact_clip(name))
    moved = values(read(on_the_move(name, way), real_time(truth(name).capture_fps)))
    for quantity, close in CLOSE.items():
        assert moved[quantity] == pytest.approx(still[quantity], abs=close), quantity


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", ["crossing", "receding"])
def test_every_landing_is_found_where_it_is(name: str, way: str) -> None:
    known = truth(name)
    clip = read(on_the_move(name, way), real_time(known.capture_fps))
    span_s = (float(clip.motion.time_s[0]), float(clip.motion.time_s[-1]))
    for side in Side:
        found = match([c for c in clip.contacts if c.side is side], known.contacts[side], span_s)
        assert (found.missed, found.false) == (0, 0)
        assert np.median(np.abs(found.touchdown_ms)) < HALF_A_PICTURE_MS


@pytest.mark.parametrize("way", ["crossing", "panned", "receding", "nearing"])
def test_the_planted_foot_goes_as_fast_as_the_runner_runs(way: str) -> None:
    name = "runner_a_side_120"
    known = truth(name)
    clip = read(on_the_move(name, way), real_time(known.capture_fps))
    assert clip.near is not None
    speed = np.median(belt_speed_legs_s(clip.motion, clip.near, clip.stride_s))
    assert speed == pytest.approx(known.speed_m_s / known.leg_m, rel=0.06)


@pytest.mark.parametrize("way", ["crossing", "receding"])
def test_a_point_of_the_picture_is_where_the_motion_has_it(way: str) -> None:
    """Of a runner who moves through the picture, filmed by a phone that leans."""
    name = "runner_a_side_120"
    motion = read(on_the_move(name, way), real_time(truth(name).capture_fps)).motion
    leaning = replace(motion, roll=replace(motion.roll, deg=2.0))
    for row in (60, 400):
        time_s = float(leaning.time_s[row])
        back = leaning.from_picture(leaning.pixels_at(time_s), time_s)
        seen = np.isfinite(leaning.xy[row])
        assert seen.any()
        np.testing.assert_allclose(back[seen], leaning.xy[row][seen], atol=1e-9)


def test_the_skeleton_is_drawn_where_the_runner_is() -> None:
    name = "runner_a_side_120"
    track = on_the_move(name, "receding")
    clip = read(track, real_time(truth(name).capture_fps))
    picture = len(track.pts_s) // 4
    drawn: NDArray[np.float64] = clip.motion.pixels_at(float(track.pts_s[picture] - track.pts_s[0]))
    seen = track.xy_px[picture]
    assert np.abs(drawn[LEFT.knee] - seen[LEFT.knee]).max() < 0.03 * clip.motion.leg_px


@pytest.mark.parametrize("name", NAMES)
def test_on_a_belt_nothing_is_taken_off(name: str) -> None:
    track = perfect_track(name)
    assert not reference_of(track.pts_s, track.xy_px).travels
    assert exact_clip(name).motion.reference is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("strides", [1.4, 2.2])
def test_a_stride_or_two_tell_the_rhythm_to_a_tenth(name: str, strides: float) -> None:
    track, still = perfect_track(name), exact_clip(name)
    first = round(0.3 * truth(name).capture_fps)
    seen = slice(first, first + round(strides * still.stride_s * truth(name).capture_fps))
    clip = read(part(track, seen), real_time(truth(name).capture_fps))
    assert clip.stride_s == pytest.approx(still.stride_s, rel=0.1)
    (cadence,) = [m for m in measure(clip.run(None)) if m.name == "cadence_spm"]
    assert abs(cadence.value - values(still)["cadence_spm"]) < 2 * cadence.uncertainty
