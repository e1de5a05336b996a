"""Run what reads foreign files in a process of its own, with limits on memory, time and files.

A video decoder is a large program in C that a broken file can crash, hang or make swallow all memory.
Here that ends the worker process, and becomes one sentence in this one. ``python -m gait.video.sandbox``
is the worker: it takes one job from standard input and writes each value that the job yields to
standard output.
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
from typing import Any, TypeVar

from gait.errors import GaitError, UnreadableClip

Value = TypeVar("Value")

STALL_S = 9.0
"""Longest wait for a sign of life."""
ALIVE = None
MEMORY_BYTES = 3 << 30
"""Address space of the worker, shared libraries and thread stacks included."""
CPU_S = 3600
OPEN_FILES = 32
PIPE_BYTES = 1 << 20
WORKER_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 26),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 27),
}
"""One thread for arithmetic; and memory for one picture is used again for the next (glibc)."""

_BUFFER, _VALUE, _END, _ERROR, _MEMORY, _FAULT = b"b", b"v", b"e", b"x", b"m", b"f"
_HEADER = struct.Struct("<cQ")
LARGEST_MESSAGE = 1 << 30


def stream(
    name: str, job: Callable[..., Iterator[Value | None]], *arguments: object
) -> Generator[Value, None, None]:
    """Yield what ``job(*arguments)`` yields in the worker; closing the iterator ends the worker.

    Parameters
    ----------
    name
        What the file is called in an error message.
    job
        A function at the top level of a module; its arguments and values are pickled. It yields
        ``ALIVE``, which is left out, now and then while there is nothing to give.

    Raises
    ------
    GaitError
        What the job raises of this kind; an :class:`UnreadableClip` if the worker crashes, stalls for
        ``STALL_S`` or needs more than ``MEMORY_BYTES``.
    """
    worker = subprocess.Popen(
        [sys.executable, "-P", "-m", "gait.video.sandbox"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **WORKER_ENVIRONMENT},
    )
    try:
        assert worker.stdin is not None and worker.stdout is not None
        _widen(worker.stdout.fileno())
        worker.stdin.write(pickle.dumps((job, arguments)))
        worker.stdin.close()
        yield from _values(name, worker.stdout.fileno())
    except BrokenPipeError:
        raise _crashed(name) from None
    finally:
        worker.kill()
        worker.wait()
        if worker.stdout is not None:
            worker.stdout.close()


def _values(name: str, source: int) -> Iterator[Any]:
    pixels: list[bytearray] = []
    while True:
        kind, length = _HEADER.unpack(_read(name, source, _HEADER.size))
        if kind == _END:
            return
        if length > LARGEST_MESSAGE:
            raise _crashed(name)
        content = _read(name, source, length)
        if kind == _BUFFER:
            pixels.append(content)
            continue
        value, pixels = _value(name, kind, content, pixels), []
        if value is not ALIVE:
            yield value


def _value(name: str, kind: bytes, content: bytearray, pixels: list[bytearray]) -> Any:
    """What a message says; raised if it is an error."""
    if kind == _MEMORY:
        raise UnreadableClip(
            f"{name} asks for more memory than any phone's clip needs: it is probably damaged. "
            "Copy it from the phone again."
        )
    value = pickle.loads(content, buffers=pixels)
    if kind == _ERROR:
        raise value
    if kind == _FAULT:
        raise _crashed(name) from RuntimeError(value)
    return value


def _read(name: str, source: int, length: int) -> bytearray:
    message = bytearray(length)
    view, filled = memoryview(message), 0
    deadline = time.monotonic() + STALL_S
    while filled < length:
        ready, _, _ = select.select([source], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise UnreadableClip(
                f"{name} gave no picture for {STALL_S:.0f} seconds: it is probably damaged. "
                "Copy it from the phone again, or save it again as MP4."
            )
        read = os.readv(source, [view[filled:]])
        if read == 0:
            raise _crashed(name)
        filled += read
    return message


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


def _send(sink: io.FileIO, kind: bytes, content: bytes | memoryview = b"") -> None:
    for part in (_HEADER.pack(kind, len(content)), content):
        rest = memoryview(part)
        while rest:
            rest = rest[sink.write(rest) :]


def _send_value(sink: io.FileIO, value: object) -> None:
    """Pixels go beside the pickle, as they are: copying them costs more than decoding them."""
    buffers: list[pickle.PickleBuffer] = []
    content = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    for buffer in buffers:
        _send(sink, _BUFFER, buffer.raw())
    _send(sink, _VALUE, content)


def main() -> None:
    """Be the worker."""
    sink = io.FileIO(os.dup(1), "wb")
    os.dup2(2, 1)
    job, arguments = pickle.load(sys.stdin.buffer)
    _limit()
    try:
        for value in job(*arguments):
            _send_value(sink, value)
        _send(sink, _END)
    except MemoryError:
        _send(sink, _MEMORY)
    except GaitError as error:
        _send(sink, _ERROR, pickle.dumps(error))
    except Exception:  # noqa: BLE001 - whatever it was, the caller must hear of it
        _send(sink, _FAULT, pickle.dumps(traceback.format_exc()))


if __name__ == "__main__":
    main()
