"""What the store keeps, as frozen values; no table leaves the room.

Ids are UUIDs, so that what two computers keep never collides. Dates are the runner's own days; instants
(``..._at``) are in UTC.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from gait.errors import StoreRefused
from gait.store.texts import line, prose

Role = Literal["runner", "coach"]
Units = Literal["metric", "imperial"]
Surface = Literal["treadmill", "ground"]
Source = Literal["detected", "edited"]
FileKind = Literal["clip", "proxy", "picture", "video"]
MarkKind = Literal["line", "angle", "arrow", "text", "note", "free", "joint"]
"""What a mark is; "joint" is a joint that was put right in one frame, with its name as the text."""
TaskState = Literal["begun", "done", "refused", "asked", "failed", "poison"]
MOST_POINTS = 5000
MOST_FRAMES = 10_000_000


@dataclass(frozen=True)
class Actor:
    """Who asks. A runner sees the runners he owns; a coach also those that were granted to him."""

    id: str
    name: str
    role: Role = "runner"


LOCAL = Actor("local", "you", "coach")
"""Whoever sits at this computer."""


@dataclass(frozen=True)
class Profile:
    """What a runner says about himself."""

    name: str
    units: Units = "metric"
    height_cm: float | None = None
    notes: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", line(self.name, "name"))
        object.__setattr__(self, "notes", prose(self.notes, "notes"))
        _one_of(self.units, Units, "units")
        _within(self.height_cm, 50, 260, "height_cm")


@dataclass(frozen=True)
class Runner:
    """One runner, and since when he is in the bin, if he is."""

    id: str
    owner_id: str
    profile: Profile
    created_at: datetime
    deleted_at: datetime | None = None

    @property
    def name(self) -> str:
        """What the runner is called."""
        return self.profile.name


@dataclass(frozen=True)
class Day:
    """The circumstances under which the clips were filmed; ``None`` is not known."""

    filmed_on: date
    speed_kmh: float | None = None
    shoes: str = ""
    surface: Surface | None = None
    incline_pct: float | None = None
    minutes_run_before: float | None = None
    first_time_on_treadmill: bool | None = None
    in_pain: bool = False
    notes: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "shoes", line(self.shoes, "shoes", needed=False))
        object.__setattr__(self, "notes", prose(self.notes, "notes"))
        if self.surface is not None:
            _one_of(self.surface, Surface, "surface")
        _yes_or_no(self.in_pain, "in_pain")
        if self.first_time_on_treadmill is not None:
            _yes_or_no(self.first_time_on_treadmill, "first_time_on_treadmill")
        _within(self.speed_kmh, 0, 50, "speed_kmh")
        _within(self.incline_pct, -40, 40, "incline_pct")
        _within(self.minutes_run_before, 0, 1440, "minutes_run_before")


@dataclass(frozen=True)
class KeptClip:
    """A clip of an assessment: ``id`` is the record's name for it."""

    id: str
    file: str
    view: str
    sha256: str


@dataclass(frozen=True)
class KeptFile:
    """A file in the store; ``clip`` is the id of the clip it was made from, empty for the whole day."""

    kind: FileKind
    name: str
    sha256: str
    n_bytes: int
    clip: str = ""

    def __post_init__(self) -> None:
        _one_of(self.kind, FileKind, "kind")
        line(self.name, "name")
        line(self.clip, "clip", needed=False)
        _within(self.n_bytes, 0, 2**62, "n_bytes")


@dataclass(frozen=True)
class Assessment:
    """One day of one runner, as its current record says; the record itself is asked for on its own."""

    id: str
    runner_id: str
    day: Day
    schema: int
    method: str
    source: Source
    saved_at: datetime
    clips: tuple[KeptClip, ...]
    files: tuple[KeptFile, ...]


@dataclass(frozen=True)
class Point:
    """One metric on one day: value, its whole uncertainty and the part that would differ if filmed again."""

    assessment_id: str
    filmed_on: date
    metric: str
    side: str
    """``left``, ``right``, or empty for both."""
    value: float
    unit: str
    uncertainty: float
    """One standard deviation; NaN if the record has none."""
    repeatability: float
    """One standard deviation; NaN if the record has none."""
    n: int
    method: str
    speed_kmh: float | None


@dataclass(frozen=True)
class Plan:
    """A cue that is given: from when, until when, and what will decide whether it worked."""

    cue_id: str
    given_on: date
    retest_on: date
    check_metric: str

    def __post_init__(self) -> None:
        line(self.cue_id, "cue_id")
        line(self.check_metric, "check_metric")
        if self.retest_on < self.given_on:
            raise StoreRefused(
                "The day to film again lies before the day of the cue: choose a later one.",
                id="dates",
                field="retest_on",
            )


@dataclass(frozen=True)
class Closing:
    """How a cue ended."""

    outcome: str
    closed_on: date

    def __post_init__(self) -> None:
        line(self.outcome, "outcome")


