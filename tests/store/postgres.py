"""A PostgreSQL of our own: on a socket in a folder of ours, as a user without rights, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psycopg
from sqlalchemy import URL

BINARIES = Path("/usr/lib/postgresql")
INITIAL = ("-U", "gait", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
UNPRIVILEGED = ("postgres", "nobody")


def binaries() -> Path | None:
    """The newest PostgreSQL that Debian's package put on this machine."""
    found = sorted(BINARIES.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


@dataclass(frozen=True)
class Server:
    bin: Path
    folder: Path
    fsync: Literal["on", "off"]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        sockets = f"-k {self.folder} -c listen_addresses='' -c max_connections=50 -c fsync={self.fsync}"
        self.run("pg_ctl", "-D", self.data, "-w", "-o", sockets, "-l", self.folder / "log", "start")

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def kill(self) -> None:
        """Kill it as a power cut would: no process of it gets to finish anything."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGSTOP)  # so that it starts no more of them
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        processes = (postmaster, *map(int, children))
        for process in processes:
            os.kill(process, signal.SIGKILL)
        while any(_runs(process) for process in processes):
            time.sleep(0.01)
        # Where nobody collects dead processes, PostgreSQL takes its own dead one for a running one.
        for lock in (self.data / "postmaster.pid", self.folder / ".s.PGSQL.5432.lock"):
            lock.unlink()

    @property
    def url(self) -> URL:
        return URL.create("postgresql", username="gait", database="gait", query={"host": str(self.folder)})

    def empty(self) -> URL:
        """Make the database as if it were new."""
        with psycopg.connect(user="gait", dbname="gait", host=str(self.folder)) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self.url

    def run(self, program: str, *words: object) -> None:
        command = [str(self.bin / program), *map(str, words)]
        done = subprocess.run(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **_user()
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode()}")


@contextmanager
def server(fsync: Literal["on", "off"] = "off") -> Iterator[Server]:
    """Start a PostgreSQL; without ``fsync`` only a power cut could lose a commit, so tests go without."""
    there = binaries()
    if there is None:
        raise FileNotFoundError(f"no PostgreSQL in {BINARIES}: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="gait-pg-", dir="/tmp"))
    if "user" in _user():
        os.chown(folder, _user()["user"], _user()["group"])
    ours = Server(there, folder, fsync)
    try:
        ours.run("initdb", "-D", ours.data, *INITIAL)
        ours.start()
        ours.run("createdb", "-h", folder, "-U", "gait", "gait")
        yield ours
    finally:
        if (ours.data / "postmaster.pid").exists():
            ours.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next(known[name] for name in UNPRIVILEGED if name in known)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
