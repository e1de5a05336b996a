"""The first page, driven as its user would."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

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
