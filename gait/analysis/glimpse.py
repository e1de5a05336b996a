"""A clip in which somebody was followed and nothing can be measured: who it was, and how the trunk leans."""

from dataclasses import dataclass, replace

import numpy as np

from gait.body import LEFT, RIGHT, Side
from gait.metrics.catalogue import LEAN
from gait.motion.angles import lean_deg
from gait.motion.signals import clean
from gait.motion.timebase import untested
from gait.motion.view import Viewpoint
from gait.pose.posetrack import PoseTrack
from gait.video.clip import Clip, stored_fps

PICTURES = 3
"""As many as show that the right person was followed."""

STRAIGHT_DEG = 20.0
"""A view turned further from the side shows another lean; a judgement."""

FARTHEST_DEG = 45.0
"""Lean beyond which nobody runs, as in the starting blocks: nothing is said of it; a judgement."""

WIDEST_DEG = 15.0
"""Two standard deviations beyond which a lean says nothing of a runner's trunk; a judgement."""


@dataclass(frozen=True, eq=False)
class Glimpse:
    """Whom the tool followed, for pictures, and what little can be said."""

    clip: Clip
    track: PoseTrack
    near: Side | None
    lean_deg: float
    """Trunk against upright, mean of what is seen, plus: forward; NaN unless seen straight from the side."""
    lean_sd_deg: float
    """One standard deviation; what the trunk swings while it is seen is in it."""

    @property
    def text(self) -> str:
        """What can be said; empty if nothing can."""
        runs = abs(self.lean_deg) <= FARTHEST_DEG and 2 * self.lean_sd_deg <= WIDEST_DEG
        if not runs:
            return ""
        way = "forward" if self.lean_deg >= 0 else "back"
        return (
            f"What was seen of the runner: the trunk leans {way} by {abs(self.lean_deg):.0f} ± "
            f"{2 * self.lean_sd_deg:.0f} degrees (an estimate, no verdict)."
        )

    @property
    def rows(self) -> tuple[int, ...]:
        """Rows of the track to be shown: evenly spread over those in which hips and knees are seen."""
        points = [point for leg in (LEFT, RIGHT) for point in (leg.hip, leg.knee)]
        whole = np.flatnonzero(np.isfinite(self.track.xy_px[:, points]).all(axis=(1, 2)))
        if not len(whole):
            return ()
        places = (np.arange(PICTURES) + 0.5) / PICTURES * len(whole)
        return tuple(int(row) for row in np.unique(whole[places.astype(int)]))


def glimpse(clip: Clip, track: PoseTrack, view: Viewpoint) -> Glimpse:
    """Read off a track what needs neither feet nor a rhythm."""
    mean, sd = (float("nan"),) * 2
    if view.view.sagittal and view.turn_deg <= STRAIGHT_DEG:
        pts_s = clip.pts_s[track.frame[0] : track.frame[-1] + 1]
        motion = clean(_with_ankles(track), untested(stored_fps(pts_s), float(clip.pts_s[0])), view)
        each = lean_deg(motion)
        seen = each[np.isfinite(each)]
        if len(seen):
            mean = float(seen.mean())
            sd = float(np.linalg.norm([LEAN.systematic, motion.roll.sd_deg, seen.std()]))
    return Glimpse(clip, track, view.near, mean, sd)


def _with_ankles(track: PoseTrack) -> PoseTrack:
    """Put ankles that were not seen a thigh's length below the knee: they only set the scale here."""
    xy_px = track.xy_px.copy()
    for leg in (LEFT, RIGHT):
        unseen = np.isnan(xy_px[:, leg.ankle]).any(axis=1)
        thigh_px = np.linalg.norm(xy_px[:, leg.knee] - xy_px[:, leg.hip], axis=1)
        below = xy_px[:, leg.knee] + np.column_stack([np.zeros_like(thigh_px), thigh_px])
        xy_px[unseen, leg.ankle] = below[unseen]
    return replace(track, xy_px=xy_px)
