"""Everything looked at before the first picture is read: one list of what is wrong, or orders to be done."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from gait import plain
from gait.analysis import ClipRequest, Request, RunnerFacts
from gait.batch.manifest import OF_A_CLIP, Entry, Listed, Problem, Row
from gait.batch.orders import CONVERTER, Order
from gait.errors import GaitError
from gait.store.domain import Day, Profile
from gait.video.clip import written_day
from gait.video.reader import open_clip

Counted = Callable[[int, int], None]


@dataclass(frozen=True)
class Looked:
    """What a file says of itself."""

    sha256: str
    created: str
    n_bytes: int
    fault: str = ""
    """Why it is no film; empty if it is one."""


@dataclass(frozen=True)
class Checked:
    """Orders that can be done, the oldest day first, and what is wrong with the others."""

    orders: tuple[Order, ...]
    problems: tuple[Problem, ...]
    n_bytes: int
    """Size of all clips together."""


class Known:
    """What was seen of files at an earlier time, so that a second run need not open them.

    A file is known again by its place, size and time of change, kept as a digest.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Any] = {}
        with suppress(OSError, ValueError):
            self._known = dict(json.loads(path.read_text(encoding="utf-8")))

    def look(self, clip: Path) -> Looked:
        """Say what a file is, from memory or by opening it."""
        mark = _mark(clip)
        with suppress(ValueError, TypeError, KeyError, LookupError):
            return CONVERTER.structure(self._known[mark], Looked)
        found = _look(clip)
        if mark and not found.fault:
            self._known[mark] = CONVERTER.unstructure(found)
        return found

    def save(self) -> None:
        """Keep what was seen; where that cannot be written, it only costs time."""
        unfinished = self._path.with_name(f"{self._path.name}.new")
        with suppress(OSError):
            unfinished.write_text(json.dumps(self._known), encoding="utf-8")
            unfinished.replace(self._path)


def checked(
    found: Listed, known: Known, at_once: int, counted: Counted = lambda done, total: None
) -> Checked:
    """Look at every clip, and put together those of one runner and day.

    Parameters
    ----------
    at_once
        How many files are opened at a time.
    counted
        Told how many were looked at, of how many.
    """
    problems = list(found.problems)
    looked: list[Looked] = []
    with ThreadPoolExecutor(at_once) as pool:
        for done, one in enumerate(pool.map(known.look, [each.clip for each in found.entries]), 1):
            looked.append(one)
            counted(done, len(found.entries))
    known.save()
    faults = _faults(found.entries, looked)
    problems += [Problem(e.where, fault) for e, fault in zip(found.entries, faults, strict=True) if fault]
    groups: dict[tuple[str, date, str], list[tuple[Entry, Looked]]] = defaultdict(list)
    for entry, one, fault in zip(found.entries, looked, faults, strict=True):
        if entry.sound and not fault:
            groups[entry.runner.casefold(), _day(entry, one), str(entry.values.get("assessment", ""))].append(
                (entry, one)
            )
    orders = []
    for (_, day, _), members in groups.items():
        try:
            orders.append(_order(day, members))
        except (GaitError, ValueError) as error:
            problems.append(Problem(_where(members), str(error)))
    orders.sort(key=lambda order: (order.request.filmed_on, order.runner, order.where))
    return Checked(tuple(orders), tuple(problems), sum(one.n_bytes for one in looked))


def _mark(clip: Path) -> str:
    with suppress(OSError, ValueError):
        state = clip.stat()
        place = repr((str(clip.absolute()), state.st_size, state.st_mtime_ns))
        return hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()
    return ""


def _look(clip: Path) -> Looked:
    try:
        opened = open_clip(clip)
        return Looked(opened.sha256, opened.created, clip.stat().st_size)
    except GaitError as error:
        return Looked("", "", 0, str(error))
    except OSError as error:
        return Looked("", "", 0, f"{clip.name} cannot be read ({error.strerror}).")


def _faults(entries: Sequence[Entry], looked: Sequence[Looked]) -> list[str]:
    """What is wrong with each file: it is no film, or was given before for the same person; or nothing."""
    faults = []
    seen: dict[tuple[object, ...], str] = {}
    for entry, one in zip(entries, looked, strict=True):
        same = (one.sha256, entry.values.get("person"))
        twice = f"{entry.clip.name} is the same film as {seen.get(same)}: give each once."
        faults.append(one.fault or (twice if same in seen else ""))
        seen.setdefault(same, entry.where)
    return faults


def _day(entry: Entry, looked: Looked) -> date:
    """The day as it was given, else as the phone wrote it into the film, else that of the file."""
    given = entry.values.get("date")
    if isinstance(given, date):
        return given
    if (written := written_day(looked.created)) is not None:
        return written
    return min(datetime.fromtimestamp(entry.clip.stat().st_mtime).date(), date.today())


def _order(day: date, members: Sequence[tuple[Entry, Looked]]) -> Order:
    """Put the clips of one runner and day together.

    Raises
    ------
    GaitError, ValueError
        If a value makes no sense, or two rows disagree.
    """
    of_day = _agreed([entry.values for entry, _ in members])
    ids = _ids([entry.clip for entry, _ in members])
    clips = tuple(
        ClipRequest(entry.clip, id=id, **_of_a_clip(entry.values))
        for (entry, _), id in zip(members, ids, strict=True)
    )
    facts = RunnerFacts(*(of_day.get(name) for name in ("height_cm", "speed_kmh", "incline_pct")))
    pain = bool(of_day.get("pain", False))
    order = Order(
        runner=Profile(members[0][0].runner).name,
        request=Request(clips, facts, day, pain),
        day=Day(
            day,
            facts.speed_kmh,
            shoes=of_day.get("shoes", ""),
            surface=of_day.get("surface"),
            incline_pct=facts.incline_pct,
            minutes_run_before=of_day.get("minutes_run_before"),
            in_pain=pain,
            notes=of_day.get("notes", ""),
        ),
        digests=tuple(one.sha256 for _, one in members),
        where=_where(members),
    )
    return replace(order, where=plain.line(order.where))


def _of_a_clip(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in OF_A_CLIP if name in row}


def _agreed(rows: Sequence[Row]) -> dict[str, Any]:
    """What the rows of one day say of it; a cell that is empty agrees with any."""
    said: dict[str, Any] = {}
    for row in rows:
        for name, value in row.items():
            if name in OF_A_CLIP or name in ("date", "assessment"):
                continue
            if said.setdefault(name, value) != value:
                raise ValueError(
                    f"{name} is {said[name]} and {value} on one day: if these are two runs, give them "
                    "different words in a column “assessment”."
                )
    return said


def _ids(paths: Sequence[Path]) -> list[str]:
    """File names; with the folder around them where two are alike. Never a path of this machine."""
    counts = Counter(path.name for path in paths)
    return [path.name if counts[path.name] == 1 else f"{path.parent.name}/{path.name}" for path in paths]


def _where(members: Sequence[tuple[Entry, Looked]]) -> str:
    return ", ".join(entry.where for entry, _ in members)
