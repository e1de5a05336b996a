"""Write everything about an analysis into one folder: whole or not there, and nobody else's file touched."""

import re
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from gait import plain
from gait.analysis import Analysis, Glimpse, Progress
from gait.errors import BadRequest, OutputFailed
from gait.export import staging
from gait.export.pictures import draw, glimpsed
from gait.export.report import report_html
from gait.pose import cache
from gait.record import to_json

RECORD = "analysis.json"
VIEW = r"(left|right|rear|front)(_\d)?"
RESULT = re.compile(
    rf"analysis\.json|report\.html|annotated(_{VIEW})?\.mp4|({VIEW}_)?touchdown_\d+_(left|right)\.jpg"
    r"|seen_\d\.jpg"
)
"""Every name that a result can have."""
ENDINGS = ("SIGTERM", "SIGHUP")


def named(text: str) -> Path:
    """Folder for the results as the user names it.

    Raises
    ------
    BadRequest
        If it is empty, or the root of the file system.
    """
    if not text.strip():
        raise BadRequest("The folder for the results has no name: name one, such as results.", field="out")
    directory = Path(text)
    if directory.absolute() == Path(directory.absolute().anchor) or directory.resolve() == Path(
        directory.resolve().anchor
    ):
        raise BadRequest(
            f"{directory} is the root of the whole file system: name a folder of its own for the results.",
            field="out",
        )
    return directory


def write(
    analysis: Analysis, directory: Path, progress: Progress = lambda what, done, total: None
) -> tuple[Path, ...]:
    """Write record, report, annotated video and touchdown pictures; return their paths.

    What an earlier analysis wrote there is replaced; nothing else is. A program that is stopped, killed or
    runs out of disk leaves nothing half-written under its final name.

    Raises
    ------
    OutputFailed
        If the folder cannot be written, or a name is taken by a file that this program did not write.
    """
    with told_in_words(directory), ended_cleanly(), staging.stage(directory, register()) as place:
        new = place / staging.NEW
        draw(analysis, new, progress)
        (new / "report.html").write_text(plain.readable(report_html(analysis, new)), encoding="utf-8")
        (new / RECORD).write_text(plain.readable(to_json(analysis)) + "\n", encoding="utf-8")
        return staging.put_in_place(place, directory, RECORD)


def write_seen(seen: Sequence[Glimpse], directory: Path) -> tuple[Path, ...]:
    """Write pictures of clips of which nothing can be measured, as :func:`write` does; return their paths.

    Raises
    ------
    OutputFailed
        As in :func:`write`.
    """
    drawn = [data for data in map(glimpsed, seen) if data]
    if not drawn:
        return ()
    with told_in_words(directory), ended_cleanly(), staging.stage(directory, register()) as place:
        for number, data in enumerate(drawn, 1):
            (place / staging.NEW / f"seen_{number}.jpg").write_bytes(data)
        return staging.put_in_place(place, directory, "seen_1.jpg")


def require_writable(directory: Path) -> None:
    """Find out before the work starts whether the results can be written; sweep what killed programs left.

    Raises
    ------
    BadRequest
        If the folder is the root of the file system.
    OutputFailed
        If the folder cannot be written, or a name is taken by a file that this program did not write.
    """
    named(str(directory))
    sweep_leftovers()
    with told_in_words(directory):
        with staging.stage(directory):
            pass
        if directory.exists():
            staging.sweep(directory)
            there = (path.name.lower() for path in directory.iterdir())
            results = {name: None for name in there if RESULT.fullmatch(name)}
            staging.require_free(directory, results, staging.listed(directory))


def sweep_leftovers() -> None:
    """Remove the hidden folders that killed programs left, wherever they wrote: call it at every start."""
    staging.sweep_noted(register())


@contextmanager
def ended_cleanly() -> Iterator[None]:
    """Let a polite end (SIGTERM, a closed terminal) run what cleans up; then end with status 128 + signal.

    Only the main thread hears signals: elsewhere this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    known = [getattr(signal, name) for name in ENDINGS if hasattr(signal, name)]
    # What is ignored (nohup) or heard by somebody else stays so; that says nothing of the others.
    heard = [each for each in known if signal.getsignal(each) is signal.SIG_DFL]

    def end(number: int, _: FrameType | None) -> NoReturn:
        for each in heard:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for each in heard:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each in heard:
            signal.signal(each, signal.SIG_DFL)


def register() -> Path:
    """Folder in which unfinished work is noted."""
    return cache.folder() / "unfinished"


@contextmanager
def told_in_words(directory: Path) -> Iterator[None]:
    """Say in a sentence why a folder cannot be written."""
    try:
        yield
    except staging.NotOurs as error:
        name, where = plain.line(error.path.name), plain.line(str(directory))
        raise OutputFailed(
            f"{name} in {where} is not from an earlier analysis and would be replaced: "
            "choose another folder for the results, or move that file."
        ) from error
    except OSError as error:
        raise OutputFailed(
            f"The results could not be written to {plain.line(str(directory))} "
            f"({error.strerror or error}): choose another folder."
        ) from error
