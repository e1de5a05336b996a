"""``gait doctor``: one page about this installation, for a bug report, that names nobody."""

import argparse
import getpass
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Any

from gait.cli.progress import show

PARTS = ("av", "cv2", "mediapipe", "scipy", "sqlalchemy", "streamlit")
"""What must load: the parts that bring code of their own for each system."""
EXTRAS = ("c3d", "cluster", "lan", "netcdf", "postgres")
"""Extras that are for users; the others are for who changes the program."""
LEAST_FREE_BYTES = 2_000_000_000
WIDTH = 24


@dataclass(frozen=True)
class Finding:
    """One line, and whether it is as it should be."""

    what: str
    state: str
    good: bool = True


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("doctor", help="one page about this installation, for a bug report")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the page; 1 if something needs attention."""
    del options
    findings = list(examine())
    bad = [finding for finding in findings if not finding.good]
    lines = [f"{' ' if each.good else '!'} {each.what:{WIDTH}}{each.state}" for each in findings]
    end = f"{len(bad)} of this needs attention (marked !)." if bad else "Nothing here needs attention."
    show(without_person("\n".join([*lines, "", end])))
    return 1 if bad else 0


def without_person(text: str) -> str:
    """Take the user's home folder and name out of a text.

    Examples
    --------
    >>> without_person(f"{Path.home() / 'clips'} can be written")
    '~/clips can be written'
    """
    homes = {str(Path.home()), os.path.realpath(Path.home())} - {os.sep}
    for home in sorted(homes, key=len, reverse=True):
        text = re.sub(re.escape(home) + r"(?![^\s/\\])", "~", text)
    names = {os.environ.get(name, "") for name in ("USER", "USERNAME", "LOGNAME")} | {_user()}
    for name in filter(None, names):
        text = re.sub(rf"(?<=[/\\]){re.escape(name)}(?=[/\\\s]|$)", "…", text)
    return text


def examine() -> Iterator[Finding]:
    """Look at everything that an analysis needs."""
    yield Finding("gait", _version("gait"))
    yield Finding("Python", f"{platform.python_version()} ({platform.python_implementation()})")
    yield Finding("system", f"{platform.system()} {platform.release()} {platform.machine()}")
    yield Finding("processors", str(os.cpu_count()))
    yield from map(_part, PARTS)
    yield from _packages()
    yield from _models()
    yield from _folders()
    yield from _video()


def _part(name: str) -> Finding:
    try:
        import_module(name)
    except (ImportError, OSError, RuntimeError) as error:
        return Finding(f"load {name}", " ".join(str(error).split()), good=False)
    return Finding(f"load {name}", "loads")


def _packages() -> Iterator[Finding]:
    """Versions of what ``gait`` asks for; what only an extra asks for may be missing."""
    for wanted in sorted(distribution("gait").requires or [], key=str.lower):
        name = re.split(r"[^\w.-]", wanted)[0]
        extra = re.search(r"extra == .(\w+)", wanted)
        found = _version(name)
        if extra is None:
            yield Finding(name, found or "is not installed", good=bool(found))
        elif extra[1] in EXTRAS:
            yield Finding(name, found or f"is not installed (only for {extra[1]})")


def _models() -> Iterator[Finding]:
    from gait.pose import model as models

    for model in models.read_manifest():
        path = models.folder() / model.file
        if models.is_verified(model, path):
            yield Finding("pose model", f"{model.name}, here and verified")
        elif path.exists():
            yield Finding("pose model", f"{path} is not the file it should be: delete it", good=False)
        else:
            yield Finding("pose model", f"{model.name}, not here yet: it is fetched at first use")


def _folders() -> Iterator[Finding]:
    from gait.errors import StoreFailed
    from gait.pose import cache
    from gait.pose import model as models
    from gait.store.opening import usual_place

    for what, folder in (("models", models.folder()), ("landmark cache", cache.folder())):
        yield _folder(what, folder)
    try:
        place = usual_place()
    except StoreFailed as error:
        yield Finding("store", str(error), good=False)
        return
    yield _folder("store", place.folder)
    if place.url is not None:
        yield Finding("store's tables", f"in a database of their own ({place.url.get_backend_name()})")


def _folder(what: str, folder: Path) -> Finding:
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        return Finding(what, f"{folder} cannot be written to", good=False)
    free = shutil.disk_usage(there).free
    state = "can be written" if folder.exists() else "will be made"
    return Finding(what, f"{folder} {state}, {free / 1e9:.0f} GB free", good=free > LEAST_FREE_BYTES)


def _video() -> Iterator[Finding]:
    from gait.video import jail

    if "av" in sys.modules:
        from gait.video.features import features

        built = features()
        lacks = f", lacks {', '.join(built.missing)}" if built.missing else ", all codecs here"
        yield Finding("FFmpeg", f"{built.version} in PyAV {built.pyav}{lacks}", good=not built.missing)
    yield Finding("decoding", str(jail.status()))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
