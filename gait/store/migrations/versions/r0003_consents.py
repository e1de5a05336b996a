"""What a runner agreed to, and how far he scatters from day to day."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "scatters",
        sa.Column("runner_id", sa.String(length=36), nullable=False),
        sa.Column("metric", sa.String(length=255), nullable=False),
        sa.Column("day_sd", sa.Float(precision=53), nullable=False),
        sa.Column("df", sa.Float(precision=53), nullable=False),
        sa.Column("basis", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["runner_id"], ["runners.id"], name=op.f("fk_scatters_runner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("runner_id", "metric", name=op.f("pk_scatters")),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("runner_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given_by", sa.String(length=255), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("author", sa.String(length=255), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["runner_id"], ["runners.id"], name=op.f("fk_consents_runner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_runner_id"), "consents", ["runner_id"], unique=False)
