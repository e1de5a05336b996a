"""Two days beside each other, as a runner would look at them."""

from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gait.analysis import ClipAnalysis, Progress
from gait.errors import StoreFailed
from gait.store import assessments
from gait.store.database import Store
from gait.store.domain import LOCAL, Actor, Assessment
from gait.ui import compare
from gait.ui.jobs import JOBS, Job
from gait.video.reader import open_clip
from tests.months.test_months import month
from tests.truth import exact_clip, truth
from tests.ui.pages import BETTER, kept_with, months_of_ada, opened, own_store, said

__all__ = ["own_store"]


def test_the_last_two_days_are_there_at_once_and_the_first_sentence_says_what_the_cue_did(
    own_store: Store,
) -> None:
    kept_with(own_store, "Ada", month(0), month(1, **BETTER))
    app = opened("compare")
    assert not app.exception
    first = app.get("html")[0].proto.body
    assert "Land under you" in first
    assert "Cadence is 8 steps/min higher, as the cue asks" in first
    assert [box.value for box in app.selectbox][1:] != [None, None]


def test_a_runner_with_one_day_is_told_to_film_again(own_store: Store) -> None:
    kept_with(own_store, "Ada", month(0))
    app = opened("compare")
    assert not app.exception
    assert "Two days are needed" in app.info[0].value
    assert len(app.selectbox) == 1


def test_days_of_two_methods_say_why_nothing_can_be_said(own_store: Store) -> None:
    other = month(1, **BETTER)
    other = replace(other, provenance=replace(other.provenance, method="1"))
    kept_with(own_store, "Ada", month(0), other)
    app = opened("compare")
    assert "cannot be compared" in app.get("html")[0].proto.body
    assert "What changed" not in said(app)


def test_what_could_not_be_seen_stands_apart_from_what_changed(own_store: Store) -> None:
    kept_with(own_store, "Ada", month(0), month(1, **BETTER))
    app = opened("compare")
    lists = [each.value for each in app.markdown if each.value.startswith("- ")]
    assert "higher" in lists[0] and "would be missed" not in lists[0]
    assert all("would be missed" in line for line in lists[1].splitlines())


def test_the_same_day_twice_is_no_comparison(own_store: Store) -> None:
    runner = months_of_ada(own_store)
    app = opened("compare")
    later = app.selectbox(key=f"after_{runner.id}")
    app.selectbox(key=f"before_{runner.id}").set_value(later.value).run()
    assert not app.exception
    assert "one day twice" in app.info[0].value


def test_a_link_opens_just_those_days_of_that_runner(own_store: Store) -> None:
    runner = months_of_ada(own_store)
    kept_with(own_store, "Aaron", month(5), month(6))
    newest, _, oldest = assessments.timeline(own_store, LOCAL, runner.id)
    app = opened("compare", before=oldest.id, after=newest.id)
    assert app.selectbox(key=f"before_{runner.id}").value == oldest.id
    assert app.selectbox(key=f"after_{runner.id}").value == newest.id


def test_where_the_clips_are_gone_the_page_says_so_and_compares_the_numbers(own_store: Store) -> None:
    months_of_ada(own_store)
    app = opened("compare")
    assert "was not kept here" in said(app)
    assert not any(button.key == "films" for button in app.button)
    assert len(app.table) == 1


def with_films(store: Store, monkeypatch: pytest.MonkeyPatch) -> tuple[AppTest, list[int]]:
    """Two days whose clips are kept, and how many films the player was given."""
    records, clips = [], {}
    for number, name in enumerate(("runner_a_side_120", "runner_a_side_120_two_months_later")):
        filmed, record = open_clip(truth(name).clip), month(number)
        of_clip = tuple(replace(each, file=f"{name}.mp4", sha256=filmed.sha256) for each in record.clips)
        records.append(replace(record, clips=of_clip))
        clips[filmed.sha256] = replace(exact_clip(name), clip=filmed)
    kept_with(store, "Ada", *records, clip=True)

    def again(store: Store, actor: Actor, day: Assessment, progress: Progress) -> list[ClipAnalysis]:
        return [clips[each.sha256] for each in day.clips]

    monkeypatch.setattr(compare, "again", again)
    mounted: list[int] = []
    monkeypatch.setattr(compare, "player", lambda reels, key: mounted.append(len(reels)))
    return opened("compare"), mounted


def job_of(app: AppTest) -> Job[Any]:
    job = JOBS.find(app.session_state[compare.HELD][1], LOCAL.id)
    assert job is not None
    return job


def test_a_click_reads_both_films_again_and_shows_landings_and_the_locked_player(
    own_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, mounted = with_films(own_store, monkeypatch)
    app.button(key="films").click().run()
    assert not app.exception
    assert job_of(app).ended.wait(300)
    app.run()
    assert not app.exception
    assert [each.value for each in (*app.error, *app.warning)] == []
    assert mounted == [2]
    assert "A typical landing of each" in said(app)


def test_a_clip_that_cannot_be_read_any_more_says_so_and_can_be_tried_again(
    own_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _ = with_films(own_store, monkeypatch)

    def damaged(*asked: object) -> None:
        raise StoreFailed("The clip me.mp4 is damaged: film again.")

    monkeypatch.setattr(compare, "again", damaged)
    app.button(key="films").click().run()
    assert job_of(app).ended.wait(300)
    app.run()
    assert not app.exception
    assert "is damaged" in app.warning[0].value
    app.button(key="retry").click().run()
    assert any(button.key == "films" for button in app.button)


def test_films_that_are_being_read_can_be_stopped_and_asked_for_again(
    own_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _ = with_films(own_store, monkeypatch)
    go_on = Event()
    monkeypatch.setattr(compare, "again", lambda *asked: go_on.wait(300) and [])
    app.button(key="films").click().run()
    job = job_of(app)
    app.button(key="stop_films").click().run()
    assert not app.exception
    assert app.warning[0].value.startswith("Stopped")
    go_on.set()
    assert job.ended.wait(300)
    assert job.failure == "Stopped."
    app.button(key="retry").click().run()
    assert any(button.key == "films" for button in app.button)
