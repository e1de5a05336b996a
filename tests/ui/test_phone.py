"""A clip from the phone: only a phone that was paired, only uploads, and then it stands in the drop zone."""

import http.client
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("cryptography", reason="certificates need cryptography: pip install 'gait[lan]'")
pytest.importorskip("segno", reason="QR codes need segno: pip install 'gait[lan]'")

from gait import certificates
from gait.errors import BadRequest
from gait.ui import phone
from gait.ui.phone import Listening, Phone, listen, qr_png
from tests.ui.pages import own_store
from tests.ui.test_app_command import ROOT, answer, free_port
from tests.ui.test_measure import opened, read

__all__ = ["own_store"]

Answer = tuple[int, str, dict[str, str]]


@pytest.fixture
def found() -> Iterator[Listening]:
    with listen("127.0.0.1") as listening:
        yield listening


def asked(found: Listening, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """What the page answers; its certificate is not looked at, as a phone's user clicks the warning away."""
    context = ssl._create_unverified_context()
    place = urlsplit(found.url)
    with closing(http.client.HTTPSConnection(place.hostname or "", place.port, context=context)) as link:
        link.request(method, path, body, {"Origin": found.url} | headers)
        said = link.getresponse()
        return said.status, said.read().decode(), dict(said.getheaders())


def paired(found: Listening) -> str:
    """Pair a phone; the cookie that it then sends."""
    status, _, headers = asked(found, "POST", "/pair", found.phone.code.encode())
    assert status == 204
    for word in ("Secure", "HttpOnly", "SameSite=Strict"):
        assert word in headers["Set-Cookie"]
    return headers["Set-Cookie"].split(";")[0]


@pytest.mark.usefixtures("own_store")
def test_a_clip_from_the_phone_stands_in_the_drop_zone_and_is_read(found: Listening) -> None:
    cookie = paired(found)
    status, said, _ = asked(found, "PUT", "/clips/IMG%201.mov", b"no film at all", Cookie=cookie)
    assert (status, said) == (201, "is there.")
    app = opened()
    assert not app.exception
    assert [box.label for box in app.checkbox if "from the phone" in box.label] == [
        "IMG 1\\.mov, from the phone, 14 bytes"
    ]
    app = read(app)
    assert "IMG 1\\.mov cannot be read as a video" in app.error[0].value
    assert found.phone.arrived == (), "the clip is the job's now"


@pytest.mark.usefixtures("own_store")
def test_without_a_network_page_the_app_shows_no_code() -> None:
    app = opened()
    assert not [box for box in app.expander if "phone" in box.label]


def test_a_code_pairs_one_phone_once(found: Listening) -> None:
    code = found.phone.code.encode()
    assert found.invitation.endswith(f"#{code.decode()}"), "what stands behind # is not sent on opening"
    paired(found)
    status, said, _ = asked(found, "POST", "/pair", code)
    assert status == 403
    assert "used already" in said
    assert found.phone.code.encode() != code


def test_a_code_that_is_too_old_or_was_guessed_at_is_none_anymore(
    found: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = found.phone.code.encode()
    for _ in range(phone.MOST_TRIES):
        assert asked(found, "POST", "/pair", b"guess")[0] == 403
    assert asked(found, "POST", "/pair", code)[0] == 403
    monkeypatch.setattr(phone, "CODE_LASTS_S", 0.0)
    old = Phone(Path("/nowhere"))
    assert old.pair(old.code) is None


def test_a_second_phone_takes_the_place_of_the_first(found: Listening) -> None:
    first = paired(found)
    paired(found)
    assert asked(found, "PUT", "/clips/a.mov", b"x", Cookie=first)[0] == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"Cookie": "gait-phone=guess"}, {"Cookie": "\x00"}, {"Origin": "https://elsewhere.example"}],
    ids=["no cookie", "wrong cookie", "broken cookie", "another page"],
)
def test_nobody_else_can_send_anything(found: Listening, headers: dict[str, str]) -> None:
    cookie = paired(found)
    given = {"Cookie": cookie} | headers if "Origin" in headers else headers
    assert asked(found, "PUT", "/clips/a.mov", b"x", **given)[0] == 403
    assert found.phone.arrived == ()


def test_a_page_that_pretends_to_be_this_address_is_refused(found: Listening) -> None:
    assert asked(found, "GET", "/", Host="gym.example:443")[0] == 404
    assert asked(found, "POST", "/pair", found.phone.code.encode(), Host="gym.example")[0] == 404


