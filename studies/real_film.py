"""What the tool says of real films, held against the eye: ``python -m studies.real_film FOLDER``.

Every clip of the folder gets a line, a record (``NAME.json``) and a sheet of its landings (``NAME.jpg``: each
touchdown with the picture before it and the one after it) in ``--out``. A clip that has its record there
is not read again. ``--truth`` scores the landings against what somebody saw, ``--facts`` tells the tool what
is known of a clip, ``--why`` says why each clip gets no cue. Each clip is read in a process of its own, one
after the other.

The truth is a CSV with the columns clip, what, leg, frame, last_frame, steps:

- ``touchdown``: the first picture (counted from 0) in which the foot of that leg touches the ground;
- ``cadence``: from the touchdown in ``frame`` to the one in ``last_frame`` the runner took ``steps`` steps.

The facts are a CSV with the columns clip, capture_fps, speed_kmh, height_cm; what is empty is not told.
"""

import argparse
import csv
import json
import sys
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, fields, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from gait.analysis import (
    Analysis,
    ClipAnalysis,
    ClipRequest,
    Refused,
    Request,
    RunnerFacts,
    before_the_answer,
    of_clips,
    read_clips,
)
from gait.body import LEFT, RIGHT, Side
from gait.coaching.book import book
from gait.errors import GaitError, UnknownCaptureRate, WhichRunner
from gait.export.pictures import first_frame_of_contact, glimpsed
from gait.metrics.catalogue import CADENCE, CATALOGUE, CONTACT_TIME
from gait.metrics.measurement import Measurement
from gait.motion.contact import MIN_STEPS
from gait.video.reader import frames

