"""One process for each piece of work: what crashes, leaks or is killed there takes nothing else with it.

The work is named, not sent: ``module:function``, called with a text and a way to report, returns a text. Its
process ends when whoever started it ends, however that comes about: it watches its standard input.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from gait.limits import CORES_VARIABLE

Heard = Callable[[int, tuple[str, int, int] | None], None]
"""Called with the number of the process, and what it reported; None when it has begun."""


class Died(Exception):
    """The process ended without an answer: it crashed, was killed, or ran out of memory."""


class Processes:
    """The processes that this program has started and that still run."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def run(self, name: str, text: str, heard: Heard = lambda process, report: None) -> str:
        """Do a piece of work in a new process, and wait for its answer.

        Raises
        ------
        Died
            If the process ended without one.
        """
        process = self._started()
        try:
            heard(process.pid, None)
            return _answer(process, name, text, heard)
        finally:
            process.kill()
            process.wait()
            with self._lock:
                self._running.discard(process)

    def stop(self) -> None:
        """End everything that runs, and start nothing anymore."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.kill()

    def _started(self) -> subprocess.Popen[str]:
        with self._lock:
            if self._stopped:
                raise Died
            process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env=os.environ | {CORES_VARIABLE: "1"},
            )
            self._running.add(process)
            return process


def run_alone(name: str, text: str) -> str:
    """Do a piece of work in a new process, from wherever this is called: on another machine, say.

    Raises
    ------
    Died
        If the process ended without an answer.
    """
    return Processes().run(name, text)


def _answer(process: subprocess.Popen[str], name: str, text: str, heard: Heard) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps([name, text]) + "\n")
        process.stdin.flush()
    except OSError as error:
        raise Died(process.wait()) from error
    for line in process.stdout:
        if not line.endswith("\n"):
            break
        kind, said = json.loads(line)
        if kind == "answer":
            return str(said)
        heard(process.pid, tuple(said))
    raise Died(process.wait())


def _serve() -> None:
    """Do the one piece of work that comes on standard input; answer on what was standard output."""
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    name, text = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_whoever_started_this, daemon=True).start()
    module, _, function = name.partition(":")

    def say(kind: str, what: object) -> None:
        said.write(json.dumps([kind, what]) + "\n")
        said.flush()

    def report(clip: str, done: int, total: int) -> None:
        say("report", [clip, done, total])

    say("answer", getattr(import_module(module), function)(text, report))


def _end_with_whoever_started_this() -> NoReturn:
    while sys.stdin.readline():
        pass
    os._exit(1)


if __name__ == "__main__":
    _serve()
