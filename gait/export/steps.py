"""Every number of every step as a tidy table, and one wide row for each assessment.

A step's value is what the metric gives for that landing alone, so that the middle of a column is the number
in the report. Tables begin with a byte order mark, for spreadsheets; no text in them can begin a formula.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date

import numpy as np

from gait import plain
from gait.analysis import ClipAnalysis
from gait.body import Side, View
from gait.metrics.catalogue import CADENCE, CATALOGUE, CROSSOVER, STEP_WIDTH, STEP_WIDTH_CM, SWAY
from gait.metrics.frontal import feet
from gait.metrics.measure import measure
from gait.metrics.measurement import UNREAD, Measurement
from gait.metrics.merge import NOT_OF_ONE_CLIP
from gait.metrics.rhythm import stride_times_s
from gait.metrics.run import Run
from gait.motion.contact import Contact
from gait.motion.scale import Scale
from gait.record import Record

DECIMALS = 4
BOM = "\ufeff"
NOT_THIS_STEP = "it could not be read in this step"
NOT_OF_ONE_LANDING = (*NOT_OF_ONE_CLIP, CADENCE.name, CROSSOVER.name, STEP_WIDTH.name, STEP_WIDTH_CM.name)
"""What takes several landings, or is read at the swings of an arm."""
UNITS = frozenset(metric.unit for metric in CATALOGUE.values())
"""Our own words: a per cent sign by itself is no formula."""
Cell = str | int | float | bool | date | None


@dataclass(frozen=True)
class StepValue:
    """One metric in one step."""

    assessment: str
    filmed_on: date
    clip: str
    view: View
    side: Side
    """The foot that lands; of arm crossover, the hand."""
    step: int
    """Number of the landing in the clip, both feet counted; of arm crossover, of the swing."""
    metric: str
    value: float
    unit: str
    touchdown_s: float
    """Capture time since the clip's first frame; NaN where no landing belongs to the value."""
    toe_off_s: float
    source: str
    valid: bool
    why: str


@dataclass(frozen=True)
class Of:
    """What a row belongs to."""

    assessment: str
    filmed_on: date


def steps_csv(of: Of, clips: Sequence[ClipAnalysis], scale: Scale | None) -> str:
    """One row for each clip, step and metric."""
    rows = [astuple(each) for clip in clips for each in step_values(of, clip, scale)]
    return _table([field.name for field in fields(StepValue)], rows)


def step_values(of: Of, read: ClipAnalysis, scale: Scale | None) -> Iterator[StepValue]:
    """Each metric that the clip's view shows, in each step, in order of time."""
    run = read.run(scale)
    for number, contact in enumerate(read.contacts):
        for found in _of_landing(run, read, number):
            yield _row(of, read, found, (number + 1, contact))
    for found in measure(run):
        if found.name == CROSSOVER.name and found.side is not None:
            for swing, sample in enumerate(found.samples):
                one = replace(found, value=sample, samples=(sample,))
                yield _row(of, read, one, (swing + 1, _no_landing(found.side)))


def summary_csv(of: Of, record: Record) -> str:
    """One row: every metric of every side with its standard uncertainty, steps, and why it is missing."""
    runner = record.runner
    row: dict[str, Cell] = {
        "assessment": of.assessment,
        "filmed_on": of.filmed_on,
        "clips": "; ".join(clip.id for clip in record.clips),
        "height_cm": runner.height_cm,
        "leg_m": runner.leg_m,
        "speed_known": runner.speed_known,
        "gait_version": record.provenance.gait,
        "method": record.provenance.method,
        "model_sha256": record.provenance.model_sha256,
    }
    found = {(m.name, m.side): m for m in record.measurements}
    for metric in CATALOGUE.values():
        for side in metric.sides:
            column = metric.name if side is None else f"{metric.name}_{side}"
            m = found.get((metric.name, side))
            row |= {column: m.value if m else None, f"{column}_sd": m.uncertainty if m else None}
            row |= {f"{column}_n": m.n if m else 0, f"{column}_why": _id(m)}
    return _table(list(row), [tuple(row.values())])


def _of_landing(run: Run, read: ClipAnalysis, number: int) -> Iterator[Measurement]:
    """Measure one landing, with its neighbours where the metric is between landings."""
    contact = read.contacts[number]
    if read.near in (None, contact.side):
        for found in measure(replace(run, contacts=(contact,))):
            elsewhere = found.name in NOT_OF_ONE_LANDING or found.side is contact.side.other
            if not elsewhere and (found.name != SWAY.name or contact.side is Side.LEFT):
                yield found
    if read.near is None and not run.motion.viewpoint.oblique:
        around = read.contacts[max(0, number - 1) : number + 2]
        yield from feet(replace(run, contacts=around))[:2]
    yield from _cadence(run, contact, read.contacts[number + 1 :])


def _cadence(run: Run, contact: Contact, later: Sequence[Contact]) -> Iterator[Measurement]:
    """Steps a minute of the stride that begins with this landing; nothing after the last."""
    again = next((each for each in later if each.side is contact.side), None)
    if again is not None:
        for stride_s in stride_times_s(replace(run, contacts=(contact, again))):
            spm = CADENCE.right(120 / stride_s)
            yield Measurement(CADENCE.name, None, spm, CADENCE.unit, np.nan, 1, (spm,), run.clip)


def _row(of: Of, read: ClipAnalysis, found: Measurement, landing: tuple[int, Contact]) -> StepValue:
    number, contact = landing
    why = found.why_missing
    return StepValue(
        of.assessment,
        of.filmed_on,
        read.id,
        read.view,
        contact.side,
        number,
        found.name,
        found.samples[0] if found.samples else np.nan,
        found.unit,
        contact.touchdown_s,
        contact.toe_off_s,
        contact.source,
        why is None,
        "" if why is None else NOT_THIS_STEP if why.id == UNREAD.id else why.text,
    )


def _no_landing(side: Side) -> Contact:
    return Contact(side, np.nan, np.nan, np.nan, np.nan)


def _id(m: Measurement | None) -> str:
    return m.why_missing.id if m and m.why_missing else ""


def _table(names: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return BOM + text.getvalue()


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return f"{round(value, DECIMALS) + 0.0:.{DECIMALS}f}" if np.isfinite(value) else ""
        case int():
            return str(value)
        case date():
            return value.isoformat()
    return value if value in UNITS else plain.cell(plain.readable(value))
