"""What tests of single pages share: a store of their own, a runner's months in it, and a page alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from gait.months.keep import keep, the_runner
from gait.record import Record
from gait.store.database import Store
from gait.store.domain import LOCAL, Day, Runner
from gait.store.opening import FOLDER_VARIABLE, open_store
from tests.months.test_months import month
from tests.truth import truth

BETTER = {"cadence_spm": 8.0, "overstride_pct_leg": -2.0, "shank_deg": -2.0}


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store for one test, which the pages open too."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "store"))
    st.cache_resource.clear()
    kept = open_store()
    yield kept
    kept.close()
    st.cache_resource.clear()


def kept_with(store: Store, name: str, *records: Record, clip: bool = False) -> Runner:
    """Keep these records with a runner, the clip of each as well if wanted."""
    runner = the_runner(store, LOCAL, name)
    for record in records:
        files = (
            [(each.id, truth(each.file.removesuffix(".mp4")).clip) for each in record.clips] if clip else []
        )
        day = Day(record.filmed_on, 10.8, shoes="blue", surface="treadmill")
        keep(store, LOCAL, runner, record, day, files)
    return runner


def months_of_ada(store: Store) -> Runner:
    """Three months: a cue that works and is kept."""
    return kept_with(store, "Ada", month(0), month(1, **BETTER), month(2, **BETTER))


def opened(page: str, **asked: str) -> AppTest:
    """One page alone, with the others there to be linked to."""
    app = AppTest.from_string(SCRIPT.format(page=page), default_timeout=300)
    for name, value in asked.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    """All text that is on the page."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.info, app.success)
    texts = [each.value for kind in kinds for each in kind]
    return "\n".join([*texts, *(each.proto.body for each in app.get("html"))])


SCRIPT = """
import streamlit as st
from gait.ui import compare, measure, review, runners, settings

pages = {{"compare": compare, "review": review, "runners": runners, "settings": settings}}
shown = [st.Page(measure.page, title="Measure", default={page!r} == "measure", url_path="measure")]
shown += [
    st.Page(each.page, title=name.capitalize(), url_path=name, default=name == {page!r})
    for name, each in pages.items()
]
st.navigation(shown).run()
"""
