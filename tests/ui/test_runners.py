"""The runners and their days, as whoever keeps them would use the page."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gait.store import assessments, consents, erasure, portable, runners
from gait.store.database import Store
from gait.store.domain import LOCAL, Profile
from gait.ui.runners import EXPORT
from tests.months.test_months import month
from tests.months.test_watched import table
from tests.ui.pages import kept_with, months_of_ada, opened, own_store, said

__all__ = ["own_store"]


def names(store: Store) -> list[str]:
    return [runner.name for runner in runners.search(store, LOCAL)]


def form_button(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


def test_the_days_stand_newest_first_with_numbers_cue_and_what_came_of_it(own_store: Store) -> None:
    months_of_ada(own_store)
    app = opened("runners")
    assert not app.exception
    text = said(app)
    dates = [line for line in text.splitlines() if " 2026**" in line]
    assert [line.split("**")[1] for line in dates] == ["2 October 2026", "2 September 2026", "3 August 2026"]
    assert "Overstride" in text and "Cadence" in text
    assert "It worked" in text and "A cue was given" in text
    assert "km/h" in dates[0] and "blue" in dates[0]


def test_a_day_opens_with_its_cue_its_numbers_and_the_ways_on(own_store: Store) -> None:
    runner = months_of_ada(own_store)
    newest = assessments.timeline(own_store, LOCAL, runner.id)[0]
    app = opened("runners")
    assert not app.table
    app.button(key=f"open_{newest.id}").click().run()
    assert not app.exception
    assert app.table
    links = [link.proto.query_string for link in app.get("page_link")]
    assert f"assessment={newest.id}" in links
    assert any(f"after={newest.id}" in link for link in links)
    app.button(key=f"open_{newest.id}").click().run()
    assert not app.table


def test_a_runner_is_found_by_a_part_of_the_name_without_accents(own_store: Store) -> None:
    for name in ("José", "Ada", "Joséphine"):
        runners.add(own_store, LOCAL, Profile(name))
    app = opened("runners")
    app.text_input(key="runners_part_0").set_value("jose").run()
    assert app.radio[0].options == ["José", "Joséphine"]
    app.text_input(key="runners_part_0").set_value("nobody").run()
    assert not app.exception
    assert "Nobody here" in app.info[0].value


def test_a_runner_is_added_and_shown_and_the_same_name_again_is_explained(own_store: Store) -> None:
    app = opened("runners")
    app.text_input(key="add_name").set_value("Grace *Hopper*")
    form_button(app, "Add")
    assert "Grace *Hopper*" in names(own_store)
    assert app.header[0].value == r"Grace \*Hopper\*"
    app.text_input(key="add_name").set_value("grace *hopper*")
    form_button(app, "Add")
    assert not app.exception
    assert "already" in app.error[0].value


def test_name_height_and_units_are_changed_and_kept(own_store: Store) -> None:
    runner = months_of_ada(own_store)
    app = opened("runners")
    app.text_input(key=f"name_{runner.id}").set_value("Ada L.")
    app.number_input(key=f"height_{runner.id}").set_value(171.0)
    app.radio(key=f"units_{runner.id}").set_value("imperial")
    form_button(app, "Save")
    assert not app.exception
    changed = runners.get(own_store, LOCAL, runner.id).profile
    assert (changed.name, changed.height_cm, changed.units) == ("Ada L.", 171.0, "imperial")
    assert "5 ft 7 in" in said(app) and "mph" in said(app)


def test_an_empty_name_is_refused_in_a_sentence(own_store: Store) -> None:
    runner = months_of_ada(own_store)
    app = opened("runners")
    app.text_input(key=f"name_{runner.id}").set_value("  ")
    form_button(app, "Save")
    assert not app.exception
    assert "may not be empty" in app.error[0].value
    assert names(own_store) == ["Ada"]


def test_a_runner_in_the_bin_can_be_taken_back(own_store: Store) -> None:
    runner = months_of_ada(own_store)
    app = opened("runners")
    app.button(key="delete").click().run()
    assert "Ada" not in names(own_store)
    app.button(key=f"restore_{runner.id}").click().run()
    assert not app.exception
    assert "Ada" in names(own_store)
    assert app.header[0].value == "Ada"


def test_deleting_for_good_takes_the_typed_name(own_store: Store) -> None:
    runner = months_of_ada(own_store)
    erasure.delete_runner(own_store, LOCAL, runner.id)
    app = opened("runners")
    assert app.button(key=f"erase_{runner.id}").disabled
    app.text_input(key=f"erase_name_{runner.id}").set_value("Eda").run()
    assert app.button(key=f"erase_{runner.id}").disabled
    app.text_input(key=f"erase_name_{runner.id}").set_value("Ada").run()
    app.button(key=f"erase_{runner.id}").click().run()
    assert not app.exception
    assert not erasure.in_bin(own_store, LOCAL)


def test_an_exported_runner_comes_back_whole_after_being_deleted(own_store: Store) -> None:
    runner = months_of_ada(own_store)
    app = opened("runners")
    app.button(key="export").click().run()
    assert not app.exception
    content = app.session_state[EXPORT][1]
    erasure.erase(own_store, LOCAL, runner.id)
    app = opened("runners")
    app.file_uploader(key="import_0").upload("ada.zip", content, "application/zip").run()
    app.button(key="import").click().run()
    assert not app.exception
    assert "3 days came with the file" in app.success[0].value
    assert len(assessments.timeline(own_store, LOCAL, runner.id)) == 3


def test_a_file_that_is_no_runner_is_explained(own_store: Store) -> None:
    app = opened("runners")
    app.file_uploader(key="import_0").upload("holiday.zip", b"no zip at all", "application/zip").run()
    app.button(key="import").click().run()
    assert not app.exception
    assert "not a runner exported by this program" in app.error[0].value


def test_the_same_file_again_adds_nothing_or_makes_a_second_runner_as_chosen(
    own_store: Store, tmp_path: Path
) -> None:
    runner = kept_with(own_store, "Ada", month(0))
    path = tmp_path / "ada.zip"
    portable.export_runner(own_store, LOCAL, runner.id, path)
    app = opened("runners")
    app.file_uploader(key="import_0").upload("ada.zip", path.read_bytes(), "application/zip").run()
    app.button(key="import").click().run()
    assert "no days came" in app.success[0].value
    app.radio(key="import_how").set_value("Make a second runner")
    app.file_uploader(key="import_1").upload("ada.zip", path.read_bytes(), "application/zip").run()
    app.button(key="import").click().run()
    assert not app.exception
    assert names(own_store) == ["Ada", "Ada (2)"]


@pytest.mark.parametrize("text", ["![x](http://example.com/x.png)", "<script>alert(1)</script>", ":red[x]"])
def test_what_people_write_is_shown_as_written(own_store: Store, text: str) -> None:
    runners.add(own_store, LOCAL, Profile(text, notes=text))
    app = opened("runners")
    assert not app.exception
    assert not re.search(r"(?<!\\)(\]\(http|<script|:red\[)", said(app))


def test_a_consent_is_written_down_shown_and_taken_back(own_store: Store) -> None:
    runner = runners.add(own_store, LOCAL, Profile("Ada"))
    app = opened("runners")
    app.text_area(key=f"consent_to_{runner.id}").set_value("Films, seen by *coaches*")
    app.text_input(key=f"consent_by_{runner.id}").set_value("Ada's mother")
    form_button(app, "Write down")
    assert not app.exception
    (given,) = consents.of_runner(own_store, LOCAL, runner.id)
    assert (given.agreed.purpose, given.agreed.given_by) == ("Films, seen by *coaches*", "Ada's mother")
    assert r"seen by \*coaches\*" in said(app)
    form_button(app, "Take back")
    assert "Taken back on" in said(app)
    assert consents.of_runner(own_store, LOCAL, runner.id)[0].withdrawn_on is not None


def test_who_did_what_stands_in_the_log_the_latest_first(own_store: Store) -> None:
    runner = runners.add(own_store, LOCAL, Profile("Ada"))
    runners.change(own_store, LOCAL, runner.id, Profile("Ada", notes="fast"))
    (log,) = [table.value for table in opened("runners").dataframe]
    assert list(log["What"]) == ["runner changed", "runner added"]
    assert list(log["Who"]) == [LOCAL.name] * 2


def test_a_consent_to_nothing_is_explained(own_store: Store) -> None:
    runners.add(own_store, LOCAL, Profile("Ada"))
    app = opened("runners")
    form_button(app, "Write down")
    assert "what was agreed" in app.error[0].value


def test_months_of_a_watch_are_taken_over_and_said(own_store: Store) -> None:
    runner = runners.add(own_store, LOCAL, Profile("Ada"))
    app = opened("runners")
    app.file_uploader(key=f"watch_{runner.id}").upload("Activities.csv", table(2.0)).run()
    app.button(key="watch").click().run()
    assert not app.exception
    assert "from day to day (80 runs of a watch" in said(app).replace("\\", "")
