"""Write docs/numbers.md from the catalogue and the norms: ``python -m studies.numbers``."""

import sys
from pathlib import Path

from gait.coaching.norms import Norm, norms
from gait.metrics.catalogue import CATALOGUE, EVERY_VIEW, FRONTAL, SAGITTAL, Metric
from gait.metrics.words import unit_of

PAGE = Path(__file__).parents[1] / "docs" / "numbers.md"
HEAD = """# What each number means

Written by `python -m studies.numbers` from the same tables that measure and judge; a test holds the page to
them. Our words beside the field's: [terms](terms.md). How wrong each can be: [accuracy](accuracy.md).

*Usual* is the mean of runners like those named, at 3.0 m/s (10.8 km/h) where it hangs on the speed; the limit
is how far from it a value must lie to be worth a word. Between films alone a number scatters by about
*between films* (one standard deviation), however many steps there are; that is part of the ± that you see.
"""
SPEED_M_S = 3.0


def page() -> str:
    """The page, as it must stand in docs."""
    return HEAD + "\n" + "\n".join(_entry(metric) for metric in CATALOGUE.values())


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")


def _entry(metric: Metric) -> str:
    norm = norms().get(metric.name)
    sided = "each side its own" if metric.sided else "both sides together"
    rows = [
        ("What it is", metric.meaning),
        ("In the record", f"`{metric.name}`, {unit_of(metric.unit).strip() or 'no unit'}, {sided}"),
        ("Seen from", _seen_from(metric)),
        ("Between films", f"{metric.systematic:g}{unit_of(metric.unit)}" if metric.systematic else ""),
        ("Usual", _usual(metric, norm) if norm else "not judged"),
        ("Source", f"{norm.source}; {norm.population}. Limit: {norm.limit_source}." if norm else ""),
    ]
    told = "\n".join(f"- **{name}:** {text}" for name, text in rows if text)
    return f"## {metric.label}\n\n{told}\n"


def _seen_from(metric: Metric) -> str:
    if set(metric.views) == set(EVERY_VIEW):
        return "every side"
    names = ["a side"] if set(SAGITTAL) <= set(metric.views) else []
    names += [{"rear": "behind", "front": "the front"}[view] for view in FRONTAL if view in metric.views]
    return " or ".join(names)


def _usual(metric: Metric, norm: Norm) -> str:
    mean, limit = norm.mean_at(SPEED_M_S), norm.limit_at(SPEED_M_S)
    text = f"{mean:.1f} ± {limit:.1f}{unit_of(metric.unit)}"
    where = "at any speed" if norm.any_speed else f"at {SPEED_M_S:g} m/s"
    judged = " and ".join(norm.flags)
    return (
        f"{text} {where}; judged where it is {judged}" if judged else f"{text} {where}; for information only"
    )


if __name__ == "__main__":
    main()
