"""The documents: what is generated is up to date, and every link leads somewhere."""

import re
from pathlib import Path

import pytest

from gait import cli
from gait.batch.manifest import COLUMNS
from gait.metrics.catalogue import CATALOGUE
from studies.numbers import PAGE, page

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"")


def test_what_each_number_means_is_what_the_catalogue_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m studies.numbers"
    assert all(f"`{name}`" in page() for name in CATALOGUE)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(path: Path) -> None:
    links = [one or other for one, other in LINK.findall(path.read_text(encoding="utf-8"))]
    inner = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in inner if not (path.parent / link).exists()] == []


def test_the_index_leads_to_every_page() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    others = [path.name for path in ROOT.glob("docs/*.md") if path.name != "index.md"]
    assert [name for name in others if f"({name})" not in index] == []


def test_the_clubs_page_names_every_column_and_only_options_that_there_are() -> None:
    text = (ROOT / "docs" / "clubs.md").read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in text] == []
    parser = cli._parser()
    known = {word for action in _actions(parser) for word in action}
    said = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))
    assert said - known == set()


def _actions(parser: object) -> list[list[str]]:
    found = []
    for action in parser._actions:  # type: ignore[attr-defined]
        found.append(list(action.option_strings))
        for inner in (
            (getattr(action, "choices", None) or {}).values() if hasattr(action, "add_parser") else ()
        ):
            found += _actions(inner)
    return found
