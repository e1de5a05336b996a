"""Where the store is, and opening it.

In the user's data folder, or where ``GAIT_STORE_DIR`` says; the tables in SQLite there, or in the
PostgreSQL database that ``GAIT_STORE_URL`` names, with the files beside all the same.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import platformdirs
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from gait.errors import StoreFailed
from gait.pose import cache
from gait.store import erasure
from gait.store.database import Store, connect, now
from gait.store.failures import said
from gait.store.schema import check_at_opening, prepare

FOLDER_VARIABLE, URL_VARIABLE = "GAIT_STORE_DIR", "GAIT_STORE_URL"
DATABASE = "store.sqlite"
OVER_THE_NETWORK = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "ncpfs",
        "ceph",
        "glusterfs",
        "davfs",
        "fuse.sshfs",
        "fuse.davfs2",
        "fuse.rclone",
    ]
)
MOUNTS = Path("/proc/self/mounts")


@dataclass(frozen=True)
class Place:
    """Where a store is; without ``url`` the tables are in the folder."""

    folder: Path
    url: URL | None = None


def usual_place() -> Place:
    """Return where this user's store is.

    Raises
    ------
    StoreFailed
        If the address of the database makes no sense.
    """
    named, address = os.environ.get(FOLDER_VARIABLE), os.environ.get(URL_VARIABLE)
    folder = Path(named).absolute() if named else platformdirs.user_data_path("gait")
    try:
        return Place(folder, make_url(address) if address else None)
    except ArgumentError as error:
        raise StoreFailed(
            "The address of the store's database cannot be understood: it looks like postgresql://host/name.",
            id="address",
        ) from error


def open_store(
    place: Place | None = None,
    *,
    forget: Callable[[str], None] = cache.forget,
    clock: Callable[[], datetime] = now,
) -> Store:
    """Open the store, make or update it if need be, and empty its bin.

    Parameters
    ----------
    forget
        Deletes what was computed from a clip and is kept elsewhere, given the clip's SHA-256.

    Raises
    ------
    StoreFailed
        If it cannot be opened; it is as it was.
    """
    place = place or usual_place()
    url = place.url or URL.create("sqlite", database=str(place.folder / DATABASE))
    where = str(place.folder) if place.url is None else url.set(query={}).render_as_string(hide_password=True)
    with said(str(place.folder)):
        _usable(place)
    store = Store(connect(url), place.folder, where, forget, clock)
    try:
        prepare(store)
        check_at_opening(store)
    except BaseException:
        store.close()
        raise
    with suppress(StoreFailed):
        erasure.tidy(store)
    return store


def _usable(place: Place) -> None:
    """Make the folder, for this user only; refuse one where a database is not safe."""
    if place.url is None and _over_the_network(place.folder):
        raise StoreFailed(
            f"The folder of the store ({place.folder}) is on the network, where a database gets damaged: "
            "choose one on this computer.",
            id="folder",
        )
    place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not os.access(place.folder, os.W_OK | os.X_OK):
        raise PermissionError(f"{place.folder} cannot be written to")


def _over_the_network(folder: Path) -> bool:
    if sys.platform == "win32":
        return folder.absolute().drive.startswith("\\\\")
    if not MOUNTS.is_file():
        return False
    real, kinds = folder.resolve(), {}
    for entry in MOUNTS.read_text("utf-8", "replace").splitlines():
        _, point, kind, *_ = entry.split(" ")
        kinds[Path(point.replace("\\040", " "))] = kind
    return next((kinds[at] for at in (real, *real.parents) if at in kinds), "") in OVER_THE_NETWORK
