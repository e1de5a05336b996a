"""``gait models``: the pose models, and whether they are here."""

import argparse
import sys
from typing import Any


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("models", help="show the pose models and whether they are here")
    parser.add_argument("--fetch", action="store_true", help="fetch what is missing")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show every model of the manifest."""
    from gait.pose import model as models

    directory = models.folder()
    for model in models.read_manifest():
        path = models.ensure(model) if options.fetch else directory / model.file
        state = "here and verified" if models.is_verified(model, path) else "not here"
        lines = [
            f"{model.name}: {state}",
            f"  file     {path}",
            f"  size     {model.size_bytes:,} bytes",
            f"  SHA-256  {model.sha256}",
            f"  licence  {model.licence} ({model.origin})",
            *(f"  source   {source.where}" for source in model.sources),
        ]
        sys.stdout.write("\n".join(lines) + "\n")
    return 0
