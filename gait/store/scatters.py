"""How far a runner scatters from day to day, as something beside the films shows it: one row a metric."""

from sqlalchemy import select

from gait.store.access import runner_seen
from gait.store.audit import happened
from gait.store.database import Store, reading, writing
from gait.store.domain import Actor, Scatter
from gait.store.models import ScatterRow


def keep(store: Store, actor: Actor, runner_id: str, scatter: Scatter) -> None:
    """Keep a runner's own scatter, in the place of what was known of the metric."""
    with writing(store) as session:
        runner_seen(session, actor, runner_id)
        session.merge(scatter_row(runner_id, scatter))
        happened(session, store, actor, "own scatter kept", (runner_id, runner_id))


def known(store: Store, actor: Actor, runner_id: str) -> tuple[Scatter, ...]:
    """Return a runner's own scatter, by metric."""
    with reading(store) as session:
        runner_seen(session, actor, runner_id)
        rows = session.scalars(
            select(ScatterRow).where(ScatterRow.runner_id == runner_id).order_by(ScatterRow.metric)
        )
        return tuple(to_scatter(row) for row in rows)


def scatter_row(runner_id: str, scatter: Scatter) -> ScatterRow:
    """Make the row of a scatter."""
    return ScatterRow(runner_id=runner_id, **vars(scatter))


def to_scatter(row: ScatterRow) -> Scatter:
    """Read the row of a scatter."""
    return Scatter(row.metric, row.day_sd, row.df, row.basis)