FILMS = {".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".gif"}
NUMBERS = (
    "speed_kmh",
    "overstride_pct_leg",
    "shank_deg",
    "lean_deg",
    "knee_flexion_touchdown_deg",
    "oscillation_pct_leg",
)
SAME_LANDING_FRAMES = 6
"""Pictures within which a landing of the tool is the one that was seen."""
TILE_PX = 260
COLUMNS = 4
MARGIN = 0.35
"""Room around the legs in a picture of the sheet, in heights of the legs."""
Outcome = Literal["measured", "asks", "refused", "crashed"]


@dataclass(frozen=True)
class Facts:
    """What is told of one clip."""

    capture_fps: float | None = None
    speed_kmh: float | None = None
    height_cm: float | None = None


@dataclass(frozen=True)
class Landing:
    """One touchdown as the tool reads it."""

    leg: str
    frame: int
    """The picture that the tool shows for it."""
    sd_frames: float


@dataclass(frozen=True)
class Number:
    """One number with its standard deviation."""

    name: str
    side: str
    value: float
    sd: float
    n: int
    verdict: str = ""


@dataclass(frozen=True)
class Judged:
    """What one quantity that a cue could answer says, or why it says nothing."""

    metric: str
    side: str
    state: str


@dataclass(frozen=True)
class Line:
    """What became of one clip."""

    clip: str
    outcome: Outcome
    text: str
    """What the tool says: its cue, why there is none, its question, or why it refuses."""
    view: str = ""
    capture_fps: float = float("nan")
    fps: float = float("nan")
    """Pictures a second as the file plays."""
    landings: tuple[Landing, ...] = ()
    numbers: tuple[Number, ...] = ()
    doubts: tuple[str, ...] = ()
    cue: str = ""
    why_id: str = ""
    """Why there is no cue."""
    judged: tuple[Judged, ...] = ()
    told: Facts = field(default_factory=Facts)

    @property
    def slowed(self) -> float:
        """How many times slower than life the file plays."""
        return self.capture_fps / self.fps

    def number(self, name: str) -> Number | None:
        """The number of this name; None if it was not measured."""
        return next((number for number in self.numbers if number.name == name), None)


@dataclass(frozen=True)
class Seen:
    """One thing that somebody saw."""

    clip: str
    what: str
    leg: str
    frame: int
    last_frame: int
    steps: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Read every clip that has no record yet, print a line for each, and score them."""
    parser = argparse.ArgumentParser(prog="python -m studies.real_film", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--truth", type=Path, help="CSV of what was seen")
    parser.add_argument("--facts", type=Path, help="CSV of what is told of the clips")
    parser.add_argument("--why", action="store_true", help="say why each clip gets no cue")
    parser.add_argument("--out", type=Path, help="where records and sheets go (default: FOLDER/real_film)")
    options = parser.parse_args(arguments)
    out = options.out or options.folder / "real_film"
    out.mkdir(parents=True, exist_ok=True)
    told = facts(options.facts) if options.facts else {}
    lines = []
    for clip in sorted(path for path in options.folder.iterdir() if path.suffix.lower() in FILMS):
        lines.append(line_of(clip, out, told.get(clip.stem, Facts())))
        sys.stdout.write(as_text(lines[-1]) + "\n")
        sys.stdout.flush()
    if options.why:
        sys.stdout.write("\n" + "\n".join(why_no_cue(lines)) + "\n")
    if options.truth:
        sys.stdout.write("\n" + "\n".join(scored(lines, truths(options.truth))) + "\n")


def line_of(clip: Path, out: Path, told: Facts) -> Line:
    """What became of one clip, from its record if it has one that was made with the same facts."""
    record = out / f"{clip.stem}.json"
    if record.is_file():
        kept = from_json(record.read_text(encoding="utf-8"))
        if kept.told == told:
            return kept
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as own:
        line = own.submit(read, clip, out, told).result()
    record.write_text(json.dumps(asdict(line), indent=1) + "\n", encoding="utf-8")
    return line


def read(clip: Path, out: Path, told: Facts) -> Line:
    """Analyse one clip and draw the sheet of its landings."""
    request = Request(
        (ClipRequest(clip, capture_fps=told.capture_fps),), RunnerFacts(told.height_cm, told.speed_kmh)
    )
    each = ()
    try:
        each = read_clips(request)
        found = of_clips(each, request)
    except GaitError as error:
        meanwhile = before_the_answer(each, request)
        line = Line(clip.stem, "refused", "", told=told)
        if meanwhile is not None:
            sheet(meanwhile.main).save(out / f"{clip.stem}.jpg", quality=80)
            line = measured(clip.stem, meanwhile, told)
        asks = isinstance(error, UnknownCaptureRate | WhichRunner)
        text = f"{error.id}: {error}{_shown(clip, out, each)}"
        return replace(line, outcome="asks" if asks else "refused", text=text)
    except Exception:  # noqa: BLE001 - a crash is what the bench is there to find
        return Line(clip.stem, "crashed", traceback.format_exc(limit=-3), told=told)
    sheet(found.main).save(out / f"{clip.stem}.jpg", quality=80)
    return measured(clip.stem, found, told)


def _shown(clip: Path, out: Path, each: Sequence[ClipAnalysis | Refused]) -> str:
    """Draw who was seen in a clip of which nothing can be measured; what is said of him, if anything."""
    seen = [read.glimpse for read in each if isinstance(read, Refused) and read.glimpse is not None]
    for one in seen:
        (out / f"{clip.stem}_seen.jpg").write_bytes(glimpsed(one))
    return "".join(f" Pictures. {one.text}" for one in seen)


def measured(name: str, found: Analysis, told: Facts) -> Line:
    """The line of a clip that was measured."""
    clip, advice = found.main, found.advice
    wanted = [
        m
        for m in found.measurements
        if (m.name in NUMBERS or m.name in (CADENCE.name, CONTACT_TIME.name) or not clip.view.sagittal)
        and m.why_missing is None
    ]
    landings = tuple(
        Landing(
            str(contact.side),
            first_frame_of_contact(clip, contact.touchdown_s),
            contact.touchdown_sd_s * clip.base.capture_fps,
        )
        for contact in clip.contacts
    )
    return Line(
        clip=name,
        outcome="measured",
        text=f"{advice.cue.title}: {advice.why}" if advice.cue else f"{advice.why_id}: {advice.why}",
        view=f"{clip.view}, {clip.motion.viewpoint.turn_deg:.0f} degrees off",
        capture_fps=clip.base.capture_fps,
        fps=clip.base.capture_fps / clip.base.slow_motion_factor,
        landings=landings,
        numbers=tuple(_number(found, m) for m in wanted),
        doubts=tuple(doubt.id for doubt in found.doubts),
        cue=advice.cue.id if advice.cue else "",
        why_id=advice.why_id,
        judged=tuple(Judged(m.name, str(m.side or ""), state(found, m)) for m in answerable(found)),
        told=told,
    )


def _number(found: Analysis, one: Measurement) -> Number:
    finding = found.finding(one)
    verdict = finding.verdict if finding else None
    return Number(one.name, str(one.side or ""), one.value, one.uncertainty, one.n, str(verdict or ""))


def answerable(found: Analysis) -> tuple[Measurement, ...]:
    """Everything read that some cue could answer."""
    return tuple(m for m in found.measurements if m.name in book().judged() and m.why_missing is None)


def state(found: Analysis, one: Measurement) -> str:
    """What is said of one quantity: high, low or usual; or what stands in the way, the first thing first."""
    if not one.enough:
        return f"{one.n} of {MIN_STEPS} steps"
    halting = [d.id for d in found.doubts if d.trust == 0 and d.touches(one.name, one.clip)]
    if halting:
        return ", ".join(halting)
    finding = found.finding(one) or found.finding(replace(one, side=None))
    if finding is None:
        return "no norm at this speed" if found.speed else "speed unknown"
    low, high = finding.usual
    said = f"{finding.value:.1f} ± {2 * finding.unsure:.1f}, usual {low:.1f} to {high:.1f}"
    if finding.verdict:
        return f"{finding.verdict}: {said}"
    if finding.outside:
        return f"outside by less than its doubt: {said}, trust {finding.trust:.2f}"
    return f"usual: {said}" if finding.settled else f"not settled: {said}, trust {finding.trust:.2f}"


def sheet(clip: ClipAnalysis) -> Image.Image:
    """Each landing in three pictures: the one before it, it, and the one after it."""
    middle = [(c.side, first_frame_of_contact(clip, c.touchdown_s)) for c in clip.contacts]
    last = len(clip.clip.pts_s) - 1
    wanted = sorted({min(max(0, k + by), last) for _, k in middle for by in (-1, 0, 1)})
    pictures = {each.index: each.rgb for each in frames(clip.clip, np.array(wanted, dtype=int))}
    tiles = [
        np.concatenate([_tile(clip, pictures, min(max(0, k + by), last), k) for by in (-1, 0, 1)], axis=1)
        for _, k in middle
    ]
    captions = [f"{side} {k}" for side, k in middle]
    return contact_sheet(tiles, captions)


def contact_sheet(tiles: Sequence[NDArray[np.uint8]], captions: Sequence[str]) -> Image.Image:
    """Put tiles of one size on one picture, each with its caption."""
    if not tiles:
        return Image.new("RGB", (TILE_PX, TILE_PX))
    height, width = tiles[0].shape[:2]
    rows = -(-len(tiles) // COLUMNS)
    page = Image.new("RGB", (COLUMNS * width, rows * height))
    draw = ImageDraw.Draw(page)
    for number, (tile, caption) in enumerate(zip(tiles, captions, strict=True)):
        corner = (number % COLUMNS * width, number // COLUMNS * height)
        page.paste(Image.fromarray(tile), corner)
        draw.text((corner[0] + width // 3 + 4, corner[1] + 4), caption, fill="yellow", stroke_width=1)
    return page


def _tile(
    clip: ClipAnalysis, pictures: dict[int, NDArray[np.uint8]], frame: int, at: int
) -> NDArray[np.uint8]:
    """The legs in one picture, cut where they are at the landing."""
    near = int(np.abs(clip.track.frame - at).argmin())
    legs = clip.track.xy_px[near][
        [LEFT.hip, RIGHT.hip, LEFT.ankle, RIGHT.ankle, LEFT.heel, RIGHT.heel, LEFT.toe, RIGHT.toe]
    ]
    seen = legs[np.isfinite(legs).all(axis=1)]
    picture = Image.fromarray(pictures[frame])
    low, high = (seen.min(axis=0), seen.max(axis=0)) if len(seen) else (np.zeros(2), np.array(picture.size))
    half = (0.5 + MARGIN) * max(high - low)
    x, y = (low + high) / 2
    cut = picture.crop((round(x - half), round(y - half), round(x + half), round(y + half)))
    return np.asarray(cut.resize((TILE_PX, TILE_PX)))


def from_json(text: str) -> Line:
    """Read a record back."""
    kept: dict[str, Any] = json.loads(text)
    return Line(
        **{
            **kept,
            "landings": tuple(Landing(**each) for each in kept["landings"]),
            "numbers": tuple(Number(**each) for each in kept["numbers"]),
            "doubts": tuple(kept["doubts"]),
            "judged": tuple(Judged(**each) for each in kept["judged"]),
            "told": Facts(**kept["told"]),
        }
    )


def facts(path: Path) -> dict[str, Facts]:
    """What is told of each clip, by its name without ending."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["clip"]: Facts(*(float(row[each.name]) if row[each.name] else None for each in fields(Facts)))
            for row in csv.DictReader(file)
        }


