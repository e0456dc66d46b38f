"""Requests for special prices: what was asked for, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.pricing import price_requests


def add(tx: Tx, row: Mapping[str, Any]) -> None:
    """Keep a request."""
    tx.execute(insert(price_requests), row)


def get(tx: Tx, number: str, *, lock: bool = False) -> dict[str, Any]:
    """Return a request.

    Raises:
        NotFound: there is none of that number.
    """
    statement = select(price_requests).where(price_requests.c.number == number)
    row = tx.execute(statement.with_for_update() if lock and not tx.is_sqlite else statement).mappings().first()
    if row is None:
        raise NotFound(f"there is no price request {number}")
    return dict(row)


def decide(tx: Tx, number: str, state: str, *, actor: str, at: datetime, reason: str) -> None:
    """Keep who decided on a request, and how."""
    values = {"state": state, "decided_by": actor, "decided_at": at, "decision": reason[:500]}
    tx.execute(update(price_requests).where(price_requests.c.number == number).values(**values))
