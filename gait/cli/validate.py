"""``gait validate``: our own errors against a known truth."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from gait.cli.progress import progress_bars, say
from gait.errors import BadRequest


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("validate", help="measure our own errors against a known truth")
    parser.add_argument(
        "folder", type=Path, nargs="?", metavar="DIR", help="clips with NAME.truth.json beside them"
    )
    for name in ("markers", "forces", "static"):
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=f"{name} file, see docs")
    parser.add_argument(
        "--noise-cm", type=float, nargs="+", default=[0.0, 0.5, 1.0], metavar="N", help="landmark noise"
    )
    parser.add_argument(
        "--landmarks", type=int, metavar="N", help="only: landmarks against joints in the first N frames"
    )
    parser.add_argument("--legs", action="store_true", help="only: how often one leg is taken for the other")
    parser.add_argument("--out", type=Path, metavar="DIR", help="draw the errors of each quantity there")
    parser.add_argument("--json", action="store_true", help="print a record instead of tables")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure the errors of clips with a truth, or of markers and forces."""
    tables = [path for path in (options.markers, options.forces, options.static) if path is not None]
    if options.folder is not None and options.legs:
        record, text = _validate_legs(options)
    elif options.folder is not None and options.landmarks is not None:
        record, text = _validate_landmarks(options)
    elif options.folder is not None and not tables:
        record, text = _validate_clips(options)
    elif options.folder is None and len(tables) == 3:
        from gait.validate import markers, report

        seen, forces, static = (markers.read_table(path) for path in tables)
        runs = markers.validate_markers(seen, forces, static, tuple(options.noise_cm))
        record, text = report.markers_record(runs), report.markers_text(runs)
    else:
        raise BadRequest("Give either a folder of clips, or --markers, --forces and --static together.")
    sys.stdout.write((json.dumps(record, indent=1) if options.json else text) + "\n")
    return 0


def _validate_clips(options: argparse.Namespace) -> tuple[dict[str, object], str]:
    from gait.validate import clips, figures, report

    outcomes = []
    for truth in clips.truths_in(options.folder):
        say(truth.clip.name)
        with progress_bars() as show:
            outcomes.append(clips.validate_clip(truth, show))
    if options.out is not None:
        measured = [each for each in outcomes if isinstance(each, clips.Validated)]
        written = figures.write_figures(measured, options.out)
        say(f"Written to {options.out}: {', '.join(path.name for path in written)}")
    return report.clips_record(outcomes), report.clips_text(outcomes)


def _validate_landmarks(options: argparse.Namespace) -> tuple[dict[str, object], str]:
    from dataclasses import asdict

    from gait.validate import clips, landmarks

    errors = []
    for truth in clips.truths_in(options.folder):
        if truth.from_the_side:
            say(truth.clip.name)
            errors += list(landmarks.landmark_errors(truth, options.landmarks))
    return {"schema": 3, "landmarks": [asdict(error) for error in errors]}, landmarks.as_text(errors)


def _validate_legs(options: argparse.Namespace) -> tuple[dict[str, object], str]:
    from dataclasses import asdict

    from gait.validate import clips, swaps

    rows: list[swaps.Swapped] = []
    for truth in clips.truths_in(options.folder):
        if truth.from_the_side:
            say(truth.clip.name)
            rows += swaps.count(truth)
    return {"schema": 3, "legs": [asdict(row) for row in rows]}, swaps.as_text(rows)
