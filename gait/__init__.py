"""Running form from slow-motion video: one clip in, one cue out.

The folders stand in the order in which the data flows, and each imports only from those before it:

    errors, body -> video -> pose -> motion -> metrics -> coaching -> analysis
        -> store -> export -> validate -> ui -> cli

``analyze`` runs the whole line; ``Analysis`` is what it gives; ``GaitError`` is what can go wrong.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gait.analysis import Analysis, Request, analyze
    from gait.errors import GaitError

__all__ = ["Analysis", "GaitError", "Request", "analyze"]


def __getattr__(name: str) -> object:
    """Load the line only when it is asked for: the worker that decodes needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module 'gait' has no attribute {name!r}")
    home = "gait.errors" if name == "GaitError" else "gait.analysis"
    return getattr(import_module(home), name)
