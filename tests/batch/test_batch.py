"""A club's clips overnight: every one exactly once, whatever is killed; what needs a person, in one go."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st

from gait import cli, plain
from gait.analysis import ClipRequest, Request, RunnerFacts
from gait.batch import orders, questions
from gait.batch.checking import Known, checked
from gait.batch.manifest import listed
from gait.batch.orders import Order, answered, key_of
from gait.batch.outcomes import Question
from gait.batch.processes import Died, Processes
from gait.batch.run import House, Result
from gait.batch.run import run as run_orders
from gait.batch.waiting import answer, waiting
from gait.cli import batch
from gait.errors import BadRequest, StoreRefused
from gait.export.overlay import as_jpeg
from gait.months.keep import days
from gait.store import assessments, runners, tasks
from gait.store.database import Store
from gait.store.domain import LOCAL, Day
from gait.store.opening import FOLDER_VARIABLE, Place, open_store
from gait.video.writer import write_video
from tests.batch import standin
from tests.ui.pages import opened, said

ROOT = Path(__file__).parents[2]
STANDIN = "tests.batch.standin:work"


def film(path: Path, shade: int) -> Path:
    """A film of a few grey pictures, unlike that of any other shade."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.full((96, 96, 3), 90, np.uint8)
    picture[: 8 + shade, :16] = 200
    write_video(path, [picture] * 3, fps=30)
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model_file: Path) -> Path:
    """A club's folder, with a store of its own; the reader of clips is a stand-in."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "store"))
    monkeypatch.setattr(batch, "WORK", STANDIN)
    monkeypatch.chdir(ROOT)
    return tmp_path / "club"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    opened = open_store()
    yield opened
    opened.close()


def gait_batch(source: Path, *options: object) -> int:
    """The command, as it is typed."""
    out = ["--out", str(source.parent / "out"), "--jobs", "2"]
    parsed = cli._parser().parse_args(["batch", str(source), *out, *map(str, options)])
    return int(parsed.run(parsed))


def table(source: Path) -> list[dict[str, str]]:
    with (source.parent / "out" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def states(source: Path) -> dict[str, str]:
    return {row["clips"]: row["state"] for row in table(source)}


def kept(store: Store) -> list[str]:
    """The clips of every day that is kept, as often as they are kept."""
    every = [
        day for each in runners.search(store, LOCAL) for day in assessments.timeline(store, LOCAL, each.id)
    ]
    return sorted(clip.file for day in every for clip in day.clips)


def test_each_folder_is_a_runner_and_a_second_run_has_nothing_to_do(
    folder: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    film(folder / "Ann" / "one.mp4", 1)
    film(folder / "Ann" / "two.mp4", 2)
    film(folder / "Bob" / "three.mp4", 3)
    (folder / "Bob" / "notes.txt").write_text("no film")
    assert gait_batch(folder) == 0
    assert kept(store) == ["one.mp4", "three.mp4", "two.mp4"]
    assert [each.name for each in runners.search(store, LOCAL)] == ["Ann", "Bob"]
    assert sorted(states(folder)) == ["one.mp4; two.mp4", "three.mp4"], (
        "two clips of one day are one assessment"
    )
    capsys.readouterr()
    assert gait_batch(folder, "--json-lines") == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"event": "begin", "todo": 0} in events
    assert events[-1]["done"] == 2
    assert len(table(folder)) == 2
    assert table(folder)[0]["cadence_spm"]


def test_what_is_refused_fails_or_kills_is_a_result_and_the_others_are_done(
    folder: Path, store: Store
) -> None:
    for shade, name in enumerate(["ok", "refused", "breaks", "dies", "dies_once"]):
        film(folder / name / f"{name}.mp4", shade)
    assert gait_batch(folder) == 1
    assert states(folder) == {
        "ok.mp4": "done",
        "refused.mp4": "refused",
        "breaks.mp4": "failed",
        "dies.mp4": "poison",
        "dies_once.mp4": "done",
    }
    whys = {row["clips"]: row["why"] for row in table(folder)}
    assert "Nobody runs here" in whys["refused.mp4"]
    assert "our own fault" in whys["breaks.mp4"]
    assert "set aside" in whys["dies.mp4"]
    assert kept(store) == ["dies_once.mp4", "ok.mp4"]
    page = (folder.parent / "out" / "index.html").read_text()
    assert page.index("dies.mp4") < page.index("refused.mp4") < page.index("ok.mp4"), (
        "what needs eyes is first"
    )
    (folder / "dies" / "dies.mp4").rename(folder / "dies" / "well.mp4")
    (folder / "breaks" / "breaks.mp4").rename(folder / "breaks" / "mended.mp4")
    assert gait_batch(folder) == 1, "what failed stays failed until it is asked for"
    assert gait_batch(folder, "--failed") == 2, "one is still refused"
    assert kept(store) == ["dies_once.mp4", "mended.mp4", "ok.mp4", "well.mp4"]


def test_questions_are_collected_answered_in_the_table_and_the_batch_goes_on(
    folder: Path, store: Store
) -> None:
    film(folder / "Ann" / "asks.mp4", 1)
    film(folder / "Bob" / "who.mp4", 2)
    film(folder / "Cem" / "asks_too.mp4", 3)
    film(folder / "Cem" / "ok.mp4", 4)
    assert gait_batch(folder) == 2
    assert set(states(folder).values()) == {"asked"}
    path = folder.parent / "out" / questions.TABLE
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["likely"] for row in rows] == ["120, 240", "1, 2", "120, 240"]
    said = {"asks.mp4": "240", "who.mp4": "2", "asks_too.mp4": "skip"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(row | {"answer": said[row["clip"]]} for row in rows)
    assert gait_batch(folder) == 0
    assert kept(store) == ["asks.mp4", "ok.mp4", "who.mp4"], "a clip is left out if its owner says so"
    ann = runners.by_name(store, LOCAL, "Ann")
    (day,) = days(store, LOCAL, ann.id)
    assert day.record.clips[0].time_base.capture_fps == 240
    path.unlink()
    assert gait_batch(folder) == 0, "what was answered once is known"


def test_questions_are_answered_by_clicks_in_the_app_and_the_same_command_goes_on(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(["Ann/asks", "Bob/who", "Cem/asks_too", "Cem/ok"]):
        film(folder / f"{name}.mp4", number)
    assert gait_batch(folder) == 2
    pictures = folder.parent / "out" / "pictures"
    (who,) = (each.question for each in waiting(store, LOCAL) if each.question.field == "person")
    (pictures / who.picture_name).write_bytes(as_jpeg(np.full((40, 60, 3), 90, np.uint8)))
    st.cache_resource.clear()
    app = opened("runners")
    for clip, label in (
        ("asks.mp4", "240 frames a second"),
        ("who.mp4", "Person 2"),
        ("asks_too.mp4", "Leave this clip out"),
    ):
        assert plain.markdown(clip) in said(app)
        shown = bool(app.get("image") or app.get("imgs"))
        assert shown is (clip != "asks_too.mp4"), "the picture stands until it is answered"
        (digest,) = (
            each.question.digest[:16] for each in waiting(store, LOCAL) if each.question.file == clip
        )
        next(b for b in app.button if digest in b.key and b.label == label).click().run()
        assert not app.exception
    assert "gait batch" in said(app)
    st.cache_resource.clear()
    assert gait_batch(folder) == 0
    assert kept(store) == ["asks.mp4", "ok.mp4", "who.mp4"]
    ann = runners.by_name(store, LOCAL, "Ann")
    (day,) = days(store, LOCAL, ann.id)
    assert day.record.clips[0].time_base.capture_fps == 240


def test_an_answer_to_what_the_batch_has_settled_meanwhile_is_refused(folder: Path, store: Store) -> None:
    film(folder / "Ann" / "asks.mp4", 1)
    gait_batch(folder)
    (asked,) = waiting(store, LOCAL)
    answer(store, LOCAL, asked, {"capture_fps": 240.0})
    assert waiting(store, LOCAL) == ()
    assert gait_batch(folder) == 0
    (key,) = asked.keys
    with pytest.raises(StoreRefused, match="not open any more"):
        tasks.retell(store, LOCAL, key, "")


def test_an_answer_that_makes_no_sense_is_named_by_its_row(folder: Path) -> None:
    film(folder / "Ann" / "asks.mp4", 1)
    gait_batch(folder)
    path = folder.parent / "out" / questions.TABLE
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([lines[0], f"fast{lines[1]}"]))
    with pytest.raises(BadRequest, match="row 2: “fast”"):
        gait_batch(folder)


def test_questions_are_asked_at_the_terminal_each_clip_once(folder: Path) -> None:
    clip = ClipRequest(film(folder / "Ann" / "asks.mp4", 1))
    order = Order("Ann", Request((clip,)), Day(date.today()), ("a" * 64,))
    question = Question("a" * 64, "asks.mp4", "capture_fps", "More than one rate would fit.", (120.0, 240.0))
    asked = [questions.Open(key, order, question) for key in ("1", "2")]
    said, heard = iter(["quick", "240"]), []
    found = questions.ask(asked, lambda prompt: next(said), heard.append)
    assert found == {"1": {"a" * 64: {"capture_fps": 240.0}}, "2": {"a" * 64: {"capture_fps": 240.0}}}
    assert any("no capture rate" in each for each in heard)
    assert questions.ask(asked, lambda prompt: "", heard.append) == {}
    assert questions.ask(asked, lambda prompt: None, heard.append) == {}


def test_everything_that_is_wrong_is_one_table_and_nothing_is_begun(
    folder: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    film(folder / "one.mp4", 1)
    film(folder / "two.mp4", 2)
    (folder / "notes.mp4").write_text("no film")
    manifest = folder / "club.csv"
    manifest.write_text(
        "clip;runner;date;speed_kmh;height_cm;shoe\n"
        "one.mp4;Ann;2026-11-02;10,8;180;blue\n"
        "two.mp4;Ann;2026-11-02;12;180;\n"
        "absent.mp4;Bob;2026-11-02;10;170;\n"
        "notes.mp4;Bob;yesterday;10;17;\n"
        ";Cem;2026-11-02;;;\n"
        "one.mp4;Dan;2026-11-02;;;\n",
        encoding="utf-8-sig",
    )
    assert gait_batch(manifest) == 2
    said = capsys.readouterr().out
    for words in (
        "“shoe” is no column",
        "10.8 and 12",
        "absent.mp4",
        "cannot be read as a video",
        "“yesterday”",
    ):
        assert words in said
    assert "The clip is missing" in said
    assert "the same film as row 2" in said
    assert runners.search(store, LOCAL) == ()


def test_what_is_wrong_can_be_left_out_and_a_clip_that_comes_later_joins_its_day(
    folder: Path, store: Store
) -> None:
    one = film(folder / "Ann" / "one.mp4", 1)
    (folder / "Ann" / "copy.mp4").write_bytes(one.read_bytes())
    (folder / "Ann" / "two.mp4").write_text("cut off on its way")
    assert gait_batch(folder) == 2
    assert kept(store) == []
    assert gait_batch(folder, "--skip-wrong") == 2
    assert len(kept(store)) == 1, "the same film counts once"
    film(folder / "Ann" / "two.mp4", 2)
    (folder / "Ann" / "copy.mp4").unlink()
    assert gait_batch(folder) == 0
    assert kept(store) == ["one.mp4", "two.mp4"], "no day is kept twice"
    (day,) = assessments.timeline(store, LOCAL, runners.by_name(store, LOCAL, "Ann").id)
    assert len(day.files) == 2


def test_ctrl_c_stops_it_and_the_same_command_goes_on(folder: Path, store: Store) -> None:
    film(folder / "r0" / "quick.mp4", 0)
    others = [folder / f"r{number}" / f"waits_{number}.mp4" for number in range(1, 4)]
    for number, path in enumerate(others, 1):
        film(path, number)
    command = [sys.executable, "-m", "tests.batch.night", str(folder), "--jobs", "1", "--json-lines"]
    command += ["--out", str(folder.parent / "out")]
    program = subprocess.Popen(
        command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    workers = []
    for line in program.stdout:
        event = json.loads(line)
        workers += [event["process"]] if event["event"] == "started" else []
        if event["event"] == "result":
            program.send_signal(signal.SIGINT)
            break
    _, said = program.communicate(timeout=120)
    assert program.returncode == 130
    assert "the same command goes on" in said
    assert not any(_runs(worker) for worker in workers)
    assert len(kept(store)) == 1
    for path in others:
        path.with_suffix(".once").touch()
    assert gait_batch(folder) == 0
    assert len(kept(store)) == 4


def test_a_table_says_what_is_known_of_each_clip_and_day(folder: Path) -> None:
    film(folder / "clips" / "one.mp4", 1)
    film(folder / "clips" / "two.mp4", 2)
    manifest = folder / "club.csv"
    manifest.write_text(
        "Clip,Runner,Date,Speed_kmh,Height_cm,Shoes,Near,Capture_fps,Person,Pain\n"
        'clips/one.mp4,Ann,2026-11-02,"10,8",180,blue,left,240,,yes\n'
        "clips/two.mp4,Ann,2026-11-02,,,,,,2,\n"
    )
    found = checked(listed(manifest), Known(folder / "seen"), 2)
    assert found.problems == ()
    (order,) = found.orders
    assert order.request.runner == RunnerFacts(180.0, 10.8)
    assert order.day == Day(date(2026, 11, 2), 10.8, shoes="blue", in_pain=True)
    one, two = order.request.clips
    assert (one.capture_fps, one.near and one.near.value, two.person) == (240.0, "left", 2)
    assert str(tmp := folder / "clips") in str(one.path), tmp


def test_without_a_date_the_day_is_the_one_that_the_phone_wrote_into_the_film(folder: Path) -> None:
    import av

    plain = film(folder / "Ann" / "plain.mp4", 1)
    os.utime(plain, (1_700_000_000, 1_700_000_000))
    tagged = folder / "Ann" / "tagged.mov"
    with av.open(str(film(folder / "tmp" / "x.mp4", 2))) as source, av.open(str(tagged), "w") as target:
        target.metadata["creation_time"] = "2025-06-07T10:00:00.000000Z"
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    (folder / "tmp" / "x.mp4").unlink()
    found = checked(listed(folder), Known(folder / "seen"), 2)
    assert [order.request.filmed_on for order in found.orders] == [date(2023, 11, 14), date(2025, 6, 7)]


def test_a_clip_that_was_moved_is_known_and_one_that_is_asked_otherwise_is_not(folder: Path) -> None:
    clip = ClipRequest(folder / "a.mp4", id="a.mp4")
    order = Order("Ann", Request((clip,), filmed_on=date(2026, 11, 2)), Day(date(2026, 11, 2)), ("1" * 64,))
    key = key_of(order, "model")
    moved = replace(order, request=replace(order.request, clips=(ClipRequest(folder / "b" / "c.mov"),)))
    assert key_of(moved, "model") == key
    assert key_of(replace(order, runner="ANN "), "model") == key
    others = [
        replace(order, digests=("2" * 64,)),
        replace(order, runner="Bob"),
        replace(order, request=replace(order.request, runner=RunnerFacts(speed_kmh=10))),
        replace(order, request=replace(order.request, clips=(replace(clip, person=2),))),
        replace(order, day=replace(order.day, shoes="blue")),
    ]
    assert key not in {key_of(other, "model") for other in others}
    assert key_of(order, "another model") != key
    assert orders.from_json(orders.to_json(order)) == order
    told = answered(order, {"1" * 64: {"capture_fps": 240.0}})
    assert told.request.clips[0].capture_fps == 240


def test_an_earlier_day_that_is_read_later_still_comes_first(folder: Path, store: Store) -> None:
    """What is asked of a runner follows from his days one after the other."""
    two = [_order(folder, f"{number}.mp4", date(2026, 10, number)) for number in (1, 2)]
    todo = {key_of(order, "model"): order for order in two}
    handed: dict[str, tuple[Future[str], str]] = {}
    took: list[Result] = []

    def submit(key: str, text: str) -> "Future[str]":
        handed[key] = (Future(), text)
        if len(handed) == 2:
            first, later = handed.values()
            later[0].set_result(standin.work(later[1], _silent))
            first[0].add_done_callback(lambda _: None)
            first[0].set_result(standin.work(first[1], _silent))
        return handed[key][0]

    run_orders(House(store, LOCAL), todo, submit, took.append)
    assert [result.order.request.filmed_on.day for result in took] == [1, 2]


def test_what_a_coach_corrected_stays_when_it_is_done_again(folder: Path, store: Store) -> None:
    film(folder / "Ann" / "ok.mp4", 1)
    gait_batch(folder)
    (day,) = assessments.timeline(store, LOCAL, runners.by_name(store, LOCAL, "Ann").id)
    record = json.loads(assessments.record(store, LOCAL, day.id))
    record["clips"][0]["contacts"][0]["source"] = "edited"
    assessments.save_record(store, LOCAL, day.id, json.dumps(record))
    assert gait_batch(folder, "--again") == 0
    assert assessments.get(store, LOCAL, day.id).source == "edited"
    assert len(kept(store)) == 1


def test_a_task_that_another_program_finished_meanwhile_is_not_saved_twice(
    folder: Path, store: Store
) -> None:
    order = _order(folder, "ok.mp4", date(2026, 10, 1))
    key = key_of(order, "model")

    def submit(key: str, text: str) -> "Future[str]":
        run_orders(House(store, LOCAL), {key: order}, _now, lambda result: None)
        return _now(key, text)

    took: list[Result] = []
    run_orders(House(store, LOCAL), {key: order}, submit, took.append)
    assert kept(store) == ["ok.mp4"]
    assert tasks.known(store, LOCAL, [key])[key].state == "done"


def test_a_process_ends_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time; from gait.batch.processes import Processes;"
        "Processes().run('tests.batch.test_batch:sleeper', sys.argv[1])"
    )
    pid_file = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", program, str(pid_file)], cwd=ROOT, env=_environment())
    sleeping = int(_eventually(pid_file))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for _ in range(200):
        if not _runs(sleeping):
            return
        time.sleep(0.1)
    pytest.fail("the worker outlived its coordinator")


def sleeper(text: str, report: Callable[[str, int, int], None]) -> str:
    """Say which process this is, and sleep."""
    Path(text).write_text(f"{os.getpid()}\n")
    time.sleep(600)
    return ""


def test_a_stopped_batch_leaves_no_process_behind(tmp_path: Path) -> None:
    processes = Processes()

    def stop(process: int, report: Any) -> None:
        processes.stop()

    with pytest.raises(Died):
        processes.run("tests.batch.test_batch:sleeper", str(tmp_path / "pid"), stop)
    with pytest.raises(Died):
        processes.run(STANDIN, "{}")


def test_every_clip_is_kept_exactly_once_whoever_is_killed(folder: Path, store: Store) -> None:
    """``python -m studies.batch`` kills 60 times."""
    names = [f"slow_{number}" for number in range(8)]
    for shade, name in enumerate(names):
        film(folder / name / f"{name}.mp4", shade)
    chance = random.Random(5)
    command = [sys.executable, "-m", "tests.batch.night", str(folder), "--jobs", "2", "--json-lines"]
    command += ["--out", str(folder.parent / "out")]
    for kills in range(3):
        program = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, text=True)
        assert program.stdout is not None
        wanted = chance.randint(1, 3)
        for line in program.stdout:
            event = json.loads(line)
            if event["event"] == "started" and kills == 1:
                _kill(event["process"])
            wanted -= event["event"] == "result"
            if wanted <= 0:
                break
        program.kill()
        program.wait()
    subprocess.run(
        [*command, "--failed"], cwd=ROOT, env=_environment(), check=True, stdout=subprocess.DEVNULL
    )
    assert kept(store) == [f"{name}.mp4" for name in names]
    assert sorted(states(folder)) == [f"{name}.mp4" for name in names]


@pytest.mark.pose
def test_a_real_clip_is_read_in_a_process_of_its_own(
    folder: Path, store: Store, light_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "WORK", "gait.batch.work:work")
    (folder / "Ann").mkdir(parents=True)
    (folder / "Ann" / "runner.mp4").write_bytes(light_clip.read_bytes())
    (folder / "Bob").mkdir()
    film(folder / "Bob" / "nobody.mp4", 1)
    assert gait_batch(folder, "--numbers-only") == 2
    assert states(folder) == {"runner.mp4": "done", "nobody.mp4": "refused"}
    row = next(row for row in table(folder) if row["runner"] == "Ann")
    assert float(row["cadence_spm"]) == pytest.approx(156, rel=0.02)
    (picture,) = (folder.parent / "out" / "pictures").iterdir()
    assert f"pictures/{picture.name}" in (folder.parent / "out" / "index.html").read_text()
    (day,) = assessments.timeline(store, LOCAL, runners.by_name(store, LOCAL, "Ann").id)
    assert day.files == (), "no clip is kept where only the numbers are wanted"


def test_a_store_from_before_there_were_batches_is_updated(tmp_path: Path) -> None:
    import shutil

    from gait.store.schema import SCRIPTS, prepare
    from tests.store.days import a_day, a_runner

    older = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, older)
    for later in ("r0002_tasks.py", "r0003_consents.py"):
        (older / "versions" / later).unlink()
    store = open_store(Place(tmp_path / "store"))
    with store.engine.begin() as connection:
        for table in ("tasks", "consents", "scatters"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    prepare(store, older)
    runner = a_runner(store)
    day = a_day(store, runner)
    store.close()
    newer = open_store(Place(tmp_path / "store"))
    assert assessments.get(newer, LOCAL, day.id).id == day.id
    assert tasks.known(newer, LOCAL, ["a" * 64]) == {}
    newer.close()


def _order(folder: Path, name: str, day: date) -> Order:
    clip = film(folder / name, day.day)
    request = Request((ClipRequest(clip, id=name),), filmed_on=day)
    import hashlib

    return Order("Ann", request, Day(day), (hashlib.sha256(clip.read_bytes()).hexdigest(),), name)


def _silent(clip: str, done: int, total: int) -> None:
    return None


def _now(key: str, text: str) -> "Future[str]":
    future: Future[str] = Future()
    future.set_result(standin.work(text, _silent))
    return future


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def _kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _eventually(path: Path) -> str:
    for _ in range(600):
        if path.exists() and path.read_text().endswith("\n"):
            return path.read_text()
        time.sleep(0.1)
    raise TimeoutError
