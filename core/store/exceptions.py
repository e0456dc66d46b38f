"""Exceptions that our people hear of: open holds and alerts, and which of them were told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select

from core.store.engine import Tx
from core.store.tables.intake import alerts
from core.store.tables.master import users
from core.store.tables.notices import told_exceptions
from core.store.tables.ordering import holds, orders


class Raised(NamedTuple):
    """One exception: a hold of an order or an alert; ``severity`` is which of both."""

    id: int
    code: str
    subject: str
    reason: str
    severity: str


def untold(tx: Tx, since: datetime) -> list[Raised]:
    """Return the open holds and alerts of *since* that nobody was told of, oldest first."""
    told = select(told_exceptions.c.subject_id)
    held = (
        select(holds.c.id, holds.c.code, orders.c.number, holds.c.reason)
        .join(orders, orders.c.id == holds.c.order_id)
        .where(holds.c.released_at.is_(None), holds.c.set_at >= since, holds.c.id.not_in(told), ~orders.c.test)
        .order_by(holds.c.id)
    )
    raised = (
        select(alerts.c.id, alerts.c.kind, alerts.c.subject, alerts.c.message)
        .where(alerts.c.closed_at.is_(None), alerts.c.opened_at >= since, alerts.c.id.not_in(told))
        .order_by(alerts.c.id)
    )
    found = [Raised(row.id, row.code, row.number, row.reason, "hold") for row in tx.execute(held)]
    return found + [Raised(row.id, row.kind, row.subject, row.message, "alert") for row in tx.execute(raised)]


def mark_told(tx: Tx, ids: Sequence[int], notice_id: int) -> None:
    """Note that a notice told of these exceptions."""
    tx.execute(insert(told_exceptions), [{"subject_id": one, "notice_id": notice_id} for one in ids])


def people_of(tx: Tx, role: str) -> list[str]:
    """Return the mail addresses of the users with *role*, by name."""
    statement = select(users.c.email, users.c.roles).where(users.c.email != "").order_by(users.c.name)
    return [row.email for row in tx.execute(statement) if role in row.roles]
