"""``gait runners``, ``history``, ``delete``, ``export``, ``import``: what is kept of runners."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.cli.progress import say
from gait.errors import BadRequest

if TYPE_CHECKING:
    from gait.months.plan import Told
    from gait.store.database import Store
    from gait.store.domain import Runner

MOST_DAYS = 36_500
HEADLINES = (
    ("overstride_pct_leg", "overstride"),
    ("shank_deg", "shin"),
    ("lean_deg", "lean"),
    ("hip_drop_deg", "hip drop"),
    ("crossover_pct", "arms"),
    ("cadence_spm", "cadence"),
)


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    shown = commands.add_parser("runners", help="list the runners that are kept here")
    shown.add_argument("part", nargs="?", default="", metavar="PART", help="only names with this in them")
    shown.set_defaults(run=list_runners)
    months = commands.add_parser("history", help="a runner's months: numbers, cue, what came of it")
    months.add_argument("name", metavar="NAME")
    months.set_defaults(run=history)
    gone = commands.add_parser("delete", help="put a runner into the bin for 30 days, or delete at once")
    gone.add_argument("name", metavar="NAME")
    gone.add_argument("--now", action="store_true", help="at once, with every clip and number")
    gone.set_defaults(run=delete)
    out = commands.add_parser("export", help="write a runner with clips and notes into one file")
    out.add_argument("name", metavar="NAME")
    out.add_argument("file", type=Path, metavar="FILE", help="a .zip that is not there yet")
    out.set_defaults(run=export)
    old = commands.add_parser("tidy", help="delete the films of days that are long gone; numbers stay")
    old.add_argument("--films-older-than", required=True, metavar="DAYS", help="of everybody in this store")
    old.set_defaults(run=tidy)
    worn = commands.add_parser("watch", help="learn a runner's own scatter of cadence from months of runs")
    worn.add_argument("name", metavar="NAME")
    worn.add_argument("file", type=Path, metavar="FILE", help="Garmin Connect's Activities.csv")
    worn.set_defaults(run=watch)
    into = commands.add_parser("import", help="read a runner from such a file")
    into.add_argument("file", type=Path, metavar="FILE")
    into.set_defaults(run=bring_in)


def opened() -> "Store":
    """Open the store of this computer."""
    from gait.store.opening import open_store

    return open_store()


def list_runners(options: argparse.Namespace) -> int:
    """Print every runner with the last day and the number of days."""
    from gait.store import assessments, runners
    from gait.store.domain import LOCAL

    store = opened()
    found = runners.search(store, LOCAL, options.part)
    for runner in found:
        days = assessments.timeline(store, LOCAL, runner.id, limit=1000)
        last = f"last filmed {days[0].day.filmed_on}" if days else "not filmed yet"
        sys.stdout.write(f"{runner.name:32}{len(days):4} days, {last}\n")
    if not found:
        say("No runner is kept here yet: analyze clips with --runner NAME.")
    return 0


def history(options: argparse.Namespace) -> int:
    """Print a runner's months, and what to work on now."""
    from gait.months.keep import days
    from gait.months.plan import plan
    from gait.months.watched import own
    from gait.store.domain import LOCAL

    store = opened()
    runner = _named(store, options.name)
    told = plan(days(store, LOCAL, runner.id), own(store, LOCAL, runner.id))
    if not told:
        say(f"{runner.name} has not been filmed yet.")
        return 0
    sys.stdout.write(f"{'day':12}" + "".join(f"{label:>18}" for _, label in HEADLINES) + "\n")
    for each in told:
        sys.stdout.write(_row(each) + "\n")
    now = told[-1].step
    sys.stdout.write(f"\n{now.why}\n" + (f"\nONE CUE  {now.cue.text}\n" if now.cue else ""))
    return 0


def delete(options: argparse.Namespace) -> int:
    """Put a runner into the bin, or delete at once."""
    from gait.store import erasure
    from gait.store.domain import LOCAL

    store = opened()
    runner = _named(store, options.name)
    if options.now:
        erasure.erase(store, LOCAL, runner.id)
        say(f"{runner.name} is deleted, with every clip and number.")
    else:
        erasure.delete_runner(store, LOCAL, runner.id)
        say(f"{runner.name} is in the bin and will be gone in 30 days.")
    return 0


def export(options: argparse.Namespace) -> int:
    """Write a runner into one file."""
    from gait.store import portable
    from gait.store.domain import LOCAL

    store = opened()
    portable.export_runner(store, LOCAL, _named(store, options.name).id, options.file)
    say(f"Written to {options.file}.")
    return 0


def tidy(options: argparse.Namespace) -> int:
    """Delete old films."""
    from datetime import date, timedelta

    from gait.store import erasure

    text = options.films_older_than
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_DAYS):
        raise BadRequest(f"“{text}” is not a number of days: give one from 1 to {MOST_DAYS}.", id="days")
    gone = erasure.drop_films(opened(), date.today() - timedelta(days=int(text)))
    say(f"{gone} films of days before that are deleted. The numbers stay.")
    return 0


def watch(options: argparse.Namespace) -> int:
    """Keep how far a runner's cadence scatters from day to day."""
    from gait.months.watched import keep_watch
    from gait.store.domain import LOCAL
    from gait.watch import file

    store = opened()
    runner = _named(store, options.name)
    kept = keep_watch(store, LOCAL, runner.id, file.read(options.file))
    say(
        f"{runner.name}'s cadence scatters by {kept.day_sd:.1f} steps/min from day to day ({kept.basis}). "
        "Comparisons take it into account from now on."
    )
    return 0


def bring_in(options: argparse.Namespace) -> int:
    """Read a runner from a file."""
    from gait.store import portable
    from gait.store.domain import LOCAL

    imported = portable.import_runner(opened(), LOCAL, options.file)
    say(f"{imported.runner.name} is here.")
    return 0


def _named(store: "Store", name: str) -> "Runner":
    from gait.store import runners
    from gait.store.domain import LOCAL

    return runners.by_name(store, LOCAL, name)


def _row(told: "Told") -> str:
    from gait.metrics.words import value_text

    cells = []
    for name, _ in HEADLINES:
        found = [m for m in told.record.measurements if m.name == name and m.why_missing is None]
        cells.append(value_text(found[0]) if found else "–")
    cue = told.step.cue.title if told.step.cue else "no cue"
    return f"{told.record.filmed_on!s:12}" + "".join(f"{cell:>18}" for cell in cells) + f"   {cue}"
