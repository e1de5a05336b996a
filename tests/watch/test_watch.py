"""A watch's files: the cadence of the clip's minute, one clear sentence for what is none, no crash."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.analysis import ClipRequest, Request
from gait.errors import BadRequest
from gait.watch import activities, file
from gait.watch.fit import MOST_BYTES
from gait.watch.run import MINUTE_SD, RUN_SD, Run, counted
from tests.watch.fits import CYCLING, body_of, sealed, watch_file

START = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
DAY = date(2026, 11, 2)
EASY, FAST = [80.0] * 600, [90.0] * 600
ENGLISH = "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR,Avg Run Cadence,Avg Pace\n"
GERMAN = "Aktivitätstyp,Datum,Favorit,Titel,Distanz,Kalorien,Zeit,Ø HF,Ø Schrittfrequenz (Laufen),Ø Pace\n"
RUN = 'Running,2026-11-02 07:00:03,false,"Park, round","5.48","447","00:31:24","153","164","5:44"\n'


def said(after_s: float) -> str:
    return (START + timedelta(seconds=after_s)).isoformat()


def only(content: bytes) -> Run:
    (run,) = file.of(content, "run.fit")
    return run


def test_a_record_counts_one_leg_with_its_fraction() -> None:
    run = only(watch_file(START, [82.5] * 60))
    assert set(run.spm) == {165.0}
    assert run.mean_spm == 165.0
    assert run.started == START


@pytest.mark.parametrize(("after_s", "spm"), [(300, 160), (900, 180)])
def test_the_minute_of_the_clip_counts_and_not_the_whole_run(after_s: float, spm: float) -> None:
    found = counted([only(watch_file(START, EASY + FAST))], DAY, said(after_s), 10.0)
    assert found is not None
    assert found.spm == pytest.approx(spm)
    assert found.sd == pytest.approx(MINUTE_SD)
    assert f"{spm} steps/min in the minute of the clip (run.fit)" in found.text


def test_a_minute_that_changes_says_less() -> None:
    run = only(watch_file(START, [80.0, 80.0, 90.0, 90.0] * 100))
    found = counted([run], DAY, said(200), 10.0)
    assert found is not None
    assert found.sd > 1.5 * MINUTE_SD


@pytest.mark.parametrize("created", ["", said(-7200), said(7200), "yesterday"])
def test_without_the_minute_the_mean_of_the_run_counts_less(created: str) -> None:
    found = counted([only(watch_file(START, EASY))], DAY, created, 10.0)
    assert found is not None
    assert found.spm == pytest.approx(160)
    assert found.sd == pytest.approx(RUN_SD)
    assert "over the whole run" in found.text


def test_a_pause_in_the_minute_is_no_cadence() -> None:
    run = only(watch_file(START, EASY + [0.0] * 600))
    found = counted([run], DAY, said(900), 10.0)
    assert found is not None
    assert "whole run" in found.text


def test_a_film_that_knows_only_local_time_is_found_where_the_watch_says_where_it_was() -> None:
    run = only(watch_file(START, EASY + FAST, ahead_s=3600))
    local = (START + timedelta(seconds=3600 + 900)).replace(tzinfo=None).isoformat()
    found = counted([run], DAY, local, 10.0)
    assert found is not None
    assert found.spm == pytest.approx(180)


def test_the_day_is_that_of_the_runner() -> None:
    late = only(watch_file(datetime(2026, 11, 2, 23, 30, tzinfo=UTC), EASY, ahead_s=3600))
    assert late.may_be_of(date(2026, 11, 3))
    assert not late.may_be_of(date(2026, 11, 2))


def test_the_original_as_garmin_gives_it_is_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("123_ACTIVITY.fit", watch_file(START, EASY))
    assert only(packed.getvalue()).mean_spm == 160


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (watch_file(START, EASY, sport=CYCLING), "another sport"),
        (watch_file(START, EASY, sport=None), "another sport"),
        (watch_file(START, [55.0] * 600), "no run with a cadence"),
        (watch_file(START, EASY)[:900], "damaged"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (b"\x0e\x20\x54\x08\x00\x00\x00\x00.FIT", "damaged"),
        (bytes(MOST_BYTES + 1), "larger than 16 MB"),
        (b"\xff\xd8\xff\xe0 a photo", "no table"),
        (b"", "neither"),
        ((ENGLISH + RUN.replace("Running", "Hiking")).encode(), "no run with a cadence"),
        ("Type d'activité,Date,Cadence de course moyenne\n".encode(), "English or German"),
    ],
)
def test_what_is_no_run_is_refused_in_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(BadRequest, match=words) as refused:
        file.of(content, "it.fit")
    assert "it.fit" in str(refused.value)
    assert refused.value.field == "watch"


def test_a_bomb_is_not_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("run.fit", bytes(4 * MOST_BYTES))
    with pytest.raises(BadRequest, match="too large"):
        file.of(packed.getvalue(), "run.zip")


def test_a_file_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="cannot be read"):
        file.read(tmp_path / "gone.fit")


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_give_a_run_or_a_sentence(noise: bytes, marked: bool) -> None:
    try:
        file.of(sealed(noise) if marked else noise, "it.fit")
    except BadRequest as refused:
        assert "it.fit" in str(refused)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_file_with_wrong_bytes_and_a_right_check_gives_a_run_or_a_sentence(
    hits: list[tuple[int, int]],
) -> None:
    body = bytearray(body_of(watch_file(START, [80.0] * 30, ahead_s=3600)))
    for place, value in hits:
        body[place % len(body)] = value
    try:
        run = only(sealed(bytes(body)))
    except BadRequest as refused:
        assert "run.fit" in str(refused)
    else:
        found = counted([run], run.day, said(10), 10.0)
        assert found is not None
        assert 130 <= found.spm <= 240


@pytest.mark.parametrize(
    "table",
    [
        ENGLISH + RUN,
        GERMAN + RUN.replace("Running", "Laufen").replace("false", "Nein"),
        "\ufeff" + (ENGLISH + RUN).replace("\n", "\r\n"),
        (ENGLISH + RUN).replace('"Park, round"', "Park").replace(",", ";"),
    ],
)
def test_a_table_gives_its_runs(table: str) -> None:
    other = "Cycling,2026-11-02 17:00:00,false,Ride,1,1,00:10:00,1,--,--\n"
    (run,) = file.of((table + other).encode(), "Activities.csv")
    assert run.mean_spm == 164
    assert run.started == datetime(2026, 11, 2, 7, 0, 3)
    assert run.lasted_s == 31 * 60 + 24
    assert run.may_be_of(DAY)


def test_of_two_runs_on_a_day_both_count_with_what_lies_between_them() -> None:
    second = RUN.replace("07:00:03", "18:00:00").replace('"164"', '"180"')
    yesterday = RUN.replace("11-02", "11-01").replace('"164"', '"200"')
    runs = file.of((ENGLISH + RUN + second + yesterday).encode(), "Activities.csv")
    found = counted(runs, DAY, said(60), 10.0)
    assert found is not None
    assert 164 < found.spm < 180
    assert found.sd > RUN_SD
    assert "2 runs of that day" in found.text


def test_a_table_without_end_is_refused() -> None:
    with pytest.raises(BadRequest, match="more than"):
        activities.read((ENGLISH + RUN * (activities.MOST_ROWS + 1)).encode(), "Activities.csv")


def test_the_watch_of_another_day_is_refused() -> None:
    clip = ClipRequest(Path("a.mov"))
    runs = file.of(watch_file(START, EASY), "run.fit")
    assert Request((clip,), filmed_on=DAY, watch=runs).watch == runs
    with pytest.raises(BadRequest, match="no run of 2026-11-09"):
        Request((clip,), filmed_on=date(2026, 11, 9), watch=runs)
