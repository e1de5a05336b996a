"""How fast a store of 10,000 assessments answers: ``python -m studies.store_speed [ASSESSMENTS]``.

Half of them are one runner's, the others are spread over 50 runners; each record holds 50 measurements of 24
steps. Every call is made 15 times, the median and the worst are printed, and the processor's time of this
program (all of SQLite's, none of a PostgreSQL server's), which tells where other programs keep the machine
busy. PostgreSQL is measured too if it is on this machine.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import numpy as np
from sqlalchemy import insert

from gait.store import annotations, assessments, audit, prescriptions, runners
from gait.store.assessments import NewAssessment
from gait.store.database import Store, writing
from gait.store.domain import LOCAL, Day, Pin, Plan, Profile, Runner
from gait.store.facts import Facts, facts_of
from gait.store.models import AssessmentRow, Base, ClipRow, MeasurementRow, RecordRow
from gait.store.opening import Place, open_store
from gait.store.rows import numbered
from tests.store.days import measurement, record
from tests.store.postgres import binaries, server

RUNNERS, REPEATS, METRICS, STEPS = 50, 15, 50, 24
BULK, VARIANTS = 500, 20
TARGET_MS = 200
FIRST = date(1999, 1, 1)


def main(count: int = 10_000) -> None:
    """Print what each question costs."""
    with TemporaryDirectory() as folder:
        _measure("SQLite", Place(Path(folder) / "store"), count)
    if binaries():
        with TemporaryDirectory() as folder, server(fsync="on") as ours:
            _measure("PostgreSQL", Place(Path(folder) / "store", ours.empty()), count)


def _measure(database: str, place: Place, count: int) -> None:
    store = open_store(place)
    busiest = _fill(store, count)
    store.close()
    store = open_store(place)
    _say(f"{database}, {count} assessments, {count // 2} of them of one runner")
    _say(f"{'question':<40}{'median, ms':>12}{'worst, ms':>12}{'processor, ms':>15}{'answers':>10}")
    for name, ask in _questions(store, busiest).items():
        taken, busy, answers = [], [], 0
        for _ in range(REPEATS):
            start, worked = time.perf_counter(), time.process_time()
            answer = ask()
            taken.append(1000 * (time.perf_counter() - start))
            busy.append(1000 * (time.process_time() - worked))
            answers = len(answer) if isinstance(answer, tuple) else 1
        slow = "" if np.median(taken) < TARGET_MS else "  too slow"
        figures = f"{np.median(taken):>12.1f}{max(taken):>12.1f}{np.median(busy):>15.1f}{answers:>10}"
        _say(f"{name:<40}{figures}{slow}")
    store.close()
    start = time.perf_counter()
    open_store(place).close()
    _say(f"{'open the store':<40}{1000 * (time.perf_counter() - start):>12.1f}\n")


def _questions(store: Store, runner: Runner) -> dict[str, Callable[[], object]]:
    middle = FIRST + timedelta(days=4000)
    newest, older = assessments.timeline(store, LOCAL, runner.id, limit=2)
    after = NewAssessment(Day(date(2027, 1, 1)), _record(1))
    return {
        "all runners": lambda: runners.search(store, LOCAL),
        "runners by a part of the name": lambda: runners.search(store, LOCAL, "er 4"),
        "runner by name": lambda: runners.by_name(store, LOCAL, runner.name),
        "timeline, newest 50": lambda: assessments.timeline(store, LOCAL, runner.id),
        "timeline, 50 from the middle": lambda: assessments.timeline(store, LOCAL, runner.id, skip=2500),
        "latest assessment before a date": lambda: assessments.latest(store, LOCAL, runner.id, middle),
        "open cue": lambda: prescriptions.current(store, LOCAL, runner.id),
        "history of one metric, all days": lambda: assessments.history(store, LOCAL, runner.id, "metric_7"),
        "history of one metric, one runner in 50": lambda: assessments.history(
            store, LOCAL, runners.by_name(store, LOCAL, "Runner 4").id, "metric_7"
        ),
        "two records to compare, read as JSON": lambda: [
            json.loads(assessments.record(store, LOCAL, day.id)) for day in (newest, older)
        ],
        "contacts of a day": lambda: assessments.contacts(store, LOCAL, newest.id),
        "notes of a day": lambda: annotations.notes(store, LOCAL, newest.id),
        "what happened to a runner": lambda: audit.events(store, LOCAL, runner.id),
        "save a day": lambda: assessments.save(store, LOCAL, runner.id, after),
        "save an edited record": lambda: assessments.save_record(store, LOCAL, newest.id, _record(2)),
        "pin a note": lambda: annotations.add_note(store, LOCAL, newest.id, Pin("side", 7), "look"),
    }


def _fill(store: Store, count: int) -> Runner:
    everybody = [runners.add(store, LOCAL, Profile(f"Runner {number}")) for number in range(RUNNERS)]
    start = time.perf_counter()
    variants = [(text, facts_of(text)) for text in map(_record, range(VARIANTS))]
    for first in range(0, count, BULK):
        with writing(store) as session:
            rows: dict[type[Base], list[dict[str, object]]] = defaultdict(list)
            for number in range(first, min(first + BULK, count)):
                runner = everybody[0 if number % 2 else number % RUNNERS]
                _add(rows, number, runner.id, store.clock(), *variants[number % VARIANTS])
            for table, things in rows.items():
                session.execute(insert(table), things)
    day = assessments.latest(store, LOCAL, everybody[0].id)
    assert day is not None
    plan = Plan("overstride", FIRST, FIRST, "cadence_spm")
    prescriptions.prescribe(store, LOCAL, day.id, plan)
    _say(f"filled in {time.perf_counter() - start:.0f} s, a record of {len(_record(0)) // 1000} kB each")
    return everybody[0]


def _add(
    rows: dict[type[Base], list[dict[str, object]]],
    number: int,
    runner_id: str,
    saved_at: datetime,
    text: str,
    facts: Facts,
) -> None:
    """Add the rows that saving a day makes."""
    id_ = str(UUID(int=number * 7919 << 100 | number))
    day = Day(FIRST + timedelta(days=number), speed_kmh=10.8)
    made = {"schema": facts.schema, "method": facts.method, "source": facts.source, "saved_at": saved_at}
    rows[AssessmentRow].append({"id": id_, "runner_id": runner_id, **vars(day), **made})
    rows[RecordRow].append({"assessment_id": id_, "text": text, **made})
    rows[ClipRow] += numbered(id_, facts.clips)
    rows[MeasurementRow] += numbered(id_, facts.readings)


def _record(number: int) -> str:
    content = json.loads(record(samples=STEPS))
    content["measurements"] = [
        measurement(f"metric_{metric}", ("left", "right")[metric % 2], number + metric / 7, STEPS)
        for metric in range(METRICS)
    ]
    return json.dumps(content)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
