"""E-commerce stores: what they delivered, their orders as we know them, and what they are told."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, text

from core.store.tables.base import metadata
from core.store.types import Instant, Json

#: every verified delivery of a webhook, with its body: kept before it is answered, worked on later
shop_deliveries = Table(
    "shop_deliveries",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("platform", String(30), nullable=False),
    Column("store", String(100), nullable=False),
    #: the platform's own, which tells a repeat
    Column("delivery_id", String(200), nullable=False),
    Column("topic", String(100), nullable=False),
    Column("body", LargeBinary, nullable=False),
    #: when the platform says it happened, where it does
    Column("told_at", Instant),
    Column("received_at", Instant, nullable=False),
    #: queued, fetching (an outside call), done, ignored, failed (a person must look)
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("worker_id", Integer),
    Column("shop_id", String(100)),
    #: what was fetched for a thin body, the source and document that it became, what it did
    Column("fetched", LargeBinary),
    Column("source_id", BigInteger),
    Column("document_id", BigInteger),
    Column("effect", String(300)),
    Column("problem", Json),
    Index("ix_shop_deliveries_platform_store_delivery_id", "platform", "store", "delivery_id", unique=True),
    Index(
        "ix_shop_deliveries_failed",
        "id",
        sqlite_where=text("state = 'failed'"),
        postgresql_where=text("state = 'failed'"),
    ),
    Index(
        "ix_shop_deliveries_due_at",
        "due_at",
        sqlite_where=text("state IN ('queued', 'fetching')"),
        postgresql_where=text("state IN ('queued', 'fetching')"),
    ),
)

#: one row an order of a shop; its lock puts the deliveries of that order in a row
shop_orders = Table(
    "shop_orders",
    metadata,
    Column("platform", String(30), primary_key=True),
    Column("store", String(100), primary_key=True),
    Column("shop_id", String(100), primary_key=True),
    #: NULL until it is placed
    Column("order_id", BigInteger),
    #: the latest snapshot that was applied (canonical JSON) and when the shop says it was made
    Column("snapshot", Json),
    Column("updated_at", Instant),
    #: facts that only grow, whichever came first: cancelled, deleted, paid, refunds by their ids
    Column("facts", Json, nullable=False),
    Column("line_ids", Json, nullable=False),
    Index("ix_shop_orders_order_id", "order_id", unique=True),
)

#: what a shop is to be told of its order, made from the stream of events; told in the order of each order's facts
shop_news = Table(
    "shop_news",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("platform", String(30), nullable=False),
    Column("store", String(100), nullable=False),
    Column("shop_id", String(100), nullable=False),
    Column("order_id", BigInteger, nullable=False),
    Column("event_id", BigInteger, nullable=False),
    #: the position of the event in the stream
    Column("seal", BigInteger, nullable=False),
    #: confirmed, shipped, delivered, rest_cancelled, cancelled, declined
    Column("kind", String(20), nullable=False),
    Column("payload", Json, nullable=False),
    #: queued, attempting, told, nothing (the platform has no place for it), dead
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("worker_id", Integer),
    Column("created_at", Instant, nullable=False),
    Column("told_at", Instant),
    Column("last_error", String(300)),
    Index("ix_shop_news_order_id_event_id_kind", "order_id", "event_id", "kind", unique=True),
    Index(
        "ix_shop_news_dead",
        "id",
        sqlite_where=text("state = 'dead'"),
        postgresql_where=text("state = 'dead'"),
    ),
    Index(
        "ix_shop_news_due_at",
        "due_at",
        sqlite_where=text("state IN ('queued', 'attempting')"),
        postgresql_where=text("state IN ('queued', 'attempting')"),
    ),
)
