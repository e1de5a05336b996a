"""The app as a whole: what ``app.py`` and ``gait app`` both serve, from a checkout or an installed package.

Streamlit looks for its settings in the working folder and in the user's own; installed, the app is started
from anywhere, and what keeps it on this machine must hold there too. So the settings lie in the package, and
are given in a way that neither a file nor the environment overrules.
"""

import asyncio
import tomllib
import webbrowser
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from gait.ui import phone, router, server
from gait.ui.club import OnlyKnown
from gait.ui.origin import OnlyOwnPages
from gait.ui.player.serve import routes

SCRIPT = __file__  # what Streamlit runs for each session
CONFIG = "config.toml"
_PACKAGED = Path(__file__).with_name(CONFIG)
_CHECKOUT = Path(__file__).parents[2] / ".streamlit" / CONFIG
LISTENS_AFTER_S = 0.5


def settings() -> dict[str, Any]:
    """Read Streamlit's settings by their dotted names, as ``.streamlit/config.toml`` has them."""
    path = _PACKAGED if _PACKAGED.exists() else _CHECKOUT
    return dict(_dotted(tomllib.loads(path.read_text(encoding="utf-8"))))


def serve(port: int | None = None, *, browser: bool = True, lan: bool = False) -> None:
    """Serve the app on this machine until it is stopped.

    Parameters
    ----------
    port
        Where to listen; None for Streamlit's usual one, or the next that is free.
    browser
        Open the page once the server is up.
    lan
        Beside it, let one paired phone of the network send clips; the app itself stays on this machine.
    """
    own = settings() if port is None else settings() | {"server.port": port}
    lifespan = _opening if browser else server.lifespan
    with phone.listen() if lan else nullcontext():
        doors = [Middleware(OnlyOwnPages, hosts=own["server.allowedHosts"]), Middleware(OnlyKnown)]
        st.App(SCRIPT, routes=routes(), lifespan=lifespan, middleware=doors).run(config=own)


@asynccontextmanager
async def _opening(app: object) -> AsyncIterator[None]:
    async with server.lifespan(app):
        opened = asyncio.create_task(_open())
        yield
        opened.cancel()


async def _open() -> None:
    await asyncio.sleep(LISTENS_AFTER_S)
    address, port = (st.get_option(name) for name in ("server.address", "server.port"))
    await asyncio.to_thread(webbrowser.open, f"http://{address}:{port}")


def _dotted(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


if __name__ == "__main__":
    router.show()
