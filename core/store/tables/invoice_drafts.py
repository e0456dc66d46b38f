"""Invoices that wait for their approval: they take a number when they are issued, so that numbers stay without gap."""

from sqlalchemy import BigInteger, Column, Index, String, Table, text

from core.store.tables.base import metadata
from core.store.types import Instant, money

invoice_drafts = Table(
    "invoice_drafts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("shipment_id", BigInteger, nullable=False),
    Column("order_id", BigInteger, nullable=False, index=True),
    #: as it was when drafted; what is issued follows from the day of its issue
    Column("total", money(), nullable=False),
    Column("currency", String(3), nullable=False),
    #: who approves it
    Column("role", String(50), nullable=False),
    Column("rule_version", String(20), nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("why", String(500), nullable=False),
    #: draft, issued, declined
    Column("state", String(10), nullable=False),
    Column("decided_by", String(100)),
    Column("decided_at", Instant),
    Column("reason", String(500)),
    Column("invoice_id", BigInteger),
    Index(
        "ix_invoice_drafts_shipment_id",
        "shipment_id",
        unique=True,
        sqlite_where=text("state = 'draft'"),
        postgresql_where=text("state = 'draft'"),
    ),
)
