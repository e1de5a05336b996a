"""What the renderer knows about a clip: ``NAME.truth.json`` beside ``NAME.mp4``."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.body import Side
from gait.errors import BadTruth

SUFFIX = ".truth.json"


@dataclass(frozen=True, eq=False)
class Truth:
    """Exact contacts and metrics of one clip."""

    clip: Path
    view: str
    capture_fps: float
    stored_fps: float
    frames: int
    height_m: float
    contacts: dict[Side, NDArray[np.float64]]
    """(n, 2) touchdown and toe-off of each contact that lies whole in the clip, capture seconds."""
    values: dict[tuple[str, Side | None], float]

    @property
    def slowed(self) -> bool:
        """True if the file plays slower than it was filmed."""
        return abs(self.capture_fps / self.stored_fps - 1) > 0.01


def read_truth(path: Path) -> Truth:
    """Read one truth file.

    Raises
    ------
    BadTruth
        If the file is not a truth, or its clip is not beside it.
    """
    clip = path.with_name(path.name.removesuffix(SUFFIX) + ".mp4")
    if not clip.is_file():
        raise BadTruth(f"{path} has no clip {clip.name} beside it: put them into one folder.")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Truth(
            clip=clip,
            view=record["view"],
            capture_fps=float(record["capture_fps"]),
            stored_fps=float(record["stored_fps"]),
            frames=int(record["frames"]),
            height_m=float(record["height_m"]),
            contacts={side: _contacts(record["contacts"], side) for side in Side},
            values={
                (m["name"], Side(m["side"]) if m["side"] else None): float(m["value"])
                for m in record["measurements"]
            },
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadTruth(f"{path} is not a truth file ({error}): make the clip and its truth again.") from error


def _contacts(rows: list[dict[str, object]], side: Side) -> NDArray[np.float64]:
    times = [(row["touchdown_s"], row["toe_off_s"]) for row in rows if row["side"] == side.value]
    return np.array(times, dtype=float).reshape(-1, 2)
