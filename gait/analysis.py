"""The whole line, in order: one clip (or two) in, one cue out. Nobody else knows the order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import numpy as np

from gait.body import Side, View
from gait.coaching.assessment import Finding, assess
from gait.coaching.cue import Advice, choose
from gait.errors import BadRequest, TooFewSteps, Walking
from gait.metrics.frontal import Waist
from gait.metrics.measure import measure
from gait.metrics.measurement import Measurement
from gait.metrics.stride import Run
from gait.motion import timebase
from gait.motion.events import MIN_STEPS, Contact, belt_speed_legs_s, contacts, has_flight
from gait.motion.pelvis import landings, pelvis_line_deg
from gait.motion.physics import Known
from gait.motion.proof import prove
from gait.motion.rhythm import WALKING, stride_s
from gait.motion.scale import Scale, Speed, belt_over_height, scale_of, speed_of
from gait.motion.signals import Motion, clean
from gait.motion.timebase import TimeBase
from gait.motion.view import viewpoint
from gait.pose import cache
from gait.pose import model as models
from gait.pose.landmarker import VERSION as MEDIAPIPE_VERSION
from gait.pose.posetrack import PoseTrack
from gait.pose.track import STEPS, WHOEVER_RUNS, Wish, track
from gait.pose.waist import waist_tape
from gait.quality import doubts as quality
from gait.quality import gates
from gait.quality.doubts import Doubt
from gait.video.clip import Clip
from gait.video.reader import open_clip

Role = Literal["side", "rear"]
Progress = Callable[[str, int, int], None]
"""Called with what is being read, the frames done and the frames to do."""


@dataclass(frozen=True)
class Request:
    """What the user asks for."""

    side: Path
    rear: Path | None = None
    height_cm: float | None = None
    speed_kmh: float | None = None
    capture_fps: float | None = None
    """Capture rate of the side clip, where its file does not tell."""
    rear_capture_fps: float | None = None
    person: int | None = None
    """Which person of the side clip, counted from the left; None to choose who runs."""
    rear_person: int | None = None
    near: Side | None = None
    """Side of the body that faces the camera at the side; None to see it. Needed for a mirrored film."""
    tape: bool = False
    """The runner of the second clip wears two pieces of tape on the waistband."""
    in_pain: bool = False
    whole: bool = False
    """Read every step of a long clip, not about 20."""


@dataclass(frozen=True, eq=False)
class ClipAnalysis:
    """One clip, seen and timed."""

    role: Role
    clip: Clip
    base: TimeBase
    track: PoseTrack
    motion: Motion
    stride_s: float
    contacts: tuple[Contact, ...]
    waist: Waist | None = None
    """What tape on the waistband shows, where there is said to be some."""

    @property
    def proof(self) -> tuple[str, ...]:
        """What the capture rate rests on, and how often the legs had to be told apart."""
        mixed_pct = 100 * float(self.track.repaired.mean())
        legs = f"left and right leg were mixed up in {mixed_pct:.0f} % of the pictures and put right"
        return (*self.base.evidence, legs) if mixed_pct >= 0.5 else self.base.evidence

    def near_contacts(self) -> tuple[Contact, ...]:
        """Contacts of the foot that faces the camera."""
        return tuple(c for c in self.contacts if c.side is self.motion.viewpoint.near)


@dataclass(frozen=True)
class Provenance:
    """What made these numbers."""

    gait: str
    mediapipe: str
    model_sha256: str


@dataclass(frozen=True, eq=False)
class Analysis:
    """Everything that is known after the analysis."""

    clips: tuple[ClipAnalysis, ...]
    measurements: tuple[Measurement, ...]
    doubts: tuple[Doubt, ...]
    findings: tuple[Finding, ...]
    advice: Advice
    speed: Speed | None
    scale: Scale | None
    provenance: Provenance

    @property
    def side(self) -> ClipAnalysis:
        """The clip filmed from the side."""
        return self.clips[0]

    def measurement(self, name: str) -> Measurement:
        """Return the measurement of this name, of the near leg where there are two.

        Raises
        ------
        KeyError
            If nothing of this name is measured.
        """
        found = [m for m in self.measurements if m.name == name]
        if not found:
            raise KeyError(name)
        return next((m for m in found if m.why_missing is None), found[0])


def analyze(
    request: Request,
    today: date | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Analysis:
    """Analyse a side-view clip, with a rear-view clip if there is one.

    Raises
    ------
    GaitError
        If the input cannot be used; the message says why and what to do.
    """
    scale_of(request.height_cm, request.speed_kmh, np.nan)
    for rate in (request.capture_fps, request.rear_capture_fps):
        timebase.require_rate(rate)
    if request.tape and request.rear is None:
        raise BadRequest("Tape on the waistband is seen from behind: give that clip too (--rear).")
    side_clip = open_clip(request.side)
    rear_clip = open_clip(request.rear) if request.rear else None
    known = Known(request.height_cm or np.nan, request.speed_kmh or np.nan)
    steps = np.inf if request.whole else STEPS

    wish = Wish(steps, request.person)
    tracked = _tracked("side", side_clip, wish, progress)
    side = _read("side", tracked, request.capture_fps, known, request.near)
    if len(side.contacts) < MIN_STEPS:
        raise TooFewSteps(len(side.contacts), MIN_STEPS)
    rear = None
    if rear_clip is not None:
        same = replace(known, cadence_spm=120 / side.stride_s)
        wish = Wish(steps, request.rear_person)
        rear = _read("rear", _tracked("rear", rear_clip, wish, progress), request.rear_capture_fps, same)
        rear = replace(rear, waist=_waist(rear)) if request.tape else rear
    return _judged(request, side, rear, today or date.today())


def read_clip(
    role: Role,
    path: Path,
    progress: Progress = lambda what, done, total: None,
    *,
    tape: bool = False,
) -> ClipAnalysis:
    """Read one clip alone, up to its contacts, and to the tape on the waistband.

    Raises
    ------
    GaitError
        If the clip cannot be used.
    """
    tracked = _tracked(role, open_clip(path), Wish(), progress)
    read = _read(role, tracked, None, Known())
    return replace(read, waist=_waist(read)) if tape else read


def _waist(clip: ClipAnalysis) -> Waist:
    """Follow the tape on the waistband of a clip from behind."""
    tape_px = waist_tape(clip.clip, clip.track) if clip.motion.viewpoint.view is View.REAR else None
    if tape_px is None:
        return Waist(None)
    return Waist(pelvis_line_deg(tape_px, clip.track, clip.base, clip.motion))


def _judged(request: Request, side: ClipAnalysis, rear: ClipAnalysis | None, today: date) -> Analysis:
    near = side.motion.viewpoint.near
    belt = belt_speed_legs_s(side.motion, near, side.stride_s) if near else np.array([])
    legs_per_s = float(np.median(belt)) if len(belt) else np.nan
    scale = scale_of(request.height_cm, request.speed_kmh, legs_per_s)
    speed = speed_of(request.speed_kmh, legs_per_s, scale)
    fit = belt_over_height(request.height_cm, request.speed_kmh, legs_per_s)
    doubts = (
        *quality.check(side.clip, side.track, side.motion, side.base, side.contacts, side.stride_s),
        *quality.check_scale(fit),
    )
    run = Run(side.motion, side.contacts, side.stride_s, scale)
    seen = (rear.motion, rear.stride_s, rear.waist) if rear else (None, np.nan, None)
    measurements = measure(run, speed, *seen)
    findings = assess(measurements, speed, doubts)
    return Analysis(
        clips=(side, rear) if rear else (side,),
        measurements=measurements,
        doubts=doubts,
        findings=findings,
        advice=choose(findings, measurements, speed, today, in_pain=request.in_pain),
        speed=speed,
        scale=scale,
        provenance=Provenance(version("gait"), MEDIAPIPE_VERSION, _model().sha256),
    )


def _model() -> models.Model:
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
    model = _model()
    model_file = models.ensure(model)
    made_from = (clip.sha256, model.sha256, MEDIAPIPE_VERSION, wish.steps, wish.person, wish.mended)
    return cache.remember(made_from, lambda: track(clip, model_file, progress, wish))


def _tracked(role: Role, clip: Clip, wish: Wish, progress: Progress) -> tuple[Clip, PoseTrack]:
    track = read_track(clip, wish, lambda done, total: progress(role, done, total))
    return clip.turned(track.quarters), track


def _read(
    role: Role,
    tracked: tuple[Clip, PoseTrack],
    capture_fps: float | None,
    known: Known,
    near: Side | None = None,
) -> ClipAnalysis:
    """Read one clip up to its contacts; refuse what cannot be measured."""
    clip, pose = tracked
    view = viewpoint(pose)
    if near is not None and view.near is near.other:
        pose, view = pose.renamed(), replace(view, view=View(near.value))
    if role == "side":
        gates.require_side_view(view)
        gates.require_feet(pose, view)
    else:
        gates.require_rear_view(view)
    base = prove(clip, pose, view, known, capture_fps)
    motion = clean(pose, base, view)
    period_s = stride_s(motion)
    found = contacts(motion, period_s) if view.view.sagittal else landings(motion, period_s)
    if not has_flight(found, period_s):
        raise Walking(WALKING.format(clip.path.name))
    return ClipAnalysis(role, clip, base, pose, motion, period_s, found)
