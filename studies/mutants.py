"""How many small faults the fast tests find: ``python -m studies.mutants [--sample 300] [--seed 1]``.

mutmut (``pip install mutmut==3.8.1``; set up in pyproject.toml) changes one operator, number, word or
argument at a time in metrics/, quality/ and coaching/, and runs the tests that reach it. From every room some
are drawn; the score is the share of them that some test fails for. It takes two to three seconds a change.
"""

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOMS = ("metrics", "quality", "coaching")
SURVIVED = (0, 5, 33)
"""Exit codes of pytest that mean that nothing failed, or that no test reaches the change."""
MUTANTS = Path("mutants/gait")


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw, run, print the score of each room and what survived."""
    parser = argparse.ArgumentParser(prog="python -m studies.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=300, help="changes drawn from each room")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    _mutmut("gait.quality.gates.x__out_of_the_picture__mutmut_1")
    rng = random.Random(options.seed)
    drawn = {room: _drawn(rng, sorted(_results(room)), options.sample) for room in ROOMS}
    _mutmut(*(name for names in drawn.values() for name in names))
    for room, names in drawn.items():
        for line in _score(room, names):
            sys.stdout.write(line + "\n")


def _mutmut(*names: str) -> None:
    subprocess.run([sys.executable, "-m", "mutmut", "run", "--max-children", "2", *names], check=True)


def _results(room: str) -> dict[str, int | None]:
    """Name of every change in a room -> the exit code of its tests; None where they have not run."""
    found: dict[str, int | None] = {}
    for path in (MUTANTS / room).glob("*.meta"):
        found |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def _drawn(rng: random.Random, names: list[str], count: int) -> list[str]:
    return rng.sample(names, min(count, len(names)))


def _score(room: str, names: Sequence[str]) -> Iterator[str]:
    results = _results(room)
    alive = [name for name in names if results[name] in SURVIVED]
    killed = len(names) - len(alive)
    yield f"{room}: {killed} of {len(names)} found, {100 * killed / len(names):.1f} %"
    yield from (f"  {name}" for name in sorted(alive))


if __name__ == "__main__":
    main()
