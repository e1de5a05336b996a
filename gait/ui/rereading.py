"""Reading the kept clips of two days again behind the page, for the pictures that a record does not hold."""

import os
import shutil
import tempfile
import threading
import time
import traceback
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gait.analysis import ClipAnalysis, Progress
from gait.errors import GaitError
from gait.export import matched, overlay
from gait.export.proxy import Proxy, proxy
from gait.months.pair import Pair
from gait.ui.jobs import FOLDER, OUR_FAULT, Pace, Stopped

UNSEEN_S = 60.0
"""How long it goes on when no page looks at it any more."""
NONE_ALIKE = "No two of these clips show the same side: there are no two films to lay beside each other."

ReadAgain = Callable[[Progress], Sequence[ClipAnalysis]]


@dataclass(frozen=True, eq=False)
class Films:
    """Two films that can be laid beside each other, the earlier one first."""

    landings: bytes | None
    """A typical landing of each as one JPEG; None where one of them has none."""
    proxies: tuple[Proxy, Proxy]


@dataclass(eq=False)
class Rereading:
    """Two days whose clips are being read again; its folder goes when nobody holds it any more."""

    found: Pair
    folder: Path
    films: Films | None = None
    failure: str = ""
    pace: Pace = field(default_factory=Pace)
    done: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)
    seen_s: float = field(default_factory=time.monotonic)

    def seen(self) -> None:
        """Note that a page looks at it: it goes on."""
        self.seen_s = time.monotonic()


def read_again(found: Pair, read: ReadAgain) -> Rereading:
    """Begin to read; return at once.

    Parameters
    ----------
    read
        Reads the clips of both days and says how far it is.
    """
    made = Rereading(found, Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-")))
    weakref.finalize(made, shutil.rmtree, made.folder, ignore_errors=True)
    threading.Thread(target=_work, args=(made, read), name="films-again", daemon=True).start()
    return made


def _work(made: Rereading, read: ReadAgain) -> None:
    started_s: dict[str, float] = {}

    def progress(clip: str, done: int, total: int) -> None:
        if made.stop.is_set() or time.monotonic() - made.seen_s > UNSEEN_S:
            raise Stopped
        began_s = started_s.setdefault(clip, time.monotonic())
        made.pace = Pace(clip, done, total, time.monotonic() - began_s)

    try:
        both = made.found.films(read(progress))
        if both is None:
            made.failure = NONE_ALIKE
        else:
            picture = matched.landings(*both)
            landings = None if picture is None else overlay.as_jpeg(picture)
            made.films = Films(landings, (proxy(both[0]), proxy(both[1])))
    except Stopped:
        made.failure = "Stopped."
    except GaitError as error:
        made.failure = str(error)
    except OSError as error:
        made.failure = f"The clips could not be read ({error.strerror or error}): is the disk full?"
    except Exception:  # noqa: BLE001 - a page never shows a stack trace
        made.failure = OUR_FAULT
        traceback.print_exc()
    finally:
        made.done.set()
