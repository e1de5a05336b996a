"""The one-page report: self-contained HTML that asks nothing of the network."""

from base64 import b64encode
from importlib import resources
from pathlib import Path

import numpy as np
from jinja2 import Environment, StrictUndefined
from PIL import Image

from gait.analysis import Analysis
from gait.coaching.assessment import finding_of
from gait.coaching.words import usual_text
from gait.export import overlay
from gait.export.figures import joint_curves_png
from gait.export.pictures import touchdown_name
from gait.metrics.labels import LABELS, absent_by_reason, title, value_text
from gait.metrics.measurement import Measurement


def report_html(analysis: Analysis, pictures: Path) -> str:
    """Fill the report; the pictures of the touchdowns are read from a folder that :func:`draw` filled."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    source = resources.files(__package__).joinpath("report.html.j2").read_text(encoding="utf-8")
    landings = overlay.landings(analysis.side, analysis.scale)
    proof = overlay.typical(landings)
    return environment.from_string(source).render(
        analysis=analysis,
        advice=analysis.advice,
        proof=_data_url(pictures / touchdown_name(proof), "jpeg") if proof else None,
        landings=[
            (landing, _data_url(_small(pictures / touchdown_name(landing)), "jpeg")) for landing in landings
        ],
        rows=[_row(analysis, m) for m in analysis.measurements if m.why_missing is None],
        absent=absent_by_reason(analysis.measurements),
        curves=_data_url(joint_curves_png(analysis), "png"),
    )


def _row(analysis: Analysis, measurement: Measurement) -> tuple[str, str, str, str, str]:
    finding = finding_of(analysis.findings, measurement)
    usual = usual_text(finding) if finding else "–"
    verdict = finding.verdict if finding else ""
    meaning = LABELS[measurement.name].meaning
    return title(measurement), meaning, value_text(measurement), usual, verdict


def _small(path: Path) -> bytes:
    return overlay.as_jpeg(overlay.scaled_to(np.asarray(Image.open(path)), 480), quality=80)


def _data_url(content: Path | bytes, kind: str) -> str:
    data = content.read_bytes() if isinstance(content, Path) else content
    return f"data:image/{kind};base64,{b64encode(data).decode()}"
