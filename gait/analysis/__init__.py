"""The whole line, in order: the clips of one day in, one cue out. Nobody else knows the order."""

from gait.analysis.clip import ClipAnalysis, Refused, with_contacts
from gait.analysis.glimpse import Glimpse
from gait.analysis.hands import hand_mark, likely_hand, offered_swings, with_hand_marks
from gait.analysis.hips import offered_frames, with_hip_marks
from gait.analysis.judge import METHOD, Analysis, Provenance, judge
from gait.analysis.read import Progress, read_clip, read_clips, read_track, silent, the_model
from gait.analysis.request import ClipRequest, Request, RunnerFacts, ViewFacts
from gait.analysis.whole import analyze, before_the_answer, of_clips

__all__ = [
    "METHOD",
    "Analysis",
    "ClipAnalysis",
    "ClipRequest",
    "Glimpse",
    "Progress",
    "Provenance",
    "Refused",
    "Request",
    "RunnerFacts",
    "ViewFacts",
    "analyze",
    "before_the_answer",
    "hand_mark",
    "judge",
    "likely_hand",
    "of_clips",
    "offered_frames",
    "offered_swings",
    "read_clip",
    "read_clips",
    "read_track",
    "silent",
    "the_model",
    "with_contacts",
    "with_hand_marks",
    "with_hip_marks",
]
