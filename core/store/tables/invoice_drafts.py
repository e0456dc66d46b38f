"""Invoices that wait for their approval: they take a number when they are issued, so that numbers stay without gap."""

from sqlalchemy import BigInteger, Column, Index, String, Table, text

from core.store.tables.base import metadata
from core.store.types import Instant, Json, money

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
    #: of a credit note: the invoice that it corrects, what for (the id of a refund) and its parts
    Column("corrects_id", BigInteger, index=True),
    Column("reference", String(100), nullable=False, server_default=""),
    Column("parts", Json),
    Index(
        "ix_invoice_drafts_shipment_id",
        "shipment_id",
        unique=True,
        sqlite_where=text("state = 'draft' AND corrects_id IS NULL"),
        postgresql_where=text("state = 'draft' AND corrects_id IS NULL"),
    ),
)

#: issued credit notes (INVOIC, BGM 381); they never change
credit_notes = Table(
    "credit_notes",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    #: ``CN-<year>-<serial>``, gap-free within a year
    Column("number", String(32), nullable=False, unique=True),
    Column("draft_id", BigInteger, nullable=False, unique=True),
    Column("order_id", BigInteger, nullable=False, index=True),
    Column("invoice_id", BigInteger, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("net", money(), nullable=False),
    Column("tax", money(), nullable=False),
    Column("total", money(), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("parts", Json, nullable=False),
    Column("approved_by", String(100), nullable=False),
)
