"""Two people on one server: neither sees, fetches or changes what is the other's."""

import asyncio
import http.client
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from gait.errors import StoreRefused
from gait.store import assessments, runners
from gait.store.database import Store
from gait.store.domain import Actor, Profile
from gait.store.opening import Place, open_store
from gait.ui import club
from gait.ui.jobs import Jobs
from gait.ui.origin import Scope
from tests.store import postgres
from tests.store.days import a_day, a_runner, record
from tests.store.test_access import CALLS, OWN_THINGS_ONLY, World, rows, world
from tests.ui.pages import opened, own_store
from tests.ui.test_app_command import ROOT, answer, free_port

__all__ = ["own_store", "world"]

CADDYFILE = ROOT / "docs" / "club" / "Caddyfile"
PATHS = ("/", "/runners", "/_stcore/host-config", "/media/x.svg", "/clip/x/frames.f64", "/static/js/x.js")
HEADER = "Remote-User"


@pytest.fixture
def store(own_store: Store) -> Store:
    return own_store


def passed(
    headers: list[tuple[bytes, bytes]], path: str = "/", server: str = "127.0.0.1", kind: str = "http"
) -> bool:
    """Whether a request comes through to the app."""
    reached: list[str] = []
    sent: list[dict[str, Any]] = []

    async def app(scope: Scope, receive: Any, send: Any) -> None:
        reached.append(scope["path"])

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": kind, "path": path, "headers": headers, "server": (server, 8501)}
    asyncio.run(club.OnlyKnown(app)(scope, None, send))
    assert reached or sent[0].get("status") == 403 or sent[0]["type"] == "websocket.close"
    return bool(reached)


ANN, BOB = (b"remote-user", b"ann"), (b"remote-user", b"bob")


