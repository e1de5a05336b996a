"""Does the app's memory grow? ``python -m studies.soak [ANALYSES] [--browser [--minutes M]]``.

With ``--browser`` three tabs of Chromium go through the whole app (:mod:`studies.soak_browser`). Else three
sessions at once drop clips into the app's job layer (``gait.ui.jobs``, which every page uses),
wait, have the result judged (one in five drawn too) as the page does, and leave; what they left is swept
as the server does. No browser and no Streamlit: what grows there is Streamlit's. One clip in twenty is
new to the landmark cache. Memory is this process's own, resident, after a collection of garbage; workers
that decode are processes of their own.
"""

import argparse
import gc
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from gait.analysis import RunnerFacts, judge
from gait.export.figures import joint_curves
from gait.record import record_of, to_json
from gait.store.domain import LOCAL
from gait.ui.form import Form
from gait.ui.jobs import GRACE_S, Job, Jobs
from gait.video.writer import write_video
from studies.soak_browser import soak
from tests.conftest import light_pictures

SESSIONS, NEW_EVERY, DRAWN_EVERY, FIRST = 3, 20, 5, 10
CLIP_S = 2.4
LONGEST_S = 900.0


def main(analyses: int = 100) -> None:
    """Print memory after the first ten and as it goes on, threads, open files and files left."""
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        home = Path(name)
        os.environ["GAIT_CACHE_DIR"] = str(home / "cache")
        write_video(home / "clip.mp4", light_pictures(seconds=CLIP_S), fps=60)
        content = (home / "clip.mp4").read_bytes()
        (home / "own").mkdir()
        jobs, done, lock = Jobs(home / "own"), [0], threading.Lock()

        def one(number: int) -> None:
            clip = content if number % NEW_EVERY else _new(content)
            _visit(jobs, clip, f"session {number % SESSIONS}", drawn=number % DRAWN_EVERY == 0)
            with lock:
                done[0] += 1
                if done[0] % FIRST == 0:
                    _print(done[0], home)

        _say("| analyses | memory | threads | open files | files kept for sessions |\n|---|---|---|---|---|")
        with ThreadPoolExecutor(SESSIONS) as sessions:
            list(sessions.map(one, range(analyses)))
        jobs.close()


def _visit(jobs: Jobs, content: bytes, session: str, *, drawn: bool) -> None:
    job = jobs.start([("clip.mp4", memoryview(content))], Form(RunnerFacts(180.0, 10.8)), LOCAL.id)
    end_s = time.monotonic() + LONGEST_S
    while (found := jobs.find(job.ticket, LOCAL.id, session)) is not None and found.running:
        if time.monotonic() > end_s:
            raise TimeoutError("a job did not end")
        time.sleep(0.05)
    _shown(job, drawn=drawn)
    with jobs._lock:
        job.seen_s -= 2 * GRACE_S  # nobody has looked for a while
        job.sessions.clear()
    jobs.sweep(lambda session: False, time.monotonic() - GRACE_S / 2)


def _shown(job: Job, *, drawn: bool) -> None:
    """What a page does with what was read."""
    if job.failure or not job.clips:
        raise RuntimeError(f"{job.failure} {[each.reason.text for each in job.refused]}")
    record = record_of(judge(job.clips, job.request, job.refused))
    to_json(record)
    if drawn:
        joint_curves(record)


def _new(content: bytes) -> bytes:
    """The same film in a file that was never seen before: a box at the end that every reader skips."""
    return content + b"\x00\x00\x00\x10free" + random.randbytes(8)


def _print(done: int, home: Path) -> None:
    gc.collect()
    own = psutil.Process()
    kept = sum(path.is_file() for path in (home / "own").rglob("*"))
    memory_mb = own.memory_info().rss / 1e6
    _say(f"| {done} | {memory_mb:.0f} MB | {own.num_threads()} | {own.num_fds()} | {kept} |")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def asked(arguments: Sequence[str] | None = None) -> None:
    """Read what is asked for, and run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("analyses", type=int, nargs="?", default=100)
    parser.add_argument("--browser", action="store_true", help="through the whole app, in Chromium")
    parser.add_argument("--minutes", type=float, default=15.0, help="at most, in the browser")
    wanted = parser.parse_args(arguments)
    if wanted.browser:
        soak(wanted.analyses, wanted.minutes)
    else:
        main(wanted.analyses)


if __name__ == "__main__":
    asked()
