"""How often the model takes one leg for the other, before and after the repair."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.analysis import read_track
from gait.body import LIMBS, Side
from gait.errors import GaitError
from gait.pose.posetrack import PoseTrack
from gait.pose.track import Wish
from gait.validate.landmarks import Joints, read_joints
from gait.validate.truth import Truth
from gait.video.reader import open_clip

CLEARLY_APART_LEGS = 0.15
"""Distance between the two legs, in leg lengths, from which one can be told from the other."""


@dataclass(frozen=True)
class Swapped:
    """Frames of one clip in which a leg's landmarks lie on the other leg."""

    clip: str
    foot: str
    """``near`` or ``far``."""
    frames: int
    """In which the legs are clearly apart and the leg was seen."""
    before: int
    after: int


def swapped(truth: Truth, named: PoseTrack, mended: PoseTrack) -> tuple[Swapped, Swapped]:
    """Count the frames in which knee, ankle, heel and toe lie nearer to the other leg's than to their own.

    Parameters
    ----------
    named, mended
        The track with the legs as the model names them, and as this tool uses it.
    """
    joints, near = read_joints(truth), Side(truth.view)
    both = []
    for foot, side in (("near", near), ("far", near.other)):
        before, _ = _on_the_other_leg(joints, named, side)
        after, frames = _on_the_other_leg(joints, mended, side)
        both.append(Swapped(truth.clip.stem, foot, frames, before, after))
    return both[0], both[1]


def count(truth: Truth) -> tuple[Swapped, ...]:
    """Read a side clip twice, without and with the repair; nothing if it is refused."""
    clip = open_clip(truth.clip)
    try:
        return swapped(truth, read_track(clip, Wish(mended=False)), read_track(clip))
    except GaitError:
        return ()


def as_text(rows: Sequence[Swapped]) -> str:
    """Print the share of frames with a leg on the other one, near and far, before and after the repair."""
    lines = [f"{'leg':6}{'clips':>7}{'frames':>8}{'before':>9}{'after':>9}"]
    for foot in ("near", "far"):
        mine = [row for row in rows if row.foot == foot]
        frames, before, after = (sum(getattr(row, f) for row in mine) for f in ("frames", "before", "after"))
        if frames:
            lines.append(
                f"{foot:6}{len(mine):7}{frames:8}{100 * before / frames:7.2f} %{100 * after / frames:7.2f} %"
            )
    for row in rows:
        if row.before or row.after:
            lines.append(f"  {row.clip}, {row.foot}: {row.before} -> {row.after} of {row.frames}")
    return "\n".join(lines)


def _on_the_other_leg(joints: Joints, track: PoseTrack, side: Side) -> tuple[int, int]:
    found = track.xy_px[:, list(LIMBS[side].leg)]
    own, other = (
        np.stack([joints.px[point][track.frame] for point in LIMBS[which].leg], axis=1)
        for which in (side, side.other)
    )
    apart, to_own, to_other = (
        np.linalg.norm(difference, axis=2).mean(axis=1)
        for difference in (own - other, found - own, found - other)
    )
    told = np.isfinite(to_own) & (apart > CLEARLY_APART_LEGS * joints.px_per_m * joints.leg_m)
    return int((told & (to_other < to_own)).sum()), int(told.sum())
