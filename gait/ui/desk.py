"""One kept day on the table: its clips, what was corrected in them, and the numbers that follow."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from gait.analysis import (
    Analysis,
    ClipAnalysis,
    ClipRequest,
    Request,
    judge,
    with_contacts,
    with_hand_marks,
    with_hip_marks,
)
from gait.errors import GaitError
from gait.export.proxy import Proxy, proxy
from gait.metrics.measurement import Measurement
from gait.metrics.words import title, value_text
from gait.months.keep import facts_of
from gait.motion.contact import Contact
from gait.motion.hands import HandMark
from gait.motion.pelvis import HipMarks
from gait.record import ClipRecord, Record, record_of
from gait.store.domain import Assessment
from gait.ui.pinned import Points
from gait.ui.player.component import times_of
from gait.ui.player.rebuilt import edits_of
from gait.ui.player.state import Edits, Mark, edited


@dataclass(frozen=True)
class Moved:
    """One number that an edit moved, as text."""

    name: str
    detected: str
    edited: str


@dataclass(eq=False)
class Sheet:
    """One clip, and what was corrected and drawn in it."""

    found: ClipAnalysis
    """With the contacts as they were detected."""
    shown: Proxy
    edits: Edits
    now: ClipAnalysis
    """With the last contacts that a runner can have."""
    marks: tuple[Mark, ...] = ()
    points: Points = field(default_factory=dict)
    """Joints put right, as they are kept."""
    problem: str = ""
    """Why the newest edits are not counted; empty if they are."""

    @property
    def corrected(self) -> bool:
        """True if contacts, the waistband or the hands are not as they were detected."""
        return self.now.contacts != self.found.contacts or self.hips is not None or bool(self.hands)

    @property
    def hips(self) -> HipMarks | None:
        """What the waistband was marked by; None where its edge was found."""
        return self.now.waist.marks if self.now.waist else None

    @property
    def hands(self) -> tuple[HandMark, ...]:
        """What the hands were marked by; empty where the model's wrists are read."""
        return tuple(swing.mark for swing in self.now.swings)

    def mark_hands(self, marks: Sequence[HandMark]) -> None:
        """Read arm crossover off marks, or with none off the wrists that were found.

        Raises
        ------
        GaitError
            If the marks cannot be read.
        """
        self.now = replace(self.now, swings=with_hand_marks(self.found, marks).swings)

    def mark_hips(self, marks: HipMarks | None) -> None:
        """Follow a line on the waistband, or again the edge that was found.

        Raises
        ------
        GaitError
            If the line cannot be followed.
        """
        waist = self.found.waist if marks is None else with_hip_marks(self.found, marks).waist
        self.now = replace(self.now, waist=waist)

    def restore(self, marks: tuple[Mark, ...], points: Points) -> None:
        """Put what was kept of drawings and joints back."""
        self.marks, self.points = marks, points
        if points:
            self.edits = replace(self.edits, rev=max(1, self.edits.rev), points=points)

    def take(self, edits: Edits) -> bool:
        """Take the player's edits over; False if the numbers stay as they are."""
        if edits == self.edits:
            return False
        self.edits, before = edits, self.now.contacts
        contacts = edited(self.found.contacts, self.shown.events, edits, times_of(self.shown))
        try:
            self.now, self.problem = with_contacts(self.now, contacts), ""
        except GaitError as error:
            self.problem = str(error)
        return self.now.contacts != before


