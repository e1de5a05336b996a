"""A clip whose pictures carry their number, with a runner of known landmarks and contacts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.body import BONES, COUNT, LEFT, LIMBS, RIGHT, Facing, Landmark, Side, View
from gait.motion.contact import Contact
from gait.motion.signals import Motion, clean
from gait.motion.timebase import TimeBase
from gait.motion.view import Viewpoint
from gait.pose.posetrack import PoseTrack
from gait.video.clip import Clip
from gait.video.footage import Footage
from gait.video.reader import open_clip
from gait.video.writer import write_video

BITS = 13
CAPTURE_FPS, STORED_FPS = 240.0, 30
STRIDE_S, ON_GROUND = 0.72, 0.36
SIZE_PX = (540, 960)
SHADES = {Side.LEFT: (128, 112, 104), Side.RIGHT: (206, 160, 128)}


@dataclass(frozen=True, eq=False)
class Read:
    """What an analysis gives for one clip, up to its contacts."""

    clip: Clip
    base: TimeBase
    track: PoseTrack
    motion: Motion
    stride_s: float
    contacts: tuple[Contact, ...]


def blocks(size_px: tuple[int, int] = SIZE_PX) -> NDArray[np.float64]:
    """(BITS, 2) where in the picture the bits of the frame's number stand, the lowest first."""
    width, height = size_px
    pitch = 0.44 * width / BITS
    x = width / 2 + pitch * (np.arange(BITS) - (BITS - 1) / 2)
    return np.stack([x, np.full(BITS, 0.915 * height)], axis=1)


def numbered_clip(
    path: Path, frames: int = 720, size_px: tuple[int, int] = SIZE_PX, stride_s: float = STRIDE_S
) -> Read:
    """Write a clip, unless it is there, and say what is known of it.

    Every third picture was not read by the pose model.
    """
    capture_s = np.arange(frames) / CAPTURE_FPS
    xy_px = _landmarks(capture_s, size_px, stride_s)
    if not path.exists():
        write_video(path, _pictures(xy_px, size_px), STORED_FPS)
    clip = open_clip(path)
    read = np.flatnonzero(np.arange(frames) % 3 != 1)
    return read_of(clip, xy_px, read, stride_s)


def read_of(
    clip: Clip, xy_px: NDArray[np.float64], read: NDArray[np.int_], stride_s: float = STRIDE_S
) -> Read:
    """Make of known landmarks what the pose model would have given."""
    track = PoseTrack(
        frame=read,
        pts_s=clip.pts_s[read],
        xy_px=xy_px[read],
        visibility=np.ones((len(read), COUNT)),
        repaired=np.zeros(len(read), dtype=bool),
        size_px=clip.size_px,
        footage=Footage(np.zeros(len(read), dtype=bool), False, (), 0.0, 1.0),
    )
    base = TimeBase(CAPTURE_FPS, CAPTURE_FPS / STORED_FPS, 1.0, (), given=True, start_s=float(clip.pts_s[0]))
    motion = clean(track, base, Viewpoint(View.RIGHT, Facing.RIGHT, 0.0))
    last_s = float(base.capture_s(clip.pts_s)[-1])
    return Read(clip, base, track, motion, stride_s, contacts_until(last_s, stride_s))


def contacts_until(last_s: float, stride_s: float = STRIDE_S) -> tuple[Contact, ...]:
    """Contacts of both feet, the right one first."""
    found = []
    for side, late_s in ((Side.RIGHT, 0.2), (Side.LEFT, 0.2 + stride_s / 2)):
        for start in np.arange(late_s, last_s, stride_s):
            off = start + ON_GROUND * stride_s
            off = off if off < last_s else np.nan
            found.append(Contact(side, float(start), 0.003, float(off), 0.004))
    return tuple(sorted(found, key=lambda contact: contact.touchdown_s))


