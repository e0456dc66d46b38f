"""Orders, their lines, revisions, reservations, holds, numbers and the chained events."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text, text

from core.store.tables.base import metadata
from core.store.types import Day, Instant, Json, money, price, quantity

orders = Table(
    "orders",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", String(32), nullable=False, unique=True),
    Column("partner_id", BigInteger, nullable=False),
    Column("channel", String(4), nullable=False),
    Column("type", String(10), nullable=False),
    Column("test", Boolean, nullable=False),
    Column("buyer_reference", String(70), nullable=False),
    #: SHA-256 of the canonical content: tells a repeat from a number used twice
    Column("content_hash", LargeBinary(32), nullable=False),
    Column("document_id", BigInteger, nullable=False),
    Column("received_at", Instant, nullable=False),
    #: the three axes (ARCHITECTURE decision 15)
    Column("state", String(20), nullable=False),
    Column("billing", String(10), nullable=False),
    Column("payment", String(10), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("total", money(), nullable=False),
    Column("requested_date", Day),
    Column("promised_date", Day),
    Column("revision", Integer, nullable=False),
    #: at which it takes the partner's credit, as text; NULL in the account's own currency
    Column("credit_rate", String(30)),
    Index("ix_orders_partner_id_buyer_reference", "partner_id", "buyer_reference", "test", unique=True),
    Index("ix_orders_state_received_at", "state", "received_at"),
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("order_id", BigInteger, primary_key=True, autoincrement=False),
    #: the buyer's line number as sent
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("sku", String(35)),
    #: as sent (7140), so that the answer says it back; an item of ours is found by 14 digits at most
    Column("gtin", String(35), nullable=False),
    Column("buyer_code", String(35), nullable=False),
    Column("description", String(256), nullable=False),
    Column("quantity", quantity(), nullable=False),
    Column("unit", String(3), nullable=False),
    Column("price", price()),
    Column("amount", money()),
    #: open, reserved, backordered, refused, packed, shipped, delivered, cancelled
    Column("state", String(12), nullable=False),
    Column("promised_date", Day),
    Column("reserved", quantity(), nullable=False),
    sqlite_with_rowid=False,
)

#: the canonical document as received (revision 1) or as changed; immutable, hashed when confirmed
order_revisions = Table(
    "order_revisions",
    metadata,
    Column("order_id", BigInteger, primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("document_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

reservations = Table(
    "reservations",
    metadata,
    Column("order_id", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("warehouse", String(20), primary_key=True),
    Column("sku", String(35), nullable=False),
    Column("quantity", quantity(), nullable=False),
    Column("expires_at", Instant, nullable=False),
    #: active, consumed, released, expired
    Column("state", String(10), nullable=False),
    sqlite_with_rowid=False,
)

holds = Table(
    "holds",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("order_id", BigInteger, nullable=False, index=True),
    Column("code", String(30), nullable=False),
    Column("stage", String(10), nullable=False),
    Column("line", Integer),
    Column("reason", String(500), nullable=False),
    Column("inputs", Json, nullable=False),
    Column("rule", String(50), nullable=False),
    Column("rule_version", String(20), nullable=False),
    Column("release_role", String(50), nullable=False),
    Column("release_when", String(500), nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("released_at", Instant),
    Column("released_by", String(100)),
    Column("release_reason", String(500)),
)

#: gap-free serials of orders per year and channel (ARCHITECTURE decision 4)
counters = Table(
    "counters",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("channel", String(4), primary_key=True),
    Column("n", BigInteger, nullable=False),
)

#: serials that the counter gave and no order carries, each with the reason (NUM-09)
voided_serials = Table(
    "voided_serials",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("channel", String(4), primary_key=True),
    Column("serial", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", String(500), nullable=False),
    Column("actor", String(100), nullable=False),
    Column("at", Instant, nullable=False),
)

#: other gap-free serials: control references per partner, SSCC, invoices, despatch advices, workers
sequences = Table(
    "sequences",
    metadata,
    Column("name", String(50), primary_key=True),
    Column("n", BigInteger, nullable=False),
)

#: append-only and chained per aggregate; the sealer gives ``seal``, the position in the stream (decision 11)
events = Table(
    "events",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("order_id", BigInteger, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("event", String(40), nullable=False),
    Column("actor", String(100), nullable=False),
    Column("summary", String(500), nullable=False),
    Column("document_id", BigInteger),
    Column("inputs", Text, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("seal", BigInteger),
    Column("seal_hash", LargeBinary(32)),
    Index("ix_events_order_id_seq", "order_id", "seq", unique=True),
    Index("ix_events_unsealed", "id", sqlite_where=text("seal IS NULL"), postgresql_where=text("seal IS NULL")),
    Index(
        "ix_events_seal",
        "seal",
        unique=True,
        sqlite_where=text("seal IS NOT NULL"),
        postgresql_where=text("seal IS NOT NULL"),
    ),
)
