"""Tries to sign in, counted by account and by where they come from; an account itself is locked no more."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table of tries and the key that hides names and addresses in it."""
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("place", sa.String(16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ends", MOMENT, nullable=False, index=True),
    )
    op.create_index("ix_sign_in_tries_account_place_at", "sign_in_tries", ["account", "place", "at"])
    keys = op.create_table(
        "keys",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.String(64), nullable=False),
    )
    op.bulk_insert(keys, [{"name": "sign-in", "value": secrets.token_hex(32)}])
    op.drop_column("users", "failures")
    op.drop_column("users", "locked_until")


def downgrade() -> None:
    """Take them away; every account is as if it had never failed."""
    op.add_column("users", sa.Column("locked_until", MOMENT))
    op.add_column("users", sa.Column("failures", sa.Integer, nullable=False, server_default="0"))
    op.drop_table("keys")
    op.drop_index("ix_sign_in_tries_account_place_at", "sign_in_tries")
    op.drop_table("sign_in_tries")
