"""A decoder that was taken over: it can read its one file, and nothing else happens."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from gait.video import decoder, jail, sandbox
from gait.video.clip import Clip, Frame
from gait.video.reader import frames, open_clip
from tests.video.files import KINDS, film, store

WHOLE = jail.status().whole
needs_walls = pytest.mark.skipif(not WHOLE, reason=str(jail.status()))


@dataclass(frozen=True)
class Outcome:
    """What came of an attack."""

    done: bool
    why: str


def tried(attack: Callable[[str], object], target: str) -> Iterator[Outcome]:
    try:
        yield Outcome(True, repr(attack(target)))
    except OSError as error:
        yield Outcome(False, str(error))


def connect(port: str) -> object:
    with socket.socket() as caller:
        return caller.connect(("127.0.0.1", int(port)))


def unix_socket(_: str) -> object:
    return socket.socketpair()


def run_program(_: str) -> object:
    return os.execv("/bin/true", ["true"])


def fork(_: str) -> object:
    if (child := os.fork()) == 0:
        os._exit(0)
    return child


def raw(number: int, *arguments: int) -> int:
    result = ctypes.CDLL(None, use_errno=True).syscall(number, *map(ctypes.c_long, arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return int(result)


def clone_a_process(_: str) -> object:
    if (child := raw(jail.CALLS[os.uname().machine][2]["clone"], signal.SIGCHLD, 0, 0, 0, 0)) == 0:
        os._exit(0)
    return child


def clone3_a_process(_: str) -> object:
    arguments = (ctypes.c_uint64 * 11)(0, 0, 0, 0, signal.SIGCHLD)
    if (child := raw(435, ctypes.addressof(arguments), ctypes.sizeof(arguments))) == 0:
        os._exit(0)
    return child


def vfork(_: str) -> object:
    return os.posix_spawn("/bin/true", ["true"], {})


def read(path: str) -> object:
    return Path(path).read_bytes()


def list_folder(path: str) -> object:
    return list(Path(path).parent.iterdir())


def write(path: str) -> object:
    return os.open(path, os.O_WRONLY)


def truncate(path: str) -> object:
    return os.truncate(path, 0)


def create(path: str) -> object:
    return os.open(f"{path}.new", os.O_CREAT | os.O_WRONLY)


def make_folder(path: str) -> object:
    return Path(f"{path}.folder").mkdir()


def rename(path: str) -> object:
    return Path(path).rename(f"{path}.moved")


def link(path: str) -> object:
    return os.link(path, f"{path}.link")


def change_mode(path: str) -> object:
    return Path(path).chmod(0o777)


def kill_parent(_: str) -> object:
    return os.kill(os.getppid(), 0)


def outlive_parent(_: str) -> object:
    if ctypes.CDLL(None, use_errno=True).prctl(jail.SET_PDEATHSIG, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "not allowed")
    return 0


def read_its_parent(_: str) -> object:
    return Path(f"/proc/{os.getppid()}/environ").read_bytes()


ON_NOTHING = (
    unix_socket,
    run_program,
    fork,
    clone_a_process,
    clone3_a_process,
    vfork,
    kill_parent,
    outlive_parent,
    read_its_parent,
)
ON_ANOTHER_FILE = (
    read,
    write,
    os.unlink,
    rename,
    link,
    truncate,
    create,
    make_folder,
    change_mode,
    list_folder,
)
ON_ITS_OWN_FILE = (write, os.unlink, rename, link, truncate, create, change_mode, list_folder)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker import these tests."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))


def outcome(attack: Callable[[str], object], target: object, file: Path) -> Outcome:
    (found,) = sandbox.stream(sandbox.Job(file, Outcome, tried, (attack, str(target))))
    return found


@needs_walls
@pytest.mark.parametrize("attack", ON_NOTHING)
def test_what_a_decoder_never_needs_is_denied(
    attack: Callable[[str], object], outside: None, tmp_path: Path
) -> None:
    own = tmp_path / "clip.mp4"
    own.write_bytes(b"clip")
    assert not outcome(attack, "", own).done


@needs_walls
@pytest.mark.parametrize("attack", ON_ANOTHER_FILE)
def test_another_file_cannot_be_touched(
    attack: Callable[[str], object], outside: None, tmp_path: Path
) -> None:
    own, other = tmp_path / "clip.mp4", tmp_path / "diary.txt"
    own.write_bytes(b"clip")
    other.write_text("private")
    assert not outcome(attack, other, own).done
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "diary.txt"]
    assert other.read_text() == "private"


@needs_walls
@pytest.mark.parametrize("attack", ON_ITS_OWN_FILE)
def test_its_own_file_can_only_be_read(
    attack: Callable[[str], object], outside: None, tmp_path: Path
) -> None:
    own = tmp_path / "clip.mp4"
    own.write_bytes(b"clip")
    assert not outcome(attack, own, own).done
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"clip"]
    assert outcome(read, own, own).why == "b'clip'"


@needs_walls
def test_the_list_of_users_cannot_be_read_nor_anybody_called(outside: None, tmp_path: Path) -> None:
    own = tmp_path / "clip.mp4"
    own.write_bytes(b"clip")
    assert not outcome(read, "/etc/passwd", own).done
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not outcome(connect, server.getsockname()[1], own).done


def environment(_: Path) -> Iterator[Outcome]:
    yield Outcome("SECRET" in os.environ, " ".join(os.environ))


def test_the_environment_stays_outside(
    outside: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "token")
    own = tmp_path / "clip.mp4"
    own.write_bytes(b"clip")
    (found,) = sandbox.stream(sandbox.Job(own, Outcome, environment, (own,)))
    assert not found.done
    assert "TOKEN" not in found.why


@pytest.mark.parametrize("name", list(KINDS))
def test_the_walls_change_no_pixel(name: str, tmp_path: Path) -> None:
    path = store(tmp_path / "clip", KINDS[name], film()[:6])
    clip = open_clip(path)
    inside = list(frames(clip))
    here = next(value for value in decoder.probe(path) if isinstance(value, Clip))
    wanted = np.arange(len(here.pts_s))
    outside = [value for value in decoder.pictures(here, wanted) if isinstance(value, Frame)]
    assert (clip.sha256, clip.size_px, clip.keyframes) == (here.sha256, here.size_px, here.keyframes)
    assert np.array_equal(clip.pts_s, here.pts_s)
    assert len(inside) == len(outside) > 0
    for one, other in zip(inside, outside, strict=True):
        assert (one.index, one.pts_s, one.corner_px) == (other.index, other.pts_s, other.corner_px)
        assert np.array_equal(one.rgb, other.rgb)
        assert np.array_equal(one.thumb, other.thumb)


def spins() -> Iterator[Outcome]:
    yield Outcome(True, str(os.getpid()))
    while True:
        pass


PARENT = """
import sys, time
from pathlib import Path
from gait.video import sandbox
from tests.video.test_jail import Outcome, spins
for value in sandbox.stream(sandbox.Job(Path(sys.argv[1]), Outcome, spins)):
    print(value.why, flush=True)
"""


@pytest.mark.skipif(not jail.status().ends_with_parent, reason="not on this system")
def test_a_worker_that_never_yields_ends_with_its_killed_parent(outside: None, tmp_path: Path) -> None:
    own = tmp_path / "clip.mp4"
    own.write_bytes(b"clip")
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(own)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert ended(worker)


def ended(process: int) -> bool:
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_what_is_missing_is_said_in_words() -> None:
    assert "only read its one file" in str(jail.Status(True, True, True))
    said = str(jail.Status(files=False, calls=True, ends_with_parent=True))
    assert "Landlock" in said
    assert "seccomp" not in said
