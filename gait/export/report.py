"""The report: one self-contained HTML page that asks nothing of the network."""

from base64 import b64encode
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from jinja2 import Environment, StrictUndefined

from gait.analysis import Analysis
from gait.coaching.words import usual_text
from gait.export import overlay
from gait.export.figures import joint_curves
from gait.export.overlay import Landing
from gait.export.pictures import Shown, shown
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.measurement import Measurement
from gait.metrics.words import absent_by_reason, title, unit_of, value_text
from gait.record import Record, record_of

LARGEST_VIDEO_BYTES = 40_000_000
"""A larger video is left out of the page; it lies beside it."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    meaning: str
    value: str
    usual: str
    verdict: str
    behind_the_cue: bool


@dataclass(frozen=True)
class Strip:
    """The landings and the video of one clip."""

    head: str
    pictures: tuple[tuple[str, str], ...]
    """Description and data URL of each."""
    video: str | None
    """Data URL; None if it is too large."""
    video_name: str


def report_html(analysis: Analysis, pictures: Path) -> str:
    """Fill the report; pictures and videos are read from a folder that :func:`draw` filled."""
    record, clips = record_of(analysis), shown(analysis)
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = resources.files(__package__).joinpath("report.html.j2").read_text(encoding="utf-8")
    proof = overlay.typical(clips[0].landings)
    return environment.from_string(source).render(
        record=record,
        advice=record.advice,
        proof=as_data_url(pictures / clips[0].picture(proof), "image/jpeg") if proof else None,
        proof_text=_described(clips[0], proof) if proof else "",
        rows=rows(record),
        differences=_differences(record),
        absent=absent_by_reason(record.measurements),
        curves=[(each.name, as_data_url(each.png, "image/png")) for each in joint_curves(record)],
        strips=[_strip(each, pictures) for each in clips],
    )


def rows(record: Record) -> list[Row]:
    """Everything that was measured, what the cue rests on first."""
    behind = {(f.metric, f.side, f.clip) for f in record.advice.findings}
    given = [m for m in record.measurements if m.why_missing is None]
    made = [_row(record, m, (m.name, m.side, m.clip) in behind) for m in given]
    return sorted(made, key=lambda row: not row.behind_the_cue)


def _row(record: Record, measurement: Measurement, behind_the_cue: bool) -> Row:
    finding = record.finding(measurement)
    return Row(
        title(measurement),
        CATALOGUE[measurement.name].meaning,
        value_text(measurement),
        usual_text(finding) if finding else "–",
        finding.verdict if finding else "",
        behind_the_cue,
    )


def _differences(record: Record) -> list[tuple[str, str, bool]]:
    found = []
    for each in record.differences:
        metric = CATALOGUE[each.name]
        spread = f"{2 * each.uncertainty:.{metric.decimals}f}"
        text = f"{each.value:+z.{metric.decimals}f}{unit_of(each.unit)} ± {spread}"
        found.append((metric.label, text, each.clear))
    return found


def _strip(each: Shown, pictures: Path) -> Strip:
    video = pictures / each.video
    fits = video.stat().st_size <= LARGEST_VIDEO_BYTES
    return Strip(
        head=f"{each.clip.clip.path.name}, seen from the {each.clip.view}",
        pictures=tuple(
            (_described(each, landing), as_data_url(_small(pictures / each.picture(landing)), "image/jpeg"))
            for landing in each.landings
        ),
        video=as_data_url(video, "video/mp4") if fits else None,
        video_name=each.video,
    )


def _described(each: Shown, landing: Landing) -> str:
    text = f"Landing {landing.number}, {landing.contact.side} foot, at {landing.contact.touchdown_s:.2f} s"
    if np.isfinite(landing.overstride_pct):
        text += f": overstride {landing.overstride_pct:.0f} % of the leg, shin {landing.shank_deg:.0f}°"
    return text


def _small(path: Path) -> bytes:
    return overlay.shrunk(path.read_bytes(), 480)


def as_data_url(content: Path | bytes, kind: str) -> str:
    """Put a picture or a video into the page itself."""
    data = content.read_bytes() if isinstance(content, Path) else content
    return f"data:{kind};base64,{b64encode(data).decode()}"
