"""The same processes on other machines: Dask hands the work out, the coordinator here still writes alone.

Whoever reaches a Dask scheduler can run any code on its workers. So without certificates everything stays on
this machine's own loopback address, and with them every side has to show its own.
"""

import ipaddress
import logging
import platform
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gait import certificates
from gait.analysis import METHOD, the_model
from gait.batch import orders
from gait.batch.processes import Died, run_alone
from gait.errors import BadRequest, ClusterFailed
from gait.pose.landmarker import VERSION as MEDIAPIPE_VERSION

if TYPE_CHECKING:
    from distributed import Client, Security

PORT = 8786
CONNECTS_WITHIN_S = 20
QUIET = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.admin.tick.limit": "1h",
}
"""No page of Dask's answers anything: what its routes tell and offer is nobody's business."""


@dataclass(frozen=True)
class About:
    """What has to be alike on two machines so that they give the same numbers."""

    gait: str
    method: str
    mediapipe: str
    model_sha256: str


@dataclass(frozen=True)
class Address:
    """Where a scheduler is, and the certificates to speak to it with."""

    url: str
    tls: certificates.Files | None = None

    @property
    def host(self) -> str:
        """Its name or number."""
        return urlsplit(self.url).hostname or ""


Maps = Sequence[tuple[PurePath, PurePath]]
"""What a folder is called here, and what on the workers."""


class OtherVersion(Exception):
    """A worker is of another version; its text names the machine."""


def address(text: str, tls_dir: Path | None) -> Address:
    """Read where a scheduler is: ``tcp://HOST:8786``.

    Raises
    ------
    BadRequest
        If it makes no sense, or is another machine's and there are no certificates.
    """
    parts = urlsplit(text if "://" in text else f"tcp://{text}")
    try:
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host, port = None, PORT
    if parts.scheme not in ("tcp", "tls") or not host or parts.path not in ("", "/"):
        raise BadRequest(
            f"“{text}” is not a scheduler's address: it looks like tcp://127.0.0.1:{PORT}.", id="cluster"
        )
    if tls_dir is None:
        require_loopback(host)
        return Address(f"tcp://{host}:{port}")
    return Address(f"tls://{host}:{port}", certificates.require(tls_dir))


def require_loopback(host: str) -> None:
    """Refuse another machine's address, or one that others can reach.

    Raises
    ------
    BadRequest
        If it is not this machine's own.
    """
    try:
        own = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        own = False
    if not own:
        raise BadRequest(
            f"{host} can be reached by others, and whoever reaches a cluster can run any program on it: make "
            "certificates with gait cluster init and give their folder (--tls-dir DIR).",
            id="tls",
        )


def maps(texts: Sequence[str]) -> Maps:
    """Read ``/here=/there``.

    Raises
    ------
    BadRequest
        If one is not two whole paths.
    """
    found = []
    for text in texts:
        here, _, there = text.partition("=")
        if not (PurePath(here).is_absolute() and PurePath(there).is_absolute()):
            raise BadRequest(f"“{text}” is not two folders: write /club=/mnt/club.", id="map")
        found.append((PurePath(here), PurePath(there)))
    return found


def there(order: orders.Order, known: Maps) -> orders.Order:
    """The order with the paths that its clips have on the workers; the first folder that fits counts.

    Examples
    --------
    >>> from gait.analysis import ClipRequest, Request
    >>> from gait.store.domain import Day
    >>> from datetime import date
    >>> clip = ClipRequest(Path("/club/ann/a.mov"))
    >>> order = orders.Order("Ann", Request((clip,)), Day(date(2026, 1, 2)), ("0" * 64,))
    >>> there(order, maps(["/club=/mnt/club"])).request.clips[0].path.as_posix()
    '/mnt/club/ann/a.mov'
    """
    clips = tuple(replace(clip, path=_there(clip.path, known)) for clip in order.request.clips)
    return replace(order, request=replace(order.request, clips=clips))


def about() -> tuple[str, About]:
    """Name the machine that this is, and what its numbers hang on."""
    own = About(version("gait"), METHOD, MEDIAPIPE_VERSION, the_model().sha256)
    return platform.node(), own


def remote(expected: About, work: str, text: str) -> str:
    """Do a piece of work on a worker, in a process of its own there.

    Raises
    ------
    OtherVersion
        If this worker is of another version than the coordinator.
    Died
        If the process ended without an answer.
    """
    if said := differs(expected, *about()):
        raise OtherVersion(said)
    return run_alone(work, text)


