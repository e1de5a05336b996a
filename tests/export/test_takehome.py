"""What an athlete takes home: opens anywhere, holds what was said, and nothing of it does anything."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from gait.analysis import Analysis, ClipRequest, Request, RunnerFacts, judge
from gait.body import Landmark
from gait.export import overlay, takehome
from gait.export.sheet import HEIGHT_PT, WIDTH_PT
from gait.export.takehome import Marked, Still, TakeHome, stills, takehome_html, takehome_pdf
from gait.record import Record, record_of
from gait.store.domain import Mark, Note, Overrule, Pin
from gait.video.clip import Clip, Frame
from tests.truth import exact_clip

NASTY = '<script>alert(1)</script> <img src="https://elsewhere/x.png"> $5^2$'
GREY = 90


def analysis() -> Analysis:
    clip = exact_clip("runner_a_side_120")
    request = Request((ClipRequest(Path(clip.id)),), RunnerFacts(180.0, 10.8), date(2026, 11, 25))
    return judge([clip], request)


@pytest.fixture
def grey(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every frame of every clip is grey."""

    def frames(clip: Clip, wanted: np.ndarray) -> Iterator[Frame]:
        width, height = clip.size_px
        for number in wanted.tolist():
            rgb = np.full((height, width, 3), GREY, np.uint8)
            yield Frame(number, float(clip.pts_s[number]), rgb, (0, 0), np.zeros((2, 2), np.uint8))

    monkeypatch.setattr(takehome, "frames", frames)


def note(frame: int, text: str) -> Note:
    return Note("n", "a", Pin("run.mp4", frame, "left hip"), text, NASTY, datetime(2026, 11, 25, tzinfo=UTC))


def a_still(*notes: Note, size: tuple[int, int] = (720, 1080)) -> Still:
    picture = np.full((size[1], size[0], 3), GREY, np.uint8)
    return Still(overlay.as_jpeg(picture), f"Landing {NASTY}", notes)


def take(record: Record | None = None, **changes: object) -> TakeHome:
    made = TakeHome(f"Ada {NASTY}", record or record_of(analysis()), (a_still(note(3, NASTY)), a_still()))
    return replace(made, **changes)  # type: ignore[arg-type]


def text_of(pdf: bytes) -> str:
    """What the file says of itself, and how many pages it has."""
    return pdf.decode("latin-1")


def test_the_page_holds_name_date_cue_notes_and_four_numbers() -> None:
    record = record_of(analysis())
    page = takehome_html(take(record, name="Ada", note="Light feet", stills=(a_still(note(3, "Hip high")),)))
    assert record.advice.cue is not None
    for words in ("Ada", "25 November 2026", record.advice.cue.text, "Light feet", "Hip high"):
        assert words in page
    assert page.count("<li>") == 4
    assert page.count("data:image/jpeg") == 1


def test_the_page_asks_nothing_of_the_network_and_runs_nothing() -> None:
    page = takehome_html(take(note=NASTY, overruled=Overrule("o", "a", "c", NASTY, NASTY, datetime.now(UTC))))
    assert "<script" not in page
    tags = re.findall(r"<(?:img|link|a|iframe|video|source)\b[^>]*>", page)
    assert all('src="data:' in tag for tag in tags)
    assert "default-src 'none'" in page


def test_the_sheet_is_one_page_of_a4_with_name_and_date() -> None:
    pdf = text_of(takehome_pdf(take(name="Ada Lovelace")))
    assert len(re.findall(r"/Type /Page\b", pdf)) == 1
    assert "Ada Lovelace, 25 November 2026" in pdf
    (box,) = re.findall(r"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+)", pdf)
    assert [float(side) for side in box] == pytest.approx([WIDTH_PT, HEIGHT_PT], abs=0.5)


@pytest.mark.parametrize("words", ["", "word " * 2000, "unbroken" * 500, "$" + "\\frac{" * 50, "走 " * 30])
def test_the_sheet_stays_one_page_however_much_is_said(words: str) -> None:
    long = take(name=words or "Ada", note=words, stills=(a_still(note(1, words or "x")),) * 5)
    pdf = text_of(takehome_pdf(long))
    assert len(re.findall(r"/Type /Page\b", pdf)) == 1


