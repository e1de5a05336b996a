"""How many clips an hour, and is each kept once? ``python -m studies.batch speed|kills [CLIPS [FOLDER]]``.

``speed`` cuts short clips out of the bundled ones, each another part, and reads them one after the other with
``gait analyze``, with ``gait batch`` in one process, in two, and on a Dask cluster of two workers here. The
ways take turns, some clips at a time, so that what else runs on the machine slows all of them alike. In a
FOLDER that stays, the same command goes on where it was stopped.
``kills`` gives the batch tiny films whose reader is a stand-in of a third of a second, in the same processes,
and kills workers and the coordinator (kill -9) at random moments. Figures go to ``docs/study/batch.json``.
"""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np

from gait.store import assessments, runners
from gait.store.domain import LOCAL
from gait.store.opening import Place, open_store
from gait.video.reader import frames, open_clip
from gait.video.writer import write_video

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "docs" / "study" / "batch.json"
SOURCES = (
    "runner_a_side_120",
    "runner_a_right_120",
    "runner_d_side_120",
    "runner_a_side_120_two_months_later",
)
PICTURES, EVERY, SHRUNK = 20, 6, 3
"""A second, at 20 pictures a second and a third of the size: as little as gives numbers at all."""
FILMED_FPS = 120
AT_A_TIME = 20
"""Clips that one way reads before the next way's turn."""
EVERY_CLIP, ONE_CLIP = "all.csv", "one.csv"
KILLS, COORDINATORS, AT_ONCE = 50, 10, 4
Figures = dict[str, Any]


def main(what: str, clips: int = 200, folder: Path | None = None) -> None:
    """Measure and print; the figures are written down beside those of earlier."""
    measure = {"speed": speed, "kills": kills}[what]
    with TemporaryDirectory(prefix="gait-study-") as passing:
        _say(json.dumps(measure(folder or Path(passing), clips), indent=1))


def speed(folder: Path, clips: int) -> Figures:
    """Clips an hour each way, over all turns and in the best one; processor time a clip stands beside."""
    tables = short_clips(folder / "clips", clips)
    for number in range(len(tables)):
        names = list(WAYS)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            block = folder / name.replace(" ", "_") / str(number)
            if not (block / "took.json").exists():
                _say(f"{number + 1} of {len(tables)}, {name}: {_block(name, tables[number], block)}")
        _write("speed", _so_far(folder, number + 1))
    last = folder / "1_process" / str(len(tables) - 1)
    start_up = {"start_up_processor_s": round(min(_start_up_s() for _ in range(3)), 2)}
    found = _so_far(folder, len(tables)) | start_up | _second_run(folder, last)
    _write("speed", found)
    return found


def _block(name: str, table: Path, block: Path) -> Figures:
    """Read the clips of one table in one way, into what this way has kept so far."""
    shutil.rmtree(block, ignore_errors=True)
    before = block.with_name(str(int(block.name) - 1)) / "store"
    if before.exists():
        shutil.copytree(before, block / "store")
    spent_s, load = _spent_s(), os.getloadavg()[0]
    took_s = WAYS[name](table, block)
    found = {
        "clips": len(_rows(table)),
        "took_s": round(took_s, 1),
        "processor_s": round(_spent_s() - spent_s, 1),
        "load": round((load + os.getloadavg()[0]) / 2, 1),
        "kept": len(kept(block / "store")),
    }
    (block / "took.json").write_text(json.dumps(found), encoding="utf-8")
    return found


def _so_far(folder: Path, rounds: int) -> Figures:
    found: Figures = {"pictures_each": PICTURES, "cores": os.cpu_count(), "clips_at_a_time": AT_A_TIME}
    for name in WAYS:
        places = [folder / name.replace(" ", "_") / str(number) for number in range(rounds)]
        took = [json.loads((place / "took.json").read_text(encoding="utf-8")) for place in places]
        clips, took_s, processor_s = (
            sum(t[what] for t in took) for what in ("clips", "took_s", "processor_s")
        )
        found[name] = {
            "clips": clips,
            "clips_an_hour": round(3600 * clips / took_s, 1),
            "clips_an_hour_best_turn": round(max(3600 * t["clips"] / t["took_s"] for t in took), 1),
            "processor_s_a_clip": round(processor_s / clips, 2),
            "cores_it_got": round(processor_s / took_s, 2),
            "load": round(sum(each["load"] for each in took) / len(took), 1),
            "kept": took[-1]["kept"],
        }
    return found


def _start_up_s() -> float:
    """Processor time that a process of its own costs a clip before it reads: Python and its packages."""
    before_s = _spent_s()
    subprocess.run([sys.executable, "-c", "import gait.batch.work"], check=True, **_quiet(ROOT))
    return _spent_s() - before_s


