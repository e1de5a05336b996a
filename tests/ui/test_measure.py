"""The first page, driven as its user would."""

import hashlib
import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gait import plain
from gait.analysis import ClipAnalysis, Progress, Refused, Request
from gait.analysis.glimpse import glimpse, passing_glimpse
from gait.errors import NoRunner, UnknownCaptureRate, WhichRunner
from gait.pose.people import Sighting
from gait.pose.posetrack import Person
from gait.pose.sighted import Sighted
from gait.store import assessments, runners
from gait.store.database import Store
from gait.store.domain import LOCAL, Day
from gait.ui import jobs
from tests.truth import exact_clip, truth
from tests.ui.pages import own_store, said
from tests.watch.fits import watch_file

__all__ = ["own_store"]

APP = Path(__file__).parents[2] / "app.py"
CUE = "Quicker, quieter steps"
LONGEST_READING_S = 300.0

pytestmark = pytest.mark.usefixtures("own_store")


def opened() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=300).run()


def with_clip(content: bytes = b"a clip", name: str = "me.mp4") -> AppTest:
    app = opened()
    app.file_uploader(key="clips").upload(name, content, "video/mp4").run()
    return app


def wait(app: AppTest) -> AppTest:
    """Look again until the clips are read."""
    until_s = time.monotonic() + LONGEST_READING_S
    while "Reading your clips" in {header.value for header in app.header} and time.monotonic() < until_s:
        time.sleep(0.1)
        app.run()
    return app


def read(app: AppTest, speed_kmh: float | None = None) -> AppTest:
    """Click, and wait for the result."""
    if speed_kmh is not None:
        app.number_input(key="before_speed").set_value(speed_kmh).run()
    return wait(app.button(key="analyse").click().run())


def test_the_page_opens_and_waits_for_a_clip() -> None:
    app = opened()
    assert not app.exception
    assert app.button(key="analyse").disabled


def test_a_file_that_is_no_video_is_explained_not_a_stack_trace() -> None:
    app = read(with_clip(b"no video at all", "notes.mp4"))
    assert not app.exception
    assert "cannot be read as a video" in app.error[0].value


def reads(monkeypatch: pytest.MonkeyPatch, name: str = "runner_a_side_120", created: str = "") -> None:
    """Take every upload for a bundled clip's exact track."""
    file = truth(name).clip
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    clip = exact_clip(name)
    clip = replace(clip, clip=replace(clip.clip, path=file, sha256=digest, created=created))

    def read_clips(request: Request, progress: Progress) -> tuple[ClipAnalysis, ...]:
        return (clip,)

    monkeypatch.setattr(jobs, "read_clips", read_clips)
    for drawn in ("landing_picture", "_player"):
        monkeypatch.setattr(f"gait.ui.result.{drawn}", lambda job, analysis: None)


def test_a_watch_that_is_given_under_more_goes_into_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Request] = []

    def read_clips(request: Request, progress: Progress) -> tuple[ClipAnalysis, ...]:
        heard.append(request)
        return (exact_clip("runner_a_side_120"),)

    reads(monkeypatch)
    monkeypatch.setattr(jobs, "read_clips", read_clips)
    app = with_clip()
    app.file_uploader(key="before_watch").upload("ride.fit", b"no run").run()
    assert "neither a watch" in app.error[0].value
    run = watch_file(datetime.now(UTC), [80.0] * 60)
    app.file_uploader(key="before_watch").clear().upload("run.fit", run).run()
    app = read(app)
    assert not app.exception
    assert [run.mean_spm for run in heard[0].watch] == [160.0]


def test_another_clip_takes_the_old_cue_away(monkeypatch: pytest.MonkeyPatch) -> None:
    reads(monkeypatch)
    app = read(with_clip(), 10.8)
    assert not app.exception
    assert CUE in said(app)
    app.button(key="anew").click().run()
    app.file_uploader(key="clips").upload("other.mp4", b"another clip", "video/mp4").run()
    assert CUE not in said(app), "the old cue would stand under the new clip's name"


