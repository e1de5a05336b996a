"""What an athlete takes home: one page for any browser, and one sheet of paper.

Drawings are burnt into the frames and the page carries its pictures itself: both open anywhere, offline.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources

import numpy as np
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from gait import plain
from gait.analysis import ClipAnalysis
from gait.body import JOINTS
from gait.export import overlay
from gait.export.overlay import Landing, Picture
from gait.export.pictures import first_frame_of_contact
from gait.export.report import Row, as_data_url, rows
from gait.export.sheet import Sheet, Words, written
from gait.motion.scale import Scale
from gait.record import Record
from gait.store.domain import Mark, Note, Overrule
from gait.video.reader import frames

NUMBERS, SHEET_STILLS = 4, 2
MARGIN, NARROWEST = 0.16, 0.72
"""Room around the runner as a share of his height in the picture, and the least width as a share of it."""
STILL_HEIGHT_PX, STILL_QUALITY = 1080, 88
DATE = "%d %B %Y"
LANDING_TEXT = "White: straight down from the hip. Red: overstride. Green: shin. Blue: trunk."
NO_DIAGNOSIS = "These are measurements of movement, not a diagnosis."
MOVED = "Moved by hand: {}; the numbers are as they were read."
AGAIN = "Same speed, shoes, side and camera."


@dataclass(frozen=True, eq=False)
class Marked:
    """One clip with what was drawn and noted on it."""

    clip: ClipAnalysis
    marks: tuple[Mark, ...] = ()
    """Drawings, and the joints that were moved."""
    notes: tuple[Note, ...] = ()

    def drawings(self, frame: int) -> list[Mark]:
        """What was drawn on a frame."""
        return [mark for mark in self.marks if mark.frame == frame and mark.kind != "joint"]

    def moved(self, frame: int) -> dict[str, tuple[float, float]]:
        """Where joints were moved to in a frame, by what they are called."""
        of_frame = [mark for mark in self.marks if mark.frame == frame and mark.kind == "joint"]
        return {mark.text: mark.points_px[0] for mark in of_frame if mark.text in JOINTS}


@dataclass(frozen=True, eq=False)
class Still:
    """One frame with what was drawn on it."""

    jpeg: bytes
    caption: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, eq=False)
class TakeHome:
    """Everything that goes home."""

    name: str
    record: Record
    stills: tuple[Still, ...]
    note: str = ""
    """What the coach says of the whole day."""
    overruled: Overrule | None = None
    """The coach's decision against the cue."""

    @property
    def numbers(self) -> list[Row]:
        """The four numbers: behind the cue first, then what stands out, then what there is a range for."""
        found = rows(self.record)
        ranked = sorted(found, key=lambda r: (not r.behind_the_cue, not r.verdict, r.usual == "–"))
        return ranked[:NUMBERS]


def stills(clips: Sequence[Marked], scale: Scale | None, main: str) -> tuple[Still, ...]:
    """Draw the landing that proves the main clip's numbers, and every frame that was drawn on or noted.

    Parameters
    ----------
    main
        Id of the clip that shows what matters most.

    Raises
    ------
    UnreadableClip
        If a clip cannot be read any more.
    """
    ordered = sorted(clips, key=lambda each: each.clip.id != main)
    return tuple(still for each in ordered for still in _stills(each, scale, each.clip.id == main))


def takehome_html(take: TakeHome) -> str:
    """One page that asks nothing of the network and needs no script."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["shown"] = lambda text: Markup(plain.markup(text))
    source = resources.files(__package__).joinpath("takehome.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source).render(
        take=take,
        cue=take.record.advice.cue,
        why=take.record.advice.why,
        day=f"{take.record.filmed_on:{DATE}}",
        stills=[(as_data_url(still.jpeg, "image/jpeg"), still) for still in take.stills],
        again=AGAIN,
        no_diagnosis=NO_DIAGNOSIS,
    )


def takehome_pdf(take: TakeHome) -> bytes:
    """One sheet of A4."""
    day = f"{take.record.filmed_on:{DATE}}"
    sheet = Sheet()
    sheet.head(plain.line(take.name), day)
    sheet.box(_said(take))
    note = [Words(f"{plain.line(note.text)} ({plain.line(note.author)})") for note in _notes(take)]
    if take.note:
        note.insert(0, Words(plain.line(take.note)))
    sheet.foot([Words("Note", 8.5, bold=True, soft=True), *note] if note else [], NO_DIAGNOSIS)
    sheet.cells([(row.value, row.name, _usual(row)) for row in take.numbers])
    sheet.pictures([(still.jpeg, still.caption) for still in take.stills[:SHEET_STILLS]])
    buffer = io.BytesIO()
    written(sheet, buffer, {"Title": f"Running form, {plain.line(take.name)}, {day}"})
    return buffer.getvalue()


def _said(take: TakeHome) -> list[Words]:
    """The cue as the sheet says it, or the coach's own, or why there is none."""
    cue, over = take.record.advice.cue, take.overruled
    if over is not None:
        first = [Words(f"{over.author} decided on {over.decided_at:{DATE}}", 8.5, bold=True, soft=True)]
        instead = f"Instead of: {cue.text}" if cue else ""
        return [*first, Words(plain.line(over.reason), 15, bold=True), Words(instead, soft=True)]
    if cue is None:
        return [Words("No cue", 15, bold=True), Words(plain.line(take.record.advice.why))]
    return [
        Words("What to work on", 8.5, bold=True, soft=True),
        Words(cue.text, 16, bold=True),
        Words(take.record.advice.why),
        *([Words(f"Drill: {cue.drill}")] if cue.drill not in take.record.advice.why else []),
        *([Words(f"How much: {cue.dose}")] if cue.dose != cue.drill else []),
        Words(f"Film again on {cue.retest:{DATE}}. {AGAIN}"),
    ]


