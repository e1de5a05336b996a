"""Coverage-guided fuzz of what reads foreign files.

``python -m studies.guided [--cpu-minutes N] [TARGET ...]``.

Atheris (``pip install atheris``, Linux) grows inputs that reach new lines of ours. Each target runs in a
process of its own; what our readers raise beside their own error is a finding, printed with its place, and
the input is kept in ``out/fuzz``. ``film`` decodes in the process itself, outside the walls that stand
around the real worker, so that our Python is watched; FFmpeg is not instrumented.
"""

import argparse
import copy
import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from studies.checkout import HERE

TARGETS = {
    "film": 6.0,
    "record": 2.5,
    "dossier": 2.5,
    "manifest": 1.5,
    "watch": 1.5,
    "activities": 0.8,
    "clips": 0.8,
    "wire": 1.0,
    "table": 0.8,
    "landmarks": 0.7,
}
"""Share of the time for each: the last two read files that this program or a laboratory wrote."""
KEPT = HERE / "out" / "fuzz"
MEMORY_MB = 3000
LONGEST_INPUT = 60_000


@dataclass(frozen=True)
class Target:
    """One reader."""

    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    expected: tuple[type[BaseException], ...]
    """What it may raise."""


def film(room: Path) -> Target:
    """From a file to pictures, as the worker does it."""
    import numpy as np
    from av.error import FFmpegError

    from gait.errors import GaitError
    from gait.video import decoder
    from gait.video.clip import Clip
    from tests.video.files import KINDS, store
    from tests.video.files import film as pictures

    small = [picture[::4, ::2].copy() for picture in pictures()[:4]]
    kinds = ("h264", "hevc", "vp9", "mjpeg", "gif", "h264_mkv", "h264_avi", "prores", "alpha", "lossless")
    seeds = tuple(store(room / kind, KINDS[kind], small).read_bytes() for kind in kinds)
    path = room / "input"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        clip = next(value for value in decoder.probe(path) if isinstance(value, Clip))
        for _ in decoder.pictures(clip, np.arange(min(len(clip.pts_s), 40))):
            pass

    return Target(read, seeds, (GaitError, FFmpegError, MemoryError))


def record(room: Path) -> Target:
    """The record of an analysis."""
    from gait.errors import BadRecord
    from gait.record import from_json, to_json
    from tests.months.test_months import month

    def read(data: bytes) -> None:
        to_json(from_json(data.decode(errors="surrogateescape")))

    return Target(read, (to_json(month(0)).encode(), b'{"schema": 5}'), (BadRecord,))


def dossier(room: Path) -> Target:
    """A runner in an exported file."""
    from gait.errors import StoreRefused
    from gait.store.dossier import from_json, to_json

    def read(data: bytes) -> None:
        to_json(from_json(data.decode(errors="surrogateescape")))

    return Target(read, (_exported(room)["runner.json"],), (StoreRefused,))


def manifest(room: Path) -> Target:
    """The list of what an exported file holds, in a zip that is whole."""
    import zipfile

    from gait.errors import StoreFailed
    from gait.store import archive
    from gait.store.files import Folder

    members, path = _exported(room), room / "input.zip"

    def read(data: bytes) -> None:
        with zipfile.ZipFile(path, "w") as target:
            for name, content in members.items():
                target.writestr(name, data if name == archive.MANIFEST else content)
        with archive.opened(path, Folder(room / "files")) as opened:
            opened.verify()
            opened.text(archive.RUNNER)

    return Target(read, (members[archive.MANIFEST],), (StoreFailed,))


def _exported(room: Path) -> dict[str, bytes]:
    """Members of a runner's file."""
    import zipfile

    from gait.store.domain import LOCAL
    from gait.store.opening import Place, open_store
    from gait.store.portable import export_runner
    from tests.months.test_months import month
    from tests.ui.pages import kept_with

    store = open_store(Place(room / "store"))
    runner = kept_with(store, "Ada", month(0), month(1))
    export_runner(store, LOCAL, runner.id, room / "ada.zip")
    store.close()
    with zipfile.ZipFile(room / "ada.zip") as source:
        return {name: source.read(name) for name in source.namelist()}


def wire(room: Path) -> Target:
    """What the decoding worker sends."""
    import numpy as np

    from gait.video.clip import Clip, Frame
    from gait.video.wire import Garbled, packed, unpacked

    clip = Clip(Path("run.mp4"), "0" * 64, (9, 5), np.arange(3) / 30)
    picture = Frame(1, 0.5, np.zeros((5, 9, 3), np.uint8), (0, 0), np.zeros((5, 9), np.uint8))
    seeds = (b"".join(map(bytes, packed(Clip, clip))), b"".join(map(bytes, packed(Frame, picture))))

    def read(data: bytes) -> None:
        unpacked(Clip if data[:1] < b"\x80" else Frame, bytearray(data[1:]))

    return Target(read, (b"\x00" + seeds[0], b"\xff" + seeds[1]), (Garbled,))


