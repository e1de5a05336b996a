"""``gait analyze``: the clips of one day -> numbers and one cue."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.cli.progress import progress_bars, say, show
from gait.cli.words import said
from gait.errors import BadRequest
from gait.limits import limit_own_memory

if TYPE_CHECKING:
    from gait.analysis import Analysis, Glimpse, Request
    from gait.motion.hands import HandMark
    from gait.motion.pelvis import HipMarks
    from gait.record import Record

_CORRECTED = (
    "These clips were kept before and corrected by hand since. The corrected day stays and is what is shown; "
    "what --out writes is read anew. Add --replace to put this reading in its place."
)
VIEWS = ("left", "right", "rear", "front", "side")


@dataclass(frozen=True)
class Given:
    """The value of an option, for every clip or for the one of this name or view."""

    clip: str
    """File name or view; empty for every clip."""
    value: str


def given(text: str) -> Given:
    """Split ``NAME=VALUE``; a bare value is for every clip.

    Examples
    --------
    >>> given("rear=120")
    Given(clip='rear', value='120')
    >>> given("240")
    Given(clip='', value='240')
    """
    clip, _, value = text.rpartition("=")
    return Given(clip, value)


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("analyze", help="measure the clips of one day and give the one cue")
    clip_options(parser)
    parser.add_argument("--pain", action="store_true", help="something hurts: give no cue")
    parser.add_argument("--out", metavar="DIR", help="write report, videos, pictures and record there")
    parser.add_argument("--runner", metavar="NAME", help="keep it with this runner, and ask how the cue went")
    parser.add_argument(
        "--replace", action="store_true", help="with --runner: also in place of a day corrected by hand"
    )
    parser.add_argument("--shoes", default="", metavar="SHOES", help="shoes, kept with the day")
    parser.add_argument("--json", action="store_true", help="print the record instead of a table")
    parser.add_argument("--rear", type=Path, metavar="CLIP", help="one more clip (older spelling)")
    for name in ("rear-capture-fps", "rear-person"):
        parser.add_argument(f"--{name}", type=given, help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def clip_options(parser: argparse.ArgumentParser) -> None:
    """Add what says which clips are meant, and what is known of them and of the runner."""
    parser.set_defaults(rear=None, rear_capture_fps=None, rear_person=None, pain=False)
    parser.add_argument(
        "clips",
        type=Path,
        nargs="+",
        metavar="CLIP",
        help="one to six videos of one runner on one day, in any order: from a side, behind, in front",
    )
    parser.add_argument("--height-cm", metavar="H", help="your height")
    parser.add_argument("--speed-kmh", metavar="V", help="speed of the treadmill")
    parser.add_argument("--incline-pct", metavar="P", help="rise of the treadmill in per cent")
    parser.add_argument(
        "--watch",
        type=Path,
        metavar="FILE",
        help="what your watch kept of the run: its FIT file, or Garmin Connect's Activities.csv",
    )
    parser.add_argument(
        "--filmed-on", metavar="DATE", help="day of the film, 2026-11-25; else as the phone wrote it"
    )
    for name, metavar, meaning in (
        ("capture-fps", "FPS", "frames/s at which it was filmed"),
        ("person", "N", "the runner, counted from the left"),
        ("near", "SIDE", "side of the body that faced the camera, left or right, if the film is mirrored"),
    ):
        parser.add_argument(
            f"--{name}",
            type=given,
            action="append",
            default=[],
            metavar=f"[NAME=]{metavar}",
            help=f"{meaning}; NAME is a clip's file name or its view ({', '.join(VIEWS)})",
        )
    parser.add_argument(
        "--hips",
        type=given,
        action="append",
        default=[],
        metavar="[CLIP=]MARKS",
        help="two marks on the waistband of a clip from behind, as gait mark shows: FRAME:X,Y:X,Y, and "
        ":X,Y:X,Y of the same two points while standing, where that is known",
    )
    parser.add_argument(
        "--hands",
        type=given,
        action="append",
        default=[],
        metavar="[CLIP=]MARK",
        help="a hand in a clip from the front, farthest across, as gait mark shows, three times at least: "
        "SIDE:FRAME:X,Y:X,Y:X,Y, the wrist, the middle of the hips, the middle of the shoulders",
    )
    parser.add_argument(
        "--tape",
        action=argparse.BooleanOptionalAction,
        help="there are two pieces of tape on the waistband, or none; else they are looked for",
    )
    parser.add_argument("--all", action="store_true", help="read every step of a long clip, not about 20")


def run(options: argparse.Namespace) -> int:
    """Analyse, print, write."""
    from gait.analysis import ClipAnalysis, Refused, before_the_answer, of_clips, read_clips
    from gait.export.folder import named, require_writable
    from gait.export.tables import as_text
    from gait.record import record_of, to_json

    request = request_of(options)
    out = None if options.out is None else named(options.out)
    if out is not None:
        require_writable(out)
    limit_own_memory()
    with progress_bars() as progress:
        each = read_clips(request, progress)
    meanwhile = before_the_answer(each, request)
    if meanwhile is not None and out is not None:
        _write(meanwhile, out)
    elif not any(isinstance(read, ClipAnalysis) for read in each):
        _show_seen([read.glimpse for read in each if isinstance(read, Refused) and read.glimpse], out)
    analysis = _on_its_day(of_clips(each, request), options)
    record = record_of(analysis)
    if options.runner:
        record = _kept(analysis, record, options)
    try:
        show(to_json(record) if options.json else as_text(record, said))
    finally:
        if out is not None:
            _write(analysis, out)
    return 0


def _write(analysis: "Analysis", directory: Path) -> None:
    from gait.export.folder import write

    with progress_bars() as progress:
        written = write(analysis, directory, progress=progress)
    say(f"Written to {directory}: {', '.join(path.name for path in written)}")


def _show_seen(seen: "Sequence[Glimpse]", out: Path | None) -> None:
    """Where nothing can be measured: what little was seen, and pictures of whom it was seen."""
    from gait.export.folder import write_seen

    for each in seen:
        if each.text:
            say(each.text)
    written = write_seen(seen, out) if out is not None else ()
    if written:
        say(f"Written to {out}: {', '.join(path.name for path in written)}")


def request_of(options: argparse.Namespace) -> "Request":
    """Build the request that ``clip_options`` name.

    Raises
    ------
    BadRequest
        If a value makes no sense, or belongs to a clip that is not given.
    """
    from gait.analysis import ClipRequest, Request, RunnerFacts, ViewFacts
    from gait.body import Side, View
    from gait.watch import file
    from gait.watch.run import day_of_the_only

    paths = [*options.clips, *([options.rear] if options.rear else [])]
    rates, people, near = _older_spellings(options)
    _require_named(paths, (*rates, *people, *near))
    _require_clip(paths, "hips", options.hips)
    _require_clip(paths, "hands", options.hands)

    def of(path: Path, values: Sequence[Given]) -> str | None:
        return _last(values, {path.name, ""})

    clips = tuple(
        ClipRequest(
            path,
            capture_fps=number(of(path, rates), "capture rate", "capture_fps"),
            person=_whole(of(path, people)),
            near=_side(of(path, near), Side),
            tape=options.tape,
            hips=_marks(of(path, options.hips)),
            hands=tuple(_hand(each.value) for each in options.hands if each.clip in (path.name, "")),
        )
        for path in paths
    )
    views = tuple(
        ViewFacts(
            view,
            capture_fps=number(_last(rates, _called(view)), "capture rate", "capture_fps"),
            person=_whole(_last(people, _called(view))),
        )
        for view in View
    )
    runner = RunnerFacts(
        height_cm=number(options.height_cm, "height", "height_cm"),
        speed_kmh=number(options.speed_kmh, "speed", "speed_kmh"),
        incline_pct=number(options.incline_pct, "incline", "incline_pct"),
    )
    watch = () if options.watch is None else file.read(options.watch)
    of_the_watch = day_of_the_only(watch) if options.filmed_on is None else None
    return Request(
        clips,
        runner,
        filmed_on=of_the_watch or day(options.filmed_on),
        in_pain=options.pain,
        whole=options.all,
        of_views=tuple(each for each in views if each.says_something),
        watch=watch,
    )


def _require_named(paths: Sequence[Path], given: Sequence[Given]) -> None:
    """Refuse a value for a clip that is not given."""
    names = {path.name for path in paths}
    for each in given:
        if each.clip not in (*names, *VIEWS, ""):
            raise BadRequest(
                f"“{each.clip}” is neither a clip given nor one of {', '.join(VIEWS)}.", id="clips"
            )


def _require_clip(paths: Sequence[Path], field: str, marks: Sequence[Given]) -> None:
    """Refuse marks that could be of any clip, or are of none that is given."""
    for each in marks:
        if each.clip not in {path.name for path in paths} and (each.clip or len(paths) > 1):
            raise BadRequest(f"Say which clip is marked: --{field} {paths[0].name}={each.value}", field=field)


def _on_its_day(analysis: "Analysis", options: argparse.Namespace) -> "Analysis":
    """Judged on the day of the films, where nobody said it: as it is kept, else as the phone wrote it."""
    from gait.analysis import judge
    from gait.cli.runner import opened
    from gait.months.keep import day_of, the_runner, written_day
    from gait.store.domain import LOCAL

    if options.filmed_on is not None:
        return analysis
    if options.runner:
        store = opened()
        of = day_of(store, LOCAL, the_runner(store, LOCAL, options.runner).id, analysis.clips)
    else:
        of = written_day(analysis.clips)
    if of == analysis.request.filmed_on:
        return analysis
    return judge(analysis.clips, replace(analysis.request, filmed_on=of), analysis.refused)


def _kept(analysis: "Analysis", record: "Record", options: argparse.Namespace) -> "Record":
    """Keep the day; what is printed then asks first how the open cue went."""
    from gait.cli.runner import opened
    from gait.months.keep import Filed, as_advised, file, the_runner
    from gait.store.domain import LOCAL, Day

    store = opened()
    runner = the_runner(store, LOCAL, options.runner)
    facts = analysis.request.runner
    day = Day(
        record.filmed_on,
        facts.speed_kmh,
        shoes=options.shoes,
        incline_pct=facts.incline_pct,
        in_pain=options.pain,
    )
    clips = [(clip.id, clip.clip.path) for clip in analysis.clips]
    kept = file(store, LOCAL, runner, Filed(record, day, clips, over_corrections=options.replace))
    say(_CORRECTED if kept.corrected else f"Kept with {runner.name}, {record.filmed_on}.")
    return as_advised(kept.told)


def _older_spellings(options: argparse.Namespace) -> tuple[list[Given], list[Given], list[Given]]:
    """Rates, people and near sides, with what older options say of the clip given by ``--rear``."""
    rates, people = list(options.capture_fps), list(options.person)
    for value, values in ((options.rear_capture_fps, rates), (options.rear_person, people)):
        if value is not None:
            if options.rear is None:
                raise BadRequest("An option for the second clip is given, but no second clip.", id="clips")
            values.append(Given(options.rear.name, value.value))
    return rates, people, list(options.near)


def _last(values: Sequence[Given], names: set[str]) -> str | None:
    """The value for one of these names; one for a name beats one for every clip."""
    own = [each.value for each in values if each.clip in names and each.clip]
    every = [each.value for each in values if not each.clip and "" in names]
    found = own or every
    return found[-1] if found else None


def _called(view: str) -> set[str]:
    return {str(view), "side"} if view in ("left", "right") else {str(view)}


def number(text: str | None, what: str, field: str) -> float | None:
    """Read a number, with a comma or a point.

    Raises
    ------
    BadRequest
        If it is none.

    Examples
    --------
    >>> number("10,8", "speed", "speed_kmh")
    10.8
    """
    if text is None:
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise BadRequest(f"“{text}” is not a {what}: give a number.", field=field) from None


def _whole(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit():
        raise BadRequest(f"“{text}” is not a person's number: count from the left, from 1.", field="person")
    return int(text)


def _marks(text: str | None) -> "HipMarks | None":
    """Read ``FRAME:X,Y:X,Y``, with two more points of the same waistband while standing or without."""
    from gait.motion.pelvis import HipMarks

    if text is None:
        return None
    try:
        frame, *rest = text.split(":")
        one, other, *standing = [_point(each) for each in rest]
        if len(standing) not in (0, 2):
            raise ValueError(text)
        return HipMarks(int(frame), one, other, (standing[0], standing[1]) if standing else None)
    except ValueError:
        raise BadRequest(
            f"“{text}” are no two marks: write FRAME:X,Y:X,Y, for example 120:300,410:380,412.", field="hips"
        ) from None


def _hand(text: str) -> "HandMark":
    """Read ``SIDE:FRAME:X,Y:X,Y:X,Y``."""
    from gait.body import Side
    from gait.motion.hands import HandMark

    try:
        side, frame, *points = text.split(":")
        wrist, mid_hip, mid_shoulder = map(_point, points)
        return HandMark(int(frame), Side(side), wrist, mid_hip, mid_shoulder)
    except ValueError:
        raise BadRequest(
            f"“{text}” is no mark of a hand: write SIDE:FRAME:X,Y:X,Y:X,Y for the wrist, the middle of the "
            "hips and the middle of the shoulders, for example left:120:300,410:310,500:312,260.",
            field="hands",
        ) from None


def _point(text: str) -> tuple[float, float]:
    across, down = map(float, text.split(","))
    return across, down


def _side(text: str | None, sides: Callable[[str], Any]) -> Any:
    if text is None:
        return None
    if text not in ("left", "right"):
        raise BadRequest(f"“{text}” is not a side of the body: left or right.", field="near")
    return sides(text)


def day(text: str | None) -> date:
    """Read the day of a film; today where none is given.

    Raises
    ------
    BadRequest
        If it is no date, or has not come yet.
    """
    today = date.today()
    if text is None:
        return today
    try:
        given_day = date.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"“{text}” is not a date: write it as {today}.", field="filmed_on") from None
    if given_day > today:
        raise BadRequest(f"{given_day} has not come yet: give the day of the film.", field="filmed_on")
    return given_day
