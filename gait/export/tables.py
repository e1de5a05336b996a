"""The result as text for a terminal."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from gait.coaching.cue import Advice
from gait.coaching.words import usual_text
from gait.metrics.catalogue import CATALOGUE, SPEED
from gait.metrics.measurement import Measurement
from gait.metrics.words import title, unit_of, value_text
from gait.record import ClipRecord, Record

WIDTH = 88
Say = Callable[[str, str, str], str]
"""Adds to a text what its field (of a clip) is called where it is printed."""


def as_it_is(text: str, field: str, clip: str) -> str:
    """Add nothing."""
    return text


def as_text(record: Record, say: Say = as_it_is) -> str:
    """Print the measurements, what limits them, and the one cue.

    Parameters
    ----------
    say
        Adds to a text what its field is called where this is printed: ``(text, field, clip) -> text``.
    """
    return "\n\n".join(block for block in _Printer(record, say).blocks() if block)


@dataclass(frozen=True)
class _Printer:
    record: Record
    say: Say

    def blocks(self) -> tuple[str, ...]:
        given = [m for m in self.record.measurements if m.why_missing is None]
        return (
            "\n".join(map(_clip, self.record.clips)),
            self._refused(),
            "\n".join(map(self._row, given)),
            self._differences(),
            self._not_shown(),
            self._limits(),
            _advice(self.record.advice, self.say),
        )

    def _refused(self) -> str:
        return _listed(
            "Not used:", [f"{r.file}: {self.say(r.text, r.field, r.clip)}" for r in self.record.refused]
        )

    def _row(self, measurement: Measurement) -> str:
        finding = self.record.finding(measurement)
        note = ""
        if finding is not None:
            verdict = f"  ({finding.verdict})" if finding.verdict else ""
            note = f"usual: {usual_text(finding)}{verdict}"
        elif not measurement.enough and measurement.name != SPEED.name:
            note = f"estimate from {measurement.n} {'step' if measurement.n == 1 else 'steps'}"
        return f"  {title(measurement):34}{value_text(measurement):24}{note}".rstrip()

    def _differences(self) -> str:
        rows = []
        for each in self.record.differences:
            metric = CATALOGUE[each.name]
            value = f"{each.value:+z.{metric.decimals}f}{unit_of(each.unit)}"
            spread = f"{2 * each.uncertainty:.{metric.decimals}f}"
            note = "" if each.clear else "not more than two films scatter"
            rows.append(f"  {metric.label:34}{f'{value} ± {spread}':24}{note}".rstrip())
        return "\n".join(["Left less right:", *rows]) if rows else ""

    def _not_shown(self) -> str:
        names: dict[str, list[str]] = {}
        for m in self.record.measurements:
            if m.why_missing is not None:
                reason = self.say(m.why_missing.text, m.why_missing.field, m.clip)
                names.setdefault(reason, []).append(title(m))
        return _listed("Not shown:", [f"{'; '.join(own)}: {reason}." for reason, own in names.items()])

    def _limits(self) -> str:
        several = len(self.record.clips) > 1
        return _listed(
            "What limits this:",
            [
                (f"{doubt.clip}: " if several and doubt.clip else "")
                + self.say(doubt.text, doubt.field, doubt.clip)
                for doubt in self.record.doubts
            ],
        )


def _clip(clip: ClipRecord) -> str:
    base = clip.time_base
    slow = f", slowed {base.slow_motion_factor:.3g} times" if base.slow_motion_factor > 1.01 else ""
    filmed = "filmed at" if base.sure else "taken as filmed at"
    line = (
        f"{clip.file}: seen from the {clip.view}, {filmed} {base.capture_fps:.4g} frames/s{slow}, "
        f"{len(clip.contacts)} landings found"
    )
    return f"{line}\n" + _wrapped(f"proof: {'; '.join(base.evidence)}", "  ", "  ")


def _advice(advice: Advice, say: Say) -> str:
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


def _listed(head: str, texts: list[str]) -> str:
    return "\n".join([head, *(_wrapped(text, "  - ", "    ") for text in texts)]) if texts else ""


def _wrapped(text: str, first: str, rest: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest)
