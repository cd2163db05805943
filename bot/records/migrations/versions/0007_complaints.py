"""Complaints of residents, with the receipt number that tells what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "complaints",
        sa.Column("receipt", sa.String(16), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("contact", sa.String(100), nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("handled", MOMENT, index=True),
        sa.Column("handler", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("complaints")
