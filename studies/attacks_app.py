"""Attacks on the app, in the system's Chromium, each on a server of its own."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import FilePayload, Page, sync_playwright
from websockets.exceptions import InvalidHandshake
from websockets.sync.client import connect

from gait.video.writer import write_video
from studies.checkout import Code, family, resident
from tests.conftest import light_pictures

UP_S, SHOWN_MS = 240.0, 500_000
LEFT_S, LOOK_S = 400.0, 5.0
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
CAN_BE_CLICKED = "document.querySelector('[data-testid=stBaseButton-primary]')?.disabled === false"
LOOPBACK = re.compile(r'sin_addr=inet_addr\("127\.|inet_pton\(AF_INET6, "::1"')


@contextmanager
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A server on this machine that notes what it is asked."""
    calls: list[bytes] = []
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)

        def serve() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(1)
                    calls.append(connection.recv(200))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1], calls
        finally:
            over.set()
            thread.join()


def command(code: Code, port: int) -> list[str]:
    """Start the app of a checkout: as its users do, or before there was a command, with Streamlit."""
    if (code.checkout / "gait" / "ui" / "main.py").exists():
        return [sys.executable, "-m", "gait.cli", "app", "--no-browser", "--port", str(port)]
    return [
        sys.executable, "-m", "streamlit", "run", str(code.checkout / "app.py"),
        "--server.port", str(port), "--server.headless", "true",
    ]  # fmt: skip


@contextmanager
def served(code: Code, before: Sequence[str] = ()) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Port and process of a running app."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = subprocess.Popen(
        [*before, *command(code, port)],
        cwd=code.checkout,
        env=code.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _await(port)
        yield port, app
    finally:
        if app.poll() is None:
            app.terminate()
        try:
            app.wait(20)
        except subprocess.TimeoutExpired:
            app.kill()
            app.wait()


def _await(port: int) -> None:
    end_s = time.monotonic() + UP_S
    while time.monotonic() < end_s:
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    raise TimeoutError("the app did not start")