def differs(expected: About, machine: str, found: About) -> str:
    """Say how a worker differs, naming its machine; empty if it does not."""
    words = {"gait": "gait", "method": "method", "mediapipe": "mediapipe", "model_sha256": "the pose model"}
    apart = [
        f"{word} {str(getattr(found, name))[:12]} instead of {str(getattr(expected, name))[:12]}"
        for name, word in words.items()
        if getattr(found, name) != getattr(expected, name)
    ]
    return f"The worker on {machine} has {', '.join(apart)}: install the same version there." if apart else ""


@contextmanager
def connected(where: Address, work: str, known: Maps) -> "Iterator[Callable[[str, str], Future[str]]]":
    """Hand orders to the workers of a cluster.

    Raises
    ------
    ClusterFailed
        If it does not answer, has no worker, a worker is of another version, or it goes away meanwhile.
    """
    distributed = _dask()
    client = _client(distributed, where)
    try:
        _, own = about()
        _require_alike(client, own)
        executor = client.get_executor(retries=0, pure=False)

        def submit(key: str, text: str) -> "Future[str]":
            ordered = orders.to_json(there(orders.from_json(text), known))
            return _translated(distributed, executor.submit(remote, own, work, ordered))

        yield submit
    finally:
        client.close(timeout=CONNECTS_WITHIN_S)


def serve_scheduler(host: str, port: int, tls: certificates.Files | None) -> None:
    """Run a scheduler until it is stopped.

    A task that ended a worker is given back at once: how often it may be tried is for the coordinator to
    say, which remembers.
    """
    distributed = _dask()
    import asyncio

    async def serve() -> None:
        own = distributed.Scheduler(
            host=host,
            port=port,
            protocol="tls" if tls else "tcp",
            security=_security(distributed, tls),
            dashboard=False,
            dashboard_address="127.0.0.1:0",
            allowed_failures=0,
        )
        async with own:
            await own.finished()

    asyncio.run(serve())


def serve_worker(where: Address, at_once: int) -> None:
    """Run a worker until it is stopped; it waits for its scheduler, and comes back when that does."""
    distributed = _dask()
    import asyncio

    async def serve() -> None:
        own = distributed.Worker(
            where.url,
            nthreads=at_once,
            host=None if where.tls else "127.0.0.1",
            security=_security(distributed, where.tls),
            dashboard=False,
            dashboard_address="127.0.0.1:0",
            memory_limit=0,
        )
        async with own:
            await own.finished()

    asyncio.run(serve())


def _there(path: Path, known: Maps) -> Path:
    for here, yonder in known:
        if path.is_relative_to(here):
            return Path(yonder / path.relative_to(here))
    return path


def _dask() -> Any:
    try:
        import dask
        import distributed
    except ImportError as error:
        raise BadRequest(
            "A cluster needs the package distributed: install gait with its extra cluster.", id="extra"
        ) from error
    dask.config.set(QUIET)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    return distributed


def _client(distributed: Any, where: Address) -> "Client":
    try:
        client = distributed.Client(
            where.url,
            timeout=CONNECTS_WITHIN_S,
            security=_security(distributed, where.tls),
            set_as_default=False,
        )
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ClusterFailed(
            f"No scheduler answers at {where.url}: is it started there (gait cluster start), with the same "
            "certificates?"
        ) from error
    return client


def _security(distributed: Any, tls: certificates.Files | None) -> "Security":
    if tls is None:
        return distributed.Security(require_encryption=False)
    own = {f"tls_{role}_cert": str(tls.certificate) for role in ("client", "scheduler", "worker")}
    keys = {f"tls_{role}_key": str(tls.key) for role in ("client", "scheduler", "worker")}
    return distributed.Security(require_encryption=True, tls_ca_file=str(tls.authority), **own, **keys)


def _require_alike(client: "Client", own: About) -> None:
    try:
        found = client.run(about)
    except Exception as error:
        raise ClusterFailed(
            f"The workers do not say which version they have ({error}): install this one."
        ) from error
    if not found:
        raise ClusterFailed("The cluster has no worker: start one on each machine (gait worker ADDRESS).")
    for machine, theirs in found.values():
        if said := differs(own, machine, theirs):
            raise ClusterFailed(said)


def _translated(distributed: Any, future: "Future[str]") -> "Future[str]":
    """The same future, with what Dask says of dead workers in the coordinator's words."""
    ours: Future[str] = Future()

    def settle(done: "Future[str]") -> None:
        if ours.cancelled():
            return
        error = None if done.cancelled() else done.exception()
        if done.cancelled():
            ours.set_exception(
                ClusterFailed("The cluster went away: start it and give the same command again.")
            )
        elif error is None:
            ours.set_result(done.result())
        elif isinstance(error, distributed.KilledWorker):
            ours.set_exception(Died())
        elif isinstance(error, Died):
            ours.set_exception(error)
        else:
            ours.set_exception(ClusterFailed(str(error)))

    future.add_done_callback(settle)
    return ours
