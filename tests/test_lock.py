"""What is installed is held to hashes, and the three files that say what is installed agree."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
AGAIN = "run make lock, and put the versions of new packages into constraints.txt"
EXTRAS = ("c3d", "netcdf", "postgres", "setup", "test")
"""What `make demo` and `make test` install; the renderer's PyTorch comes from elsewhere on some systems."""


@dataclass(frozen=True)
class Locked:
    """One package of the lock."""

    version: str
    everywhere: bool
    hashes: tuple[str, ...]


def locked() -> dict[str, Locked]:
    text = (ROOT / "requirements.lock").read_text().replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(re.split(r"\s+--hash", line)[0].strip())
            (version,) = (each.version for each in requirement.specifier)
            elsewhere = "platform" in str(requirement.marker or "")
            hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})(?!\S)", line))
            found[canonicalize_name(requirement.name)] = Locked(version, not elsewhere, hashes)
    return found


def constrained() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


def asked() -> list[Requirement]:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = data["project"]
    extras = [each for extra in EXTRAS for each in project["optional-dependencies"][extra]]
    every = [*project["dependencies"], *extras, *data["build-system"]["requires"]]
    return [each for each in map(Requirement, every) if canonicalize_name(each.name) != "gait"]


@pytest.mark.parametrize("wanted", asked(), ids=str)
def test_every_package_asked_for_is_locked_to_a_version_that_does(wanted: Requirement) -> None:
    lock = locked()
    assert canonicalize_name(wanted.name) in lock, AGAIN
    assert wanted.specifier.contains(lock[canonicalize_name(wanted.name)].version, prereleases=True), AGAIN


def test_every_file_that_may_be_installed_has_its_hash() -> None:
    assert {name for name, package in locked().items() if not package.hashes} == set()


def test_the_lock_and_the_constraints_name_the_same_versions() -> None:
    versions = constrained()
    differing = {
        name: (package.version, versions.get(name))
        for name, package in locked().items()
        if package.everywhere and versions.get(name) != package.version
    }
    assert differing == {}, AGAIN


def test_set_up_installs_from_the_lock_by_hash_and_nothing_besides() -> None:
    makefile = (ROOT / "Makefile").read_text()
    recipe = makefile.split("$(VENV)/.ready:")[1].split("\n\n")[0]
    installs = [line for line in recipe.splitlines() if "pip install" in line]
    assert "--require-hashes --requirement requirements.lock" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]
    assert len(installs) == 2
