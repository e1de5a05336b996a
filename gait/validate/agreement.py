"""How far two ways of measuring agree (Bland and Altman 1986, doi 10.1016/S0140-6736(86)90837-8)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Agreement:
    """Errors of one quantity under one condition, ours minus the truth."""

    quantity: str
    condition: str
    unit: str
    n: int
    bias: float
    median_absolute_error: float
    limits: tuple[float, float]
    """95 % limits of agreement; NaN for a single error."""


def agreement(quantity: str, condition: str, unit: str, errors: Sequence[float]) -> Agreement:
    """Summarise errors; those that are NaN (not measured, or no truth) are left out.

    Examples
    --------
    >>> agreement("shank_deg", "near", "deg", [1.0, -1.0, float("nan")]).bias
    0.0
    """
    known = np.array([error for error in errors if np.isfinite(error)])
    if len(known) == 0:
        return Agreement(quantity, condition, unit, 0, np.nan, np.nan, (np.nan, np.nan))
    bias = float(np.mean(known))
    spread = 1.96 * float(np.std(known, ddof=1)) if len(known) > 1 else np.nan
    return Agreement(
        quantity,
        condition,
        unit,
        len(known),
        bias,
        float(np.median(np.abs(known))),
        (bias - spread, bias + spread),
    )


def as_table(rows: Sequence[Agreement]) -> str:
    """Print agreements, one a line."""
    head = f"{'quantity':28}{'condition':20}{'n':>4}{'bias':>9}{'median abs':>12}   95 % limits"
    lines = [
        f"{row.quantity:28}{row.condition:20}{row.n:4d}{row.bias:+9.2f}{row.median_absolute_error:12.2f}"
        f"   {row.limits[0]:+.2f} to {row.limits[1]:+.2f} {row.unit}"
        for row in rows
    ]
    return "\n".join([head, *lines])
