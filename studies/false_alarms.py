"""How often is an unchanged runner told that something changed? ``python -m studies.false_alarms [PAIRS]``.

Runners are drawn, and each is "filmed" twice, a month apart, having changed nothing. A film is the runner's
form, plus a day (shin and thigh 1.2 degrees each, cadence 2 steps/min, contact 4.5 ms, the rest as in
changes.toml; what follows from these, as the overstride from thigh and shin, is computed), plus the tool's
own scatter from one place of the phone to another, plus steps. The medians over the steps are measurements as
the tool makes them, and are compared as the tool compares them.

Printed: false changes without any open cue; false changes after a cue was given because of the first film,
which picks extreme readings; and how often a change of twice the smallest detectable one is found.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from gait.body import Side, View
from gait.coaching.assessment import assess
from gait.coaching.book import Recipe, book
from gait.coaching.change import Comparison, compare
from gait.coaching.conditions import Assessed, Conditions, Filming
from gait.coaching.cue import choose
from gait.coaching.norms import norms
from gait.coaching.scatter import smallest_detectable, table
from gait.metrics.measurement import Measurement
from gait.motion.scale import Speed

PAIRS = 1000
STEPS = 12
FIRST, SECOND = date(2026, 11, 25), date(2026, 12, 23)
SPEED_M_S = 3.0
STRIDE_MS, STEP_MS, DUTY_PCT = 723.0, 361.0, 36.0
LEG_CM = 84.0
ANGLE_DAY_DEG = 1.2
BEHIND = (
    "hip_drop_deg",
    "crossover_pct",
    "step_width_pct_leg",
    "step_width_cm",
    "foot_crossover_pct_leg",
    "pelvis_sway_pct_leg",
)
BOTH = ("hip_drop_deg", "crossover_pct", "foot_crossover_pct_leg")
UNSIDED = (
    "cadence_spm", "lean_deg", "ankle_lean_deg", "waist_bend_deg", "head_forward_pct", "shoulder_to_ear_pct",
    "oscillation_pct_leg", "oscillation_cm", "step_width_pct_leg", "step_width_cm", "pelvis_sway_pct_leg",
)  # fmt: skip
LEVEL = {
    "overstride_cm": 20.0, "foot_strike_deg": 12.0, "ankle_lean_deg": 5.0, "elbow_deg": 90.0,
    "head_forward_pct": 10.0, "shoulder_to_ear_pct": 50.0, "oscillation_cm": 8.9, "step_width_cm": 5.5,
    "foot_crossover_pct_leg": 0.0, "pelvis_sway_pct_leg": 2.0,
}  # fmt: skip
"""Where runners stand in metrics without a norm; of no consequence, nothing is held against it."""
STEP_SD = {
    "overstride_pct_leg": 1.8, "overstride_cm": 1.5, "shank_deg": 1.3, "knee_flexion_touchdown_deg": 1.4,
    "knee_flexion_peak_deg": 1.4, "foot_strike_deg": 1.8, "thigh_toe_off_deg": 1.1, "lean_deg": 0.5,
    "ankle_lean_deg": 1.2, "waist_bend_deg": 1.2, "elbow_deg": 2.0, "head_forward_pct": 0.5,
    "shoulder_to_ear_pct": 0.5, "oscillation_pct_leg": 0.5, "oscillation_cm": 0.4, "hip_drop_deg": 0.8,
    "crossover_pct": 2.0, "step_width_pct_leg": 1.1, "step_width_cm": 0.9, "foot_crossover_pct_leg": 0.8,
    "pelvis_sway_pct_leg": 0.4, "cadence_spm": 2.4, "contact_time_ms": 15.0, "flight_time_ms": 15.0,
    "duty_factor_pct": 2.1,
}  # fmt: skip
"""Standard deviation from step to step, as the tool's clips show it."""
ROLL_DEG, HIP_OWN_DEG = 0.5, 1.41
"""Error of one side's hip drop: the roll, which the mean of both sides does not have, and the side's own."""
ACCURACY = {"knee_flexion_peak_deg": 2.8, "waist_bend_deg": 3.1, "crossover_pct": 8.0, "lean_deg": 2.3}

Key = tuple[str, Side | None]
Form = dict[Key, float]
Rng = np.random.Generator
FloatArray = NDArray[np.float64]


