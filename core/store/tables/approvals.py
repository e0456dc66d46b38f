"""Approvals of holds by several people, and who decides for whom while somebody is away."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table

from core.store.tables.base import metadata
from core.store.types import Day, Instant, Json

#: one row for each decision that is asked for; what is handed on or overdue ends, and another row takes its place
approvals = Table(
    "approvals",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("hold_id", BigInteger, nullable=False),
    Column("order_id", BigInteger, nullable=False, index=True),
    #: counts the times that it was asked for, from 1; a declined hold may be asked for again
    Column("round", Integer, nullable=False),
    #: which step of the flow, and which place in it, both from 0
    Column("step", Integer, nullable=False),
    Column("slot", Integer, nullable=False),
    #: the steps of the flow as they were when it began: ``[{"roles": [...], "needs": "all"}]``
    Column("steps", Json, nullable=False),
    Column("role", String(50), nullable=False),
    #: who alone decides, and until when; without an end until it is decided
    Column("assignee", String(100)),
    Column("until", Instant),
    #: the rule or person that asked for it, and why
    Column("asked_by", String(100), nullable=False),
    Column("why", String(500), nullable=False),
    Column("rule_version", String(20), nullable=False),
    #: pending, approved, declined, expired, delegated
    Column("state", String(10), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(100)),
    #: whose right it was, where somebody decided for another
    Column("on_behalf_of", String(100)),
    Column("reason", String(500)),
    Index("ix_approvals_hold_id", "hold_id"),
    Index("ix_approvals_state", "state"),
)

#: who decides in place of somebody who is away, on days of our time zone, both included
delegations = Table(
    "delegations",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("from_user", String(100), nullable=False),
    Column("to_user", String(100), nullable=False, index=True),
    Column("valid_from", Day, nullable=False),
    Column("valid_to", Day, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended", Boolean, nullable=False),
)
