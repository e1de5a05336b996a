"""What the body's rise and fall shows from behind and in front: contacts, stances, the tilt of the pelvis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import signal

from gait.body import LIMBS, Side, View
from gait.motion.contact import Contact
from gait.motion.events import Event, Sign, consensus
from gait.motion.physics import BODY
from gait.motion.signals import RATE_HZ, FloatArray, Motion, low_pass, resample
from gait.motion.timebase import TimeBase
from gait.pose.posetrack import PoseTrack

FALL_STRIDES = 0.3
"""Part of the stride before mid-stance in which the body falls fastest."""
FASTEST_FALL = {
    View.REAR: Sign(0.025, 0.013, "rendered fit bodies +24 to +26 ms"),
    View.FRONT: Sign(0.013, 0.013, "rendered fit bodies +7 to +16 ms"),
}
"""The body falls fastest when the leg begins to carry its weight."""
SHARED_S = 0.010
"""Error that hips, shoulders and head have in common; a judgement: they hang together."""
TOLD = 0.6
"""How clearly feet and arms together, from 0 to 2, must say whose stance is whose; a judgement."""
LANDED_STRIDES = 0.15
"""Part of the stride from touchdown to mid-stance."""
LOWEST_STRIDES = 0.35
"""Part of the stride after a touchdown in which the hips are lowest: contact is at most as long."""


Point = tuple[float, float]


@dataclass(frozen=True)
class HipMarks:
    """Two marks that somebody set on the upper edge of the waistband, in one picture from behind."""

    frame: int
    """Number of that picture in the clip."""
    one_px: Point
    """Column and row in the whole picture, best 6 to 8 cm from the spine."""
    other_px: Point
    """On the other side of the spine."""
    standing_px: tuple[Point, Point] | None = None
    """The same two while standing on both feet, with the phone where it stands for the run: the zero."""

    @property
    def line_px(self) -> FloatArray:
        """(2, 2) the left mark of the picture and the right one."""
        return _left_first(self.one_px, self.other_px)

    @property
    def standing_line_px(self) -> FloatArray | None:
        """(2, 2) the same while standing; None where nobody marked it."""
        return _left_first(*self.standing_px) if self.standing_px else None


def _left_first(one: Point, other: Point) -> FloatArray:
    return np.array(sorted([one, other]), dtype=float)


@dataclass(frozen=True, eq=False)
class Waist:
    """What the waistband shows from behind."""

    line_deg: FloatArray | None
    """(N,) against level, + when the runner's right is higher; None if nothing shows it."""
    shown_by: Literal["tape", "edge", "marked"] = "tape"
    """Two pieces of tape, the edge of the waistband found by itself, or that edge marked by two clicks."""
    flaw: str = ""
    """What is wrong with the edge (``gait.pose.waistband``); empty where nothing is."""
    zero_deg: float = 0.0
    """The line while standing on both feet, where somebody marked it: taken off."""
    marks: HipMarks | None = None
    """What it was marked by; None if by nobody."""


def frontal_contacts(motion: Motion, stride_s: float) -> tuple[Contact, ...]:
    """Find the touchdowns of both feet in a view from behind or in front, in order.

    Each is the moment at which hips, shoulders and head fall fastest before a mid-stance. When the foot
    leaves again stays NaN: the body rises fastest 30 to 130 ms before that, differently in every runner.
    """
    found = [_landing(motion, side, time_s, stride_s) for side, time_s in mid_stances(motion, stride_s)]
    return tuple(contact for contact in found if np.isfinite(contact.touchdown_s))


def _landing(motion: Motion, side: Side, stance_s: float, stride_s: float) -> Contact:
    sign = FASTEST_FALL[motion.viewpoint.view]
    falls = [(_fastest_fall_s(motion, motion.middle(*pair)[:, 1], stance_s, stride_s), sign) for pair in BODY]
    event: Event = consensus(falls)
    return Contact(side, event.time_s, float(np.hypot(event.sd_s, SHARED_S)), np.nan, np.nan)


def _fastest_fall_s(motion: Motion, height: FloatArray, stance_s: float, stride_s: float) -> float:
    """Time of the fastest fall before a mid-stance; NaN if that is not inside what is seen."""
    before = (motion.time_s >= stance_s - FALL_STRIDES * stride_s) & (motion.time_s <= stance_s)
    speed = motion.rate_of(height)[before]
    if len(speed) < FALL_STRIDES * stride_s * RATE_HZ - 1 or not np.isfinite(speed).all():
        return float("nan")
    lowest = int(speed.argmin())
    return float(motion.time_s[before][lowest]) if 0 < lowest < len(speed) - 1 else float("nan")


