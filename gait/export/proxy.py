"""One clip as the frame player shows it: which pictures, cut where, and what was seen in each.

The proxy covers every picture of the stretch that was read, also those that the pose model skipped: the
landmarks there are interpolated, as the measurements are. Points are in pixels of the whole upright
picture, so that what is drawn on a proxy holds for the clip itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from gait.body import LEFT, LIMBS, RIGHT, Side
from gait.motion.angles import from_vertical_deg, knee_flexion_deg, lean_deg, shank_deg
from gait.motion.contact import Contact
from gait.motion.signals import FloatArray, Motion
from gait.motion.timebase import TimeBase
from gait.pose.posetrack import PoseTrack
from gait.video.clip import Clip
from gait.video.jpegs import Cut

HEIGHT_PX, WIDEST_PX = 720, 1280
QUALITY = 7
"""Of FFmpeg's scale from 2 to 31; smaller than 5 doubles the bytes and shows no more."""
STILL_QUALITY = 3
MARGIN = 0.14
"""Room around the runner's path, as a share of its height: hair and shoe tips lie outside the landmarks."""
STRAY_PCT = 0.5
"""Share of landmarks, in per cent at either end, that may lie outside of the path: single wrong readings."""

Kind = Literal["touchdown", "toe_off"]


class Read(Protocol):
    """One clip, read up to its contacts."""

    @property
    def clip(self) -> Clip:
        """The file."""
        ...

    @property
    def base(self) -> TimeBase:
        """Its time base."""
        ...

    @property
    def track(self) -> PoseTrack:
        """The runner's landmarks."""
        ...

    @property
    def motion(self) -> Motion:
        """The runner's movement."""
        ...

    @property
    def stride_s(self) -> float:
        """Time of one stride, in capture time."""
        ...

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """The contacts, as detected."""
        ...


@dataclass(frozen=True, eq=False)
class Frames:
    """The pictures of a proxy, in order."""

    number: NDArray[np.int_]
    """(K,) number of each in the clip."""
    pts_s: FloatArray
    """(K,) presentation time."""
    capture_s: FloatArray
    """(K,) capture time since the clip's first frame."""


@dataclass(frozen=True, eq=False)
class Signal:
    """A quantity over time, for the curve under the picture."""

    id: str
    label: str
    unit: str
    side: Side | None
    values: NDArray[np.float32]
    """(K,) one value a picture; NaN where unknown."""


@dataclass(frozen=True)
class Event:
    """A touchdown or a toe-off."""

    id: str
    side: Side
    kind: Kind
    capture_s: float
    sd_s: float


@dataclass(frozen=True, eq=False)
class Proxy:
    """All that the player shows of a clip, but its pictures."""

    read: Read
    frames: Frames
    cut: Cut
    landmarks: NDArray[np.float32]
    """(K, 33, 3) x and y in pixels of the whole picture, and visibility; NaN where unseen."""
    signals: tuple[Signal, ...]
    events: tuple[Event, ...]


def proxy(read: Read) -> Proxy:
    """Prepare a clip for the player; no picture is decoded."""
    frames = frames_of(read)
    return Proxy(
        read=read,
        frames=frames,
        cut=cut_of(read.track),
        landmarks=landmarks_at(read.motion, frames.capture_s),
        signals=signals_at(read.motion, frames.capture_s),
        events=events_of(read.contacts),
    )


def frames_of(read: Read) -> Frames:
    """List every picture from the first to the last that was read, also those between that were skipped."""
    number = np.arange(read.track.frame[0], read.track.frame[-1] + 1)
    pts_s = read.clip.pts_s[number]
    return Frames(number, pts_s, read.base.capture_s(pts_s))


def cut_of(track: PoseTrack) -> Cut:
    """Choose the part of the picture that the runner passes through, and its size in the proxy."""
    seen = track.xy_px[np.isfinite(track.xy_px).all(axis=-1)]
    width, height = track.size_px
    left, top, right, bottom = 0.0, 0.0, float(width), float(height)
    if len(seen):
        left, top = np.percentile(seen, STRAY_PCT, axis=0)
        right, bottom = np.percentile(seen, 100 - STRAY_PCT, axis=0)
    margin = MARGIN * (bottom - top)
    box = (
        _even(max(0.0, left - margin)),
        _even(max(0.0, top - margin)),
        min(width, _even(right + margin) + 2),
        min(height, _even(bottom + margin) + 2),
    )
    wide, high = box[2] - box[0], box[3] - box[1]
    scale = min(1.0, HEIGHT_PX / high, WIDEST_PX / wide)
    return Cut(box, (max(2, _even(wide * scale)), max(2, _even(high * scale))), QUALITY)


