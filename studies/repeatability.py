"""One runner filmed again and again: how far do the numbers wander? ``python -m studies.repeatability DIR``.

DIR holds the clips of ``python -m sample_videos.render again``. What filming again on another day changes
gives the smallest difference that can be told from chance: 1.96 times the root of 2 times the spread (Weir
2005, doi 10.1519/15184.1).
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gait.validate.agreement import Pair
from gait.validate.clips import Validated, truths_in, validate_clip

DAY = "day"
SMALLEST_DIFFERENCE = 1.96 * np.sqrt(2)


def main(folder: Path) -> None:
    """Print every number of every clip, their spread, and the smallest difference that can be told."""
    outcomes = [validate_clip(truth, lambda what, done, total: None) for truth in truths_in(folder)]
    clips = [each for each in outcomes if isinstance(each, Validated)]
    refused = len(outcomes) - len(clips)
    quantities = list(dict.fromkeys(pair.quantity for each in clips for pair in each.pairs))
    sys.stdout.write("\n\n".join([_table(clips, quantity) for quantity in quantities]) + "\n")
    sys.stdout.write(f"\n{len(clips)} clips measured, {refused} refused\n")


def _table(clips: Sequence[Validated], quantity: str) -> str:
    rows = [(each.truth.clip.stem, p) for each in clips for p in each.pairs if p.quantity == quantity]
    days = [pair.error for name, pair in rows if name.startswith(DAY) and np.isfinite(pair.error)]
    lines = [quantity, *(_line(name, pair) for name, pair in rows)]
    if len(days) > 2:
        spread = float(np.std(days, ddof=1))
        lines.append(
            f"  other days: spread {spread:.2f}, smallest difference {SMALLEST_DIFFERENCE * spread:.1f}"
        )
    return "\n".join(lines)


def _line(name: str, pair: Pair) -> str:
    inside = "" if not np.isfinite(pair.error) else "in" if abs(pair.error) < 2 * pair.uncertainty else "OUT"
    return (
        f"  {name:10}{pair.found:8.1f}   true {pair.true:7.1f}   said +-{2 * pair.uncertainty:.1f}  {inside}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
