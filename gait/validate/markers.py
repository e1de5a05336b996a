"""Events from real runners' markers, against force plates.

Reads the format of the public running data set of Fukuchi, Fukuchi and Duarte 2017 (PeerJ 5:e3298, doi
10.7717/peerj.3298): tab-separated files with a header, positions in mm with X forward, Y up and Z to the
right at 150 Hz, treadmill force in N at 300 Hz. The markers are seen in the plane in which a camera at the
runner's right side would see them, with the noise of a pose model added; then the same code runs as on video.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from gait.body import COUNT, LIMBS, RIGHT, Facing, Landmark, Side, View
from gait.errors import BadTruth
from gait.motion.events import contacts
from gait.motion.rhythm import stride_s
from gait.motion.signals import RATE_HZ, Motion, low_pass, resample
from gait.motion.view import Viewpoint
from gait.validate.agreement import Agreement, Pair, agreement
from gait.validate.events import EVENTS, Matched, match

FloatArray = NDArray[np.float64]

MARKERS_HZ, FORCES_HZ = 150.0, 300.0
FORCE_CUTOFF_HZ = 50.0
ON_GROUND_N = 50.0
"""The force is noisy: without the low-pass, and below 40 N, contacts run together."""
LONGEST_CONTACT_S = 0.45
NOISE_MEMORY = 0.7
"""Landmark noise of one frame that is left in the next at 120 Hz."""
VIDEO_HZ = 120.0
BELL = (0.19, 0.30, 0.36)
"""Hip centre behind, below and beside the middle of the front pelvis markers, in distances between them
(Bell, Pedersen and Brand 1990, doi 10.1016/0021-9290(90)90054-7)."""
CLUSTER = ("Shank.Top.Lateral", "Shank.Bottom.Lateral", "Shank.Top.Medial", "Shank.Bottom.Medial")
AHEAD_LEFT_UP = [0, 2, 1]
"""Columns of the files' axes X forward, Z right, Y up in our order; the right then becomes the left."""
LETTER = {Side.LEFT: "L", Side.RIGHT: "R"}


@dataclass(frozen=True, eq=False)
class Table:
    """A file of named columns."""

    path: Path
    columns: tuple[str, ...]
    values: FloatArray
    """(rows, columns), as in the file."""

    def column(self, name: str) -> FloatArray:
        """(rows,) one column.

        Raises
        ------
        BadTruth
            If the file has no such column.
        """
        if name not in self.columns:
            raise BadTruth(f"{self.path} has no column {name}: give a file in the format of Fukuchi 2017.")
        return np.asarray(self.values[:, self.columns.index(name)])

    def marker_m(self, name: str) -> FloatArray:
        """(rows, 3) one marker in metres, short gaps bridged."""
        return np.column_stack([_bridged(self.column(f"{name}{axis}")) / 1000 for axis in "XYZ"])


def read_table(path: Path) -> Table:
    """Read a tab-separated file with one header line.

    Raises
    ------
    BadTruth
        If it is not there or is not such a file.
    """
    try:
        with path.open(encoding="utf-8") as file:
            columns = tuple(file.readline().rstrip("\r\n").split("\t"))
            values = np.atleast_2d(np.genfromtxt(file, delimiter="\t"))
    except (OSError, ValueError) as error:
        raise BadTruth(f"{path} cannot be read as a table of columns ({error}).") from error
    if values.shape[1] != len(columns):
        raise BadTruth(f"{path} has {len(columns)} names for {values.shape[1]} columns.")
    return Table(path, columns, values)


