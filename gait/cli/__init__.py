"""The command line: ``gait analyze clip.mov``. One module a command; each adds itself to the parser."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from gait.cli import (
    analyze,
    app,
    batch,
    cluster,
    compare,
    consent,
    doctor,
    export_motion,
    mark,
    models,
    runner,
    validate,
)
from gait.cli.progress import say
from gait.cli.words import said
from gait.errors import GaitError

COMMANDS = (
    *(analyze, mark, batch, cluster, compare, app, runner, consent),
    *(export_motion, validate, models, doctor),
)

STOPPED = "gait: stopped; nothing was written."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns 0 analysed, 2 input cannot be used, 1 our own fault."""
    options = _parser().parse_args(arguments)
    _mute_native_code()
    try:
        return int(options.run(options))
    except GaitError as error:
        say(f"gait: {said(str(error), error.field, error.clip)}")
        return error.exit_status
    except MemoryError:
        say("gait: this needs more memory than an analysis may take: give a shorter or a smaller clip.")
        return 2
    except KeyboardInterrupt:
        say("gait: stopped; the same command goes on." if options.run is batch.run else STOPPED)
        return 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Print one line and end with status 2."""
        said_of = [each for each in sys.argv[1:] if each.startswith("-") and Path(each).is_file()]
        hint = f"; for the file {said_of[0]} write ./{said_of[0]}" if said_of else ""
        say(f"gait: {message}{hint} (gait --help shows how)")
        sys.exit(2)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="gait", description="Running form from slow-motion video: the clips of one day in, one cue out."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser


def _mute_native_code() -> None:
    """Keep what MediaPipe's native code writes to file descriptor 2 off the terminal.

    Standard error belongs to our own progress and our one sentence of error.
    """
    try:
        own = os.dup(2)
    except OSError:  # standard error is closed
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for the whole run
        return
    sys.stderr.flush()
    sys.stderr = os.fdopen(own, "w", buffering=1, encoding="utf-8", errors="replace")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