def test_the_letters_of_the_sheet_are_letters_not_pictures() -> None:
    pdf = takehome_pdf(take())
    assert b"/FontFile2" in pdf
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    drawn = [zlib.decompress(each) for each in streams if each[:1] == b"x"]
    assert any(b"BT" in each and b"TJ" in each for each in drawn)


def test_without_pictures_and_cue_there_is_still_a_sheet_that_says_why() -> None:
    record = record_of(analysis())
    none = replace(record, advice=replace(record.advice, cue=None, why="Nothing stands out."))
    assert "Nothing stands out." in takehome_html(take(none, stills=()))
    assert takehome_pdf(take(none, stills=())).startswith(b"%PDF")


def test_a_cue_that_was_overruled_goes_home_as_the_coachs_own() -> None:
    record = record_of(analysis())
    over = Overrule("o", "a", "overstride", "Rest first", "Kim", datetime(2026, 11, 26, tzinfo=UTC))
    page = takehome_html(take(record, overruled=over))
    assert page.index("Rest first") < page.index("Instead of")
    assert "Kim decided on 26 November 2026" in page


def test_every_frame_that_was_drawn_on_goes_home_after_the_landing(grey: None) -> None:
    whole = analysis()
    clip = whole.main
    marks = (Mark("line", 40, ((200.0, 300.0), (300.0, 500.0))), Mark("text", 60, ((250.0, 400.0),), "here"))
    made = stills([Marked(clip, marks, (note(80, "Hip high"),))], whole.scale, clip.id)
    assert len(made) == 4
    assert made[0].caption.startswith("Landing of the")
    assert [len(each.notes) for each in made] == [0, 0, 0, 1]


def test_a_joint_that_was_moved_goes_home_where_it_was_put(grey: None) -> None:
    whole = analysis()
    clip, frame = whole.main, 40
    knee = whole.main.track.xy_px[frame, Landmark.LEFT_KNEE] + (60.0, 0.0)
    as_read = stills([Marked(clip, (), (note(frame, "Look"),))], whole.scale, clip.id)
    moved = Mark("joint", frame, ((float(knee[0]), float(knee[1])),), "left knee")
    alone = stills([Marked(clip, (moved,))], whole.scale, clip.id)
    assert "left knee" in alone[1].caption
    assert "left knee" not in as_read[1].caption
    assert len(alone) == 2
    assert alone[1].jpeg != as_read[1].jpeg


def test_without_drawings_two_stills_go_home(grey: None) -> None:
    whole = analysis()
    assert len(stills([Marked(whole.main)], whole.scale, whole.main.id)) == 2


@pytest.mark.parametrize(
    ("kind", "points", "where"),
    [
        ("line", ((50.0, 50.0), (150.0, 150.0)), (100, 100)),
        ("arrow", ((50.0, 50.0), (150.0, 150.0)), (100, 100)),
        ("free", ((50.0, 50.0), (100.0, 100.0), (150.0, 50.0)), (100, 100)),
        ("angle", ((50.0, 150.0), (100.0, 100.0), (150.0, 150.0)), (75, 125)),
        ("note", ((100.0, 100.0),), (100, 100)),
    ],
)
def test_a_drawing_is_burnt_in_where_it_was_drawn(kind: str, points: tuple, where: tuple[int, int]) -> None:
    blank = np.full((300, 300, 3), GREY, np.uint8)
    drawn = overlay.with_drawings(blank, [Mark(kind, 0, points, "said")])  # type: ignore[arg-type]
    assert tuple(drawn[where[1], where[0]]) != (GREY,) * 3
    assert (blank == GREY).all()


def test_an_angle_is_written_with_its_degrees(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(overlay, "_labelled", lambda rgb, labels: said.extend(t for _, t, _ in labels) or rgb)
    corner = Mark("angle", 0, ((0.0, 100.0), (100.0, 100.0), (100.0, 0.0)))
    overlay.with_drawings(np.zeros((200, 200, 3), np.uint8), [corner])
    assert said == ["90°"]


def test_labels_do_not_cover_each_other() -> None:
    blank = np.full((400, 400, 3), GREY, np.uint8)
    same = [Mark("text", 0, ((200.0, 200.0),), "one"), Mark("text", 0, ((200.0, 200.0),), "one")]
    twice, once = overlay.with_drawings(blank, same), overlay.with_drawings(blank, same[:1])
    plates = [int((picture != GREY).any(axis=2).sum()) for picture in (twice, once)]
    assert plates[0] == pytest.approx(2 * plates[1], rel=0.05)
