"""A runner who moves as one real runner does: hip, knee and ankle angles over the stride.

The curves are the mean strides of single runners at about 2.5 m/s with their spread from stride to stride
(Fukuchi, Ferber and Duarte, repository regifukuchi/BMC-RIC-running-biomechanics, CC BY 4.0), 0 % at
touchdown.
Thigh ahead of the trunk and toes towards the shin are negative in that table.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator

from gait.coaching.curves import mean_curve
from gait.errors import BadTruth
from sample_videos.render.body import Rest
from sample_videos.render.driven import Carriage, Driven, Legs, driven
from sample_videos.render.form import ImpossibleForm
from sample_videos.render.skeleton import pitched, rolled, yawed

FloatArray = NDArray[np.float64]
RATE_HZ = 240.0
BEFORE_S = 2.5
SPEED_M_S = 2.5
LEG_M = 0.864
"""Thigh and shank of the mean runner of the mean curves."""
TILT_DEG = (5.7, 3.4, 1.6, 1.1, 1.8, 2.4, 3.2, 4.3, 5.5, 6.8, 7.6, 7.7, 6.7)
"""Forward tilt of the mean runner's pelvis over half a stride, every 4 % (Fukuchi 2017, 2.5 m/s)."""
OFF_AFTER_KNEE, OFF_BEFORE_HIP = 0.005, 0.045
"""Toe-off comes this share of the stride after the knee is straightest and before the hip is farthest back:
the mean of 28 runners on a force-measuring treadmill (Fukuchi 2017, 2.5 m/s: toe-off at 38.5 %, knee at
38 %, hip at 43 %)."""
FLAT = (0.3, 0.5)
"""Shares of contact in which the foot lies flat."""
STRIDE_S = (0.4, 1.1)
"""Shortest and longest time of a stride."""
WANDER, MOST = 0.8, 1.5
"""How much of the spread between strides is shown, and the most that one stride is off, in spreads."""
YAW_DEG = 8.0
COLUMNS = {"hip": "hip_flexion", "knee": "knee_flexion", "ankle": "ankle_dorsiflexion"}


@dataclass(frozen=True)
class Single:
    """One runner of the table, and how he is carried by a body of ours."""

    curves: Path
    """``stride_curves.csv``."""
    runner: str
    seconds: float
    seed: int
    carriage: Carriage = Carriage()
    hip_drop_deg: float = 5.0
    speed_m_s: float = SPEED_M_S


@dataclass(frozen=True, eq=False)
class Curves:
    """Angles of one leg over the stride, 0 to 1 from touchdown, degrees; means and standard deviations."""

    hip: CubicSpline
    """Thigh ahead of the trunk."""
    knee: CubicSpline
    ankle: CubicSpline
    """Toes towards the shin."""
    spread: dict[str, CubicSpline]

    @property
    def toe_off(self) -> float:
        """Share of the stride at which the foot leaves, from when knee and hip are farthest stretched."""
        share = np.arange(0.28, 0.50, 0.001)
        knee = share[self.knee(share).argmin()] + OFF_AFTER_KNEE
        hip = share[self.hip(share).argmin()] - OFF_BEFORE_HIP
        return float((knee + hip) / 2)


def read_curves(path: Path, runner: str) -> Curves:
    """Read one runner's curves.

    Raises
    ------
    BadTruth
        If the file or the runner is not there.
    """
    try:
        with path.open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["runner"] == runner]
    except OSError as error:
        raise BadTruth(f"{path} cannot be read ({error}).") from error
    if not rows:
        raise BadTruth(f"{path} has no runner {runner}.")
    means = {what: _periodic(rows, f"{name}_deg") for what, name in COLUMNS.items()}
    spread = {what: _periodic(rows, f"{name}_sd_deg") for what, name in COLUMNS.items()}
    backwards = (_negative(means["hip"]), means["knee"], _negative(means["ankle"]))
    return Curves(*backwards, spread)


def single(form: Single, rest: Rest) -> Driven:
    """Let a body run as one real runner does, at his speed against the length of his leg.

    Raises
    ------
    ImpossibleForm
        If the angles sweep the foot along no belt: what they are measured from must be another.
    """
    curves = read_curves(form.curves, form.runner)
    turn_back = _turn_back_deg(curves)
    stride_s = _stride_s(curves, turn_back, rest, form)
    for _ in range(2):
        stride_s *= _run(curves, form, rest, stride_s).speed_m_s / (form.speed_m_s * rest.leg_m / LEG_M)
        if not STRIDE_S[0] < stride_s < STRIDE_S[1]:
            raise ImpossibleForm(f"The angles of {form.runner} are not those of a runner on a belt.")
    return _run(curves, form, rest, stride_s)


