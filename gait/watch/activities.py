"""Garmin Connect's table of many runs, Activities.csv, with English or German headings."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from gait.errors import BadRequest
from gait.watch.run import RUNNING_SPM, Run

MOST_ROWS = 20_000
NOT_RUN = ("walk", "hik", "gehen", "wander")
"""Parts of names of what has a cadence and is no run."""


@dataclass(frozen=True)
class Headings:
    """What the columns are called in one language."""

    kind: str
    started: str
    lasted: str
    cadence: str
    pace: str


LANGUAGES = (
    Headings("activity type", "date", "time", "avg run cadence", "avg pace"),
    Headings("aktivitätstyp", "datum", "zeit", "ø schrittfrequenz (laufen)", "ø pace"),
)


def read(content: bytes, name: str) -> tuple[Run, ...]:
    """Read the runs of a table; rows without a cadence, or of other sports, are passed over.

    Raises
    ------
    BadRequest
        If it is no such table, is in a language that is not known, or has no run.
    """
    rows = _rows(content, name)
    try:
        headings = _headings(rows.fieldnames or (), name)
        read = [_run(row, headings, name) for row in islice(rows, MOST_ROWS + 1)]
    except csv.Error as error:
        raise _bad(f"{name} is no table: give Activities.csv as Garmin Connect exports it.") from error
    if len(read) > MOST_ROWS:
        raise _bad(f"{name} has more than {MOST_ROWS} rows: export the months that matter.")
    runs = [run for run in read if run is not None]
    if not runs:
        raise _bad(f"{name} has no run with a cadence: export a table with runs in it.")
    return tuple(sorted(runs, key=lambda run: run.started))


def _rows(content: bytes, name: str) -> "csv.DictReader[str]":
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _bad(f"{name} is no table in UTF-8: give it as Garmin Connect exports it.") from error
    if "\0" in text:
        raise _bad(f"{name} is no table: give Activities.csv as Garmin Connect exports it.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    first = lines.partition("\n")[0]
    return csv.DictReader(
        io.StringIO(lines, newline=""), delimiter=";" if first.count(";") > first.count(",") else ","
    )


def _headings(found: Sequence[str], name: str) -> Headings:
    plain = {each.strip().casefold() for each in found if each}
    for headings in LANGUAGES:
        if {headings.kind, headings.started, headings.cadence} <= plain:
            return headings
    raise _bad(
        f"{name} is neither a watch's FIT file nor Garmin Connect's Activities.csv with English or German "
        "headings and a run cadence: give the run's FIT file, or set Garmin Connect to one of these "
        "languages, list the runs and export them again."
    )


def _run(row: Mapping[str | None, object], headings: Headings, name: str) -> Run | None:
    cells = {str(key or "").strip().casefold(): str(value or "").strip() for key, value in row.items()}
    kind, cadence = cells.get(headings.kind, "").casefold(), _number(cells.get(headings.cadence, ""))
    low, high = RUNNING_SPM
    if any(word in kind for word in NOT_RUN) or not low <= cadence <= high:
        return None
    with suppress(ValueError):
        started = datetime.fromisoformat(cells.get(headings.started, ""))
        lasted_s, pace_s = (_seconds(cells.get(each, "")) for each in (headings.lasted, headings.pace))
        speed = 1 / pace_s if pace_s > 0 else math.nan
        return Run(name, started.replace(tzinfo=None), lasted_s, cadence, speed=speed)
    return None


def _number(text: str) -> float:
    with suppress(ValueError):
        return float(text.replace(",", "."))
    return math.nan


def _seconds(text: str) -> float:
    """Read 00:31:24, 5:44 or 00:02:15,3; NaN if it is none of these."""
    with suppress(ValueError):
        total = 0.0
        for part in text.replace(",", ".").split(":"):
            total = 60 * total + float(part)
        return total
    return math.nan


def _bad(text: str) -> BadRequest:
    return BadRequest(text, id="watch", field="watch")
