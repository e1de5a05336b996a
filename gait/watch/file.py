"""A file of a watch, whichever kind it is."""

from pathlib import Path

from gait import plain
from gait.errors import BadRequest
from gait.watch import activities, fit
from gait.watch.run import Run

MOST_MB = fit.MOST_BYTES >> 20


def read(path: Path) -> tuple[Run, ...]:
    """Read a FIT file, or a table of Garmin Connect.

    Raises
    ------
    BadRequest
        If it cannot be read, is too large or damaged, or holds no run with a cadence.
    """
    name = plain.line(path.name)
    try:
        with path.open("rb") as file:
            content = file.read(fit.MOST_BYTES + 1)
    except OSError as error:
        why = error.strerror or "it is no file"
        raise BadRequest(f"{name} cannot be read ({why}): give the watch's file.", id="watch") from error
    return of(content, name)


def of(content: bytes, name: str) -> tuple[Run, ...]:
    """Read the content of such a file.

    Raises
    ------
    BadRequest
        As ``read``.
    """
    if len(content) > fit.MOST_BYTES:
        raise BadRequest(
            f"{name} is larger than {MOST_MB} MB: give the FIT file of one run, or Activities.csv.",
            id="watch",
            field="watch",
        )
    return (fit.read(content, name),) if fit.is_fit(content) else activities.read(content, name)
