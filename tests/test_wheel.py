"""The package as people install it: a wheel, started from any folder."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOT_SHIPPED = {".pyc"}
CARRIED = {"gait/pyproject.toml", "gait/pose/manifest.toml", "gait/ui/config.toml"}
"""What lies elsewhere in the checkout."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder)]
    done = subprocess.run(
        [*command, str(ROOT)], capture_output=True, text=True, check=False, timeout=300, cwd=folder
    )
    if "No matching distribution found for hatchling" in done.stderr:
        pytest.skip("the build backend could not be fetched from PyPI")
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("gait-*.whl")
    return zipfile.ZipFile(path)


@pytest.mark.network
def test_the_wheel_carries_every_file_of_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    own = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "gait").rglob("*")
        if path.is_file() and path.suffix not in NOT_SHIPPED
    }
    assert packed == own | CARRIED


@pytest.mark.network
def test_the_wheel_is_small_enough_to_hold_no_model_and_no_film(wheel: zipfile.ZipFile) -> None:
    assert sum(each.file_size for each in wheel.infolist()) < 3_000_000


@pytest.mark.network
def test_the_installed_app_stays_on_this_machine_like_the_checkouts(wheel: zipfile.ZipFile) -> None:
    config = tomllib.loads(wheel.read("gait/ui/config.toml").decode())
    assert config["server"]["address"] == "127.0.0.1"
    assert config["browser"]["gatherUsageStats"] is False
    components = tomllib.loads(wheel.read("gait/pyproject.toml").decode())["tool"]["streamlit"]["component"]
    for component in components["components"]:
        assert any(name.startswith(f"gait/{component['asset_dir']}/") for name in wheel.namelist())


@pytest.mark.network
def test_the_command_is_called_gait(wheel: zipfile.ZipFile) -> None:
    (entries,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "gait = gait.cli:main" in wheel.read(entries).decode()
