"""Two records of one runner, and what changed between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from gait.analysis import ClipAnalysis
from gait.coaching.book import Recipe
from gait.coaching.change import Comparison, compare
from gait.coaching.scatter import Own
from gait.errors import BadRequest
from gait.months.assessed import assessed
from gait.months.plan import Dated
from gait.record import ClipRecord, Record


@dataclass(frozen=True, eq=False)
class Pair:
    """The earlier record, the later one, and what can be said of the difference."""

    before: Record
    after: Record
    comparison: Comparison
    names: tuple[str, str]
    """What the two are called: their days, or the file where the day is not known."""

    def clips(self) -> tuple[ClipRecord, ClipRecord] | None:
        """The two clips that can be laid side by side: of one view; None if there are none."""
        for clip in (self.after.main, *self.after.clips):
            for other in self.before.clips:
                if other.view is clip.view:
                    return other, clip
        return None

    def films(self, read: Sequence[ClipAnalysis]) -> tuple[ClipAnalysis, ClipAnalysis] | None:
        """The same two of clips that were read; None if one of them was not."""
        by_content = {clip.clip.sha256: clip for clip in read}
        both = self.clips()
        one, other = (by_content.get(clip.sha256) for clip in both) if both else (None, None)
        return (one, other) if one is not None and other is not None else None


def pair(one: Dated, other: Dated, open_cue: Recipe | None = None, own: Sequence[Own] = ()) -> Pair:
    """Set two records side by side, the earlier one first; as given where a day is not known.

    Parameters
    ----------
    own
        How far this runner scatters, where something tells.

    Raises
    ------
    BadRequest
        If both are the same record.
    """
    before, after = (one, other)
    if not (one.undated or other.undated):
        before, after = sorted((one, other), key=lambda each: each.record.filmed_on)
    same = {clip.sha256 for clip in before.record.clips} == {clip.sha256 for clip in after.record.clips}
    if same and before.record.filmed_on == after.record.filmed_on:
        raise BadRequest("These two are the same films: give two of different days.", id="same")
    found = compare(assessed(before.record, before.day), assessed(after.record, after.day), open_cue, own)
    return Pair(before.record, after.record, found, (before.name, after.name))