@dataclass(eq=False)
class Desk:
    """One day being reviewed."""

    assessment: Assessment
    kept: Record
    """As it was kept last."""
    sheets: dict[str, Sheet]
    detected: Analysis
    now: Analysis
    mount: int = 0
    """Counts how often the player was opened anew, to show another frame."""
    clip: str = ""
    """The clip in the player, by its id; empty for the one that shows what matters most."""
    frame: int | None = None
    """The frame that it was opened at."""
    advised: Record | None = None
    """The record with the cue that follows from all days; None until it is asked for."""
    saved: dict[str, "_Corrected"] = field(default_factory=dict)
    """What is kept of each clip's corrections."""

    @property
    def whole(self) -> bool:
        """True if every clip of the day is here: only then can the day be judged anew and kept."""
        return [clip.id for clip in self.kept.clips] == list(self.sheets)

    @property
    def unsaved(self) -> bool:
        """True if something was corrected since it was kept."""
        return any(self.saved[id] != _corrected(sheet) for id, sheet in self.sheets.items())

    def take(self, id: str, edits: Edits) -> None:
        """Take the player's edits of a clip over, and judge the day anew if they change it."""
        if self.sheets[id].take(edits):
            self._judge()

    def mark_hips(self, id: str, marks: HipMarks | None) -> None:
        """Follow a line on the waistband of a clip, or again its edge, and judge the day anew.

        Raises
        ------
        GaitError
            If the line cannot be followed; then nothing changes.
        """
        self.sheets[id].mark_hips(marks)
        self._judge()

    def mark_hands(self, id: str, marks: Sequence[HandMark]) -> None:
        """Read arm crossover of a clip off marks, or off none as before, and judge the day anew.

        Raises
        ------
        GaitError
            If the marks cannot be read; then nothing changes.
        """
        self.sheets[id].mark_hands(marks)
        self._judge()

    def _judge(self) -> None:
        self.now = judge([sheet.now for sheet in self.sheets.values()], self.now.request)
        self.advised = None

    def moved(self) -> tuple[Moved, ...]:
        """Name the numbers that are not as detected."""
        return differing(self.detected.measurements, self.now.measurements)

    def record(self) -> Record:
        """The day's record with what was corrected; what was known of the clips from then stays."""
        record = record_of(self.now)
        then = {clip.id: clip for clip in self.kept.clips}
        clips = tuple(_as_then(clip, then[clip.id]) for clip in record.clips)
        return replace(record, clips=clips, refused=self.kept.refused)

    def note_saved(self, record: Record) -> None:
        """Note that this record is kept now."""
        self.kept = record
        self.saved = {id: _corrected(sheet) for id, sheet in self.sheets.items()}


def opened(assessment: Assessment, record: Record, clips: Sequence[ClipAnalysis]) -> Desk:
    """Lay the clips of a day, read again, on the table, with what was corrected earlier.

    Raises
    ------
    ValueError
        If there is no clip.
    """
    kept = {clip.id: clip for clip in record.clips}
    sheets = {clip.id: _sheet(clip, kept[clip.id]) for clip in clips}
    wanted = tuple(ClipRequest(clip.clip.path, id=clip.id) for clip in clips)
    in_pain = record.in_pain or assessment.day.in_pain
    request = Request(wanted, facts_of(record, assessment.day), record.filmed_on, in_pain)
    detected = judge([sheet.found for sheet in sheets.values()], request)
    now = judge([sheet.now for sheet in sheets.values()], request)
    saved = {id: _corrected(sheet) for id, sheet in sheets.items()}
    return Desk(assessment, record, sheets, detected, now, saved=saved)


def differing(before: Sequence[Measurement], after: Sequence[Measurement]) -> tuple[Moved, ...]:
    """Name the numbers that read otherwise."""
    texts = {_key(m): value_text(m) for m in before}
    return tuple(
        Moved(title(m), texts.get(_key(m), "–"), value_text(m))
        for m in after
        if value_text(m) != texts.get(_key(m), "–")
    )


def _key(m: Measurement) -> tuple[object, ...]:
    return m.name, m.side, m.clip


_Corrected = tuple[tuple[Contact, ...], HipMarks | None, tuple[HandMark, ...]]


def _corrected(sheet: Sheet) -> _Corrected:
    return sheet.now.contacts, sheet.hips, sheet.hands


def _sheet(clip: ClipAnalysis, kept: ClipRecord) -> Sheet:
    found = replace(clip, contacts=clip.detected)
    shown = proxy(found)
    edits = edits_of(shown.events, clip.contacts, shown.frames)
    sheet = Sheet(found, shown, Edits(), found)
    sheet.take(edits)
    with suppress(GaitError):
        if kept.hips is not None:
            sheet.mark_hips(kept.hips)
        sheet.mark_hands(kept.hands)
    return sheet


def _as_then(clip: ClipRecord, then: ClipRecord) -> ClipRecord:
    return replace(clip, file=then.file, time_base=then.time_base)
