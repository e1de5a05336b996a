"""``gait consent``: what a runner, or who decides for him, agreed to."""

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

from gait.cli.progress import say
from gait.cli.runner import opened
from gait.errors import BadRequest

if TYPE_CHECKING:
    from gait.store.domain import Consent


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("consent", help="write down what a runner agreed to, or list it")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--to", metavar="WHAT", help="for what: films, who sees them, how long they stay")
    parser.add_argument("--by", metavar="WHO", help="who agreed: the runner (else), or a parent")
    parser.add_argument("--on", metavar="DATE", help="the day, 2026-11-25; else today")
    parser.add_argument("--until", metavar="DATE", help="the last day on which it holds")
    parser.add_argument("--take-back", metavar="N", help="number N of the list is taken back")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write down, take back, or list."""
    from gait.store import consents, runners
    from gait.store.domain import LOCAL, Agreed

    store = opened()
    runner = runners.by_name(store, LOCAL, options.name)
    on = _day(options.on) or date.today()
    if options.take_back is not None:
        given = consents.of_runner(store, LOCAL, runner.id)
        consents.withdraw(store, LOCAL, _numbered(given, options.take_back).id, on)
    elif options.to is not None:
        agreed = Agreed(options.to, options.by or runner.name, on, _day(options.until))
        consents.give(store, LOCAL, runner.id, agreed)
    found = consents.of_runner(store, LOCAL, runner.id)
    for number, each in enumerate(found, 1):
        sys.stdout.write(f"{number}  {line(each)}\n")
    if not found:
        say(f"Nothing is written down for {runner.name}: gait consent NAME --to WHAT does it.")
    return 0


def line(consent: "Consent") -> str:
    """Say a consent in a line."""
    agreed = consent.agreed
    until = f", until {agreed.until}" if agreed.until else ""
    back = f"; TAKEN BACK on {consent.withdrawn_on}" if consent.withdrawn_on else ""
    purpose = " ".join(agreed.purpose.split())
    return f"{agreed.given_on}  {agreed.given_by}: {purpose}{until}{back} (written down by {consent.author})"


def _numbered(given: "tuple[Consent, ...]", text: str) -> "Consent":
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= len(given)):
        raise BadRequest(f"“{text}” is none of the {len(given)} that are written down.", id="consent")
    return given[int(text) - 1]


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"“{text}” is not a date: write it as {date.today()}.", id="day") from None
