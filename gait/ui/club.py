"""Several people, one server: who asks is named by the proxy before it, in a header; nobody else is heard.

Off unless ``GAIT_ACTOR_HEADER`` names that header. The app goes on listening on this machine's loopback
address only, so that the header can come from a program of this machine alone: the proxy, which must take
away whatever of that name comes from outside, and ask for a login on every path.
"""

import asyncio
import ipaddress
import os
import re
import time
from collections.abc import Callable
from typing import Any

from streamlit.runtime import Runtime

from gait.errors import StoreRefused
from gait.store.domain import Actor
from gait.store.texts import line
from gait.ui.origin import App, Scope, refuse
from gait.ui.player.serve import SHELF

HEADER_VARIABLE = "GAIT_ACTOR_HEADER"
HEALTH = "/_stcore/health"
"""Says nothing of anybody: what watches the server may ask it."""
MEDIA = re.compile(r"/media/([^/.]+)(\.[^/]*)?")
UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/.*")
CLIP = re.compile(r"/clip/([^/]+)/.*")
WAIT_S, LOOK_S = 10.0, 0.1
"""How long a file waits for the page that shows it, and how often it looks."""


class Seats:
    """Who sits in which session, as far as a page was shown in it."""

    def __init__(self) -> None:
        self._actors: dict[str, str] = {}

    def take(self, session: str, actor: Actor) -> None:
        """Note who a page is shown to."""
        self._actors[session] = actor.id

    def are(self, sessions: set[str], actor: Actor) -> bool:
        """Whether one of these sessions is this actor's."""
        return any(self._actors.get(session) == actor.id for session in sessions)

    def others(self, session: str, actor: Actor) -> bool:
        """Whether a session is somebody else's."""
        return self._actors.get(session, actor.id) != actor.id

    def sweep(self, active: Callable[[str], bool]) -> None:
        """Forget sessions that ended."""
        for session in [each for each in self._actors if not active(each)]:
            del self._actors[session]


SEATS = Seats()


def header() -> str:
    """Name of the header that says who asks; empty where everybody is whoever sits at this computer."""
    return os.environ.get(HEADER_VARIABLE, "").strip().lower()


def named(value: str | None) -> Actor | None:
    """The actor that a header names; None if it names nobody."""
    try:
        id = line(value or "", "actor")
    except StoreRefused:
        return None
    return Actor(id, id, "coach")


class OnlyKnown:
    """Let nobody in who is not named, and nobody at what belongs to another's session."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Answer one request, or refuse it."""
        if not header() or scope["type"] not in ("http", "websocket") or scope["path"] == HEALTH:
            await self._app(scope, receive, send)
        elif (actor := _asking(scope)) is None or not await _may(actor, scope):
            await refuse(scope, send, b"This is not yours, or you are not signed in.")
        else:
            await self._app(scope, receive, send)


def _asking(scope: Scope) -> Actor | None:
    """Who asks: named once, on a connection within this machine."""
    try:
        here = ipaddress.ip_address((scope.get("server") or ("", 0))[0]).is_loopback
    except ValueError:
        here = False
    values = [value for name, value in scope["headers"] if name.decode("latin-1").lower() == header()]
    return named(values[0].decode("utf-8", "replace")) if here and len(values) == 1 else None


async def _may(actor: Actor, scope: Scope) -> bool:
    """Whether what is asked for is nobody else's."""
    if scope["type"] == "websocket":
        return not any(SEATS.others(session, actor) for session in _resumed(scope))
    path = scope["path"]
    if path.startswith("/media"):
        found = MEDIA.fullmatch(path)
        return found is not None and await _shown_to(actor, found[1])
    if found := UPLOAD.fullmatch(path):
        return SEATS.are({found[1]}, actor)
    if found := CLIP.fullmatch(path):
        return SEATS.are({SHELF.session(found[1])}, actor)
    return True


async def _shown_to(actor: Actor, file_id: str) -> bool:
    """Whether a session of this actor shows a file; while a page is being made anew, it shows nothing."""
    until_s = time.monotonic() + WAIT_S
    while not SEATS.are(_sessions_of_media(file_id), actor):
        if time.monotonic() > until_s:
            return False
        await asyncio.sleep(LOOK_S)
    return True


def _resumed(scope: Scope) -> list[str]:
    """Sessions that a page asks to go on with; it names them as protocols of the connection."""
    asked = [value for name, value in scope["headers"] if name.lower() == b"sec-websocket-protocol"]
    return [each.strip() for value in asked for each in value.decode("latin-1").split(",")]


def _sessions_of_media(file_id: str) -> set[str]:
    """The sessions in which a picture or a file is shown; none where that cannot be told."""
    if not Runtime.exists():
        return set()
    shown = getattr(Runtime.instance().media_file_mgr, "_files_by_session_and_coord", {})
    return {session for session, files in dict(shown).items() if file_id in dict(files).values()}
