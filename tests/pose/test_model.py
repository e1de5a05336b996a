import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gait.errors import ModelUnavailable
from gait.pose.model import Model, Source, ensure, is_verified, read_manifest

CONTENT = b"a very small model" * 1000


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def model(*addresses: str) -> Model:
    return Model(
        name="small",
        file="small.task",
        size_bytes=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        licence="Apache-2.0",
        origin="a test",
        sources=tuple(Source("url", address) for address in addresses),
    )


def test_the_file_is_fetched_once_and_used_offline_ever_after(tmp_path: Path) -> None:
    served, here = tmp_path / "served", tmp_path / "here"
    served.mkdir()
    (served / "small.task").write_bytes(CONTENT)
    with serving(served) as address:
        path = ensure(model(f"{address}/small.task"), here)
    assert path.read_bytes() == CONTENT
    assert ensure(model("http://127.0.0.1:9/small.task"), here) == path


def test_the_next_source_is_tried_when_one_is_gone_or_sends_something_else(tmp_path: Path) -> None:
    served, here = tmp_path / "served", tmp_path / "here"
    served.mkdir()
    (served / "other.task").write_bytes(CONTENT[::-1])
    (served / "small.task").write_bytes(CONTENT)
    with serving(served) as address:
        names = ("absent.task", "other.task", "small.task")
        path = ensure(model(*(f"{address}/{name}" for name in names)), here)
    assert path.read_bytes() == CONTENT


def test_when_nothing_works_the_message_says_what_was_tried_and_where_to_put_the_file(tmp_path: Path) -> None:
    served, here = tmp_path / "served", tmp_path / "here"
    served.mkdir()
    (served / "small.task").write_bytes(CONTENT[:-1])
    with serving(served) as address:
        wanted = model(f"{address}/absent.task", f"{address}/small.task", "http://127.0.0.1:9/x")
        with pytest.raises(ModelUnavailable) as caught:
            ensure(wanted, here)
    message = str(caught.value)
    for source in wanted.sources:
        assert source.where in message
    assert str(here / "small.task") in message
    assert wanted.sha256 in message
    assert list(here.iterdir()) == [], "a failed fetch leaves nothing behind"


def test_a_damaged_file_is_not_used_but_fetched_again(tmp_path: Path) -> None:
    served, here = tmp_path / "served", tmp_path / "here"
    served.mkdir()
    here.mkdir()
    (served / "small.task").write_bytes(CONTENT)
    (here / "small.task").write_bytes(CONTENT[:-1] + b"?")
    with serving(served) as address:
        assert ensure(model(f"{address}/small.task"), here).read_bytes() == CONTENT


def test_the_manifest_names_every_source_and_the_licence() -> None:
    (heavy,) = read_manifest()
    assert {source.kind for source in heavy.sources} == {"url", "wheel"}
    assert len(heavy.sha256) == 64
    assert heavy.licence == "Apache-2.0"


def test_the_fetched_model_is_the_one_in_the_manifest(model_file: Path) -> None:
    (heavy,) = read_manifest()
    assert is_verified(heavy, model_file)
