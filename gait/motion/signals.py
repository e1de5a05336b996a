"""Landmarks in pixels -> clean motion in body units, on a uniform grid of capture time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal
from scipy.interpolate import PchipInterpolator

from gait.body import COUNT, LEFT, RIGHT, Landmark, Side
from gait.errors import UnreadableClip
from gait.motion.joints import at_the_joints
from gait.motion.reference import Reference, reference_of
from gait.motion.timebase import TimeBase
from gait.motion.view import Viewpoint
from gait.pose.posetrack import PoseTrack
from gait.video.door import FASTEST_FPS, SLOWEST_FPS

FloatArray = NDArray[np.float64]

ROLL_READ_SD_DEG = 0.15
"""What the edges in the picture do not say of the roll's error."""
UNKNOWN_ROLL_SD_DEG = 1.2
"""Roll of a phone set up by eye; a judgement."""
MOST_ROLL_DEG = 6.0
"""A phone that leans more stood askew, or what was seen is not upright."""
RATE_HZ = 240.0
"""Grid of the motion: fine enough that straight lines between samples lose nothing at 15 Hz."""
MOST_S = 1800.0
"""Longest run in capture time: on the grid half an hour takes 0.7 GB while it is filtered."""
CUTOFF_HZ = 15.0
MAX_GAP_S = 0.1
FORESHORTENED = 1.05
"""Leg over the longest that is seen of it from behind or in front, where it is always bent towards or away
from the camera: 1.03 to 1.07 on the study's fit bodies."""
MEDIANS_AT_ONCE = 1 << 22
"""Readings that a piece of the running median looks at: 32 MiB."""
SPIKE_WINDOW_S = 0.034
"""Half-width of the running median that a landmark is held against."""
SCATTER_WINDOW_S = 0.2
SPIKE_LEGS = 0.12
"""Distance from that median, in leg lengths, beyond which a reading is another body part's."""


@dataclass(frozen=True)
class Roll:
    """How far the phone leaned, + when the picture turns clockwise."""

    deg: float
    """Taken off the motion; 0 where unknown."""
    sd_deg: float
    """Standard deviation of what is left."""
    known: bool
    level_off_deg: float = 0.0
    """Lean of what is level against what stands upright, where nobody said that the belt is raised."""


UNKNOWN_ROLL = Roll(0.0, UNKNOWN_ROLL_SD_DEG, known=False)


@dataclass(frozen=True, eq=False)
class Motion:
    """One runner's movement in body units.

    From the side x points forward; from behind and in front it points to the runner's right. y points
    up. The unit is the leg length (thigh plus shank). The origin is the picture's lower left or right.
    """

    time_s: FloatArray
    """(N,) capture time since the clip's first frame, uniform at ``RATE_HZ``."""
    xy: FloatArray
    """(N, 33, 2) in leg lengths; NaN where a landmark was unseen for too long to bridge."""
    visibility: FloatArray
    """(N, 33) in [0, 1], what the model reports, between frames interpolated."""
    noise: FloatArray
    """(N, 33) standard deviation of a landmark's place along one axis, in leg lengths: what its readings
    around that time scatter by, as far as the filter lets it through. 0 where unknown."""
    viewpoint: Viewpoint
    leg_px: float
    """Thigh plus shank in pixels, of the leg that faces the camera."""
    size_px: tuple[int, int]
    roll: Roll = UNKNOWN_ROLL
    reference: Reference | None = None
    """(N,) how the runner moves through the picture, which is taken off; None where the runner stays."""

    def __post_init__(self) -> None:
        expected = (len(self.time_s), COUNT, 2)
        if self.xy.shape != expected:
            raise ValueError(f"xy must have shape {expected}, got {self.xy.shape}")

    @property
    def mid_hip(self) -> FloatArray:
        """(N, 2) middle of the two hips."""
        return self.middle(LEFT.hip, RIGHT.hip)

    @property
    def mid_shoulder(self) -> FloatArray:
        """(N, 2) middle of the two shoulders."""
        return self.middle(LEFT.shoulder, RIGHT.shoulder)

    def middle(self, first: Landmark, second: Landmark) -> FloatArray:
        """(N, 2) point halfway between two landmarks."""
        return np.asarray((self.xy[:, first] + self.xy[:, second]) / 2)

    def at(self, values: FloatArray, time_s: float | FloatArray) -> FloatArray:
        """Read a signal of (N,) or (N, 2) between samples; NaN outside of the clip."""
        columns = np.atleast_2d(values.T)
        read = [np.interp(time_s, self.time_s, c, left=np.nan, right=np.nan) for c in columns]
        return np.asarray(read if values.ndim > 1 else read[0])

    def rate_of(self, values: FloatArray) -> FloatArray:
        """Time derivative of a signal, per second."""
        return np.asarray(np.gradient(values, 1 / RATE_HZ, axis=0))

    def pixels_at(self, time_s: float | FloatArray) -> FloatArray:
        """(33, 2) landmarks in the picture at a capture time, (T, 33, 2) at T times; NaN where unseen."""
        columns = self.at(self.xy.reshape(len(self.xy), -1), time_s)
        flat = columns.T.reshape(*np.shape(time_s), COUNT, 2)
        upright = flat * (self.viewpoint.forward_sign * self.leg_px, -self.leg_px)
        if self.reference is not None:
            there = self.reference.at(self.time_s, np.atleast_1d(time_s))
            upright = there.in_picture(upright.reshape(-1, COUNT, 2)).reshape(upright.shape)
        return np.asarray(_corner_px(self.viewpoint, self.size_px) + upright @ _turn(self.roll.deg).T)

    def from_picture(self, points_px: FloatArray, time_s: float) -> FloatArray:
        """(K, 2) points of the picture at a capture time in the units of ``xy``: the way back."""
        upright = (points_px - _corner_px(self.viewpoint, self.size_px)) @ _turn(self.roll.deg)
        if self.reference is not None:
            upright = self.reference.at(self.time_s, np.array([time_s])).seen_from(upright[None])[0]
        return np.asarray(upright / (self.viewpoint.forward_sign * self.leg_px, -self.leg_px))


