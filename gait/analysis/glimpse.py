"""A clip in which somebody is seen and nothing can be measured: who it is, and what little can be said."""

from dataclasses import dataclass, replace

import numpy as np

from gait.body import LEFT, RIGHT, Side
from gait.metrics.catalogue import LEAN
from gait.motion.angles import lean_deg
from gait.motion.signals import clean
from gait.motion.timebase import untested
from gait.motion.view import Viewpoint
from gait.pose.people import Sighting
from gait.pose.posetrack import Person, PoseTrack
from gait.pose.sighted import Sighted
from gait.video.clip import Clip, stored_fps

PICTURES = 3
"""As many as show who is meant."""

STRAIGHT_DEG = 20.0
"""A view turned further from the side shows another lean; a judgement."""

RUNS_DEG = (-10.0, 45.0)
"""Leans beyond which nobody runs: whoever rises from the starting blocks leans farther, or seems to lean back
where the model takes him to face the other way. Nothing is said of them; judgements."""

WIDEST_DEG = 15.0
"""Two standard deviations beyond which a lean says nothing of a runner's trunk; a judgement."""


@dataclass(frozen=True, eq=False)
class Glimpse:
    """Whom the tool saw, for pictures, and what little can be said."""

    clip: Clip
    pictures: tuple[Sighting, ...]
    """Those to be shown, in order, each with whose skeletons; empty if there is none."""
    near: Side | None
    title: str
    """Whom they show."""
    text: str
    """What can be said; empty if nothing can."""


@dataclass(frozen=True)
class TrunkLean:
    """Trunk against upright, mean of what is seen; NaN unless seen straight from the side."""

    deg: float
    """Plus: forward."""
    sd_deg: float
    """One standard deviation; what the trunk swings while it is seen is in it."""

    def __str__(self) -> str:
        runs = RUNS_DEG[0] <= self.deg <= RUNS_DEG[1] and 2 * self.sd_deg <= WIDEST_DEG
        if not runs:
            return ""
        return (
            f"Of the person who was followed: the trunk leans {'forward' if self.deg >= 0 else 'back'} by "
            f"{abs(self.deg):.0f} ± {2 * self.sd_deg:.0f} degrees (an estimate, no verdict)."
        )


def glimpse(clip: Clip, track: PoseTrack, view: Viewpoint) -> Glimpse:
    """Show whom the tool followed, in pictures evenly spread over those in which hips and knees are seen."""
    points = [point for leg in (LEFT, RIGHT) for point in (leg.hip, leg.knee)]
    whole = np.flatnonzero(np.isfinite(track.xy_px[:, points]).all(axis=(1, 2)))
    places = (np.arange(PICTURES) + 0.5) / PICTURES * len(whole)
    pictures = tuple(
        Sighting(int(track.frame[row]), [Person(track.xy_px[row], track.visibility[row])])
        for row in whole[np.unique(places.astype(int))[: len(whole)]]
    )
    text = str(trunk_lean(clip, track, view)) if pictures else ""
    return Glimpse(clip, pictures, view.near, "The person who was followed", text)


def passing_glimpse(seen: Sighted) -> Glimpse | None:
    """Show whom the tool saw where nobody could be followed; None if it saw nobody."""
    if not seen.pictures:
        return None
    text = (
        f"Somebody is seen with hips and knees in {seen.seen} of {seen.looked} pictures looked at; the "
        f"tallest of those shown fills {100 * seen.height_share:.0f} % of the picture's height. Nobody could "
        "be followed from step to step, so nothing is measured."
    )
    return Glimpse(seen.clip, seen.pictures, None, "People as they are seen best", text)


def trunk_lean(clip: Clip, track: PoseTrack, view: Viewpoint) -> TrunkLean:
    """Read off a track what needs neither feet nor a rhythm."""
    if not view.view.sagittal or view.turn_deg > STRAIGHT_DEG:
        return TrunkLean(float("nan"), float("nan"))
    pts_s = clip.pts_s[track.frame[0] : track.frame[-1] + 1]
    motion = clean(_with_ankles(track), untested(stored_fps(pts_s), float(clip.pts_s[0])), view)
    each = lean_deg(motion)
    seen = each[np.isfinite(each)]
    if not len(seen):
        return TrunkLean(float("nan"), float("nan"))
    sd_deg = float(np.linalg.norm([LEAN.systematic, motion.roll.sd_deg, seen.std()]))
    return TrunkLean(float(seen.mean()), sd_deg)


def _with_ankles(track: PoseTrack) -> PoseTrack:
    """Put ankles that were not seen a thigh's length below the knee: they only set the scale here."""
    xy_px = track.xy_px.copy()
    for leg in (LEFT, RIGHT):
        unseen = np.isnan(xy_px[:, leg.ankle]).any(axis=1)
        thigh_px = np.linalg.norm(xy_px[:, leg.knee] - xy_px[:, leg.hip], axis=1)
        below = xy_px[:, leg.knee] + np.column_stack([np.zeros_like(thigh_px), thigh_px])
        xy_px[unseen, leg.ankle] = below[unseen]
    return replace(track, xy_px=xy_px)
