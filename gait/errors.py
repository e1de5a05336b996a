"""What can go wrong and what can be missing: each with its remedy, the field it is about, and the clip.

Every text is one sentence or two that a runner can act on: what is wrong, and what to do. No text names a
command-line option or a widget: ``field`` names the field of the request (``height_cm``, ``capture_fps``)
that would mend it, and the command line and the pages say that in their own words.
A mistake in this program stays a plain ``ValueError`` or ``TypeError``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reason:
    """Why something is missing: told apart by its id, said by its text."""

    id: str
    text: str
    field: str = ""
    """The field of the request that would mend it; empty if none would."""

    def __str__(self) -> str:
        return self.text


class GaitError(Exception):
    """Something the user can mend; ``str(error)`` says how. Survives pickling.

    ``exit_status`` is what the command line returns: 2 when the input cannot be used,
    1 when something else stands in the way.
    """

    exit_status = 2
    id = "error"
    field = ""
    """The field of the request that would mend it; empty if none would."""
    clip = ""
    """Which clip it is about, by its id; empty if none or not yet known."""

    def __init__(self, message: str, *, id: str = "", field: str = "", clip: str = "") -> None:
        super().__init__(message)
        self.id = id or type(self).id
        self.field = field or type(self).field
        self.clip = clip

    @property
    def reason(self) -> Reason:
        """The same as a reason."""
        return Reason(self.id, str(self), self.field)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[GaitError], args: tuple[Any, ...], state: dict[str, Any]) -> GaitError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class UnreadableClip(GaitError):
    """The file is missing, is not a video, or holds no usable frames."""

    id = "unreadable"


class UnknownCaptureRate(GaitError):
    """How fast the clip was filmed cannot be told; ``rates_fps`` are those that would fit, the best first."""

    id, field = "capture-rate", "capture_fps"

    def __init__(self, message: str, rates_fps: Sequence[float] = ()) -> None:
        super().__init__(message)
        self.rates_fps = tuple(rates_fps)


class NoRunner(GaitError):
    """Nobody was found, nobody runs, or the legs are out of the picture."""

    id = "no-runner"


class WhichRunner(GaitError):
    """Several people run, and which one is meant cannot be told.

    ``boxes_px`` (left, top, right, bottom) are everybody in picture ``frame``, numbered from 1 from the
    left; ``numbers`` are those who run.
    """

    id, field = "which-runner", "person"

    def __init__(self, numbers: Sequence[int], frame: int, boxes_px: Sequence[tuple[float, ...]]) -> None:
        super().__init__(
            f"{len(numbers)} people run in this clip: say which one is meant, counted from the left "
            f"({' or '.join(str(number) for number in numbers)})."
        )
        self.numbers, self.frame, self.boxes_px = tuple(numbers), frame, tuple(boxes_px)


class NotAsFilmed(GaitError):
    """The film was changed after it was taken: it plays backward, or its picture was pulled out of shape."""

    id = "not-as-filmed"


class Walking(GaitError):
    """The person keeps a foot on the ground: this is walking, and running norms do not apply."""

    id = "walking"


class TooFewSteps(GaitError):
    """The runner was seen, but for too few steps to measure."""

    id = "too-few-steps"

    def __init__(self, found: int, needed: int) -> None:
        super().__init__(
            f"Only {found} steps could be measured and at least {needed} are needed: "
            "film 8 to 10 seconds of steady running with both feet in the picture."
        )
        self.found, self.needed = found, needed


class WrongView(GaitError):
    """The clip shows the runner from where nothing can be measured."""

    id = "view"


class BadRequest(GaitError):
    """A value the user gave makes no sense (a height of 12 cm, say)."""

    id = "request"


class BadTruth(GaitError):
    """A truth, marker or force file is missing, broken, or belongs to another clip."""

    id = "truth"


class BadRecord(GaitError):
    """A record is damaged, is none, or is of another version of this tool."""

    id = "record"


class ModelUnavailable(GaitError):
    """The pose model is not on this machine and could not be fetched."""

    id = "model"
    exit_status = 1


class ClusterFailed(GaitError):
    """Other machines that were to do work cannot be reached, or are not of this version."""

    id = "cluster"
    exit_status = 1


class OutputFailed(GaitError):
    """A result could not be written."""

    id, field = "output", "out"
    exit_status = 1


class StoreFailed(GaitError):
    """The store cannot be opened, read or written; what was saved before is as it was."""

    id = "store"
    exit_status = 1


class StoreRefused(StoreFailed):
    """What was asked of the store makes no sense, or is not there for the one who asks."""

    exit_status = 2
