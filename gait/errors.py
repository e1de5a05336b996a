"""The few things that can go wrong, each with its remedy.

Every message is one sentence or two that a runner can act on: what is wrong, and what to do.
A mistake in this program stays a plain ``ValueError`` or ``TypeError``.
"""

from collections.abc import Sequence


class GaitError(Exception):
    """Something the user can mend; ``str(error)`` says how.

    ``exit_status`` is what the command line returns: 2 when the input cannot be used,
    1 when something else stands in the way.
    """

    exit_status = 2


class UnreadableClip(GaitError):
    """The file is missing, is not a video, or holds no usable frames."""


class UnknownCaptureRate(GaitError):
    """How fast the clip was filmed cannot be told.

    ``rates_fps`` are those that would fit, the best first; ``option`` is where to give one.
    """

    def __init__(self, message: str, rates_fps: tuple[float, ...], option: str) -> None:
        super().__init__(message)
        self.rates_fps, self.option = rates_fps, option


class NoRunner(GaitError):
    """Nobody was found, nobody runs, or the legs are out of the picture."""


class WhichRunner(GaitError):
    """Several people run, and which one is meant cannot be told.

    ``boxes_px`` (left, top, right, bottom) are everybody in picture ``frame``, numbered from 1 from the
    left; ``numbers`` are those who run; ``option`` is where to give one.
    """

    def __init__(
        self,
        numbers: Sequence[int],
        frame: int,
        boxes_px: Sequence[tuple[float, ...]],
        option: str,
    ) -> None:
        super().__init__(
            f"{len(numbers)} people run in this clip: say which one is meant, counted from the left "
            f"({' or '.join(f'{option} {number}' for number in numbers)})."
        )
        self.numbers, self.frame, self.boxes_px, self.option = numbers, frame, boxes_px, option


class Walking(GaitError):
    """The person keeps a foot on the ground: this is walking, and running norms do not apply."""


class TooFewSteps(GaitError):
    """The runner was seen, but for too few steps to measure."""

    def __init__(self, found: int, needed: int) -> None:
        super().__init__(
            f"Only {found} steps could be measured and at least {needed} are needed: "
            "film 8 to 10 seconds of steady running with both feet in the picture."
        )
        self.found, self.needed = found, needed


class WrongView(GaitError):
    """The clip shows the runner from a side that this role cannot use."""


class BadRequest(GaitError):
    """A value the user gave makes no sense (a height of 12 cm, say)."""


class BadTruth(GaitError):
    """A truth, marker or force file is missing, broken, or belongs to another clip."""


class ModelUnavailable(GaitError):
    """The pose model is not on this machine and could not be fetched."""

    exit_status = 1


class OutputFailed(GaitError):
    """A result could not be written."""

    exit_status = 1
