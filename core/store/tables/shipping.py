"""Shipments, packages, carrier bookings and tracking; invoices."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from core.store.tables.base import metadata
from core.store.types import Day, Instant, Json, Scaled, money, price, quantity

shipments = Table(
    "shipments",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    #: despatch advice number, gap-free
    Column("number", String(32), nullable=False, unique=True),
    Column("order_id", BigInteger, nullable=False, index=True),
    Column("partner_id", BigInteger, nullable=False),
    Column("carrier", String(35), nullable=False),
    #: packed, booking, booked, refused, shipped, in_transit, delivered, exception, cancelled
    Column("state", String(20), nullable=False),
    #: ours; makes the booking idempotent
    Column("booking_reference", String(35), nullable=False, unique=True),
    Column("tracking_number", String(50)),
    Column("packed_at", Instant, nullable=False),
    Column("shipped_at", Instant),
    Column("delivered_at", Instant),
    Column("signed_by", String(100)),
)

packages = Table(
    "packages",
    metadata,
    Column("sscc", String(18), primary_key=True),
    Column("shipment_id", BigInteger, nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("weight_kg", quantity()),
    #: [{"line", "quantity"}], quantities as text
    Column("content", Json, nullable=False),
    Column("label_type", String(50)),
    Column("label", LargeBinary),
)

#: carrier facts; the carrier's event id makes a repeat harmless
tracking_events = Table(
    "tracking_events",
    metadata,
    Column("shipment_id", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String(80), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("at", Instant, nullable=False),
    Column("place", String(100), nullable=False),
    Column("detail", String(300), nullable=False),
    Column("document_id", BigInteger, nullable=False),
)

invoices = Table(
    "invoices",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", String(32), nullable=False, unique=True),
    Column("order_id", BigInteger, nullable=False),
    Column("shipment_id", BigInteger, nullable=False, unique=True),
    Column("partner_id", BigInteger, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("due", Day, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("net", money(), nullable=False),
    Column("tax", money(), nullable=False),
    Column("total", money(), nullable=False),
    #: issued, part_paid, paid, void
    Column("state", String(10), nullable=False),
    #: the rule or person that approved it (ARCHITECTURE decision 15)
    Column("approved_by", String(100), nullable=False),
    Index("ix_invoices_order_id", "order_id"),
)

invoice_lines = Table(
    "invoice_lines",
    metadata,
    Column("invoice_id", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("quantity", quantity(), nullable=False),
    Column("price", price(), nullable=False),
    Column("net", money(), nullable=False),
    Column("tax_rate", Scaled(4), nullable=False),
)

#: what an invoice charges (below 0: allows) beside its lines; copied from the order, which may change afterwards
invoice_charges = Table(
    "invoice_charges",
    metadata,
    Column("invoice_id", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    #: of the order; 0 for one of the whole order
    Column("line", Integer, nullable=False),
    Column("label", String(256), nullable=False),
    Column("reference", String(100), nullable=False),
    #: UN data element 7161
    Column("code", String(3), nullable=False),
    Column("amount", money(), nullable=False),
    Column("tax_rate", Scaled(4), nullable=False),
    #: UN data element 5305
    Column("tax_category", String(3), nullable=False),
)