def full_size(cut: Cut) -> Cut:
    """The same part of the picture as it was filmed, for the one frame that is looked at closely."""
    left, top, right, bottom = cut.box_px
    return Cut(cut.box_px, (_even(right - left), _even(bottom - top)), STILL_QUALITY)


def landmarks_at(motion: Motion, capture_s: FloatArray) -> NDArray[np.float32]:
    """(K, 33, 3) place in the picture and visibility at each time, as the measurements take them."""
    xy_px = motion.pixels_at(capture_s)
    visibility = motion.at(motion.visibility, capture_s).T[..., None]
    return np.concatenate([xy_px, visibility], axis=-1).astype(np.float32)


def signals_at(motion: Motion, capture_s: FloatArray) -> tuple[Signal, ...]:
    """Read what can be shown over time from this view."""
    shown = _from_the_side(motion) if motion.viewpoint.near else _from_behind(motion)
    return tuple(
        Signal(id, label, unit, side, motion.at(values, capture_s).astype(np.float32))
        for id, label, unit, side, values in shown
    )


def events_of(contacts: tuple[Contact, ...]) -> tuple[Event, ...]:
    """List the ends of all contacts, named by side and number; an unknown toe-off is left out."""
    found = []
    for side in Side:
        own = [contact for contact in contacts if contact.side is side]
        for number, contact in enumerate(own, start=1):
            down, off = f"{side}-{number}-touchdown", f"{side}-{number}-toe_off"
            found.append(Event(down, side, "touchdown", contact.touchdown_s, contact.touchdown_sd_s))
            if np.isfinite(contact.toe_off_s):
                found.append(Event(off, side, "toe_off", contact.toe_off_s, contact.toe_off_sd_s))
    return tuple(sorted(found, key=lambda event: event.capture_s))


Shown = tuple[str, str, str, Side | None, FloatArray]


def _from_the_side(motion: Motion) -> list[Shown]:
    near = motion.viewpoint.near or Side.LEFT
    limbs = LIMBS[near]
    ahead_pct = 100 * (motion.xy[:, limbs.ankle, 0] - motion.xy[:, limbs.hip, 0])
    legs: list[Shown] = []
    angles: tuple[tuple[str, str, Callable[[Motion, Side], FloatArray]], ...] = (
        ("shank_deg", "Shin angle", shank_deg),
        ("knee_flexion_deg", "Knee bend", knee_flexion_deg),
    )
    for name, label, angle in angles:
        legs += [(f"{name}_{side}", label, "°", side, angle(motion, side)) for side in (near, near.other)]
    return [
        (f"overstride_pct_leg_{near}", "Ankle ahead of hip", "% of leg", near, ahead_pct),
        *legs,
        ("lean_deg", "Forward lean", "°", None, lean_deg(motion)),
        _bounce(motion),
    ]


def _from_behind(motion: Motion) -> list[Shown]:
    hips = motion.xy[:, RIGHT.hip] - motion.xy[:, LEFT.hip]
    sideways = from_vertical_deg(motion.mid_shoulder, motion.mid_hip)
    return [
        ("hip_line_deg", "Hip line", "°", None, np.degrees(np.arctan2(hips[:, 1], np.abs(hips[:, 0])))),
        ("side_lean_deg", "Lean to the side", "°", None, -sideways),
        _bounce(motion),
    ]


def _bounce(motion: Motion) -> Shown:
    height = motion.mid_hip[:, 1]
    seen = height[np.isfinite(height)]
    level = float(np.median(seen)) if len(seen) else np.nan
    return ("bounce_pct_leg", "Hips up and down", "% of leg", None, 100 * (height - level))


def _even(value: float) -> int:
    return int(value) // 2 * 2
