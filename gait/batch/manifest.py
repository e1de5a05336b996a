"""A table, or a folder, of clips -> what is asked for, row by row; nothing of a film is looked at yet."""

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gait.body import Side
from gait.errors import BadRequest

SUFFIXES = frozenset(
    (
        ".mp4",
        ".mov",
        ".m4v",
        ".3gp",
        ".3g2",
        ".mkv",
        ".webm",
        ".avi",
        ".mts",
        ".m2ts",
        ".mpg",
        ".mpeg",
        ".wmv",
    )
)
"""What a film is called; other files of a folder are no business of ours."""
LARGEST_MANIFEST_BYTES = 50_000_000
YES = frozenset(("yes", "y", "true", "1", "x", "ja"))
NO = frozenset(("no", "n", "false", "0", "nein", ""))
Value = str | float | int | bool | date | Side | None
Row = Mapping[str, Value]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where."""

    where: str
    what: str


@dataclass(frozen=True)
class Entry:
    """One clip as it was listed."""

    where: str
    clip: Path
    runner: str
    values: Row
    sound: bool = True
    """False if something else than the file itself is wrong with it."""


@dataclass(frozen=True)
class Listed:
    """All clips that were listed, and what is wrong with the list."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def listed(source: Path) -> Listed:
    """Read a manifest, or take a folder for one.

    Raises
    ------
    BadRequest
        If there is no such file or folder, or the table cannot be read at all.
    """
    if source.is_dir():
        return _of_folder(source)
    if not source.is_file():
        raise BadRequest(f"There is no file or folder {source}: check the name.", id="manifest")
    return _of_table(source)


def _of_folder(folder: Path) -> Listed:
    """Every film below a folder; who runs in it is what the folder around it is called."""
    paths = [path for path in sorted(folder.resolve().rglob("*")) if path.suffix.lower() in SUFFIXES]
    films = [path for path in paths if path.is_file() and not path.name.startswith(".")]
    if not films:
        raise BadRequest(
            f"There is no film in {folder}: give a folder with clips, or a manifest.", id="manifest"
        )
    return Listed(
        tuple(Entry(str(path.relative_to(folder.resolve())), path, path.parent.name, {}) for path in films),
        (),
    )


def _of_table(path: Path) -> Listed:
    rows = list(_rows(path))
    if not rows:
        raise BadRequest(
            f"{path.name} has no rows: list one clip a row below the names of the columns.", id="manifest"
        )
    strange = [name for name in rows[0] if name not in (*READ, "clip", "runner")]
    lacking = [name for name in ("clip", "runner") if name not in rows[0]]
    problems = [
        Problem("row 1", f"“{name}” is no column of a manifest: {', '.join(COLUMNS)}.") for name in strange
    ]
    problems += [Problem("row 1", f"The column {name} is missing.") for name in lacking]
    entries = []
    for number, row in enumerate(rows, 2):
        read = _entry(f"row {number}", row, path.parent, problems) if not lacking else None
        if read is not None:
            entries.append(read)
    return Listed(tuple(entries), tuple(problems))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows by column; any of the separators that spreadsheets write."""
    if path.stat().st_size > LARGEST_MANIFEST_BYTES:
        raise BadRequest(
            f"{path.name} is too large to be a manifest: give a table, or a folder.", id="manifest"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise BadRequest(
            f"{path.name} cannot be read as a table: save it as CSV in UTF-8.", id="manifest"
        ) from error
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise BadRequest(f"{path.name} cannot be read as a table ({error}).", id="manifest") from error
    names = [name.strip().lower() for name in table[0]] if table else []
    for cells in table[1:]:
        if any(cell.strip() for cell in cells):
            yield {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}


def _entry(where: str, row: Mapping[str, str], home: Path, problems: list[Problem]) -> Entry | None:
    values: dict[str, Value] = {}
    before = len(problems)
    for name in READ:
        if row.get(name):
            try:
                values[name] = READ[name](row[name])
            except ValueError as error:
                problems.append(Problem(where, f"{name}: {error}"))
    for name in ("clip", "runner"):
        if not row.get(name):
            problems.append(Problem(where, f"The {name} is missing."))
    if not row.get("clip") or not row.get("runner"):
        return None
    sound = len(problems) == before
    return Entry(where, (home / row["clip"]).absolute(), row["runner"], values, sound)


def _number(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"“{text}” is not a number.")
    return value


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"“{text}” is not a whole number.")
    return int(text)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a date: write it as {date.today()}.") from None
    if day > date.today():
        raise ValueError(f"{day} has not come yet.")
    return day


def _side(text: str) -> Side:
    if text.lower() not in ("left", "right"):
        raise ValueError(f"“{text}” is not a side of the body: left or right.")
    return Side(text.lower())


def _yes(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise ValueError(f"“{text}” is neither yes nor no.")


READ: Mapping[str, Callable[[str], Value]] = {
    "date": _day,
    "assessment": str,
    "speed_kmh": _number,
    "height_cm": _number,
    "incline_pct": _number,
    "shoes": str,
    "surface": str,
    "minutes_run_before": _number,
    "pain": _yes,
    "notes": str,
    "near": _side,
    "mirrored": _yes,
    "tape": _yes,
    "capture_fps": _number,
    "person": _whole,
}
OF_A_CLIP: Sequence[str] = ("near", "mirrored", "tape", "capture_fps", "person")
"""Columns about one clip; the others are about the runner and the day."""
COLUMNS = ("clip", "runner", *READ)
