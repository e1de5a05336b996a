"""Drive the player's page in the system's Chromium, for the browser tests and the study."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from tests.ui import player_page
from tests.ui.player_clip import blocks

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
START_S, SHOWN_MS = 180.0, 180_000
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READ_NUMBER = """(root, places) => {
  const { stages: [stage] } = root.player;
  const { viewShown: view, dpr, ctx } = stage;
  return places.reduce((number, [x, y], bit) => {
    const at = [Math.round((view.k * x + view.x) * dpr), Math.round((view.k * y + view.y) * dpr)];
    return number + (ctx.getImageData(...at, 1, 1).data[1] > 128 ? 1 << bit : 0);
  }, 0);
}"""

LOADED = """async (root) => {
  const there = ({ landmarks, signals }) => landmarks && signals;
  while (!root.player.reels.every(there)) await new Promise((done) => { setTimeout(done, 20); });
}"""
ON_CURVE = """(root, [frame, lane]) => {
  const { curve, node } = root.player.timeline;
  const box = node.getBoundingClientRect();
  const s = root.player.reel.frames.s[frame];
  return [box.left + curve.xOf(s), box.top + curve.laneY(lane) + 8];
}"""
ON_PICTURE = """(root, landmark) => {
  const { reel, position, stages: [stage] } = root.player;
  const box = stage.canvas.getBoundingClientRect();
  const [x, y] = reel.points(position)[landmark];
  const { k, x: left, y: top } = stage.viewShown;
  return [box.left + k * x + left, box.top + k * y + top];
}"""


def chromium() -> str | None:
    """Where the system's Chromium is."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def serving(folder: Path, frames: int = 720, size: str = "540x960") -> Iterator[str]:
    """Write the clips, run the player's page; give its address."""
    width, height = map(int, size.split("x"))
    for number in range(2):
        player_page.made(number, frames, (width, height), folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {player_page.FOLDER: str(folder), player_page.FRAMES: str(frames), player_page.SIZE: size}
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.player_page", str(port)],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}/"
        await_server(address)
        yield address
    finally:
        server.terminate()
        server.wait()


@contextmanager
def browsing(executable: str) -> Iterator[Browser]:
    """Run Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Driver:
    """One page with the player in it."""

    def __init__(self, page: Page, url: str = "") -> None:
        self.page = page
        if url:
            page.goto(url)
        self.root = page.locator(".gait-player")
        page.wait_for_selector(".gait-player[data-frame]", timeout=SHOWN_MS)
        self.root.evaluate(LOADED)
        self.root.evaluate("root => root.player.ready && root.player.go(root.player.target)")

    def frame(self) -> int:
        """Number of the frame that the player says it shows."""
        return int(self.root.get_attribute("data-frame") or -1)

    def number(self, size_px: tuple[int, int]) -> int:
        """Number that the picture on the screen carries."""
        return int(self.root.evaluate(READ_NUMBER, blocks(size_px).tolist()))

    def bare(self) -> None:
        """Take every line off the picture."""
        self.root.evaluate("root => { root.player.layers.clear(); root.player.draw(); }")

    def go(self, position: int) -> None:
        """Go to a frame and wait until it is shown."""
        self.root.evaluate("(root, position) => root.player.go(position)", position)

    def settled(self, frame: int) -> None:
        """Wait until a frame is shown."""
        self.page.wait_for_selector(f'.gait-player[data-frame="{frame}"]', timeout=SHOWN_MS)

    def near(self, frame: int) -> None:
        """Wait until a frame, or the one before or after it, is shown."""
        shown = ", ".join(f'.gait-player[data-frame="{f}"]' for f in (frame - 1, frame, frame + 1))
        self.page.wait_for_selector(shown, timeout=SHOWN_MS)

    def on_curve(self, frame: int, lane: int = 0) -> tuple[float, float]:
        """Where on the screen the curve has a frame, in the lane of the near or the far foot."""
        x, y = self.root.evaluate(ON_CURVE, [frame, lane])
        return float(x), float(y)

    def on_picture(self, landmark: int) -> tuple[float, float]:
        """Where on the screen a landmark of the frame shown is."""
        x, y = self.root.evaluate(ON_PICTURE, landmark)
        return float(x), float(y)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press at one place, move, and let go at another."""
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        mouse.move(*end)
        mouse.up()


def await_server(address: str) -> None:
    """Wait until a Streamlit server answers."""
    until_s = time.monotonic() + START_S
    while time.monotonic() < until_s:
        try:
            with urlopen(f"{address}_stcore/health") as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"{address} does not answer")
