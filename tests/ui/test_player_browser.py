"""The frame player in a real browser."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright", reason="playwright is not installed: the player is not tried in a browser")

from playwright.sync_api import Browser, BrowserContext

from tests.ui.player_browser import Driver, browsing, chromium, serving
from tests.ui.player_clip import CAPTURE_FPS, SIZE_PX, STRIDE_S

pytestmark = pytest.mark.browser
FRAMES = 720
RIGHT_LANDS = [round((0.2 + n * STRIDE_S) * CAPTURE_FPS + 0.25) for n in range(4)]
WIDE = {"width": 1280, "height": 1400}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if chromium() is None:
        pytest.skip("Chromium is not installed: the player is not tried in a browser")
    with serving(tmp_path_factory.mktemp("player"), FRAMES) as address:
        yield address


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Browser]:
    del address
    with browsing(chromium() or "") as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=WIDE)
    yield context
    context.close()


@pytest.fixture
def player(context: BrowserContext, address: str) -> Driver:
    return Driver(context.new_page(), address)


@pytest.fixture
def editor(context: BrowserContext, address: str) -> Driver:
    return Driver(context.new_page(), f"{address}?edit=1")


def said(driver: Driver) -> dict[str, Any]:
    """What Python has understood."""
    return dict(json.loads(driver.page.locator("code").last.inner_text()))


def until_said(driver: Driver, what: str) -> dict[str, Any]:
    driver.page.wait_for_function(
        "what => [...document.querySelectorAll('code')].at(-1).innerText.includes(what)", arg=what
    )
    return said(driver)


def centre(driver: Driver, selector: str) -> tuple[float, float]:
    box = driver.page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_every_jump_shows_the_frame_that_was_asked_for(player: Driver) -> None:
    player.bare()
    wanted = [random.Random(7).randrange(FRAMES) for _ in range(300)]
    wrong = []
    for position in wanted:
        player.go(position)
        if (player.frame(), player.number(SIZE_PX)) != (position, position):
            wrong.append((position, player.frame(), player.number(SIZE_PX)))
    assert not wrong


def test_every_step_shows_the_next_frame(player: Driver) -> None:
    player.bare()
    player.go(200)
    player.page.locator(".stage").focus()
    for frame in range(201, 261):
        player.page.keyboard.press("ArrowRight")
        player.settled(frame)
        assert player.number(SIZE_PX) == frame


def test_buttons_wheel_drag_and_the_frame_box_go_where_they_say(player: Driver) -> None:
    player.go(300)
    player.page.get_by_label("One frame on").click()
    player.settled(301)
    player.page.get_by_label("One frame back").click()
    player.settled(300)
    player.page.mouse.move(*centre(player, ".stage"))
    player.page.locator(".stage").focus()
    player.page.mouse.wheel(0, 40)
    player.settled(301)
    x, y = centre(player, ".stage")
    player.drag((x, y), (x + 50, y))
    player.settled(311)
    player.page.locator("input.frame").fill("42")
    player.page.locator("input.frame").press("Enter")
    player.settled(42)


def test_the_page_scrolls_over_a_player_that_is_not_in_use(player: Driver) -> None:
    before = player.frame()
    player.page.mouse.move(*centre(player, ".stage"))
    player.page.mouse.wheel(0, 80)
    player.page.wait_for_timeout(300)
    assert player.frame() == before


def test_the_first_picture_is_a_landing_and_keys_go_from_landing_to_landing(player: Driver) -> None:
    assert player.frame() == RIGHT_LANDS[0]
    player.page.get_by_role("button", name="Only the right leg").click()
    player.page.locator(".stage").focus()
    for frame in RIGHT_LANDS[1:]:
        player.page.keyboard.press("t")
        player.settled(frame)
    player.page.keyboard.press("Shift+T")
    player.settled(RIGHT_LANDS[-2])


def test_a_click_on_the_curve_goes_there(player: Driver) -> None:
    player.page.mouse.click(*player.on_curve(500, lane=-3))
    player.near(500)


def test_a_screen_reader_hears_where_it_is(player: Driver) -> None:
    player.go(RIGHT_LANDS[1])
    slider = player.page.get_by_role("slider", name="Frame")
    assert slider.get_attribute("aria-valuenow") == str(RIGHT_LANDS[1])
    assert "Right foot on the ground, 0 % of the stride" in (slider.get_attribute("aria-valuetext") or "")


def test_a_loop_stays_in_its_stride(player: Driver) -> None:
    player.go(RIGHT_LANDS[1] + 20)
    player.page.get_by_label("Repeat this stride").click()
    player.page.get_by_label("Real speed", exact=True).click()
    seen = player.root.evaluate(
        """root => new Promise((done) => {
          const seen = [];
          let turns = 0;
          root.addEventListener("gait-drawn", ({ detail: { position } }) => {
            if (position < seen.at(-1)) turns += 1;
            seen.push(position);
            if (turns === 2) { root.player.pause(); done(seen); }
          });
          root.player.play();
        })"""
    )
    assert min(seen) >= RIGHT_LANDS[1]
    assert max(seen) < RIGHT_LANDS[2]


def test_a_dragged_touchdown_reaches_the_numbers_and_undo_takes_it_back(editor: Driver) -> None:
    assert editor.frame() == RIGHT_LANDS[0]
    editor.drag(editor.on_curve(RIGHT_LANDS[0]), editor.on_curve(RIGHT_LANDS[0] + 6))
    found = until_said(editor, '"edited"')
    moved = found["edits"]["events"]["right-1-touchdown"]
    assert abs(moved - RIGHT_LANDS[0] - 6) <= 1
    assert found["contacts"][0] == ["right", round(moved / CAPTURE_FPS, 4), "edited"]
    assert editor.frame() == moved
    editor.root.evaluate("root => { root.wasHere = true; }")
    editor.page.locator(".stage").focus()
    editor.page.keyboard.press("Control+z")
    editor.page.wait_for_function(
        "() => ![...document.querySelectorAll('code')].at(-1).innerText.includes('edited')"
    )
    assert said(editor)["edits"]["events"] == {}
    assert editor.root.evaluate("root => root.wasHere")
    assert editor.frame() == moved


def test_a_landing_can_be_added_moved_by_keys_and_deleted(editor: Driver) -> None:
    editor.go(100)
    editor.page.get_by_role("button", name="Touchdown here").click()
    until_said(editor, '"added-1"')
    editor.page.locator(".stage").focus()
    editor.page.keyboard.press(".")
    editor.settled(101)
    assert until_said(editor, '"frame": 101')["edits"]["added"][0]["side"] == "right"
    editor.page.get_by_role("button", name="Delete", exact=True).click()
    editor.page.wait_for_function(
        "() => ![...document.querySelectorAll('code')].at(-1).innerText.includes('added-1')"
    )
    editor.go(RIGHT_LANDS[1] - 5)
    editor.page.keyboard.press("t")
    editor.page.keyboard.press("Delete")
    found = until_said(editor, '"right-2-touchdown": null')
    lands = [round(s * CAPTURE_FPS + 0.25) for side, s, _ in found["contacts"] if side == "right"]
    assert lands == [RIGHT_LANDS[0], *RIGHT_LANDS[2:]]
    editor.page.get_by_role("button", name="Bring back 1 deleted").click()
    editor.page.wait_for_function(
        "() => ![...document.querySelectorAll('code')].at(-1).innerText.includes('null}')"
    )


def test_a_note_is_pinned_to_the_joint_it_was_put_on_and_can_be_jumped_to(editor: Driver) -> None:
    editor.go(123)
    editor.page.get_by_role("button", name="Note", exact=True).click()
    editor.page.mouse.click(*editor.on_picture(26))
    editor.page.keyboard.type("knee <b>straight</b> & stiff")
    editor.page.keyboard.press("Enter")
    (mark,) = until_said(editor, "stiff")["marks"]
    assert (mark["kind"], mark["frame"], mark["joint"]) == ("note", 123, 26)
    assert mark["text"] == "knee <b>straight</b> & stiff"
    editor.go(300)
    editor.page.locator("button.note").click()
    editor.settled(123)
    assert "Right knee" in editor.page.locator("button.note").inner_text()


def test_lines_and_angles_lie_where_they_were_drawn(editor: Driver) -> None:
    editor.go(140)
    editor.page.get_by_role("button", name="Line", exact=True).click()
    editor.drag(editor.on_picture(24), editor.on_picture(28))
    until_said(editor, '"line"')
    editor.page.get_by_role("button", name="Angle", exact=True).click()
    for landmark in (24, 26, 28):
        editor.page.mouse.click(*editor.on_picture(landmark))
    line, angle = until_said(editor, '"angle"')["marks"]
    hip, knee, ankle = (
        editor.root.evaluate("(root, i) => root.player.reel.points(140)[i]", i) for i in (24, 26, 28)
    )
    assert line["points"] == [pytest.approx(hip, abs=2), pytest.approx(ankle, abs=2)]
    assert angle["points"] == [pytest.approx(p, abs=2) for p in (hip, knee, ankle)]


def test_a_joint_put_right_in_one_frame_stays_there(editor: Driver) -> None:
    editor.go(160)
    editor.page.get_by_role("button", name="Move a joint").click()
    x, y = editor.on_picture(26)
    editor.drag((x, y), (x + 30, y - 10))
    points = until_said(editor, '"160:26"')["edits"]["points"]
    assert list(points) == ["160:26"]
    assert editor.on_picture(26) == pytest.approx((x + 30, y - 10), abs=1.5)
    editor.go(161)
    assert editor.on_picture(26)[0] < x + 20


def test_two_clips_are_at_the_same_instant_of_the_stride(context: BrowserContext, address: str) -> None:
    two = Driver(context.new_page(), f"{address}?clips=2")
    other = [round((0.2 + n * 0.66) * CAPTURE_FPS + 0.25) for n in range(4)]
    for n in range(4):
        two.go(RIGHT_LANDS[n])
        at = two.root.evaluate("root => root.player.otherAt(root.player.position)")
        assert abs(at - other[n]) <= 1
    two.page.get_by_role("button", name="Overlaid").click()
    assert two.page.locator(".stage").count() == 1
    two.page.get_by_role("button", name="Stacked").click()
    assert two.page.locator(".stage").count() == 2


def test_closer_shows_the_picture_in_full_size(player: Driver) -> None:
    player.go(250)
    player.bare()
    for _ in range(3):
        player.page.get_by_label("Closer").click()
    player.page.wait_for_function(
        "() => document.querySelector('[data-testid=stBidiComponentIsolated]').shadowRoot"
        ".querySelector('.gait-player').player.reel.still.position === 250"
    )
    player.page.get_by_label("Whole picture").click()
    assert player.number(SIZE_PX) == 250


@pytest.mark.parametrize("page", ["", "?edit=1", "?clips=2", "?clips=2&layout=ghost"])
def test_a_phone_never_scrolls_sideways(browser: Browser, address: str, page: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone = Driver(context.new_page(), f"{address}{page}")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = phone.root.evaluate(
        "root => [...root.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > 391).length"
    )
    assert wide == 0
    context.close()


def test_fingers_turn_pages_and_pinch(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone = Driver(context.new_page(), address)
    phone.go(100)
    x, y = centre(phone, ".stage")
    devtools = context.new_cdp_session(phone.page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": px, "y": py, "id": i} for i, (px, py) in enumerate(places)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (x, y))
    for dx in (15, 30, 50):
        touch("touchMove", (x + dx, y))
    touch("touchEnd")
    phone.settled(110)
    touch("touchStart", (x - 20, y), (x + 20, y))
    for spread in (40, 60):
        touch("touchMove", (x - spread, y), (x + spread, y))
    touch("touchEnd")
    assert phone.root.evaluate("root => root.player.zoom.zoom") > 1.5
    context.close()


def test_nothing_is_asked_of_any_other_host(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    hosts: set[str | None] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).hostname))
    driver = Driver(page, f"{address}?edit=1")
    driver.go(400)
    page.get_by_label("Play", exact=True).click()
    page.wait_for_timeout(500)
    assert {host for host in hosts if host} == {"127.0.0.1"}


def test_two_sessions_have_pictures_of_their_own(browser: Browser, address: str) -> None:
    urls = []
    for _ in range(2):
        context = browser.new_context(viewport=WIDE)
        driver = Driver(context.new_page(), address)
        urls.append(driver.root.evaluate("root => root.player.reel.facts.url"))
        context.close()
    assert urls[0] != urls[1]


def test_nothing_goes_wrong_in_the_browsers_console(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    driver = Driver(page, f"{address}?edit=1")
    for label in ("Straight down", "Overstride", "Shin", "Lean", "Skeleton"):
        page.get_by_role("button", name=label, exact=True).click()
    for key in ("t", "m", "o", "l", "+", "-", "0", "1", "4", "Home", "End", "PageUp", "Escape"):
        driver.root.press(key) if key == "t" else page.keyboard.press(key)
    page.get_by_role("combobox").first.select_option(index=2)
    assert not wrong


def test_the_page_holds_the_player_without_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit.testing.v1 import AppTest

    from tests.ui import player_page

    monkeypatch.setenv(player_page.FOLDER, str(tmp_path))
    monkeypatch.setenv(player_page.FRAMES, "60")
    app = AppTest.from_file("player_page.py", default_timeout=120).run()
    assert not app.exception
