"""Alembic runs this for every migration: on the connection it is given, inside the caller's transaction."""

from alembic import context

from gait.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