def _second_run(folder: Path, block: Path) -> Figures:
    """What the same command takes when all is done, beyond what it takes for one clip."""
    clips = folder / "clips"
    all_s, one_s = (
        min(_batch(clips / table, block, "--jobs", 1) for _ in range(4)) for table in (EVERY_CLIP, ONE_CLIP)
    )
    return {
        "second_run_s": round(all_s, 1),
        "second_run_ms_a_clip": round(1000 * (all_s - one_s) / (len(_rows(clips / EVERY_CLIP)) - 1), 1),
        "second_run_load": round(os.getloadavg()[0], 1),
    }


def kills(folder: Path, clips: int) -> Figures:
    """Kill workers and coordinators; every clip must be in the store exactly once."""
    club = folder / "club"
    for number in range(clips):
        _film(club / f"runner {number}" / f"slow_{number}.mp4", number)
    chance, hits, ended, rounds = random.Random(11), 0, 0, 0
    while True:
        rounds += 1
        ends_after = (
            chance.randint(1, max(2, clips // COORDINATORS - 2)) if ended < COORDINATORS else clips + 1
        )
        todo, killed, done = _killed(club, folder, chance, (KILLS - hits, ends_after))
        hits, ended = hits + killed, ended + (not done)
        _say(f"round {rounds}: {todo} to do, {killed} workers killed, ended: {done}")
        if done:
            break
    states = _states(folder)
    _night(club, folder, "--failed").wait()
    found = kept(folder / "store")
    assert sorted(found) == sorted(f"slow_{number}.mp4" for number in range(clips)), "lost or kept twice"
    seconds = [_timed(club, folder) for _ in range(3)]
    empty = [_timed(_one(club, folder), folder / "one") for _ in range(3)]
    found = {
        "clips": clips,
        "workers_killed": hits,
        "coordinators_killed": ended,
        "set_aside_before_the_last_run": states.count("poison"),
        "kept": len(found),
        "kept_twice_or_lost": 0,
        "second_run_ms_a_clip": round(1000 * (min(seconds) - min(empty)) / (clips - 1), 1),
        "second_run_s": round(min(seconds), 1),
    }
    _write("kills", found)
    return found


def short_clips(folder: Path, number: int) -> list[Path]:
    """Cut clips out of the bundled ones, each another part; list them in tables, one for each turn."""
    rows = [f"{each}.mp4,runner {each},2026-11-02,{FILMED_FPS / EVERY:g}" for each in range(number)]
    if not (folder / ONE_CLIP).exists():
        folder.mkdir(parents=True, exist_ok=True)
        for first, name in enumerate(SOURCES):
            _cut(folder, name, range(first, number, len(SOURCES)))
    turns = [rows[first : first + AT_A_TIME] for first in range(0, number, AT_A_TIME)]
    tables = {f"{turn}.csv": listed for turn, listed in enumerate(turns)}
    for name, listed in (tables | {EVERY_CLIP: rows, ONE_CLIP: rows[:1]}).items():
        (folder / name).write_text("\n".join(["clip,runner,date,capture_fps", *listed]), encoding="utf-8")
    return [folder / name for name in tables]


def _cut(folder: Path, name: str, numbers: range) -> None:
    """Cut a bundled clip into short ones, each begun a little later than the one before."""
    pictures = [_shrunk(f.rgb) for f in frames(open_clip(ROOT / "sample_videos" / f"{name}.mp4"))]
    for later, number in enumerate(numbers):
        start = later * 7 % (len(pictures) - PICTURES * EVERY)
        cut = pictures[start : start + PICTURES * EVERY : EVERY]
        write_video(folder / f"{number}.mp4", cut, fps=FILMED_FPS / EVERY)


def _rows(table: Path) -> list[str]:
    return table.read_text(encoding="utf-8").splitlines()[1:]


def kept(store: Path) -> list[str]:
    """The clips of every day in a store, as often as they are there."""
    opened = open_store(Place(store))
    try:
        every = runners.search(opened, LOCAL, limit=10_000)
        days = [day for each in every for day in assessments.timeline(opened, LOCAL, each.id)]
        return [clip.file for day in days for clip in day.clips]
    finally:
        opened.close()


def _killed(club: Path, folder: Path, chance: random.Random, most: tuple[int, int]) -> tuple[int, int, bool]:
    """Run the batch until it ends or is killed: what there was to do, workers killed, whether it ended."""
    kills_left, ends_after = most
    program, hits, results, todo = _night(club, folder), 0, 0, 0
    assert program.stdout is not None
    for line in program.stdout:
        event = json.loads(line)
        if event["event"] == "begin":
            todo = max(todo, event["todo"])
        elif event["event"] == "started" and hits < kills_left and chance.random() < 0.3:
            time.sleep(chance.uniform(0, 0.2))
            hits += _kill(event["process"])
        elif event["event"] == "result":
            results += 1
            if results >= ends_after:
                time.sleep(chance.uniform(0, 0.3))
                program.kill()
                break
    for _ in program.stdout:
        pass
    return todo, hits, program.wait() != -signal.SIGKILL


def _night(club: Path, folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.batch.night", str(club), "--out", str(folder / "out"), *options]
    return subprocess.Popen(
        [*command, "--jobs", str(AT_ONCE), "--json-lines"],
        cwd=ROOT,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _timed(club: Path, folder: Path) -> float:
    began_s = time.monotonic()
    _night(club, folder).communicate()
    return time.monotonic() - began_s


def _one(club: Path, folder: Path) -> Path:
    """A club of one clip, done once: what a second run costs whatever there is."""
    alone = folder / "one" / "club"
    if not alone.exists():
        shutil.copytree(club / "runner 0", alone / "runner 0")
        _night(alone, folder / "one").communicate()
    return alone


def _states(folder: Path) -> list[str]:
    rows = (folder / "out" / "results.csv").read_text(encoding="utf-8-sig").splitlines()
    return [row.split(",")[2] for row in rows[1:]]


def _one_after_another(table: Path, own: Path) -> float:
    began_s = time.monotonic()
    for row in _rows(table):
        clip, runner, day, fps = row.split(",")
        known = ("--capture-fps", fps, "--runner", runner, "--filmed-on", day)
        _run(own, "analyze", table.parent / clip, *known)
    return time.monotonic() - began_s


def _batch(table: Path, own: Path, *options: object) -> float:
    began_s = time.monotonic()
    _run(own, "batch", table, "--out", own / "out", *options)
    return time.monotonic() - began_s


def _batch_of(jobs: int, table: Path, own: Path) -> float:
    return _batch(table, own, "--jobs", jobs)


def _cluster(table: Path, own: Path) -> float:
    """The time without the start of the cluster, which stands as long as there is work."""
    with ExitStack() as programs:
        port = 18786
        programs.enter_context(_program(own, "cluster", "start", "--port", port))
        for _ in range(2):
            programs.enter_context(_program(own, "worker", f"tcp://127.0.0.1:{port}", "--jobs", 1))
        _wait_for_workers(port)
        return _batch(table, own, "--cluster", f"tcp://127.0.0.1:{port}")


def _wait_for_workers(port: int) -> None:
    import distributed

    with distributed.Client(f"tcp://127.0.0.1:{port}", timeout=120, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=240)


@contextmanager
def _program(own: Path, *words: object) -> Iterator[None]:
    program = subprocess.Popen([sys.executable, "-m", "gait.cli", *map(str, words)], **_quiet(own))
    try:
        yield
    finally:
        program.terminate()
        program.wait()


def _run(own: Path, *words: object) -> None:
    subprocess.run([sys.executable, "-m", "gait.cli", *map(str, words)], check=False, **_quiet(own))


def _quiet(own: Path) -> dict[str, Any]:
    nowhere = subprocess.DEVNULL
    return {"cwd": ROOT, "env": _environment(own), "stdout": nowhere, "stderr": nowhere}


def _environment(own: Path) -> dict[str, str]:
    places = {"GAIT_STORE_DIR": str(own / "store"), "GAIT_CACHE_DIR": str(own / "cache")}
    return os.environ | places | {"PYTHONPATH": str(ROOT)}


def _kill(process: int) -> bool:
    """Kill it if it still runs."""
    try:
        running = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        os.kill(process, signal.SIGKILL)
    except (FileNotFoundError, ProcessLookupError):
        return False
    return running


def _spent_s() -> float:
    """Processor time of all programs that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _write(what: str, found: Figures) -> None:
    kept = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    FIGURES.write_text(json.dumps(kept | {what: found}, indent=1) + "\n", encoding="utf-8")


def _film(path: Path, number: int) -> None:
    path.parent.mkdir(parents=True)
    picture = np.full((96, 96, 3), 90, np.uint8)
    for bit in range(10):
        if number >> bit & 1:
            picture[8 * bit : 8 * bit + 8, :24] = 220
    write_video(path, [picture] * 3, fps=30)


def _shrunk(rgb: np.ndarray) -> np.ndarray:
    height, width = (side // SHRUNK // 2 * 2 for side in rgb.shape[:2])
    return cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


WAYS: dict[str, Callable[[Path, Path], float]] = {
    "one after another": _one_after_another,
    "1 process": partial(_batch_of, 1),
    "2 processes": partial(_batch_of, 2),
    "cluster of 2": _cluster,
}
"""Seconds that the clips of a table take, read into a folder."""

if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]), *map(Path, sys.argv[3:]))