def force_contacts(forces: Table) -> FloatArray:
    """(n, 2) touchdown and toe-off of either foot in seconds, where the vertical force passes 50 N."""
    sos = signal.butter(2, FORCE_CUTOFF_HZ, fs=FORCES_HZ, output="sos")
    force_n = signal.sosfiltfilt(sos, forces.column("Fy")) - ON_GROUND_N
    edges = np.flatnonzero(np.diff(np.signbit(force_n)))
    times_s = (edges + force_n[edges] / (force_n[edges] - force_n[edges + 1])) / FORCES_HZ
    first = 0 if force_n[edges[0]] < 0 else 1
    pairs = times_s[first : first + 2 * ((len(times_s) - first) // 2)].reshape(-1, 2)
    return np.asarray(pairs[np.ptp(pairs, axis=1) < LONGEST_CONTACT_S])


def joint_paths(markers: Table, static: Table) -> dict[Landmark, FloatArray]:
    """(T, 3) path of hip, knee, ankle, heel and toe of both legs: ahead, to the left and up, in metres.

    Knee and ankle are the midpoints of their standing markers, carried by the shank's cluster; the toe is
    the middle of the first and fifth metatarsal heads.
    """
    paths: dict[Landmark, FloatArray] = {}
    for side, limbs in LIMBS.items():
        letter = LETTER[side]
        carried = _carried(
            [markers.marker_m(f"{letter}.{name}") for name in CLUSTER],
            [static.marker_m(f"{letter}.{name}").mean(axis=0) for name in CLUSTER],
            [_middle_of(static, f"{letter}.{joint}") for joint in ("Knee", "Ankle")],
        )
        toes = [markers.marker_m(f"{letter}.{name}") for name in ("MT1", "MT5")]
        for landmark, path in (
            (limbs.hip, _hip_centre(markers, side)),
            (limbs.knee, carried[0]),
            (limbs.ankle, carried[1]),
            (limbs.heel, markers.marker_m(f"{letter}.Heel.Bottom")),
            (limbs.toe, (toes[0] + toes[1]) / 2),
        ):
            paths[landmark] = path[:, AHEAD_LEFT_UP] * (1, -1, 1)
    return paths


def pelvis_axes(markers: Table, static: Table) -> FloatArray:
    """(T, 3, 3) turn of the pelvis against the standing trial; axes ahead, left, up."""
    names = ("R.ASIS", "L.ASIS", "R.PSIS", "L.PSIS")
    standing = np.array([static.marker_m(name).mean(axis=0) for name in names])
    moving = np.stack([markers.marker_m(name) for name in names], axis=1)
    ours = np.eye(3)[AHEAD_LEFT_UP] * np.array([1, -1, 1])[:, None]
    return np.asarray(ours @ _turns(moving, standing) @ ours.T)


def seen_by_camera(
    paths: dict[Landmark, FloatArray], noise_cm: float, seed: int = 0, video_hz: float = VIDEO_HZ
) -> Motion:
    """Turn joint paths into the motion that a camera at the right side and a noisy pose model would give."""
    leg_m = float(
        np.percentile(
            np.hypot(*(paths[RIGHT.hip] - paths[RIGHT.knee])[:, [0, 2]].T)
            + np.hypot(*(paths[RIGHT.knee] - paths[RIGHT.ankle])[:, [0, 2]].T),
            90,
        )
    )
    marker_s = np.arange(len(paths[RIGHT.hip])) / MARKERS_HZ
    frame_s = np.arange(0, marker_s[-1], 1 / video_hz)
    time_s = np.arange(0, frame_s[-1], 1 / RATE_HZ)
    rng = np.random.default_rng(seed)
    xy = np.full((len(time_s), COUNT, 2), np.nan)
    for landmark, path in paths.items():
        for axis, seen in enumerate((path[:, 0], path[:, 2])):
            frames = np.interp(frame_s, marker_s, seen)
            frames = (frames + _noise(rng, len(frames), noise_cm / 100)) / leg_m
            xy[:, landmark, axis] = low_pass(resample(frame_s, frames, time_s))
    view = Viewpoint(View.RIGHT, Facing.RIGHT, 0.0)
    every = np.ones((len(time_s), COUNT))
    return Motion(time_s, xy, every, noise_cm / 100 / leg_m * every, view, leg_px=1.0, size_px=(1, 1))


@dataclass(frozen=True, eq=False)
class MarkerRun:
    """The contacts of both feet at one level of landmark noise."""

    noise_cm: float
    matched: Matched

    def rows(self) -> tuple[Agreement, ...]:
        """Agreement of touchdown, toe-off and contact time with the force plate."""
        condition = f"noise {self.noise_cm:g} cm"
        return tuple(
            agreement(condition, [Pair(event, "ms", float(e), 0.0) for e in getattr(self.matched, event)])
            for event in EVENTS
        )


def validate_markers(
    markers: Table, forces: Table, static: Table, noises_cm: tuple[float, ...]
) -> tuple[MarkerRun, ...]:
    """Find the contacts at each level of landmark noise and compare them with the force plate's."""
    paths, true_s = joint_paths(markers, static), force_contacts(forces)
    runs = []
    for noise_cm in noises_cm:
        motion = seen_by_camera(paths, noise_cm)
        found = contacts(motion, stride_s(motion))
        runs.append(MarkerRun(noise_cm, match(found, true_s, (0.0, float(motion.time_s[-1])))))
    return tuple(runs)


def _hip_centre(markers: Table, side: Side) -> FloatArray:
    right, left = markers.marker_m("R.ASIS"), markers.marker_m("L.ASIS")
    back = (markers.marker_m("R.PSIS") + markers.marker_m("L.PSIS")) / 2
    front = (right + left) / 2
    width = float(np.median(np.linalg.norm(right - left, axis=1)))
    across = _unit(right - left)
    ahead = front - back
    ahead = _unit(ahead - np.sum(ahead * across, axis=1, keepdims=True) * across)
    up = np.cross(across, ahead)
    behind, below, beside = (share * width for share in BELL)
    towards = 1 if side is Side.RIGHT else -1
    return np.asarray(front - behind * ahead - below * up + towards * beside * across)


def _carried(
    cluster: list[FloatArray], standing: list[FloatArray], points: list[FloatArray]
) -> list[FloatArray]:
    """Carry points of the standing trial along with a cluster (Soderkvist 1993, 0021-9290(93)90098-Y)."""
    moving, reference = np.stack(cluster, axis=1), np.array(standing)
    centre = reference.mean(axis=0)
    turns = _turns(moving, reference)
    return [np.asarray(turns @ (point - centre) + moving.mean(axis=1)) for point in points]


def _turns(moving: FloatArray, reference: FloatArray) -> FloatArray:
    """(T, 3, 3) rotation that takes the reference points best to the (T, n, 3) moving ones."""
    u, _, vt = np.linalg.svd(
        (reference - reference.mean(axis=0)).T @ (moving - moving.mean(axis=1, keepdims=True))
    )
    upright = np.ones((len(moving), 3))
    upright[:, 2] = np.sign(np.linalg.det(vt.transpose(0, 2, 1) @ u.transpose(0, 2, 1)))
    return np.asarray(vt.transpose(0, 2, 1) @ (upright[:, :, None] * u.transpose(0, 2, 1)))


def _middle_of(static: Table, joint: str) -> FloatArray:
    both = static.marker_m(joint) + static.marker_m(f"{joint}.Medial")
    return np.asarray(both.mean(axis=0) / 2)


def _noise(rng: np.random.Generator, count: int, sd: float) -> FloatArray:
    fresh = rng.normal(0, sd * np.sqrt(1 - NOISE_MEMORY**2), count)
    return np.asarray(signal.lfilter([1.0], [1.0, -NOISE_MEMORY], fresh))


def _bridged(values: FloatArray) -> FloatArray:
    seen = np.isfinite(values)
    return np.interp(np.arange(len(values)), np.flatnonzero(seen), values[seen])


def _unit(vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
