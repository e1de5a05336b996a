"""Run what reads foreign files in a process of its own, locked in, with limits on memory, time and files.

A video decoder is a large program in C that a broken file can crash, hang or make swallow all memory, and a
hostile one can take over. Here that ends the worker process, which can do nothing but read its one file
(:mod:`gait.video.jail`), and becomes one sentence in this one. ``python -m gait.video.sandbox`` is the
worker: it takes one job from standard input and writes each value that the job yields to standard output, in
the fixed layout of :mod:`gait.video.wire`.
"""

import io
import os
import pickle
import select
import struct
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from gait import plain
from gait.errors import GaitError, UnreadableClip
from gait.video import jail, wire

Value = TypeVar("Value")

STALL_S = 9.0
"""Longest work, in processor time, without a sign of life; and longest sleep."""
LOOK_EVERY_S = 1.0
AT_WORK = "RD"
"""States of a thread that works, or would if it got a processor or the disk (Linux)."""
ALIVE = None
MEMORY_BYTES = 3 << 30
"""Address space of the worker, shared libraries and thread stacks included."""
CPU_S = 3600
OPEN_FILES = 32
PIPE_BYTES = 1 << 20
PASSED_ON = (
    "PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "SYSTEMROOT", "LANG", "LC_ALL",
)  # fmt: skip
"""What the worker is told of the environment: what an interpreter needs to start."""
WORKER_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 26),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 27),
}
"""One thread for arithmetic; and memory for one picture is used again for the next (glibc)."""

_VALUE, _ALIVE, _END, _REFUSED, _MEMORY, _FAULT = b"v", b"a", b"e", b"x", b"m", b"f"
_HEADER = struct.Struct("<cQ")
LARGEST_MESSAGE = 1 << 27
"""The largest picture takes 108 MiB."""
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Refusal:
    """An :class:`UnreadableClip` as the worker tells it."""

    text: str
    id: str
    field: str


@dataclass(frozen=True)
class Job(Generic[Value]):
    """What is to be done with one file."""

    file: Path
    """The only file that can be read, with its whole path."""
    kind: type[Value]
    """What the work yields; :func:`gait.video.wire.packed` says which types can be."""
    work: Callable[..., Iterator[Value | None]]
    """A function at the top level of a module. It yields ``ALIVE``, which is left out, now and then while
    there is nothing to give."""
    arguments: tuple[object, ...] = ()
    parent: int = field(default_factory=os.getpid)

    @property
    def name(self) -> str:
        """What the file is called in an error message."""
        return plain.line(self.file.name)


_hear: ContextVar[Callable[[], None]] = ContextVar("hear", default=lambda: None)


@contextmanager
def listening(hear: Callable[[], None]) -> Iterator[None]:
    """Call something again and again, in this thread, while there are answers of workers to wait for.

    What it raises ends the worker and comes out of :func:`stream`: a stop is heard within ``LOOK_EVERY_S``,
    whatever the worker does.
    """
    before = _hear.set(hear)
    try:
        yield
    finally:
        _hear.reset(before)


def stream(job: Job[Value]) -> Generator[Value, None, None]:
    """Yield what a job yields in the worker; closing the iterator ends the worker.

    Raises
    ------
    UnreadableClip
        What the job raises of this kind; or if the worker crashes, says what it should not, does not give a
        sign of life for ``STALL_S`` of its own processor time, or needs more than ``MEMORY_BYTES``.
    """
    worker = _started()
    try:
        assert worker.stdin is not None and worker.stdout is not None
        _widen(worker.stdout.fileno())
        worker.stdin.write(pickle.dumps(job))
        worker.stdin.close()
        yield from _values(job, _Answers(job.name, worker.stdout.fileno(), worker.pid))
    except BrokenPipeError:
        raise _crashed(job.name) from None
    finally:
        worker.kill()
        worker.wait()
        if worker.stdout is not None:
            worker.stdout.close()


