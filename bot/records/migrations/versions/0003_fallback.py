"""Why a model's answer gave way to the excerpt, as a column: the office counts it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
INDEX = "ix_turns_at_status_topic"
COLUMNS = ["at", "status", "topic", "mode"]


def upgrade() -> None:
    """Add the column, and to the index that the office reads."""
    op.add_column("turns", sa.Column("fallback", sa.String(32), nullable=False, server_default=""))
    op.drop_index(INDEX, "turns")
    op.create_index(INDEX, "turns", [*COLUMNS, "fallback", "seconds"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index(INDEX, "turns")
    op.create_index(INDEX, "turns", [*COLUMNS, "seconds"])
    op.drop_column("turns", "fallback")
