"""How a measurement is printed."""

from collections.abc import Iterable

from gait.metrics.catalogue import CATALOGUE
from gait.metrics.measurement import Measurement


def unit_of(unit: str) -> str:
    """Return the unit as it follows a number, with its space."""
    return "°" if unit == "deg" else f" {unit}"


def title(measurement: Measurement) -> str:
    """Name a measurement, with its side."""
    text = CATALOGUE[measurement.name].label
    return f"{text}, {measurement.side}" if measurement.side else text


def value_text(measurement: Measurement) -> str:
    """Print a value with its unit and twice its uncertainty, or a dash."""
    if measurement.why_missing is not None:
        return "–"
    decimals = CATALOGUE[measurement.name].decimals
    unit = unit_of(measurement.unit)
    spread = max(2 * measurement.uncertainty, 10.0**-decimals)
    return f"{measurement.value:z.{decimals}f}{unit} ± {spread:.{decimals}f}"


def absent_by_reason(measurements: Iterable[Measurement]) -> dict[str, str]:
    """Reason -> the names of what is missing for that reason, without repetition."""
    names: dict[str, list[str]] = {}
    for measurement in measurements:
        if measurement.why_missing is not None:
            same = names.setdefault(measurement.why_missing.text, [])
            if title(measurement) not in same:
                same.append(title(measurement))
    return {reason: "; ".join(same) for reason, same in names.items()}
