"""Prices of all levels, what they were before, and requests for special ones."""

from sqlalchemy import BigInteger, Column, Index, String, Table

from core.store.tables.base import metadata
from core.store.types import Day, Instant, Json, Scaled, price, quantity

#: "" stands for "any" in partner, group and contract, so that the key is whole
prices = Table(
    "prices",
    metadata,
    Column("sku", String(35), primary_key=True),
    #: promotion, customer, group, tier, catalogue
    Column("level", String(10), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("partner", String(20), primary_key=True),
    Column("group_code", String(35), primary_key=True),
    #: the contract under which a customer price holds
    Column("contract", String(35), primary_key=True),
    #: a promotion's code, the number of a price request
    Column("reference", String(35), primary_key=True),
    Column("min_quantity", quantity(), primary_key=True),
    Column("valid_from", Day, primary_key=True),
    Column("valid_to", Day),
    Column("amount", price(), nullable=False),
    #: why there is such a price and who approved it: of promotions and granted requests
    Column("basis", Json),
    #: the version of the master data that wrote the row
    Column("version", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

#: append-only: rows of ``prices`` as they were from ``version`` on, until the version ``until`` replaced them
price_history = Table(
    "price_history",
    metadata,
    *(
        Column(column.name, column.type, primary_key=column.primary_key, nullable=column.nullable)
        for column in prices.columns
        if column.name != "version"
    ),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),
    Index("ix_price_history_until", "sku", "until"),
    sqlite_with_rowid=False,
)

#: what sales asked for a customer beyond its prices (PRI-09); granted ones stand in ``prices`` under their number
price_requests = Table(
    "price_requests",
    metadata,
    Column("number", String(20), primary_key=True),
    Column("partner", String(20), nullable=False),
    Column("sku", String(35), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount", price(), nullable=False),
    Column("min_quantity", quantity(), nullable=False),
    Column("valid_from", Day, nullable=False),
    Column("valid_to", Day, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("competition", String(500), nullable=False),
    Column("expected_volume", quantity(), nullable=False),
    #: whom the requester names; the role that may grant it follows from the deviation
    Column("approver", String(100), nullable=False),
    #: the price that applies without it, and by how many per cent it is below that
    Column("standard", price(), nullable=False),
    Column("deviation_percent", Scaled(4), nullable=False),
    Column("release_role", String(50), nullable=False),
    Column("rule_version", String(20), nullable=False),
    #: requested, approved, declined
    Column("state", String(10), nullable=False),
    Column("requested_by", String(100), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("decided_by", String(100)),
    Column("decided_at", Instant),
    Column("decision", String(500)),
    Index("ix_price_requests_partner_sku", "partner", "sku"),
    sqlite_with_rowid=False,
)
