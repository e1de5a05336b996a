"""What the app serves besides its pages, and what it clears away."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from gait.ui.club import SEATS
from gait.ui.jobs import JOBS, sweep_dead
from gait.ui.player import serve

SWEEP_S = 30.0


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Clear away, while the server runs, what belongs to sessions that ended; all of it at the end."""
    sweep_dead()
    sweeper = asyncio.create_task(_sweep())
    try:
        async with serve.lifespan(app):
            yield
    finally:
        sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await sweeper
        JOBS.close()


async def _sweep() -> None:
    from streamlit.runtime import Runtime

    while True:
        await asyncio.sleep(SWEEP_S)
        if Runtime.exists():
            SEATS.sweep(Runtime.instance().is_active_session)
            JOBS.sweep(Runtime.instance().is_active_session, time.monotonic())
