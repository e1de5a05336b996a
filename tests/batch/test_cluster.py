"""The same batch on workers: nothing open to others without certificates, versions and clips alike."""

import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="a cluster needs distributed: pip install 'gait[cluster]'")

from gait import certificates, cli
from gait.batch import cluster
from gait.cli import batch
from gait.errors import BadRequest, ClusterFailed, GaitError, OutputFailed
from gait.store import runners
from gait.store.database import Store
from gait.store.domain import LOCAL
from tests.batch.test_batch import ROOT, film, folder, gait_batch, kept, states, store

__all__ = ["folder", "store"]


@contextmanager
def running(*arguments: object, module: str = "gait.cli") -> Iterator[subprocess.Popen[bytes]]:
    """One of the programs of a cluster."""
    program = subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield program
    finally:
        program.kill()
        program.wait()


@contextmanager
def scheduler(*options: object) -> Iterator[int]:
    """A scheduler that listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with running("cluster", "start", "--port", port, *options):
        _until_it_listens(port)
        yield port


def wait_for_workers(port: int, number: int, tls: Path | None = None) -> None:
    """Until so many workers are there."""
    import distributed

    files = certificates.in_folder(tls) if tls else None
    url = f"{'tls' if tls else 'tcp'}://127.0.0.1:{port}"
    security = cluster._security(distributed, files)
    with distributed.Client(url, security=security, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(number, timeout=120)


def test_two_workers_do_a_batch_and_one_that_is_killed_costs_nothing(folder: Path, store: Store) -> None:
    names = [f"slow_{number}" for number in range(6)]
    for shade, name in enumerate(names):
        film(folder / name / f"{name}.mp4", shade)
    with ExitStack() as programs:
        port = programs.enter_context(scheduler())
        address = f"tcp://127.0.0.1:{port}"
        first, _ = (programs.enter_context(running("worker", address, "--jobs", 1)) for _ in range(2))
        wait_for_workers(port, 2)
        first.kill()
        assert gait_batch(folder, "--cluster", address, "--failed") == 0
        (folder / "last").mkdir()
        (folder / "slow_0" / "slow_0.mp4").rename(folder / "last" / "dies.mp4")
        assert gait_batch(folder, "--cluster", address) == 1
    assert kept(store) == [f"{name}.mp4" for name in names]
    assert states(folder)["dies.mp4"] == "poison"


def test_a_worker_of_another_version_is_refused_by_its_name(folder: Path, store: Store) -> None:
    film(folder / "Ann" / "ok.mp4", 1)
    with scheduler() as port, running(f"tcp://127.0.0.1:{port}", module="tests.batch.other_version"):
        wait_for_workers(port, 1)
        with pytest.raises(ClusterFailed) as failed:
            gait_batch(folder, "--cluster", f"tcp://127.0.0.1:{port}")
    assert socket.gethostname() in str(failed.value)
    assert "method older instead of" in str(failed.value)
    assert runners.search(store, LOCAL) == ()


def test_with_certificates_only_members_get_in(folder: Path, store: Store, tmp_path: Path) -> None:
    film(folder / "Ann" / "ok.mp4", 1)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for each in (ours, theirs):
        certificates.make_group(each, days=1)
    assert (ours / certificates.KEY).stat().st_mode & 0o077 == 0
    with scheduler("--tls-dir", ours) as port, running("worker", f"127.0.0.1:{port}", "--tls-dir", ours):
        wait_for_workers(port, 1, ours)
        address = f"tls://127.0.0.1:{port}"
        assert gait_batch(folder, "--cluster", address, "--tls-dir", ours) == 0
        film(folder / "Bob" / "ok.mp4", 2)
        with pytest.raises(ClusterFailed):
            gait_batch(folder, "--cluster", address, "--tls-dir", theirs)
        plain = ssl.create_default_context()
        plain.check_hostname, plain.verify_mode = False, ssl.CERT_NONE
        with (
            pytest.raises((ssl.SSLError, OSError)),
            socket.create_connection(("127.0.0.1", port)) as knock,
            plain.wrap_socket(knock) as inside,
        ):
            inside.sendall(b"x")
            inside.recv(1)
    assert kept(store) == ["ok.mp4"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "gym.local", "::"])
def test_what_others_can_reach_needs_certificates(host: str) -> None:
    with pytest.raises(BadRequest, match="any program"):
        cluster.require_loopback(host)
    with pytest.raises(BadRequest):
        cli._parser().parse_args(["cluster", "start", "--host", host]).run(
            cli._parser().parse_args(["cluster", "start", "--host", host])
        )
    shown = f"[{host}]" if ":" in host else host
    with pytest.raises(GaitError):
        cluster.address(f"tcp://{shown}:8786", None)


def test_certificates_are_never_written_over_others(tmp_path: Path) -> None:
    certificates.make_group(tmp_path, days=1)
    before = (tmp_path / certificates.KEY).read_bytes()
    with pytest.raises(OutputFailed, match="already"):
        certificates.make_group(tmp_path, days=1)
    assert (tmp_path / certificates.KEY).read_bytes() == before
    (tmp_path / certificates.AUTHORITY).unlink()
    with pytest.raises(BadRequest, match=r"ca\.pem"):
        cluster.address("tls://127.0.0.1:8786", tmp_path)


@pytest.mark.parametrize("text", ["http://x", "tcp://", "tcp://127.0.0.1:port", "tcp://127.0.0.1:1/x"])
def test_an_address_that_is_none_is_one_sentence(text: str) -> None:
    with pytest.raises(BadRequest, match="scheduler's address"):
        cluster.address(text, None)


def test_a_clip_that_is_another_one_on_the_worker_is_not_read(tmp_path: Path) -> None:
    """The folder is shared under another name; the file there must be the one that was looked at here."""
    from dataclasses import replace
    from datetime import date

    from gait.analysis import ClipRequest, Request
    from gait.batch.orders import Order
    from gait.batch.work import do
    from gait.store.domain import Day

    here = film(tmp_path / "here" / "a.mp4", 1)
    film(tmp_path / "there" / "a.mp4", 2)
    order = Order("Ann", Request((ClipRequest(here),)), Day(date.today()), (sha256_of(here),))
    moved = cluster.there(order, cluster.maps([f"{tmp_path / 'here'}={tmp_path / 'there'}"]))
    assert moved.request.clips[0].path == tmp_path / "there" / "a.mp4"
    with pytest.raises(BadRequest, match="not the clip"):
        do(moved, lambda clip, done, total: None)
    gone = replace(order, request=Request((ClipRequest(tmp_path / "absent.mp4"),)))
    with pytest.raises(BadRequest, match="folder shared"):
        do(gone, lambda clip, done, total: None)
    with pytest.raises(BadRequest, match="two folders"):
        cluster.maps(["/club"])


def test_nobody_at_the_address_is_one_sentence(folder: Path) -> None:
    film(folder / "Ann" / "ok.mp4", 1)
    parsed = cli._parser().parse_args(["batch", str(folder), "--out", str(folder.parent / "out")])
    parsed.cluster = "tcp://127.0.0.1:9"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cluster, "CONNECTS_WITHIN_S", 1)
        with pytest.raises(ClusterFailed, match="No scheduler answers"):
            batch.run(parsed)


def sha256_of(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def _until_it_listens(port: int) -> None:
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError
