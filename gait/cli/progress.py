"""Progress on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tqdm import tqdm

from gait import plain
from gait.errors import OutputFailed


def say(text: str) -> None:
    """Write a line to standard error, with nothing in it that a terminal would obey."""
    sys.stderr.write(plain.line(text) + "\n")


def show(text: str) -> None:
    """Print a result on standard output.

    Raises
    ------
    OutputFailed
        If it cannot be written there: the disk is full, or whoever was to read it has gone.
    """
    try:
        sys.stdout.write(plain.encodable(plain.block(text), sys.stdout.encoding) + "\n")
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError) as error:
        with suppress(OSError, ValueError, AttributeError):
            sys.stdout.close()
        sys.stdout = None  # nothing is left to flush at the end
        raise OutputFailed(
            "The result could not be printed: nobody reads it, or the disk is full."
        ) from error


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """One bar for each thing that is being read, on standard error; rarely redrawn in a log file."""
    bars: dict[str, tqdm] = {}
    pause_s = 0.1 if sys.stderr.isatty() else 15.0

    def show(what: str, done: int, total: int) -> None:
        if what not in bars:
            bars[what] = tqdm(
                desc=f"{plain.line(what):8}",
                total=total,
                unit=" frames",
                file=sys.stderr,
                mininterval=pause_s,
            )
        bars[what].total = total
        bars[what].update(done - bars[what].n)
        if done == total:
            bars[what].close()

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()
