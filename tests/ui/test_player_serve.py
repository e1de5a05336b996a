"""Pictures are given to the session they belong to, to nobody else, and only to this machine."""

import asyncio
import time
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
from starlette.applications import Starlette

from gait.export.proxy import Proxy, proxy
from gait.export.segments import unpack
from gait.ui.player.component import first_position
from gait.ui.player.serve import GRACE_S, MOST_A_SESSION, Shelf, routes, url_of
from tests.ui.player_clip import numbered_clip

COUNT = 90


@dataclass(frozen=True)
class Answer:
    """What the server says."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True)
class Client:
    """Asks the server's routes, without a network."""

    app: Starlette

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        return asyncio.run(self._get(url, {"host": "127.0.0.1:8501", **(headers or {})}))

    async def _get(self, url: str, headers: Mapping[str, str]) -> Answer:
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": "GET", "path": unquote(url), "headers": raw, "query_string": b""}
        await self.app({**scope, "http_version": "1.1", "scheme": "http"}, receive, send)
        told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], told, b"".join(part.get("body", b"") for part in sent[1:]))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Proxy:
    return proxy(numbered_clip(tmp_path_factory.mktemp("clip") / "numbered.mp4", COUNT, (270, 480)))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def client(shelf: Shelf) -> Client:
    return Client(Starlette(routes=routes(shelf)))


def test_a_session_gets_its_pictures_and_tables(
    client: Client, shelf: Shelf, made: Proxy, tmp_path: Path
) -> None:
    url = url_of(shelf.lend("me", made, tmp_path))
    while (answer := client.get(f"{url}0.seg")).status_code == 425:
        pass
    assert len(unpack(answer.content)) == 60
    assert answer.headers["cache-control"] == "no-store"
    table = np.frombuffer(client.get(f"{url}frames.f64").content, "<f8").reshape(-1, 3)
    assert np.array_equal(table[:, 0], made.frames.number)
    assert np.array_equal(table[:, 2], made.frames.capture_s)
    points = np.frombuffer(client.get(f"{url}landmarks.f32").content, "<f4").reshape(-1, 33, 3)
    assert np.array_equal(points, made.landmarks, equal_nan=True)
    curves = np.frombuffer(client.get(f"{url}signals.f32").content, "<f4").reshape(-1, len(points))
    assert np.array_equal(curves[0], made.signals[0].values, equal_nan=True)
    assert client.get(f"{url}5.jpg").headers["content-type"] == "image/jpeg"


def test_the_picture_that_is_shown_first_is_made_before_the_browser_asks(
    shelf: Shelf, made: Proxy, tmp_path: Path
) -> None:
    segments = shelf.find(shelf.lend("me", made, tmp_path, first=first_position(made, None)))
    assert segments is not None and segments.working
    until_s = time.monotonic() + 300
    while segments.find(0) is None and time.monotonic() < until_s:
        time.sleep(0.02)
    assert segments.find(0) is not None


@pytest.mark.parametrize(
    "name", ["99.seg", "99.jpg", "-1.seg", "0.mp4", "..%2f..%2fetc%2fpasswd", "²2.seg", "clip.seg", "."]
)
def test_what_is_not_there_is_gone(
    client: Client, shelf: Shelf, made: Proxy, tmp_path: Path, name: str
) -> None:
    assert client.get(f"{url_of(shelf.lend('me', made, tmp_path))}{name}").status_code == 404


def test_a_guessed_token_opens_nothing(client: Client, shelf: Shelf, made: Proxy, tmp_path: Path) -> None:
    token = shelf.lend("me", made, tmp_path)
    assert len(token) >= 32
    guessed = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert client.get(f"{url_of(guessed)}0.seg").status_code == 404
    assert client.get(f"{url_of('x' * 32)}0.seg").status_code == 404


def test_two_sessions_have_two_tokens_and_one_has_the_same_each_time(
    shelf: Shelf, made: Proxy, tmp_path: Path
) -> None:
    mine = shelf.lend("me", made, tmp_path)
    assert shelf.lend("me", made, tmp_path) == mine
    assert shelf.lend("you", made, tmp_path / "yours") != mine


def test_a_session_has_a_few_clips_on_loan_and_the_one_shown_stays(
    client: Client, shelf: Shelf, made: Proxy, tmp_path: Path
) -> None:
    shown = url_of(shelf.lend("one", made, tmp_path))
    passed = []
    for number in range(2 * MOST_A_SESSION):
        shelf.lend("one", made, tmp_path)
        passed.append(url_of(shelf.lend("one", replace(made), tmp_path / str(number))))
    answers = [client.get(f"{url}signals.f32").status_code for url in passed]
    assert answers.count(200) == MOST_A_SESSION - 1 and answers[-1] == 200
    assert client.get(f"{shown}signals.f32").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8501", "192.168.1.7", "", "127.0.0.1.evil.example"]
)
def test_a_page_elsewhere_cannot_reach_in_by_a_name_of_its_own(
    client: Client, shelf: Shelf, made: Proxy, tmp_path: Path, host: str
) -> None:
    url = url_of(shelf.lend("me", made, tmp_path))
    assert client.get(f"{url}frames.f64", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8501", "[::1]:8501", "[::1]"])
def test_this_machine_is_answered_by_any_of_its_names(
    client: Client, shelf: Shelf, made: Proxy, tmp_path: Path, host: str
) -> None:
    url = url_of(shelf.lend("me", made, tmp_path))
    assert client.get(f"{url}frames.f64", headers={"host": host}).status_code == 200


def test_another_site_cannot_embed_the_pictures(
    client: Client, shelf: Shelf, made: Proxy, tmp_path: Path
) -> None:
    url = url_of(shelf.lend("me", made, tmp_path))
    assert client.get(f"{url}frames.f64", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_pictures_outlive_a_reload_but_not_the_session(
    client: Client, shelf: Shelf, made: Proxy, tmp_path: Path
) -> None:
    url = url_of(shelf.lend("me", made, tmp_path))
    shelf.sweep(lambda session: True, 1000.0)
    shelf.sweep(lambda session: False, 1000.0 + GRACE_S)
    assert client.get(f"{url}frames.f64").status_code == 200
    shelf.sweep(lambda session: False, 1001.0 + GRACE_S)
    assert client.get(f"{url}frames.f64").status_code == 404
