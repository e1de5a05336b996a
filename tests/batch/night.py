"""The command with a stand-in for the reader: ``python -m tests.batch.night ARGUMENTS``."""

import sys

from gait import cli
from gait.cli import batch

if __name__ == "__main__":
    batch.WORK = "tests.batch.standin:work"
    sys.exit(cli.main(["batch", *sys.argv[1:]]))
