"""What the landmarks say from behind, beside the truth: why it is withheld. Part of ``make accuracy``."""

import sys
from dataclasses import dataclass

import numpy as np

from gait.analysis import Analysis
from gait.body import LEFT, LIMBS, RIGHT, Side
from gait.metrics.hands import across_midline_pct
from tests.truth import Truth, truth

PARTS = 10
"""Parts of the clip, of about one stride, of each of which the farthest crossing is taken."""


@dataclass(frozen=True)
class FromBehind:
    """Landmarks of the rear clip against its truth."""

    crossover_pct: dict[Side, tuple[float, float]]
    """Landmarks, truth."""
    hand_seen: dict[Side, float]
    hip_line_swing_deg: tuple[float, float]
    """Landmarks, truth."""
    hip_line_correlation: float


def from_behind(analysis: Analysis, known: Truth) -> FromBehind:
    motion = analysis.clips[1].motion
    farthest = {
        side: float(
            np.median([np.nanmax(p) for p in np.array_split(across_midline_pct(motion, side), PARTS)])
        )
        for side in Side
    }
    frame_s = np.arange(len(known.px[LEFT.hip])) / known.capture_fps
    across = known.px[RIGHT.hip] - known.px[LEFT.hip]
    true_deg = np.degrees(np.arctan2(across[:, 1], across[:, 0]))[12:-12]
    found = motion.xy[:, RIGHT.hip] - motion.xy[:, LEFT.hip]
    found_deg = np.interp(frame_s, motion.time_s, -np.degrees(np.arctan2(found[:, 1], found[:, 0])))[12:-12]
    return FromBehind(
        crossover_pct={side: (farthest[side], known.values["crossover_pct", side]) for side in Side},
        hand_seen={side: float(np.median(motion.visibility[:, LIMBS[side].wrist])) for side in Side},
        hip_line_swing_deg=(float(np.ptp(found_deg)), float(np.ptp(true_deg))),
        hip_line_correlation=float(np.corrcoef(true_deg, found_deg)[0, 1]),
    )


def main() -> None:
    from tests.conftest import REAR_CLIP, SIDE_CLIPS, _analysed

    seen = from_behind(_analysed(SIDE_CLIPS[0]), truth(REAR_CLIP))
    lines = ["What the landmarks would say from behind (never shown):"]
    for side in Side:
        found, true = seen.crossover_pct[side]
        lines.append(
            f"  crossover {side:5} {found:6.1f} %   true {true:5.1f} %   "
            f"hand seen, says the model: {seen.hand_seen[side]:.2f} of 1"
        )
    found, true = seen.hip_line_swing_deg
    lines.append(
        f"  hip line swings {found:.1f} degrees   true {true:.1f}   "
        f"correlation {seen.hip_line_correlation:+.2f}"
    )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
