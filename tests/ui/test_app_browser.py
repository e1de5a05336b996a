"""The app from upload to take-home, in a real browser."""

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("playwright", reason="playwright is not installed: the app is not tried in a browser")
pytest.importorskip("axe_playwright_python", reason="axe is not installed: pages are not checked")

import axe_playwright_python
import cv2
from playwright.sync_api import Browser, Page, expect

from gait.analysis import ClipRequest, Request, RunnerFacts, analyze, judge, with_contacts
from gait.export.overlay import DRAWN_RGB
from gait.export.proxy import proxy
from gait.months.keep import Kept
from gait.motion.contact import Contact
from gait.pose import cache
from gait.ui.desk import differing
from gait.ui.player.component import times_of
from gait.ui.player.state import Edits, edited
from tests.truth import truth
from tests.ui.app_browser import HEIGHT_CM, MONTHS, PATIENCE_MS, SPEED_KMH, App, Watched, watched, with_months
from tests.ui.player_browser import Driver, browsing, chromium

pytestmark = pytest.mark.browser
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
READING_MS = 900_000
CUE = "Quicker, quieter steps"
PHONE = {"width": 390, "height": 844}
NOTE = "Foot <b>far</b> out & toes up"
expect.set_options(timeout=PATIENCE_MS)
PAGES = ("", "compare", "review", "runners", "settings")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if chromium() is None:
        pytest.skip("Chromium is not installed: the app is not tried in a browser")
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="module")
def months(home: Path) -> tuple[Kept, ...]:
    """Two months that are kept before the app starts."""
    return with_months(home)


@pytest.fixture(scope="module")
def app(home: Path, months: tuple[Kept, ...]) -> Iterator[App]:
    running = App(home)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser(home: Path) -> Iterator[Browser]:
    with browsing(chromium() or "") as browser:
        yield browser


@pytest.fixture
def seen(browser: Browser) -> Iterator[Watched]:
    with watched(browser) as seen:
        yield seen


@pytest.fixture(scope="module")
def measured(app: App, browser: Browser, light_clip: Path, model_file: Path) -> str:
    """The address of a result: a clip dropped, the page loaded again while it is read, by keyboard alone."""
    with watched(browser) as seen:
        page = seen.page(app.address)
        expect(page.get_by_role("button", name="Find my one thing")).to_be_disabled()
        tabbed_to(page, "Upload")
        with page.expect_file_chooser() as chosen:
            page.keyboard.press("Enter")
        chosen.value.set_files(light_clip)
        expect(page.get_by_text(light_clip.name).first).to_be_visible()
        tabbed_to(page, "Treadmill speed, km/h")
        page.keyboard.type(f"{SPEED_KMH}")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Find my one thing")).to_be_enabled()
        tabbed_to(page, "Find my one thing")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Reading your clips")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="Reading your clips")).to_be_visible()
        expect(page.get_by_text(CUE)).to_be_visible(timeout=READING_MS)
        page.wait_for_selector(".gait-player[data-frame]")
        return page.url


def tabbed_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"no Tab leads to {name}")


