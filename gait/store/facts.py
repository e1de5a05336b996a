"""What the store has to know of a record to find it; read from the record, so the two never differ."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gait.errors import StoreRefused
from gait.store.domain import KeptClip, Source
from gait.store.texts import file_name, line

SCHEMA = 2
MOST_CHARACTERS = 30_000_000
HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Reading:
    """One measurement that has a value."""

    metric: str
    side: str
    value: float
    unit: str
    uncertainty: float
    repeatability: float
    n: int
    clip: str


@dataclass(frozen=True)
class Facts:
    """What a record says, as far as the store asks: nothing else of it is looked at."""

    schema: int
    method: str
    source: Source
    """``edited`` if any of its contacts was set or taken away by hand."""
    clips: tuple[KeptClip, ...]
    readings: tuple[Reading, ...]


def facts_of(record: str) -> Facts:
    """Read the facts of a record, as JSON text of schema 2.

    Raises
    ------
    StoreRefused
        If it is no record, or one of another schema.
    """
    content = _parsed(record)
    _check_schema(content.get("schema"))
    try:
        return _facts(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _broken() from error


def _parsed(record: str) -> dict[str, Any]:
    if len(record) > MOST_CHARACTERS:
        raise _broken()
    try:
        record.encode()
        content = json.loads(record)
    except (ValueError, RecursionError) as error:
        raise _broken() from error
    if not isinstance(content, dict):
        raise _broken()
    return content


def _check_schema(schema: object) -> None:
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise _broken()
    if schema > SCHEMA:
        raise StoreRefused(
            "This record was written by a newer version of this program: update this one to read it.",
            id="newer-record",
        )
    if schema < SCHEMA:
        raise StoreRefused(
            "This record was written by an older version of this program: analyse its clips again.",
            id="older-record",
        )


def _facts(content: dict[str, Any]) -> Facts:
    clips = content["clips"]
    edited = any(_edited(clip) for clip in clips)
    provenance = content["provenance"]
    return Facts(
        schema=content["schema"],
        method=line(str(provenance.get("method") or provenance["gait"]), "method"),
        source="edited" if edited else "detected",
        clips=tuple(_clip(clip) for clip in clips),
        readings=tuple(_readings(content["measurements"])),
    )


def _edited(clip: dict[str, Any]) -> bool:
    contacts = clip["contacts"]
    taken_away = clip.get("detected", contacts) != contacts
    return taken_away or any(contact["source"] == "edited" for contact in contacts)


def _clip(clip: dict[str, Any]) -> KeptClip:
    digest = clip["sha256"]
    if len(digest) != 64 or not set(digest) <= HEX:
        raise ValueError("no SHA-256")
    return KeptClip(
        id=line(clip["id"], "clip"),
        file=file_name(clip["file"]),
        view=line(clip["view"], "clip"),
        sha256=digest,
    )


def _readings(measurements: list[dict[str, Any]]) -> Iterator[Reading]:
    for each in measurements:
        value = _number(each["value"])
        if math.isfinite(value):
            yield Reading(
                metric=line(each["name"], "metric"),
                side=line(each.get("side") or "", "side", needed=False),
                value=value,
                unit=line(each["unit"], "unit", needed=False),
                uncertainty=_number(each.get("uncertainty")),
                repeatability=_number(each.get("repeatability")),
                n=int(each["n"]),
                clip=line(each.get("clip") or "", "clip", needed=False),
            )


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _broken() -> StoreRefused:
    return StoreRefused(
        "This is no record of an analysis, or a damaged one: analyse the clips again.", id="record"
    )
