"""Prove how fast a clip was filmed, or ask."""

from gait.errors import Walking
from gait.motion import timebase
from gait.motion.physics import Known, seen_at
from gait.motion.rhythm import WALKING, is_walking, stride_s
from gait.motion.signals import clean
from gait.motion.timebase import Seen, TimeBase
from gait.motion.view import Viewpoint
from gait.pose.posetrack import PoseTrack
from gait.video.clip import Clip, stored_fps


def prove(
    clip: Clip,
    pose: PoseTrack,
    view: Viewpoint,
    known: Known,
    capture_fps: float | None,
) -> TimeBase:
    """Take the rate that the user gave, else the one factor at which the run is a run.

    Raises
    ------
    NoRunner
        If the legs have no rhythm.
    Walking
        If this is a walk.
    UnknownCaptureRate
        If no factor, or more than one, makes this a run.
    """
    stretch = clip.pts_s[pose.frame[0] : pose.frame[-1] + 1]
    fps, start_s = stored_fps(stretch) / pose.footage.spacing, float(clip.pts_s[0])
    asked = TimeBase(fps, 1.0, 0.0, (), given=False, start_s=start_s)
    motion = clean(pose, asked, view)
    period_s = stride_s(motion)
    if is_walking(motion, period_s):
        raise Walking(WALKING.format(clip.path.name))
    slow = Seen(1.0, 120 / period_s, float("nan"), float("nan"))
    tried: list[Seen] = []
    for factor in timebase.factors(fps, clip.tagged_capture_fps, capture_fps):
        cadence_spm = slow.cadence_spm * factor
        if timebase.plausible(cadence_spm):
            base = TimeBase(factor * fps, factor, 0.0, (), given=False, start_s=start_s)
            tried.append(seen_at(pose, base, view, known, cadence_spm))
    candidates = timebase.weigh(fps, clip.tagged_capture_fps, tried)
    if capture_fps is not None:
        return timebase.given(candidates, capture_fps, fps, start_s)
    return timebase.decide(candidates, slow, start_s, clip.path.name)
