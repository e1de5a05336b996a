"""What is said of the runner and the day, beside the clips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gait.analysis import ClipRequest, Request, RunnerFacts
from gait.watch.run import Run


@dataclass(frozen=True)
class Form:
    """All that the form of a page holds."""

    runner: RunnerFacts
    filmed_on: date
    in_pain: bool
    shoes: str
    watch: tuple[Run, ...] = ()
    """Runs that the runner's watch kept."""

    def request(self, clips: Sequence[ClipRequest]) -> Request:
        """Ask for these clips."""
        return Request(tuple(clips), self.runner, self.filmed_on, self.in_pain, watch=self.watch)