def _run(curves: Curves, form: Single, rest: Rest, stride_s: float) -> Driven:
    rng = np.random.default_rng(form.seed)
    turn_back = _turn_back_deg(curves)
    time_s = np.arange(-BEFORE_S, form.seconds + BEFORE_S, 1 / RATE_HZ)
    strides = _strides(time_s, stride_s, rng)
    contacts = _contacts(strides, curves.toe_off, time_s)
    sides = [_angles(curves, strides(time_s) + 0.5 * side, turn_back, rng) for side in (0, 1)]
    phase = 2 * np.pi * strides(time_s)
    turn = (
        yawed(-YAW_DEG * np.cos(phase))
        @ rolled(form.hip_drop_deg * np.sin(phase + 0.25))
        @ pitched(_tilt_deg(strides(time_s)))
    )
    thigh, knee, foot_deg = zip(*sides, strict=True)
    return driven(Legs(time_s, thigh, knee, foot_deg, turn, contacts), rest, form.carriage)


def _angles(
    curves: Curves, share: FloatArray, turn_back: float, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(N,) thigh, knee and foot of one leg, which varies from stride to stride as the real one did."""
    at = np.mod(share, 1.0)
    strides = np.arange(np.floor(share[0]), np.ceil(share[-1]) + 1)
    hip, knee, ankle = (
        getattr(curves, what)(at)
        + WANDER
        * curves.spread[what](at)
        * PchipInterpolator(strides, np.clip(rng.standard_normal(len(strides)), -MOST, MOST))(share)
        for what in COLUMNS
    )
    thigh = hip - _tilt_deg(share) - turn_back
    return thigh, knee, thigh - knee + ankle - _flat_deg(curves, turn_back)


def _turn_back_deg(curves: Curves) -> float:
    """Tilt of this runner's pelvis beyond the mean runner's, so that he stands over his foot as that does."""
    share = np.linspace(0, 0.385, 60)
    mean_leg = mean_curve("thigh", SPEED_M_S, 100 * share) - mean_curve("knee", SPEED_M_S, 100 * share) / 2
    own = np.linspace(0, curves.toe_off, 60)
    own_leg = curves.hip(own) - _tilt_deg(own) - curves.knee(own) / 2
    return float(own_leg.mean() - mean_leg.mean())


def _flat_deg(curves: Curves, turn_back: float) -> float:
    """Pitch that the angles say of the foot while it lies flat."""
    share = curves.toe_off * np.linspace(*FLAT, 30)
    thigh = curves.hip(share) - _tilt_deg(share) - turn_back
    return float(np.median(thigh - curves.knee(share) + curves.ankle(share)))


def _stride_s(curves: Curves, turn_back: float, rest: Rest, form: Single) -> float:
    """Time of a stride in which the flat foot goes as fast as the belt did, for the length of the leg."""
    share = curves.toe_off * np.linspace(0.25, 0.6, 60)
    thigh = np.radians(curves.hip(share) - _tilt_deg(share) - turn_back)
    shank = thigh - np.radians(curves.knee(share))
    ahead = rest.leg_m / 2 * (np.sin(thigh) + np.sin(shank))
    per_stride = -float(np.polyfit(share, ahead, 1)[0])
    return per_stride / (form.speed_m_s * rest.leg_m / LEG_M)


def _strides(time_s: FloatArray, stride_s: float, rng: np.random.Generator) -> PchipInterpolator:
    """Strides since a left touchdown, as a function of time; single strides differ by 1 %."""
    count = int(np.ceil((time_s[-1] - time_s[0]) / stride_s)) + 4
    lengths = stride_s * (1 + 0.01 * rng.standard_normal(count))
    begins = time_s[0] - stride_s * (1 + rng.uniform()) + np.append(0.0, np.cumsum(lengths))
    return PchipInterpolator(begins, np.arange(count + 1))


def _contacts(strides: PchipInterpolator, toe_off: float, time_s: FloatArray) -> FloatArray:
    fine_s = np.arange(time_s[0], time_s[-1], 0.001)
    passed = strides(fine_s)
    rows = []
    for side in (0, 1):
        for number in range(int(passed[0]) + 1, int(passed[-1]) - 1):
            begin, end = np.interp([number + 0.5 * side, number + 0.5 * side + toe_off], passed, fine_s)
            rows.append((side, begin, end))
    return np.array(sorted(rows, key=lambda row: row[1]))


def _tilt_deg(share: FloatArray) -> FloatArray:
    """(N,) twice a stride the same."""
    return np.interp(np.mod(share, 0.5), np.linspace(0, 0.48, len(TILT_DEG)), TILT_DEG, period=0.5)


def _periodic(rows: list[dict[str, str]], column: str) -> CubicSpline:
    values = np.array([float(row[column]) for row in rows])[:100]
    return CubicSpline(np.linspace(0, 1, 101), np.append(values, values[0]), bc_type="periodic")


def _negative(curve: CubicSpline) -> CubicSpline:
    return CubicSpline(curve.x, -curve(curve.x), bc_type="periodic")
