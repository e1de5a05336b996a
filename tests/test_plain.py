"""Text that somebody else wrote is shown as it is, and does nothing, on every surface."""

import csv
import html.parser
import io
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gait import plain

PIECES = (
    "![x](http:&#47;&#47;127.0.0.1:9977&#47;p.png)", "[x](http://a.example)", "<http://a.example>",
    "http://a.example", "https://", "www.a.example", "WWW.", "me@a.example", "mailto:", "[a]: http://x",
    "[a]",
    "<img src=x onerror=y>", "</b>", "<!--", "&lt;", "&#58;", "&colon;", '"', "'", "\\", "`", "```", "~~~",
    ":material/home:", ":red[x]", ":smile:", ":+1:", ":streamlit:", "::x[y]", "$x^2$", "$$", "# ", "> ",
    "- ",
    "1. ", "2) ", "|a|b|", "|-|-|", "---", "**b**", "_i_", "~~s~~", "[^1]", "->", " -- ", "\n", "\r",
    "\t", " ",
    "    ", "=cmd|' /C calc'!A0", "+1", "@SUM(1)", "-2", "%0A", "\uff1d1", "\x1b[31m",
    "\x1b]0;title\x07", "\x9b2J",
    "\u202egnp.exe", "\u2066", "\u2028", "\ufeff", "\0", "\x7f", "\udce4", "läuft", "走る", "a", ".mp4",
    "/", "..",
    "con", "NUL.txt", "lpt1", "x" * 300, "é" * 200,
)  # fmt: skip
foreign = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=8).map("".join) | st.text()
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
AFTERWARDS = re.compile(
    r"https?://|ftp://|www\.[\w-]|[-.\w+]@[-\w]|:material/|:[\w+-]+:|:[a-z][a-z-]*\[|(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
    re.IGNORECASE,
)
"""What Streamlit's renderer still looks for in the finished text."""


def tokens(source: str) -> list[tuple[str, str]]:
    """Kind and text of everything that a page would show."""
    found = []
    for outer in RENDERER.parse(source):
        found += [(each.type, each.content) for each in outer.children or [outer]]
    return found


@settings(deadline=None, max_examples=1000)
@given(foreign)
def test_nothing_comes_of_a_text_in_a_page(text: str) -> None:
    for sentence in ("{}", "The clip {} cannot be read: {} (x).", "- {}: seen from the left", "1. {}"):
        shown = tokens(sentence.replace("{}", plain.markdown(text)))
        kinds = {kind for kind, _ in shown}
        assert kinds <= {
            "text",
            "text_special",
            "paragraph_open",
            "paragraph_close",
            "bullet_list_open",
            "bullet_list_close",
            "ordered_list_open",
            "ordered_list_close",
            "list_item_open",
            "list_item_close",
        }
        finished = "".join(content for kind, content in shown if kind.startswith("text"))
        assert not AFTERWARDS.search(finished)


@settings(deadline=None, max_examples=500)
@given(foreign)
def test_a_text_in_a_page_reads_as_it_was_written(text: str) -> None:
    shown = "".join(content for kind, content in tokens(plain.markdown(text)) if kind.startswith("text"))
    assert shown.replace(plain.BREAK, "").split() == plain.line(text).replace(plain.BREAK, "").split()


class Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@settings(deadline=None, max_examples=500)
@given(foreign)
def test_nothing_comes_of_a_text_in_html(text: str) -> None:
    page = Tags()
    page.feed(f'<p title="{plain.markup(text)}">{plain.markup(text)}</p>')
    page.close()
    assert page.tags == ["p"]
    assert [name for name, _ in page.attributes] == ["title"]
    assert page.text == plain.line(text)


@settings(deadline=None, max_examples=500)
@given(foreign)
def test_a_spreadsheet_takes_no_text_for_a_formula(text: str) -> None:
    table = io.StringIO()
    csv.writer(table).writerow([plain.cell(text), "next"])
    ((first, second),) = csv.reader(io.StringIO(table.getvalue()))
    assert second == "next"
    assert first.strip()[:1] not in set("=+-@|%\uff1d\uff0b\uff0d\uff20")
    assert plain.line(text) in (first, first[1:])


@settings(deadline=None, max_examples=500)
@given(foreign)
def test_a_terminal_shows_one_line_and_obeys_nothing(text: str) -> None:
    shown = plain.line(text)
    for character in shown:
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in set(
            ["LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"]
        )
    assert len(shown.splitlines()) <= 1
    assert len(plain.block(text).split("\n")) == len(text.split("\n"))


@settings(deadline=None, max_examples=500)
@given(foreign, st.sampled_from(["utf-8", "cp1250", "cp932", "ascii", None]))
def test_any_console_can_print_it(text: str, encoding: str | None) -> None:
    plain.encodable(text, encoding).encode(encoding or "utf-8")
    plain.readable(text).encode("utf-8")


@settings(deadline=None, max_examples=500)
@given(foreign)
def test_a_name_is_one_name_on_every_system(text: str) -> None:
    name = plain.file_name(text)
    assert name not in ("", ".", "..")
    assert len(name.encode()) <= 255
    assert not re.search(r'[/\\:*?"<>|\x00-\x1f\x7f]', name)
    assert not name.startswith("-")
    assert name == name.strip().rstrip(". ")
    assert name.split(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert plain.file_name(name) == name


@pytest.mark.parametrize("name", ["läuft früh.mp4", "走る 2026-11.MOV", "IMG_0042.MOV", "my run (2).mp4"])
def test_ordinary_names_stay(name: str) -> None:
    unchanged: tuple[Callable[[str], str], ...] = (
        plain.line,
        plain.block,
        plain.readable,
        plain.markup,
        plain.cell,
        plain.file_name,
    )
    assert {each(name) for each in unchanged} == {name}


def test_a_long_name_keeps_its_kind() -> None:
    assert plain.file_name("é" * 300 + ".mp4").endswith("é.mp4")


def test_people_and_persian_keep_their_joiners() -> None:
    runner = "\U0001f3c3\u200d\u2640\ufe0f.mp4"
    assert plain.line(runner) == runner