def _started() -> "subprocess.Popen[bytes]":
    """Start a worker, from a thread that lives as long as this process: the worker ends with it."""
    told = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return (
        _starter(os.getpid())
        .submit(
            subprocess.Popen,
            [sys.executable, "-P", "-m", "gait.video.sandbox"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=told | WORKER_ENVIRONMENT,
        )
        .result()
    )


@cache
def _starter(process: int) -> ThreadPoolExecutor:
    """One thread for each process, as a forked one has none of its parent's."""
    return ThreadPoolExecutor(1, thread_name_prefix=f"starts-workers-of-{process}")


def _values(job: Job[Value], answers: "_Answers") -> Iterator[Value]:
    while True:
        _hear.get()()
        kind, length = _HEADER.unpack(answers.read(_HEADER.size))
        if kind == _END:
            return
        if length > LARGEST_MESSAGE:
            raise _crashed(job.name)
        content = answers.read(length)
        if kind == _ALIVE:
            continue
        if kind != _VALUE:
            raise _error(job.name, kind, content)
        try:
            value = wire.unpacked(job.kind, content)
        except wire.Garbled:
            raise _crashed(job.name) from None
        yield value


def _error(name: str, kind: bytes, content: bytearray) -> UnreadableClip:
    if kind == _MEMORY:
        return UnreadableClip(
            f"{name} asks for more memory than any phone's clip needs: it is probably damaged. "
            "Copy it from the phone again."
        )
    if kind == _REFUSED:
        try:
            said = wire.unpacked(Refusal, content)
        except wire.Garbled:
            return _crashed(name)
        return UnreadableClip(plain.line(said.text[:LONGEST_TEXT]), id=said.id, field=said.field)
    crashed = _crashed(name)
    if kind == _FAULT:
        crashed.__cause__ = RuntimeError(bytes(content[:LONGEST_TEXT]).decode(errors="replace"))
    return crashed


@dataclass
class _Answers:
    """What the worker writes, as long as it gives signs of life."""

    name: str
    source: int
    process: int

    def read(self, length: int) -> bytearray:
        """Exactly so many bytes."""
        message = bytearray(length)
        view, filled = memoryview(message), 0
        while filled < length:
            self._wait()
            read = os.readv(self.source, [view[filled:]])
            if read == 0:
                raise _crashed(self.name)
            filled += read
        return message

    def _wait(self) -> None:
        """Until there is something to read."""
        patience: _Patience | None = None
        while not select.select([self.source], [], [], LOOK_EVERY_S)[0]:
            _hear.get()()
            patience = patience or _Patience(self.process)
            if patience.is_over():
                raise UnreadableClip(
                    f"{self.name} gave no picture for {STALL_S:.0f} seconds: it is probably damaged. "
                    "Copy it from the phone again, or save it again as MP4."
                )


class _Patience:
    """How long to wait for a process: by its own processor time, so that a busy computer harms no file."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._began_s = self._last_s = time.monotonic()
        self._began_cpu_s = _processor_s(process)

    def is_over(self) -> bool:
        """True if it worked for ``STALL_S`` in vain, or slept for that long."""
        now_s, cpu_s = time.monotonic(), _processor_s(self._process)
        if cpu_s is None or self._began_cpu_s is None:
            return now_s - self._began_s > STALL_S
        if _at_work(self._process):
            self._last_s = now_s
        return cpu_s - self._began_cpu_s > STALL_S or now_s - self._last_s > STALL_S


def _at_work(process: int) -> bool:
    """True if any of its threads works, or waits for its turn."""
    try:
        states = [
            (task / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            for task in Path(f"/proc/{process}/task").iterdir()
        ]
    except OSError:  # a thread has just ended, so something goes on
        return True
    return any(state in AT_WORK for state in states)


def _processor_s(process: int) -> float | None:
    """Processor time that a process has used, all its threads together; None where that is not to be had."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def _crashed(name: str) -> UnreadableClip:
    return UnreadableClip(
        f"Reading {name} broke off: the file is damaged, or not a video. "
        "Copy it from the phone again, as MP4 or MOV."
    )


def _widen(pipe: int) -> None:
    """Let a picture through in few pieces, where the system allows it."""
    try:
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    except (ImportError, AttributeError, OSError):
        return


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the caller's deadline holds there too.
        return
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (allowed, allowed))


def _send(sink: io.FileIO, kind: bytes, parts: "list[wire.Part]") -> None:
    for part in (_HEADER.pack(kind, sum(len(each) for each in parts)), *parts):
        rest = memoryview(part)
        while rest:
            rest = rest[sink.write(rest) :]


def _work(sink: io.FileIO, job: Job[Any]) -> None:
    """Do the job; whatever happens, the caller hears of it."""
    try:
        for value in job.work(*job.arguments):
            if value is ALIVE:
                _send(sink, _ALIVE, [])
            else:
                _send(sink, _VALUE, wire.packed(job.kind, value))
        _send(sink, _END, [])
    except MemoryError:
        _send(sink, _MEMORY, [])
    except GaitError as error:
        _send(sink, _REFUSED, wire.packed(Refusal, Refusal(str(error), error.id, error.field)))
    except Exception:  # noqa: BLE001 - whatever it was, the caller must hear of it
        _send(sink, _FAULT, [traceback.format_exc()[-LONGEST_TEXT:].encode(errors="replace")])


def main() -> None:
    """Be the worker."""
    sink = io.FileIO(os.dup(1), "wb")
    os.dup2(2, 1)
    job: Job[Any] = pickle.load(sys.stdin.buffer)
    jail.end_with(job.parent)
    _limit()
    try:
        jail.lock_in(job.file)
    except OSError as error:
        said = f"{job.name} cannot be opened ({error.strerror}): check the file and the folder."
        _send(sink, _REFUSED, wire.packed(Refusal, Refusal(said, UnreadableClip.id, "")))
        return
    _work(sink, job)


if __name__ == "__main__":
    main()