def clean(track: PoseTrack, base: TimeBase, viewpoint: Viewpoint) -> Motion:
    """Throw out single wrong readings, bridge short gaps, resample, and filter without lag.

    The filter is a second-order Butterworth low-pass run forwards and backwards at ``CUTOFF_HZ`` of
    capture time. Gaps longer than ``MAX_GAP_S`` stay NaN. The phone's roll is taken off where the picture
    shows it, and so is the runner's way through the picture, with its change in size
    (:mod:`gait.motion.reference`). From the side, hips, shoulders and ankles are moved to the joint.

    Raises
    ------
    UnreadableClip
        If the times of the frames make no run that a camera could film.
    """
    frame_s = base.capture_s(track.pts_s)
    require_span(frame_s)
    roll = roll_of(track)
    in_picture = (track.xy_px - _corner_px(viewpoint, track.size_px)) @ _turn(roll.deg)
    reference = reference_of(frame_s, in_picture)
    upright = reference.seen_from(in_picture) if reference.travels else in_picture
    leg_px = leg_length(upright, viewpoint.near)
    raw = upright / leg_px * (viewpoint.forward_sign, -1)
    if viewpoint.near is not None:
        raw = at_the_joints(raw, viewpoint.near)
        longer = leg_length(raw, viewpoint.near)
        raw, leg_px = raw / longer, leg_px * longer
    else:
        raw, leg_px = raw / FORESHORTENED, leg_px * FORESHORTENED
    time_s = np.arange(frame_s[0], frame_s[-1], 1 / RATE_HZ)
    columns = without_spikes(frame_s, raw).reshape(len(frame_s), -1).T
    smooth = np.array([low_pass(resample(frame_s, column, time_s)) for column in columns])
    noise = scatter(frame_s, columns, time_s, smooth)
    xy = smooth.T.reshape(-1, COUNT, 2)
    visibility = np.array([np.interp(time_s, frame_s, seen) for seen in track.visibility.T]).T
    followed = reference.at(frame_s, time_s) if reference.travels else None
    return Motion(time_s, xy, visibility, noise, viewpoint, leg_px, track.size_px, roll, followed)


def require_span(frame_s: FloatArray) -> None:
    """Refuse times that no camera makes, before anything is allocated for them.

    Parameters
    ----------
    frame_s
        (T,) capture times in seconds.

    Raises
    ------
    UnreadableClip
        If they span more than ``MOST_S``, or more than their number makes possible, or come too fast.
    """
    span_s, gap_s = float(frame_s[-1] - frame_s[0]), float(np.median(np.diff(frame_s)))
    if not span_s <= min(MOST_S, len(frame_s) / SLOWEST_FPS):
        raise UnreadableClip(
            f"By the times in this clip {len(frame_s)} pictures take {span_s / 60:,.0f} minutes; at most "
            f"{MOST_S / 60:.0f} can be measured, and one picture a second is no film. Cut out 10 to 20 "
            "seconds of steady running, or save the clip again at its usual speed.",
            id="times",
        )
    if not gap_s * FASTEST_FPS >= 1:
        raise UnreadableClip(
            "By the times in this clip it was filmed at more pictures a second than any camera takes: save "
            "it again at its usual speed, or copy it from the phone again.",
            id="times",
        )


def _corner_px(viewpoint: Viewpoint, size_px: tuple[int, int]) -> FloatArray:
    """(2,) lower corner of the picture behind the runner: the origin of the motion."""
    width, height = size_px
    return np.array([0 if viewpoint.forward_sign > 0 else width, height], dtype=float)


def _turn(roll_deg: float) -> FloatArray:
    """(2, 2) what a camera's roll does to columns of upright x and y, y down."""
    cosine, sine = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    return np.array([[cosine, -sine], [sine, cosine]])


