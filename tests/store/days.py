"""Days, records and clips to put into a store."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from gait.store import assessments, runners
from gait.store.assessments import NOTHING_DECIDED, Decision, NewAssessment
from gait.store.database import Store
from gait.store.domain import LOCAL, Actor, Assessment, Day, Profile, Runner
from gait.store.keeping import NewFile

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
FILMED = date(2026, 11, 25)
OWNER, COACH, STRANGER = LOCAL, Actor("coach", "Ada", "coach"), Actor("stranger", "Eve", "coach")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def record(
    content: bytes = b"a clip",
    *,
    value: float = 21.3,
    source: str = "detected",
    method: str = "m1",
    schema: int = 2,
    samples: int = 12,
) -> str:
    """A record of schema 2 with one clip, as its text."""
    return json.dumps(
        {
            "schema": schema,
            "filmed_on": "2026-11-25",
            "runner": {"height_cm": 180, "speed_kmh": 10.8, "speed_known": True},
            "clips": [
                {
                    "id": "side",
                    "file": "side.mp4",
                    "view": "left",
                    "facing": "left",
                    "sha256": sha256(content),
                    "size_px": [720, 1280],
                    "frames": 1200,
                    "contacts": [contact(0.412, source), contact(0.763, "detected")],
                }
            ],
            "measurements": [
                measurement("overstride_pct_leg", "left", value, samples),
                measurement("cadence_spm", None, 171.25, samples),
                measurement("hip_drop_deg", None, None, 0),
            ],
            "refused": [],
            "doubts": [],
            "findings": [],
            "advice": {"cue": None, "why": "…"},
            "provenance": {"gait": "0.2.0", "method": method, "mediapipe": "0.10.33", "model_sha256": "0"},
        },
        ensure_ascii=False,
        indent=1,
    )


def contact(touchdown_s: float, source: str) -> dict[str, Any]:
    return {
        "side": "left",
        "touchdown_s": touchdown_s,
        "touchdown_sd_s": 0.004,
        "toe_off_s": touchdown_s + 0.24,
        "toe_off_sd_s": 0.007,
        "source": source,
    }


def measurement(name: str, side: str | None, value: float | None, samples: int) -> dict[str, Any]:
    return {
        "name": name,
        "side": side,
        "value": value,
        "unit": "%",
        "uncertainty": 1.1,
        "repeatability": None if name == "cadence_spm" else 0.6,
        "n": samples,
        "samples": [round(20 + 0.37 * step, 2) for step in range(samples)],
        "clip": "side",
        "why_missing": None if value is not None else {"id": "view", "text": "film from behind"},
    }


def a_runner(store: Store, name: str = "Ann", actor: Actor = OWNER) -> Runner:
    return runners.add(store, actor, Profile(name))


def a_clip(folder: Path, content: bytes = b"a clip") -> NewFile:
    path = folder / f"{sha256(content)[:8]}.mp4"
    path.write_bytes(content)
    return NewFile(path, "clip", "side")


def a_day(
    store: Store,
    runner: Runner,
    on: date = FILMED,
    *,
    text: str | None = None,
    files: Sequence[NewFile] = (),
    decision: Decision = NOTHING_DECIDED,
) -> Assessment:
    """Save a day of a runner, as his owner."""
    owner = Actor(runner.owner_id, "owner")
    new = NewAssessment(Day(on, speed_kmh=10.8), text or record(), tuple(files), decision)
    return assessments.save(store, owner, runner.id, new)
