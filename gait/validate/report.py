"""Validation as text and as a record."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from gait.validate.agreement import Agreement, as_table
from gait.validate.clips import Refused, Steps, Validated, steps, summary
from gait.validate.markers import MarkerRun

Json = dict[str, Any]
Outcome = Validated | Refused


def clips_text(outcomes: Sequence[Outcome]) -> str:
    """Print every clip beside its truth, then all clips together and under each condition."""
    validated = [each for each in outcomes if isinstance(each, Validated)]
    refused = [each for each in outcomes if isinstance(each, Refused)]
    parts = [
        *(_clip_text(each) for each in validated),
        *(f"{each.truth.clip.name}: refused. {each.why}" for each in refused),
    ]
    if validated:
        parts += [as_table(summary(validated)), "\n".join(_steps_text(row) for row in steps(validated))]
    parts.append(f"{len(validated)} clips measured, {len(refused)} refused")
    return "\n\n".join(parts)


def clips_record(outcomes: Sequence[Outcome]) -> Json:
    """Build the record of a validation on clips."""
    validated = [each for each in outcomes if isinstance(each, Validated)]
    return {
        "schema": 3,
        "clips": [_clip_record(each) for each in validated],
        "refused": [
            {"file": each.truth.clip.name, "why": each.why} for each in outcomes if isinstance(each, Refused)
        ],
        "agreement": [_agreement(row) for row in summary(validated)],
        "steps": [asdict(row) for row in steps(validated)],
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
        "schema": 3,
        "runs": [
            {"noise_cm": run.noise_cm, "missed": run.matched.missed, "false": run.matched.false}
            for run in runs
        ],
        "agreement": [_agreement(row) for run in runs for row in run.rows()],
    }


def _clip_text(each: Validated) -> str:
    lines = [f"{each.truth.clip.name} (from the {each.truth.view}, {each.truth.capture_fps:.0f} frames/s)"]
    if each.near is not None:
        near = each.near
        lines.append(
            f"  near foot: touchdown, median absolute error {np.median(np.abs(near.touchdown_ms)):.1f} ms; "
            f"toe-off {np.nanmedian(np.abs(near.toe_off_ms)):.1f} ms; "
            f"missed {near.missed}, false {near.false}"
        )
    else:
        errors = np.concatenate([matched.touchdown_ms for _, matched in each.feet])
        missed, false = (sum(getattr(m, count) for _, m in each.feet) for count in ("missed", "false"))
        late = f"median absolute error {np.median(np.abs(errors)):.1f} ms; " if len(errors) else ""
        lines.append(f"  landings of both feet: {late}missed {missed}, false {false}")
    for row in each.pairs:
        said = "withheld" if math.isnan(row.found) else f"error {row.error:+6.2f}"
        stated = "" if math.isnan(row.uncertainty) else f"   said ±{2 * row.uncertainty:.2f}"
        lines.append(
            f"  {row.quantity:28}{row.found:9.2f}   true {row.true:8.2f}   {said}{stated} {row.unit}"
        )
    return "\n".join(lines)


def _steps_text(row: Steps) -> str:
    return (
        f"{row.condition:38} steps found {row.true - row.missed} of {row.true} "
        f"({row.found_pct:.1f} %), false {row.false}"
    )


def _clip_record(each: Validated) -> Json:
    return {
        "file": each.truth.clip.name,
        "view": each.truth.view,
        "capture_fps": each.truth.capture_fps,
        "missed": {foot: sum(m.missed for name, m in each.feet if name == foot) for foot, _ in each.feet},
        "false": {foot: sum(m.false for name, m in each.feet if name == foot) for foot, _ in each.feet},
        "measurements": [{**_finite(asdict(pair)), "error": _known(pair.error)} for pair in each.pairs],
    }


def _agreement(row: Agreement) -> Json:
    return {**_finite(asdict(row)), "limits": [_known(limit) for limit in row.limits]}


def _finite(fields: Json) -> Json:
    return {name: _known(v) if isinstance(v, float) else v for name, v in fields.items()}


def _known(value: float) -> float | None:
    return round(value, 3) if math.isfinite(value) else None
