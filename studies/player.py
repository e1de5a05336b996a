"""How fast the frame player is, and whether it shows the frame asked for: ``python -m studies.player``.

Chromium, a clip whose pictures carry their number, and the page that the browser tests use. Times are the
median and the 95th percentile. `step` and `edit` are from the key to the picture drawn and to the new
contacts on the page, `jump` from a random frame to another, `first picture` from the player's place in
the page to its first picture, with no picture made before. ``--frames`` and ``--size`` change the clip.
"""

import argparse
import random
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Browser

from gait.export.proxy import proxy
from gait.export.segments import Segments
from tests.ui.player_browser import Driver, browsing, chromium, serving
from tests.ui.player_page import made

WATCH = """
window.drawn = [];
window.addEventListener("keydown", (e) => { window.pressed = e.timeStamp; }, true);
window.addEventListener("gait-drawn", ({ detail }) => {
  window.drawn.push({ ...detail, key: detail.at - window.pressed });
});
"""
JUMP = """(root, position) => {
  const from = performance.now();
  return root.player.go(position).then(() => performance.now() - from);
}"""
EDITED = """() => new Promise((done) => {
  const watch = new MutationObserver(() => {
    watch.disconnect();
    done(performance.now() - window.pressed);
  });
  watch.observe(document.querySelector("code"), { characterData: true, childList: true, subtree: true });
})"""
WHOLE = """async (root) => {
  const { segments } = root.player.reel;
  while (segments.made.size < segments.count) await new Promise((done) => { setTimeout(done, 50); });
}"""
WIDE = {"width": 1280, "height": 1400}
TIMES, FIRSTS, EDITS = 300, 10, 20


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print one row after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--frames", type=int, default=2400)
    parser.add_argument("--size", default="1080x1920")
    asked = parser.parse_args(arguments)
    executable = chromium()
    if executable is None:
        raise SystemExit("Chromium is not installed.")
    with TemporaryDirectory() as scratch:
        width, height = map(int, asked.size.split("x"))
        _making(Path(scratch), asked.frames, (width, height))
        with (
            serving(Path(scratch), asked.frames, asked.size) as address,
            browsing(executable) as browser,
        ):
            _row("first picture", [_first(browser, address) for _ in range(FIRSTS)], (1500, None))
            _moving(browser, address, asked.frames, (width, height))
            _row("edit to new contacts", _editing(browser, f"{address}?edit=1"), (500, None))


def _making(folder: Path, frames: int, size_px: tuple[int, int]) -> None:
    read = made(0, frames, size_px, folder)
    began_s, used_s = time.monotonic(), _children_s()
    segments = Segments(proxy(read), folder / "alone")
    _say(f"the proxy's data: {1000 * (time.monotonic() - began_s):.0f} ms")
    firsts_s = None
    for number in range(segments.count):
        while segments.ask(number) is None:
            time.sleep(0.005)
        firsts_s = firsts_s or time.monotonic() - began_s
    _say(f"its first segment after {firsts_s:.2f} s, all after {time.monotonic() - began_s:.1f} s")
    segments.close()
    time.sleep(0.5)
    _say(f"processor time of the maker: {_children_s() - used_s:.1f} s")


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _opened(browser: Browser, address: str) -> Driver:
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(WATCH)
    return Driver(page, address)


def _first(browser: Browser, address: str) -> float:
    driver = _opened(browser, address)
    first = float(driver.page.evaluate("window.drawn[0].since"))
    driver.root.evaluate(WHOLE)
    driver.page.context.close()
    return first


def _moving(browser: Browser, address: str, frames: int, size_px: tuple[int, int]) -> None:
    driver = _opened(browser, address)
    wanted = [random.Random(1).randrange(frames) for _ in range(TIMES)]
    jumps = [float(driver.root.evaluate(JUMP, position)) for position in wanted]
    driver.bare()
    right = 0
    for position in wanted:
        driver.go(position)
        right += driver.number(size_px) == driver.frame() == position
    _say(f"the frame asked for is the frame shown: {right} of {len(wanted)}")
    _row("jump", jumps, (15, 110))
    driver.page.locator(".stage").focus()
    for key in ("ArrowRight", "ArrowLeft"):
        driver.go(frames // 2)
        driver.page.evaluate("window.drawn = []")
        for _ in range(TIMES // 2):
            driver.page.keyboard.press(key)
            driver.page.wait_for_timeout(30)
        drawn = driver.page.evaluate("window.drawn.map(({ key }) => key)")
        _row(f"step, {key}", drawn, (3, 10))


def _editing(browser: Browser, address: str) -> list[float]:
    driver = _opened(browser, address)
    driver.page.keyboard.press("t")
    driver.page.locator(".stage").focus()
    driver.page.keyboard.press("t")
    driver.page.wait_for_timeout(500)
    spent = []
    for number in range(EDITS):
        waiting = driver.page.evaluate_handle(f"window.edited = ({EDITED})(); 0")
        driver.page.keyboard.press("." if number % 2 == 0 else ",")
        spent.append(float(driver.page.evaluate("window.edited")))
        waiting.dispose()
        driver.page.wait_for_timeout(200)
    return spent


def _row(name: str, spent_ms: Sequence[float], targets_ms: tuple[float, float | None]) -> None:
    median, p95 = np.percentile(spent_ms, [50, 95])
    median_ms, p95_ms = targets_ms
    wanted = f"<= {median_ms:g}" + (f" / <= {p95_ms:g}" if p95_ms else "")
    _say(f"{name:28}{median:9.1f} /{p95:7.1f} ms   ({wanted}; {len(spent_ms)} times)")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
