"""Errors in a world that nothing was fitted on: ``python -m studies.worlds``.

Prints, for every quantity, what is left of the errors of a world when the constants are fitted on all other
worlds. It needs nothing but ``docs/study/worlds.json``, which holds what was read in each clip beside its
truth. ``python -m studies.worlds DIR`` makes that file anew from DIR/WORLD/NAME.mp4 with its truth
(``python -m sample_videos.render worlds``); a folder of real runners' angles or markers adds
the worlds without pictures.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gait.analysis import ClipRequest, Request, RunnerFacts, analyze
from gait.errors import GaitError
from gait.metrics.catalogue import CATALOGUE as QUANTITIES
from gait.metrics.catalogue import CONTACT_TIME
from gait.metrics.run import EARLY_OR_LATE_S
from gait.validate.clips import compare
from gait.validate.truth import SUFFIX, Truth, read_truth

RECORD = Path(__file__).parents[1] / "docs" / "study" / "worlds.json"
DESIGN = {
    "touchdown_ms": (10.0, 5.0),
    "toe_off_ms": (12.0, 7.0),
    "contact_time_ms": (12.0, 7.0),
    "overstride_pct_leg": (1.5, 1.0),
    "shank_deg": (1.5, 1.0),
    "lean_deg": (2.0, 1.2),
    "knee_flexion_touchdown_deg": (3.5, 2.0),
    "oscillation_cm": (0.8, 0.5),
}
"""Median absolute errors to reach: must, and aim."""
MIN_WORLDS = 3
SHARED_MS = {
    "touchdown_ms": 1000 * EARLY_OR_LATE_S,
    "toe_off_ms": float(np.sqrt(CONTACT_TIME.systematic**2 - (1000 * EARLY_OR_LATE_S) ** 2)),
}
"""What all landings of a clip share, and what is left of a contact time's for the toe-off."""


class Reading(NamedTuple):
    """One number of one clip, as read before anything is taken off, beside its truth."""

    world: str
    clip: str
    capture_fps: float
    quantity: str
    raw: float
    true: float
    random: float
    """Standard deviation without the part that all clips share."""

    @property
    def off(self) -> float:
        """Reading less truth."""
        return self.raw - self.true


