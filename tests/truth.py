"""The rendered runners' exact truth, and pose tracks made from it without any picture."""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from gait.analysis import ClipAnalysis
from gait.body import COUNT, LEFT, LIMBS, Landmark, Side
from gait.motion.contact import Contact, in_pictures
from gait.motion.events import contacts
from gait.motion.joints import (
    ANKLE_SHORT,
    FAR_HIP,
    FAR_SHOULDER,
    NEAR_HIP,
    NEAR_SHOULDER,
    down_the_shank,
)
from gait.motion.pelvis import frontal_contacts
from gait.motion.rhythm import stride_s
from gait.motion.signals import clean
from gait.motion.timebase import TimeBase
from gait.motion.view import viewpoint
from gait.pose.posetrack import PoseTrack
from gait.video.clip import Clip
from gait.video.footage import Footage
from gait.video.plumb import Plumb

SAMPLES = Path(__file__).parents[1] / "sample_videos"
JOINTS = {
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
    "heel": "heel",
    "toe": "tip",
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
}


FILMED = Footage(np.zeros(0, dtype=bool), blended=False, cuts=(), drift_share=0.0, light=128.0)
"""Pictures as a camera at rest takes them."""
LEVEL = Plumb(0.0, 0.0, 360.0, sd_deg=0.05)
"""What the room shows of a phone that stands level."""


@dataclass(frozen=True, eq=False)
class Truth:
    """What the renderer knows about one clip."""

    name: str
    view: str
    capture_fps: float
    leg_m: float
    height_m: float
    speed_m_s: float
    px: dict[Landmark, NDArray[np.float64]]
    size_px: tuple[int, int]
    contacts: dict[Side, NDArray[np.float64]]
    """(n, 2) touchdown and toe-off in seconds of capture time."""
    values: dict[tuple[str, Side | None], float]

    @property
    def clip(self) -> Path:
        return SAMPLES / f"{self.name}.mp4"

    @property
    def near(self) -> Side:
        return Side(self.view)


@cache
def truth(name: str) -> Truth:
    data = np.load(SAMPLES / f"{name}.npz")
    record = json.loads((SAMPLES / f"{name}.truth.json").read_text())
    names = list(data["names"])
    px = {
        getattr(LIMBS[side], joint): data["px"][:, names.index(f"{bone}.{side.value[0].upper()}")]
        for side in Side
        for joint, bone in JOINTS.items()
    }
    px[Landmark.NOSE] = data["px"][:, names.index("head")]
    px[Landmark.LEFT_EAR], px[Landmark.RIGHT_EAR] = (data["px"][:, names.index(f"ear.{s}")] for s in "LR")
    contacts = data["contacts"]
    return Truth(
        name=name,
        view=record["view"],
        capture_fps=record["capture_fps"],
        leg_m=record["leg_m"],
        height_m=record["height_m"],
        speed_m_s=record["speed_m_s"],
        px=px,
        size_px=(int(data["size"][0]), int(data["size"][1])),
        contacts={
            side: contacts[contacts[:, 0] == code][:, 1:] for code, side in enumerate((Side.LEFT, Side.RIGHT))
        },
        values={
            (m["name"], Side(m["side"]) if m["side"] else None): m["value"]
            for m in record["measurements"]
            if m["value"] is not None
        },
    )


def perfect_track(name: str) -> PoseTrack:
    """A pose track as the model would give it if it made no mistake but its constant ones."""
    known = truth(name)
    frames = len(known.px[LEFT.hip])
    xy = np.full((frames, COUNT, 2), np.nan)
    for landmark, points in known.px.items():
        xy[:, landmark] = points
    forward = 1 if known.view == "right" else -1
    near = LIMBS[known.near] if known.view in ("left", "right") else LEFT
    leg_px = np.nanpercentile(
        np.hypot(*(xy[:, near.hip] - xy[:, near.knee]).T)
        + np.hypot(*(xy[:, near.knee] - xy[:, near.ankle]).T),
        90,
    )
    if known.view in ("left", "right"):
        marked = leg_px * np.array([forward, -1])
        far = LIMBS[known.near.other]
        for leg, hip, shoulder in ((near, NEAR_HIP, NEAR_SHOULDER), (far, FAR_HIP, FAR_SHOULDER)):
            xy[:, leg.hip] += marked * hip
            xy[:, leg.shoulder] += marked * shoulder
            xy[:, leg.ankle] -= leg_px * ANKLE_SHORT * down_the_shank(xy, leg)
    return PoseTrack(
        frame=np.arange(frames),
        footage=FILMED,
        plumb=LEVEL,
        pts_s=np.arange(frames) / known.capture_fps,
        xy_px=xy,
        visibility=np.ones((frames, COUNT)),
        repaired=np.zeros(frames, dtype=bool),
        size_px=known.size_px,
    )


