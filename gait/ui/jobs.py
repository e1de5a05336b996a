"""Work behind the pages: it goes on when the page is reloaded, and ends when nobody looks."""

import os
import secrets
import shutil
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from gait import plain
from gait.analysis import ClipAnalysis, ClipRequest, Progress, Refused, Request, read_clips
from gait.errors import GaitError
from gait.ui.form import Form
from gait.video import sandbox

Made = TypeVar("Made")

TICKET_BYTES = 24
GRACE_S = 300.0
"""How long a job outlives the last page that looked at it: a reload, a lost connection."""
MOST_A_SESSION = 3
"""Ended jobs that a session keeps: what it looks at, and what it might go back to."""
AT_ONCE = 2
FOLDER = "gait-app-"
OUR_FAULT = "Something went wrong in this program itself. Try again; if it stays, the clip may be unusual."
STOPPED = "Stopped."
Upload = tuple[str, memoryview | Path]


class Stopped(Exception):
    """The job was stopped."""


@dataclass(frozen=True)
class Pace:
    """How far a job is."""

    clip: str = ""
    done: int = 0
    total: int = 1
    elapsed_s: float = 0.0


@dataclass(eq=False, kw_only=True)
class Job(Generic[Made]):
    """One piece of work."""

    ticket: str
    folder: Path
    """Its own, removed with it."""
    owner: str
    """Id of the actor who began it: nobody else finds it."""
    work: Callable[[Progress], Made]
    made: Made | None = None
    """What came of it; None until it is done."""
    failure: str = ""
    """Why nothing came of it."""
    begun: bool = False
    """False while it waits for others to end."""
    pace: Pace = field(default_factory=Pace)
    ended: threading.Event = field(default_factory=threading.Event)
    """Set once nothing more happens."""
    sessions: set[str] = field(default_factory=set)
    seen_s: float = field(default_factory=time.monotonic)

    @property
    def running(self) -> bool:
        """True until it is done, has failed or was stopped."""
        return self.made is None and not self.failure

    def stop(self) -> None:
        """End it; the work itself hears of it the next time that it tells its pace or waits for pictures."""
        self.fail(STOPPED)

    def fail(self, why: str) -> None:
        """Note why nothing comes of it, unless it has ended already."""
        if self.running:
            self.failure = why

    def require_running(self) -> None:
        """Raise if it was stopped.

        Raises
        ------
        Stopped
            If it was.
        """
        if self.failure:
            raise Stopped


Each = tuple[ClipAnalysis | Refused, ...]


@dataclass(eq=False, kw_only=True)
class Reading(Job[Each]):
    """The clips of one day, being read."""

    request: Request
    form: Form
    """What was said of the runner and the day, beside the clips."""

    @property
    def clips(self) -> list[ClipAnalysis]:
        """The clips that were read."""
        return [each for each in self.made or () if isinstance(each, ClipAnalysis)]

    @property
    def refused(self) -> list[Refused]:
        """The clips that were not."""
        return [each for each in self.made or () if isinstance(each, Refused)]


class Jobs:
    """All jobs of this program, by ticket: only who has a ticket finds its job."""

    def __init__(self, home: Path | None = None) -> None:
        self._home = home
        self._jobs: dict[str, Job[Any]] = {}
        self._lock = threading.Lock()
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="clips")

    def start(self, uploads: Sequence[Upload], form: Form, owner: str) -> Reading:
        """Write uploads to disk and begin to read them.

        Parameters
        ----------
        uploads
            Name and content of each file; a file that lies on the disk already is moved.
        form
            What was said beside the clips.
        owner
            Id of the actor whose they are: nobody else finds the job.
        """
        folder = self._own_folder()
        request = form.request(_written(uploads, folder))
        return self._reading((new_ticket(), owner), folder, request, form)

    def again(self, job: Reading, request: Request) -> Reading:
        """Read the same files with other answers; what was read of them is remembered."""
        return self._reading((job.ticket, job.owner), job.folder, request, job.form)

    def begin(self, work: Callable[[Progress], Made], owner: str) -> Job[Made]:
        """Begin other work."""
        return self._begin(Job(ticket=new_ticket(), owner=owner, folder=self._own_folder(), work=work))

    def find(self, ticket: str, owner: str, session: str = "") -> Job[Any] | None:
        """Return the job of a ticket, if it is its owner who asks, and note that this session looks at it.

        What the session looked at long before is let go of: a tab that stays open for days keeps a few.
        """
        with self._lock:
            job = self._jobs.get(ticket)
            if job is None or job.owner != owner:
                return None
            if session:
                self._jobs[ticket] = self._jobs.pop(ticket)
                job.sessions.add(session)
                job.seen_s = time.monotonic()
                self._let_go(session)
            return job

    def drop(self, ticket: str) -> None:
        """Stop and remove a job that nobody wants any more."""
        with self._lock:
            self._remove(ticket)

    def sweep(self, active: Callable[[str], bool], now_s: float) -> None:
        """Stop and remove what nobody has looked at for a while."""
        with self._lock:
            for ticket, job in list(self._jobs.items()):
                if any(active(session) for session in job.sessions):
                    job.seen_s = now_s
                elif now_s - job.seen_s > GRACE_S:
                    self._remove(ticket)

    def close(self) -> None:
        """Stop everything and remove every file."""
        with self._lock:
            for job in self._jobs.values():
                job.stop()
            self._jobs.clear()
        self._workers.shutdown(wait=False, cancel_futures=True)
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)

    def _reading(self, whose: tuple[str, str], folder: Path, request: Request, form: Form) -> Reading:
        def work(progress: Progress) -> Each:
            return read_clips(request, progress)

        ticket, owner = whose
        made = Reading(ticket=ticket, owner=owner, folder=folder, work=work, request=request, form=form)
        self._begin(made)
        return made

    def _begin(self, job: Job[Made]) -> Job[Made]:
        with self._lock:
            self._jobs[job.ticket] = job
        self._workers.submit(_work, job)
        return job

    def _let_go(self, session: str) -> None:
        looked_at = [job for job in self._jobs.values() if session in job.sessions and not job.running]
        for job in looked_at[:-MOST_A_SESSION]:
            job.sessions.discard(session)
            if not job.sessions:
                self._remove(job.ticket)

    def _remove(self, ticket: str) -> None:
        job = self._jobs.pop(ticket, None)
        if job is not None:
            job.stop()
            shutil.rmtree(job.folder, ignore_errors=True)

    def _own_folder(self) -> Path:
        with self._lock:
            if self._home is None:
                sweep_dead()
                self._home = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-"))
            return Path(tempfile.mkdtemp(dir=self._home))


JOBS = Jobs()


def new_ticket() -> str:
    """Make a name for a job that nobody can guess."""
    return secrets.token_urlsafe(TICKET_BYTES)


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


def _work(job: Job[Any]) -> None:
    started_s: dict[str, float] = {}

    def progress(clip: str, done: int, total: int) -> None:
        job.require_running()
        began_s = started_s.setdefault(clip, time.monotonic())
        job.pace = Pace(clip, done, total, time.monotonic() - began_s)

    job.begun = True
    try:
        with sandbox.listening(job.require_running):
            job.require_running()
            made = job.work(progress)
        if job.running:
            job.made = made
    except Stopped:
        job.stop()
    except GaitError as error:
        job.fail(str(error))
    except OSError as error:
        job.fail(f"The clips could not be read ({error.strerror or error}): is the disk full?")
    except Exception:  # noqa: BLE001 - a page never shows a stack trace
        job.fail(OUR_FAULT)
        traceback.print_exc()
    finally:
        job.ended.set()
