"""The player's JavaScript: its logic with node, its files with the wheel."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "gait" / "ui" / "player" / "assets"
TESTS = sorted((Path(__file__).parent / "player_js").glob("*.test.mjs"))


def test_the_logic_of_the_player_holds() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the player's modules are not tested here")
    done = subprocess.run([node, "--test", *TESTS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "# pass 0" not in done.stdout


def test_nothing_in_the_player_asks_another_host() -> None:
    for path in ASSETS.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text and "https:" not in text and "//cdn" not in text, path.name


def test_an_installed_package_says_where_the_player_is() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (component,) = project["tool"]["streamlit"]["component"]["components"]
    assert (ROOT / "gait" / component["asset_dir"]).resolve() == ASSETS
    forced = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert forced["pyproject.toml"] == "gait/pyproject.toml"
    assert {"main.js", "player.css"} <= {path.name for path in ASSETS.iterdir()}
