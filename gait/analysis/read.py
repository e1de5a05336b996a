"""From a file to a clip that is timed and whose steps are found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gait.analysis.clip import ClipAnalysis, Refused
from gait.analysis.glimpse import PICTURES, Glimpse, glimpse, passing_glimpse
from gait.analysis.hands import with_hand_marks
from gait.analysis.hips import with_hip_marks
from gait.analysis.request import ClipRequest, Request, ViewFacts, clip_ids
from gait.body import View
from gait.errors import (
    GaitError,
    ModelUnavailable,
    NoRunner,
    NotAsFilmed,
    TooFewSteps,
    UnknownCaptureRate,
    UnreadableClip,
    Walking,
    WhichRunner,
)
from gait.motion.contact import in_pictures
from gait.motion.events import contacts, has_flight
from gait.motion.pelvis import Waist, frontal_contacts, pelvis_line_deg
from gait.motion.physics import Known
from gait.motion.proof import prove
from gait.motion.rhythm import WALKING, stride_s
from gait.motion.signals import clean
from gait.motion.timebase import CADENCE_SPM, TimeBase, untested
from gait.motion.view import Viewpoint, viewpoint
from gait.pose import cache
from gait.pose import model as models
from gait.pose.landmarker import VERSION as MEDIAPIPE_VERSION
from gait.pose.posetrack import PoseTrack
from gait.pose.sighted import sighted
from gait.pose.track import STEPS, WHOEVER_RUNS, Wish, track
from gait.pose.waist import waist_edge, waist_pictures, waist_tape
from gait.quality import gates
from gait.video.clip import Clip, stored_fps
from gait.video.reader import open_clip
from gait.watch.run import Counted, counted

Progress = Callable[[str, int, int], None]
"""Called with the clip that is being read, the frames done and the frames to do."""
Read = ClipAnalysis | Refused
LONGEST_S = 60.0
"""Of a clip that plays longer the rest is taken for slow motion, where the watch's minute is looked for."""


def silent(what: str, done: int, total: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, eq=False)
class _Seen:
    """One clip whose runner is followed; its time base is not yet known."""

    id: str
    wanted: ClipRequest
    clip: Clip
    track: PoseTrack
    view: Viewpoint
    watch: Counted | None = None
    """What the runner's watch counted meanwhile; None without."""


def read_clips(request: Request, progress: Progress = silent) -> tuple[Read, ...]:
    """Read every clip of a request, in its order; what cannot be read is refused by itself.

    Clips from the side are timed first: what they show of the runner's rhythm helps to time the others.

    Raises
    ------
    GaitError
        If the fault is ours or this computer's: no clip could be read then.
    """
    known = Known(request.runner.height_cm or np.nan, request.runner.speed_kmh or np.nan)
    named = zip(clip_ids(request.clips), request.clips, strict=True)
    steps = np.inf if request.whole else STEPS
    ask = _Ask(steps, request.of_views, progress, request.runner.incline_pct)
    seen = [_with_watch(_seen(id, clip, ask), request) for id, clip in named]
    return _timed_together(seen, known)


def read_clip(
    wanted: ClipRequest,
    known: Known = Known(),  # noqa: B008 - frozen
    progress: Progress = silent,
) -> Read:
    """Read one clip alone.

    Raises
    ------
    GaitError
        If the fault is ours or this computer's.
    """
    seen = _seen(clip_ids([wanted])[0], wanted, _Ask(progress=progress))
    return seen if isinstance(seen, Refused) else _timed(seen, known)


def the_model() -> models.Model:
    """The pose model that everything is read with."""
    (model,) = models.read_manifest()
    return model


