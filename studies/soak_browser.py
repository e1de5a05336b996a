"""Three tabs at once, through the whole app: what its memory does over many analyses.

Each drops a clip on the page *Measure*, waits for the cue and for the player's first picture, and goes on
with new clips; every eighth time in a new tab. One clip in 33 is new to the landmark cache. Memory is that
of the server and of all that it started, resident, while nothing is being read.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import FilePayload, Page

from gait.video.writer import write_video
from studies.checkout import family, resident
from tests.conftest import light_pictures
from tests.ui.app_browser import App, watched
from tests.ui.player_browser import browsing, chromium

SESSIONS, NEW_EVERY, TAB_EVERY = 3, 33, 8
CLIP_S = 2.4
SHOWN_MS = 300_000
FIRST, EVERY = 9, 15
"""After how many analyses memory is printed for the first time, and then again and again."""
REST_S = 60.0
"""Rest before the last line: what belongs to nobody is swept in that time."""


def soak(most: int, minutes: float) -> None:
    """Drop clips in every session, wait for cue and player, go on; print memory while nothing is read."""
    executable = chromium()
    if executable is None:
        raise SystemExit("Chromium is not installed.")
    with tempfile.TemporaryDirectory(prefix="soak-") as name, ExitStack() as open_:
        home = Path(name)
        write_video(home / "clip.mp4", light_pictures(seconds=CLIP_S), fps=60)
        content = (home / "clip.mp4").read_bytes()
        app = App(home)
        open_.callback(app.stop)
        app.start()
        browser = open_.enter_context(browsing(executable))
        contexts = [open_.enter_context(watched(browser)) for _ in range(SESSIONS)]
        pages = [seen.page(app.address) for seen in contexts]
        _say("| analyses | server | all its processes | minutes | load |\n|---|---|---|---|---|")
        began_s, done, due = time.monotonic(), 0, FIRST
        _print(app, done, began_s)
        while done < most and time.monotonic() - began_s < 60 * minutes:
            if done and done // SESSIONS % TAB_EVERY == 0:
                pages = [_new_tab(page, app) for page in pages]
            for clip, page in zip(_clips(content, done), pages, strict=True):
                _drop(page, clip, app)
            for page in pages:
                page.wait_for_selector(".gait-say", timeout=SHOWN_MS)
                page.wait_for_selector(".gait-player[data-frame]", timeout=SHOWN_MS)
            done += len(pages)
            if done >= due:
                _print(app, done, began_s)
                due += EVERY
        _print(app, done, began_s)
        time.sleep(REST_S)
        _print(app, done, began_s)


def _clips(content: bytes, done: int) -> Iterator[bytes]:
    for number in range(done, done + SESSIONS):
        own = b"\x00\x00\x00\x10free" + random.randbytes(
            8
        )  # a box that every reader skips: a file never seen
        yield content + own if number % NEW_EVERY == NEW_EVERY - 1 else content


def _drop(page: Page, clip: bytes, app: App) -> None:
    if page.get_by_role("button", name="New clips").count():
        page.get_by_role("button", name="New clips").click()
    file: FilePayload = {"name": "clip.mp4", "mimeType": "video/mp4", "buffer": clip}
    page.locator('input[type="file"][multiple]').set_input_files(file)
    page.get_by_text("clip.mp4").first.wait_for(timeout=SHOWN_MS)
    page.locator("button:enabled", has_text="Find my one thing").click(timeout=SHOWN_MS)
    page.get_by_role("heading", name="Reading your clips").or_(page.locator(".gait-say")).first.wait_for()


def _new_tab(page: Page, app: App) -> Page:
    other = page.context.new_page()
    other.goto(app.address)
    page.close()
    return other


def _print(app: App, done: int, began_s: float) -> None:
    each = [resident(process) / 1e6 for process in family(app.process)]
    minutes = (time.monotonic() - began_s) / 60
    load = os.getloadavg()[0]
    _say(f"| {done} | {each[0]:.0f} MB | {sum(each):.0f} MB | {minutes:.1f} | {load:.0f} |")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
