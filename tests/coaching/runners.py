"""Runners made of measurements, without any film."""

from dataclasses import replace
from datetime import date, timedelta

from gait.body import Side, View
from gait.coaching.assessment import assess
from gait.coaching.conditions import Assessed, Conditions, Filming
from gait.coaching.cue import Advice, Screens, choose
from gait.coaching.norms import norms
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.measurement import Measurement
from gait.motion.scale import Speed
from gait.quality.doubts import Doubt

TODAY = date(2026, 11, 23)
MONTH = timedelta(days=28)
SPEED = Speed(3.0, 0.05, given=True)
FRONTAL = (
    "hip_drop_deg", "crossover_pct", "step_width_pct_leg", "step_width_cm", "foot_crossover_pct_leg",
    "pelvis_sway_pct_leg",
)  # fmt: skip
SIDED = (
    "overstride_pct_leg", "overstride_cm", "shank_deg", "knee_flexion_touchdown_deg", "knee_flexion_peak_deg",
    "foot_strike_deg", "thigh_toe_off_deg", "elbow_deg", "contact_time_ms", "flight_time_ms",
    "duty_factor_pct",
)  # fmt: skip
BOTH_SIDES = ("hip_drop_deg", "crossover_pct", "foot_crossover_pct_leg")
UNITS = {
    "cadence_spm": "steps/min", "contact_time_ms": "ms", "flight_time_ms": "ms", "overstride_cm": "cm",
    "oscillation_cm": "cm", "step_width_cm": "cm",
}  # fmt: skip
OVERSTRIDER = {"overstride_pct_leg": 36.0, "shank_deg": 19.0}
FAULTS = {
    "overstride": OVERSTRIDER,
    "cadence": {"cadence_spm": 140.0, "oscillation_pct_leg": 15.0},
    "hip-drop": {"hip_drop_deg": 13.0},
    "narrow": {"step_width_pct_leg": -2.0},
    "bounce": {"oscillation_pct_leg": 15.0},
    "stiff": {"knee_flexion_touchdown_deg": 0.0, "knee_flexion_peak_deg": 30.0},
    "upright": {"lean_deg": -4.0, "overstride_pct_leg": 36.0},
    "leaning": {"lean_deg": 20.0},
    "waist": {"lean_deg": 20.0, "waist_bend_deg": 16.0},
    "arms": {"crossover_pct": 40.0},
}
"""For each cue of the book a runner whose one fault it answers."""


def usual(speed_m_s: float = SPEED.m_s) -> dict[str, float]:
    """What every norm says at a speed."""
    return {name: norm.mean_at(speed_m_s) for name, norm in norms().items()}


def number(
    name: str, value: float, n: int = 10, uncertainty: float = 0.5, side: Side | None = None
) -> Measurement:
    """One measurement, of the clip that shows it."""
    unit = UNITS.get(name, "deg" if "deg" in name else "%")
    clip = "behind" if name in FRONTAL else "side"
    return Measurement(
        name, side, value, unit, uncertainty, n, (value,) * n, clip, repeatability=0.5 * uncertainty
    )


def runner(n: int = 10, uncertainty: float = 0.5, **changes: float) -> tuple[Measurement, ...]:
    """A runner who does what is usual, but for the changes; filmed from the left and from behind."""
    return tuple(
        number(name, value, n, uncertainty, side)
        for name, value in {**usual(), **changes}.items()
        for side in _sides(name)
    )


def _sides(name: str) -> tuple[Side | None, ...]:
    assert name in CATALOGUE
    if name in BOTH_SIDES:
        return tuple(Side)
    return (Side.LEFT,) if name in SIDED else (None,)


def advise(
    measurements: tuple[Measurement, ...],
    speed: Speed | None = SPEED,
    doubts: tuple[Doubt, ...] = (),
    screens: Screens | None = None,
    *,
    in_pain: bool = False,
) -> Advice:
    """Go from measurements to the advice."""
    findings = assess(measurements, speed, doubts)
    return choose(findings, measurements, speed, TODAY, in_pain=in_pain, screens=screens)


CONDITIONS = Conditions(
    filmed_on=TODAY,
    speed_m_s=3.0,
    speed_sd_m_s=0.05,
    speed_given=True,
    clips=(Filming("side", View.LEFT, 120.0), Filming("behind", View.REAR, 60.0)),
    surface="treadmill",
    incline_pct=1.0,
    shoes="blue",
    minutes_run_before=8.0,
    method="7",
)


def filmed(
    measurements: tuple[Measurement, ...], months: float = 0, conditions: Conditions = CONDITIONS
) -> Assessed:
    """An assessment so many months after the first."""
    return Assessed(measurements, replace(conditions, filmed_on=TODAY + months * MONTH))