def read_track(
    clip: Clip,
    wish: Wish = WHOEVER_RUNS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> PoseTrack:
    """Read the runner's landmarks, or take them from an earlier time.

    Raises
    ------
    GaitError
        If there is no runner, or it cannot be told who is meant.
    """
    model = the_model()
    model_file = models.ensure(model)
    made_from = (clip.sha256, model.sha256, MEDIAPIPE_VERSION, wish.steps, wish.person, wish.mended)
    return cache.remember(made_from, lambda: track(clip, model_file, progress, wish))


def _with_watch(seen: _Seen | Refused, request: Request) -> _Seen | Refused:
    if isinstance(seen, Refused):
        return seen
    pts_s = seen.clip.pts_s
    lasts_s = min(float(pts_s[-1] - pts_s[0]), LONGEST_S)
    return replace(seen, watch=counted(request.watch, request.filmed_on, seen.clip.created, lasts_s))


def _refused(id: str, wanted: ClipRequest, error: GaitError) -> Refused:
    if error.exit_status != GaitError.exit_status:
        raise error
    error.clip = id
    return Refused(id, wanted.path.name, error)


@dataclass(frozen=True)
class _Ask:
    """What holds for every clip."""

    steps: float = STEPS
    of_views: tuple[ViewFacts, ...] = ()
    progress: Progress = silent
    incline_pct: float | None = None
    """Rise of the belt, which is not the phone's lean; None if nobody said."""


def _seen(id: str, wanted: ClipRequest, ask: _Ask) -> _Seen | Refused:
    try:
        clip = open_clip(wanted.path)
    except GaitError as error:
        return _refused(id, wanted, error)
    try:
        pose, view = _followed(id, wanted, clip, ask)
    except NoRunner as error:
        return replace(_refused(id, wanted, error), glimpse=_passing(clip))
    except GaitError as error:
        return _refused(id, wanted, error)
    rate = next((f.capture_fps for f in ask.of_views if f.view is view.view and f.capture_fps), None)
    upright = clip.turned(pose.quarters)
    if ask.incline_pct is not None and pose.plumb is not None and view.view.sagittal:
        pose = replace(pose, plumb=pose.plumb.on_incline(ask.incline_pct, view.forward_sign))
    return _Seen(id, replace(wanted, capture_fps=wanted.capture_fps or rate), upright, pose, view)


def _passing(clip: Clip) -> Glimpse | None:
    """Whom a clip shows in which nobody could be followed; None if nobody, or if it cannot be read again."""
    try:
        return passing_glimpse(sighted(clip, models.ensure(the_model()), PICTURES))
    except (UnreadableClip, ModelUnavailable):
        return None


def _followed(id: str, wanted: ClipRequest, clip: Clip, ask: _Ask) -> tuple[PoseTrack, Viewpoint]:
    """Follow the person meant; where several run, the one whom the user named for this view."""

    def follow(person: int | None) -> tuple[PoseTrack, Viewpoint]:
        wish = Wish(ask.steps, person)
        pose = read_track(clip, wish, lambda done, total: ask.progress(id, done, total))
        return _named_sides(pose, viewpoint(pose), wanted)

    try:
        return follow(wanted.person)
    except WhichRunner:
        for facts in ask.of_views:
            if facts.person is not None:
                pose, view = follow(facts.person)
                if view.view is facts.view:
                    return pose, view
        raise


def _named_sides(pose: PoseTrack, view: Viewpoint, wanted: ClipRequest) -> tuple[PoseTrack, Viewpoint]:
    """Exchange left and right where the film is mirrored."""
    shows_the_other = wanted.near is not None and view.near is wanted.near.other
    if wanted.mirrored or shows_the_other:
        return pose.renamed(), view.mirrored()
    return pose, view


def _timed_together(seen: Sequence[_Seen | Refused], known: Known) -> tuple[Read, ...]:
    """Time the clips, those from the side first; who asks is tried again with the others' rhythm."""
    done: dict[str, Read] = {each.clip: each for each in seen if isinstance(each, Refused)}
    followed = [each for each in seen if isinstance(each, _Seen)]
    for each in sorted(followed, key=lambda s: (s.wanted.capture_fps is None, not s.view.view.sagittal)):
        done[each.id] = _timed(each, _with_rhythm(each, done, known))
    for each in followed:
        if _rate_unknown(done[each.id]):
            done[each.id] = _timed(each, _with_rhythm(each, done, known))
    return tuple(done[each.clip if isinstance(each, Refused) else each.id] for each in seen)


def _rate_unknown(read: Read) -> bool:
    return isinstance(read, Refused) and isinstance(read.error, UnknownCaptureRate)


def _with_rhythm(seen: _Seen, done: dict[str, Read], known: Known) -> Known:
    """What the watch counted in the clip, or else how the runner runs in the clips that are timed."""
    timed = [read for read in done.values() if isinstance(read, ClipAnalysis)]
    if seen.watch is not None and (seen.watch.sd < known.cadence_sd or not timed):
        return replace(known, cadence_spm=seen.watch.spm, cadence_sd=seen.watch.sd)
    return replace(known, cadence_spm=120 / timed[0].stride_s) if timed else known


def _timed(seen: _Seen, known: Known) -> Read:
    """Read one clip up to its contacts; refuse what shows nobody who runs."""
    try:
        gates.require_feet(seen.track, seen.view)
        base = prove(seen.clip, seen.track, seen.view, known, seen.wanted.capture_fps)
        if seen.watch is not None:
            base = replace(base, evidence=(*base.evidence, seen.watch.text))
        return _landed(seen, base)
    except UnknownCaptureRate as question:
        asked = _refused(seen.id, seen.wanted, _with_what_was_counted(question, seen.watch))
        return replace(asked, meanwhile=_meanwhile(seen, question))
    except TooFewSteps as error:
        return replace(_refused(seen.id, seen.wanted, error), meanwhile=_meanwhile(seen, error))
    except NotAsFilmed as error:
        shown = replace(glimpse(seen.clip, seen.track, seen.view), text="")
        return replace(_refused(seen.id, seen.wanted, error), glimpse=shown)
    except NoRunner as error:
        shown = glimpse(seen.clip, seen.track, seen.view)
        reason = gates.why_no_rhythm(error, seen.track)
        return replace(_refused(seen.id, seen.wanted, reason), glimpse=shown)
    except GaitError as error:
        return _refused(seen.id, seen.wanted, error)


def _landed(seen: _Seen, base: TimeBase) -> ClipAnalysis:
    """One clip whose time is known, with its contacts."""
    motion = clean(seen.track, base, seen.view)
    period_s = stride_s(motion)
    found = contacts(motion, period_s) if seen.view.near else frontal_contacts(motion, period_s)
    if not has_flight(found, period_s):
        raise Walking(WALKING.format(seen.clip.path.name))
    found = tuple(in_pictures(contact, base.capture_fps) for contact in found)
    read = ClipAnalysis(seen.id, seen.clip, base, seen.track, motion, period_s, found, found)
    read = with_hand_marks(read, seen.wanted.hands)
    if seen.wanted.hips is not None:
        return with_hip_marks(read, seen.wanted.hips)
    return replace(read, waist=_waist(read, seen.wanted.tape))


def _meanwhile(seen: _Seen, error: UnknownCaptureRate | TooFewSteps) -> ClipAnalysis | None:
    """The clip at a likely rate; None if it names none, or nothing can be read of it so.

    A rate off by a fifth moves overstride by less than 1 % of the leg and angles by less than 2 degrees.
    """
    try:
        return _landed(seen, _likely(seen, error))
    except GaitError:
        return None


def _likely(seen: _Seen, error: UnknownCaptureRate | TooFewSteps) -> TimeBase:
    """The first rate that a question names, else the one at which the rhythm is a runner's usual one."""
    track, pts_s = seen.track, seen.clip.pts_s
    stored = stored_fps(pts_s[track.frame[0] : track.frame[-1] + 1]) / track.footage.spacing
    start_s = float(pts_s[0])
    if isinstance(error, UnknownCaptureRate) and error.rates_fps:
        factor = error.rates_fps[0] / stored
    else:
        factor = CADENCE_SPM / 120 * stride_s(clean(track, untested(stored, start_s), seen.view))
    evidence = f"none; {factor * stored:.4g} frames/s would make it a usual run"
    return replace(untested(stored, start_s, factor), evidence=(evidence,))


def _with_what_was_counted(question: UnknownCaptureRate, watch: Counted | None) -> UnknownCaptureRate:
    if watch is None:
        return question
    return UnknownCaptureRate(f"{question} In this, {watch.text}.", question.rates_fps)


def _waist(read: ClipAnalysis, tape: bool | None) -> Waist | None:
    """Follow the tape on the waistband of a clip from behind, or without tape the waistband's edge."""
    cut = waist_pictures(read.clip, read.track) if read.view is View.REAR else None
    if cut is None:
        return None
    tape_px = waist_tape(cut) if tape is not False else None
    if tape_px is not None:
        return Waist(pelvis_line_deg(tape_px, read.track, read.base, read.motion))
    edge_px, edge = waist_edge(cut)
    return Waist(pelvis_line_deg(edge_px, read.track, read.base, read.motion), "edge", edge.flaw)
