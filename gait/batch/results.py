"""The table that grows while the batch runs, and the page that shows first what needs eyes."""

import csv
import io
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from gait import plain
from gait.batch import questions
from gait.batch.run import Result
from gait.errors import OutputFailed
from gait.metrics.words import title, value_text
from gait.months.history import HEADLINES, headlines
from gait.store.domain import TaskState

TABLE, PAGE, PICTURES = "results.csv", "index.html", "pictures"
STATES: Mapping[TaskState, str] = {
    "poison": "set aside",
    "failed": "failed",
    "asked": "asks something",
    "refused": "cannot be used",
    "done": "done",
    "begun": "begun",
}
"""What each is called, in the order in which they need eyes."""
COLUMNS = (
    "runner",
    "date",
    "state",
    "clips",
    "why",
    "cue",
    "says",
    "doubts",
    *(f"{name}{end}" for name in HEADLINES for end in ("", "_sd", "_side")),
    "key",
    "assessment",
)


@dataclass(frozen=True)
class Card:
    """One order on the page."""

    name: str
    state: str
    clips: str
    lines: tuple[str, ...]
    cue: str
    numbers: tuple[str, ...]
    picture: str


class Results:
    """The results in a folder: pictures and table as they come, the page at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pictures = folder / PICTURES
        self._results: dict[str, Result] = {}
        try:
            self._pictures.mkdir(parents=True, exist_ok=True)
            (folder / TABLE).touch()
        except OSError as error:
            raise _unwritable(folder, error) from error

    @property
    def all(self) -> tuple[Result, ...]:
        """The latest result of each order."""
        return tuple(self._results.values())

    @property
    def open(self) -> tuple[questions.Open, ...]:
        """Every question that is open."""
        return tuple(
            each for result in self._results.values() if result.state == "asked" for each in result.open
        )

    def begin(self, known: Iterable[Result]) -> None:
        """Take over what is known from earlier, and begin the table with it."""
        self._results = {each.key: each for each in known}
        self._write(TABLE, _table(self.all))

    def take(self, result: Result) -> None:
        """Take one result: its pictures, and a row at the end of the table."""
        self._results.pop(result.key, None)
        self._results[result.key] = result
        try:
            if result.picture:
                (self._pictures / _picture(result.key)).write_bytes(result.picture)
            for each in result.open:
                if each.question.picture:
                    (self._pictures / each.picture).write_bytes(each.question.picture)
            with (self.folder / TABLE).open("a", encoding="utf-8", newline="") as table:
                csv.writer(table).writerow(_row(result))
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def finish(self, in_order: Sequence[str]) -> None:
        """Write the table anew, one row an order, and the page and the table of questions.

        Answers in the old table of questions have to be read before.
        """
        place = {key: number for number, key in enumerate(in_order)}
        everything = sorted(self.all, key=lambda each: place.get(each.key, len(place)))
        self._results = {each.key: each for each in everything}
        self._write(TABLE, _table(everything))
        self._write(PAGE, page(everything, self._pictures))
        if self.open or (self.folder / questions.TABLE).exists():
            self._write(questions.TABLE, questions.table(self.open))

    def _write(self, name: str, text: str) -> None:
        try:
            handle, unfinished = tempfile.mkstemp(dir=self.folder, prefix=".writing-")
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            Path(unfinished).replace(self.folder / name)
        except OSError as error:
            raise _unwritable(self.folder, error) from error


def page(results: Sequence[Result], pictures: Path) -> str:
    """The page: what needs eyes first, then what has most doubts, then what has a cue."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = resources.files(__package__).joinpath("index.html.j2").read_text(encoding="utf-8")
    counts = Counter(result.state for result in results)
    return environment.from_string(source).render(
        cards=[_card(result, pictures) for result in sorted(results, key=_rank)],
        counts=[(counts[state], words) for state, words in STATES.items() if counts[state]],
    )


def _rank(result: Result) -> tuple[object, ...]:
    record = result.record
    doubts = -len(record.doubts) - len(result.said.refusals) if record else 0
    flagged = -sum(bool(found.verdict) for found in record.findings) if record else 0
    return list(STATES).index(result.state), doubts, flagged, result.order.name


def _card(result: Result, pictures: Path) -> Card:
    record = result.record
    picture = next(
        (
            name
            for name in (_picture(result.key), *(each.picture for each in result.open))
            if name and (pictures / name).is_file()
        ),
        "",
    )
    said = [f"{each.file}: {each.text}" for each in result.said.refusals]
    said += [f"{each.question.file}: {each.asked}" for each in result.open]
    said += [doubt.text for doubt in record.doubts] if record else []
    if result.said.trouble and not said:
        said = [result.said.why]
    return Card(
        name=plain.line(result.order.name),
        state=STATES[result.state],
        clips=plain.line(", ".join(clip.path.name for clip in result.order.request.clips)),
        lines=tuple(plain.line(line) for line in said),
        cue=(record.advice.cue.text if record.advice.cue else record.advice.why) if record else "",
        numbers=tuple(f"{title(m)} {value_text(m)}" for m in headlines(record)) if record else (),
        picture=f"{PICTURES}/{picture}" if picture else "",
    )


def _table(results: Iterable[Result]) -> str:
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows(_row(each) for each in results)
    return "\ufeff" + text.getvalue()


def _row(result: Result) -> list[str]:
    record, order = result.record, result.order
    shown = {m.name: m for m in headlines(record)} if record else {}
    numbers: list[str] = []
    for name in HEADLINES:
        m = shown.get(name)
        numbers += [f"{m.value:.6g}", f"{m.uncertainty:.4g}", str(m.side or "")] if m else ["", "", ""]
    cue = record.advice.cue if record else None
    text = [
        order.runner,
        str(order.request.filmed_on),
        result.state,
        "; ".join(clip.path.name for clip in order.request.clips),
        result.said.why if result.state != "done" else "",
        cue.id if cue else "",
        (cue.text if cue else record.advice.why) if record else "",
        " ".join(doubt.text for doubt in record.doubts) if record else "",
    ]
    return [
        *(plain.cell(plain.readable(cell)) for cell in text),
        *numbers,
        result.key,
        result.assessment_id or "",
    ]


def _picture(key: str) -> str:
    return f"{key[:24]}.jpg"


def _unwritable(folder: Path, error: OSError) -> OutputFailed:
    return OutputFailed(
        f"The results cannot be written to {plain.line(str(folder))} ({error.strerror or error}): choose "
        "another folder. What is in the store stays."
    )
