"""The tables of the records. A change here needs a migration in `migrations/versions`."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, DateTime, Float, Integer, MetaData, String, Table, Text

metadata = MetaData()

# A conversation is the turns of one session; a session is a random number that a browser tab made for itself.
turns = Table(
    "turns",
    metadata,
    Column("answer_id", String(32), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("session", String(64), nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("question", Text, nullable=False),
    Column("status", String(40), nullable=False, index=True),
    Column("mode", String(16), nullable=False),
    Column("label", String(40), nullable=False),
    Column("answer", Text, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("related", JSON, nullable=False),
    Column("generation", JSON),
    Column("versions", JSON, nullable=False),
    Column("seconds", Float, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("answer_id", String(32), primary_key=True),
    Column("useful", Boolean, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("comment", String(400), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

idempotent_requests = Table(
    "idempotent_requests",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

# Append-only; each entry holds the hash of the one before it, so that a change or a gap shows.
audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    Column("before", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
