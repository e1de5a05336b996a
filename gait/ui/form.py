"""What is said of the runner and the day, beside the clips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gait.analysis import ClipRequest, Request, RunnerFacts


@dataclass(frozen=True)
class Form:
    """All that the form of a page holds."""

    runner: RunnerFacts
    filmed_on: date | None = None
    """None where it was left open: the films themselves may say."""
    in_pain: bool = False
    shoes: str = ""

    def request(self, clips: Sequence[ClipRequest]) -> Request:
        """Ask for these clips."""
        return Request(tuple(clips), self.runner, self.filmed_on or date.today(), self.in_pain)
