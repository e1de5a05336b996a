"""The command line: ``gait analyze clip.mov``."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from gait.errors import BadRequest, GaitError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns 0 analysed, 2 input cannot be used, 1 our own fault."""
    options = _parser().parse_args(arguments)
    _mute_native_code()
    try:
        return int(options.run(options))
    except GaitError as error:
        _say(f"gait: {error}")
        return error.exit_status
    except KeyboardInterrupt:
        _say("gait: stopped; nothing was written.")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gait", description="Running form from slow-motion video: one clip in, one cue out."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    analyze = commands.add_parser("analyze", help="measure a clip and give the one cue")
    analyze.add_argument("clip", type=Path, metavar="CLIP", help="video filmed from the side")
    analyze.add_argument(
        "--rear", type=Path, metavar="CLIP", help="second video, filmed from behind or from the front"
    )
    analyze.add_argument("--height-cm", type=float, metavar="H", help="your height")
    analyze.add_argument("--speed-kmh", type=float, metavar="V", help="speed of the treadmill")
    analyze.add_argument(
        "--capture-fps", type=float, metavar="F", help="frames/s at which the side clip was filmed"
    )
    analyze.add_argument("--rear-capture-fps", type=float, metavar="F", help="the same for the second video")
    for which, clip in (("", "side clip"), ("rear-", "second video")):
        analyze.add_argument(
            f"--{which}person", type=int, metavar="N", help=f"the runner in the {clip}, counted from the left"
        )
    analyze.add_argument(
        "--near",
        choices=("left", "right"),
        help="side of the body that faces the camera, if the film is mirrored",
    )
    analyze.add_argument(
        "--tape",
        action="store_true",
        help="two pieces of tape on the waistband show the hip drop from behind",
    )
    analyze.add_argument("--all", action="store_true", help="read every step of a long clip, not about 20")
    analyze.add_argument("--pain", action="store_true", help="something hurts: give no cue")
    analyze.add_argument(
        "--out", type=Path, metavar="DIR", help="write report, video, pictures and record there"
    )
    analyze.add_argument("--json", action="store_true", help="print the record instead of a table")
    analyze.set_defaults(run=_analyze)
    validate = commands.add_parser("validate", help="measure our own errors against a known truth")
    validate.add_argument(
        "folder", type=Path, nargs="?", metavar="DIR", help="clips with NAME.truth.json beside them"
    )
    for name in ("markers", "forces", "static"):
        validate.add_argument(f"--{name}", type=Path, metavar="FILE", help=f"{name} file, see docs")
    validate.add_argument(
        "--noise-cm", type=float, nargs="+", default=[0.0, 0.5, 1.0], metavar="N", help="landmark noise"
    )
    validate.add_argument(
        "--landmarks", type=int, metavar="N", help="only: landmarks against joints in the first N frames"
    )
    validate.add_argument(
        "--legs", action="store_true", help="only: how often one leg is taken for the other"
    )
    validate.add_argument("--out", type=Path, metavar="DIR", help="draw the errors of each quantity there")
    validate.add_argument("--json", action="store_true", help="print a record instead of tables")
    validate.set_defaults(run=_validate)
    models = commands.add_parser("models", help="show the pose models and whether they are here")
    models.add_argument("--fetch", action="store_true", help="fetch what is missing")
    models.set_defaults(run=_models)
    return parser


def _analyze(options: argparse.Namespace) -> int:
    from gait.analysis import Request, analyze
    from gait.body import Side
    from gait.export.folder import require_writable, write
    from gait.export.record import to_json
    from gait.export.tables import as_text

    request = Request(
        side=options.clip,
        rear=options.rear,
        height_cm=options.height_cm,
        speed_kmh=options.speed_kmh,
        capture_fps=options.capture_fps,
        rear_capture_fps=options.rear_capture_fps,
        person=options.person,
        rear_person=options.rear_person,
        near=Side(options.near) if options.near else None,
        tape=options.tape,
        in_pain=options.pain,
        whole=options.all,
    )
    if options.out is not None:
        require_writable(options.out)
    with _progress_bars() as show:
        analysis = analyze(request, progress=show)
    sys.stdout.write((to_json(analysis) if options.json else as_text(analysis)) + "\n")
    sys.stdout.flush()
    if options.out is not None:
        with _progress_bars() as show:
            written = write(analysis, options.out, progress=show)
        _say(f"Written to {options.out}: {', '.join(path.name for path in written)}")
    return 0


def _validate(options: argparse.Namespace) -> int:
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
        _say(truth.clip.name)
        with _progress_bars() as show:
            outcomes.append(clips.validate_clip(truth, show))
    if options.out is not None:
        measured = [each for each in outcomes if isinstance(each, clips.Validated)]
        written = figures.write_figures(measured, options.out)
        _say(f"Written to {options.out}: {', '.join(path.name for path in written)}")
    return report.clips_record(outcomes), report.clips_text(outcomes)


def _validate_landmarks(options: argparse.Namespace) -> tuple[dict[str, object], str]:
    from dataclasses import asdict

    from gait.validate import clips, landmarks

    errors = []
    for truth in clips.truths_in(options.folder):
        if truth.from_the_side:
            _say(truth.clip.name)
            errors += list(landmarks.landmark_errors(truth, options.landmarks))
    return {"schema": 3, "landmarks": [asdict(error) for error in errors]}, landmarks.as_text(errors)


def _validate_legs(options: argparse.Namespace) -> tuple[dict[str, object], str]:
    from dataclasses import asdict

    from gait.validate import clips, swaps

    rows: list[swaps.Swapped] = []
    for truth in clips.truths_in(options.folder):
        if truth.from_the_side:
            _say(truth.clip.name)
            rows += swaps.count(truth)
    return {"schema": 3, "legs": [asdict(row) for row in rows]}, swaps.as_text(rows)


def _models(options: argparse.Namespace) -> int:
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


@contextmanager
def _progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """One bar for each thing that is being read, on standard error; rarely redrawn in a log file."""
    bars: dict[str, tqdm] = {}
    pause_s = 0.1 if sys.stderr.isatty() else 15.0

    def show(what: str, done: int, total: int) -> None:
        if what not in bars:
            bars[what] = tqdm(
                desc=f"{what:8}", total=total, unit=" frames", file=sys.stderr, mininterval=pause_s
            )
        bars[what].total = total
        bars[what].update(done - bars[what].n)
        if done == total:
            bars[what].close()

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()


def _mute_native_code() -> None:
    """Keep what MediaPipe's native code writes to file descriptor 2 off the terminal.

    Standard error belongs to our own progress and our one sentence of error.
    """
    own = os.dup(2)
    sys.stderr.flush()
    sys.stderr = os.fdopen(own, "w", buffering=1, encoding="utf-8", errors="replace")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