def test_alone_at_a_computer_everything_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(club.HEADER_VARIABLE, raising=False)
    assert passed([]) and passed([ANN], "/media/x.svg")
    assert club.header() == ""


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_nobody_without_a_name_gets_in(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setenv(club.HEADER_VARIABLE, HEADER)
    assert passed([ANN], kind=kind)
    assert not passed([], kind=kind)
    assert not passed([(b"remote-user", b" ")], kind=kind)
    assert not passed([ANN, BOB], kind=kind), "two names are no name"
    assert not passed([(b"x-remote-user", b"ann")], kind=kind)
    assert passed([], club.HEALTH)


@pytest.mark.parametrize("server", ["192.168.1.4", "0.0.0.0", "gym.local", ""])
def test_the_header_counts_only_on_this_machines_own_address(
    monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    monkeypatch.setenv(club.HEADER_VARIABLE, HEADER)
    assert not passed([ANN], server=server)


def test_what_belongs_to_anothers_session_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(club.HEADER_VARIABLE, HEADER)
    monkeypatch.setattr(club, "WAIT_S", 0.0)
    club.SEATS.take("anns-session", Actor("ann", "ann"))
    monkeypatch.setattr(club, "_sessions_of_media", lambda id: {"anns-session"} if id == "abc" else set())
    monkeypatch.setattr(club.SHELF, "session", lambda token: "anns-session" if token == "tok" else "")
    resumed = (b"sec-websocket-protocol", b"streamlit, xsrf, anns-session")
    for path in ("/media/abc.png", "/clip/tok/frames.f64", "/_stcore/upload_file/anns-session/1"):
        assert passed([ANN], path)
        assert not passed([BOB], path), path
    assert passed([ANN, resumed], "/_stcore/stream", kind="websocket")
    assert not passed([BOB, resumed], "/_stcore/stream", kind="websocket")
    for path in ("/media/unknown.png", "/media/", "/media/a/b", "/clip/gone/frames.f64"):
        assert not passed([ANN], path), path
    club.SEATS.sweep(lambda session: False)
    assert not passed([ANN], "/media/abc.png")


def test_every_store_call_is_refused_to_whom_the_header_names_as_another(store: Store, world: World) -> None:
    eve = club.named("eve")
    assert eve is not None
    before = rows(store)
    for name in sorted(set(CALLS) - OWN_THINGS_ONLY):
        with pytest.raises(StoreRefused):
            CALLS[name](store, eve, world)
            pytest.fail(name)
        assert rows(store) == before, name


def test_a_page_says_who_is_not_signed_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(club.HEADER_VARIABLE, HEADER)
    a_runner(store, "Ann")
    app = opened("runners")
    assert "not signed in" in app.error[0].value
    assert not any("Ann" in str(each.value) for each in (*app.markdown, *app.title, *app.subheader))


def test_a_ticket_is_worth_nothing_to_another(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = jobs.begin(lambda progress: (), "ann")
    assert jobs.find(job.ticket, "ann") is job
    assert jobs.find(job.ticket, "bob") is None
    jobs.close()


class _Login(BaseHTTPRequestHandler):
    """Stands for the login of a club: a cookie names who is signed in."""

    def do_GET(self) -> None:
        user = next((u for u in ("ann", "bob") if f"login={u}" in self.headers.get("Cookie", "")), None)
        self.send_response(200 if user else 401)
        if user:
            self.send_header(HEADER, user)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *values: Any) -> None:
        """Write nothing down."""


@contextmanager
def _login() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Login)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _running(command: list[str], cwd: Path, **environment: str) -> Iterator[None]:
    program = subprocess.Popen(
        command,
        cwd=cwd,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        program.terminate()
        program.wait(60)


@pytest.fixture(scope="module")
def database() -> Iterator[postgres.Server]:
    if postgres.binaries() is None:
        pytest.skip(f"no PostgreSQL in {postgres.BINARIES}: apt-get install postgresql")
    with postgres.server() as running:
        yield running


@pytest.fixture(scope="module")
def server(database: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A club's server as the documents set it up: the port that is open to the network."""
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("no Caddy on this machine: apt-get install caddy")
    home = tmp_path_factory.mktemp("club")
    outside, inside = free_port(), free_port()
    url = database.url.render_as_string(hide_password=False)
    kept = {"GAIT_STORE_DIR": str(home / "store"), "GAIT_STORE_URL": url, club.HEADER_VARIABLE: HEADER}
    app = [sys.executable, "-m", "gait.cli", "app", "--port", str(inside), "--no-browser"]
    with _login() as login:
        site = {
            "GAIT_GLOBAL": "auto_https off",
            "GAIT_SITE": f"http://127.0.0.1:{outside}",
            "GAIT_ORIGIN": f"http://127.0.0.1:{outside}",
            "GAIT_AUTH": f"127.0.0.1:{login}",
            "GAIT_APP": f"127.0.0.1:{inside}",
        }
        proxy = [caddy, "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
        with (
            _running(app, home, PYTHONPATH=str(ROOT), **kept),
            _running(proxy, home, HOME=str(home), XDG_DATA_HOME=str(home), XDG_CONFIG_HOME=str(home), **site),
        ):
            assert answer(f"http://127.0.0.1:{inside}{club.HEALTH}") == "ok"
            _until_it_listens(outside)
            yield outside


def asked(port: int, path: str, user: str = "", **headers: str) -> tuple[int, str]:
    cookie = {"Cookie": f"login={user}"} if user else {}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as link:
        link.request("GET", path, headers=cookie | headers)
        said = link.getresponse()
        return said.status, said.read().decode("utf-8", "replace")


@pytest.mark.parametrize("path", PATHS)
def test_every_path_of_the_server_asks_for_a_login(server: int, path: str) -> None:
    assert asked(server, path)[0] == 401
    assert asked(server, path, **{HEADER: "ann"})[0] == 401, "a header from outside is no login"
    assert asked(server, path, user="mallory")[0] == 401


def test_a_signed_in_page_from_elsewhere_is_refused(server: int) -> None:
    assert asked(server, "/", user="ann")[0] == 200
    assert asked(server, "/", user="ann", Origin="https://elsewhere.example")[0] == 403


def test_two_users_cannot_have_each_others_pages_media_or_uploads(server: int) -> None:
    pytest.importorskip("playwright", reason="playwright is not installed: no browser is tried")
    from tests.ui.player_browser import browsing, chromium

    if chromium() is None:
        pytest.skip("Chromium is not installed: no browser is tried")
    at = f"http://127.0.0.1:{server}"
    with browsing(chromium() or "") as browser:
        pages = {}
        for user in ("ann", "bob"):
            context = browser.new_context()
            context.add_cookies([{"name": "login", "value": user, "url": at}])
            pages[user] = context.new_page()
        ann, bob = pages["ann"], pages["bob"]
        ann.goto(f"{at}/runners")
        ann.get_by_role("button", name="Export").click(timeout=60_000)
        ann.get_by_role("button", name="Make the file").click(timeout=60_000)
        with ann.expect_download(timeout=60_000) as saved:
            ann.get_by_role("button", name="Save it").click(timeout=60_000)
        path = saved.value.url.removeprefix(at)
        assert path.startswith("/media/")
        assert asked(server, path, user="ann")[0] == 200
        assert asked(server, path, user="bob")[0] == 403
        assert asked(server, path, user="bob", **{HEADER: "ann"})[0] == 403, "a forged name is taken away"
        bob.goto(f"{at}/runners")
        bob.get_by_role("button", name="Export").wait_for(timeout=60_000)
        assert asked(server, path, user="bob")[0] == 403, "also with a page of his own"


def test_each_user_has_runners_of_his_own_in_the_database(
    server: int, database: postgres.Server, tmp_path: Path
) -> None:
    """What the pages of the two did stands under their own names, and in the audit log."""
    store = open_store(Place(tmp_path / "store", database.url), forget=lambda sha256: None)
    try:
        ann, bob = club.named("ann"), club.named("bob")
        assert ann is not None
        assert bob is not None
        for actor, other in ((ann, bob), (bob, ann)):
            his = runners.search(store, actor) or (runners.add(store, actor, Profile("Me")),)
            assert {each.owner_id for each in his} == {actor.id}
            for each in his:
                with pytest.raises(StoreRefused):
                    runners.get(store, other, each.id)
    finally:
        store.close()


def test_a_backup_brings_everything_back(database: postgres.Server, tmp_path: Path) -> None:
    """As docs/club-server.md says: the tables by pg_dump, the files beside them as they are."""
    from tests.store.days import a_clip

    database.run("createdb", "-h", database.folder, "-U", "gait", "before")
    database.run("createdb", "-h", database.folder, "-U", "gait", "restored")
    before = database.url.set(database="before")
    store = open_store(Place(tmp_path / "store", before), forget=lambda sha256: None)
    runner = a_runner(store, "Ann", Actor("ann", "ann", "coach"))
    day = a_day(store, runner, files=[a_clip(tmp_path)])
    had = rows(store)
    store.close()
    dump = database.folder / "club.dump"
    database.run("pg_dump", "-h", database.folder, "-U", "gait", "-Fc", "-f", dump, "before")
    shutil.copytree(tmp_path / "store" / "files", tmp_path / "again" / "files")
    database.run("pg_restore", "-h", database.folder, "-U", "gait", "-d", "restored", "--exit-on-error", dump)
    again = open_store(
        Place(tmp_path / "again", database.url.set(database="restored")), forget=lambda sha256: None
    )
    try:
        ann = Actor("ann", "ann", "coach")
        assert rows(again) == had
        assert assessments.record(again, ann, day.id) == record()
        assert assessments.file(again, ann, day.id, day.files[0].sha256).read_bytes() == b"a clip"
    finally:
        again.close()


def _until_it_listens(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError
