"""How many clicks and seconds the first use takes: ``python -m studies.first_use [CLIP] [--speed-kmh V]``.

As somebody who has read the README alone: from ``gait app`` to the first cue of a clip; then a coach with the
athlete, from a touchdown that is moved to the file that goes home. In Chromium, with an empty store and an
empty cache, so that the pose model reads every picture. Choosing a file in the computer's own window counts
as two clicks, a drag as one, typing as none. Seconds are those of this machine with whatever else it does
(its load is printed), and nobody thinks or reads meanwhile. Installing is not in it.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from playwright.sync_api import Locator, Page

from gait.video.reader import frames, open_clip
from gait.video.writer import write_video
from tests.truth import SAMPLES
from tests.ui.app_browser import App, watched
from tests.ui.player_browser import Driver, browsing, chromium

CLIP, FILMED_FPS, FPS, PICTURES = SAMPLES / "runner_a_side_120.mp4", 120, 60, 600
"""Five seconds of running at 120 frames a second, stored at 60: a clip of 10 seconds in slow motion."""
SPEED_KMH = 10.8
OWN_WINDOW_CLICKS = 2
MOVED_FRAMES = 5
READING_MS = 1_200_000
DESK = {"width": 1440, "height": 900}


@dataclass
class Walk:
    """One use, step by step, as rows of a table."""

    clicks: int = 0
    rows: list[tuple[str, int, float]] = field(default_factory=list)

    def click(self, place: Locator) -> None:
        """Click, and count it."""
        self.clicks += 1
        place.click()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count the clicks and seconds of a step."""
        clicks, began_s = self.clicks, time.perf_counter()
        yield
        self.rows.append((name, self.clicks - clicks, time.perf_counter() - began_s))

    def table(self) -> str:
        """Every step, and the sum."""
        seconds = sum(row[2] for row in self.rows)
        rows = [*self.rows, ("**together**", self.clicks, seconds)]
        lines = [f"| {name} | {clicks} | {s:.1f} |" for name, clicks, s in rows]
        return "\n".join(["| step | clicks | seconds |", "|---|---|---|", *lines])


def main(arguments: Sequence[str] | None = None) -> None:
    """Walk both ways and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("clip", type=Path, nargs="?", help="else a bundled clip, slowed to 10 seconds")
    parser.add_argument("--speed-kmh", type=float, default=SPEED_KMH)
    asked = parser.parse_args(arguments)
    executable = chromium()
    if executable is None:
        raise SystemExit("Chromium is not installed.")
    with tempfile.TemporaryDirectory(prefix="first-use-") as name:
        home = Path(name)
        clip = asked.clip or _ten_seconds(home / "running.mp4")
        app, runner, coach = App(home), Walk(), Walk()
        try:
            with browsing(executable) as browser, watched(browser, viewport=DESK) as seen:
                with runner.step("`gait app`, until the page is there"):
                    app.start()
                    page = seen.page(app.address)
                    page.get_by_role("button", name="Find my one thing").wait_for()
                _to_the_cue(page, runner, clip, asked.speed_kmh)
                _to_the_take_home(page, coach, home)
        finally:
            app.stop()
    _say(_of_the_machine())
    _say(f"\nA runner, to the first cue:\n\n{runner.table()}")
    _say(f"\nA coach with the athlete, to the file that goes home:\n\n{coach.table()}")


def _to_the_cue(page: Page, walk: Walk, clip: Path, speed_kmh: float) -> None:
    with walk.step("the clip is chosen, and there"):
        with page.expect_file_chooser() as chosen:
            walk.click(page.get_by_role("button", name="Upload", exact=True))
        walk.clicks += OWN_WINDOW_CLICKS
        chosen.value.set_files(clip)
        page.get_by_text(clip.name).first.wait_for()
    with walk.step("the belt's speed is typed"):
        walk.click(page.get_by_label("Treadmill speed, km/h"))
        page.keyboard.type(f"{speed_kmh}")
        page.keyboard.press("Tab")
        page.wait_for_selector(SETTLED)
    with walk.step("“Find my one thing”, until the cue is there"):
        walk.click(page.get_by_role("button", name="Find my one thing"))
        rate = page.get_by_role("button", name=f"{FILMED_FPS} frames a second")
        page.locator(".gait-say").or_(rate).first.wait_for(timeout=READING_MS)
    if rate.count():
        with walk.step("it asks how fast it was filmed: answered, until the cue is there"):
            walk.click(rate)
            page.wait_for_selector(".gait-say", timeout=READING_MS)
    with walk.step("until the player below shows its first picture"):
        Driver(page)


def _to_the_take_home(page: Page, walk: Walk, home: Path) -> None:
    with walk.step("“Review” is opened"):
        walk.click(page.get_by_role("link", name="Review"))
        page.get_by_role("button", name="Open this day").wait_for()
    with walk.step("the day is opened, until its first picture"):
        walk.click(page.get_by_role("button", name="Open this day"))
        page.get_by_text("What your corrections change").wait_for()
        player = Driver(page)
        page.wait_for_selector(SETTLED)
    with walk.step("a touchdown is dragged, until the numbers have moved"):
        player.root.evaluate(TO_THE_CURVE)
        first = player.frame()
        walk.clicks += 1
        player.drag(player.on_curve(first), player.on_curve(first + MOVED_FRAMES))
        page.get_by_text("Corrected by hand").wait_for()
    with walk.step("“Save the corrections”"):
        walk.click(page.get_by_role("button", name="Save the corrections"))
        page.get_by_text("The corrections are saved").wait_for()
    with walk.step("“Make the page and the sheet”"):
        walk.click(page.get_by_role("button", name="Make the page and the sheet"))
        page.get_by_role("button", name="Page for any browser").wait_for()
    with walk.step("“Page for any browser”: the file is here"):
        with page.expect_download() as given:
            walk.click(page.get_by_role("button", name="Page for any browser"))
        given.value.save_as(home / given.value.suggested_filename)


def _ten_seconds(path: Path) -> Path:
    write_video(path, (frame.rgb for frame in islice(frames(open_clip(CLIP)), PICTURES)), fps=FPS)
    return path


def _of_the_machine() -> str:
    load = os.getloadavg()[1]
    return f"Load of the machine over the last five minutes: {load:.1f}, on {os.cpu_count()} cores."


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


TO_THE_CURVE = "root => root.player.timeline.node.scrollIntoView({ block: 'center' })"
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


if __name__ == "__main__":
    main()