def part(track: PoseTrack, which: slice | NDArray[np.int_]) -> PoseTrack:
    """Some of the frames of a track."""
    return replace(
        track,
        frame=track.frame[which],
        pts_s=track.pts_s[which],
        xy_px=track.xy_px[which],
        visibility=track.visibility[which],
        repaired=track.repaired[which],
    )


def retimed(track: PoseTrack, factor: float, stored_fps: float) -> PoseTrack:
    """The same run played so many times slower and stored at a rate, as editors do: the nearest pictures."""
    filmed_s = (track.pts_s - track.pts_s[0]) * factor
    pts_s = np.arange(0, filmed_s[-1], 1 / stored_fps)
    place = np.interp(pts_s, filmed_s, np.arange(len(filmed_s)))
    nearest = np.floor(place + 0.5 - 1e-9).astype(int)
    return _stored(track, pts_s, track.xy_px[nearest])


def filmed(track: PoseTrack, factor: float, stored_fps: float) -> PoseTrack:
    """The same run as a camera films it that stores so many times slower: with pictures in between too."""
    filmed_s = (track.pts_s - track.pts_s[0]) * factor
    pts_s = np.arange(0, filmed_s[-1], 1 / stored_fps)
    flat = track.xy_px.reshape(len(filmed_s), -1)
    seen = np.isfinite(flat).all(axis=0)
    places = np.full((len(pts_s), flat.shape[1]), np.nan)
    places[:, seen] = CubicSpline(filmed_s, flat[:, seen])(pts_s)
    return _stored(track, pts_s, places.reshape(len(pts_s), COUNT, 2))


def made_up(track: PoseTrack, filmed_fps: float, stored_fps: float) -> PoseTrack:
    """The same run filmed in real time, with pictures between made up by following what moves."""
    base = filmed(track, 1.0, filmed_fps)
    pts_s = np.arange(0, base.pts_s[-1], 1 / stored_fps)
    flat = base.xy_px.reshape(len(base.pts_s), -1).T
    places = np.array([np.interp(pts_s, base.pts_s, column) for column in flat]).T
    return _stored(base, pts_s, places.reshape(len(pts_s), COUNT, 2))


def _stored(track: PoseTrack, pts_s: NDArray[np.float64], xy_px: NDArray[np.float64]) -> PoseTrack:
    return replace(
        track,
        frame=np.arange(len(pts_s)),
        pts_s=pts_s,
        xy_px=xy_px,
        visibility=np.ones((len(pts_s), COUNT)),
        repaired=np.zeros(len(pts_s), dtype=bool),
    )


def mirrored(track: PoseTrack) -> PoseTrack:
    """The same run filmed from the other side: picture flipped, left and right exchanged."""
    xy = track.xy_px.copy()
    xy[..., 0] = track.size_px[0] - xy[..., 0]
    swapped = xy.copy()
    for landmark in Landmark:
        if landmark.name.startswith("LEFT_"):
            other = Landmark[landmark.name.replace("LEFT_", "RIGHT_")]
            swapped[:, landmark], swapped[:, other] = xy[:, other], xy[:, landmark]
    return replace(track, xy_px=swapped)


def real_time(capture_fps: float) -> TimeBase:
    return TimeBase(capture_fps, 1.0, 1.0, ("made by a test",), given=False)


def exact_contacts(name: str, last_s: float) -> tuple[Contact, ...]:
    """The contacts that the renderer made, where they lie whole in what is seen."""
    made = [
        Contact(side, float(down), 0.001, float(off), 0.001)
        for side in Side
        for down, off in truth(name).contacts[side]
        if down > 0.1 and off < last_s
    ]
    return tuple(sorted(made, key=lambda contact: contact.touchdown_s))


def read(track: PoseTrack, base: TimeBase | None = None, id: str = "run.mp4") -> ClipAnalysis:
    """A track as if it had been read from a clip."""
    view = viewpoint(track)
    base = base or real_time(1 / float(np.median(np.diff(track.pts_s))))
    motion = clean(track, base, view)
    period_s = stride_s(motion)
    found = contacts(motion, period_s) if view.near else frontal_contacts(motion, period_s)
    found = tuple(in_pictures(contact, base.capture_fps) for contact in found)
    clip = Clip(Path(id), hashlib.sha256(id.encode()).hexdigest(), track.size_px, track.pts_s)
    return ClipAnalysis(id, clip, base, track, motion, period_s, found, found)


@cache
def exact_clip(name: str) -> ClipAnalysis:
    """A bundled clip as it is read if the model makes no mistake but its constant ones."""
    return read(perfect_track(name), real_time(truth(name).capture_fps), f"{name}.mp4")
