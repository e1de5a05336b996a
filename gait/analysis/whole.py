"""Everything at once: clips in, one cue out."""

from collections.abc import Sequence
from dataclasses import replace

from gait.analysis.clip import ClipAnalysis, Refused
from gait.analysis.judge import Analysis, judge
from gait.analysis.read import Progress, Read, read_clips, silent
from gait.analysis.request import Request
from gait.coaching.cue import Advice
from gait.errors import Reason
from gait.metrics.catalogue import CATALOGUE, SPEED, Trait, with_any
from gait.metrics.measurement import Measurement, missing

RATE_UNKNOWN = Reason(
    "rate-unknown", "it hangs on how fast this was filmed, which is not known: give that", "capture_fps"
)
ESTIMATES = (
    "How fast this was filmed is not known. What stands here hardly hangs on it: it is estimated, and gets "
    "no verdict; the pictures show what was seen."
)


def analyze(request: Request, progress: Progress = silent) -> Analysis:
    """Analyse the clips of one runner on one day.

    Raises
    ------
    GaitError
        If none of the clips can be used; the message says why and what to do.
    """
    return of_clips(read_clips(request, progress), request)


def of_clips(each: Sequence[Read], request: Request) -> Analysis:
    """Judge the clips that were read.

    Raises
    ------
    GaitError
        If none of the clips can be used: why the first one cannot.
    """
    refused = [read for read in each if isinstance(read, Refused)]
    clips = [read for read in each if isinstance(read, ClipAnalysis)]
    if not clips:
        raise refused[0].error
    return judge(clips, request, refused)


def before_the_answer(each: Sequence[Read], request: Request) -> Analysis | None:
    """What can be shown of clips whose capture rate is not known: nothing in time or metres, and no verdict.

    None if there is no such clip, or if another one could be judged.
    """
    refused = [read for read in each if isinstance(read, Refused)]
    clips = [read.meanwhile for read in refused if read.meanwhile is not None]
    if not clips or len(refused) < len(each):
        return None
    found = judge(clips, request, [read for read in refused if read.meanwhile is None])
    return _without_time(found, height_known=request.runner.height_cm is not None)


def _without_time(found: Analysis, *, height_known: bool) -> Analysis:
    speed = found.speed if found.speed is not None and found.speed.given else None
    in_doubt = set(with_any(Trait.TIME) if height_known else with_any(Trait.TIME, Trait.METRES))
    in_doubt -= {SPEED.name} if speed else set()
    return replace(
        found,
        measurements=tuple(_withheld(m) if m.name in in_doubt else m for m in found.measurements),
        differences=(),
        findings=(),
        doubts=tuple(doubt for doubt in found.doubts if doubt.clip),
        speed=speed,
        scale=found.scale if height_known else None,
        advice=Advice(None, ESTIMATES, why_id=RATE_UNKNOWN.id, field=RATE_UNKNOWN.field),
    )


def _withheld(measurement: Measurement) -> Measurement:
    if measurement.why_missing is not None:
        return measurement
    return missing(CATALOGUE[measurement.name], measurement.side, measurement.clip, RATE_UNKNOWN)
