"""The settings, as a user would use them."""

from pathlib import Path

import pytest

from gait.analysis.judge import METHOD
from gait.months.room import room_of_landmarks
from gait.pose.cache import FOLDER_VARIABLE
from gait.pose.trackfile import SUFFIX
from gait.store import runners
from gait.store.database import Store
from gait.store.domain import LOCAL, Profile
from tests.ui.pages import months_of_ada, opened, own_store, said

__all__ = ["own_store"]


def test_units_are_taken_at_once_and_kept_with_the_runner(own_store: Store) -> None:
    runner = months_of_ada(own_store)
    app = opened("settings")
    assert not app.exception
    app.radio[0].set_value("imperial").run()
    assert app.session_state["units"] == "imperial"
    assert runners.get(own_store, LOCAL, runner.id).profile.units == "imperial"
    app.radio[0].set_value("metric").run()
    assert runners.get(own_store, LOCAL, runner.id).profile.units == "metric"


def test_looking_at_another_runner_does_not_change_the_units_of_either(own_store: Store) -> None:
    ada = months_of_ada(own_store)
    bob = runners.add(own_store, LOCAL, Profile("Bob", "imperial"))
    app = opened("settings")
    app.selectbox[0].set_value(bob.id).run()
    app.selectbox[0].set_value(ada.id).run()
    kept = {each.name: each.profile.units for each in runners.search(own_store, LOCAL)}
    assert kept == {"Ada": "metric", "Bob": "imperial"}


def test_it_says_where_everything_lies_and_how_large_it_is(own_store: Store) -> None:
    app = opened("settings")
    assert str(own_store.folder) in [each.value for each in app.code]
    assert any("files" in each.value and "kB" in each.value for each in app.caption)
    assert f"method {METHOD}" in said(app)


def test_kept_landmarks_are_deleted_and_nothing_else(
    own_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    for name in (f"a{SUFFIX}", f"b{SUFFIX}", "mine.txt"):
        (folder / name).write_bytes(b"x" * 100)
    assert room_of_landmarks().n_bytes == 200
    app = opened("settings")
    app.button(key="forget").click().run()
    assert not app.exception
    assert "2 clips" in app.success[0].value
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
    assert app.button(key="forget").disabled
