"""What else an approved answer may rest on and how else it is asked for; calls of look-ups; judged samples."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)
ANSWERS, LOOKUPS = "approved_answers", "lookups"


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column(ANSWERS, sa.Column("source", sa.JSON))
    op.add_column(ANSWERS, sa.Column("referral", sa.JSON))
    op.add_column(ANSWERS, sa.Column("variants", sa.JSON, nullable=False, server_default="[]"))
    op.add_column(ANSWERS, sa.Column("year", sa.Integer))
    op.add_column(LOOKUPS, sa.Column("call", sa.String(32), nullable=False, server_default=""))
    op.create_index("ix_lookups_call", LOOKUPS, ["call"])
    op.create_table(
        "judgements",
        sa.Column("answer_id", sa.String(32), primary_key=True),
        sa.Column("at", MOMENT, nullable=False, index=True),
        sa.Column("correct", sa.Boolean, nullable=False),
        sa.Column("judge", sa.String(64), nullable=False),
        sa.Column("judged", MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Take them away; what rested on nothing but a named source is gone with it."""
    op.drop_table("judgements")
    op.drop_index("ix_lookups_call", LOOKUPS)
    op.drop_column(LOOKUPS, "call")
    op.execute(f"delete from {ANSWERS} where cast(citations as varchar) = '[]'")
    for name in ("year", "variants", "referral", "source"):
        op.drop_column(ANSWERS, name)
