"""Prove how fast a clip was filmed, or ask."""

from gait.errors import NoRunner, TooFewSteps, UnknownCaptureRate, Walking
from gait.motion import timebase
from gait.motion.altered import require_as_filmed
from gait.motion.contact import MIN_STEPS
from gait.motion.evenness import sampling
from gait.motion.physics import Known, seen_at
from gait.motion.rates import Stored, possible
from gait.motion.rhythm import NOT_RUNNING, WALKING, is_walking, one_leg_stands, stride_s
from gait.motion.signals import clean
from gait.motion.tempo import require_one_speed
from gait.motion.timebase import DISAGREE, Seen, TimeBase
from gait.motion.view import Viewpoint
from gait.pose.posetrack import PoseTrack
from gait.video.clip import Clip, stored_fps

FEWEST_STEPS = 4.0
"""Steps below which no question is asked: too little would be measured whatever the answer."""
RUNNERS_SPM = (140.0, 220.0)
"""Steps a minute as a file plays at which so few steps are taken for real time, as an estimate."""
WALKERS_SPM = (70.0, 140.0)
"""Steps a minute of walkers."""


def prove(
    clip: Clip,
    pose: PoseTrack,
    view: Viewpoint,
    known: Known,
    capture_fps: float | None,
) -> TimeBase:
    """Take the rate that the user gave, else the one at which the run is a run.

    Where a step or two prove nothing, the file's own rate is taken, unproven.

    Raises
    ------
    NoRunner
        If the legs have no rhythm, or one of them stands all the time.
    NotAsFilmed
        If the film clearly plays backward or at two speeds, or its picture was clearly stretched.
    Walking
        If this is a walk.
    TooFewSteps
        If the file's own rate makes nobody's rhythm, and too little is seen to ask about another.
    UnknownCaptureRate
        If no rate that the file can have, or more than one, makes this a run.
    """
    stretch = clip.pts_s[pose.frame[0] : pose.frame[-1] + 1]
    fps = stored_fps(stretch) / pose.footage.spacing
    stored = Stored(fps, clip.tagged_capture_fps, sampling(pose))
    start_s = float(clip.pts_s[0])
    motion = clean(pose, timebase.untested(stored.fps, start_s), view)
    require_one_speed(motion)
    period_s = stride_s(motion)
    if one_leg_stands(motion):
        raise NoRunner(NOT_RUNNING)
    if is_walking(motion, period_s):
        raise Walking(WALKING.format(clip.path.name))
    require_as_filmed(motion, period_s)
    seen = _seen(pose, stored, view, known, 120 / period_s)
    candidates = timebase.weigh(stored, possible(stored, capture_fps), seen)
    if capture_fps is not None:
        return timebase.given(candidates, capture_fps, stored.fps, start_s)
    try:
        return timebase.decide(candidates, stored, seen, start_s, clip.path.name)
    except UnknownCaptureRate:
        require_one_speed(motion, rate_unknown=True)
        steps = 2 * float(pose.pts_s[-1] - pose.pts_s[0]) / period_s
        if steps < FEWEST_STEPS:
            low, high = RUNNERS_SPM
            if low <= seen.at(1.0).cadence_spm <= high:
                return timebase.as_it_plays(stored.fps, seen, start_s)
            raise TooFewSteps(int(steps), MIN_STEPS) from None
        if _walks(seen):
            raise Walking(WALKING.format(clip.path.name)) from None
        raise


def _seen(pose: PoseTrack, stored: Stored, view: Viewpoint, known: Known, slow_spm: float) -> Seen:
    """Look at the run at the factor that its rhythm gives, and again at the one that all signs give."""
    factor = timebase.CADENCE_SPM / slow_spm
    for _ in range(2):
        base = timebase.untested(stored.fps, 0.0, factor)
        seen = seen_at(pose, base, view, known, slow_spm * factor)
        factor = seen.best_factor
    return seen


def _walks(seen: Seen) -> bool:
    """True if the steps are a walker's as the file plays, and the body hardly bounces for that rhythm."""
    low, high = WALKERS_SPM
    return low <= seen.at(1.0).cadence_spm <= high and seen.disagreement > DISAGREE
