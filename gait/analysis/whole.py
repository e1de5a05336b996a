"""Everything at once: clips in, one cue out."""

from gait.analysis.clip import ClipAnalysis, Refused
from gait.analysis.judge import Analysis, judge
from gait.analysis.read import Progress, read_clips, silent
from gait.analysis.request import Request


def analyze(request: Request, progress: Progress = silent) -> Analysis:
    """Analyse the clips of one runner on one day.

    Raises
    ------
    GaitError
        If none of the clips can be used; the message says why and what to do.
    """
    each = read_clips(request, progress)
    refused = [read for read in each if isinstance(read, Refused)]
    clips = [read for read in each if isinstance(read, ClipAnalysis)]
    if not clips:
        raise refused[0].error
    return judge(clips, request, refused)
