"""Damage files and read them, for some minutes: ``python -m studies.fuzz MINUTES``.

Each file goes through everything that the worker does, from the container to the pictures, in a process with
the worker's limits. A number makes a file, so that one that crashes or hangs can be made again.
"""

import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

from gait.errors import GaitError
from gait.video import decoder, sandbox
from gait.video.clip import Clip
from tests.video.files import KINDS, film, store
from tests.video.test_hostile import SEEDS, mutated

SHAPES = (*SEEDS, "hevc_10bit", "h264_avi", "alpha", "lossless")
PATIENCE_S = 30


def damaged(originals: list[bytes], number: int) -> bytes:
    """Return the file of this number: damaged once to four times."""
    rng = np.random.default_rng(number)
    data = originals[number % len(originals)]
    for _ in range(int(rng.integers(1, 5))):
        data = mutated(data, rng) if len(data) > 16 else data
    return data


def read(path: Path) -> str:
    """Say what comes of one file."""
    try:
        clip = next(value for value in decoder.probe(path) if isinstance(value, Clip))
        wanted = np.arange(0, len(clip.pts_s), 3)
        squares = np.array([[-5, 10, 90]] * len(wanted)).reshape(-1, 3)
        for part in (None, squares):
            for _ in decoder.pictures(clip, wanted, part):
                pass
    except GaitError:
        return "refused in a sentence of its own"
    except MemoryError:
        return "asked for too much memory"
    except Exception as error:  # noqa: BLE001 - the worker makes one sentence of these
        return f"broke off ({type(error).__name__})"
    return "read"


def apart(path: Path) -> str:
    """Say what comes of one file in a process of its own."""
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sandbox._limit()
        signal.alarm(PATIENCE_S)
        os.write(sink, read(path).encode())
        os._exit(0)
    os.close(sink)
    said = os.read(source, 1000).decode()
    os.close(source)
    status = os.waitpid(child, 0)[1]
    return f"killed by {signal.Signals(status).name}" if os.WIFSIGNALED(status) else said


def main(minutes: float) -> None:
    """Print how many files came to what."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = [picture[::2, ::2].copy() for picture in film()[:8]]
        originals = [store(folder / kind, KINDS[kind], small).read_bytes() for kind in SHAPES]
        found: Counter[str] = Counter()
        first = time.time_ns() % (1 << 40)
        number, ends = first, time.monotonic() + 60 * minutes
        while time.monotonic() < ends:
            path = folder / "damaged"
            path.write_bytes(damaged(originals, number))
            said = apart(path)
            found[said] += 1
            if said.startswith("killed"):
                sys.stdout.write(f"{said}: file {number}\n")
            number += 1
    sys.stdout.write(f"{number - first} files, numbers {first} and on, in {minutes:g} minutes\n")
    for said, count in found.most_common():
        sys.stdout.write(f"{count:6} {said}\n")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