def _landmarks(
    capture_s: NDArray[np.float64], size_px: tuple[int, int], stride_s: float
) -> NDArray[np.float64]:
    width, height = size_px
    leg = 0.36 * height
    xy = np.full((len(capture_s), COUNT, 2), np.nan)
    bounce = 0.02 * leg * np.cos(4 * np.pi * (capture_s - 0.3) / stride_s)
    hip = np.stack([np.full(len(capture_s), width / 2), 0.5 * height + bounce], axis=1)
    shoulder = hip + leg * np.array([0.09, -0.72])
    for side, late_s in ((Side.RIGHT, 0.2), (Side.LEFT, 0.2 + stride_s / 2)):
        phase = 2 * np.pi * (capture_s - late_s) / stride_s
        own = LIMBS[side]
        thigh, bend = 0.1 + 0.5 * np.cos(phase - 0.2), 0.75 - 0.55 * np.cos(phase - 0.4)
        knee = hip + 0.5 * leg * _way(thigh)
        ankle = knee + 0.5 * leg * _way(thigh - bend)
        tilt = 0.25 - 0.5 * (bend - 0.2)
        xy[:, own.hip], xy[:, own.knee], xy[:, own.ankle] = hip, knee, ankle
        xy[:, own.heel] = ankle + leg * np.array([-0.05, 0.06])
        xy[:, own.toe] = ankle + leg * np.stack([0.17 * np.cos(tilt), 0.08 - 0.17 * np.sin(tilt)], axis=1)
        arm = -0.5 * np.cos(phase - 0.2)
        xy[:, own.shoulder] = shoulder
        xy[:, own.elbow] = shoulder + 0.36 * leg * _way(arm - 0.1)
        xy[:, own.wrist] = xy[:, own.elbow] + 0.32 * leg * _way(arm + 1.3)
    head = shoulder + leg * np.array([0.06, -0.3])
    for landmark in Landmark:
        if landmark <= Landmark.MOUTH_RIGHT:
            xy[:, landmark] = head
    xy[:, Landmark.NOSE] = head + leg * np.array([0.1, 0.0])
    return xy


def _way(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([np.sin(angle), np.cos(angle)], axis=-1)


def _pictures(xy_px: NDArray[np.float64], size_px: tuple[int, int]) -> Iterator[NDArray[np.uint8]]:
    ground = _ground(size_px)
    for number, points in enumerate(xy_px):
        rgb = ground.copy()
        _runner(rgb, points)
        half = int(0.2 * size_px[0] / BITS)
        for bit, (x, y) in enumerate(blocks(size_px).astype(int)):
            shade = 245 if number >> bit & 1 else 12
            cv2.rectangle(rgb, (x - half, y - 2 * half), (x + half, y + 2 * half), (shade, shade, shade), -1)
        yield rgb


def _ground(size_px: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size_px
    shade = np.linspace(150, 205, height)[:, None, None] * np.array([0.93, 0.97, 1.0])
    rgb = np.broadcast_to(shade, (height, width, 3)).astype(np.uint8).copy()
    cv2.rectangle(rgb, (0, int(0.885 * height)), (width, height), (74, 68, 62), -1)
    return rgb


def _runner(rgb: NDArray[np.uint8], points: NDArray[np.float64]) -> None:
    thick = rgb.shape[0] // 24
    for side in (Side.LEFT, Side.RIGHT):
        for start, end in BONES[side]:
            cv2.line(rgb, _pixel(points[start]), _pixel(points[end]), SHADES[side], thick // 2, cv2.LINE_AA)
    trunk = (points[LEFT.shoulder], points[RIGHT.hip])
    cv2.line(rgb, _pixel(trunk[0]), _pixel(trunk[1]), (196, 92, 74), 2 * thick, cv2.LINE_AA)
    cv2.circle(rgb, _pixel(points[Landmark.LEFT_EAR]), int(1.4 * thick), (226, 188, 160), -1, cv2.LINE_AA)


def _pixel(point: NDArray[np.float64]) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))
