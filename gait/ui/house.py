"""What all pages share: the store, who sits here, and the units they are shown in."""

from contextlib import suppress

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gait.errors import GaitError
from gait.store import runners
from gait.store.database import Store
from gait.store.domain import LOCAL, Actor, Profile, Runner
from gait.store.opening import open_store
from gait.ui import club

DEFAULT_RUNNER = "Me"


@st.cache_resource
def store() -> Store:
    """The store of this computer, opened once."""
    return open_store()


def actor() -> Actor:
    """Whoever sits at this computer; on a club's server whom the proxy names, and nobody without a name."""
    if not club.header():
        return LOCAL
    found = club.named(st.context.headers.get(club.header()))
    if found is None:
        st.error("You are not signed in: open the club's own address, and sign in there.")
        st.stop()
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        club.SEATS.take(context.session_id, found)
    return found


def all_runners() -> tuple[Runner, ...]:
    """Every runner by name; there is always one."""
    found = runners.search(store(), actor())
    return found or (runners.add(store(), actor(), Profile(DEFAULT_RUNNER)),)


def current_runner() -> Runner:
    """The runner who was chosen last; else the first."""
    known = all_runners()
    chosen = st.session_state.get("runner_id")
    return next((runner for runner in known if runner.id == chosen), known[0])


def settle_units() -> None:
    """Begin in the units of the first runner; a store that does not open is told of by the page itself."""
    if "units" not in st.session_state:
        with suppress(GaitError):
            st.session_state["units"] = all_runners()[0].profile.units


def chosen_runner(label: str = "Runner") -> Runner:
    """Let one of the runners be chosen; the choice holds on every page."""
    known = all_runners()
    ids = [runner.id for runner in known]
    kept = st.session_state.get("runner_id")
    index = ids.index(kept) if kept in ids else 0
    names = {runner.id: runner.name for runner in known}
    chosen = st.selectbox(label, ids, index=index, format_func=lambda id: names[id], key="runner_choice")
    st.session_state["runner_id"] = chosen
    return next(runner for runner in known if runner.id == chosen)


def dark() -> bool:
    """Whether the page is shown dark."""
    return st.context.theme.type == "dark"


def session() -> str:
    """Name of the browser tab's session; empty where there is none."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""
