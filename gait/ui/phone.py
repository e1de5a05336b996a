"""Clips from a phone in the same network: an upload-only page, for one paired phone, while the app runs.

The app itself stays on this machine. What listens to the network can do three things: show its page, pair a
phone that has the code, and take a clip from that phone. It never lists, shows or returns anything.
"""

import io
import secrets
import shutil
import socket
import ssl
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from gait import certificates, plain
from gait.errors import BadRequest

PORTS = range(8502, 8512)
CODE_LASTS_S = 600.0
SESSION_LASTS_S = 3600.0
"""Since its last clip."""
MOST_TRIES = 10
"""Wrong codes after which none is right anymore until the app shows a new one."""
MOST_BYTES = 2_000_000_000
"""Of one clip."""
MOST_DRAINED_BYTES = 8 * MOST_BYTES
"""What is read, and thrown away, of a clip of the paired phone that is refused, so that it hears why."""
MOST_WAITING = 12
SPARE_BYTES = 500_000_000
"""Room that is left on the disk."""
PIECE = 1 << 20
TIMEOUT_S = 30.0
AT_ONCE = 8
COOKIE = "gait-phone"
DAYS = 2
PAGES = {
    "/": ("phone.html", "text/html; charset=utf-8"),
    "/phone.js": ("phone.js", "text/javascript; charset=utf-8"),
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Connection": "close",
}


@dataclass(frozen=True)
class Arrived:
    """One clip that came from the phone, and waits in the drop zone."""

    name: str
    """As the phone calls it, made safe."""
    path: Path
    n_bytes: int


class Phone:
    """The paired phone, the code for the next one, and what has arrived."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._code, self._code_until_s, self._tries = "", 0.0, 0
        self._session, self._session_until_s = "", 0.0
        self._arrived: list[Arrived] = []
        self._number = 0

    @property
    def paired(self) -> bool:
        """True while a phone may send clips."""
        return time.monotonic() < self._session_until_s

    @property
    def code(self) -> str:
        """The code that pairs one phone, once.

        A new one is made where the last was used, is too old, or was guessed at.
        """
        with self._lock:
            if not self._code or time.monotonic() >= self._code_until_s:
                self._code, self._tries = secrets.token_urlsafe(16), 0
                self._code_until_s = time.monotonic() + CODE_LASTS_S
            return self._code

    @property
    def arrived(self) -> tuple[Arrived, ...]:
        """The clips that wait, the first to arrive first."""
        with self._lock:
            return tuple(self._arrived)

    def pair(self, code: str) -> str | None:
        """Take the code; return what the phone shows from now on. None if the code is not right."""
        with self._lock:
            good = bool(self._code) and time.monotonic() < self._code_until_s
            if not (good and compare_digest(code.encode(), self._code.encode())):
                self._tries += 1
                if self._tries >= MOST_TRIES:
                    self._code = ""
                return None
            self._code = ""
            self._session = secrets.token_urlsafe(24)
            self._session_until_s = time.monotonic() + SESSION_LASTS_S
            return self._session

    def knows(self, session: str) -> bool:
        """Whether this is the paired phone."""
        with self._lock:
            good = bool(self._session) and time.monotonic() < self._session_until_s
            return good and compare_digest(session.encode(), self._session.encode())

    def refuses(self, n_bytes: int) -> str:
        """Why a clip of this size is not taken; empty if it is."""
        if n_bytes <= 0:
            return "is empty."
        if n_bytes > MOST_BYTES:
            return f"is larger than {MOST_BYTES / 1e9:.0f} GB: film 8 to 10 seconds."
        if shutil.disk_usage(self._folder).free < n_bytes + SPARE_BYTES:
            return "does not fit on the computer's disk."
        if len(self.arrived) >= MOST_WAITING:
            return f"waits: the computer holds {MOST_WAITING} clips already. Use them there first."
        return ""

    @contextmanager
    def taking(self, name: str) -> Iterator[Path]:
        """Give a place to write a clip to; it counts once it is whole, and is gone if it breaks off."""
        with self._lock:
            self._number += 1
            own = self._folder / str(self._number)
        own.mkdir()
        try:
            yield own / "clip"
        except BaseException:
            shutil.rmtree(own, ignore_errors=True)
            raise
        with self._lock:
            size = (own / "clip").stat().st_size
            self._arrived.append(Arrived(plain.file_name(name), own / "clip", size))
            self._session_until_s = time.monotonic() + SESSION_LASTS_S

    def forget(self, clip: Arrived) -> None:
        """A clip was used, or is not wanted."""
        with self._lock:
            self._arrived = [each for each in self._arrived if each.path != clip.path]
        shutil.rmtree(clip.path.parent, ignore_errors=True)


@dataclass(frozen=True)
class Listening:
    """The page in the network, and whom it serves."""

    phone: Phone
    url: str
    fingerprint: str

    @property
    def invitation(self) -> str:
        """Address that pairs one phone; what stands behind # is told to nobody on the way."""
        return f"{self.url}/#{self.phone.code}"


_LISTENING: list[Listening] = []


def listening() -> Listening | None:
    """The page in the network; None unless it was asked for."""
    return _LISTENING[0] if _LISTENING else None


