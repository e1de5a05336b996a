"""Kill analyses, and fill the disk under them: ``python -m studies.analysis_kills [COMMANDS [JOBS]]``.

``gait analyze CLIP --out DIR`` on a short clip whose landmarks are kept, over an older result, is ended at
a random moment by SIGKILL, SIGTERM and SIGHUP in turn, and so is a job of the app. Each is a forked process
of an interpreter that has everything imported, so that moments fall into the work and not into the start.
After each end: is the folder wholly old or wholly new, or without a record as docs/clips.md says; does any
picture lie outside the places that docs name; and is everything gone after what every start does first.
Then the disk is full at each file of an analysis in turn (Linux, as root: disks in memory).
"""

import hashlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from gait import cli
from gait.analysis import RunnerFacts
from gait.export import folder, staging
from gait.store.domain import LOCAL
from gait.ui import jobs
from gait.ui.form import Form
from gait.video.writer import write_video
from studies.attacks import mounted
from tests.conftest import light_pictures

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)
HEIGHTS = ("180", "170")
"""Two results that differ, so that what was there can be told from what was to be there."""
SHOWN = (".jpg", ".png", ".mp4", ".html", ".npz")
CLIP_S = 2.4
READING, DONE = b"r", b"d"
Files = Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Everything that one study touches."""

    root: Path

    @property
    def clip(self) -> Path:
        return self.root / "film" / "clip.mp4"

    @property
    def out(self) -> Path:
        return self.root / "home" / "out"

    def made(self) -> "Place":
        """Make the folders and the clip, and let this process and its children keep everything there."""
        for name, variable in (("cache", "GAIT_CACHE_DIR"), ("store", "GAIT_STORE_DIR"), ("tmp", "TMPDIR")):
            (self.root / name).mkdir()
            os.environ[variable] = str(self.root / name)
        tempfile.tempdir = str(self.root / "tmp")
        self.clip.parent.mkdir()
        self.out.parent.mkdir()
        write_video(self.clip, light_pictures(seconds=CLIP_S), fps=60)
        return self


@contextmanager
def forked(work: Callable[[], int]) -> Iterator[int]:
    """Do something in a process of its own, mute; killed afterwards if it still runs."""
    child = os.fork()
    if child == 0:
        for each in SIGNALS[1:]:
            signal.signal(each, signal.SIG_DFL)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nowhere, standard)
        os._exit(work())
    yield child


def ended(child: int) -> int:
    """Wait for a process: its status, or minus the signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def analyse(place: Place, height_cm: str, out: Path | None = None) -> Callable[[], int]:
    """The command, to be run in a child."""
    arguments = ["analyze", str(place.clip), "--height-cm", height_cm, "--out", str(out or place.out)]

    def work() -> int:
        try:
            return cli.main(arguments)
        except SystemExit as end:
            return int(end.code or 0)

    return work


def digests(directory: Path) -> dict[str, str]:
    """What a user sees in a folder, by content."""
    if not directory.exists():
        return {}
    shown = (path for path in directory.iterdir() if not path.name.startswith("."))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(shown)}


def kill_commands(place: Place, count: int, chance: random.Random) -> Counter[str]:
    """Count what the folder was after each end; whatever is wrong is raised."""
    whole: dict[str, Files] = {}
    lasts_s = 0.0
    for height in HEIGHTS:
        began_s = time.monotonic()
        with forked(analyse(place, height)) as child:
            status = ended(child)
        assert status == 0, f"the analysis itself failed ({status})"
        whole[height], lasts_s = digests(place.out), time.monotonic() - began_s
    found: Counter[str] = Counter()
    for number in range(count):
        how = SIGNALS[number % len(SIGNALS)]
        with forked(analyse(place, HEIGHTS[number % 2])) as child:
            time.sleep(chance.uniform(0, 1.1 * lasts_s))
            os.kill(child, how)
            status = ended(child)
        state = _state(digests(place.out), whole)
        hidden = [path for path in place.out.glob(".gait-*") if path.is_dir()]
        _nothing_elsewhere(place)
        folder.sweep_leftovers()
        staging.sweep(place.out)
        after = _state(digests(place.out), whole)
        assert after in ("wholly old or new",), f"{after} after the next start, {how.name}, number {number}"
        assert not [path for path in place.out.glob(".gait-*") if path.is_dir()], "a hidden folder stays"
        assert not list(folder.register().glob("*")), "a note of unfinished work stays"
        found[f"{how.name}: {'finished before' if status == 0 else state}"] += 1
        found["hidden folder left, gone after the next start"] += bool(hidden)
    return found


def _state(shown: Files, whole: Mapping[str, Files]) -> str:
    if shown in whole.values():
        return "wholly old or new"
    mixed = all(any(files.get(name) == each for files in whole.values()) for name, each in shown.items())
    if folder.RECORD not in shown and mixed:
        return "a part without a record"
    raise AssertionError(f"half written: {sorted(shown)}")


