"""The command as its user meets it: exit status, standard output, one sentence on standard error."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gait.video.writer import write_video
from tests.conftest import light_pictures

COMMAND = [sys.executable, "-m", "gait.cli"]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300
    )


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of standard error, after the progress."""
    return done.stderr.strip().splitlines()[-1]


def film(path: Path, frames: int) -> Path:
    write_video(path, [np.full((240, 320, 3), 90, np.uint8)] * frames, fps=30)
    return path


def test_a_file_that_is_not_there_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    done = run("analyze", tmp_path / "absent.mp4")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip().splitlines() == [complaint(done)]
    assert "absent.mp4" in complaint(done)


def test_a_file_that_is_no_video_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    (tmp_path / "notes.mov").write_text("no video")
    done = run("analyze", tmp_path / "notes.mov")
    assert done.returncode == 2
    assert "cannot be read as a video" in complaint(done)


@pytest.mark.parametrize(
    ("flag", "value"), [("--height-cm", "18"), ("--speed-kmh", "300"), ("--capture-fps", "0")]
)
def test_a_value_that_makes_no_sense_is_one_sentence_and_status_2(
    tmp_path: Path, flag: str, value: str
) -> None:
    done = run("analyze", film(tmp_path / "clip.mp4", 3), flag, value)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--height-cm", "tall"), "--height-cm 180"),
        (("--speed-kmh", "10,8", "--capture-fps", "other.mov=240"), "neither a clip given"),
        (("--person", "first"), "from the left"),
        (("--near", "top"), "left or right"),
        (("--rear-capture-fps", "60"), "no second clip"),
        (("--filmed-on", "yesterday"), "not a date"),
        (("--filmed-on", "2999-01-01"), "not come yet"),
    ],
)
def test_an_option_that_cannot_be_read_is_one_sentence_and_status_2(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = run("analyze", film(tmp_path / "clip.mp4", 3), *arguments)
    assert done.returncode == 2
    assert words in complaint(done)


def test_the_same_clip_twice_and_seven_clips_are_one_sentence(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", 3)
    assert "twice" in complaint(run("analyze", clip, clip))
    many = [film(tmp_path / f"{number}.mp4", 3) for number in range(7)]
    assert "one to 6 clips" in complaint(run("analyze", *many))


@pytest.mark.pose
def test_a_film_with_nobody_in_it_is_refused(tmp_path: Path, model_file: Path) -> None:
    done = run("analyze", film(tmp_path / "empty.mp4", 40))
    assert done.returncode == 2
    assert "No runner was found" in complaint(done)


@pytest.mark.pose
def test_a_clip_with_few_steps_gives_estimates_and_no_cue_beside_one_that_is_broken(
    tmp_path: Path, model_file: Path
) -> None:
    write_video(tmp_path / "short.mp4", light_pictures(seconds=2.0), fps=60)
    (tmp_path / "broken.mov").write_text("no video")
    done = run("analyze", tmp_path / "broken.mov", tmp_path / "short.mp4", "--height-cm", "180", "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["refused"][0]["clip"] == "broken.mov"
    assert [clip["file"] for clip in record["clips"]] == ["short.mp4"]
    overstride = next(m for m in record["measurements"] if m["name"] == "overstride_pct_leg")
    assert 1 <= overstride["n"] < 7
    assert record["advice"]["cue"] is None
    assert record["findings"] == []


@pytest.mark.pose
def test_a_runner_without_feet_is_refused_and_still_shown(tmp_path: Path, model_file: Path) -> None:
    clip, out = tmp_path / "cut.mp4", tmp_path / "out"
    pictures = (picture[: int(0.72 * len(picture)) // 2 * 2] for picture in light_pictures(seconds=2.0))
    write_video(clip, pictures, fps=60)
    done = run("analyze", clip, "--out", out)
    assert done.returncode == 2
    assert "out of the picture" in complaint(done)
    assert "the trunk leans forward by" in done.stderr
    assert [path.name for path in out.iterdir() if not path.name.startswith(".")] == ["seen_1.jpg"]


def test_slow_motion_that_does_not_say_so_is_proven_and_the_proof_is_shown(
    tmp_path: Path, model_file: Path
) -> None:
    write_video(tmp_path / "slow.mp4", light_pictures(), fps=15)
    done = run("analyze", tmp_path / "slow.mp4")
    assert done.returncode == 0, done.stderr
    assert "slowed 4 times" in done.stdout
    assert "as nobody runs" in " ".join(done.stdout.split())


@pytest.mark.pose
def test_a_rate_that_no_camera_has_is_asked_about_not_guessed(tmp_path: Path, model_file: Path) -> None:
    forty_a_second = (picture for k, picture in enumerate(light_pictures(every=1)) if k % 3 == 0)
    write_video(tmp_path / "odd.mp4", forty_a_second, fps=15)
    done = run("analyze", tmp_path / "odd.mp4", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "cannot be told for sure" in complaint(done)
    assert "--capture-fps" in complaint(done)
    assert (tmp_path / "out" / "annotated.mp4").is_file()
    assert list((tmp_path / "out").glob("touchdown_*.jpg"))
    record = json.loads((tmp_path / "out" / "analysis.json").read_text())
    assert record["advice"]["cue"] is None
    assert record["advice"]["field"] == "capture_fps"
    known = {m["name"] for m in record["measurements"] if m["value"] is not None}
    assert {"overstride_pct_leg", "shank_deg"} <= known
    assert not {"cadence_spm", "contact_time_ms", "speed_kmh"} & known


def test_a_place_that_cannot_be_written_is_found_before_the_work_starts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run("analyze", film(tmp_path / "clip.mp4", 3), "--out", tmp_path / "file")
    assert done.returncode == 1
    assert "another folder" in complaint(done)
    assert (tmp_path / "file").read_text() == "in the way"


@pytest.mark.pose
def test_json_is_the_record_and_nothing_else_on_standard_output(light_clip: Path, model_file: Path) -> None:
    done = run("analyze", light_clip, "--speed-kmh", "10.8", "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["clips"][0]["time_base"]["capture_fps"] == pytest.approx(60, abs=0.1)
    cadence = next(m for m in record["measurements"] if m["name"] == "cadence_spm")
    assert cadence["value"] == pytest.approx(156, rel=0.02)
    assert "W0000" not in done.stderr, "native noise reaches the user"


def test_models_shows_what_is_there(model_file: Path) -> None:
    done = run("models")
    assert done.returncode == 0
    assert "here and verified" in done.stdout
    assert "Apache-2.0" in done.stdout
