"""What is entered before it is an order: drafts and templates."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant, Json

#: a draft has no number, no stock and no credit; the order that came of it is named when it is submitted
drafts = Table(
    "drafts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    #: counts its changes: what ETag and If-Match say
    Column("version", Integer, nullable=False),
    #: open, submitted
    Column("state", String(10), nullable=False),
    #: the partner's code, "" while nothing says whose it is
    Column("partner", String(20), nullable=False),
    #: what is filled in, and by its path where each field came from
    Column("content", Json, nullable=False),
    Column("origins", Json, nullable=False),
    Column("entered_by", String(100), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    #: NULL once it is submitted: then it is kept with its order
    Column("expires_at", Instant),
    Column("order_number", String(64)),
    Index("ix_drafts_order_number", "order_number"),
)

order_templates = Table(
    "order_templates",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("name", String(70), nullable=False),
    #: whose it is; "" is the house's own, for any partner
    Column("partner", String(20), nullable=False),
    Column("content", Json, nullable=False),
    Column("changed_by", String(100), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ux_order_templates_partner_name", "partner", "name", unique=True),
)
