"""``gait export-motion``: the steps and the movement of clips, for other programs."""

import argparse
from typing import Any

from gait.cli.analyze import clip_options, request_of
from gait.cli.progress import progress_bars, say
from gait.cli.words import said
from gait.limits import limit_own_memory

USUAL = "csv,trc"


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "export-motion", help="write every step and the markers of clips for other programs (CSV, TRC, C3D)"
    )
    clip_options(parser)
    parser.add_argument("--out", required=True, metavar="DIR", help="write there")
    parser.add_argument(
        "--format",
        default=USUAL,
        metavar="LIST",
        help=f"of csv, trc, c3d, netcdf, landmarks, with commas between; else {USUAL}",
    )
    parser.add_argument(
        "--subject", default="", metavar="CODE", help="what the runner is called in the files"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Analyse the clips, or take what is known of them, and write."""
    from gait.analysis import analyze
    from gait.export import exchange
    from gait.export.folder import named, require_writable

    wanted = exchange.formats(options.format)
    request, out = request_of(options), named(options.out)
    require_writable(out)
    limit_own_memory()
    with progress_bars() as progress:
        analysis = analyze(request, progress=progress)
    written = exchange.write(analysis, out, wanted, options.subject)
    for refused in analysis.refused:
        say(f"Not used: {refused.file}: {said(refused.reason.text, refused.reason.field, refused.clip)}")
    for reason in written.left_out:
        say(f"Left out: {said(reason.text, reason.field)}")
    say(f"Written to {out}: {', '.join(path.name for path in written.paths)}")
    return 0
