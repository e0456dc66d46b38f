"""What goes out: outbox rows (facts to tell), transmissions (rendered bytes), attempts, timers."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, text

from core.store.tables.base import metadata
from core.store.types import Instant, Json

#: one row a message to tell, written in the transaction of the fact it tells
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("partner_id", BigInteger, nullable=False),
    #: CONTRL, ORDRSP, DESADV, INVOIC, BOOKING
    Column("type", String(10), nullable=False),
    #: the source whose replies are rendered together; NULL renders alone
    Column("source_id", BigInteger),
    Column("interchange_id", BigInteger),
    Column("order_id", BigInteger),
    Column("document_id", BigInteger),
    #: names immutable versions: revision and answer, shipment, invoice
    Column("payload", Json, nullable=False),
    Column("test", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("transmission_id", BigInteger),
    Index("ix_outbox_order_id", "order_id"),
    Index("ix_outbox_transmission_id", "transmission_id"),
    Index(
        "ix_outbox_unrendered",
        "id",
        sqlite_where=text("transmission_id IS NULL"),
        postgresql_where=text("transmission_id IS NULL"),
    ),
)

#: one outbound interchange (or carrier call): bytes and reference are fixed before the first attempt
transmissions = Table(
    "transmissions",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("partner_id", BigInteger, nullable=False),
    Column("endpoint", String(100), nullable=False),
    Column("type", String(10), nullable=False),
    Column("control_reference", String(35), nullable=False),
    Column("filename", String(120), nullable=False),
    Column("source_id", BigInteger),
    Column("test", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    #: queued, attempting, sent, acknowledged, refused, expired (no acknowledgement in time), reissued
    Column("state", String(20), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("worker_id", Integer),
    Column("sent_at", Instant),
    Column("last_error", String(500)),
    #: what the partner said of it, by its last acknowledgement (``core.messaging.answers``)
    Column("answer", Json),
    Index(
        "ix_transmissions_open",
        "partner_id",
        "endpoint",
        "id",
        sqlite_where=text("state IN ('queued', 'attempting')"),
        postgresql_where=text("state IN ('queued', 'attempting')"),
    ),
    Index("ix_transmissions_partner_reference", "partner_id", "control_reference"),
    Index("ix_transmissions_source_id", "source_id"),
)

transmission_bytes = Table(
    "transmission_bytes",
    metadata,
    Column("transmission_id", BigInteger, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

#: every try, with its receipt or its error
attempts = Table(
    "attempts",
    metadata,
    Column("transmission_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("worker_id", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String(20)),
    Column("detail", String(500)),
)

#: every deadline is a row; firing it deletes it in the transaction of its work (decision 9, invariant 9)
timers = Table(
    "timers",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("payload", Json, nullable=False),
    #: outside calls: who is on it, since when
    Column("worker_id", Integer),
    Column("attempts", Integer, nullable=False),
    Index("ix_timers_due_at", "due_at"),
    Index("ix_timers_subject_id", "subject_id"),
)

#: processes that hold claims; a dead one's claims are free at once (decision 2)
workers = Table(
    "workers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("host", String(200), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", String(40), nullable=False),
    Column("role", String(20), nullable=False),
    Column("heartbeat_at", BigInteger, nullable=False),
)
