"""Two clips of one runner at the same scale, on the same ground, at the same moment of the stride."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import cv2
import numpy as np

from gait.analysis import ClipAnalysis
from gait.body import LIMBS, Side
from gait.export import overlay
from gait.export.overlay import Picture
from gait.export.pictures import first_frame_of_contact
from gait.motion.signals import FloatArray
from gait.video.reader import frames

HEIGHT_PX, WIDTH_PX = 720, 480
LEG_PX = 265
"""Thigh plus shank in the picture: the body then fills three quarters of its height."""
GROUND_PX = 680
"""Row on which both runners stand."""
STEPS_A_STRIDE, STRIDES = 48, 6
SAME_STRIDE = 0.2
Layout = Literal["side", "ghost"]


@dataclass(frozen=True, eq=False)
class Stage:
    """Where one clip is put: scale, and the points that come to the middle and to the ground."""

    clip: ClipAnalysis
    scale: float
    middle_px: float
    ground_px: float

    def shown(self, rgb: Picture, time_s: float) -> Picture:
        """The picture with its skeleton, scaled and moved into the frame."""
        return self.placed(overlay.with_skeleton(rgb, self.clip.motion.pixels_at(time_s), self.clip.near))

    def placed(self, rgb: Picture) -> Picture:
        """A picture of the clip, scaled and moved into the frame."""
        shift = (WIDTH_PX / 2 - self.scale * self.middle_px, GROUND_PX - self.scale * self.ground_px)
        matrix = np.array([[self.scale, 0, shift[0]], [0, self.scale, shift[1]]])
        moved = cv2.warpAffine(rgb, matrix, (WIDTH_PX, HEIGHT_PX), flags=cv2.INTER_AREA)
        return np.asarray(moved, np.uint8)


def stage(clip: ClipAnalysis) -> Stage:
    """Find the scale and the ground of a clip, over all of it."""
    times_s = clip.motion.time_s[::12]
    points = np.array([clip.motion.pixels_at(float(t)) for t in times_s])
    hips = (points[:, LIMBS[Side.LEFT].hip, 0] + points[:, LIMBS[Side.RIGHT].hip, 0]) / 2
    feet = points[:, [LIMBS[side].heel for side in Side] + [LIMBS[side].toe for side in Side], 1]
    lowest = np.nanmax(feet, axis=1)
    return Stage(
        clip, LEG_PX / clip.motion.leg_px, float(np.nanmedian(hips)), float(np.nanpercentile(lowest, 90))
    )


def strides(clip: ClipAnalysis) -> list[tuple[float, float]]:
    """Beginning and end of each whole stride of the near foot, of the left one from behind."""
    foot = clip.near or Side.LEFT
    starts = [contact.touchdown_s for contact in clip.contacts if contact.side is foot]
    return [(a, b) for a, b in pairwise(starts) if abs((b - a) / clip.stride_s - 1) < SAME_STRIDE]


def phases_s(clip: ClipAnalysis, count: int) -> FloatArray:
    """(count x steps,) capture times at even steps of the stride, over so many strides."""
    steps = np.arange(STEPS_A_STRIDE) / STEPS_A_STRIDE
    return np.concatenate([a + steps * (b - a) for a, b in strides(clip)[:count]])


def film(before: ClipAnalysis, after: ClipAnalysis, layout: Layout) -> Iterator[Picture]:
    """Both clips, locked by the phase of the stride: beside each other, or one through the other."""
    count = min(STRIDES, len(strides(before)), len(strides(after)))
    if count == 0:
        return
    for one, other in zip(_shown(before, count), _shown(after, count), strict=True):
        mixed = np.hstack([one, other]) if layout == "side" else cv2.addWeighted(one, 0.5, other, 0.5, 0)
        yield np.asarray(mixed, np.uint8)


def landings(before: ClipAnalysis, after: ClipAnalysis) -> Picture | None:
    """A typical landing of each, beside each other; None if one of them has none."""
    pictures = []
    for clip in (before, after):
        landing = overlay.typical(overlay.landings(clip, None))
        if landing is None:
            return None
        at = first_frame_of_contact(clip, landing.contact.touchdown_s)
        (frame,) = frames(clip.clip, np.array([at]))
        time_s = float(clip.base.capture_s(np.array([frame.pts_s]))[0])
        drawn = overlay.with_landing(frame.rgb, clip.motion.pixels_at(time_s), clip.near, landing)
        pictures.append(stage(clip).placed(drawn))
    return np.hstack(pictures)


def _shown(clip: ClipAnalysis, count: int) -> Iterator[Picture]:
    """One picture for each phase, the frame nearest to it; each frame is decoded once."""
    times_s = phases_s(clip, count)
    capture_s = clip.base.capture_s(clip.clip.pts_s)
    nearest = np.abs(capture_s[:, None] - times_s[None]).argmin(axis=0)
    placed, again = stage(clip), dict(zip(*np.unique(nearest, return_counts=True), strict=True))
    for frame in frames(clip.clip, np.unique(nearest)):
        picture = placed.shown(frame.rgb, float(capture_s[frame.index]))
        yield from [picture] * int(again[frame.index])
