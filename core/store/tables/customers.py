"""Customers: what they say of orders, the rebates that are agreed with them, and who changed what of them."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant, Json

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

#: what a customer earns on its turnover of a year, by turnover or by growth
rebates = Table(
    "rebates",
    metadata,
    Column("partner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("year", Integer, primary_key=True, autoincrement=False),
    #: annual, growth
    Column("kind", String(10), primary_key=True),
    #: the contract that says so, "" where it is none
    Column("contract", String(35), nullable=False),
    #: [{"at_least", "percent"}], decimals as text
    Column("steps", Json, nullable=False),
)

#: one row a change of a partner's master data; append-only
partner_changes = Table(
    "partner_changes",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("partner_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("reason", String(500), nullable=False),
    #: the keys that differ, as they were; NULL when the partner is new
    Column("before", Json),
    Column("after", Json, nullable=False),
    Index("ix_partner_changes_partner_id_id", "partner_id", "id"),
)
