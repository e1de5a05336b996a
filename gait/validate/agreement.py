"""How far two ways of measuring agree (Bland and Altman 1986, doi 10.1016/S0140-6736(86)90837-8)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pair:
    """One value of ours beside the truth."""

    quantity: str
    unit: str
    found: float
    """NaN if withheld or not found."""
    true: float
    """NaN if the truth does not hold it."""
    uncertainty: float = np.nan
    """The standard deviation that was stated with the value."""

    @property
    def error(self) -> float:
        """Ours minus the truth; NaN if either is missing."""
        return self.found - self.true


@dataclass(frozen=True)
class Agreement:
    """Errors of one quantity under one condition, ours minus the truth."""

    quantity: str
    condition: str
    unit: str
    n: int
    asked: int
    """How many had a truth; the others of them were withheld."""
    bias: float
    median_absolute_error: float
    limits: tuple[float, float]
    """95 % limits of agreement; NaN for a single error."""
    covered_pct: float
    """Share of errors within twice the stated standard deviation; NaN where none is stated."""


def agreement(condition: str, pairs: Sequence[Pair]) -> Agreement:
    """Summarise pairs of one quantity; those without a value of ours count only as asked.

    Examples
    --------
    >>> pairs = [Pair("shank_deg", "deg", found, 10.0, 1.0) for found in (9.0, 11.0, 13.0, float("nan"))]
    >>> row = agreement("near", pairs)
    >>> row.n, row.asked, row.bias, round(row.covered_pct)
    (3, 4, 1.0, 67)
    """
    asked = [pair for pair in pairs if np.isfinite(pair.true)]
    errors = np.array([pair.error for pair in asked if np.isfinite(pair.error)])
    stated = [pair for pair in asked if np.isfinite(pair.error) and np.isfinite(pair.uncertainty)]
    covered = [abs(pair.error) <= 2 * pair.uncertainty for pair in stated]
    bias = float(np.mean(errors)) if len(errors) else np.nan
    spread = 1.96 * float(np.std(errors, ddof=1)) if len(errors) > 1 else np.nan
    return Agreement(
        quantity=pairs[0].quantity,
        condition=condition,
        unit=pairs[0].unit,
        n=len(errors),
        asked=len(asked),
        bias=bias,
        median_absolute_error=float(np.median(np.abs(errors))) if len(errors) else np.nan,
        limits=(bias - spread, bias + spread),
        covered_pct=100 * float(np.mean(covered)) if covered else np.nan,
    )


def as_table(rows: Sequence[Agreement]) -> str:
    """Print agreements, one a line."""
    head = (
        f"{'quantity':30}{'condition':20}{'n of':>5}{'asked':>6}{'bias':>9}{'median abs':>12}"
        f"   {'95 % limits':24}in stated ±"
    )
    return "\n".join([head, *(_line(row) for row in rows)])


def _line(row: Agreement) -> str:
    limits = f"{row.limits[0]:+.2f} to {row.limits[1]:+.2f} {row.unit}"
    covered = f"{row.covered_pct:.0f} %" if np.isfinite(row.covered_pct) else "-"
    return (
        f"{row.quantity:30}{row.condition:20}{row.n:5d}{row.asked:6d}{row.bias:+9.2f}"
        f"{row.median_absolute_error:12.2f}   {limits:24}{covered}"
    )
