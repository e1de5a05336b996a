"""Nothing leaves the machine."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.pose
def test_an_analysis_tries_no_connection(light_clip: Path, model_file: Path, tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed, so connections cannot be watched")
    log = tmp_path / "calls"
    command = [sys.executable, "-m", "gait.cli", "analyze", str(light_clip), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [strace, "-f", "--seccomp-bpf", "-e", "trace=network", "-o", str(log), *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if "ptrace" in done.stderr.lower():
        pytest.skip("this machine does not allow watching a process")
    assert done.returncode == 0, done.stderr
    outside = [line for line in log.read_text().splitlines() if re.search(r"AF_INET6?\b", line)]
    assert outside == []


def test_the_app_listens_on_this_machine_only_and_sends_no_statistics() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["server"]["address"] == "127.0.0.1"
    assert config["browser"]["gatherUsageStats"] is False


def test_mediapipe_stays_at_the_release_that_sends_no_statistics() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "mediapipe==0.10.33" in project["dependencies"]
    assert "mediapipe==0.10.33" in (ROOT / "constraints.txt").read_text()
