"""A small writer of FIT files: what a watch keeps of a run, and no more."""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime

from fitdecode.utils import compute_crc

RUNNING, CYCLING = 1, 2
EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
ENUM, BYTE, LONG = 0x00, 0x02, 0x86
SIZES = {ENUM: "B", BYTE: "B", LONG: "I"}
RECORD, SESSION, ACTIVITY = 20, 18, 34
Row = tuple[int, ...]


def watch_file(
    start: datetime,
    one_leg: Sequence[float],
    *,
    every_s: int = 1,
    sport: int | None = RUNNING,
    ahead_s: int | None = None,
) -> bytes:
    """A run: the steps of one leg a minute, one record every so many seconds."""
    first = _seconds(start)
    rows = [
        (first + every_s * number, int(value), round((value - int(value)) * 128))
        for number, value in enumerate(one_leg)
    ]
    body = _message(0, RECORD, [(253, LONG), (4, BYTE), (53, BYTE)], rows)
    last = rows[-1][0] if rows else first
    if sport is not None:
        body += _message(1, SESSION, [(253, LONG), (5, ENUM)], [(last, sport)])
    if ahead_s is not None:
        body += _message(2, ACTIVITY, [(253, LONG), (5, LONG)], [(last, last + ahead_s)])
    return sealed(body)


def sealed(body: bytes) -> bytes:
    """Put the header before, and the check behind."""
    whole = struct.pack("<BBHI4sH", 14, 0x20, 2132, len(body), b".FIT", 0) + body
    return whole + struct.pack("<H", compute_crc(whole))


def body_of(content: bytes) -> bytes:
    """What lies between header and check."""
    return content[14:-2]


def _message(local: int, number: int, fields: Sequence[tuple[int, int]], rows: Sequence[Row]) -> bytes:
    head = struct.pack("<BBBHB", 0x40 | local, 0, 0, number, len(fields))
    head += b"".join(struct.pack("<BBB", field, struct.calcsize(SIZES[kind]), kind) for field, kind in fields)
    layout = "<B" + "".join(SIZES[kind] for _, kind in fields)
    return head + b"".join(struct.pack(layout, local, *row) for row in rows)


def _seconds(at: datetime) -> int:
    return round((at - EPOCH).total_seconds())
