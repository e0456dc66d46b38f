"""Returns: the request, what it is about, and what became of it."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant, Json, quantity

rmas = Table(
    "rmas",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    #: ``RMA-<year>-<serial>``, gap-free within a year
    Column("number", String(32), nullable=False, unique=True),
    Column("order_id", BigInteger, nullable=False, index=True),
    Column("partner_id", BigInteger, nullable=False, index=True),
    #: authorised, refused (the states after them belong to what receives the goods)
    Column("state", String(12), nullable=False),
    #: damaged, defective, wrong_item, not_wanted, late, other; and the customer's own words
    Column("reason", String(20), nullable=False),
    Column("words", String(500), nullable=False),
    Column("requested_by", String(100), nullable=False),
    Column("requested_at", Instant, nullable=False),
    #: the rule or person that decided, why, from what, under which version
    Column("decided_by", String(100), nullable=False),
    Column("because", String(500), nullable=False),
    Column("inputs", Json, nullable=False),
    Column("rule_version", String(20), nullable=False),
)

rma_lines = Table(
    "rma_lines",
    metadata,
    Column("rma_id", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("quantity", quantity(), nullable=False),
)
