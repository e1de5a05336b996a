"""The file of one run as a watch writes it: FIT, as it is or in the ZIP that Garmin Connect gives."""

import io
import math
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np

from gait.errors import BadRequest
from gait.watch.run import RUNNING_SPM, Run

MOST_BYTES = 16 << 20
MOST_MESSAGES = 200_000
"""Two days, a record a second."""
MOST_OFFSET_S, QUARTER_S = 15 * 3600.0, 900.0
FIT_MARK = slice(8, 12), b".FIT"
ZIP_MARK = b"PK\x03\x04"
FEWEST = 10


def is_fit(content: bytes) -> bool:
    """True if a file says of itself that it is FIT, or a ZIP."""
    where, mark = FIT_MARK
    return content[where] == mark or content.startswith(ZIP_MARK)


def read(content: bytes, name: str) -> Run:
    """Read the run of one file.

    The cadence of a record is of one leg: both together are twice that, its fraction included.

    Parameters
    ----------
    name
        The file's name, for messages.

    Raises
    ------
    BadRequest
        If it is damaged, too large, or holds no run with a cadence.
    """
    unpacked = _unzipped(content, name) if content.startswith(ZIP_MARK) else content
    times: list[datetime] = []
    spm: list[float] = []
    offset_s = math.nan
    sports = set()
    for message in _messages(unpacked, name):
        if message.name == "activity":
            offset_s = _offset_s(message)
        elif message.name in ("session", "sport"):
            sports.add(str(message.get_value("sport", fallback=None)))
        elif message.name == "record" and (record := _record(message)) is not None:
            times.append(record[0])
            spm.append(record[1])
    if sports != {"running"}:
        raise BadRequest(
            f"{name} does not say that it is a run, and another sport's cadence is no runner's: give the "
            "file of the run alone.",
            id="watch",
            field="watch",
        )
    return _run(times, spm, offset_s, name)


def _run(times: list[datetime], spm: list[float], offset_s: float, name: str) -> Run:
    low, high = RUNNING_SPM
    running = [each for each in spm if low <= each <= high]
    if len(running) < FEWEST:
        raise BadRequest(
            f"{name} holds no run with a cadence: give the run's file from a watch that counts steps.",
            id="watch",
            field="watch",
        )
    start, end = min(times), max(times)
    order = np.argsort([each.timestamp() for each in times], kind="stable")
    return Run(
        name,
        start,
        (end - start).total_seconds(),
        float(np.median(running)),
        tuple((times[k] - start).total_seconds() for k in order),
        tuple(spm[k] for k in order),
        offset_s,
    )


def _record(message: Any) -> tuple[datetime, float] | None:
    """When, and how many steps a minute; None where the watch counted none."""
    at = _value(message, "timestamp", datetime)
    one_leg = _value(message, "cadence", (int, float))
    if at is None or one_leg is None or at.tzinfo is None:
        return None
    part = _value(message, "fractional_cadence", (int, float)) or 0.0
    both = 2.0 * (one_leg + part)
    return (at.astimezone(UTC), both) if math.isfinite(both) else None


def _offset_s(message: Any) -> float:
    """How far the watch's local time is ahead of UTC, by the quarter of an hour; NaN if it does not say."""
    utc, local = (_value(message, field, datetime) for field in ("timestamp", "local_timestamp"))
    if utc is None or local is None:
        return math.nan
    apart_s = (local.replace(tzinfo=UTC) - utc.astimezone(UTC)).total_seconds()
    whole_s = QUARTER_S * round(apart_s / QUARTER_S)
    return whole_s if abs(whole_s) <= MOST_OFFSET_S else math.nan


def _value(message: Any, field: str, kind: type | tuple[type, ...]) -> Any:
    found = message.get_value(field, fallback=None)
    return found if isinstance(found, kind) and not isinstance(found, bool) else None


def _messages(content: bytes, name: str) -> Iterator[Any]:
    import fitdecode

    try:
        with fitdecode.FitReader(
            io.BytesIO(content),
            check_crc=fitdecode.CrcCheck.RAISE,
            error_handling=fitdecode.ErrorHandling.IGNORE,
        ) as frames:
            for number, frame in enumerate(frames):
                if number > MOST_MESSAGES:
                    raise _too_large(name)
                if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                    yield frame
    except BadRequest:
        raise
    except Exception as error:
        # A file that lies can make the decoder raise anything: it asserts, and unpacks what it is told.
        raise _damaged(name) from error


def _unzipped(content: bytes, name: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [each for each in archive.infolist() if each.filename.lower().endswith(".fit")]
            if len(inside) != 1:
                raise BadRequest(
                    f"{name} holds {len(inside)} FIT files: unpack it and give the one of the run.",
                    id="watch",
                    field="watch",
                )
            if inside[0].file_size > MOST_BYTES:
                raise _too_large(name)
            with archive.open(inside[0]) as file:
                return file.read(MOST_BYTES + 1)[:MOST_BYTES]
    except BadRequest:
        raise
    except Exception as error:
        raise _damaged(name) from error


def _damaged(name: str) -> BadRequest:
    return BadRequest(
        f"{name} is damaged: save the run's file anew from the watch or its app.", id="watch", field="watch"
    )


def _too_large(name: str) -> BadRequest:
    return BadRequest(
        f"{name} is too large for one run: give the file of one run.", id="watch", field="watch"
    )
