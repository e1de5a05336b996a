"""Reading clips behind the pages: a job goes on when the page is reloaded, and ends when nobody looks."""

import os
import secrets
import shutil
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from gait import plain
from gait.analysis import ClipAnalysis, ClipRequest, Progress, Refused, Request, read_clips
from gait.errors import GaitError

TICKET_BYTES = 24
GRACE_S = 300.0
"""How long a job outlives the last page that looked at it: a reload, a lost connection."""
AT_ONCE = 2
FOLDER = "gait-app-"
OUR_FAULT = "Something went wrong in this program itself. Try again; if it stays, the clip may be unusual."


Upload = tuple[str, memoryview | Path]
Work = Callable[[Progress], Sequence[ClipAnalysis | Refused]]


class Stopped(Exception):
    """The job was stopped."""


@dataclass(frozen=True)
class Pace:
    """How far a job is."""

    clip: str = ""
    done: int = 0
    total: int = 1
    elapsed_s: float = 0.0


@dataclass(eq=False)
class Job:
    """The clips of one day, being read."""

    ticket: str
    folder: Path
    request: Request
    owner: str
    """Id of the actor who began it."""
    each: tuple[ClipAnalysis | Refused, ...] | None = None
    """What was read; None until it is."""
    failure: str = ""
    pace: Pace = field(default_factory=Pace)
    stop: threading.Event = field(default_factory=threading.Event)
    sessions: set[str] = field(default_factory=set)
    seen_s: float = field(default_factory=time.monotonic)
    work: Work | None = None
    """Reads the clips in another way than the request's files; None for those."""

    @property
    def running(self) -> bool:
        """True until it is read, has failed or was stopped."""
        return self.each is None and not self.failure

    @property
    def clips(self) -> list[ClipAnalysis]:
        """The clips that were read."""
        return [each for each in self.each or () if isinstance(each, ClipAnalysis)]

    @property
    def refused(self) -> list[Refused]:
        """The clips that were not."""
        return [each for each in self.each or () if isinstance(each, Refused)]


class Jobs:
    """All jobs of this program, by ticket: only who has a ticket finds its job."""

    def __init__(self, home: Path | None = None) -> None:
        self._home = home
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="clips")

    def start(
        self, uploads: Sequence[Upload], ask: Callable[[Sequence[ClipRequest]], Request], owner: str
    ) -> Job:
        """Write uploads to disk and begin to read them.

        Parameters
        ----------
        uploads
            Name and content of each file; a file that lies on the disk already is moved.
        ask
            Makes the request of the clips.
        owner
            Id of the actor whose they are: nobody else finds the job.
        """
        folder = Path(tempfile.mkdtemp(dir=self._own_home()))
        job = Job(secrets.token_urlsafe(TICKET_BYTES), folder, ask(_written(uploads, folder)), owner)
        return self._begin(job)

    def read(self, request: Request, work: Work, owner: str) -> Job:
        """Begin to read clips that need not be written to disk first."""
        folder = Path(tempfile.mkdtemp(dir=self._own_home()))
        return self._begin(Job(secrets.token_urlsafe(TICKET_BYTES), folder, request, owner, work=work))

    def again(self, job: Job, request: Request) -> Job:
        """Read the same files with other answers; what was read of them is remembered."""
        return self._begin(
            replace(job, request=request, each=None, failure="", pace=Pace(), stop=threading.Event())
        )

    def find(self, ticket: str, owner: str, session: str = "") -> Job | None:
        """Return the job of a ticket, if it is its owner who asks, and note that this session looks at it."""
        with self._lock:
            job = self._jobs.get(ticket)
            if job is not None and job.owner != owner:
                return None
            if job is not None and session:
                job.sessions.add(session)
                job.seen_s = time.monotonic()
            return job

    def sweep(self, active: Callable[[str], bool], now_s: float) -> None:
        """Stop and remove what nobody has looked at for a while."""
        with self._lock:
            for ticket, job in list(self._jobs.items()):
                if any(active(session) for session in job.sessions):
                    job.seen_s = now_s
                elif now_s - job.seen_s > GRACE_S:
                    job.stop.set()
                    shutil.rmtree(job.folder, ignore_errors=True)
                    del self._jobs[ticket]

    def close(self) -> None:
        """Stop everything and remove every file."""
        with self._lock:
            for job in self._jobs.values():
                job.stop.set()
            self._jobs.clear()
        self._workers.shutdown(wait=False, cancel_futures=True)
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)

    def _begin(self, job: Job) -> Job:
        with self._lock:
            self._jobs[job.ticket] = job
        self._workers.submit(_work, job)
        return job

    def _own_home(self) -> Path:
        with self._lock:
            if self._home is None:
                sweep_dead()
                self._home = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-"))
            return self._home


JOBS = Jobs()


def sweep_dead(directory: Path | None = None) -> None:
    """Remove what programs that were killed left: the folders of processes that are gone."""
    for path in (directory or Path(tempfile.gettempdir())).glob(f"{FOLDER}*-*"):
        number = path.name.removeprefix(FOLDER).split("-")[0]
        if number.isdigit() and not _alive(int(number)):
            shutil.rmtree(path, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _written(uploads: Sequence[Upload], folder: Path) -> list[ClipRequest]:
    """Each file in a folder of its own, under its own name without any path."""
    clips = []
    for number, (name, content) in enumerate(uploads):
        own = folder / str(number)
        own.mkdir()
        path = own / plain.file_name(name)
        if isinstance(content, Path):
            shutil.move(content, path)
        else:
            path.write_bytes(content)
        clips.append(ClipRequest(path))
    return clips


def _work(job: Job) -> None:
    started_s: dict[str, float] = {}

    def progress(clip: str, done: int, total: int) -> None:
        if job.stop.is_set():
            raise Stopped
        began_s = started_s.setdefault(clip, time.monotonic())
        job.pace = Pace(clip, done, total, time.monotonic() - began_s)

    try:
        job.each = tuple(job.work(progress)) if job.work else read_clips(job.request, progress)
    except Stopped:
        job.failure = "Stopped."
    except GaitError as error:
        job.failure = str(error)
    except OSError as error:
        job.failure = f"The clips could not be read ({error.strerror or error}): is the disk full?"
    except Exception:  # noqa: BLE001 - a page never shows a stack trace
        job.failure = OUR_FAULT
        traceback.print_exc()
