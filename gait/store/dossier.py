"""All that is kept of one runner, as a frozen value and as JSON; records and files are named by content."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from gait.errors import StoreRefused
from gait.store.archive import broken
from gait.store.domain import (
    Agreed,
    Closing,
    Consent,
    Day,
    Event,
    KeptFile,
    Mark,
    Note,
    Overrule,
    Pin,
    Plan,
    Prescription,
    Profile,
    Scatter,
    Source,
)
from gait.store.texts import line, prose


@dataclass(frozen=True)
class KeptRecord:
    """A record of a day; its text is the archive's member of that digest."""

    source: Source
    method: str
    saved_at: datetime
    sha256: str


@dataclass(frozen=True)
class Drawn:
    """A drawing and the clip it is on."""

    clip: str
    mark: Mark


@dataclass(frozen=True)
class KeptDay:
    """An assessment with everything said about it; ``source`` and ``method`` name its current record."""

    id: str
    day: Day
    saved_at: datetime
    source: Source
    method: str
    records: tuple[KeptRecord, ...]
    files: tuple[KeptFile, ...]
    notes: tuple[Note, ...]
    drawn: tuple[Drawn, ...]
    overrules: tuple[Overrule, ...]


@dataclass(frozen=True)
class Dossier:
    """One runner. What happened to him is for reading only: it is not taken over by an import."""

    id: str
    profile: Profile
    created_at: datetime
    days: tuple[KeptDay, ...]
    prescriptions: tuple[Prescription, ...]
    events: tuple[Event, ...]
    consents: tuple[Consent, ...] = ()
    scatters: tuple[Scatter, ...] = ()


def to_json(dossier: Dossier) -> str:
    """Write a dossier."""
    return json.dumps(asdict(dossier), default=_iso, ensure_ascii=False, indent=1)


def from_json(text: str) -> Dossier:
    """Read a dossier.

    Raises
    ------
    StoreRefused
        If it is none, or something in it makes no sense.
    """
    try:
        return _dossier(json.loads(text))
    except StoreRefused:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise broken() from error


Json = dict[str, Any]
Thing = TypeVar("Thing")


def _dossier(content: Json) -> Dossier:
    days = tuple(_day(each) for each in content["days"])
    prescriptions = tuple(_prescription(each) for each in content["prescriptions"])
    ids = [day.id for day in days]
    if len(set(ids)) != len(ids) or not {each.assessment_id for each in prescriptions} <= set(ids):
        raise broken()
    if sum(each.closing is None for each in prescriptions) > 1:
        raise broken()
    return Dossier(
        id=_uuid(content["id"]),
        profile=Profile(**content["profile"]),
        created_at=_instant(content["created_at"]),
        days=days,
        prescriptions=prescriptions,
        events=(),
        consents=_all(content.get("consents", []), _consent),
        scatters=_all(content.get("scatters", []), lambda each: Scatter(**each)),
    )


def _day(content: Json) -> KeptDay:
    day = KeptDay(
        id=_uuid(content["id"]),
        day=Day(**{**content["day"], "filmed_on": date.fromisoformat(content["day"]["filmed_on"])}),
        saved_at=_instant(content["saved_at"]),
        source=content["source"],
        method=content["method"],
        records=_all(content["records"], _record),
        files=_all(content["files"], lambda each: KeptFile(**each)),
        notes=_all(content["notes"], _note),
        drawn=_all(content["drawn"], _drawn),
        overrules=_all(content["overrules"], _overrule),
    )
    if (day.source, day.method) not in {(each.source, each.method) for each in day.records}:
        raise broken()
    return day


def _all(contents: list[Json], read: Callable[[Json], Thing]) -> tuple[Thing, ...]:
    return tuple(read(each) for each in contents)


def _record(content: Json) -> KeptRecord:
    return KeptRecord(
        content["source"], content["method"], _instant(content["saved_at"]), str(content["sha256"])
    )


def _note(content: Json) -> Note:
    return Note(
        id=_uuid(content["id"]),
        assessment_id=_uuid(content["assessment_id"]),
        pin=Pin(**content["pin"]),
        text=prose(content["text"], "text"),
        author=line(content["author"], "author"),
        written_at=_instant(content["written_at"]),
    )


def _drawn(content: Json) -> Drawn:
    mark = content["mark"]
    points = tuple((float(x), float(y)) for x, y in mark["points_px"])
    return Drawn(line(content["clip"], "clip"), Mark(**{**mark, "points_px": points}))


def _overrule(content: Json) -> Overrule:
    return Overrule(
        id=_uuid(content["id"]),
        assessment_id=_uuid(content["assessment_id"]),
        cue_id=line(content["cue_id"], "cue_id"),
        reason=prose(content["reason"], "reason"),
        author=line(content["author"], "author"),
        decided_at=_instant(content["decided_at"]),
    )


def _prescription(content: Json) -> Prescription:
    closing, plan = content["closing"], content["plan"]
    days = {name: date.fromisoformat(plan[name]) for name in ("given_on", "retest_on")}
    return Prescription(
        id=_uuid(content["id"]),
        runner_id=_uuid(content["runner_id"]),
        assessment_id=_uuid(content["assessment_id"]),
        plan=Plan(**{**plan, **days}),
        closing=Closing(closing["outcome"], date.fromisoformat(closing["closed_on"])) if closing else None,
    )


def _consent(content: Json) -> Consent:
    agreed, withdrawn_on = content["agreed"], content["withdrawn_on"]
    until = agreed["until"]
    return Consent(
        id=_uuid(content["id"]),
        runner_id=_uuid(content["runner_id"]),
        agreed=Agreed(
            agreed["purpose"],
            agreed["given_by"],
            date.fromisoformat(agreed["given_on"]),
            date.fromisoformat(until) if until else None,
        ),
        author=line(content["author"], "author"),
        written_at=_instant(content["written_at"]),
        withdrawn_on=date.fromisoformat(withdrawn_on) if withdrawn_on else None,
    )


def _uuid(text: str) -> str:
    return str(UUID(text))


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return at


def _iso(value: date) -> str:
    return value.isoformat()
