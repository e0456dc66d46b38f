"""Customers' own words: feedback on an order, and what became of it."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant

#: one row a piece of feedback; append-only, what is done about it is a task
feedback = Table(
    "feedback",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("order_id", BigInteger, nullable=False, index=True),
    Column("partner_id", BigInteger, nullable=False),
    #: 1 (bad) to 5 (good)
    Column("rating", Integer, nullable=False),
    Column("text", String(2000), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(100), nullable=False),
    Index("ix_feedback_partner_id_id", "partner_id", "id"),
)
