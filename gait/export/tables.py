"""The result as text for a terminal."""

import textwrap

from gait.analysis import Analysis
from gait.coaching.cue import Advice
from gait.metrics.labels import LABELS, title, value_text
from gait.metrics.measurement import Measurement

WIDTH = 88


def as_text(analysis: Analysis) -> str:
    """Print the measurements, what limits them, and the one cue."""
    given = [m for m in analysis.measurements if m.why_missing is None]
    absent = [m for m in analysis.measurements if m.why_missing is not None]
    blocks = [
        _clips(analysis),
        "\n".join(_row(analysis, measurement) for measurement in given),
        _not_shown(absent),
        *(["What limits this clip:\n" + _bullets([d.text for d in analysis.doubts])] if analysis.doubts else []),
        _advice(analysis.advice),
    ]
    return "\n\n".join(blocks)


def _clips(analysis: Analysis) -> str:
    lines = []
    for clip in analysis.clips:
        base = clip.base
        slow = f", slowed {base.slow_motion_factor:g} times" if base.slow_motion_factor > 1.01 else ""
        lines.append(
            f"{clip.clip.path.name}: seen from the {clip.motion.viewpoint.view}, "
            f"filmed at {base.capture_fps:.4g} frames/s{slow}, {len(clip.contacts)} landings found"
        )
    return "\n".join(lines)


def _row(analysis: Analysis, measurement: Measurement) -> str:
    finding = next((f for f in analysis.findings if f.metric == measurement.name), None)
    usual = ""
    if finding is not None:
        decimals = LABELS[measurement.name].decimals
        usual = f"runners at {3.6 * finding.speed_m_s:.1f} km/h: {finding.norm:.{decimals}f}"
        usual += "" if finding.direction == "usual" else f"  ({finding.direction})"
    return f"  {title(measurement):34}{value_text(measurement):24}{usual}".rstrip()


def _not_shown(absent: list[Measurement]) -> str:
    reasons: dict[str, list[str]] = {}
    for measurement in absent:
        reasons.setdefault(measurement.why_missing or "", []).append(title(measurement))
    return "Not shown:\n" + _bullets([f"{', '.join(names)}: {why}." for why, names in reasons.items()])


def _advice(advice: Advice) -> str:
    if advice.cue is None:
        return _wrapped(f"No cue: {advice.why}", "", "")
    cue = advice.cue
    lines = [
        ("ONE CUE   ", cue.text),
        ("Why       ", advice.why),
        ("Drill     ", cue.drill),
        ("Dose      ", cue.dose),
        ("Film again", f"{cue.retest:%d %B %Y}, same speed, shoes, side and camera. {cue.expect}"),
    ]
    return "\n".join(_wrapped(text, f"{head}  ", " " * 12) for head, text in lines)


def _bullets(texts: list[str]) -> str:
    return "\n".join(_wrapped(text, "  - ", "    ") for text in texts)


def _wrapped(text: str, first: str, rest: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest)
