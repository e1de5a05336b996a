"""One page that can be sent with a bug report."""

import argparse
import getpass
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gait.cli import doctor
from gait.pose import cache
from gait.pose import model as models
from gait.store import opening


def test_the_page_says_what_a_bug_report_needs_and_nobodys_name(tmp_path: Path) -> None:
    home = tmp_path / "homes" / "anna.runner"
    home.mkdir(parents=True)
    environment = os.environ | {
        "HOME": str(home),
        "USER": "anna.runner",
        "LOGNAME": "anna.runner",
        opening.FOLDER_VARIABLE: str(home / "store"),
        cache.FOLDER_VARIABLE: str(tmp_path / "elsewhere" / "anna.runner" / "cache"),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    done = subprocess.run(
        [sys.executable, "-m", "gait.cli", "doctor"],
        capture_output=True, text=True, check=False, timeout=300, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for words in (
        r"Python +\d+\.\d+", r"mediapipe +0\.10\.33", r"pose model", r"landmark cache",
        r"store +~/store will be made, \d+ GB free", r"FFmpeg +\d", r"decoding +videos are decoded",
    ):  # fmt: skip
        assert re.search(words, done.stdout), words
    assert "anna" not in done.stdout
    assert str(home) not in done.stdout
    assert len(done.stdout.splitlines()) < 60, "one page"


def test_a_home_folder_is_hidden_but_no_other_that_begins_like_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/an")
    monkeypatch.setenv("USER", "an")
    monkeypatch.setattr(getpass, "getuser", lambda: "an")
    assert (
        doctor.without_person("/home/an/x and /home/ann/x and /data/an/y")
        == "~/x and /home/ann/x and /data/…/y"
    )


def test_a_folder_that_cannot_be_written_and_a_damaged_model_need_attention(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "file"))
    monkeypatch.setenv(models.FOLDER_VARIABLE, str(tmp_path))
    (model, *_) = models.read_manifest()
    (tmp_path / model.file).write_text("half of it")
    assert doctor.run(argparse.Namespace()) == 1
    marked = [line for line in capsys.readouterr().out.splitlines() if line.startswith("!")]
    assert any("landmark cache" in line and "cannot be written to" in line for line in marked)
    assert any("is not the file it should be" in line for line in marked)