@contextmanager
def page(port: int) -> Iterator[Page]:
    """The app's first page in a browser."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        shown = browser.new_page()
        shown.set_default_timeout(SHOWN_MS)
        shown.goto(f"http://127.0.0.1:{port}/")
        shown.locator("input[type=file]").first.wait_for(state="attached")
        yield shown
        browser.close()


def drop(shown: Page, *files: FilePayload) -> None:
    """Drop files and ask for the result."""
    for each in files:
        shown.locator("input[type=file]").first.set_input_files(each)
        shown.wait_for_timeout(1500)
    button = shown.get_by_test_id("stBaseButton-primary").first
    button.wait_for()
    shown.wait_for_function(CAN_BE_CLICKED)
    button.click()


def answered(shown: Page) -> str:
    """What the page says in the end: an error, a question, a result, or that the code failed."""
    ends = "[data-testid=stAlert], [data-testid=stException], h2, [data-testid=stPopover]"
    waits = "ends => document.querySelector(ends) && !document.querySelector('[data-testid=stProgress]')"
    for _ in range(3):  # between its steps a page shows neither
        shown.wait_for_timeout(1500)
        shown.wait_for_function(waits, arg=ends)
    return shown.locator("[data-testid=stMain]").inner_text()


def calls_after_upload(code: Code) -> list[bytes]:
    """What a server is asked after a file that is named as a picture on it was dropped."""
    with listener() as (outside, calls), served(code) as (port, _), page(port) as shown:
        name = f"![x](http:&#47;&#47;127.0.0.1:{outside}&#47;p.png).mp4"
        drop(shown, FilePayload(name=name, mimeType="video/mp4", buffer=b"no film at all"))
        answered(shown)
        shown.wait_for_timeout(2000)
    return calls


def said_of_names(code: Code) -> tuple[str, bool]:
    """What the app says of files with names that no file can have."""
    names = ("..", "x" * 300 + ".mp4", "a\x00b\x1b[31m.mp4")
    with served(code) as (port, _):
        said = []
        for name in names:
            with page(port) as shown:
                drop(shown, FilePayload(name=name, mimeType="video/mp4", buffer=b"no film at all"))
                text = answered(shown)
            broken = next((line for line in text.splitlines() if "encountered an error" in line), "nothing")
            said.append("a sentence" if "cannot be read as a video" in text else broken[:40])
    return "; ".join(said), set(said) == {"a sentence"}


def _short_clip(code: Code) -> FilePayload:
    path = code.scratch / "visitor.mp4"
    if not path.exists():
        write_video(path, light_pictures(seconds=4.0), fps=60)
    return FilePayload(name="visitor.mp4", mimeType="video/mp4", buffer=path.read_bytes())


def files_of_visitors(code: Code) -> int:
    """Files among the temporary ones."""
    return sum(path.is_file() for path in (code.scratch / "tmp").rglob("*"))


def _files_once_dropped(code: Code, shown: Page) -> int:
    """Drop a clip; files as soon as there are some."""
    drop(shown, _short_clip(code))
    while not files_of_visitors(code):
        shown.wait_for_timeout(100)
    return files_of_visitors(code)


def files_after_a_kill(code: Code) -> tuple[int, int]:
    """Files before a kill -9 with a clip in the app, and after it was started again."""
    shutil.rmtree(code.scratch / "tmp", ignore_errors=True)
    with served(code) as (port, app), page(port) as shown:
        before = _files_once_dropped(code, shown)
        app.send_signal(signal.SIGKILL)
        app.wait()
    with served(code) as (port, _), page(port):
        return before, files_of_visitors(code)


def files_after_leaving(code: Code) -> tuple[int, int]:
    """Files while a visitor looks at the result, and ``LEFT_S`` after he closed the tab."""
    shutil.rmtree(code.scratch / "tmp", ignore_errors=True)
    with served(code) as (port, _):
        with page(port) as shown:
            before = _files_once_dropped(code, shown)
        end_s = time.monotonic() + LEFT_S
        while files_of_visitors(code) and time.monotonic() < end_s:
            time.sleep(LOOK_S)
        return before, files_of_visitors(code)


def memory_of_an_upload(code: Code, size_mb: int) -> tuple[float, float]:
    """MB that the app has more than before: with a large file that is no film on its page, and 20 s after."""
    large = code.scratch / "large.mp4"
    with large.open("wb") as file:
        file.truncate(size_mb * 1_000_000)
    with served(code) as (port, app), page(port) as shown:
        before_mb = _memory_mb(app.pid)
        shown.locator("input[type=file]").first.set_input_files(str(large))
        shown.wait_for_function(CAN_BE_CLICKED)
        while_mb = _memory_mb(app.pid) - before_mb
        shown.get_by_test_id("stBaseButton-primary").first.click()
        answered(shown)
        shown.wait_for_timeout(20_000)
        return while_mb, _memory_mb(app.pid) - before_mb


def _memory_mb(process: int) -> float:
    return sum(map(resident, family(process))) / 1e6


def foreign_socket(code: Code) -> str:
    """What a page of another site gets that was made to resolve to this machine."""
    with served(code) as (port, _):
        try:
            with connect(
                f"ws://evil.example:{port}/_stcore/stream",
                additional_headers={"Origin": f"http://evil.example:{port}"},
                sock=_named(port),
                open_timeout=10,
                subprotocols=["streamlit"],  # type: ignore[list-item]
            ) as socket_:
                del socket_
            return "accepted"
        except InvalidHandshake as refused:
            return f"refused ({refused})"


def _named(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port))


def connections_outside(code: Code, *, knocks: bool = False) -> set[str]:
    """Addresses beyond this machine that the app tries within a few seconds of its first page.

    Parameters
    ----------
    knocks
        True if a page of another site, open in the same browser, then asks for a connection.
    """
    log = code.scratch / f"connections{knocks}"
    watch = ("strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=connect,sendto", "-o", str(log))
    with served(code, watch) as (port, app), page(port) as shown:
        if knocks:
            _knock(port)
        shown.wait_for_timeout(8000)
        for child in subprocess.run(
            ["pgrep", "-P", str(app.pid)], capture_output=True, text=True, check=False
        ).stdout.split():
            subprocess.run(["kill", child], check=False)
    lines = log.read_text(errors="replace").splitlines()
    outside = [line for line in lines if "sin_addr=" in line or "sin6_addr" in line]
    found = {re.search(r'"([0-9a-fA-F.:]+)"', line) for line in outside if not LOOPBACK.search(line)}
    return {match.group(1) for match in found if match}


def _knock(port: int) -> None:
    """What a script on any page can do: a WebSocket to this machine; the browser says whose page it is."""
    with suppress(InvalidHandshake, TimeoutError):
        connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            additional_headers={"Origin": "http://elsewhere.example"},
            open_timeout=20,
            subprotocols=["streamlit"],  # type: ignore[list-item]
        ).close()
