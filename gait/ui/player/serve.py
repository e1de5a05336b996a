"""Give the player its pictures, to nobody else.

A proxy is reached by a random token that only its session knows and that ends with it. A request must name
this machine as its host, so that a page elsewhere cannot reach in by a name of its own that it lets point
here.
"""

import asyncio
import re
import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from gait.errors import GaitError
from gait.export.proxy import Proxy
from gait.export.segments import FRAMES, Segments, still

PREFIX = "/clip"
TOKEN_BYTES = 24
BINARY = "video/x-gait"
"""Bytes that are no picture a browser knows. Of a kind that Streamlit's server does not compress."""
NOT_YET, GONE = 425, 404
HOST = re.compile(r"(\[[0-9a-f:]+\]|[^:\[\]]+)(?::[0-9]+)?", re.IGNORECASE)
NUMBERED = re.compile(r"([0-9]{1,7})\.(seg|jpg)")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
GRACE_S = 300.0
"""How long pictures outlive the last sign of their session: a reload, a lost connection."""
SWEEP_S = 30.0
WAIT_S, LOOK_S = 4.0, 0.02
"""How long an answer waits for a segment that is being made, and how often it looks."""
STILLS = threading.Semaphore(1)
"""One full-size picture at a time: each takes a decoder of its own."""
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(eq=False)
class Lent:
    """One proxy, lent to one session."""

    session: str
    segments: Segments
    seen_s: float = field(default_factory=time.monotonic)
    """When the session was last known to be there."""


MOST_A_SESSION = 4
"""Clips that a session has on loan at once: a page shows one or two."""


