"""What only a person can say, collected over a batch: a table to fill, or one question after another."""

import csv
import io
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gait import plain
from gait.batch.orders import LEFT_OUT, Answer, Order
from gait.batch.outcomes import Question
from gait.errors import BadRequest

TABLE = "questions.csv"
COLUMNS = ("answer", "runner", "date", "clip", "question", "likely", "picture", "about", "key", "digest")
SKIP = "skip"
Answers = dict[str, dict[str, Answer]]
"""By the key of the order, then by the digest of the clip."""


@dataclass(frozen=True)
class Open:
    """One question that is open, and which order waits for it."""

    key: str
    order: Order
    question: Question

    @property
    def picture(self) -> str:
        """File name of its picture; empty if there is none."""
        return self.question.picture_name

    @property
    def likely(self) -> str:
        """The answers that would fit."""
        return ", ".join(f"{choice:.4g}" for choice in self.question.choices)

    @property
    def asked(self) -> str:
        """The question in words."""
        return self.question.asked


def table(questions: Iterable[Open]) -> str:
    """Write the open questions as a table whose first column is to be filled."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for each in questions:
        told = (each.order.runner, str(each.order.request.filmed_on), each.question.file, each.asked)
        rest = (
            each.likely,
            each.picture and f"pictures/{each.picture}",
            each.question.field,
            each.key,
            each.question.digest,
        )
        rows.writerow(plain.cell(cell) for cell in ("", *told, *rest))
    return "\ufeff" + text.getvalue()


def filled(path: Path) -> Answers:
    """Read the answers of a table; rows without one are left out, and without a table there are none.

    Raises
    ------
    BadRequest
        If the table cannot be read, or an answer makes no sense; the message names the row.
    """
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRequest(f"{path.name} cannot be read: save it as CSV in UTF-8.", id="answers") from error
    separator = max(",;\t", key=text.partition("\n")[0].count)
    found: Answers = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator), 2):
        said, key, digest = ((row.get(name) or "").strip() for name in ("answer", "key", "digest"))
        if said and key and digest:
            try:
                found.setdefault(key, {})[digest] = read(said, (row.get("about") or "").strip())
            except ValueError as error:
                raise BadRequest(f"{path.name}, row {number}: {error}", id="answers") from error
    return found


def read(text: str, field: str) -> Answer:
    """Read one answer.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> read("239,8", "capture_fps"), read("2", "person"), read("skip", "person")
    ({'capture_fps': 239.8}, {'person': 2.0}, {'left_out': 1.0})
    """
    if text.strip().lower() == SKIP:
        return {LEFT_OUT: 1.0}
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = math.nan
    if field == "person":
        if not (value == value // 1 and 1 <= value <= 99):
            raise ValueError(f"“{text}” is no person's number: count from the left, from 1, or write {SKIP}.")
    elif not 10 <= value <= 2000:
        raise ValueError(f"“{text}” is no capture rate: write frames a second, such as 240, or {SKIP}.")
    return {field: value}


def ask(
    questions: Iterable[Open], prompt: Callable[[str], str | None], say: Callable[[str], None]
) -> Answers:
    """Ask one question after another; an empty line leaves one open, None ends it.

    The same clip is asked about once, however many orders wait for it.
    """
    found: Answers = {}
    heard: dict[tuple[str, str], Answer] = {}
    for each in questions:
        same = (each.question.digest, each.question.field)
        if same not in heard:
            say(f"\n{each.order.name}, {each.question.file}: {each.asked}")
            if each.picture:
                say(f"The picture: pictures/{each.picture}")
            answer = _one(each, prompt, say)
            if answer is None:
                break
            if not answer:
                continue
            heard[same] = answer
        found.setdefault(each.key, {})[each.question.digest] = heard[same]
    return found


def merged(one: Mapping[str, Answer], other: Mapping[str, Answer]) -> dict[str, Answer]:
    """Answers of one order, the later ones in the place of the earlier."""
    return {digest: {**one.get(digest, {}), **other.get(digest, {})} for digest in (*one, *other)}


def _one(each: Open, prompt: Callable[[str], str | None], say: Callable[[str], None]) -> Answer | None:
    hint = f" (likely {each.likely})" if each.likely else ""
    while True:
        said = prompt(f"Your answer{hint}, {SKIP} to leave this clip out, nothing to decide later: ")
        if said is None:
            return None
        if not said.strip():
            return {}
        try:
            return read(said, each.question.field)
        except ValueError as error:
            say(str(error))
