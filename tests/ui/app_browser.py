"""The whole app as ``gait app`` starts it, with a store and a cache of its own, in a watched browser."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocket

from gait.analysis import ClipRequest, Request, RunnerFacts, analyze
from gait.analysis.read import MEDIAPIPE_VERSION, the_model
from gait.months.keep import Kept, keep, the_runner
from gait.pose import cache
from gait.pose.track import WHOEVER_RUNS
from gait.record import record_of
from gait.store.domain import LOCAL, Day
from gait.store.opening import FOLDER_VARIABLE, Place, open_store
from gait.video.reader import open_clip
from tests.truth import perfect_track, truth
from tests.ui.player_browser import ROOT, await_server

SPEED_KMH, HEIGHT_CM = 10.8, 180.0
MONTHS = (
    ("runner_a_side_120", date(2026, 9, 21)),
    ("runner_a_side_120_two_months_later", date(2026, 11, 21)),
)


@dataclass
class App:
    """A server of the app; it can be started again with the same store."""

    home: Path
    port: int = 0
    _server: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        """Where its first page is."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def process(self) -> int:
        """Number of the server's process; 0 before it is started."""
        return self._server.pid if self._server is not None else 0

    def start(self) -> None:
        """Serve, and wait until it answers."""
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        own = {FOLDER_VARIABLE: str(self.home / "store"), cache.FOLDER_VARIABLE: str(self.home / "cache")}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "gait.cli", "app", "--no-browser", "--port", str(self.port)],
            cwd=ROOT,
            env={**os.environ, **own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        await_server(self.address)

    def stop(self) -> None:
        """End the server."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait()


@dataclass
class Watched:
    """A browser context, the hosts it asked, and what went wrong in its pages."""

    context: BrowserContext
    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def page(self, url: str = "") -> Page:
        """Open a page."""
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("websocket", self._socket)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        if url:
            page.goto(url)
        return page

    def _socket(self, opened: WebSocket) -> None:
        self.hosts.add(urlsplit(opened.url).hostname or "")


PATIENCE_MS = 180_000


@contextmanager
def watched(browser: Browser, **asked: Any) -> Iterator[Watched]:
    """A context of its own that asked nothing of any other host, and in which no script failed."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 1400}, **asked})
    seen = Watched(context)
    context.on("request", lambda request: seen.hosts.add(urlsplit(request.url).hostname or ""))
    try:
        yield seen
    finally:
        context.close()
    assert seen.hosts - {""} <= {"127.0.0.1"}
    assert seen.errors == []


def with_months(home: Path) -> tuple[Kept, ...]:
    """Keep two months of Ada's, with their clips, without running the pose model."""
    kept = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.FOLDER_VARIABLE, str(home / "cache"))
        store = open_store(Place(home / "store"))
        runner = the_runner(store, LOCAL, "Ada")
        for name, day in MONTHS:
            remember(name)
            facts = RunnerFacts(HEIGHT_CM, SPEED_KMH)
            analysis = analyze(Request((ClipRequest(truth(name).clip),), facts, day))
            files = [(clip.id, clip.clip.path) for clip in analysis.clips]
            kept.append(keep(store, LOCAL, runner, record_of(analysis), Day(day, SPEED_KMH), files))
        store.close()
    return tuple(kept)


def remember(name: str) -> None:
    """Let the cache hold the exact landmarks of a bundled clip, as if they had been read."""
    wish, clip = WHOEVER_RUNS, open_clip(truth(name).clip)
    made_from = (clip.sha256, the_model().sha256, MEDIAPIPE_VERSION, wish.steps, wish.person, wish.mended)
    cache.remember(made_from, lambda: perfect_track(name))
