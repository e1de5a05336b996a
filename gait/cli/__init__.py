"""The command line: ``gait analyze clip.mov``. One module a command; each adds itself to the parser."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gait.cli import analyze, models, validate
from gait.cli.words import said
from gait.errors import GaitError

COMMANDS = (analyze, validate, models)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns 0 analysed, 2 input cannot be used, 1 our own fault."""
    options = _parser().parse_args(arguments)
    _mute_native_code()
    try:
        return int(options.run(options))
    except GaitError as error:
        sys.stderr.write(f"gait: {said(str(error), error.field, error.clip)}\n")
        return error.exit_status
    except KeyboardInterrupt:
        sys.stderr.write("gait: stopped; nothing was written.\n")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
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
    own = os.dup(2)
    sys.stderr.flush()
    sys.stderr = os.fdopen(own, "w", buffering=1, encoding="utf-8", errors="replace")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