@contextmanager
def listen(address: str | None = None) -> Iterator[Listening]:
    """Take clips from the network until this ends; everything that was not used is then deleted.

    Parameters
    ----------
    address
        This machine's address in the network; None to find it.

    Raises
    ------
    BadRequest
        If there is no network, or the packages for it are missing.
    """
    certificates.require_package()
    _require_qr()
    host = address or own_address()
    with tempfile.TemporaryDirectory(prefix="gait-phone-") as folder:
        files = certificates.make_own(Path(folder), [host], DAYS)
        phone = Phone(Path(folder))
        server = _served(host, phone)
        server.context.load_cert_chain(files.certificate, files.key)
        thread = threading.Thread(target=server.serve_forever, daemon=True, name="phone")
        thread.start()
        found = Listening(phone, server.url, certificates.fingerprint(files.certificate))
        _LISTENING.append(found)
        try:
            yield found
        finally:
            _LISTENING.remove(found)
            server.shutdown()
            server.server_close()


def own_address() -> str:
    """Find the address of this machine in its network; nothing is sent for that.

    Raises
    ------
    BadRequest
        If there is no network.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError as error:
            raise BadRequest(
                "This computer is in no network: join the phone's first.", id="network"
            ) from error
        return str(probe.getsockname()[0])


def qr_png(text: str) -> bytes:
    """A QR code as PNG."""
    import segno

    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=8, border=3)
    return drawn.getvalue()


def _require_qr() -> None:
    try:
        import segno  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise BadRequest(
            "This needs the package segno: install gait with its extra lan.", id="extra"
        ) from error


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: str, port: int, phone: Phone) -> None:
        super().__init__((host, port), _Handler)
        self.phone = phone
        self.host = f"{host}:{port}"
        self.url = f"https://{self.host}"
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._free = threading.BoundedSemaphore(AT_ONCE)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve so many at once and no more."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Shake hands here, where one slow phone keeps nobody else waiting."""
        try:
            request.settimeout(TIMEOUT_S)
            with suppress(OSError), self.context.wrap_socket(request, server_side=True) as secret:
                self.finish_request(secret, client_address)
        finally:
            self.shutdown_request(request)
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of connections that break."""


def _served(host: str, phone: Phone) -> _Server:
    for port in PORTS:
        with suppress(OSError):
            return _Server(host, port, phone)
    raise BadRequest(
        f"No port from {PORTS.start} to {PORTS.stop - 1} is free at {host}: close what listens there.",
        id="port",
    )


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version, sys_version = "gait", ""
    body_read = False

    def log_message(self, format: str, *values: Any) -> None:
        """Write nothing down."""

    def do_GET(self) -> None:
        """Give the page."""
        if not self._ours() or self.path not in PAGES:
            self._refuse(404, "There is nothing here.")
            return
        name, kind = PAGES[self.path]
        self._say(200, Path(__file__).with_name(name).read_text(encoding="utf-8"), kind)

    def do_POST(self) -> None:
        """Pair a phone."""
        if not self._ours() or self.path != "/pair" or not 0 < self._length() <= 100:
            self._refuse(404, "There is nothing here.")
            return
        code = ""
        with suppress(EOFError):
            code = b"".join(self._body()).decode("ascii", "replace")
        session = self.server.phone.pair(code)
        if session is None:
            self._say(
                403, "This code was used already, or is too old: scan the one that the computer shows now."
            )
            return
        self._say(204, "", cookie=f"{COOKIE}={session}; Secure; HttpOnly; SameSite=Strict; Path=/")

    def do_PUT(self) -> None:
        """Take a clip."""
        start, _, name = self.path.partition("/clips/")
        if not self._ours() or start or not name or not self.server.phone.knows(self._session()):
            self._refuse(403, "was not taken: scan the code that the computer shows.")
            return
        if why := self.server.phone.refuses(self._length()):
            self._refuse(413, why, MOST_DRAINED_BYTES)
            return
        try:
            with self.server.phone.taking(unquote(name)) as path:
                self._written(path)
        except (OSError, EOFError):
            self._refuse(400, "did not arrive whole: send it again.")
        else:
            self._say(201, "is there.")

    def _written(self, path: Path) -> None:
        with path.open("xb") as file:
            for piece in self._body():
                file.write(piece)

    def _body(self) -> Iterator[bytes]:
        """Yield what was sent, piece by piece.

        Raises
        ------
        EOFError
            If it breaks off.
        """
        left, self.body_read = self._length(), True
        while left:
            piece = self.rfile.read(min(PIECE, left))
            if not piece:
                raise EOFError
            left -= len(piece)
            yield piece

    def _refuse(self, status: int, text: str, most_bytes: int = PIECE) -> None:
        """Say no; first take what is still being sent, or the answer would be lost on the way."""
        with suppress(OSError, EOFError):
            if not self.body_read and self._length() <= most_bytes:
                deque(self._body(), maxlen=0)
        self._say(status, text)

    def _ours(self) -> bool:
        """Whether it was asked of this address, by this address's own page."""
        origin = self.headers.get("Origin", self.server.url)
        return self.headers.get("Host") == self.server.host and origin == self.server.url

    def _length(self) -> int:
        text = self.headers.get("Content-Length", "")
        plain_body = "Transfer-Encoding" not in self.headers
        return int(text) if plain_body and text.isascii() and text.isdigit() and len(text) < 16 else 0

    def _session(self) -> str:
        with suppress(CookieError):
            found = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
            return found.value if found else ""
        return ""

    def _say(self, status: int, text: str, kind: str = "text/plain; charset=utf-8", cookie: str = "") -> None:
        content = text.encode()
        self.close_connection = True
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