def table(room: Path) -> Target:
    """A laboratory's markers or forces."""
    from gait.errors import BadTruth
    from gait.validate.markers import read_table

    path = room / "table.txt"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        read_table(path)

    return Target(read, (b"Time\tFx\tFy\n0.1\t2\t3\n0.2\t4\t5\n", b"a\n1\n"), (BadTruth,))


def watch(room: Path) -> Target:
    """A watch's file of a run (FIT), sealed anew so that its check fits."""
    from datetime import UTC, datetime

    from gait.errors import BadRequest
    from gait.watch import fit
    from tests.watch.fits import body_of, sealed, watch_file

    seeds = tuple(
        body_of(watch_file(datetime(2026, 11, 2, tzinfo=UTC), [80.0] * 12, ahead_s=ahead))
        for ahead in (None, 3600)
    )

    def read(data: bytes) -> None:
        fit.read(sealed(data), "run.fit")

    return Target(read, seeds, (BadRequest,))


def activities(room: Path) -> Target:
    """A watch's table of many runs."""
    from gait.errors import BadRequest
    from gait.watch import activities as table_of_runs
    from tests.watch.test_watch import ENGLISH, GERMAN, RUN

    def read(data: bytes) -> None:
        table_of_runs.read(data, "Activities.csv")

    return Target(read, tuple((head + RUN).encode() for head in (ENGLISH, GERMAN)), (BadRequest,))


def clips(room: Path) -> Target:
    """A batch's list of clips."""
    from gait.batch.manifest import listed
    from gait.errors import BadRequest

    path = room / "clips.csv"
    (room / "a.mp4").write_bytes(b"a film")

    def read(data: bytes) -> None:
        path.write_bytes(data)
        listed(path)

    rows = b"clip,runner,date,speed_kmh,height_cm,shoes,near\na.mp4,Ann,2026-11-02,10.8,170,red,left\n"
    return Target(read, (rows, rows.replace(b",", b";")), (BadRequest,))


def landmarks(room: Path) -> Target:
    """Kept landmarks: whatever the file holds, they are read or made again."""
    from gait.pose import cache
    from tests.truth import part, perfect_track

    path = room / "kept.npz"
    cache._store(part(perfect_track("runner_a_rear_60"), slice(0, 6)), path)
    seed = path.read_bytes()

    def read(data: bytes) -> None:
        path.write_bytes(data)
        cache._load(path)

    return Target(read, (seed,), ())


def _within(name: str, cpu_s: float, room: Path) -> None:
    """Fuzz one target in this process until its processor time is over; findings end it."""
    import atheris

    with atheris.instrument_imports(include=["gait", "cattrs"], enable_loader_override=False):
        target: Target = globals()[name](room)
    corpus = room / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed{number}").write_bytes(seed)

    def one(data: bytes) -> None:
        if time.process_time() > cpu_s:
            os.kill(os.getpid(), signal.SIGUSR1)  # libFuzzer then ends with its figures
        try:
            target.read(data)
        except target.expected:
            return
        except BaseException:
            kept = KEPT / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(data)
            raise

    atheris.Setup(
        [
            sys.argv[0], str(corpus), f"-max_len={LONGEST_INPUT}", f"-artifact_prefix={room}/",
            f"-rss_limit_mb={MEMORY_MB}", "-timeout=30", "-print_final_stats=1",
        ],
        one,
        custom_mutator=lambda data, most, seed: MUTATORS[name](data, most, seed, atheris.Mutate),
    )  # fmt: skip
    atheris.Fuzz()


Mutate = Callable[[bytes, int], bytes]


def _any_bytes(data: bytes, most: int, seed: int, mutate: Mutate) -> bytes:
    return mutate(data, most)


def _damage(data: bytes, most: int, seed: int, mutate: Mutate) -> bytes:
    """Half of the time as files are damaged, half as the fuzzer likes."""
    import numpy as np

    from tests.video.test_hostile import mutated

    if seed % 2 or len(data) < 16:
        return mutate(data, most)
    return mutated(data, np.random.default_rng(seed))[:most]