def truths(path: Path) -> tuple[Seen, ...]:
    """What somebody saw."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Seen(
                row["clip"],
                row["what"],
                row["leg"],
                int(row["frame"]),
                int(row["last_frame"] or 0),
                int(row["steps"] or 0),
            )
            for row in csv.DictReader(file)
        )


def as_text(line: Line) -> str:
    """One clip in one paragraph."""
    said = line.text if line.outcome == "measured" else f"{line.outcome}: {line.text}"
    if not line.view:
        return f"{line.clip}: {said}"
    legs = [sum(landing.leg == side for landing in line.landings) for side in Side]
    numbers = "; ".join(_told(number) for number in line.numbers)
    told = ", told" if line.told.capture_fps else ""
    return (
        f"{line.clip}: {line.view}; {line.capture_fps:.4g} frames/s ({line.slowed:.3g} times slowed{told}); "
        f"landings left {legs[0]}, right {legs[1]}; {numbers}; doubts {', '.join(line.doubts) or 'none'}; "
        f"cue {line.cue or 'none'}: {said}"
    )


def why_no_cue(lines: Sequence[Line]) -> Iterator[str]:
    """Why each clip that shows landings gets no cue, quantity by quantity."""
    for line in lines:
        if line.cue or not line.view:
            continue
        yield f"{line.clip}: {line.why_id}"
        for one in line.judged:
            yield f"  {one.metric}{f' {one.side}' if one.side else ''}: {one.state}"


def _told(number: Number) -> str:
    unit = CATALOGUE[number.name].unit
    side = f" {number.side}" if number.side else ""
    verdict = f" {number.verdict}" if number.verdict else ""
    return f"{number.name}{side} {number.value:.4g} ± {2 * number.sd:.2g} {unit} (n {number.n}){verdict}"


def scored(lines: Sequence[Line], seen: Sequence[Seen]) -> Iterator[str]:
    """How far touchdowns and cadences are off what was seen, clip by clip and in all."""
    by_clip = {line.clip: line for line in lines}
    every: list[int] = []
    for name in dict.fromkeys(one.clip for one in seen):
        line = by_clip.get(name)
        if line is None or line.outcome != "measured":
            yield f"{name}: not measured"
            continue
        off = [off_frames(line, one) for one in seen if one.clip == name and one.what == "touchdown"]
        known = [each for each in off if each is not None]
        every += known
        yield f"{name}: {_spread(known)}; {len(off) - len(known)} not found{_cadence(line, seen)}"
    yield f"all: {_spread(every)}"


def off_frames(line: Line, one: Seen) -> int | None:
    """Pictures by which the tool's touchdown is later than the one seen; None if it has none there.

    Half a step away it is the next foot's.
    """
    same = [landing.frame - one.frame for landing in line.landings if one.leg in ("", landing.leg)]
    nearest = min(same, key=abs, default=None)
    step = min(np.diff(sorted(landing.frame for landing in line.landings)), default=np.inf)
    within = min(SAME_LANDING_FRAMES, step / 2)
    return nearest if nearest is not None and abs(nearest) <= within else None


def cadence_spm(line: Line, one: Seen) -> float:
    """Steps a minute as counted, with the tool's capture rate."""
    return 60 * one.steps * line.capture_fps / (one.last_frame - one.frame)


def _cadence(line: Line, seen: Sequence[Seen]) -> str:
    said = line.number(CADENCE.name)
    counted = [
        cadence_spm(line, one) for one in seen if one.clip == line.clip and one.what == CADENCE_COUNTED
    ]
    if said is None or not counted:
        return ""
    off_pct = 100 * (said.value / counted[0] - 1)
    return f"; cadence {said.value:.1f}, counted {counted[0]:.1f}: {off_pct:+.1f} %"


CADENCE_COUNTED = "cadence"


def _spread(off: Sequence[int]) -> str:
    if not off:
        return "no touchdown to compare"
    sizes = np.abs(off)
    return (
        f"{len(off)} touchdowns, median {np.median(off):+.1f} pictures, size {np.median(sizes):.1f}, "
        f"worst {sizes.max()}, within one {100 * (sizes <= 1).mean():.0f} %"
    )


if __name__ == "__main__":
    main()