def test_a_day_that_a_coach_corrected_stays_until_it_is_replaced_on_purpose(
    monkeypatch: pytest.MonkeyPatch, own_store: Store
) -> None:
    reads(monkeypatch)
    read(with_clip(), 10.8)
    (runner,) = runners.search(own_store, LOCAL)
    (day,) = assessments.timeline(own_store, LOCAL, runner.id)
    record = json.loads(assessments.record(own_store, LOCAL, day.id))
    record["clips"][0]["contacts"][0]["source"] = "edited"
    assessments.save_record(own_store, LOCAL, day.id, json.dumps(record))

    app = read(with_clip(), 11.0)
    assert "corrected by hand since" in said(app)
    assert assessments.get(own_store, LOCAL, day.id).source == "edited"
    app.button(key="replace_corrected").click().run()
    assert not app.exception
    assert "corrected by hand since" not in said(app)
    assert assessments.get(own_store, LOCAL, day.id).source == "detected"


def test_what_was_said_before_the_reading_is_kept_with_the_day_the_phone_wrote(
    own_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads(monkeypatch, created="2026-08-03T18:20:00+02:00")
    app = with_clip()
    app.text_input(key="before_shoes").set_value("blue").run()
    app.number_input(key="before_incline").set_value(1.0).run()
    app = read(app, 10.8)
    assert not app.exception
    (runner,) = runners.search(own_store, LOCAL)
    (kept,) = assessments.timeline(own_store, LOCAL, runner.id)
    assert kept.day == Day(date(2026, 8, 3), 10.8, shoes="blue", incline_pct=1.0)


def test_where_no_waistband_was_seen_the_runner_is_asked_and_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads(monkeypatch, "runner_a_rear_60")
    app = read(with_clip(), 10.8)
    (asked,) = (each for each in app.radio if "waistband visible" in each.label)
    assert "film again from behind" not in said(app)
    asked.set_value("No").run()
    assert "film again from behind" in said(app)
    assert not app.get("page_link")
    app.radio(key=asked.key).set_value("Yes, it is visible").run()
    assert not app.exception
    assert "film again from behind" not in said(app)
    (link,) = app.get("page_link")
    assert "assessment=" in link.proto.query_string


def test_a_side_clip_asks_nothing_of_the_waistband(monkeypatch: pytest.MonkeyPatch) -> None:
    reads(monkeypatch)
    assert not [each for each in read(with_clip(), 10.8).radio if "waistband" in each.label]


def test_pain_that_is_ticked_after_the_result_takes_cue_and_drill_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads(monkeypatch)
    app = read(with_clip(), 10.8)
    assert "Set a metronome" in said(app)
    (pain,) = (box for box in app.checkbox if "hurts" in box.label)
    pain.check().run()
    assert not app.exception
    assert CUE not in said(app)
    assert "clinician" in said(app)
    assert "Set a metronome" not in said(app)


@pytest.mark.pose
def test_an_uploaded_clip_gives_the_cue_and_the_landing(light_clip: Path, model_file: Path) -> None:
    app = read(with_clip(light_clip.read_bytes()), 10.8)
    assert not app.exception
    assert not app.error
    assert CUE in said(app)
    assert app.get("image") or app.get("imgs"), "the picture beside the cue"
    assert "--" not in " ".join(element.value for element in app.markdown)


def asks(monkeypatch: pytest.MonkeyPatch, question: Exception) -> list[tuple[float | None, int | None]]:
    asked: list[tuple[float | None, int | None]] = []

    def read_clips(request: Request, progress: Progress) -> tuple[Refused, ...]:
        (clip,) = request.clips
        asked.append((clip.capture_fps, clip.person))
        answered = clip.capture_fps or clip.person
        error = NoRunner("Nobody here.") if answered else question
        return (Refused(clip.path.name, clip.path.name, error),)

    monkeypatch.setattr(jobs, "read_clips", read_clips)
    return asked


def test_a_clip_that_could_have_been_filmed_at_two_rates_is_asked_about_and_a_click_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = asks(monkeypatch, UnknownCaptureRate("Filmed at 60 or 75?", (60.0, 75.0)))
    app = read(with_clip())
    assert app.warning[0].value == plain.markdown("Filmed at 60 or 75?")
    assert not app.error
    wait(app.button(key="me.mp4: 75 frames a second").click().run())
    assert asked == [(None, None), (75.0, None)]
    assert not app.warning
    assert app.error[0].value.endswith(plain.markdown("Nobody here."))


@pytest.mark.parametrize(
    ("slowed", "question"), [(1.0, "seems to play in real time"), (4.0, "Is that your camera")]
)
def test_a_rate_that_only_the_run_tells_is_made_sure_by_a_click(
    monkeypatch: pytest.MonkeyPatch, slowed: float, question: str
) -> None:
    asked: list[float | None] = []
    clip = exact_clip("runner_a_side_120")

    def read_clips(request: Request, progress: Progress) -> tuple[ClipAnalysis, ...]:
        (given,) = request.clips
        asked.append(given.capture_fps)
        left_open = 0.0 if given.capture_fps else 0.05
        film = replace(clip.clip, path=given.path)
        base = replace(clip.base, factor_sd=left_open, slow_motion_factor=slowed)
        return (replace(clip, clip=film, base=base),)

    reads(monkeypatch)
    monkeypatch.setattr(jobs, "read_clips", read_clips)
    app = read(with_clip(), 10.8)
    assert question in said(app)
    assert plain.markdown("times, cadence and speed can be off by 10 %") in said(app)
    (sure,) = (button for button in app.button if button.label == "Yes, 120")
    app = wait(sure.click().run())
    assert not app.exception
    assert asked == [None, 120.0]
    assert "can be off by" not in said(app)
    assert CUE in said(app)


def test_while_a_rate_is_asked_the_page_shows_what_does_not_hang_on_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read_clips(request: Request, progress: Progress) -> tuple[Refused, ...]:
        question = UnknownCaptureRate("Filmed at 60 or 75?", (60.0, 75.0))
        return (Refused("me.mp4", "me.mp4", question, exact_clip("runner_a_side_120")),)

    monkeypatch.setattr(jobs, "read_clips", read_clips)
    monkeypatch.setattr("gait.ui.measure.landing_picture", lambda job, analysis: None)
    app = read(with_clip())
    assert not app.exception
    shown = app.table[0].value["What"].to_list()
    assert "Overstride, left" in shown
    assert not [name for name in shown if name.startswith(("Cadence", "Ground contact", "Speed"))]
    assert CUE not in said(app)


@pytest.mark.parametrize("followed", [True, False])
def test_where_nothing_can_be_measured_the_page_shows_who_was_seen(
    monkeypatch: pytest.MonkeyPatch, followed: bool
) -> None:
    clip = exact_clip("runner_a_side_120")
    film = replace(clip.clip, path=truth("runner_a_side_120").clip)
    people = [Person(clip.track.xy_px[0], clip.track.visibility[0])]
    passing = passing_glimpse(Sighted(film, (Sighting(0, people),), 24, 5, 0.8))
    seen = glimpse(film, clip.track, clip.motion.viewpoint) if followed else passing
    error = NoRunner("Feet out of the picture.")
    monkeypatch.setattr(
        jobs, "read_clips", lambda request, progress: (Refused("me.mp4", "me.mp4", error, None, seen),)
    )
    app = read(with_clip())
    assert not app.exception
    assert app.error[0].value.endswith(plain.markdown("Feet out of the picture."))
    shown = (*app.get("imgs"), *app.get("image"))
    assert len(shown) == (3 if followed else 1)
    assert all(each.proto.imgs[0].url for each in shown)
    assert ("the trunk leans forward by" if followed else "in 5 of 24 pictures") in app.caption[-1].value
    assert not app.table, "no numbers"
    assert CUE not in said(app)


def test_where_two_run_the_page_shows_both_and_a_click_names_one(
    light_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asks(monkeypatch, WhichRunner((1, 2), 3, ((20, 40, 120, 500), (150, 60, 300, 520))))
    app = read(with_clip(light_clip.read_bytes()))
    assert not app.exception
    assert app.warning[0].value.startswith("Several people run in")
    wait(app.button(key="me.mp4: Person 2").click().run())
    assert asked == [(None, None), (None, 2)]
    assert app.error[0].value.endswith(plain.markdown("Nobody here."))
    app.button(key="anew").click().run()
    assert not app.error, "another clip starts anew"
