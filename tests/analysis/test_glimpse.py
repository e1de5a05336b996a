"""What is shown of a clip in which somebody runs and nothing can be measured."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from gait.analysis import ClipRequest, Refused, Request, read
from gait.analysis.glimpse import Glimpse, TrunkLean, glimpse, passing_glimpse, trunk_lean
from gait.body import LEFT, LIMBS
from gait.errors import OutputFailed
from gait.export.folder import write_seen
from gait.motion.view import viewpoint
from gait.pose.people import Sighting
from gait.pose.posetrack import Person, PoseTrack
from gait.pose.sighted import Sighted
from gait.video.reader import open_clip
from tests.truth import part, perfect_track, truth

SIDE, REAR = "runner_a_side_120", "runner_a_rear_60"


def without_feet(name: str = SIDE, pictures: int = 120) -> PoseTrack:
    track = part(perfect_track(name), slice(0, pictures))
    xy_px = track.xy_px.copy()
    for leg in LIMBS.values():
        xy_px[:, [leg.ankle, leg.heel, leg.toe]] = np.nan
    return replace(track, xy_px=xy_px)


def seen_of(track: PoseTrack, name: str = SIDE) -> Glimpse:
    return glimpse(open_clip(truth(name).clip), track, viewpoint(perfect_track(name)))


@pytest.mark.parametrize("pictures", [30, 120, 700])
def test_the_trunk_of_a_runner_without_feet_leans_as_it_does(pictures: int) -> None:
    track = without_feet(pictures=pictures)
    lean = trunk_lean(open_clip(truth(SIDE).clip), track, viewpoint(track))
    assert abs(lean.deg - truth(SIDE).values["lean_deg", None]) < 2 * lean.sd_deg
    assert f"leans forward by {lean.deg:.0f} ± {2 * lean.sd_deg:.0f}" in seen_of(track).text
    assert lean.sd_deg > 2.3


def test_who_was_followed_is_not_said_to_be_the_runner() -> None:
    """Seen on a sprint filmed from afar: the trunk was a girl's who stands in front and films."""
    seen = seen_of(without_feet())
    assert seen.text
    assert "runner" not in (seen.title + seen.text).lower()


def test_from_behind_no_lean_is_said() -> None:
    seen = seen_of(without_feet(REAR), REAR)
    assert seen.text == ""
    assert seen.pictures


@pytest.mark.parametrize("lean_deg,lean_sd_deg", [(107.0, 3.0), (-22.0, 16.0), (-28.0, 3.0)])
def test_of_somebody_in_the_starting_blocks_nothing_is_said(lean_deg: float, lean_sd_deg: float) -> None:
    """Seen on two sprinters who rise from the blocks: "forward by 107", "back by 22 ± 32" and by 28 ± 6."""
    assert str(TrunkLean(7.0, 3.0))
    assert str(TrunkLean(lean_deg, lean_sd_deg)) == ""


def test_only_pictures_that_show_hips_and_knees_are_chosen() -> None:
    track = without_feet()
    for unseen, shown in ((90, 3), (118, 2), (119, 1), (120, 0)):
        track.xy_px[:unseen, LEFT.knee] = np.nan
        pictures = seen_of(track).pictures
        assert len(pictures) == shown
        assert all(picture.index >= track.frame[unseen] for picture in pictures)


def test_the_pictures_show_the_skeleton_and_never_replace_somebody_elses(tmp_path: Path) -> None:
    seen = seen_of(without_feet())
    (written,) = write_seen([seen], tmp_path / "out")
    drawn, plain = cv2.imread(str(written)), cv2.imread(str(written), cv2.IMREAD_GRAYSCALE)
    assert drawn.shape[1] > 2 * plain.shape[0] * truth(SIDE).size_px[0] / truth(SIDE).size_px[1]
    assert (np.ptp(drawn.astype(int), axis=2) > 150).sum() > 200, "no coloured bones"
    assert write_seen([seen], tmp_path / "out") == (written,), "its own are replaced"
    written.write_bytes(b"mine")
    with pytest.raises(OutputFailed):
        write_seen([seen], tmp_path / "out")
    assert written.read_bytes() == b"mine"


def test_where_nobody_could_be_followed_it_says_how_little_was_seen_and_no_number_of_the_run() -> None:
    track = perfect_track(SIDE)
    people = [Person(xy_px, np.ones(33)) for xy_px in track.xy_px[:2]]
    clip = open_clip(truth(SIDE).clip)
    seen = passing_glimpse(Sighted(clip, (Sighting(4, people), Sighting(9, people[:1])), 24, 7, 0.31))
    assert seen is not None
    assert "in 7 of 24 pictures" in seen.text
    assert "31 % of the picture's height" in seen.text
    assert "nothing is measured" in seen.text
    assert passing_glimpse(Sighted(clip, (), 12, 0, 0.0)) is None


def test_everybody_who_was_seen_is_drawn(tmp_path: Path) -> None:
    track = perfect_track(SIDE)
    one = Person(track.xy_px[0], np.ones(33))
    two = Person(track.xy_px[0] + (100, 0), np.ones(33))
    clip = open_clip(truth(SIDE).clip)

    def bones(people: list[Person]) -> int:
        seen = passing_glimpse(Sighted(clip, (Sighting(0, people),), 24, 1, 0.5))
        assert seen is not None
        (written,) = write_seen([seen], tmp_path / str(len(people)))
        return int((np.ptp(cv2.imread(str(written)).astype(int), axis=2) > 150).sum())

    assert bones([one, two]) > 1.5 * bones([one]) > 100


def test_of_a_picture_pulled_out_of_shape_the_runner_is_shown_and_no_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    track = perfect_track(SIDE)
    pulled = replace(track, xy_px=track.xy_px * (4 / 3, 1.0))
    monkeypatch.setattr(read, "read_track", lambda *_: pulled)
    (refused,) = read.read_clips(Request((ClipRequest(truth(SIDE).clip),)))
    assert isinstance(refused, Refused)
    assert refused.reason.id == "stretched"
    assert refused.glimpse is not None
    assert refused.glimpse.pictures
    assert not refused.glimpse.text
