"""What is said of the runner and the day, beside the clips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gait.analysis import ClipRequest, Request, RunnerFacts
from gait.watch.run import Run, day_of_the_only


@dataclass(frozen=True)
class Form:
    """All that the form of a page holds."""

    runner: RunnerFacts
    filmed_on: date | None = None
    """None where it was left open: the films themselves may say."""
    in_pain: bool = False
    shoes: str = ""
    watch: tuple[Run, ...] = ()
    """Runs that the runner's watch kept."""

    def request(self, clips: Sequence[ClipRequest]) -> Request:
        """Ask for these clips."""
        on = self.filmed_on or day_of_the_only(self.watch) or date.today()
        return Request(tuple(clips), self.runner, on, self.in_pain, watch=self.watch)
