"""A clip that was dropped does not stay in memory once it is on the disk."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from gait.ui import measure, uploads
from gait.ui.jobs import Jobs
from tests.ui.pages import own_store

__all__ = ["own_store"]

APP = Path(__file__).parents[2] / "app.py"


def test_what_is_let_go_is_no_longer_held(monkeypatch: pytest.MonkeyPatch) -> None:
    held = MemoryUploadedFileManager("/upload")
    files = [UploadedFileRec(str(k), f"{k}.mp4", "video/mp4", bytes(1000)) for k in range(3)]
    for each in files:
        held.add_file("session", each)
    context = SimpleNamespace(session_id="session", uploaded_file_mgr=held)
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda **_: context)
    held.add_file("another", files[0])
    uploads.let_go()
    assert held.get_files("session", ["0", "1", "2"]) == []
    assert held.get_files("another", ["0"]) == files[:1]


@pytest.mark.usefixtures("own_store")
def test_the_page_lets_go_of_what_it_wrote_to_the_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone: list[str] = []
    monkeypatch.setattr(measure, "JOBS", Jobs(tmp_path))
    monkeypatch.setattr(measure, "let_go", lambda: gone.append("all"))
    app = AppTest.from_file(str(APP), default_timeout=300).run()
    app.file_uploader(key="clips").upload("me.mp4", b"no film", "video/mp4").run()
    app.button(key="analyse").click().run()
    assert gone == ["all"]
    assert [path.read_bytes() for path in tmp_path.rglob("me.mp4")] == [b"no film"]
