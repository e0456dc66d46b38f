"""From which warehouse an order is served, and which team looks after it."""

from sqlalchemy import BigInteger, Column, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant, Json

#: the last decision of an order; none where nothing was to be chosen
order_assignments = Table(
    "order_assignments",
    metadata,
    Column("order_id", BigInteger, primary_key=True, autoincrement=False),
    #: that ships it, of several the first
    Column("warehouse", String(20), nullable=False),
    Column("team", String(100), nullable=False),
    #: the route that decided, or sourcing.cost
    Column("rule", String(100), nullable=False),
    Column("rule_version", String(20), nullable=False),
    #: what was compared and chosen, and why (core.ordering.sourcing)
    Column("decision", Json, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
