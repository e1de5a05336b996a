"""Validation as text and as a record."""

import math
from dataclasses import asdict
from typing import Any

from gait.validate.agreement import Agreement, as_table
from gait.validate.clips import Validated, clip_text, summary
from gait.validate.markers import MarkerRun

Json = dict[str, Any]


def clips_text(validated: tuple[Validated, ...]) -> str:
    """Print every clip beside its truth, then all clips together."""
    return "\n\n".join([*(clip_text(each) for each in validated), as_table(summary(validated))])


def clips_record(validated: tuple[Validated, ...]) -> Json:
    """Build the record of a validation on clips."""
    return {
        "schema": 1,
        "clips": [
            {
                "file": each.truth.clip.name,
                "view": each.truth.view,
                "capture_fps": each.truth.capture_fps,
                "missed": {"near": each.near.missed, "far": each.far.missed},
                "false": {"near": each.near.false, "far": each.far.false},
                "measurements": [_finite(asdict(row)) for row in each.comparisons],
            }
            for each in validated
        ],
        "agreement": [_agreement(row) for row in summary(validated)],
    }


def markers_text(runs: tuple[MarkerRun, ...]) -> str:
    """Print the agreement with force plates at each level of noise."""
    missed = [
        f"noise {run.noise_cm:g} cm: missed {run.matched.missed}, false {run.matched.false}" for run in runs
    ]
    return "\n".join([as_table([row for run in runs for row in run.rows()]), *missed])


def markers_record(runs: tuple[MarkerRun, ...]) -> Json:
    """Build the record of a validation on markers."""
    return {
        "schema": 1,
        "runs": [
            {"noise_cm": run.noise_cm, "missed": run.matched.missed, "false": run.matched.false}
            for run in runs
        ],
        "agreement": [_agreement(row) for run in runs for row in run.rows()],
    }


def _agreement(row: Agreement) -> Json:
    return {**_finite(asdict(row)), "limits": [_known(limit) for limit in row.limits]}


def _finite(fields: Json) -> Json:
    return {name: _known(v) if isinstance(v, float) else v for name, v in fields.items()}


def _known(value: float) -> float | None:
    return round(value, 3) if math.isfinite(value) else None
