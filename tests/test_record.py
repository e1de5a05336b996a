"""The record both ways: what a comparison, a report and a page need when the video is gone."""

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.analysis import METHOD, Analysis, ClipRequest, Refused, Request, RunnerFacts, judge
from gait.errors import BadRecord, UnreadableClip
from gait.export.tables import as_text
from gait.record import SCHEMA, Record, from_json, from_record, record_of, to_json, to_record
from tests.truth import exact_clip

GOLDEN = Path(__file__).parent / "golden" / "runner_a.json"
DAY = date(2026, 11, 25)


def analysis() -> Analysis:
    clips = [exact_clip("runner_a_side_120"), exact_clip("runner_a_rear_60")]
    request = Request(
        tuple(ClipRequest(Path(clip.id)) for clip in clips), RunnerFacts(180.0, 10.8), filmed_on=DAY
    )
    broken = Refused("front.mov", "front.mov", UnreadableClip("front.mov cannot be read.", clip="front.mov"))
    return judge(clips, request, [broken])


def same(one: Record, other: Record) -> bool:
    return to_record(one) == to_record(other)


def test_the_record_keeps_the_contract() -> None:
    record = json.loads(to_json(analysis()))
    assert record["schema"] == SCHEMA == 2
    assert record["filmed_on"] == "2026-11-25"
    assert record["runner"]["height_cm"] == 180
    assert record["runner"]["speed_kmh"] == pytest.approx(10.8)
    assert record["runner"]["speed_known"] is True
    side, rear = record["clips"]
    assert (side["view"], side["facing"], side["id"]) == ("left", "left", "runner_a_side_120.mp4")
    assert (rear["view"], rear["facing"]) == ("rear", "away")
    assert {"capture_fps", "slow_motion_factor", "confidence", "evidence"} <= set(side["time_base"])
    for contact in side["contacts"]:
        assert set(contact) == {
            "side",
            "touchdown_s",
            "touchdown_sd_s",
            "toe_off_s",
            "toe_off_sd_s",
            "source",
        }
    for m in record["measurements"]:
        assert (m["value"] is None) == (m["why_missing"] is not None), m["name"]
        assert {"name", "side", "unit", "uncertainty", "repeatability", "n", "samples", "clip"} <= set(m)
    assert set(record["provenance"]) == {"gait", "method", "mediapipe", "model_sha256"}
    assert record["refused"][0]["clip"] == "front.mov"
    assert record["advice"]["cue"]["retest"] == "2026-12-23"


def test_no_text_in_the_record_names_an_option() -> None:
    assert "--" not in to_json(analysis())


def test_what_is_read_back_says_the_same_and_prints_the_same() -> None:
    before = record_of(analysis())
    after = from_json(to_json(before))
    assert same(before, after)
    assert as_text(after) == as_text(before)
    assert after.main.id == before.main.id
    assert after.speed is not None and before.speed is not None
    assert after.speed.m_s == pytest.approx(before.speed.m_s)


@settings(deadline=None)
@given(value=st.floats(-1e6, 1e6), n=st.integers(0, 50))
def test_any_number_survives_the_way_there_and_back(value: float, n: int) -> None:
    record = record_of(analysis())
    changed = replace(record.measurements[0], value=value, n=n, uncertainty=math.nan)
    record = replace(record, measurements=(changed, *record.measurements[1:]))
    back = from_json(to_json(record)).measurements[0]
    assert back.value == pytest.approx(value, abs=1e-5)
    assert math.isnan(back.uncertainty)
    assert back.n == n


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "no json", '{"schema": "2"}', "[" * 100_000])
def test_what_is_no_record_is_said(text: str) -> None:
    with pytest.raises(BadRecord, match="not a record"):
        from_json(text)


@pytest.mark.parametrize(("schema", "what"), [(3, "update the tool"), (1, "analyse its clips again")])
def test_a_record_of_another_version_is_said(schema: int, what: str) -> None:
    with pytest.raises(BadRecord, match=what):
        from_record({**to_record(analysis()), "schema": schema})


@settings(deadline=None)
@given(data=st.data())
def test_a_damaged_record_is_one_sentence(data: st.DataObject) -> None:
    plain = to_record(analysis())
    key = data.draw(st.sampled_from(sorted(plain.keys() - {"schema"})))
    damage = data.draw(st.sampled_from(["gone", 7, "text", {"odd": 1}]))
    plain = {k: v for k, v in plain.items() if k != key} if damage == "gone" else {**plain, key: damage}
    try:
        from_record(plain)
    except BadRecord as error:
        assert "damaged" in str(error)


def test_whoever_changes_a_number_is_reminded_to_change_the_method() -> None:
    """To write the record anew after a change of method: ``python -m tests.test_record``."""
    kept = from_json(GOLDEN.read_text())
    made = record_of(analysis())
    numbers = [
        [(m.name, m.side, round(m.value, 3), round(m.uncertainty, 3)) for m in r.measurements if m.n]
        for r in (kept, made)
    ]
    assert kept.provenance.method == METHOD, "write the golden record anew"
    assert numbers[0] == numbers[1], "numbers moved: give METHOD in gait/analysis/judge.py another name"


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(to_json(analysis()) + "\n")
