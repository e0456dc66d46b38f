"""Credit: payments and what they paid, temporary limits, invoiced months, grades given, daily warnings."""

from sqlalchemy import BigInteger, Column, Index, String, Table

from core.store.tables.base import metadata
from core.store.types import Day, Instant, Json, money

#: what a partner paid, once per reference of its bank; ``unapplied`` is what no invoice has taken yet
payments = Table(
    "payments",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("partner_id", BigInteger, nullable=False),
    Column("reference", String(70), nullable=False),
    #: the order that it pays in advance
    Column("order_id", BigInteger, index=True),
    Column("amount", money(), nullable=False),
    Column("unapplied", money(), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("paid_on", Day, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(100), nullable=False),
    #: the bank took it back; it pays nothing any more
    Column("reversed_at", Instant),
    #: at which it counts on the account, as text; NULL in the account's own currency
    Column("credit_rate", String(30)),
    Index("ix_payments_partner_id_reference", "partner_id", "reference", unique=True),
)

#: which invoice a payment went to, and by when that was due
payment_parts = Table(
    "payment_parts",
    metadata,
    Column("payment_id", BigInteger, primary_key=True, autoincrement=False),
    Column("invoice", String(35), primary_key=True),
    Column("due", Day, nullable=False),
    Column("amount", money(), nullable=False),
)

#: temporary limits, guarantees and payment plans, each with its request and decision; they count until ``expires_at``
credit_adjustments = Table(
    "credit_adjustments",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("partner_id", BigInteger, nullable=False, index=True),
    #: limit, guarantee, payment_plan
    Column("kind", String(15), nullable=False),
    Column("amount", money(), nullable=False),
    Column("reason", String(500), nullable=False),
    #: the last day in our own time zone, and the instant at which it is over
    Column("valid_to", Day, nullable=False),
    Column("expires_at", Instant, nullable=False),
    #: requested, approved, declined, expired
    Column("state", String(10), nullable=False),
    #: who may approve it, by its amount
    Column("release_role", String(50), nullable=False),
    Column("rule_version", String(20), nullable=False),
    Column("requested_by", String(100), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("decided_by", String(100)),
    Column("decided_at", Instant),
    Column("decision_reason", String(500)),
)

#: net of our own invoices by month, beside ``sales_history`` from before us
invoiced_months = Table(
    "invoiced_months",
    metadata,
    Column("partner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("month", String(7), primary_key=True),
    Column("amount", money(), nullable=False),
)

#: every grade that was given by a person, with the reason
credit_grades = Table(
    "credit_grades",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("partner_id", BigInteger, nullable=False, index=True),
    Column("grade", String(1), nullable=False),
    Column("before", String(1)),
    Column("reason", String(500), nullable=False),
    Column("actor", String(100), nullable=False),
    Column("at", Instant, nullable=False),
)

#: the warnings of each day, as they stood when its timer fired
credit_reports = Table(
    "credit_reports",
    metadata,
    Column("day", Day, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("document", Json, nullable=False),
)
