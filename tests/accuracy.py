"""What the tool says of the bundled clips, against the exact truth. Run with ``make accuracy``."""

import sys
from dataclasses import dataclass

import numpy as np

from gait.analysis import Analysis
from gait.body import LEFT, LIMBS, RIGHT, Side
from gait.metrics.frontal import across_midline_pct
from tests.truth import Truth, truth

PER_SIDE = (
    "overstride_pct_leg",
    "overstride_cm",
    "shank_deg",
    "knee_flexion_touchdown_deg",
    "knee_flexion_peak_deg",
    "contact_time_ms",
)
OVERALL = ("lean_deg", "oscillation_cm", "cadence_spm")


@dataclass(frozen=True)
class Row:
    """One quantity of one clip."""

    quantity: str
    found: float
    true: float
    uncertainty: float

    @property
    def error(self) -> float:
        return self.found - self.true


def event_errors_s(analysis: Analysis, known: Truth) -> np.ndarray:
    """(contacts, 2) errors of touchdown and toe-off of the near foot, + late; NaN where not found."""
    true = known.contacts[known.near]
    return np.array(
        [
            (c.touchdown_s, c.toe_off_s) - true[np.abs(true[:, 0] - c.touchdown_s).argmin()]
            for c in analysis.side.near_contacts()
        ]
    )


def missed(analysis: Analysis, known: Truth) -> int:
    """Touchdowns of the near foot that were not found, the first and last 0.2 s left out."""
    found = np.array([c.touchdown_s for c in analysis.side.near_contacts()])
    true = known.contacts[known.near][:, 0]
    inside = true[(true > 0.2) & (true < analysis.side.motion.time_s[-1] - 0.2)]
    return int(sum(np.abs(found - t).min() > 0.1 for t in inside))


def rows(analysis: Analysis, known: Truth) -> list[Row]:
    """Compare every measurement that has a truth."""
    compared = [(name, known.near) for name in PER_SIDE] + [(name, None) for name in OVERALL]
    measured = {(m.name, m.side): m for m in analysis.measurements}
    return [
        Row(name, measured[name, side].value, known.values[name, side], measured[name, side].uncertainty)
        for name, side in compared
    ]


def table(analysis: Analysis, known: Truth) -> str:
    """Print the comparison of one clip."""
    down, off = 1000 * np.nanmedian(np.abs(event_errors_s(analysis, known)), axis=0)
    lines = [
        f"{known.name} ({known.near} side, {known.capture_fps:.0f} frames/s)",
        f"  touchdown, median absolute error {down:.1f} ms; toe-off {off:.1f} ms; "
        f"missed {missed(analysis, known)} of {len(known.contacts[known.near])}",
    ]
    lines += [
        f"  {row.quantity:28}{row.found:9.2f}   true {row.true:8.2f}   error {row.error:+6.2f}"
        f"   said ±{2 * row.uncertainty:.2f}"
        for row in rows(analysis, known)
    ]
    return "\n".join(lines)


def rear_table(analysis: Analysis, known: Truth) -> str:
    """Print what the landmarks say from behind, of hands and hip line, and how far to believe it."""
    motion = analysis.clips[1].motion
    frame_s = np.arange(len(known.px[LEFT.hip])) / known.capture_fps
    lines = [f"{known.name}: what the landmarks would say from behind (never shown)"]
    for side in Side:
        past = across_midline_pct(motion, side)
        peaks = [np.nanmax(part) for part in np.array_split(past, 10)]
        seen = float(np.median(motion.visibility[:, LIMBS[side].wrist]))
        lines.append(
            f"  crossover {side:5} {np.median(peaks):6.1f} %   "
            f"true {known.values['crossover_pct', side]:5.1f} %   hand seen, says the model: {seen:.2f} of 1"
        )
    across = known.px[RIGHT.hip] - known.px[LEFT.hip]
    true_deg = np.degrees(np.arctan2(across[:, 1], across[:, 0]))
    found = motion.xy[:, RIGHT.hip] - motion.xy[:, LEFT.hip]
    found_deg = np.interp(frame_s, motion.time_s, -np.degrees(np.arctan2(found[:, 1], found[:, 0])))
    inside = slice(12, -12)
    likeness = np.corrcoef(true_deg[inside], found_deg[inside])[0, 1]
    lines.append(
        f"  hip line: swings {np.ptp(true_deg):.1f} degrees in truth, {np.ptp(found_deg[inside]):.1f} in the "
        f"landmarks, correlation {likeness:+.2f}"
    )
    return "\n".join(lines)


def main() -> None:
    from tests.conftest import REAR_CLIP, SIDE_CLIPS, _analysed

    for name in SIDE_CLIPS:
        sys.stdout.write(table(_analysed(name), truth(name)) + "\n\n")
    sys.stdout.write(rear_table(_analysed(SIDE_CLIPS[0]), truth(REAR_CLIP)) + "\n")


if __name__ == "__main__":
    main()