class Shelf:
    """All proxies that are lent out, by token."""

    def __init__(self) -> None:
        self._lent: dict[str, Lent] = {}
        self._lock = threading.Lock()

    def lend(self, session: str, proxy: Proxy, folder: Path, first: int | None = None) -> str:
        """Return the token by which this session reaches this proxy; the same one each time.

        Parameters
        ----------
        folder
            Where its segments are made, the session's own.
        first
            Position of the picture that is shown first: its segment is begun at once, while the browser is
            still building the page. None to wait until somebody asks.
        """
        with self._lock:
            for token, lent in self._lent.items():
                if lent.session == session and lent.segments.proxy is proxy:
                    self._lent[token] = self._lent.pop(token)
                    return token
            token = secrets.token_urlsafe(TOKEN_BYTES)
            segments = Segments(proxy, folder)
            self._lent[token] = Lent(session, segments)
            self._take_back(session)
        if first is not None:
            segments.ask(first // FRAMES)
        return token

    def _take_back(self, session: str) -> None:
        """Take back what a session has not asked for for longest."""
        own = [token for token, lent in self._lent.items() if lent.session == session]
        for token in own[:-MOST_A_SESSION]:
            self._lent.pop(token).segments.close()

    def find(self, token: str) -> Segments | None:
        """Return what a token stands for."""
        with self._lock:
            lent = self._lent.get(token)
            return lent.segments if lent else None

    def session(self, token: str) -> str:
        """Say to which session a token was given; empty if to none."""
        with self._lock:
            lent = self._lent.get(token)
            return lent.session if lent else ""

    def sweep(self, active: Callable[[str], bool], now_s: float) -> None:
        """Take back what was lent to sessions that have been gone for a while."""
        with self._lock:
            for token, lent in list(self._lent.items()):
                if active(lent.session):
                    lent.seen_s = now_s
                elif now_s - lent.seen_s > GRACE_S:
                    lent.segments.close()
                    del self._lent[token]

    def close(self) -> None:
        """Take everything back."""
        with self._lock:
            for lent in self._lent.values():
                lent.segments.close()
            self._lent.clear()


SHELF = Shelf()


def routes(shelf: Shelf = SHELF, hosts: frozenset[str] = LOOPBACK) -> list[BaseRoute]:
    """List the routes to give to ``st.App``.

    Parameters
    ----------
    hosts
        Names and addresses by which this machine may be asked; loopback unless the app was opened to
        the local network on purpose.
    """

    async def answer(request: Request) -> Response:
        named = HOST.fullmatch(request.headers.get("host", ""))
        elsewhere = request.headers.get("sec-fetch-site") == "cross-site"
        if named is None or named[1] not in hosts or elsewhere:
            return Response(status_code=403)
        segments = shelf.find(request.path_params["token"])
        if segments is None:
            return Response(status_code=GONE, headers=HEADERS)
        return await _answer(segments, request.path_params["name"])

    return [Route(f"{PREFIX}/{{token}}/{{name}}", answer, methods=["GET"])]


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Take back, while the server runs, what was lent to sessions that ended; all of it at the end."""
    del app
    sweeper = asyncio.create_task(_sweep())
    try:
        yield
    finally:
        sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await sweeper
        SHELF.close()


async def _sweep() -> None:
    from streamlit.runtime import Runtime

    while True:
        await asyncio.sleep(SWEEP_S)
        if Runtime.exists():
            SHELF.sweep(Runtime.instance().is_active_session, time.monotonic())


async def _answer(segments: Segments, name: str) -> Response:
    numbered = NUMBERED.fullmatch(name)
    if numbered is not None and numbered[2] == "seg":
        return await _segment(segments, int(numbered[1]))
    if numbered is not None:
        return await run_in_threadpool(_still, segments.proxy, int(numbered[1]))
    whole = TABLES.get(name)
    if whole is None:
        return Response(status_code=GONE, headers=HEADERS)
    return Response(whole(segments.proxy), media_type=BINARY, headers=HEADERS)


async def _segment(segments: Segments, number: int) -> Response:
    until_s = time.monotonic() + WAIT_S
    try:
        path = segments.ask(number)
        while path is None and (path := segments.find(number)) is None:
            if time.monotonic() > until_s:
                return Response(status_code=NOT_YET, headers=HEADERS)
            await asyncio.sleep(LOOK_S)
    except LookupError:
        return Response(status_code=GONE, headers=HEADERS)
    return FileResponse(path, media_type=BINARY, headers=HEADERS)


def _still(proxy: Proxy, position: int) -> Response:
    try:
        with STILLS:
            return Response(still(proxy, position), media_type="image/jpeg", headers=HEADERS)
    except (LookupError, GaitError):
        return Response(status_code=GONE, headers=HEADERS)


def frames_bytes(proxy: Proxy) -> bytes:
    """Three float64 a picture: its number in the clip, presentation time, capture time."""
    frames = proxy.frames
    return np.stack([frames.number, frames.pts_s, frames.capture_s], axis=1).astype("<f8").tobytes()


def landmarks_bytes(proxy: Proxy) -> bytes:
    """Write 33 times x, y and visibility a picture, float32."""
    return proxy.landmarks.astype("<f4").tobytes()


def signals_bytes(proxy: Proxy) -> bytes:
    """One signal after the other, float32."""
    return b"".join(signal.values.astype("<f4").tobytes() for signal in proxy.signals)


TABLES: Mapping[str, Callable[[Proxy], bytes]] = {
    "frames.f64": frames_bytes,
    "landmarks.f32": landmarks_bytes,
    "signals.f32": signals_bytes,
}


def url_of(token: str) -> str:
    """Address of a proxy, to which the names of its parts are added."""
    return f"{PREFIX}/{token}/"


def facts(proxy: Proxy) -> dict[str, Any]:
    """Say all that is small about a proxy, as JSON for the player."""
    read, near = proxy.read, proxy.read.motion.viewpoint.near
    return {
        "count": len(proxy.frames.number),
        "size": list(read.track.size_px),
        "box": list(proxy.cut.box_px),
        "picture": list(proxy.cut.size_px),
        "capture_fps": read.base.capture_fps,
        "near": near.value if near else None,
        "facing": read.motion.viewpoint.facing.value,
        "roll_deg": read.motion.roll.deg,
        "leg_px": read.motion.leg_px,
        "stride_s": read.stride_s,
        "signals": [
            {"id": s.id, "label": s.label, "unit": s.unit, "side": s.side.value if s.side else None}
            for s in proxy.signals
        ],
        "events": [
            {"id": e.id, "side": e.side.value, "kind": e.kind, "s": e.capture_s, "sd": e.sd_s}
            for e in proxy.events
        ],
    }