def mid_stance_s(motion: Motion, contact: Contact, stride_s: float) -> float:
    """Time of the hips' lowest point in a contact; NaN if that is not inside what is seen."""
    known = np.isfinite(contact.toe_off_s)
    end_s = contact.toe_off_s if known else contact.touchdown_s + LOWEST_STRIDES * stride_s
    inside = (motion.time_s >= contact.touchdown_s) & (motion.time_s <= end_s)
    height = motion.mid_hip[inside, 1]
    if len(height) < 3 or not np.isfinite(height).all():
        return float("nan")
    lowest = int(height.argmin())
    return float(motion.time_s[inside][lowest]) if 0 < lowest < len(height) - 1 else float("nan")


def mid_stances(motion: Motion, stride_s: float) -> tuple[tuple[Side, float], ...]:
    """Side that carries the body and time (counted as in ``motion.time_s``) of each lowest point of the hips.

    A runner's hips are lowest in mid-stance, and the legs take turns. Which of the two turns is the left
    leg's is what feet and arms say of all stances together (``left_stands``); where they say nothing the legs
    take turns all the same, and ``legs_told`` says that it is a guess.
    """
    height = motion.mid_hip[:, 1]
    known = np.where(np.isfinite(height), height, np.inf)
    lowest, _ = signal.find_peaks(-known, distance=max(1, round(0.35 * stride_s * RATE_HZ)))
    times_s = motion.time_s[lowest]
    turns = np.concatenate([[0], np.cumsum(np.round(2 * np.diff(times_s) / stride_s))])[: len(times_s)]
    turn = np.where(turns % 2 == 0, 1.0, -1.0)
    left = turn * (1 if left_stands(motion, times_s, turn, stride_s) >= 0 else -1) > 0
    return tuple(
        (Side.LEFT if carries else Side.RIGHT, float(time_s))
        for carries, time_s in zip(left, times_s, strict=True)
    )


def left_stands(motion: Motion, times_s: FloatArray, turn: FloatArray, stride_s: float) -> float:
    """How clearly the left leg carries the body in the stances whose turn is +1, from -2 to 2.

    Feet and arms each say at most 1: what their stances say for it, less what they say against it, over
    both. The lower foot stands; but a narrow step hides a foot, and the model then mixes up the legs, for
    single stances or half a clip. The arms, which it tells apart, go against the legs: when a foot lands,
    the elbow of its own side is back, and high (0.96 to 0.99 with the truth on clips in which the feet
    have 0.2 to 0.5).
    """
    feet = [motion.middle(LIMBS[side].ankle, LIMBS[side].heel)[:, 1] for side in Side]
    elbows = [motion.xy[:, LIMBS[side].elbow, 1] for side in Side]
    says = (
        motion.at(feet[1] - feet[0], times_s),
        motion.at(elbows[0] - elbows[1], times_s - LANDED_STRIDES * stride_s),
    )
    clear = [np.nansum(np.abs(each)) for each in says]
    return float(sum(np.nansum(turn * s) / c for s, c in zip(says, clear, strict=True) if c > 0))


def legs_told(motion: Motion, stances: Sequence[tuple[Side, float]], stride_s: float) -> bool:
    """True if it is clear enough, over all stances together, that the legs take turns as named.

    Both named the other way round count as told: somebody said so.
    """
    times_s = np.array([time_s for _, time_s in stances])
    named = np.array([1.0 if side is Side.LEFT else -1.0 for side, _ in stances])
    return abs(left_stands(motion, times_s, named, stride_s)) >= TOLD


def clearest_stance_s(motion: Motion, stances: Sequence[tuple[Side, float]]) -> float:
    """Time of the mid-stance in which both hands are farthest from the middle of the hips; NaN if unseen.

    The picture to offer to somebody who marks the waistband.
    """
    away = np.min(
        [np.linalg.norm(motion.xy[:, LIMBS[side].wrist] - motion.mid_hip, axis=1) for side in Side], axis=0
    )
    at_s = np.array([time_s for _, time_s in stances])
    distance = motion.at(away, at_s) if len(at_s) else at_s
    return float(at_s[np.nanargmax(distance)]) if np.isfinite(distance).any() else float("nan")


def pelvis_line_deg(line_px: FloatArray, track: PoseTrack, base: TimeBase, motion: Motion) -> FloatArray:
    """(N,) line through two points of the waistband against level, + when the runner's right is higher.

    The phone's roll is taken off. NaN where a point is hidden for too long.

    Parameters
    ----------
    line_px
        (T, 2, 2) left and right point in the picture.
    """
    line_deg = line_against_level_deg(line_px, motion)
    return low_pass(resample(base.capture_s(track.pts_s), line_deg, motion.time_s))


def line_against_level_deg(line_px: FloatArray, motion: Motion) -> FloatArray:
    """(T,) the same of each picture, as of two marks on a standing runner: ``Waist.zero_deg``.

    Parameters
    ----------
    line_px
        (T, 2, 2) left and right point in the picture.
    """
    across, down = (line_px[:, 1] - line_px[:, 0]).T
    in_picture = -np.degrees(np.arctan2(down, across)) + motion.roll.deg
    return np.asarray(motion.viewpoint.forward_sign * in_picture)