@dataclass(frozen=True)
class Row:
    """Errors of one quantity in one world, with constants of the other worlds."""

    quantity: str
    world: str
    errors: tuple[float, ...]
    taken_off: float
    """What the other worlds read too high."""
    inside_pct: float
    """Within twice the stated standard deviation."""
    blind_pct: float
    """Within twice the one that the other worlds alone would have given."""

    @property
    def middle(self) -> float:
        """Median of the absolute errors."""
        return float(np.median(np.abs(self.errors)))

    @property
    def worst(self) -> float:
        """Largest absolute error."""
        return float(np.max(np.abs(self.errors)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table; with a folder, read its clips first."""
    parser = argparse.ArgumentParser(prog="python -m studies.worlds", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="DIR/WORLD/NAME.mp4 to make the record anew")
    options = parser.parse_args(arguments)
    if options.folder:
        write(list(read_worlds(options.folder)))
    readings = load()
    sys.stdout.write(table(readings) + "\n\n" + constants(readings) + "\n")


def read_worlds(folder: Path) -> Iterator[Reading]:
    """Analyse every side clip of every world, with its capture rate given."""
    for world in sorted(path for path in folder.iterdir() if path.is_dir()):
        for path in sorted(world.glob(f"*{SUFFIX}")):
            if not path.with_name(path.name.removesuffix(SUFFIX) + ".mp4").is_file():
                continue
            truth = read_truth(path)
            try:
                yield from _read(world.name, truth)
            except GaitError as error:
                sys.stderr.write(f"{truth.clip.name}: {error}\n")


def _read(world: str, truth: Truth) -> Iterator[Reading]:
    if not truth.from_the_side:
        return
    clips = (ClipRequest(truth.clip, capture_fps=truth.capture_fps),)
    found = compare(analyze(Request(clips, RunnerFacts(100 * truth.height_m))), truth)
    about = (world, truth.clip.stem, truth.capture_fps)
    if found.near is not None:
        for event in ("touchdown_ms", "toe_off_ms"):
            said_ms = getattr(found.near, event.replace("_ms", "_sd_ms"))
            for error, sd in zip(getattr(found.near, event), said_ms, strict=True):
                if np.isfinite(error):
                    yield Reading(*about, event, float(error), 0.0, float(sd))
    for pair in found.pairs:
        quantity = QUANTITIES.get(pair.quantity)
        if quantity is None or not np.isfinite(pair.error):
            continue
        random = np.sqrt(max(0.0, pair.uncertainty**2 - quantity.systematic**2))
        yield Reading(*about, pair.quantity, pair.found + quantity.reads_high, pair.true, float(random))


def write(readings: Sequence[Reading]) -> None:
    """Keep the readings, one a line."""
    rows = [json.dumps([_short(value) for value in reading], separators=(",", ":")) for reading in readings]
    fields = json.dumps(Reading._fields)
    RECORD.write_text(f'{{"fields":{fields},\n"readings":[\n' + ",\n".join(rows) + "\n]}\n", encoding="utf-8")


def load(path: Path = RECORD) -> tuple[Reading, ...]:
    """Read the kept readings."""
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Reading(*(np.nan if value is None else value for value in row)) for row in record["readings"]
    )


def leave_one_out(readings: Sequence[Reading], quantity: str) -> tuple[Row, ...]:
    """Errors of every world with what the other worlds read too high taken off.

    Events carry their constants, fitted on all worlds, inside the detectors: what the other worlds have
    left of bias is what moving those constants without this world would take off.
    """
    mine = [reading for reading in readings if reading.quantity == quantity]
    worlds = list(dict.fromkeys(reading.world for reading in mine))
    return tuple(_left_out(mine, world) for world in worlds) if len(worlds) > 1 else ()


def _left_out(mine: Sequence[Reading], world: str) -> Row:
    quantity = mine[0].quantity
    shared = systematic(quantity)
    others = {r.world for r in mine} - {world}
    taken_off = float(np.mean([middle_off(mine, other) for other in sorted(others)]))
    own = [reading for reading in mine if reading.world == world]
    errors = tuple(reading.off - taken_off for reading in own)
    stated = [np.hypot(reading.random, shared) for reading in own]
    inside = [abs(e) <= 2 * sd for e, sd in zip(errors, stated, strict=True) if np.isfinite(sd)]
    share = 100 * float(np.mean(inside)) if inside else np.nan
    blind = np.nan if quantity in SHARED_MS else _blind_pct(mine, own, errors)
    return Row(quantity, world, errors, taken_off, share, blind)


def systematic(quantity: str) -> float:
    """Standard deviation that all steps of a clip share."""
    return SHARED_MS[quantity] if quantity in SHARED_MS else QUANTITIES[quantity].systematic


def _blind_pct(mine: Sequence[Reading], own: Sequence[Reading], errors: Sequence[float]) -> float:
    """Share within what covers the other worlds when each of them is left out of the rest."""
    others = [reading for reading in mine if reading.world != own[0].world]
    worlds = sorted({reading.world for reading in others})
    if len(worlds) < MIN_WORLDS:
        return np.nan
    rows = []
    for world in worlds:
        rest = [middle_off(others, each) for each in worlds if each != world]
        offs = [r.off - float(np.mean(rest)) for r in others if r.world == world]
        rows.append(Row(own[0].quantity, world, tuple(offs), float(np.mean(rest)), np.nan, np.nan))
    spread = spread_needed(rows, others)
    inside = [
        abs(e) <= 2 * np.hypot(np.nan_to_num(r.random), spread) for e, r in zip(errors, own, strict=True)
    ]
    return 100 * float(np.mean(inside))


def middle_off(readings: Sequence[Reading], world: str) -> float:
    """Median of what one world reads too high."""
    return float(np.median([reading.off for reading in readings if reading.world == world]))


def spread_needed(rows: Sequence[Row], readings: Sequence[Reading]) -> float:
    """Shared standard deviation with which 95 % of the left-out errors lie within twice the whole.

    Each world counts the same, however many clips it has.
    """
    needed: list[tuple[float, float]] = []
    for row in rows:
        own = [r for r in readings if r.quantity == row.quantity and r.world == row.world]
        for error, reading in zip(row.errors, own, strict=True):
            beyond = (error / 2) ** 2 - np.nan_to_num(reading.random) ** 2
            needed.append((float(np.sqrt(max(0.0, beyond))), 1 / len(own)))
    needed.sort()
    weight = np.cumsum([share for _, share in needed]) / sum(share for _, share in needed)
    return needed[int(np.searchsorted(weight, 0.95))][0]


def table(readings: Sequence[Reading]) -> str:
    """Print one line for every quantity and world, beside DESIGN's musts and aims."""
    head = ("n", "bias", "median", "worst", "inside", "blind")
    lines = [f"{'quantity':28}{'left out':10}" + "".join(f"{word:>8}" for word in head) + "   must  aim"]
    for quantity in dict.fromkeys(reading.quantity for reading in readings):
        must, aim = DESIGN.get(quantity, (np.nan, np.nan))
        for row in leave_one_out(readings, quantity):
            wanted = f"{must:7.1f}{aim:5.1f}" if np.isfinite(must) else ""
            lines.append(
                f"{quantity:28}{row.world:10}{len(row.errors):8}{np.median(row.errors):+8.2f}"
                f"{row.middle:8.2f}{row.worst:8.2f}{_percent(row.inside_pct)}{_percent(row.blind_pct)}{wanted}"
            )
    return "\n".join(lines)


def constants(readings: Sequence[Reading]) -> str:
    """Print what all worlds together say of each quantity's constants, beside today's."""
    lines = [f"{'quantity':28}{'reads high':>12}{'today':>8}{'systematic':>12}{'today':>8}"]
    for name, quantity in QUANTITIES.items():
        rows = leave_one_out(readings, name)
        if not rows:
            continue
        mine = [reading for reading in readings if reading.quantity == name]
        high = float(np.mean([middle_off(mine, row.world) for row in rows]))
        lines.append(
            f"{name:28}{high:+12.2f}{quantity.reads_high:+8.2f}{spread_needed(rows, readings):12.2f}"
            f"{quantity.systematic:8.2f}"
        )
    return "\n".join(lines)


def _percent(share: float) -> str:
    return f"{share:6.0f} %" if np.isfinite(share) else "       -"


def _short(value: object) -> object:
    if not isinstance(value, float):
        return value
    return round(value, 3) if np.isfinite(value) else None


if __name__ == "__main__":
    main()
