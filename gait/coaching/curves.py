"""Mean joint curves of 28 treadmill runners over one stride, by speed.

``fukuchi_running_strides.csv``: means over the runners of Fukuchi, Fukuchi and Duarte 2017 (PeerJ 5:e3298,
doi 10.7717/peerj.3298, figshare 4543435, CC BY 4.0), every second per cent of the stride, 0 % at touchdown
on the force plate. Means of curves flatten peaks a little.
"""

import csv
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
COLUMNS = {"thigh": "thigh_deg", "knee": "knee_deg", "foot": "foot_deg"}


def mean_curve(joint: str, speed_m_s: float, percent: FloatArray) -> FloatArray:
    """Mean curve of ``thigh``, ``knee``, ``shank`` or ``foot`` in degrees, interpolated between the speeds.

    Parameters
    ----------
    percent
        (P,) per cent of the stride, 0 at touchdown.

    Returns
    -------
    FloatArray
        (P,) degrees; NaN if the speed is outside of those measured.
    """
    if joint == "shank":
        return mean_curve("thigh", speed_m_s, percent) - mean_curve("knee", speed_m_s, percent)
    speeds, curves = _table(COLUMNS[joint])
    if not speeds[0] <= speed_m_s <= speeds[-1]:
        return np.full(len(percent), np.nan)
    at_speed = [np.interp(speed_m_s, speeds, column) for column in curves.T]
    known_percent = np.arange(len(at_speed)) * 100 / len(at_speed)
    return np.asarray(np.interp(percent, known_percent, at_speed, period=100))


@cache
def _table(column: str) -> tuple[FloatArray, FloatArray]:
    path = resources.files(__package__).joinpath("fukuchi_running_strides.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    speeds = np.unique([float(row["speed_mps"]) for row in rows])
    curves = [[float(row[column]) for row in rows if float(row["speed_mps"]) == speed] for speed in speeds]
    return speeds, np.array(curves)
