"""The whole analysis on every clip with a truth in a folder."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gait.analysis import Analysis, Progress, Request, analyze
from gait.body import Side
from gait.errors import BadTruth
from gait.validate.agreement import Agreement, agreement
from gait.validate.events import EVENTS, Matched, match
from gait.validate.truth import SUFFIX, Truth, read_truth

NEAR_FOOT = (
    "overstride_pct_leg",
    "overstride_cm",
    "shank_deg",
    "knee_flexion_touchdown_deg",
    "knee_flexion_peak_deg",
    "contact_time_ms",
)
WHOLE_BODY = ("lean_deg", "oscillation_cm", "cadence_spm")


@dataclass(frozen=True)
class Comparison:
    """One measurement of one clip beside its truth."""

    quantity: str
    unit: str
    found: float
    true: float
    uncertainty: float

    @property
    def error(self) -> float:
        """Ours minus the truth; NaN if either is missing."""
        return self.found - self.true


@dataclass(frozen=True, eq=False)
class Validated:
    """One clip, analysed and compared."""

    truth: Truth
    comparisons: tuple[Comparison, ...]
    near: Matched
    far: Matched


def truths_in(folder: Path) -> tuple[Truth, ...]:
    """Read the truth of every side-view clip in a folder; the other views have no headline truth yet.

    Raises
    ------
    BadTruth
        If there is none, or one cannot be read.
    """
    found = [read_truth(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    side_views = tuple(truth for truth in found if truth.view in set(Side))
    if not side_views:
        raise BadTruth(f"{folder} holds no side-view clip with a NAME{SUFFIX} beside it.")
    return side_views


def validate_clip(truth: Truth, progress: Progress) -> Validated:
    """Analyse one clip and compare everything that has a truth.

    Raises
    ------
    BadTruth
        If the truth belongs to another clip.
    GaitError
        If the clip cannot be analysed.
    """
    analysis = analyze(
        Request(
            side=truth.clip,
            height_cm=100 * truth.height_m,
            capture_fps=truth.capture_fps if truth.slowed else None,
        ),
        progress=progress,
    )
    return compare(analysis, truth)


def compare(analysis: Analysis, truth: Truth) -> Validated:
    """Hold an analysis against the truth of its clip."""
    frames = len(analysis.side.track.pts_s)
    if frames != truth.frames:
        raise BadTruth(
            f"{truth.clip.name} has {frames} frames and its truth {truth.frames}: they do not belong "
            "together, make both again."
        )
    near = Side(truth.view)
    wanted = [(name, near) for name in NEAR_FOOT] + [(name, None) for name in WHOLE_BODY]
    measured = {(m.name, m.side): m for m in analysis.measurements}
    duration_s = float(analysis.side.motion.time_s[-1])
    contacts = analysis.side.contacts
    near_foot, far_foot = (
        match([c for c in contacts if c.side is side], truth.contacts[side], duration_s)
        for side in (near, near.other)
    )
    return Validated(
        truth=truth,
        comparisons=tuple(
            Comparison(
                quantity=name,
                unit=measured[name, side].unit,
                found=measured[name, side].value,
                true=truth.values.get((name, side), np.nan),
                uncertainty=measured[name, side].uncertainty,
            )
            for name, side in wanted
        ),
        near=near_foot,
        far=far_foot,
    )


def summary(validated: tuple[Validated, ...]) -> tuple[Agreement, ...]:
    """Pool the errors of all clips: events by foot, measurements one error a clip."""
    rows = []
    for foot in ("near", "far"):
        matched: list[Matched] = [getattr(each, foot) for each in validated]
        for quantity in EVENTS:
            pooled = np.concatenate([getattr(each, quantity) for each in matched])
            rows.append(agreement(quantity, f"{foot} foot, all steps", "ms", list(pooled)))
    for index, first in enumerate(validated[0].comparisons):
        errors = [each.comparisons[index].error for each in validated]
        rows.append(agreement(first.quantity, "one error a clip", first.unit, errors))
    return tuple(rows)


def clip_text(each: Validated) -> str:
    """Print one clip beside its truth."""
    near = each.near
    lines = [
        f"{each.truth.clip.name} ({each.truth.view} side, {each.truth.capture_fps:.0f} frames/s)",
        f"  near foot: touchdown, median absolute error {np.median(np.abs(near.touchdown_ms)):.1f} ms; "
        f"toe-off {np.nanmedian(np.abs(near.toe_off_ms)):.1f} ms; missed {near.missed}, false {near.false}",
    ]
    lines += [
        f"  {row.quantity:28}{row.found:9.2f}   true {row.true:8.2f}   error {row.error:+6.2f}"
        f"   said ±{2 * row.uncertainty:.2f} {row.unit}"
        for row in each.comparisons
    ]
    return "\n".join(lines)