def roll_of(track: PoseTrack) -> Roll:
    """Read the roll off the straight edges where the runner is; unknown if they do not show it."""
    if track.plumb is None:
        return UNKNOWN_ROLL
    middle_px = (track.xy_px[:, LEFT.hip, 0] + track.xy_px[:, RIGHT.hip, 0]) / 2
    seen = middle_px[np.isfinite(middle_px)]
    deg = track.plumb.at(float(np.median(seen)) if len(seen) else track.size_px[0] / 2)
    if abs(deg) > MOST_ROLL_DEG:
        return UNKNOWN_ROLL
    sd_deg = float(np.hypot(track.plumb.sd_deg, ROLL_READ_SD_DEG))
    return Roll(deg, sd_deg, known=True, level_off_deg=track.plumb.level_off_deg)


def leg_length(xy_px: FloatArray, near: Side | None) -> float:
    """Thigh plus shank in the unit of the points: near the largest value seen, as bending only shortens it.

    The 90th percentile over the clip; from behind and in front, the longer leg's.
    """
    legs = {Side.LEFT: LEFT, Side.RIGHT: RIGHT}
    wanted = [legs[near]] if near else list(legs.values())
    lengths = []
    for leg in wanted:
        hip, knee, ankle = (xy_px[:, point] for point in (leg.hip, leg.knee, leg.ankle))
        both = np.hypot(*(hip - knee).T) + np.hypot(*(knee - ankle).T)
        lengths.append(float(np.nanpercentile(both, 90)))
    return max(lengths)


def without_spikes(time_s: FloatArray, xy: FloatArray) -> FloatArray:
    """Blank the readings that leap away from the median of their neighbours in time.

    Parameters
    ----------
    time_s
        (T,) time of each frame.
    xy
        (T, K, 2) points in leg lengths.

    Returns
    -------
    FloatArray
        (T, K, 2) copy with NaN where a point is more than ``SPIKE_LEGS`` off.
    """
    reach = max(1, round(SPIKE_WINDOW_S / float(np.median(np.diff(time_s)))))
    padded = np.pad(xy, ((reach, reach), (0, 0), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0)
    at_once = max(1, MEDIANS_AT_ONCE // windows[0].size)
    pieces = [np.median(windows[k : k + at_once], axis=-1) for k in range(0, len(windows), at_once)]
    off = np.linalg.norm(xy - np.concatenate(pieces), axis=-1)
    return np.where((off > SPIKE_LEGS)[..., None], np.nan, xy)


def resample(frame_s: FloatArray, values: FloatArray, time_s: FloatArray) -> FloatArray:
    """Shape-preserving cubic through the readings; NaN at the ends and in gaps over ``MAX_GAP_S``."""
    seen = np.isfinite(values)
    if seen.sum() < 4:
        return np.full(len(time_s), np.nan)
    known_s = frame_s[seen]
    result = PchipInterpolator(known_s, values[seen], extrapolate=False)(time_s)
    after = np.clip(np.searchsorted(known_s, time_s, side="left"), 1, len(known_s) - 1)
    gap_s = known_s[after] - known_s[after - 1]
    allowed_s = max(MAX_GAP_S, 1.5 * float(np.median(np.diff(frame_s))))
    return np.where(gap_s <= allowed_s, result, np.nan)


def scatter(frame_s: FloatArray, columns: FloatArray, time_s: FloatArray, smooth: FloatArray) -> FloatArray:
    """How far readings scatter around the filtered motion, as far as it passes the filter.

    Parameters
    ----------
    frame_s, columns
        (T,) times and (66, T) readings of x and y of each landmark.
    time_s, smooth
        (N,) times and (66, N) filtered motion.

    Returns
    -------
    FloatArray
        (N, 33) root mean square over ``SCATTER_WINDOW_S`` and both axes; 0 where nothing was read.
    """
    passes = min(1.0, float(np.sqrt(2 * CUTOFF_HZ * np.median(np.diff(frame_s)))))
    known = [np.interp(frame_s, time_s, column, left=np.nan, right=np.nan) for column in smooth]
    squared = np.nan_to_num(np.square(columns - np.array(known))).reshape(COUNT, 2, -1).mean(axis=1)
    width = max(1, round(SCATTER_WINDOW_S * RATE_HZ))
    on_grid = np.array([np.interp(time_s, frame_s, row) for row in squared])
    return np.asarray(passes * np.sqrt(np.maximum(0, ndimage.uniform_filter1d(on_grid, width, axis=1)))).T


def low_pass(values: FloatArray, cutoff_hz: float = CUTOFF_HZ) -> FloatArray:
    """Zero-lag second-order Butterworth on each stretch between NaN; shorter stretches are blanked."""
    sos = signal.butter(2, cutoff_hz, fs=RATE_HZ, output="sos")
    result = np.full(len(values), np.nan)
    seen = np.concatenate([[False], np.isfinite(values), [False]])
    edges = np.flatnonzero(np.diff(seen.astype(int)))
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - start > RATE_HZ / cutoff_hz:
            result[start:stop] = signal.sosfiltfilt(
                sos, values[start:stop], padlen=min(stop - start - 1, int(RATE_HZ / 10))
            )
    return result
