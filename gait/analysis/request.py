"""What the user asks for, checked once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from gait.body import Side, View
from gait.errors import BadRequest
from gait.motion.hands import HandMark
from gait.motion.pelvis import HipMarks
from gait.motion.scale import require_runner
from gait.motion.timebase import require_rate
from gait.watch.run import Run

MOST_CLIPS = 6


@dataclass(frozen=True)
class ClipRequest:
    """One clip, and what the user knows of it. What it shows is seen in the picture."""

    path: Path
    capture_fps: float | None = None
    """Frames per second at which it was filmed; None to work it out."""
    person: int | None = None
    """Which person, counted from the left; None to choose who runs."""
    near: Side | None = None
    """Side of the body that faced the camera; None to see it. Needed for a mirrored film."""
    mirrored: bool = False
    """The film shows left and right exchanged."""
    tape: bool | None = None
    """Two pieces of tape on the waistband: None to look for them."""
    hips: HipMarks | None = None
    """Two marks on the waistband of a clip from behind; None to look for its edge."""
    hands: tuple[HandMark, ...] = ()
    """Marks of the hands in a clip from the front; empty to read the wrists that the model sees."""
    id: str | None = None
    """What the clip is called in the record; None for its file name."""

    def __post_init__(self) -> None:
        require_rate(self.capture_fps)


@dataclass(frozen=True)
class RunnerFacts:
    """What is known of the runner and the run without the clips."""

    height_cm: float | None = None
    speed_kmh: float | None = None
    incline_pct: float | None = None
    """Rise of the belt or the road in per cent."""

    def __post_init__(self) -> None:
        require_runner(self.height_cm, self.speed_kmh)


@dataclass(frozen=True)
class ViewFacts:
    """What the user knows of whichever clip shows this view."""

    view: View
    capture_fps: float | None = None
    person: int | None = None

    def __post_init__(self) -> None:
        require_rate(self.capture_fps)

    @property
    def says_something(self) -> bool:
        """True if anything is known."""
        return self.capture_fps is not None or self.person is not None


@dataclass(frozen=True)
class Request:
    """The clips of one runner on one day, in any order.

    Raises
    ------
    BadRequest
        If there is no clip, or more than six, or one of them twice; or a watch's file has no run of the day.
    """

    clips: tuple[ClipRequest, ...]
    runner: RunnerFacts = RunnerFacts()
    filmed_on: date = field(default_factory=date.today)
    in_pain: bool = False
    whole: bool = False
    """Read every step of a long clip, not about 20."""
    of_views: tuple[ViewFacts, ...] = ()
    """What is known of a clip by its view; what is known of the clip itself comes first."""
    watch: tuple[Run, ...] = ()
    """Runs that the runner's watch kept, that of the clips among them."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.clips) <= MOST_CLIPS:
            raise BadRequest(f"Give one to {MOST_CLIPS} clips of one runner on one day.", id="clips")
        twice = [name for name, count in Counter(clip_ids(self.clips)).items() if count > 1]
        if twice:
            raise BadRequest(f"{twice[0]} is given twice: give each clip once.", id="clips")
        if self.watch and not any(run.may_be_of(self.filmed_on) for run in self.watch):
            last = max(run.day for run in self.watch)
            raise BadRequest(
                f"{self.watch[0].file} has no run of {self.filmed_on}, the day of the clips; its last is of "
                f"{last}: give that day's file, or the right day.",
                id="watch",
                field="filmed_on",
            )


def clip_ids(clips: Sequence[ClipRequest]) -> tuple[str, ...]:
    """What each clip is called: its own id, else its file name, with its folder where names are alike."""
    names = Counter(clip.path.name for clip in clips)
    return tuple(
        clip.id or (clip.path.name if names[clip.path.name] == 1 else str(clip.path)) for clip in clips
    )
