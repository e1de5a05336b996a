"""``gait batch``: a folder or a table of clips, overnight."""

import argparse
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from gait import plain
from gait.cli.progress import say, show
from gait.errors import BadRequest

if TYPE_CHECKING:
    from gait.batch.manifest import Problem
    from gait.batch.orders import Order
    from gait.batch.questions import Answers, Open
    from gait.batch.results import Results
    from gait.batch.run import Result, Submit

WORK = "gait.batch.work:work"
OUT = "gait-batch"
SEEN = ".seen.json"
MOST_JOBS = 256
UNFINISHED_SHARE = 0.95
"""How much of an assessment is done when its last picture is read."""
EVERY = 50
"""Pictures between two events of progress."""


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("batch", help="measure the clips of many runners, overnight")
    parser.add_argument(
        "source",
        type=Path,
        metavar="FOLDER|CSV",
        help="a folder for each runner, or a table with a clip a row",
    )
    parser.add_argument("--jobs", metavar="N", help="how many are read at once; else one a core")
    parser.add_argument("--out", default=OUT, metavar="DIR", help=f"table, page and questions; else {OUT}")
    parser.add_argument("--again", action="store_true", help="also what is done already")
    parser.add_argument("--failed", action="store_true", help="also what failed or was set aside")
    parser.add_argument("--skip-wrong", action="store_true", help="leave out what is wrong, do the rest")
    parser.add_argument("--numbers-only", action="store_true", help="keep no clips, only the numbers")
    parser.add_argument("--json-lines", action="store_true", help="print each event as a line of JSON")
    parser.add_argument("--cluster", metavar="ADDRESS", help="read on the workers of tcp://HOST:8786")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="HERE=THERE",
        help="what a shared folder is called there",
    )
    parser.add_argument("--tls-dir", type=Path, metavar="DIR", help="certificates, from gait cluster init")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check, read, save, ask, and say what became of it."""
    from gait.analysis import the_model
    from gait.batch.checking import Known, checked
    from gait.batch.manifest import listed
    from gait.batch.results import PICTURES, Results
    from gait.batch.rounds import Scope, by_key, lacks_room, rounds
    from gait.batch.run import House
    from gait.cli.runner import opened
    from gait.export.folder import ended_cleanly, named
    from gait.pose.model import ensure
    from gait.store.domain import LOCAL

    jobs, told = at_once(options.jobs), Told(json_lines=options.json_lines)
    results = Results(named(options.out))
    found = checked(listed(options.source), Known(results.folder / SEEN), jobs, told.looked)
    pictures = str((results.folder / PICTURES).absolute())
    house = House(opened(), LOCAL, keep_clips=not options.numbers_only, pictures=pictures)
    orders, twice = by_key(found.orders, the_model().sha256)
    problems = (*found.problems, *twice, *lacks_room(house, found.n_bytes))
    told.wrong(problems)
    if problems and not (options.skip_wrong and orders):
        return BadRequest.exit_status
    ensure(the_model())
    with ended_cleanly(), _submitter(options, jobs, told) as submit:
        rounds(house, results, orders, submit, Scope(options.again, options.failed), told)
    return told.finished(results, wrong=bool(problems))


class Told:
    """What is said while it runs: a bar with the time left, or lines of JSON."""

    def __init__(self, *, json_lines: bool) -> None:
        self._lines = json_lines
        self._lock = threading.RLock()
        self._bar: tqdm | None = None
        self._todo: Mapping[str, Order] = {}
        self._shares: dict[str, float] = {}
        self._began_s = 0.0

    def looked(self, done: int, total: int) -> None:
        """Say how many files were looked at."""
        if done == total or done % EVERY == 0:
            self._event("checked", done=done, total=total)
            if not self._lines and total > EVERY:
                say(f"{done} of {total} clips looked at")

    def wrong(self, problems: Sequence["Problem"]) -> None:
        """Print everything that is wrong, as one table."""
        for each in problems:
            self._event("wrong", where=each.where, what=each.what)
        if problems and not self._lines:
            width = min(40, max(len(each.where) for each in problems))
            show("\n".join(f"{each.where:{width}}  {each.what}" for each in problems))
            say(f"gait: {len(problems)} things are wrong; mend them, or leave them out (--skip-wrong).")

    def begin(self, todo: "Mapping[str, Order]") -> None:
        """Begin a round."""
        self._todo, self._shares, self._began_s = todo, {}, time.monotonic()
        self._event("begin", todo=len(todo))
        if not self._lines and todo:
            pause_s = 0.5 if sys.stderr.isatty() else 60.0
            form = "{percentage:3.0f} % |{bar}| {elapsed}, {remaining} left"
            self._bar = tqdm(total=len(todo), file=sys.stderr, mininterval=pause_s, bar_format=form)

    def heard(self, key: str, process: int, report: tuple[str, int, int] | None) -> None:
        """Take what a process reported; called from its thread."""
        if report is None:
            self._event("started", key=key, runner=self._todo[key].runner, process=process)
            return
        clip, done, total = report
        self._move(key, UNFINISHED_SHARE * min(1.0, done / max(total, 1)))
        if done == total or done % EVERY == 0:
            self._event("progress", key=key, clip=clip, done=done, total=total, left_s=self._left_s())

    def took(self, result: "Result") -> None:
        """Say what became of one order."""
        self._move(result.key, 1.0)
        why = "" if result.state == "done" else result.said.why
        self._event(
            "result",
            key=result.key,
            runner=result.order.runner,
            date=str(result.order.request.filmed_on),
            state=result.state,
            why=why,
            assessment=result.assessment_id,
            left_s=self._left_s(),
        )
        if not self._lines and why:
            with self._lock, tqdm.external_write_mode(file=sys.stderr):
                say(f"{result.order.name}: {result.state}. {why}")

    def end(self) -> None:
        """End the round."""
        if self._bar is not None:
            self._bar.close()
        self._bar = None

    def ask(self, asked: "Sequence[Open]") -> "Answers":
        """Ask a person at the terminal, if one is there."""
        from gait.batch.questions import ask

        if self._lines or sys.stdin is None or not sys.stdin.isatty():
            return {}
        say(f"\n{len(asked)} questions came up.")
        return ask(asked, _prompted, say)

    def finished(self, results: "Results", *, wrong: bool) -> int:
        """Say what became of all of it; 0 all done, 2 some refused or asked, 1 errors."""
        from gait.batch.results import PAGE, STATES, TABLE

        counts = Counter(result.state for result in results.all)
        self._event("end", **{state: counts[state] for state in STATES if state != "begun"})
        if not self._lines:
            said = ", ".join(f"{counts[state]} {words}" for state, words in STATES.items() if counts[state])
            show(f"{said or 'nothing to do'}. {results.folder / PAGE} shows what needs your eyes first.")
            if results.open:
                table = results.folder / "questions.csv"
                say(f"Answer in the app (gait app, page Runners) or in {table}; then give the command again.")
            say(f"All numbers: {results.folder / TABLE}")
        if counts["failed"] or counts["poison"]:
            return 1
        return 2 if wrong or counts["refused"] or counts["asked"] else 0

    def _event(self, kind: str, **what: object) -> None:
        if self._lines:
            with self._lock:
                show(json.dumps({"event": kind, **what}))

    def _move(self, key: str, share: float) -> None:
        with self._lock:
            self._shares[key] = max(share, self._shares.get(key, 0.0))
            if self._bar is not None:
                self._bar.update(sum(self._shares.values()) - self._bar.n)

    def _left_s(self) -> float | None:
        with self._lock:
            done = sum(self._shares.values())
            spent_s = time.monotonic() - self._began_s
        return round(spent_s * (len(self._todo) - done) / done, 1) if done else None


@contextmanager
def _submitter(options: argparse.Namespace, jobs: int, told: Told) -> "Iterator[Submit]":
    """Hand orders to processes, one for each: of a cluster, or of this computer; here none is left then."""
    from gait.batch.processes import Processes

    if options.cluster:
        from gait.batch import cluster

        where = cluster.address(options.cluster, options.tls_dir)
        with cluster.connected(where, WORK, cluster.maps(options.map)) as submit_there:
            yield submit_there
        return

    processes = Processes()
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="batch")

    def submit(key: str, text: str) -> "Future[str]":
        return pool.submit(processes.run, WORK, text, lambda *heard: told.heard(key, *heard))

    try:
        yield submit
    finally:
        processes.stop()
        pool.shutdown(cancel_futures=True)


def _prompted(text: str) -> str | None:
    sys.stderr.write(plain.line(text))
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


def at_once(text: str | None) -> int:
    """Read how many are read at once; as many as there are cores where it is not said.

    Raises
    ------
    BadRequest
        If it is no such number.
    """
    from gait.pose.reading import cores

    if text is None:
        return cores()
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_JOBS):
        raise BadRequest(f"“{text}” is not a number of jobs: give one from 1 to {MOST_JOBS}.", id="jobs")
    return int(text)
