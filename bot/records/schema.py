"""The tables of the records. A change here needs a migration in `migrations/versions`."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

# A conversation is the turns of one session, a random number that a browser tab generates.
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
    Column("topic", String(80), nullable=False, server_default=""),
    Column("fallback", String(32), nullable=False, server_default=""),
    Index("ix_turns_at_status_topic", "at", "status", "topic", "mode", "fallback", "seconds"),
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

users = Table(
    "users",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("password", String(200), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

# Who is signed in: the SHA-256 of the token in the browser's cookie.
sign_ins = Table(
    "sign_ins",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user", String(64), nullable=False, index=True),
    Column("begun", DateTime(timezone=True), nullable=False),
    Column("seen", DateTime(timezone=True), nullable=False, index=True),
)

# A failed or pending sign-in attempt: `account` and `place` are keyed digests; deleted when `ends` is past.
sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("place", String(16), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("ends", DateTime(timezone=True), nullable=False, index=True),
    Index("ix_sign_in_tries_account_place_at", "account", "place", "at"),
)

# Random keys, made by the migrations.
keys = Table(
    "keys",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", String(64), nullable=False),
)

# One row a version. `state` is draft, approved, replaced, withdrawn or suspended; at most one version is approved.
approved_answers = Table(
    "approved_answers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("source", JSON(none_as_null=True)),
    Column("referral", JSON(none_as_null=True)),
    Column("variants", JSON, nullable=False, server_default="[]"),
    Column("year", Integer),
    Column("author", String(64), nullable=False),
    Column("approver", String(64), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("origin", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

# What the office has switched: `kind` is model, topic, announcement or service.
switches = Table(
    "switches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("topic", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("begins", DateTime(timezone=True), nullable=False),
    Column("ends", DateTime(timezone=True)),
    Column("lifted", DateTime(timezone=True)),
)

# What an agent looked up while a caller waited, and how it ended.
lookups = Table(
    "lookups",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("agent", String(64), nullable=False, index=True),
    Column("query", Text, nullable=False),
    Column("source", String(80), nullable=False),
    Column("script", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("call", String(32), nullable=False, server_default="", index=True),
)

# Whether a sampled answer was right, as somebody of the office judged; `at` is when it was asked.
judgements = Table(
    "judgements",
    metadata,
    Column("answer_id", String(32), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("correct", Boolean, nullable=False),
    Column("judge", String(64), nullable=False),
    Column("judged", DateTime(timezone=True), nullable=False),
)

# Residents' complaints. `contact` is the only column with personal data, and only if given.
complaints = Table(
    "complaints",
    metadata,
    Column("receipt", String(16), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("text", Text, nullable=False),
    Column("contact", String(100), nullable=False),
    Column("reply", Text, nullable=False),
    Column("handled", DateTime(timezone=True), index=True),
    Column("handler", String(64), nullable=False),
)

# A document to be put up or taken down by two persons. `act` is put_up or take_down; `state` is draft, handed_in,
# released or dropped.
document_proposals = Table(
    "document_proposals",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("act", String(16), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("document", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("author", String(64), nullable=False),
    Column("handed_in_by", String(64), nullable=False),
    Column("decided_by", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
