"""The first page, driven as its user would."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gait.analysis import ClipAnalysis, Progress, Refused, Request
from gait.errors import NoRunner, UnknownCaptureRate, WhichRunner
from gait.ui import measure
from tests.truth import exact_clip

APP = Path(__file__).parents[2] / "app.py"


def opened() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=300).run()


def with_clip(content: bytes = b"a clip", name: str = "me.mp4") -> AppTest:
    app = opened()
    app.file_uploader(key="clips").upload(name, content, "video/mp4").run()
    return app


def test_the_page_opens_and_waits_for_a_clip() -> None:
    app = opened()
    assert not app.exception
    assert app.button(key="analyse").disabled


def test_a_file_that_is_no_video_is_explained_not_a_stack_trace() -> None:
    app = with_clip(b"no video at all", "notes.mp4")
    app.button(key="analyse").click().run()
    assert not app.exception
    assert "cannot be read as a video" in app.error[0].value


def reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every upload for runner A's exact track."""

    def read(request: Request, progress: Progress) -> tuple[ClipAnalysis, ...]:
        return (exact_clip("runner_a_side_120"),)

    monkeypatch.setattr(measure, "read_clips", read)
    monkeypatch.setattr("gait.ui.result._proof", lambda analysis: None)


def test_another_clip_takes_the_old_cue_away(monkeypatch: pytest.MonkeyPatch) -> None:
    reads(monkeypatch)
    app = with_clip()
    app.number_input(key="speed").set_value(10.8).run()
    app.button(key="analyse").click().run()
    assert not app.exception
    assert app.header[0].value.startswith("Quicker, quieter steps")
    app.file_uploader(key="clips").upload("other.mp4", b"another clip", "video/mp4").run()
    assert not app.header, "the old cue would stand under the new clip's name"


def test_pain_that_is_ticked_after_the_result_takes_cue_and_drill_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads(monkeypatch)
    app = with_clip()
    app.number_input(key="speed").set_value(10.8).run()
    app.button(key="analyse").click().run()
    app.checkbox(key="pain").check().run()
    assert not app.header
    assert "clinician" in app.info[0].value
    assert "Set a metronome" not in " ".join(element.value for element in app.markdown)


@pytest.mark.pose
def test_an_uploaded_clip_gives_the_cue_the_pictures_and_the_downloads(
    light_clip: Path, model_file: Path
) -> None:
    app = with_clip(light_clip.read_bytes())
    app.number_input(key="speed").set_value(10.8).run()
    app.button(key="analyse").click().run()
    assert not app.exception
    assert not app.error
    assert app.header[0].value.startswith("Quicker, quieter steps")
    slider = app.select_slider(key="landing")
    other = next(number for number in slider.options if number != str(slider.value))
    slider.set_value(int(other)).run()
    assert not app.exception
    assert "--" not in " ".join(element.value for element in app.markdown)


def asks(monkeypatch: pytest.MonkeyPatch, question: Exception) -> list[tuple[float | None, int | None]]:
    asked: list[tuple[float | None, int | None]] = []

    def read(request: Request, progress: Progress) -> tuple[Refused, ...]:
        (clip,) = request.clips
        asked.append((clip.capture_fps, clip.person))
        answered = clip.capture_fps or clip.person
        error = NoRunner("Nobody here.") if answered else question
        return (Refused(clip.path.name, clip.path.name, error),)

    monkeypatch.setattr(measure, "read_clips", read)
    return asked


def test_a_clip_that_could_have_been_filmed_at_two_rates_is_asked_about_and_a_click_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = asks(monkeypatch, UnknownCaptureRate("Filmed at 60 or 75?", (60.0, 75.0)))
    app = with_clip()
    app.button(key="analyse").click().run()
    assert app.warning[0].value == "Filmed at 60 or 75?"
    assert not app.error
    app.button(key="me.mp4: Filmed at 75").click().run()
    assert asked == [(None, None), (75.0, None)]
    assert not app.warning
    assert app.error[0].value == "Nobody here."


def test_where_two_run_the_page_shows_both_and_a_click_names_one(
    light_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asks(monkeypatch, WhichRunner((1, 2), 3, ((20, 40, 120, 500), (150, 60, 300, 520))))
    app = with_clip(light_clip.read_bytes())
    app.button(key="analyse").click().run()
    assert not app.exception
    assert app.warning[0].value.startswith("2 people run in this clip")
    assert len(app.get("image")) == 1
    app.button(key="me.mp4: Person 2").click().run()
    assert asked == [(None, None), (None, 2)]
    app.file_uploader(key="clips").upload("other.mp4", light_clip.read_bytes(), "video/mp4").run()
    assert not app.error, "another clip starts anew"
