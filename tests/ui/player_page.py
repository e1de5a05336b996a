"""A page with nothing but the player, for tests and study: ``python -m tests.ui.player_page [PORT]``.

``?clips=2`` shows two clips, ``?edit=1`` lets them be edited; what comes back is printed as JSON.
"""

import json
import os
import sys
from pathlib import Path
from tempfile import gettempdir

import streamlit as st

from gait.export.proxy import Proxy, proxy
from gait.ui.player.component import Look, PlayerState, Reel, player, times_of
from gait.ui.player.serve import lifespan, routes
from gait.ui.player.state import edited
from tests.ui.player_clip import Read, numbered_clip

FOLDER, FRAMES, SIZE = "GAIT_PLAYER_FOLDER", "GAIT_PLAYER_FRAMES", "GAIT_PLAYER_SIZE"


def folder() -> Path:
    """Where the clips and their pictures are."""
    path = Path(os.environ.get(FOLDER, f"{gettempdir()}/gait-player"))
    path.mkdir(parents=True, exist_ok=True)
    return path


@st.cache_resource
def clip(number: int) -> Proxy:
    """One of two clips, the second a little quicker on its feet."""
    frames = int(os.environ.get(FRAMES, "720"))
    width, height = map(int, os.environ.get(SIZE, "540x960").split("x"))
    return proxy(made(number, frames, (width, height), folder()))


def made(number: int, frames: int, size_px: tuple[int, int], where: Path) -> Read:
    """Write the clip, unless it is there already."""
    return numbered_clip(where / f"clip_{number}.mp4", frames, size_px, 0.72 - 0.06 * number)


def page() -> None:
    """Show the player, and below it what came back."""
    asked = st.query_params
    reels = [
        Reel(f"clip-{i}", ("November", "December")[i], clip(i), pictures_of(i))
        for i in range(int(asked.get("clips", "1")))
    ]
    st.title("Player")
    shown(reels, "edit" in asked, asked.get("layout", "side"))


@st.cache_resource
def pictures_of(number: int) -> Path:
    """A folder of this run of the server."""
    return folder() / f"pictures_{number}_{os.getpid()}"


@st.fragment
def shown(reels: list[Reel], editable: bool, layout: str) -> None:
    """Run again alone when something was edited."""
    look = Look(layout=layout)  # type: ignore[arg-type]
    state = player(reels, key="player", editable=editable, look=look)
    if editable:
        st.code(json.dumps(said(state, reels[0])), language="json")


def said(state: PlayerState, reel: Reel) -> dict[str, object]:
    """Say what came back, and what it makes of the contacts."""
    read = reel.proxy.read
    contacts = edited(read.contacts, reel.proxy.events, state.edits, times_of(reel.proxy))
    return {
        "edits": state.edits.message(),
        "marks": [mark.message() for mark in state.marks],
        "contacts": [[c.side.value, round(c.touchdown_s, 4), c.source] for c in contacts],
    }


if __name__ == "__main__":
    if st.runtime.exists():
        page()
    else:
        st.App(__file__, routes=routes(), lifespan=lifespan).run(
            config={
                "server.port": int(sys.argv[1]) if len(sys.argv) > 1 else 8599,
                "server.address": "127.0.0.1",
                "server.headless": True,
                "browser.gatherUsageStats": False,
                "browser.serverAddress": "127.0.0.1",
                "server.fileWatcherType": "none",
                "theme.light.backgroundColor": "#fbf7f1",
                "theme.light.secondaryBackgroundColor": "#f2ebe0",
                "theme.light.textColor": "#2c261f",
                "theme.dark.backgroundColor": "#191613",
                "theme.dark.secondaryBackgroundColor": "#25201b",
                "theme.dark.textColor": "#f1e9dd",
                "theme.light.primaryColor": "#a4570f",
                "theme.dark.primaryColor": "#e59a4f",
            }
        )
