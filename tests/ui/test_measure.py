"""The first page, driven as its user would."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gait.analysis import Analysis, Progress, Request
from gait.errors import NoRunner, UnknownCaptureRate, WhichRunner
from gait.ui import measure

APP = Path(__file__).parents[2] / "app.py"


def opened() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=300).run()


def test_the_page_opens_and_waits_for_a_clip() -> None:
    app = opened()
    assert not app.exception
    assert app.title[0].value == "One clip in, one cue out"
    assert app.button(key="analyse").disabled


def test_a_file_that_is_no_video_is_explained_not_a_stack_trace() -> None:
    app = opened()
    app.file_uploader(key="side").upload("notes.mp4", b"no video at all", "video/mp4").run()
    app.button(key="analyse").click().run()
    assert not app.exception
    assert "cannot be read as a video" in app.error[0].value


@pytest.mark.pose
def test_an_uploaded_clip_gives_the_cue_the_pictures_and_the_downloads(
    light_clip: Path, model_file: Path
) -> None:
    app = opened()
    app.file_uploader(key="side").upload("me.mp4", light_clip.read_bytes(), "video/mp4").run()
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


def test_a_clip_that_could_have_been_filmed_at_two_rates_is_asked_about_and_a_click_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[float | None] = []

    def ambiguous(request: Request, progress: Progress) -> Analysis:
        asked.append(request.capture_fps)
        if request.capture_fps is None:
            raise UnknownCaptureRate("Filmed at 60 or 75? (--capture-fps)", (60.0, 75.0))
        raise NoRunner("Nobody here.")

    monkeypatch.setattr(measure, "analyze", ambiguous)
    app = opened()
    app.file_uploader(key="side").upload("me.mp4", b"a clip", "video/mp4").run()
    app.button(key="analyse").click().run()
    assert app.warning[0].value == "Filmed at 60 or 75?"
    assert not app.error
    app.button(key="capture_75").click().run()
    assert asked == [None, 75.0]
    assert not app.warning
    assert app.error[0].value == "Nobody here."
    assert app.selectbox(key="capture").value == "75"


def test_where_two_run_the_page_shows_both_and_a_click_names_one(
    light_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int | None] = []

    def ambiguous(request: Request, progress: Progress) -> Analysis:
        asked.append(request.person)
        if request.person is None:
            raise WhichRunner((1, 2), 3, ((20, 40, 120, 500), (150, 60, 300, 520)))
        raise NoRunner("Nobody here.")

    monkeypatch.setattr(measure, "analyze", ambiguous)
    app = opened()
    app.file_uploader(key="side").upload("me.mp4", light_clip.read_bytes(), "video/mp4").run()
    app.button(key="analyse").click().run()
    assert not app.exception
    assert app.warning[0].value.startswith("2 people run in this clip")
    assert "--" not in app.warning[0].value
    assert len(app.get("image")) == 1
    app.button(key="person_2").click().run()
    assert asked == [None, 2]
    assert not app.warning
    assert app.error[0].value == "Nobody here."
    app.file_uploader(key="side").upload("other.mp4", light_clip.read_bytes(), "video/mp4").run()
    app.button(key="analyse").click().run()
    assert asked == [None, 2, None], "another clip asks anew"