def _notes(take: TakeHome) -> list[Note]:
    return [note for still in take.stills for note in still.notes]


def _usual(row: Row) -> str:
    return "" if row.usual == "–" else f"usual {row.usual}"


@dataclass(frozen=True)
class _Wanted:
    """One frame to draw."""

    frame: int
    caption: str
    landing: Landing | None = None


def _stills(each: Marked, scale: Scale | None, is_main: bool) -> Iterator[Still]:
    wanted = {want.frame: want for want in _wanted(each, scale, is_main)}
    numbers = np.array(sorted(wanted), dtype=int)
    pictures = {f.index: f.rgb for f in frames(each.clip.clip, numbers)} if len(numbers) else {}
    for number, want in wanted.items():
        if number in pictures:
            rgb = _drawn(each, pictures[number], want)
            notes = tuple(note for note in each.notes if note.pin.frame == number)
            yield Still(overlay.as_jpeg(rgb, STILL_QUALITY), _caption(each, want), notes)


def _caption(each: Marked, want: _Wanted) -> str:
    joints = each.moved(want.frame)
    return f"{want.caption} {MOVED.format(', '.join(joints))}" if joints else want.caption


def _wanted(each: Marked, scale: Scale | None, is_main: bool) -> Iterator[_Wanted]:
    """The landing first, then what was drawn on; without that, the main clip's midstance as well."""
    touched = sorted({mark.frame for mark in each.marks} | {note.pin.frame for note in each.notes})
    known = {int(number) for number in range(len(each.clip.clip.pts_s))}
    proof = overlay.typical(overlay.landings(each.clip, scale)) if is_main else None
    if proof is not None:
        frame = first_frame_of_contact(each.clip, proof.contact.touchdown_s)
        text = f"Landing of the {proof.contact.side} foot."
        plumb = f" {LANDING_TEXT}" if np.isfinite(proof.overstride_pct) else ""
        yield _Wanted(frame, f"{text}{plumb}", proof)
        touched = [number for number in touched if number != frame]
    for number in touched:
        if number in known:
            yield _Wanted(number, f"{_moment_s(each.clip, number):.2f} s into the clip.")
    middle_s = _middle_s(proof)
    if not touched and middle_s is not None:
        frame = first_frame_of_contact(each.clip, middle_s)
        yield _Wanted(frame, "The same step, the body over the foot.")


def _middle_s(proof: Landing | None) -> float | None:
    if proof is None or not np.isfinite(proof.contact.duration_s):
        return None
    return proof.contact.touchdown_s + proof.contact.duration_s / 2


def _moment_s(clip: ClipAnalysis, frame: int) -> float:
    return float(clip.base.capture_s(clip.clip.pts_s[frame : frame + 1])[0])


def _drawn(each: Marked, rgb: Picture, want: _Wanted) -> Picture:
    """Cut out the runner, and draw: lines of the landing below, what people drew on top."""
    points = each.clip.motion.pixels_at(_moment_s(each.clip, want.frame))
    marks, joints = each.drawings(want.frame), each.moved(want.frame)
    for name, xy in joints.items():
        points[JOINTS[name]] = xy
    left, top, right, bottom = _around(points, marks, (rgb.shape[1], rgb.shape[0]))
    part, corner = np.ascontiguousarray(rgb[top:bottom, left:right]), np.array([left, top])
    near = each.clip.near
    if want.landing is not None:
        part = overlay.with_landing(part, points - corner, near, want.landing)
    elif joints or not marks:
        part = overlay.with_skeleton(part, points - corner, near)
    moved = [replace(m, points_px=tuple((x - left, y - top) for x, y in m.points_px)) for m in marks]
    return overlay.scaled_to(overlay.with_drawings(part, moved), STILL_HEIGHT_PX)


def _around(points: np.ndarray, marks: Sequence[Mark], size_px: tuple[int, int]) -> tuple[int, ...]:
    """Left, top, right, bottom of the part that holds the runner and everything drawn."""
    drawn = np.array([point for mark in marks for point in mark.points_px]).reshape(-1, 2)
    seen = np.concatenate([points[np.isfinite(points).all(axis=1)], drawn])
    if not len(seen):
        return 0, 0, *size_px
    (left, top), (right, bottom) = seen.min(axis=0), seen.max(axis=0)
    room = MARGIN * (bottom - top)
    wide = max(right - left + 2 * room, NARROWEST * (bottom - top + 2 * room))
    middle = (left + right) / 2
    box = np.array([middle - wide / 2, top - room, middle + wide / 2, bottom + room])
    limit = np.array([*size_px, *size_px])
    return tuple(int(side) for side in np.clip(box, 0, limit))