def opened(page: Page) -> Page:
    """Wait until a page has been written whole."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    return page


@pytest.mark.pose
def test_a_clip_becomes_a_cue_by_keyboard_alone_also_across_a_reload_and_is_kept(
    measured: str, app: App, seen: Watched
) -> None:
    page = seen.page(measured)
    expect(page.get_by_text(CUE)).to_be_visible()
    expect(page.get_by_text("Kept with Ada")).to_be_visible()
    page.goto(f"{app.address}runners")
    expect(page.get_by_text("3 days kept")).to_be_visible()


@pytest.mark.pose
def test_stop_stops_and_another_session_never_sees_the_clip(
    app: App, browser: Browser, seen: Watched, model_file: Path
) -> None:
    page = seen.page(app.address)
    page.locator('input[type="file"][multiple]').set_input_files(truth("runner_b_side_240_stored_as_30").clip)
    page.get_by_role("button", name="Find my one thing").click()
    expect(page.get_by_text(re.compile(r"[0-9]+ of [0-9]+ frames")).first).to_be_visible()
    with watched(browser) as other:
        apart = other.page(app.address)
        expect(apart.get_by_role("button", name="Find my one thing")).to_be_disabled()
        assert "runner_b" not in apart.content()
    page.get_by_role("button", name="Stop", exact=True).last.click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    page.get_by_role("button", name="New clips").click()
    expect(page.get_by_role("button", name="Find my one thing")).to_be_disabled()


def test_two_months_stand_beside_each_other_and_step_together(app: App, seen: Watched) -> None:
    page = seen.page(f"{app.address}compare")
    page.get_by_role("button", name="Show both films").click()
    player = Driver(page)
    expect(page.get_by_text("All numbers of both days")).to_be_visible()
    assert player.page.locator(".stage").count() == 2
    before = pictures(player)
    page.locator(".stage").first.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    player.go(player.frame())
    after = pictures(player)
    assert before[0] != after[0] and before[1] != after[1]
    page.get_by_text("All numbers of both days").click()
    expect(page.locator("table").get_by_text("Cadence")).to_be_visible()


def pictures(player: Driver) -> list[str]:
    """What the two canvases show."""
    return list(player.root.evaluate("root => root.player.stages.map((stage) => stage.canvas.toDataURL())"))


def test_a_dragged_touchdown_gives_the_number_that_the_core_computes_and_undo_brings_it_back(
    app: App, months: tuple[Kept, ...], seen: Watched, home: Path
) -> None:
    page = seen.page(f"{app.address}review?assessment={months[0].assessment.id}")
    player = Driver(page)
    opened(page)
    first = player.frame()
    player.drag(player.on_curve(first), player.on_curve(first + 5))
    page.get_by_text("Corrected by hand").wait_for()
    edits = player.root.evaluate("root => root.player.reel.history.now.edits.events")
    (moved,) = edits.values()
    assert abs(moved - first - 5) <= 1
    head, *rows = page.locator("table").first.locator("tr").all()
    assert "Corrected" in head.inner_text()
    shown = {tuple(cell.strip() for cell in row.locator("td, th").all_inner_texts())[-3:] for row in rows}
    assert shown == expected(home, edits)
    page.locator(".stage").focus()
    page.keyboard.press("Control+z")
    page.get_by_text("Move a touchdown or a toe-off in the player").wait_for()
    assert player.root.evaluate("root => root.player.reel.history.now.edits.events") == {}


def expected(home: Path, events: dict[str, int]) -> set[tuple[str, ...]]:
    """The numbers that these edits move, as the core has them."""
    name, day = MONTHS[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.FOLDER_VARIABLE, str(home / "cache"))
        request = Request((ClipRequest(truth(name).clip),), RunnerFacts(HEIGHT_CM, SPEED_KMH), day)
        detected = analyze(request)
    clip = detected.main
    shown = proxy(clip)
    contacts: tuple[Contact, ...] = edited(clip.contacts, shown.events, Edits(1, events), times_of(shown))
    now = judge([with_contacts(clip, contacts)], request)
    moved = differing(detected.measurements, now.measurements)
    assert moved
    return {(each.name, each.detected, each.edited) for each in moved}


@pytest.mark.pose
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault_for_those_who_see_or_move_otherwise(
    scheme: str, app: App, measured: str, months: tuple[Kept, ...], browser: Browser
) -> None:
    found = {}
    with watched(browser, color_scheme=scheme) as seen:
        page = seen.page()
        for url in every_page(app, measured, months):
            shown(page, url)
            page.add_script_tag(path=AXE)
            faults = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
            bad = [fault for fault in faults if fault["impact"] in ("serious", "critical")]
            if bad:
                found[url] = [(b["id"], [node["html"][:160] for node in b["nodes"]]) for b in bad]
    assert not found, json.dumps(found, indent=1)


@pytest.mark.pose
def test_no_page_scrolls_sideways_on_a_phone(
    app: App, measured: str, months: tuple[Kept, ...], browser: Browser
) -> None:
    wide = {}
    with watched(browser, viewport=PHONE, has_touch=True, is_mobile=True) as seen:
        page = seen.page()
        for url in every_page(app, measured, months):
            shown(page, url)
            overflow = page.evaluate(OVERFLOWING)
            if overflow or page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
                wide[url] = overflow
    assert not wide, json.dumps(wide, indent=1)


@pytest.fixture(scope="module")
def drawn(app: App, browser: Browser, months: tuple[Kept, ...]) -> int:
    """The frame on which a line was drawn and a note was pinned, before the server was started again.

    What needs a reading that is still open comes before this: a restart ends it.
    """
    with watched(browser) as seen:
        page = seen.page(f"{app.address}review?assessment={months[1].assessment.id}")
        player = Driver(page)
        opened(page)
        page.get_by_role("button", name="Line", exact=True).click()
        player.drag(player.on_picture(24), player.on_picture(28))
        page.get_by_role("button", name="Note", exact=True).click()
        page.mouse.click(*player.on_picture(26))
        page.keyboard.type(NOTE)
        page.keyboard.press("Enter")
        page.get_by_role("button", name=f"Frame {player.frame()}, ").first.wait_for()
        frame = player.frame()
    app.stop()
    app.start()
    return frame


def test_a_note_and_a_drawing_survive_a_restart(
    drawn: int, app: App, months: tuple[Kept, ...], seen: Watched
) -> None:
    page = seen.page(f"{app.address}review?assessment={months[1].assessment.id}")
    player = Driver(page)
    marks = player.root.evaluate("root => root.player.reel.history.now.marks")
    assert {mark["kind"] for mark in marks} == {"line", "note"}
    assert {mark["frame"] for mark in marks} == {drawn}
    page.get_by_role("button", name=NOTE).first.click()
    player.settled(drawn)


def test_the_take_home_page_opens_offline_with_frame_drawing_and_note_and_the_sheet_is_one_page(
    drawn: int, app: App, months: tuple[Kept, ...], browser: Browser, seen: Watched, tmp_path: Path
) -> None:
    page = seen.page(f"{app.address}review?assessment={months[1].assessment.id}")
    Driver(page)
    page.get_by_role("button", name="Make the page and the sheet").click()
    files = []
    for name in ("Page for any browser", "Sheet to print"):
        with page.expect_download() as given:
            page.get_by_role("button", name=name).click()
        path = tmp_path / given.value.suggested_filename
        given.value.save_as(path)
        files.append(path)
    web, paper = files
    with watched(browser, offline=True) as home:
        alone = home.page(web.as_uri())
        assert NOTE in alone.locator("body").inner_text()
        wide = alone.evaluate("[...document.images].map((image) => image.naturalWidth)")
        assert len(wide) >= 1 and min(wide) > 100
        alone.locator("img").first.wait_for()
        assert max(coloured(source) for source in sources(alone)) > 200
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: the sheet's text is not read")
    said = subprocess.run(["pdftotext", str(paper), "-"], capture_output=True, check=True, text=True).stdout
    assert said.count("\f") == 1
    assert NOTE in " ".join(said.split())


def sources(page: Page) -> list[str]:
    return list(page.evaluate("[...document.images].map((image) => image.src)"))


def coloured(data_url: str) -> int:
    """How many pixels of a picture have the colour of what people draw."""
    jpeg = np.frombuffer(base64.b64decode(data_url.split(",")[1]), np.uint8)
    bgr = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    far = np.abs(bgr[..., ::-1].astype(int) - np.array(DRAWN_RGB)).max(axis=-1)
    return int((far < 40).sum())


def every_page(app: App, measured: str, months: tuple[Kept, ...]) -> list[str]:
    day = months[1].assessment.id
    return [measured, *(app.address + page for page in PAGES), f"{app.address}review?assessment={day}"]


def shown(page: Page, url: str) -> None:
    """Open a page, with both films or the player where it has them."""
    page.goto(url)
    opened(page)
    if url.endswith("compare"):
        page.get_by_role("button", name="Show both films").click()
    if url.endswith("compare") or "=" in url:
        page.wait_for_selector(".gait-player[data-frame]")
    if url.endswith("runners"):
        page.get_by_role("button", name="Open", exact=True).first.click()
        page.get_by_text("Review frame by frame").wait_for()
    opened(page)


FOCUSED = """() => {
  const { ariaLabel, innerText } = document.activeElement;
  return ariaLabel || innerText.trim().split("\\n").at(-1);
}"""
OVERFLOWING = """() => [...document.querySelectorAll('[data-testid="stMain"] *')].filter((e) => {
  const { right, width } = e.getBoundingClientRect();
  return width && right > innerWidth + 1 && !e.closest('.stTable, [data-testid="stTable"], [data-scrolls]');
}).slice(0, 5).map((e) => `${e.tagName} ${e.className} ${e.getBoundingClientRect().right}`)"""
