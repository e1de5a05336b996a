"""When each foot lands and leaves, and how the body rises and falls between."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicHermiteSpline
from scipy.optimize import brentq

from sample_videos.render.form import GRAVITY_M_S2, Form, ImpossibleForm

FloatArray = NDArray[np.float64]
DEEPEST_M = 0.5
LANDING_S = 0.03
RISE_M = 0.02
"""Hips higher at toe-off than at touchdown (mean curves of Fukuchi 2017)."""


@dataclass(frozen=True, eq=False)
class Steps:
    """The steps of a clip, one for each touchdown, in time; sides alternate."""

    side: NDArray[np.int64]
    """(n,) 0 left, 1 right."""
    touchdown_s: FloatArray
    toe_off_s: FloatArray
    overstride: FloatArray
    """(n,) where the foot lands ahead of its hip joint, as a share of the leg."""

    def of(self, side: int) -> NDArray[np.int64]:
        """(m,) numbers of the steps of one foot."""
        return np.flatnonzero(self.side == side)


def steps(form: Form, seconds: float, rng: np.random.Generator) -> Steps:
    """Lay out the steps from two before a clip begins to two after its end.

    The first touchdown is the left foot's; where in its stride the clip begins is left to chance.
    """
    count = int(np.ceil(seconds / form.step_s)) + 6
    side = np.arange(count) % 2
    vary = form.variability_pct / 100
    lean_to_left = np.where(side == 0, 0.5, -0.5) * form.asymmetry_pct / 100
    step_s = form.step_s * (1 + vary * rng.standard_normal(count))
    touchdown_s = np.cumsum(step_s) - step_s[0] - form.step_s * (2 + rng.uniform(0, 2))
    contact_s = form.contact_s * (1 + lean_to_left + vary * rng.standard_normal(count))
    overstride = form.overstride_pct_leg / 100 * (1 + lean_to_left + 2 * vary * rng.standard_normal(count))
    return Steps(side, touchdown_s, touchdown_s + contact_s, overstride)


def hip_height_m(laid: Steps, form: Form, time_s: FloatArray) -> FloatArray:
    """(T,) height of the hips against that at touchdown: falling freely in flight, sprung on the ground.

    On the ground the curve takes over height, speed and acceleration of the flights on both sides of it,
    and goes down far enough for the form's oscillation.
    """
    height = np.zeros(len(time_s))
    landing = np.append(laid.touchdown_s[1:], np.inf)
    flight_s = landing[:-1] - laid.toe_off_s[:-1]
    leaving_m_s = GRAVITY_M_S2 * flight_s / 2 - RISE_M / flight_s
    arriving_m_s = leaving_m_s - GRAVITY_M_S2 * flight_s
    for k in range(1, len(laid.side) - 1):
        on = (time_s >= laid.touchdown_s[k]) & (time_s < laid.toe_off_s[k])
        height[on] = _sprung(
            (time_s[on] - laid.touchdown_s[k]) / (laid.toe_off_s[k] - laid.touchdown_s[k]),
            laid.toe_off_s[k] - laid.touchdown_s[k],
            (arriving_m_s[k - 1], leaving_m_s[k]),
            RISE_M + leaving_m_s[k] ** 2 / (2 * GRAVITY_M_S2) - form.oscillation_cm / 100,
        )
        up = (time_s >= laid.toe_off_s[k]) & (time_s < landing[k])
        since = time_s[up] - laid.toe_off_s[k]
        height[up] = RISE_M + leaving_m_s[k] * since - GRAVITY_M_S2 * since**2 / 2
    return height


def _sprung(
    share: FloatArray, contact_s: float, speeds_m_s: tuple[float, float], lowest_m: float
) -> FloatArray:
    """Quintic through both ends' height, speed and free fall, plus a bump that reaches the lowest point."""
    arriving, leaving = (speed * contact_s for speed in speeds_m_s)
    fall = -GRAVITY_M_S2 * contact_s**2
    ends = np.array([0.0, arriving, fall / 2])
    missing = np.array([RISE_M - ends.sum(), leaving - arriving - fall, 0.0])
    a, b, c = np.linalg.solve([[1, 1, 1], [3, 4, 5], [6, 12, 20]], missing)

    def quintic(u: FloatArray) -> FloatArray:
        return np.asarray(np.polyval([c, b, a, *ends[::-1]], u))

    def bump(u: FloatArray) -> FloatArray:
        return np.asarray((4 * u * (1 - u)) ** 3)

    fine = np.linspace(0.05, 0.95, 181)
    curve, bumped = quintic(fine), bump(fine)
    if (curve - DEEPEST_M * bumped).min() > lowest_m or (curve + DEEPEST_M * bumped).min() < lowest_m:
        raise ImpossibleForm(f"a contact of {contact_s:.2f} s cannot be run with so small or large a bounce")
    depth = brentq(lambda size: float((curve + size * bumped).min()) - lowest_m, -DEEPEST_M, DEEPEST_M)
    return np.asarray(quintic(share) + depth * bump(share))


def joined(
    time_s: FloatArray, ends_s: tuple[float, float], gaps: FloatArray, slopes: FloatArray
) -> FloatArray:
    """(T,) correction over a swing that closes a gap and a change of speed at either end.

    The gap is spread over the whole swing. The first change of speed dies out within half of it; the last
    one belongs to the landing, when foot and knee change speed within a few hundredths of a second.
    """
    start, end = ends_s
    middle, landing = (start + end) / 2, end - LANDING_S
    whole = CubicHermiteSpline([start, end], gaps, [0.0, 0.0])(time_s)
    first = CubicHermiteSpline([start, middle], [0.0, 0.0], [slopes[0], 0.0])(np.minimum(time_s, middle))
    last = CubicHermiteSpline([landing, end], [0.0, 0.0], [0.0, slopes[1]])(np.maximum(time_s, landing))
    return np.asarray(whole + first + last)