def _nothing_elsewhere(place: Place) -> None:
    """Pictures lie in the folder that was named, in it hidden, or with what the app holds for a session."""
    for path in place.root.rglob("*"):
        named = path.is_relative_to(place.out) or path == place.clip or path.name.endswith(".track.npz")
        of_a_session = path.relative_to(place.root).parts[:1] == ("tmp",) and jobs.FOLDER in str(path)
        if path.suffix in SHOWN and not named and not of_a_session:
            raise AssertionError(f"a picture outside the places that are named: {path}")


def kill_jobs(place: Place, count: int, chance: random.Random) -> Counter[str]:
    """End a process that reads clips for the app; count what it left, and what the next start removed.

    Every second one begins without kept landmarks.
    """
    content, lasts_s = place.clip.read_bytes(), []
    shutil.rmtree(place.root / "cache")
    for _ in ("landmarks to read", "landmarks kept"):
        began_s = time.monotonic()
        _, status = _end_job(content)
        assert status == 0, f"the job itself failed ({status})"
        lasts_s.append(time.monotonic() - began_s)
    jobs.sweep_dead()
    found: Counter[str] = Counter()
    for number in range(count):
        how, kept = SIGNALS[number % len(SIGNALS)], number % 2 == 1
        if not kept:
            shutil.rmtree(place.root / "cache", ignore_errors=True)
        when, _ = _end_job(content, (how, chance.uniform(0, lasts_s[kept])))
        _nothing_elsewhere(place)
        left = any(path.is_file() for path in (place.root / "tmp").rglob("*"))
        jobs.sweep_dead()
        still = [path for path in (place.root / "tmp").rglob("*") if path.is_file()]
        assert not still, f"left after the next start: {still}"
        found[f"{how.name} {when}: {'files left, gone at the next start' if left else 'nothing left'}"] += 1
    return found


def _end_job(content: bytes, how: tuple[signal.Signals, float] | None = None) -> tuple[str, int]:
    """Where in a job it was when it was ended after so many seconds, and the process's status."""
    heard, told = os.pipe()

    def work() -> int:
        job = jobs.Jobs().start([("clip.mp4", memoryview(content))], Form(RunnerFacts()), LOCAL.id)
        os.write(told, READING)
        while job.running:
            time.sleep(0.01)
        os.write(told, DONE)
        return 0

    with forked(work) as child:
        if how is not None:
            time.sleep(how[1])
            os.kill(child, how[0])
        status = ended(child)
    os.close(told)
    with os.fdopen(heard, "rb") as log:
        said = log.read()
    return {b"": "before it", READING: "in mid-analysis", READING + DONE: "after it"}[said], status


def fill_disks(place: Place) -> Counter[str]:
    """Let each file of an analysis be the first that finds no room."""
    sizes = [
        path.stat().st_size for path in sorted(place.out.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    ]
    total, found = sum(sizes), Counter[str]()
    steps = [sum(sizes[:k]) + size // 2 for k, size in enumerate(sizes)] + [total]
    disk = place.root / "disk"
    disk.mkdir()
    for room in sorted({round(step / 4096) * 4096 for step in steps}):
        with mounted(disk, max(room, 8192) / 2**20):
            said, status = _complaint(analyse(place, HEIGHTS[0], disk / "out"), place.root / "said")
            left = [path for path in disk.rglob("*") if path.is_file()]
            in_words = len(said) == 1 and "could not be written" in said[0] and "Traceback" not in said[0]
            assert (status == 1 and in_words and not left) or status == 0, (room, status, said, left)
        found["one sentence, status 1, nothing left" if status else "room enough"] += 1
    return found


def _complaint(work: Callable[[], int], log: Path) -> tuple[list[str], int]:
    """What a command says on standard error beside its progress, and its status."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(os.open(log, os.O_CREAT | os.O_TRUNC | os.O_WRONLY), 2)
        sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
        os._exit(work())
    status = ended(child)
    lines = log.read_text(errors="replace").replace("\r", "\n").splitlines()
    return [line for line in lines if line.startswith("gait:") or "Error" in line], status


def main(commands: int = 150, of_jobs: int = 50) -> None:
    """Print what was seen."""
    chance = random.Random(20)
    with TemporaryDirectory(prefix="kills-") as name:
        place = Place(Path(name)).made()
        results = {
            f"`gait analyze --out`, ended {commands} times": kill_commands(place, commands, chance),
            f"a job of the app, ended {of_jobs} times": kill_jobs(place, of_jobs, chance),
        }
        if os.name == "posix" and os.getuid() == 0:
            results["the disk full at each file in turn"] = fill_disks(place)
    for title, found in results.items():
        sys.stdout.write(f"\n{title}\n")
        for said, times in sorted(found.items()):
            sys.stdout.write(f"{times:6}  {said}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
