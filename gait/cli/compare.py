"""``gait compare``: two days of one runner, what changed between them."""

import argparse
import sys
import textwrap
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.cli.progress import progress_bars, say
from gait.cli.runner import opened
from gait.errors import BadRequest

if TYPE_CHECKING:
    from gait.analysis import ClipAnalysis
    from gait.months.pair import Pair
    from gait.months.plan import Dated


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("compare", help="two days of one runner: what changed, what cannot be seen")
    for name in ("before", "after"):
        parser.add_argument(
            name,
            metavar=name.upper(),
            help="NAME@DATE of a runner that is kept here, an analysis.json, or a clip",
        )
    parser.add_argument("--height-cm", metavar="H", help="height, for clips")
    parser.add_argument("--speed-kmh", metavar="V", help="speed of the treadmill, for clips")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the page with both films there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare, print, write."""
    from gait.months.pair import pair

    days = [_day(named, options) for named in (options.before, options.after)]
    found = pair(days[0][0], days[1][0])
    sys.stdout.write(as_text(found) + "\n")
    if options.out is not None:
        from gait.export.comparison import write_comparison

        read = [clip for _, clips in days for clip in clips]
        written = write_comparison(found, options.out, found.films(read))
        say(f"Written to {options.out}: {', '.join(path.name for path in written)}")
    return 0


def as_text(found: "Pair") -> str:
    """Print what changed, what is the same, and what cannot be told."""
    from gait.export.comparison import changed_first

    lines = [" and ".join(found.names)]
    lines += [f"Not comparable: {reason.text}" for reason in found.comparison.gate]
    lines += [change.text for change in changed_first(found.comparison.changes)]
    lines += [f"Keep in mind: {reason.text}" for reason in found.comparison.warnings]
    return "\n".join(textwrap.fill(line, 96, subsequent_indent="  ") for line in lines)


def _day(named: str, options: argparse.Namespace) -> "tuple[Dated, list[ClipAnalysis]]":
    from gait.months.plan import dated
    from gait.record import from_json

    path = Path(named)
    if path.suffix == ".json":
        if not path.is_file():
            raise BadRequest(f"There is no record {path}: check the name and the folder.", id="record")
        return dated(from_json(path.read_text(encoding="utf-8"))), []
    if "@" in named and not path.exists():
        return _stored(named)
    return _analysed(path, options)


def _analysed(path: Path, options: argparse.Namespace) -> "tuple[Dated, list[ClipAnalysis]]":
    from gait.analysis import ClipRequest, Request, RunnerFacts, analyze
    from gait.cli.analyze import number
    from gait.months.plan import dated
    from gait.record import record_of

    facts = RunnerFacts(
        number(options.height_cm, "height", "height_cm"), number(options.speed_kmh, "speed", "speed_kmh")
    )
    with progress_bars() as show:
        analysis = analyze(Request((ClipRequest(path),), facts), show)
    written = analysis.main.clip.day
    record = replace(record_of(analysis), filmed_on=written or date.today())
    return replace(dated(record), undated=written is None), list(analysis.clips)


def _stored(named: str) -> "tuple[Dated, list[ClipAnalysis]]":
    from gait.months.keep import again, dated
    from gait.store import assessments, runners
    from gait.store.domain import LOCAL

    name, _, day = named.rpartition("@")
    store = opened()
    runner = runners.by_name(store, LOCAL, name)
    kept = assessments.timeline(store, LOCAL, runner.id, limit=1000)
    chosen = next((each for each in kept if str(each.day.filmed_on) == day), None)
    if chosen is None:
        have = ", ".join(str(each.day.filmed_on) for each in kept[:12]) or "none"
        raise BadRequest(f"{runner.name} was not filmed on {day}; kept are: {have}.", id="day")
    with progress_bars() as show:
        return dated(store, LOCAL, chosen), again(store, LOCAL, chosen, show)
