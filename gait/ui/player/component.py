"""Mount the frame player in a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import streamlit as st

from gait.export.proxy import Proxy
from gait.export.segments import FRAMES
from gait.ui.house import session
from gait.ui.player.serve import SHELF, facts, url_of
from gait.ui.player.state import Bounds, Edits, Mark, Times, parse_edits, parse_marks

NAME = "gait.player"
"""As ``pyproject.toml`` declares it: project and component."""
Layout = Literal["side", "stacked", "ghost"]
NO_EDITS = Edits()


@dataclass(frozen=True, eq=False)
class Reel:
    """One clip in the player."""

    id: str
    title: str
    proxy: Proxy
    folder: Path
    """Where its pictures are made: a folder of the session or of the stored assessment."""
    edits: Edits = NO_EDITS
    """What was edited earlier, on top of the events as detected."""
    marks: tuple[Mark, ...] = ()
    """What was drawn earlier."""


@dataclass(frozen=True)
class Look:
    """How the player opens."""

    signal: str | None = None
    """The curve to begin with, by its id; None for the first."""
    frame: int | None = None
    """The frame to begin with, by its number in the clip; None for the first touchdown."""
    layout: Layout = "side"
    """Two clips: side by side, one above the other, or one over the other."""


@dataclass(frozen=True)
class PlayerState:
    """What a person did in the player, of its first clip."""

    edits: Edits
    marks: tuple[Mark, ...]


def player(
    reels: Sequence[Reel], *, key: str, editable: bool = False, look: Look | None = None
) -> PlayerState:
    """Mount the player with one clip, or with two that are locked by gait phase.

    Frame, zoom and speed stay in the browser: only an edit or a drawing runs the page's fragment again.

    Parameters
    ----------
    editable
        Let events be moved, landmarks be put right and drawings be made. For one clip only.
    """
    if not 1 <= len(reels) <= 2:
        raise ValueError(f"the player shows one clip or two, not {len(reels)}")
    look = look or Look()
    result = _component()(
        key=key,
        data={
            "clips": [_clip(reel, look.frame) for reel in reels],
            "segment": FRAMES,
            "editable": editable and len(reels) == 1,
            "signal": look.signal,
            "frame": look.frame,
            "layout": look.layout,
        },
        on_edits_change=_nothing,
        on_marks_change=_nothing,
    )
    reel = reels[0]
    bounds = bounds_of(reel.proxy)
    sent_edits, sent_marks = result.get("edits"), result.get("marks")
    edits = reel.edits if sent_edits is None else parse_edits(sent_edits, bounds)
    marks = reel.marks if sent_marks is None else parse_marks(sent_marks, bounds)
    return PlayerState(edits if edits.rev >= reel.edits.rev else reel.edits, marks)


def bounds_of(proxy: Proxy) -> Bounds:
    """What an edit of this clip can name."""
    number = proxy.frames.number
    names = frozenset(event.id for event in proxy.events)
    return Bounds(int(number[0]), int(number[-1]), proxy.read.track.size_px, names)


def times_of(proxy: Proxy) -> Times:
    """When the frames of this clip were taken."""
    first, capture_s = int(proxy.frames.number[0]), proxy.frames.capture_s
    return Times(lambda frame: float(capture_s[frame - first]), 1 / proxy.read.base.capture_fps)


@cache
def _component() -> Any:
    """Register the component: only a running server knows where its files are."""
    return st.components.v2.component(NAME, js="main.js", css="player.css")


def first_position(proxy: Proxy, frame: int | None) -> int:
    """Where the player opens: at a frame by its number, else at the first touchdown of the near foot."""
    number, near = proxy.frames.number, proxy.read.motion.viewpoint.near
    if frame is not None and number[0] <= frame <= number[-1]:
        return frame - int(number[0])
    landings = [e for e in proxy.events if e.kind == "touchdown" and near in (None, e.side)]
    if not landings:
        return 0
    return int(np.abs(proxy.frames.capture_s - landings[0].capture_s).argmin())


def _clip(reel: Reel, frame: int | None) -> dict[str, Any]:
    first = first_position(reel.proxy, frame)
    token = SHELF.lend(session(), reel.proxy, reel.folder, first)
    return {
        "id": reel.id,
        "title": reel.title,
        "url": url_of(token),
        "edits": reel.edits.message(),
        "marks": [mark.message() for mark in reel.marks],
        **facts(reel.proxy),
    }


def _nothing() -> None:
    """Stand in for a callback: the fragment runs again by itself."""
