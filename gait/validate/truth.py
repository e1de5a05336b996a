"""What the renderer knows about a clip: ``NAME.truth.json`` beside ``NAME.mp4``.

``SHA256SUMS`` in the same folder, as ``sha256sum`` writes it, binds each truth to its clip.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gait.body import Side
from gait.errors import BadTruth

SUFFIX = ".truth.json"
SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Conditions:
    """How a clip was filmed."""

    distance_m: float
    yaw_deg: float
    roll_deg: float
    place: str
    others: bool
    """Somebody else in sight, or a mirror."""
    motion: str
    """Where the runner's motion comes from: ``form`` or ``markers``."""
    woman: bool


@dataclass(frozen=True, eq=False)
class Truth:
    """Exact contacts and metrics of one clip."""

    clip: Path
    view: str
    capture_fps: float
    stored_fps: float
    frames: int
    leg_m: float
    """Thigh and shank."""
    height_m: float
    contacts: dict[Side, NDArray[np.float64]]
    """(n, 2) touchdown and toe-off of each contact that lies whole in the clip, capture seconds."""
    values: dict[tuple[str, Side | None], float]
    conditions: Conditions | None
    """None where the truth does not say."""

    @property
    def from_the_side(self) -> bool:
        """True if the camera stood at the runner's side."""
        return self.view in set(Side)


def read_truth(path: Path) -> Truth:
    """Read one truth file.

    Raises
    ------
    BadTruth
        If the file is not a truth, its clip is not beside it, or either is not what SHA256SUMS lists.
    """
    clip = path.with_name(path.name.removesuffix(SUFFIX) + ".mp4")
    if not clip.is_file():
        raise BadTruth(f"{path} has no clip {clip.name} beside it: put them into one folder.")
    for file in (clip, path):
        _require_listed_content(file)
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Truth(
            clip=clip,
            view=record["view"],
            capture_fps=float(record["capture_fps"]),
            stored_fps=float(record["stored_fps"]),
            frames=int(record["frames"]),
            leg_m=float(record["leg_m"]),
            height_m=float(record["height_m"]),
            contacts={side: _contacts(record["contacts"], side) for side in Side},
            values={
                (m["name"], Side(m["side"]) if m["side"] else None): float(m["value"])
                for m in record["measurements"]
                if m["value"] is not None
            },
            conditions=_conditions(record.get("conditions")),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadTruth(f"{path} is not a truth file ({error}): make the clip and its truth again.") from error


def _conditions(record: dict[str, Any] | None) -> Conditions | None:
    if record is None:
        return None
    return Conditions(**{field.name: record[field.name] for field in fields(Conditions)})


def _require_listed_content(file: Path) -> None:
    sums = file.with_name(SUMS)
    if not sums.is_file():
        return
    listed = {name: digest for digest, name in map(str.split, sums.read_text("utf-8").splitlines())}
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if listed.get(file.name, digest) != digest:
        raise BadTruth(
            f"{file} is not the file that {SUMS} lists: clip and truth may not belong together, "
            "make both again."
        )


def _contacts(rows: list[dict[str, object]], side: Side) -> NDArray[np.float64]:
    times = [(row["touchdown_s"], row["toe_off_s"]) for row in rows if row["side"] == side.value]
    return np.array(times, dtype=float).reshape(-1, 2)
