"""Who is told of events by HTTP, what was told, and every try."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, String, Table, Text, text

from core.store.tables.base import metadata
from core.store.types import Instant, Json

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(100), nullable=False),
    Column("url", String(2000), nullable=False),
    #: the only partner it hears of; NULL hears of all
    Column("partner_id", BigInteger),
    #: patterns of events, channels and order types; empty lists are all
    Column("events", Json, nullable=False),
    Column("channels", Json, nullable=False),
    Column("order_types", Json, nullable=False),
    Column("tests", Boolean, nullable=False),
    #: active, paused (by a person), disabled (by the other side or after too many failures)
    Column("state", String(10), nullable=False),
    Column("state_reason", String(300), nullable=False),
    #: which secret is signed with, until when the one before counts as well, and what both can be recognised by
    Column("secret_generation", Integer, nullable=False),
    Column("previous_secret_until", Instant),
    Column("secret_check", LargeBinary(8), nullable=False),
    #: position in the stream up to which deliveries were made
    Column("cursor", BigInteger, nullable=False),
    #: how many deliveries were made: each carries its number, so that a receiver can sort and see a gap
    Column("made", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("deleted_at", Instant),
)

hook_deliveries = Table(
    "hook_deliveries",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("subscription_id", BigInteger, nullable=False),
    #: counts 1, 2, 3 ... within its subscription
    Column("position", BigInteger, nullable=False),
    #: 0 for a test delivery, which tells of no order
    Column("event_id", BigInteger, nullable=False),
    Column("order_id", BigInteger, nullable=False),
    Column("seal", BigInteger, nullable=False),
    Column("event", String(40), nullable=False),
    #: made by a replay: who asked
    Column("replayed_by", String(100)),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("delivered_at", Instant),
    Column("worker_id", Integer),
    Column("last_status", Integer),
    Column("last_error", String(300)),
    Index("ix_hook_deliveries_subscription_id_position", "subscription_id", "position", unique=True),
    Index(
        "ix_hook_deliveries_dead",
        "id",
        sqlite_where=text("state = 'dead'"),
        postgresql_where=text("state = 'dead'"),
    ),
    Index(
        "ix_hook_deliveries_open",
        "subscription_id",
        "order_id",
        "position",
        sqlite_where=text("state IN ('queued', 'attempting')"),
        postgresql_where=text("state IN ('queued', 'attempting')"),
    ),
    Index(
        "ix_hook_deliveries_due_at",
        "due_at",
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
)

#: every try: what was asked, what came back
hook_attempts = Table(
    "hook_attempts",
    metadata,
    Column("delivery_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("status", Integer),
    Column("error", String(300)),
    #: the first bytes of the answer, as text
    Column("answer", Text, nullable=False),
)
