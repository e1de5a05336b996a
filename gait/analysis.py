"""The whole line, in order: one clip (or two) in, one cue out. Nobody else knows the order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import numpy as np

from gait.coaching.assessment import Finding, assess
from gait.coaching.cue import Advice, choose
from gait.errors import TooFewSteps, Walking
from gait.metrics.measure import measure
from gait.metrics.measurement import Measurement
from gait.metrics.stride import Run
from gait.motion import quality
from gait.motion.events import MIN_STEPS, Contact, belt_speed_legs_s, contacts, has_flight
from gait.motion.quality import Doubt
from gait.motion.rhythm import is_walking, stride_s
from gait.motion.scale import Scale, Speed, scale_of, speed_of
from gait.motion.signals import Motion, clean
from gait.motion.view import viewpoint
from gait.pose import model as models
from gait.pose.landmarker import VERSION as MEDIAPIPE_VERSION
from gait.pose.posetrack import PoseTrack
from gait.pose.track import track
from gait.video.clip import Clip, open_clip
from gait.video.timebase import TimeBase, confirm, time_base

Role = Literal["side", "rear"]
CAPTURE_OPTION: dict[Role, str] = {"side": "--capture-fps", "rear": "--rear-capture-fps"}
"""What the command line calls the capture rate of each clip."""
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
    in_pain: bool = False


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
    (model,) = models.read_manifest()
    side_clip = open_clip(request.side)
    side_base = time_base(side_clip, request.capture_fps)
    rear_clip = open_clip(request.rear) if request.rear else None
    model_file = models.ensure(model)

    side = _read("side", side_clip, side_base, model_file, progress)
    if len(side.contacts) < MIN_STEPS:
        raise TooFewSteps(len(side.contacts), MIN_STEPS)
    rear = None
    if rear_clip is not None:
        rear_base = time_base(rear_clip, request.rear_capture_fps)
        rear = _read("rear", rear_clip, rear_base, model_file, progress)
    provenance = Provenance(version("gait"), MEDIAPIPE_VERSION, model.sha256)
    return _judged(request, side, rear, provenance, today or date.today())


def read_clip(
    role: Role,
    path: Path,
    capture_fps: float | None = None,
    progress: Progress = lambda what, done, total: None,
) -> ClipAnalysis:
    """Read one clip alone, up to its contacts.

    Raises
    ------
    GaitError
        If the clip cannot be used.
    """
    clip = open_clip(path)
    base = time_base(clip, capture_fps)
    (model,) = models.read_manifest()
    return _read(role, clip, base, models.ensure(model), progress)


def _judged(
    request: Request, side: ClipAnalysis, rear: ClipAnalysis | None, provenance: Provenance, today: date
) -> Analysis:
    near = side.motion.viewpoint.near
    belt = belt_speed_legs_s(side.motion, near, side.stride_s) if near else np.array([])
    legs_per_s = float(np.median(belt)) if len(belt) else np.nan
    scale = scale_of(request.height_cm, request.speed_kmh, legs_per_s)
    speed = speed_of(request.speed_kmh, legs_per_s, scale)
    doubts = quality.check(side.track, side.motion, side.base, side.contacts, side.stride_s)
    run = Run(side.motion, side.contacts, side.stride_s, scale)
    measurements = measure(run, speed, rear.motion if rear else None, rear.stride_s if rear else np.nan)
    findings = assess(measurements, speed, doubts)
    return Analysis(
        clips=(side, rear) if rear else (side,),
        measurements=measurements,
        doubts=doubts,
        findings=findings,
        advice=choose(findings, measurements, speed, today, in_pain=request.in_pain),
        speed=speed,
        scale=scale,
        provenance=provenance,
    )


def _read(role: Role, clip: Clip, base: TimeBase, model_file: Path, progress: Progress) -> ClipAnalysis:
    """Read one clip up to its contacts; refuse what cannot be measured."""
    pose = track(clip, model_file, lambda done, total: progress(role, done, total))
    view = viewpoint(pose)
    if role == "side":
        quality.require_side_view(view)
        quality.require_feet(pose, view)
    else:
        quality.require_rear_view(view)
    motion = clean(pose, base, view)
    period_s = stride_s(motion)
    if is_walking(motion, period_s):
        raise _walking(clip.path.name)
    base = confirm(base, 120 / period_s, clip.path.name, CAPTURE_OPTION[role])
    found = contacts(motion, period_s)
    if not has_flight(found, period_s):
        raise _walking(clip.path.name)
    return ClipAnalysis(role, clip, base, pose, motion, period_s, found)


def _walking(name: str) -> Walking:
    return Walking(
        f"In {name} this is walking: a foot is always on the ground, and everything here is about "
        "running. Film a run."
    )