@dataclass(frozen=True)
class Prescription:
    """A cue that was given to a runner after an assessment; ``closing`` is missing while it is open."""

    id: str
    runner_id: str
    assessment_id: str
    plan: Plan
    closing: Closing | None


@dataclass(frozen=True)
class Pin:
    """Where a note hangs: a frame of a clip and, if it is about one, a joint."""

    clip: str
    frame: int
    joint: str = ""

    def __post_init__(self) -> None:
        line(self.clip, "clip")
        line(self.joint, "joint", needed=False)
        _frame(self.frame)


@dataclass(frozen=True)
class Note:
    """What somebody said about a frame."""

    id: str
    assessment_id: str
    pin: Pin
    text: str
    author: str
    written_at: datetime


@dataclass(frozen=True)
class Mark:
    """Something drawn on a frame; points in pixels of the upright picture."""

    kind: MarkKind
    frame: int
    points_px: tuple[tuple[float, float], ...]
    text: str = ""

    def __post_init__(self) -> None:
        _one_of(self.kind, MarkKind, "kind")
        _frame(self.frame)
        object.__setattr__(self, "text", prose(self.text, "text"))
        flat = [number for point in self.points_px for number in point]
        if len(self.points_px) > MOST_POINTS or not all(math.isfinite(number) for number in flat):
            raise StoreRefused("This drawing has points that make no sense: draw it again.", id="drawing")


@dataclass(frozen=True)
class Overrule:
    """A coach's decision against the cue that was chosen, and why."""

    id: str
    assessment_id: str
    cue_id: str
    reason: str
    author: str
    decided_at: datetime


@dataclass(frozen=True)
class Task:
    """One assessment of a batch: what became of it, by the digest of all that it was asked with."""

    key: str
    state: TaskState
    text: str = ""
    """What is to be remembered of it, such as why it was refused; the batch's own words."""
    deaths: int = 0
    """How many programs ended while they read it."""
    assessment_id: str | None = None

    def __post_init__(self) -> None:
        _one_of(self.state, TaskState, "state")
        if len(self.key) != 64 or not set(self.key) <= set("0123456789abcdef"):
            raise ValueError("the key of a task is a SHA-256")


@dataclass(frozen=True)
class Scatter:
    """How far a metric of a runner scatters from day to day, as something beside the films shows it."""

    metric: str
    day_sd: float
    """One standard deviation, in the metric's unit."""
    df: float
    """Degrees of freedom behind it."""
    basis: str
    """Where it is from."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "metric", line(self.metric, "metric"))
        object.__setattr__(self, "basis", line(self.basis, "basis"))
        _within(self.day_sd, 0, 1000, "day_sd")
        _within(self.df, 1, 1000, "df")


@dataclass(frozen=True)
class Agreed:
    """What somebody agreed to: for what, who, when, and until when if that was said."""

    purpose: str
    given_by: str
    """The runner, or who may decide for him."""
    given_on: date
    until: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "purpose", prose(self.purpose, "purpose"))
        if not self.purpose:
            raise StoreRefused("Say what was agreed to.", id="empty", field="purpose")
        object.__setattr__(self, "given_by", line(self.given_by, "given_by"))
        if self.until is not None and self.until < self.given_on:
            raise StoreRefused(
                "This ends before it was given: choose a later day.", id="dates", field="until"
            )


@dataclass(frozen=True)
class Consent:
    """A consent as it was written down, and since when it is taken back, if it is."""

    id: str
    runner_id: str
    agreed: Agreed
    author: str
    """Who wrote it down."""
    written_at: datetime
    withdrawn_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """True if it was given by that day, has not ended and is not taken back."""
        ended = self.agreed.until is not None and day > self.agreed.until
        taken_back = self.withdrawn_on is not None and day >= self.withdrawn_on
        return self.agreed.given_on <= day and not ended and not taken_back


@dataclass(frozen=True)
class Event:
    """Who did what, when; never what it said."""

    at: datetime
    actor_id: str
    actor_name: str
    runner_id: str
    what: str
    subject_id: str


def _one_of(value: object, allowed: object, field: str) -> None:
    if value not in get_args(allowed):
        raise StoreRefused(f"{value!r} is none of {', '.join(get_args(allowed))}.", id="value", field=field)


def _yes_or_no(value: object, field: str) -> None:
    if not isinstance(value, bool):
        raise TypeError(f"{field} is yes or no")


def _frame(value: object) -> None:
    if not isinstance(value, int) or not 0 <= value < MOST_FRAMES:
        raise ValueError("frames are counted from 0")


def _within(value: float | None, low: float, high: float, field: str) -> None:
    if value is not None and not low <= value <= high:
        raise StoreRefused(f"{value:g} is not between {low:g} and {high:g}.", id="value", field=field)
