"""Two days of one runner on one page: what changed, what could not be seen, both landings, both films."""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import matplotlib
import numpy as np
from jinja2 import Environment, StrictUndefined
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gait.analysis import ClipAnalysis
from gait.coaching.change import Change, Verdict
from gait.coaching.trend import Trend
from gait.export import matched, overlay
from gait.export.figures import AXES, DARK, JOINTS, SIZE_IN, Picture, as_png
from gait.export.report import as_data_url
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.words import unit_of
from gait.months.pair import Pair
from gait.motion.curves import PERCENT, Curve
from gait.video.writer import write_video

COLOURS = ("#8a8378", "#a25a00")
ON_DARK = ("#b5ab9b", "#f0a73c")
MOST_DATES = 5
PLAYBACK_FPS = 24


def write_comparison(
    found: Pair,
    directory: Path,
    clips: tuple[ClipAnalysis, ClipAnalysis] | None = None,
    trends: Sequence[Trend] = (),
) -> tuple[Path, ...]:
    """Write ``comparison.html`` and, where both films are here, pictures and videos of both.

    Parameters
    ----------
    clips
        The two clips that are laid side by side; None where the films are gone.
    """
    directory.mkdir(parents=True, exist_ok=True)
    written = [directory / "comparison.html"]
    side = ghost = landings = None
    if clips is not None:
        picture = matched.landings(*clips)
        landings = as_data_url(overlay.as_jpeg(picture), "image/jpeg") if picture is not None else None
        side, ghost = directory / "side_by_side.mp4", directory / "ghost.mp4"
        for path, layout in ((side, "side"), (ghost, "ghost")):
            write_video(path, matched.film(*clips, layout), PLAYBACK_FPS)  # type: ignore[arg-type]
        written += [side, ghost]
    written[0].write_text(_page(found, landings, [side, ghost], trends), encoding="utf-8")
    return tuple(written)


def changed_first(changes: Sequence[Change]) -> list[Change]:
    """What changed, then what is the same, then what could not be seen; what no film shows is left out."""
    order = {verdict: number for number, verdict in enumerate(Verdict)}
    shown = [change for change in changes if np.isfinite(change.before) or np.isfinite(change.after)]
    return sorted(shown, key=lambda change: order[change.verdict])


def _page(found: Pair, landings: str | None, videos: Sequence[Path | None], trends: Sequence[Trend]) -> str:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = resources.files(__package__).joinpath("comparison.html.j2").read_text(encoding="utf-8")
    changes = changed_first(found.comparison.changes)
    return environment.from_string(source).render(
        names=found.names,
        comparison=found.comparison,
        changed=[c for c in changes if c.verdict.changed],
        same=[c for c in changes if c.verdict in (Verdict.SAME, Verdict.NOT_SHOWN)],
        apart=[c for c in changes if c.verdict is Verdict.NOT_COMPARABLE],
        rows=[row_of(change) for change in changes],
        landings=landings,
        videos=[as_data_url(path, "video/mp4") for path in videos if path is not None],
        curves=[(each.name, _url(each.png)) for each in both_curves(found)],
        trends=[(CATALOGUE[trend.metric].label, _url(trend_png(trend))) for trend in trends],
    )


def _url(png: bytes | None) -> str | None:
    return as_data_url(png, "image/png") if png else None


def row_of(change: Change) -> tuple[str, str, str, str]:
    """A line of the table: what, before, after, verdict."""
    metric = CATALOGUE[change.metric]
    name = f"{metric.label}, {change.side}" if change.side else metric.label
    was, now = (
        f"{value:z.{metric.decimals}f}{unit_of(change.unit)}" if np.isfinite(value) else "–"
        for value in (change.before, change.after)
    )
    return name, was, now, change.verdict.value


def both_curves(found: Pair, *, dark: bool = False) -> tuple[Picture, ...]:
    """Draw thigh, knee and shin of both days over the stride; none without a leg of the same side."""
    pairs = [
        (one, other)
        for clip in found.before.clips
        for one in clip.curves
        for later in found.after.clips
        for other in later.curves
        if (one.name, one.side) == (other.name, other.side)
    ]
    titles = [f"{JOINTS[one.name][0]}, {one.side}" for one, _ in pairs]
    return tuple(
        Picture(title, _both(both, found.names, dark=dark)) for title, both in zip(titles, pairs, strict=True)
    )


def _both(curves: tuple[Curve, Curve], names: tuple[str, str], *, dark: bool) -> bytes:
    joint, meaning = JOINTS[curves[0].name]
    with matplotlib.rc_context(AXES | (DARK if dark else {})):
        figure = Figure(figsize=SIZE_IN, layout="constrained")
        axes = figure.subplots()
        for curve, name, colour in zip(curves, names, ON_DARK if dark else COLOURS, strict=True):
            middle, sd = np.array(curve.middle_deg), np.array(curve.sd_deg)
            axes.fill_between(PERCENT, middle - sd, middle + sd, color=colour, alpha=0.2, linewidth=0)
            axes.plot(PERCENT, middle, color=colour, linewidth=2.5, label=name)
        title = f"{joint}, {curves[0].side}"
        axes.set(title=title, xlabel="% of stride", ylabel=f"{meaning}, degrees", xlim=(0, 100))
        figure.legend(frameon=False, loc="outside lower center", ncols=2)
        return as_png(figure)


def _named(days: NDArray[np.datetime64]) -> list[int]:
    """Which days are written below the axis: the last, and before it those with room for their names."""
    apart = (days[-1] - days[0]) / MOST_DATES
    named: list[int] = []
    for number in reversed(range(len(days))):
        if not named or days[named[-1]] - days[number] >= apart:
            named.append(number)
    return named


def trend_png(trend: Trend, *, dark: bool = False) -> bytes | None:
    """Draw one number over the months, with the band in which it could lie; None without two days."""
    if len(trend.points) < 2:
        return None
    colours = ON_DARK if dark else COLOURS
    with matplotlib.rc_context(AXES | (DARK if dark else {})):
        figure = Figure(figsize=(7, 2.8), layout="constrained")
        axes = figure.subplots()
        days = np.array([point.filmed_on for point in trend.points], dtype="datetime64[D]")
        values, sds = (np.array([getattr(p, name) for p in trend.points]) for name in ("value", "sd"))
        axes.errorbar(days, values, yerr=2 * sds, fmt="o", color=colours[1], capsize=3)
        line, band = (np.array([getattr(p, name) for p in trend.points]) for name in ("line", "band"))
        if np.isfinite(line).all():
            axes.plot(days, line, color=colours[1], linewidth=1.5)
        if np.isfinite(band).all():
            axes.fill_between(days, line - band, line + band, color=colours[1], alpha=0.15, linewidth=0)
        axes.set(ylabel=f"{CATALOGUE[trend.metric].label}{unit_of(trend.unit)}")
        named = _named(days)
        axes.set_xticks(days[named], [f"{trend.points[k].filmed_on:%d %b %Y}" for k in named])
        return as_png(figure)
