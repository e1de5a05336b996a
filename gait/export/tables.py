"""The result as text for a terminal."""

import textwrap

from gait.analysis import Analysis
from gait.coaching.assessment import finding_of
from gait.coaching.cue import Advice
from gait.coaching.words import usual_text
from gait.metrics.labels import absent_by_reason, title, value_text
from gait.metrics.measurement import Measurement

WIDTH = 88


def as_text(analysis: Analysis) -> str:
    """Print the measurements, what limits them, and the one cue."""
    given = [m for m in analysis.measurements if m.why_missing is None]
    blocks = [
        _clips(analysis),
        "\n".join(_row(analysis, measurement) for measurement in given),
        _not_shown(analysis),
        *_limits(analysis),
        _advice(analysis.advice),
    ]
    return "\n\n".join(blocks)


def _limits(analysis: Analysis) -> list[str]:
    texts = [doubt.text for doubt in analysis.doubts]
    return ["What limits this clip:\n" + _bullets(texts)] if texts else []


def _clips(analysis: Analysis) -> str:
    lines = []
    for clip in analysis.clips:
        base = clip.base
        slow = f", slowed {base.slow_motion_factor:g} times" if base.slow_motion_factor > 1.01 else ""
        landings = f", {len(clip.contacts)} landings found"
        lines.append(
            f"{clip.clip.path.name}: seen from the {clip.motion.viewpoint.view}, "
            f"filmed at {base.capture_fps:.4g} frames/s{slow}{landings}"
        )
        lines += [
            textwrap.fill(f"proof: {'; '.join(clip.proof)}", 88, initial_indent="  ", subsequent_indent="  ")
        ]
    return "\n".join(lines)


def _row(analysis: Analysis, measurement: Measurement) -> str:
    finding = finding_of(analysis.findings, measurement)
    usual = ""
    if finding is not None:
        verdict = f"  ({finding.verdict})" if finding.verdict else ""
        usual = f"usual: {usual_text(finding)}{verdict}"
    return f"  {title(measurement):34}{value_text(measurement):24}{usual}".rstrip()


def _not_shown(analysis: Analysis) -> str:
    absent = absent_by_reason(analysis.measurements)
    return "Not shown:\n" + _bullets([f"{names}: {reason}." for reason, names in absent.items()])


def _advice(advice: Advice) -> str:
    if advice.cue is None:
        return _wrapped(f"No cue: {advice.why}", "", "")
    cue = advice.cue
    lines = [
        ("ONE CUE   ", cue.text),
        ("No click? ", cue.fallback),
        ("Why       ", advice.why),
        ("Drill     ", cue.drill),
        ("Dose      ", cue.dose),
        ("Film again", f"{cue.retest:%d %B %Y}, same speed, shoes, side and camera. {cue.expect}"),
        *((("Twice     ", cue.film_twice),) if cue.film_twice else ()),
        ("Mind      ", " ".join(cue.notes)),
    ]
    return "\n".join(_wrapped(text, f"{head}  ", " " * 12) for head, text in lines)


def _bullets(texts: list[str]) -> str:
    return "\n".join(_wrapped(text, "  - ", "    ") for text in texts)


def _wrapped(text: str, first: str, rest: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest)
