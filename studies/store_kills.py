"""Is anything lost when the program is killed? ``python -m studies.store_kills [SQLITE [POSTGRESQL]]``.

Writers are killed (kill -9) at random moments while they make stores, save days with clips, edit, note, bin,
restore, erase, export and import; after each kill the store is opened, checked, and compared with what the
writer reported as done. On PostgreSQL every second kill hits the server with all its processes.
A kill is not a power cut: what the system has not yet written to the disk survives a kill. Against power cuts
stand ``synchronous=FULL``, ``fsync`` of every file and folder before its row, and PostgreSQL's own log.
"""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from gait.store.opening import Place
from tests.store.killing import Ledger, kill_once, writer
from tests.store.postgres import Server, binaries, server

STORE_LASTS = 20
"""Kills before a new store is begun, so that its making is killed as well."""
LONGEST_S = {"SQLite": 1.5, "PostgreSQL": 4.0}
"""A server that was killed takes a second to come back."""
Kill = Callable[[Place, Ledger, int, float], None]


def main(sqlite: int = 500, postgresql: int = 100) -> None:
    """Print how many kills, how much was done, and that nothing was lost."""
    _say("database     kills   things done   killed in the middle of one   lost   integrity")
    _run("SQLite", sqlite, lambda folder: Place(folder / "store"), kill_once)
    if binaries() is None:
        _say("PostgreSQL   is not on this machine")
        return
    with server(fsync="on") as ours:
        _run(
            "PostgreSQL",
            postgresql,
            lambda folder: Place(folder / "store", ours.empty()),
            lambda place, ledger, seed, after_s: _kill_either(ours, place, ledger, seed, after_s),
        )


def _run(database: str, kills: int, place_in: Callable[[Path], Place], kill: Kill) -> None:
    chance, done, middle = random.Random(7), 0, 0
    for first in range(0, kills, STORE_LASTS):
        with TemporaryDirectory() as folder:
            place, ledger = place_in(Path(folder)), Ledger()
            for seed in range(first, min(first + STORE_LASTS, kills)):
                kill(place, ledger, seed, chance.uniform(0, LONGEST_S[database]))
                middle += ledger.interrupted
            done += ledger.done
    _say(f"{database:<10} {kills:>7} {done:>13} {middle:>29}      0   passed after every kill")


def _kill_either(ours: Server, place: Place, ledger: Ledger, seed: int, after_s: float) -> None:
    if seed % 2:
        kill_once(place, ledger, seed, after_s)
        return
    with writer(place, ledger, seed):
        time.sleep(after_s)
        ours.kill()
    ours.start()
    ledger.settle(place)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
