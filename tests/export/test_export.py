import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gait.analysis import Analysis
from gait.errors import OutputFailed
from gait.export import folder, overlay, pictures
from gait.export.report import report_html
from gait.export.tables import as_text
from gait.metrics.catalogue import KNEE_AT_TOUCHDOWN
from gait.motion.curves import joint_curves
from gait.record import record_of
from gait.video.reader import open_clip

pytestmark = pytest.mark.pose
NAME = "runner_a_side_120"
Analysed = Callable[[str], Analysis]


@pytest.fixture
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the drawing where the pictures do not matter."""
    monkeypatch.setattr(folder, "draw", lambda analysis, directory, progress: None)
    monkeypatch.setattr(folder, "report_html", lambda analysis, directory: "<html>")


@pytest.fixture(scope="module")
def written(analysed: Analysed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("export") / "result"
    folder.write(analysed(NAME), directory)
    return directory


def test_the_folder_holds_report_record_video_and_a_picture_of_each_landing(
    analysed: Analysed, written: Path
) -> None:
    names = {path.name for path in written.iterdir()}
    side, rear = pictures.shown(analysed(NAME))
    assert {
        "analysis.json",
        "annotated.mp4",
        "annotated_rear.mp4",
        "report.html",
        *(each.picture(landing) for each in (side, rear) for landing in each.landings),
    } <= names
    assert len(rear.landings) >= 14, "both feet from behind"
    video = open_clip(written / "annotated.mp4")
    assert video.stored_fps == pytest.approx(30)
    first, last = analysed(NAME).main.track.frame[[0, -1]]
    assert len(video.pts_s) == last + 1 - first + len(side.landings) * (pictures.HOLD_FRAMES - 1)


def test_the_report_asks_nothing_of_the_network_and_puts_the_cue_first(written: Path) -> None:
    html = (written / "report.html").read_text()
    outside = re.findall(r"""(?:src|href|url\()\s*=?\s*["']?((?:https?:)?//[^"')\s]+)""", html)
    assert outside == []
    assert html.index("Quicker, quieter steps") < html.index("What was measured")
    assert "nan" not in re.sub(r"data:image[^\"]+", "", html).lower().split()


def test_a_file_name_cannot_put_code_into_the_report(analysed: Analysed, written: Path) -> None:
    analysis = analysed(NAME)
    evil = replace(analysis.main.clip, path=Path("<script>alert(1).mp4"))
    html = report_html(replace(analysis, clips=(replace(analysis.main, clip=evil),)), written)
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


@pytest.mark.usefixtures("no_drawing")
def test_writing_again_replaces_what_was_there(
    analysed: Analysed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = tmp_path / "out" / "touchdown_99_left.jpg"
    with monkeypatch.context() as earlier:
        earlier.setattr(
            folder, "draw", lambda analysis, new, progress: (new / stale.name).write_bytes(b"old")
        )
        folder.write(analysed(NAME), stale.parent)
    assert stale.exists()
    mine = stale.parent / "my notes.txt"
    mine.write_text("keep me")
    folder.write(analysed(NAME), stale.parent)
    assert not stale.exists()
    assert mine.read_text() == "keep me"


@pytest.mark.usefixtures("no_drawing")
def test_an_interrupted_run_leaves_nothing_half_written(
    analysed: Analysed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(folder, "report_html", interrupted)
    with pytest.raises(KeyboardInterrupt):
        folder.write(analysed(NAME), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_drawing")
def test_a_place_that_cannot_be_written_is_one_sentence(analysed: Analysed, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for target in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(OutputFailed, match="another folder"):
            folder.write(analysed(NAME), target)


def test_a_picture_shows_the_frame_of_the_landing(analysed: Analysed) -> None:
    analysis = analysed(NAME)
    for contact in analysis.main.near_contacts():
        shown = pictures.first_frame_of_contact(analysis.main, contact.touchdown_s)
        assert -0.26 / 120 <= shown / 120 - contact.touchdown_s < 1 / 120


def test_the_landing_that_is_shown_first_is_a_typical_one(analysed: Analysed) -> None:
    analysis = analysed(NAME)
    shown = overlay.typical(overlay.landings(analysis.main, analysis.scale))
    assert shown is not None
    median = analysis.measurement("overstride_pct_leg").value
    assert shown.overstride_pct == pytest.approx(median, abs=0.5)


def test_the_stride_curves_start_at_touchdown_with_the_measured_knee(analysed: Analysed) -> None:
    analysis = analysed(NAME)
    clip = analysis.main
    (knee,) = (c for c in joint_curves(clip.motion, clip.contacts, clip.stride_s) if c.name == "knee")
    at_touchdown = analysis.measurement("knee_flexion_touchdown_deg").value + KNEE_AT_TOUCHDOWN.reads_high
    assert knee.middle_deg[0] == pytest.approx(at_touchdown, abs=1.0)


def test_the_table_shows_numbers_reasons_and_the_cue(analysed: Analysed) -> None:
    text = as_text(record_of(analysed(NAME)))
    for words in ("Overstride, left", "Not shown:", "Hip drop", "ONE CUE", "Film again"):
        assert words in text
    assert "nan" not in text


def test_every_measurement_in_the_record_is_in_the_table_or_among_the_reasons(analysed: Analysed) -> None:
    record = record_of(analysed(NAME))
    text = " ".join(as_text(record).split())
    for m in record.measurements:
        if m.why_missing:
            assert m.why_missing.text[:40] in text


def test_the_report_carries_its_pictures_and_videos_in_itself(written: Path) -> None:
    html = (written / "report.html").read_text()
    assert html.count("data:video/mp4;base64,") == 2
    assert "annotated.mp4" not in html
    assert not re.search(r'src="(?!data:)', html)
    assert "--" not in re.sub(r"<style>.*?</style>|data:[^\"]+", "", html, flags=re.S), "names an option"