@dataclass
class Tally:
    """Comparisons and changes, by metric."""

    compared: Counter[str]
    changed: Counter[str]

    def add(self, comparison: Comparison, *, without: str = "") -> None:
        """Count every metric but one."""
        for change in comparison.changes:
            if change.reason is None and change.metric != without:
                mean = change.metric == "hip_drop_deg" and change.side is None
                name = f"{change.metric}, mean" if mean else change.metric
                self.compared[name] += 1
                self.changed[name] += change.verdict.changed


def main(pairs: int = PAIRS) -> None:
    """Print all three tables."""
    rng = np.random.default_rng(17)
    _without_a_cue(rng, pairs)
    _after_a_cue(rng, pairs)
    _found(rng, max(60, pairs // 10))


def _without_a_cue(rng: Rng, pairs: int) -> None:
    tally = Tally(Counter(), Counter())
    for _ in range(pairs):
        form = drawn(rng)
        tally.add(compare(film(form, rng, FIRST), film(form, rng, SECOND)))
    sys.stdout.write(f"{pairs} pairs of films of unchanged runners, no cue open: called changed (aim: 1 %)\n")
    _print(tally)


def _after_a_cue(rng: Rng, pairs: int) -> None:
    """Runners with a fault, filmed until the first film gives a cue."""
    others = Tally(Counter(), Counter())
    asked, moved, worked = Counter[str](), Counter[str](), Counter[str]()
    for number in range(pairs):
        recipe = book().recipes[number % len(book().recipes)]
        form = drawn(rng, recipe)
        before = film(form, rng, FIRST)
        given = _given(before)
        if given is None:
            continue
        comparison = compare(before, film(form, rng, SECOND), given)
        others.add(comparison, without=given.check.metric)
        if comparison.check is not None:
            asked[given.id] += 1
            moved[given.id] += comparison.check.verdict.changed
            worked[given.id] += bool(comparison.check.as_asked)
    sys.stdout.write(
        f"\n{sum(asked.values())} pairs after a cue was given because of the first film: the check called "
        "changed (aim: 5 %), as asked\n"
    )
    for cue_id, count in asked.items():
        sys.stdout.write(
            f"  {cue_id:28}{count:6}   {_share(moved[cue_id], count)}   {_share(worked[cue_id], count)}\n"
        )
    total = sum(asked.values())
    all_moved, all_worked = (_share(sum(each.values()), total) for each in (moved, worked))
    sys.stdout.write(f"  {'all':28}{total:6}   {all_moved}   {all_worked}\n")
    sys.stdout.write("\nall other metrics of these pairs (aim: 1 %)\n")
    _print(others)


def _found(rng: Rng, pairs: int) -> None:
    """A change of twice the smallest detectable one, in one metric at a time."""
    sys.stdout.write(
        f"\n{pairs} pairs a metric with a true change: found, of twice what the comparison says it would\n"
        "miss, and of twice the table's smallest detectable change; as the check of a cue where it is one\n"
    )
    checks = {recipe.check.metric: recipe for recipe in book().recipes}
    for row in table().rows:
        side = None if row.of_both_sides or row.metric in UNSIDED else Side.LEFT
        cue = checks.get(row.metric)
        found = [
            _share_found(rng, (row.metric, side), twice, cue, pairs)
            for twice in (_twice_missed(rng, (row.metric, side), cue), 2 * smallest_detectable(row))
        ]
        name = f"{row.metric}{', mean' if row.of_both_sides else ''}"
        sys.stdout.write(f"  {name:32}{100 * found[0]:6.1f} % {100 * found[1]:6.1f} %\n")


def _twice_missed(rng: Rng, key: Key, cue: Recipe | None) -> float:
    form = drawn(rng)
    comparison = compare(film(form, rng, FIRST), film(form, rng, SECOND), cue)
    return 2 * next(c.missed_below for c in comparison.changes if (c.metric, c.side) == key)


def _share_found(rng: Rng, key: Key, by: float, cue: Recipe | None, pairs: int) -> float:
    found = 0
    for _ in range(pairs):
        form = drawn(rng)
        moved = {(name, side): value + by * (name == key[0]) for (name, side), value in form.items()}
        comparison = compare(film(form, rng, FIRST), film(moved, rng, SECOND), cue)
        change = next(c for c in comparison.changes if (c.metric, c.side) == key)
        found += change.verdict.changed and change.difference > 0
    return found / pairs


def _given(before: Assessed) -> Recipe | None:
    """The cue that a film gives."""
    speed = Speed(SPEED_M_S, 0.06, given=True)
    findings = assess(before.measurements, speed, ())
    cue = choose(findings, before.measurements, speed, FIRST).cue
    return book().recipe(cue.id) if cue else None


def drawn(rng: Rng, recipe: Recipe | None = None) -> Form:
    """A runner: what is usual with its spread, and the fault of a cue, just beyond where it begins."""
    form: Form = {}
    for row in table().rows:
        norm = norms().get(row.metric)
        level = norm.mean_at(SPEED_M_S) if norm else LEVEL[row.metric]
        spread = norm.limit_at(SPEED_M_S) / 2 if norm else row.day_sd
        own = level + spread * rng.normal()
        for side in _sides(row.metric):
            form[row.metric, side] = own
    for need in (*recipe.needs, *recipe.and_one_of[:1]) if recipe else ():
        norm = norms()[need.metric]
        beyond = norm.limit_at(SPEED_M_S) * rng.uniform(1.0, 2.2)
        for side in _sides(need.metric):
            form[need.metric, side] = norm.mean_at(SPEED_M_S) + (
                beyond if need.direction == "high" else -beyond
            )
    return form


def film(form: Form, rng: Rng, filmed_on: date) -> Assessed:
    """What is measured on one day."""
    of_day, of_tool = day(rng), tool(rng, list(form))
    measurements = []
    for (name, side), value in form.items():
        row = table().row(name, side)
        if row is None:
            raise ValueError(f"{name} has no scatter")
        centre = value + of_day[name] + of_tool[name, side]
        steps = centre + STEP_SD[name] * rng.normal(size=STEPS)
        clip = "behind" if name in BEHIND else "side"
        measurements.append(
            Measurement(
                name, side, float(np.median(steps)), "", ACCURACY.get(name, 2 * row.tool_sd), STEPS,
                tuple(map(float, steps)), clip,
            )
        )  # fmt: skip
    clips = (Filming("side", View.LEFT, 120.0), Filming("behind", View.REAR, 60.0))
    return Assessed(
        tuple(measurements), Conditions(filmed_on, SPEED_M_S, 0.06, speed_given=True, clips=clips)
    )


def day(rng: Rng) -> dict[str, float]:
    """What a day adds to each metric; what hangs together is computed from the same draw."""
    off = {row.metric: row.day_sd * rng.normal() for row in table().rows}
    thigh, shin = ANGLE_DAY_DEG * rng.normal(size=2)
    overstride = 100 * np.radians(0.5 * (np.cos(np.radians(17)) * thigh + np.cos(np.radians(8)) * shin))
    contact, cadence = off["contact_time_ms"], off["cadence_spm"]
    longer_pct = -100 * cadence / (2 * 60_000 / STRIDE_MS)
    return {
        **off,
        "shank_deg": shin,
        "overstride_pct_leg": overstride,
        "overstride_cm": overstride * LEG_CM / 100,
        "oscillation_cm": off["oscillation_pct_leg"] * LEG_CM / 100,
        "step_width_cm": off["step_width_pct_leg"] * LEG_CM / 100,
        "flight_time_ms": STEP_MS * longer_pct / 100 - contact,
        "duty_factor_pct": 100 * contact / STRIDE_MS - DUTY_PCT * longer_pct / 100,
    }


def tool(rng: Rng, keys: Sequence[Key]) -> dict[Key, float]:
    """What the place of the phone adds."""
    roll = ROLL_DEG * rng.normal()
    return {(name, side): _of_tool(rng, name, side, roll) for name, side in keys}


def _of_tool(rng: Rng, name: str, side: Side | None, roll: float) -> float:
    if name == "hip_drop_deg":
        return HIP_OWN_DEG * float(rng.normal()) + (roll if side is Side.RIGHT else -roll)
    row = table().row(name, side)
    return row.tool_sd * float(rng.normal()) if row else 0.0


def _sides(metric: str) -> Iterator[Side | None]:
    yield from tuple(Side) if metric in BOTH else (None,) if metric in UNSIDED else (Side.LEFT,)


def _print(tally: Tally) -> None:
    for name, count in tally.compared.items():
        sys.stdout.write(f"  {name:32}{count:6}   {_share(tally.changed[name], count)}\n")
    total = sum(tally.compared.values())
    sys.stdout.write(f"  {'all':32}{total:6}   {_share(sum(tally.changed.values()), total)}\n")


def _share(found: int, of: int) -> str:
    """A share with the half width of its 95 % interval."""
    share = found / of if of else np.nan
    return f"{100 * share:5.2f} % ± {196 * np.sqrt(share * (1 - share) / of) if of else np.nan:.2f}"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
