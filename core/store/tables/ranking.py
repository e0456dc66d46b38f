"""The priority of every order that is still to be done."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant, Json

#: one row an open order, as it was last ranked; an order that is finished has none
order_priorities = Table(
    "order_priorities",
    metadata,
    Column("order_id", BigInteger, primary_key=True, autoincrement=False),
    Column("score", Integer, nullable=False),
    #: name, points and why of each part; they sum up to the score
    Column("parts", Json, nullable=False),
    #: of the rulebook that it was counted by
    Column("rule_version", String(20), nullable=False),
    #: since when it has this score
    Column("at", Instant, nullable=False),
    Index("ix_order_priorities_score", "score"),
)
