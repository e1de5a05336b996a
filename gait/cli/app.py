"""``gait app``: the pages, in a browser on this machine."""

import argparse
from typing import Any

from gait.cli.progress import say
from gait.errors import BadRequest, ModelUnavailable

PORTS = range(1024, 65536)


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("app", help="open the app in the browser, for this machine only")
    parser.add_argument("--port", metavar="N", help="where to listen; else 8501 or the next that is free")
    parser.add_argument("--no-browser", action="store_true", help="only serve, open no browser")
    parser.add_argument(
        "--lan", action="store_true", help="let one phone of this network send clips, by a QR code"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve the app until it is stopped."""
    port = _port(options.port)
    _fetch_model()
    from gait.ui import main

    say("Press Ctrl-C here to stop.")
    main.serve(port, browser=not options.no_browser, lan=options.lan)
    return 0


def _port(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and int(text) in PORTS):
        raise BadRequest(
            f"“{text}” is not a port: give a number from {PORTS.start} to {PORTS.stop - 1}.", id="port"
        )
    return int(text)


def _fetch_model() -> None:
    """Fetch the pose model now if it is missing; without it the app still opens, and says so later."""
    from gait.pose import model as models

    for model in models.read_manifest():
        try:
            models.ensure(model)
        except ModelUnavailable as error:
            say(str(error))
