"""The table of errors in a world that nothing was fitted on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studies.worlds import DESIGN, QUANTITIES, Reading, Row, leave_one_out, load, spread_needed, table

SHANK = QUANTITIES["shank_deg"]


def readings(offs: dict[str, list[float]], random: float = 0.5) -> list[Reading]:
    return [
        Reading(world, f"{world}{k}", 60.0, "shank_deg", 10.0 + off, 10.0, random)
        for world, mine in offs.items()
        for k, off in enumerate(mine)
    ]


def row_of(found: list[Reading], world: str) -> Row:
    return next(row for row in leave_one_out(found, "shank_deg") if row.world == world)


@settings(deadline=None)
@given(st.floats(-20, 20))
def test_what_a_world_reads_is_never_taken_off_itself(shift: float) -> None:
    others = {"there": [1.0, 2.0, 3.0], "elsewhere": [4.0]}
    row = row_of(readings({"here": [shift], **others}), "here")
    assert row.taken_off == pytest.approx(3.0)
    assert row.errors == pytest.approx((shift - 3.0,))


def test_a_world_with_many_clips_counts_as_one() -> None:
    row = row_of(readings({"here": [0.0], "there": [2.0] * 30, "elsewhere": [4.0]}), "here")
    assert row.taken_off == pytest.approx(3.0)


def test_the_spread_that_is_needed_covers_the_errors() -> None:
    found = readings({"here": [0.0, 1.0], "there": [4.0], "elsewhere": [-3.0]}, random=0.0)
    rows = leave_one_out(found, "shank_deg")
    most = max(np.abs(row.errors).max() for row in rows)
    assert spread_needed(rows, found) == pytest.approx(most / 2)


def test_an_error_beyond_twice_what_is_stated_is_not_inside() -> None:
    far = 2.1 * float(np.hypot(0.5, SHANK.systematic))
    found = readings({"here": [far, 0.0], "there": [0.0], "elsewhere": [0.0]})
    assert row_of(found, "here").inside_pct == pytest.approx(50)


def test_the_kept_readings_print_every_number_of_the_design_in_every_world() -> None:
    kept = load()
    printed = table(kept)
    worlds = {each.world for each in kept}
    assert {"forms", "single", "markers"} <= worlds
    for quantity in set(DESIGN) & {each.quantity for each in kept}:
        assert sum(line.startswith(f"{quantity} ") for line in printed.splitlines()) >= 3


def test_a_landing_is_held_against_its_own_scatter_and_what_all_landings_share() -> None:
    off_ms = {"here": 2.1 * float(np.hypot(10.0, 7.0)), "there": 0.0, "elsewhere": 0.0}
    found = [Reading(w, w, 60.0, "touchdown_ms", off, 0.0, 10.0) for w, off in off_ms.items()]
    inside = {row.world: row.inside_pct for row in leave_one_out(found, "touchdown_ms")}
    assert inside["here"] == 0
    assert inside["there"] == 100
