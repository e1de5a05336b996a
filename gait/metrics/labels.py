"""Plain words for every measurement."""

from collections.abc import Iterable
from dataclasses import dataclass

from gait.metrics.measurement import Measurement


@dataclass(frozen=True)
class Label:
    """How a measurement is called and printed."""

    text: str
    decimals: int
    meaning: str


LABELS = {
    "overstride_pct_leg": Label(
        "Overstride", 0, "how far the ankle lands ahead of the hip, in % of the leg's length"
    ),
    "overstride_cm": Label("Overstride in cm", 0, "the same in centimetres"),
    "shank_deg": Label("Shin angle at landing", 0, "0 is upright; plus: the foot is ahead of the knee"),
    "knee_flexion_touchdown_deg": Label("Knee bend at landing", 0, "0 is a straight leg"),
    "knee_flexion_peak_deg": Label("Deepest knee bend", 0, "while the foot is on the ground"),
    "foot_strike_deg": Label(
        "Foot at landing", 0, "against lying flat; plus: heel first, near 0 or minus: flat or forefoot"
    ),
    "thigh_toe_off_deg": Label("Thigh at push-off", 0, "how far the thigh reaches back"),
    "lean_deg": Label("Forward lean", 0, "trunk against upright; plus: forward"),
    "ankle_lean_deg": Label("Lean from the ankles", 0, "the legs' part of the lean; plus: forward"),
    "waist_bend_deg": Label("Bend at the waist", 0, "what the trunk leans more than the legs"),
    "elbow_deg": Label("Elbow", 0, "180 is a straight arm"),
    "head_forward_pct": Label("Head forward", 0, "ears ahead of the shoulders, in % of the trunk"),
    "shoulder_to_ear_pct": Label(
        "Shoulders below the ears", 0, "in % of the trunk; smaller when the shoulders are drawn up"
    ),
    "oscillation_pct_leg": Label("Bounce", 1, "rise and fall of the body, in % of the leg's length"),
    "oscillation_cm": Label("Bounce in cm", 1, "the same in centimetres"),
    "hip_drop_deg": Label("Hip drop", 0, "how far the free side of the pelvis sinks"),
    "crossover_pct": Label(
        "Arm crossover",
        0,
        "hand past the body's midline, in % of shoulder width; minus: not crossed",
    ),
    "step_width_pct_leg": Label(
        "Step width", 0, "between the two lines of footprints, in % of the leg's length; minus: they cross"
    ),
    "step_width_cm": Label("Step width in cm", 0, "the same in centimetres"),
    "foot_crossover_pct_leg": Label(
        "Foot under the body", 0, "foot past the middle of the hips, in % of the leg; minus: not crossed"
    ),
    "pelvis_sway_pct_leg": Label("Side sway", 0, "of the hips within a stride, in % of the leg's length"),
    "cadence_spm": Label("Cadence", 0, "steps in a minute, both feet"),
    "contact_time_ms": Label("Ground contact", 0, "how long the foot is on the ground"),
    "flight_time_ms": Label("Flight", 0, "how long neither foot is on the ground"),
    "duty_factor_pct": Label("Time on the ground", 0, "share of the stride that this foot is on the ground"),
    "step_time_asymmetry_pct": Label("Left step against right", 0, "plus: the left step takes longer"),
    "contact_time_asymmetry_pct": Label(
        "Left contact against right", 0, "plus: the left foot is longer on the ground"
    ),
    "speed_kmh": Label("Speed", 1, "as given, or as the planted foot shows it"),
}


def unit_of(unit: str) -> str:
    """Return the unit as it follows a number, with its space."""
    return "°" if unit == "deg" else f" {unit}"


def title(measurement: Measurement) -> str:
    """Name a measurement, with its side."""
    text = LABELS[measurement.name].text
    return f"{text}, {measurement.side}" if measurement.side else text


def value_text(measurement: Measurement) -> str:
    """Print a value with its unit and twice its uncertainty, or a dash."""
    if measurement.why_missing is not None:
        return "–"
    decimals = LABELS[measurement.name].decimals
    unit = unit_of(measurement.unit)
    spread = max(2 * measurement.uncertainty, 10.0**-decimals)
    return f"{measurement.value:.{decimals}f}{unit} ± {spread:.{decimals}f}"


def absent_by_reason(measurements: Iterable[Measurement]) -> dict[str, str]:
    """Reason -> the names of what is missing for that reason, without repetition."""
    names: dict[str, list[str]] = {}
    for measurement in measurements:
        if measurement.why_missing is not None:
            same = names.setdefault(measurement.why_missing, [])
            if title(measurement) not in same:
                same.append(title(measurement))
    return {reason: "; ".join(same) for reason, same in names.items()}
