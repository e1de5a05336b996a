"""``gait app`` as it is started: from any folder, for this machine only, whatever the environment says."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from gait.ui import main

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    """A browser that writes down what it is to open."""
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path / "opened"}\n')
    program.chmod(0o700)
    return program


@pytest.fixture
def served(tmp_path: Path, model_file: Path, browser: Path) -> Iterator[int]:
    """The port of an app that was started from an empty folder, told by the environment to open up."""
    port = free_port()
    environment = os.environ | {
        "STREAMLIT_SERVER_ADDRESS": "0.0.0.0",
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "true",
        "BROWSER": f"{browser} %s",
        "PYTHONPATH": str(ROOT),
    }
    app = subprocess.Popen(
        [sys.executable, "-m", "gait.cli", "app", "--port", str(port)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        app.terminate()
        app.wait(30)


def answer(url: str, app_starts_within_s: float = 120.0) -> str:
    end_s = time.monotonic() + app_starts_within_s
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return str(response.read().decode())
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end_s:
                raise
            time.sleep(0.3)


def status(url: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def eventually(path: Path) -> str:
    for _ in range(600):
        if path.exists() and path.read_text().endswith("\n"):
            break
        time.sleep(0.1)
    return path.read_text()


def test_the_app_opens_in_the_browser_and_answers_on_no_other_address(served: int, browser: Path) -> None:
    assert answer(f"http://127.0.0.1:{served}/_stcore/health") == "ok"
    assert "<html" in answer(f"http://127.0.0.1:{served}/")
    assert status(f"http://127.0.0.1:{served}/", Origin=f"http://127.0.0.1:{served}") == 200
    assert status(f"http://127.0.0.1:{served}/_stcore/health", Origin="https://elsewhere.example") == 403
    assert eventually(browser.with_name("opened")).split() == [f"http://127.0.0.1:{served}"]
    with socket.socket() as elsewhere:  # all of 127.0.0.0/8 reaches a server that listens everywhere
        elsewhere.settimeout(5)
        assert elsewhere.connect_ex(("127.0.0.2", served)) != 0


def test_the_settings_are_those_of_the_checkout() -> None:
    settings = main.settings()
    assert settings["server.address"] == "127.0.0.1"
    assert settings["browser.gatherUsageStats"] is False
    assert settings["server.allowedHosts"] == ["127.0.0.1", "localhost"]
    assert settings["theme.light.primaryColor"].startswith("#")


@pytest.mark.parametrize("port", ["80", "seventy", "99999", "-1"])
def test_a_port_that_makes_no_sense_is_one_sentence(port: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gait.cli", "app", f"--port={port}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=ROOT,
    )
    assert done.returncode == 2
    assert "is not a port: give a number from 1024 to 65535" in done.stderr