ODD = (
    None, True, 0, -1, 1e400, -1e400, 1e308, 2**63, 10**30, 0.5, "", "x" * 3000, "\ud800", "2026-02-30",
    "NaN",    "../../x", [], {}, [[]], {"": 0}, [1, 2, 3, 4], "left",
)  # fmt: skip


def _other_json(data: bytes, most: int, seed: int, mutate: Mutate) -> bytes:
    """Change single values, drop, double and rename parts; now and then bytes."""
    import json

    chance = random.Random(seed)
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return mutate(data, most)
    if chance.random() < 0.1:
        return mutate(data, most)
    for _ in range(chance.randint(1, 3)):
        _change(whole, chance)
    changed = json.dumps(whole).encode()
    return changed if len(changed) <= most else data


def _change(whole: object, chance: random.Random) -> None:
    place, at = None, whole
    while isinstance(at, dict | list) and at and (place is None or chance.random() < 0.9):
        key = chance.choice(list(at) if isinstance(at, dict) else range(len(at)))
        place, at = (at, key), at[key]  # type: ignore[index, assignment]
    if place is None:
        return
    inside, key = place
    match chance.randrange(5):
        case 0:
            del inside[key]
        case 1 if isinstance(inside, list):
            inside.append(copy.deepcopy(at))
        case 2 if isinstance(inside, dict):
            inside[f"{key}x"] = inside.pop(key)
        case _:
            inside[key] = copy.deepcopy(chance.choice(ODD))


MUTATORS = {"film": _damage, "record": _other_json, "dossier": _other_json, "manifest": _other_json} | {
    name: _any_bytes for name in ("wire", "watch", "activities", "clips", "table", "landmarks")
}


@dataclass(frozen=True)
class Outcome:
    """What came of one target."""

    cpu_s: float
    executions: int
    covered: int
    findings: tuple[str, ...]


def fuzzed(name: str, cpu_s: float) -> Outcome:
    """Fuzz one target; after a finding go on with the inputs that were found."""
    used_s, executions, covered, findings = 0.0, 0, 0, []
    with TemporaryDirectory(prefix=f"fuzz-{name}-") as room:
        while used_s < cpu_s - 1 and len(findings) < 20:
            before_s, began_s = _children_s(), time.monotonic()
            done = subprocess.run(
                [sys.executable, "-m", "studies.guided", "--within", room, name, str(cpu_s - used_s)],
                cwd=HERE, env=os.environ | {"PYTHONPATH": str(HERE)}, capture_output=True, text=True,
                errors="replace", check=False,
            )  # fmt: skip
            used_s += max(_children_s() - before_s, 0.1 * (time.monotonic() - began_s))
            said = done.stderr + done.stdout
            executions += sum(map(int, _after(said, "stat::number_of_executed_units:")))
            covered = max([covered, *(int(each) for each in _after(said, " cov:"))])
            if done.returncode:
                findings.append(_finding(said))
                sys.stdout.write(f"{name}: {findings[-1]}\n")
                sys.stdout.flush()
    return Outcome(used_s, executions, covered, tuple(findings))


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _after(text: str, label: str) -> Iterator[str]:
    for part in text.split(label)[1:]:
        number = part.split(maxsplit=1)[0] if part.split() else ""
        if number.isdigit():
            yield number


def _finding(said: str) -> str:
    lines = [line.strip() for line in said.splitlines()]
    raised = [line for line in lines if "Error" in line or "Exception" in line]
    where = [line for line in lines if line.startswith("File") and "/gait/" in line]
    return " | ".join([*(where[-1:]), *(raised[:1] or lines[-1:])])[:400]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print time, executions, lines covered and findings of each target."""
    parser = argparse.ArgumentParser(prog="python -m studies.guided", description=__doc__)
    parser.add_argument("--cpu-minutes", type=float, default=15.0, help="for all targets together")
    parser.add_argument("--within", nargs=3, metavar=("ROOM", "TARGET", "SECONDS"), help=argparse.SUPPRESS)
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []], help="else all")
    options = parser.parse_args(arguments)
    if options.within:
        room, name, seconds = options.within
        _within(name, float(seconds), Path(room))
        return
    chosen = options.targets or list(TARGETS)
    whole = sum(TARGETS[name] for name in chosen)
    sys.stdout.write(
        "| target | processor time | executions | edges of ours covered | findings |\n|---|---|---|---|---|\n"
    )
    for name in chosen:
        found = fuzzed(name, 60 * options.cpu_minutes * TARGETS[name] / whole)
        row = (name, f"{found.cpu_s:.0f} s", f"{found.executions:,}", found.covered, len(found.findings))
        sys.stdout.write(f"| {' | '.join(map(str, row))} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