@pytest.mark.parametrize(
    "path", ["/clips/", "/clips/a.mov", "/../phone.py", "/phone.py", "/pair", "//etc/passwd"]
)
def test_nothing_can_be_fetched_but_the_page(found: Listening, path: str) -> None:
    cookie = paired(found)
    asked(found, "PUT", "/clips/a.mov", b"a secret", Cookie=cookie)
    status, said, _ = asked(found, "GET", path, Cookie=cookie)
    assert status == 404
    assert "secret" not in said
    assert asked(found, "DELETE", "/clips/a.mov", Cookie=cookie)[0] == 501
    status, said, headers = asked(found, "GET", "/")
    assert status == 200
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["..%2F..%2Fetc%2Fpasswd", "%00.mov", "con", "%E2%80%AEvom.mov", "a" * 3000])
def test_a_name_never_becomes_a_path(found: Listening, name: str) -> None:
    cookie = paired(found)
    assert asked(found, "PUT", f"/clips/{name}", b"x", Cookie=cookie)[0] == 201
    (clip,) = found.phone.arrived
    assert clip.path.name == "clip"
    assert "/" not in clip.name
    assert len(clip.name) <= 255


def test_a_clip_that_is_too_large_or_breaks_off_leaves_nothing(
    found: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = paired(found)
    monkeypatch.setattr(phone, "MOST_BYTES", 10)
    assert asked(found, "PUT", "/clips/a.mov", b"x" * 11, Cookie=cookie)[0] == 413
    assert asked(found, "PUT", "/clips/a.mov", b"", Cookie=cookie)[0] == 413
    context, place = ssl._create_unverified_context(), urlsplit(found.url)
    with (
        socket.create_connection((place.hostname or "", place.port or 0)) as link,
        context.wrap_socket(link) as secret,
    ):
        head = [
            "PUT /clips/a.mov HTTP/1.1",
            f"Host: {place.netloc}",
            f"Cookie: {cookie}",
            "Content-Length: 9",
        ]
        secret.sendall("\r\n".join([*head, "", "half"]).encode())
    for _ in range(100):
        if not [path for path in found.phone._folder.iterdir() if path.is_dir()]:
            break
        time.sleep(0.05)
    assert found.phone.arrived == ()
    assert not [path for path in found.phone._folder.iterdir() if path.is_dir()]
    monkeypatch.setattr(phone, "SPARE_BYTES", 1 << 60)
    status, said, _ = asked(found, "PUT", "/clips/a.mov", b"x", Cookie=cookie)
    assert (status, "does not fit" in said) == (413, True)


def test_so_many_clips_wait_and_no_more(found: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone, "MOST_WAITING", 1)
    cookie = paired(found)
    assert asked(found, "PUT", "/clips/a.mov", b"x", Cookie=cookie)[0] == 201
    assert asked(found, "PUT", "/clips/b.mov", b"x", Cookie=cookie)[0] == 413


def test_the_certificate_is_this_addresss_own_and_nothing_is_left(tmp_path: Path) -> None:
    with listen("127.0.0.1") as found:
        folder = found.phone._folder
        assert folder.stat().st_mode & 0o077 == 0
        context = ssl.create_default_context(cafile=str(folder / certificates.CERTIFICATE))
        place = urlsplit(found.url)
        with closing(http.client.HTTPSConnection(place.hostname or "", place.port, context=context)) as link:
            link.request("GET", "/")
            assert link.getresponse().status == 200
        assert len(found.fingerprint) == 32 * 3 - 1
    assert not folder.exists()
    assert qr_png(found.invitation).startswith(b"\x89PNG")


@pytest.mark.browser
def test_a_phones_browser_pairs_and_sends(found: Listening, tmp_path: Path) -> None:
    pytest.importorskip("playwright", reason="playwright is not installed: no browser is tried")
    from tests.ui.player_browser import browsing, chromium

    if chromium() is None:
        pytest.skip("Chromium is not installed: no browser is tried")
    clip = tmp_path / "run.mov"
    clip.write_bytes(b"film" * 1000)
    with browsing(chromium() or "") as browser:
        page = browser.new_page(ignore_https_errors=True)
        page.goto(found.invitation)
        page.get_by_text("Connect this phone").click()
        page.set_input_files("#clips", str(clip))
        page.get_by_text("run.mov is there.").wait_for(timeout=20_000)
    (arrived,) = found.phone.arrived
    assert (arrived.name, arrived.path.read_bytes()) == ("run.mov", clip.read_bytes())


def test_the_app_itself_stays_on_this_machine(tmp_path: Path, model_file: Path) -> None:
    try:
        own = phone.own_address()
    except BadRequest:
        pytest.skip("this machine is in no network")
    port = free_port()
    app = subprocess.Popen(
        [sys.executable, "-m", "gait.cli", "app", "--port", str(port), "--no-browser", "--lan"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert answer(f"http://127.0.0.1:{port}/_stcore/health") == "ok"
        with socket.socket() as elsewhere:
            assert elsewhere.connect_ex((own, port)) != 0
        assert any(_listens(own, each) for each in phone.PORTS)
    finally:
        app.terminate()
        app.wait(30)


def _listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0
