"""Where orders and master data say different things, and what was decided on it."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant

#: one row a field of an order that differs; it is open until it is decided
discrepancies = Table(
    "discrepancies",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("order_id", BigInteger, nullable=False),
    Column("partner_id", BigInteger, nullable=False),
    #: the path in the order; ``line`` for what a line says
    Column("field", String(40), nullable=False),
    Column("line", Integer),
    #: the GLN of the address or the SKU of the item that the master data has, "" for the customer itself
    Column("key", String(35), nullable=False),
    Column("order_value", String(256), nullable=False),
    Column("master_value", String(256), nullable=False),
    Column("found_at", BigInteger, nullable=False),
    #: keep_order, update_master, or overtaken (by a change)
    Column("decision", String(15)),
    Column("decided_at", Instant),
    Column("decided_by", String(100)),
    Column("reason", String(500)),
    Index("ix_discrepancies_order_id", "order_id"),
    Index("ix_discrepancies_decision_id", "decision", "id"),
)
