"""Pages of other sites are not heard.

A browser lets any page that somebody has open ask a server on his own machine, and says whose page it is
(``Origin``). Streamlit compares that with the machine's outer address, for which it asks a server on the
internet; here such a request ends before Streamlit sees it.
"""

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]


class OnlyOwnPages:
    """Refuse what a page asks that does not come from one of these hosts; no page, no ``Origin``."""

    def __init__(self, app: App, hosts: Collection[str]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "lifespan" or all(_host(each) in self._hosts for each in _origins(scope)):
            await self._app(scope, receive, send)
        else:
            await refuse(scope, send, b"A page of another site asks: open the app's own page.")


async def refuse(scope: Scope, send: Any, why: bytes) -> None:
    """End a request, or a connection that is about to be made, with 403."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 403, "headers": [(b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": why})


def _origins(scope: Scope) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"origin"]


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""
