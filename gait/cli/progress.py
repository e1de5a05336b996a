"""Progress on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


def say(text: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(text + "\n")


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """One bar for each thing that is being read, on standard error; rarely redrawn in a log file."""
    bars: dict[str, tqdm] = {}
    pause_s = 0.1 if sys.stderr.isatty() else 15.0

    def show(what: str, done: int, total: int) -> None:
        if what not in bars:
            bars[what] = tqdm(
                desc=f"{what:8}", total=total, unit=" frames", file=sys.stderr, mininterval=pause_s
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
