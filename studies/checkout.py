"""The command line of any checkout, run as a user would: what it says, its time and its memory."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from gait.pose import model as models

HERE = Path(__file__).parents[1]
LONGEST_S = 300.0
LOOK_EVERY_S = 0.05


@dataclass(frozen=True)
class Ran:
    """What became of one command."""

    status: int
    out: str
    err: str
    took_s: float
    peak_mb: float
    """Most memory of all its processes together, resident."""

    @property
    def said(self) -> str:
        """The last line on standard error."""
        lines = self.err.strip().splitlines()
        return lines[-1].strip() if lines else ""

    @property
    def in_words(self) -> bool:
        """True if it says what is wrong, and shows nobody how the program looks inside."""
        return "Traceback" not in self.err + self.out and "Error:" not in self.said

    def __str__(self) -> str:
        how = self.said if self.in_words else f"traceback, {self.said}"
        return f"status {self.status}: {how}"


@dataclass(frozen=True)
class Code:
    """A checkout, and a folder for what it keeps."""

    checkout: Path
    scratch: Path
    told: Mapping[str, str] = field(default_factory=dict)
    """More of the environment."""

    def environment(self) -> dict[str, str]:
        """What its processes are told: everything they keep lies under ``scratch``."""
        places = {
            "GAIT_CACHE_DIR": "cache",
            "GAIT_STORE_DIR": "store",
            "TMPDIR": "tmp",
        }
        for name in places.values():
            (self.scratch / name).mkdir(parents=True, exist_ok=True)
        own = {variable: str(self.scratch / name) for variable, name in places.items()}
        own |= {"PYTHONPATH": str(self.checkout), "GAIT_MODELS_DIR": str(models.folder().resolve())}
        return {**os.environ, **own, **self.told}

    def start(
        self, *arguments: object, before: Sequence[str] = (), **options: object
    ) -> "subprocess.Popen[str]":
        """Start ``gait`` with these arguments; ``before`` is put before the command."""
        command = [*before, sys.executable, "-m", "gait.cli", *map(str, arguments)]
        pipes: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
            command,
            env=self.environment(),
            text=True,
            errors="replace",
            **({"cwd": self.scratch, "stdin": subprocess.DEVNULL} | pipes | options),
        )

    def gait(self, *arguments: object, before: Sequence[str] = (), **options: object) -> Ran:
        """Run ``gait`` with these arguments to its end."""
        began_s = time.monotonic()
        process = self.start(*arguments, before=before, **options)
        peak = Peak(process.pid)
        try:
            out, err = process.communicate(timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            for each in family(process.pid):
                each.kill()
            out, err = process.communicate()
            err = f"{err or ''}\nstill running after {LONGEST_S:.0f} s"
        took_s = time.monotonic() - began_s
        return Ran(process.returncode, out or "", err or "", took_s, peak.stop())

    def python(self, program: str, *arguments: object) -> str:
        """Run a few lines that import this checkout; what they print, or how they failed."""
        done = subprocess.run(
            [sys.executable, "-c", program, *map(str, arguments)],
            env=self.environment(),
            cwd=self.scratch,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=LONGEST_S,
        )
        return done.stdout.strip() or (done.stderr.strip().splitlines() or ["nothing"])[-1]


class Peak:
    """Watches how much memory a process and those it starts have together."""

    def __init__(self, process: int) -> None:
        self._process, self._most, self._over = process, 0, threading.Event()
        self._watch = threading.Thread(target=self._look)
        self._watch.start()

    def stop(self) -> float:
        """Most seen so far, in MB."""
        self._over.set()
        self._watch.join()
        return self._most / 1e6

    def _look(self) -> None:
        while not self._over.wait(LOOK_EVERY_S):
            self._most = max(self._most, sum(map(resident, family(self._process))))


def family(process: int) -> list[psutil.Process]:
    """A process with all that it started."""
    try:
        own = psutil.Process(process)
        return [own, *own.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def resident(process: psutil.Process) -> int:
    """Bytes in memory; 0 once it has ended."""
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
