"""A runner's own scatter from day to day, kept from the table of a watch."""

from collections.abc import Sequence

from gait.coaching.scatter import Own
from gait.coaching.watched import own_cadence
from gait.errors import BadRequest
from gait.store import scatters
from gait.store.database import Store
from gait.store.domain import Actor, Scatter
from gait.watch.run import Run


def keep_watch(store: Store, actor: Actor, runner_id: str, runs: Sequence[Run]) -> Scatter:
    """Keep how far a runner's cadence scatters from day to day, as the runs of a watch show it.

    Raises
    ------
    BadRequest
        If the runs are too few to tell.
    StoreFailed
        If it cannot be saved.
    """
    own = own_cadence(runs)
    if own is None:
        raise BadRequest(
            f"{len(runs)} runs do not tell how far the cadence scatters: give Garmin Connect's "
            "Activities.csv of several months, with two or more runs a week and their pace.",
            id="watch",
        )
    first, last = min(run.day for run in runs), max(run.day for run in runs)
    kept = Scatter(own.metric, own.day_sd, own.df, f"{len(runs)} runs of a watch, {first} to {last}")
    scatters.keep(store, actor, runner_id, kept)
    return kept


def own(store: Store, actor: Actor, runner_id: str) -> tuple[Own, ...]:
    """How far this runner scatters, where something beside the films tells."""
    return tuple(Own(each.metric, each.day_sd, each.df) for each in scatters.known(store, actor, runner_id))
