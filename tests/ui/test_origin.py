"""A page of another site, open in the same browser, gets nothing from the app."""

import asyncio
from typing import Any

import pytest

from gait.ui.main import settings
from gait.ui.origin import OnlyOwnPages, Scope


def passed(kind: str, *origins: str) -> bool:
    """Whether a request comes through to Streamlit, which would look up its outer address."""
    reached: list[str] = []
    sent: list[dict[str, Any]] = []

    async def app(scope: Scope, receive: Any, send: Any) -> None:
        reached.append(scope["type"])

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": kind, "headers": [(b"origin", each.encode()) for each in origins]}
    asyncio.run(OnlyOwnPages(app, settings()["server.allowedHosts"])(scope, None, send))
    assert reached or sent[0].get("status") == 403 or sent[0]["type"] == "websocket.close"
    return bool(reached)


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_only_the_apps_own_pages_are_heard(kind: str) -> None:
    assert passed(kind), "no browser"
    assert passed(kind, "http://127.0.0.1:8501") and passed(kind, "http://localhost:8501")
    for foreign in (
        "https://elsewhere.example",
        "http://127.0.0.1.elsewhere.example",
        "null",
        "",
        "http://[",
    ):
        assert not passed(kind, foreign)
    assert not passed(kind, "http://127.0.0.1:8501", "https://elsewhere.example")
