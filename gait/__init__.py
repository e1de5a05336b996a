"""Running form from slow-motion video: one clip in, one cue out.

The folders stand in the order in which the data flows, and each imports only from those before it:

    errors, body -> video -> pose -> motion -> metrics -> coaching -> analysis
        -> export -> validate -> cli, ui

``analyze`` runs the whole line; ``Analysis`` is what it gives; ``GaitError`` is what can go wrong.
"""

from gait.analysis import Analysis, Request, analyze
from gait.errors import GaitError

__all__ = ["Analysis", "GaitError", "Request", "analyze"]
