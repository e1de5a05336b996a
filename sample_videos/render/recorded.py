"""A runner in motion from a real runner's markers, with the force plate's contacts."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.body import LIMBS, Landmark, Side
from gait.validate.markers import MARKERS_HZ, force_contacts, joint_paths, pelvis_axes, read_table
from sample_videos.render.body import Rest
from sample_videos.render.driven import Carriage, Driven, Legs, driven

FloatArray = NDArray[np.float64]
Paths = dict[Landmark, FloatArray]


@dataclass(frozen=True)
class Recording:
    """Files of one trial in the format of Fukuchi 2017 (doi 10.7717/peerj.3298), and where to begin."""

    markers: Path
    forces: Path
    static: Path
    speed_m_s: float
    """Of the belt under the real runner."""
    start_s: float = 2.0
    carriage: Carriage = Carriage()


def recorded(recording: Recording, rest: Rest) -> Driven:
    """Let a body run with the angles of a recorded runner's legs.

    Raises
    ------
    gait.errors.BadTruth
        If a file is missing or not in that format.
    """
    markers, static = read_table(recording.markers), read_table(recording.static)
    paths = joint_paths(markers, static)
    contacts_s = force_contacts(read_table(recording.forces))
    count = len(next(iter(paths.values())))
    marker_s = np.arange(count) / MARKERS_HZ
    contacts = np.column_stack([_sides(contacts_s, marker_s, paths), contacts_s - recording.start_s])
    left, right = (_angles(paths, side) for side in Side)
    thigh, knee, pitch = zip(left, right, strict=True)
    turn = pelvis_axes(markers, static)
    legs = Legs(marker_s - recording.start_s, thigh, knee, pitch, turn, contacts)
    return driven(legs, rest, recording.carriage)


def _angles(paths: Paths, side: Side) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(T,) thigh, knee and foot of one leg in the side view."""
    limbs = LIMBS[side]
    thigh, shank = (
        _from_vertical_deg(paths[upper], paths[lower])
        for upper, lower in ((limbs.hip, limbs.knee), (limbs.knee, limbs.ankle))
    )
    return thigh, thigh - shank, _pitch_deg(paths[limbs.heel], paths[limbs.toe])


def _from_vertical_deg(upper: FloatArray, lower: FloatArray) -> FloatArray:
    return np.degrees(np.arctan2(lower[:, 0] - upper[:, 0], upper[:, 2] - lower[:, 2]))


def _sides(contacts_s: FloatArray, marker_s: FloatArray, paths: Paths) -> FloatArray:
    """The foot that is lower in the middle of a contact stands."""
    left, right = (
        np.interp(contacts_s.mean(axis=1), marker_s, paths[LIMBS[side].ankle][:, 2]) for side in Side
    )
    return np.asarray(right < left, dtype=float)


def _pitch_deg(heel: FloatArray, toe: FloatArray) -> FloatArray:
    """Pitch of the foot; its most frequent value is that of the flat foot."""
    along = toe - heel
    pitch = np.degrees(np.arctan2(along[:, 2], np.hypot(along[:, 0], along[:, 1])))
    counts, edges = np.histogram(pitch, bins=np.arange(-90, 91, 2.0))
    return np.asarray(pitch - edges[counts.argmax()] - 1.0)
