"""How numbers, ranges and lists are said to a runner."""

from collections.abc import Sequence

import numpy as np

from gait.coaching.assessment import Finding
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.words import unit_of


def name_of(metric: str) -> str:
    """Name a metric in the middle of a sentence.

    Examples
    --------
    >>> name_of("shank_deg")
    'shin angle at landing'
    """
    return CATALOGUE[metric].label.lower()


def amount(metric: str, value: float, unit: str, decimals: int = 0) -> str:
    """Print a value of a metric with its unit, with at least so many decimals.

    Examples
    --------
    >>> amount("lean_deg", 16.5, "deg", 1), amount("cadence_spm", 160.2, "steps/min")
    ('16.5°', '160 steps/min')
    >>> amount("knee_flexion_touchdown_deg", -0.2, "deg")
    '0°'
    """
    digits = max(decimals, CATALOGUE[metric].decimals)
    return f"{value:z.{digits}f}{unit_of(unit)}"


def usual_text(finding: Finding) -> str:
    """Print the usual range of a finding's metric, with its unit."""
    decimals = CATALOGUE[finding.metric].decimals
    unit = unit_of(finding.unit)
    low, high = finding.usual
    if not np.isfinite(low):
        return f"up to {high:z.{decimals}f}{unit}"
    if not np.isfinite(high):
        return f"at least {low:z.{decimals}f}{unit}"
    return f"{low:z.{decimals}f} to {high:z.{decimals}f}{unit}"


def listed(words: Sequence[str]) -> str:
    """Join words as people do.

    Examples
    --------
    >>> listed(["lean", "bounce", "cadence"])
    'lean, bounce and cadence'
    """
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def because(findings: Sequence[Finding]) -> str:
    """Say what stands out, against what is usual at this speed."""
    return " ".join(f"{_stands_out(finding)}." for finding in findings)


def _stands_out(finding: Finding) -> str:
    where = f" on the {finding.side}" if finding.side else ""
    at = "" if finding.any_speed else f" at {3.6 * finding.speed_m_s:.1f} km/h"
    wider = (
        " (carried on beyond the speeds that were studied, with a wider range)" if finding.carried_on else ""
    )
    value = amount(finding.metric, finding.value, finding.unit)
    return f"Your {name_of(finding.metric)}{where} is {value}; usual{at} is {usual_text(finding)}{wider}"
