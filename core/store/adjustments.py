"""Rows of credit adjustments: requested, decided, expired."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.credit import credit_adjustments
from core.store.tables.master import partners

_ALL = select(credit_adjustments, partners.c.code.label("partner")).join(
    partners, partners.c.id == credit_adjustments.c.partner_id
)


def insert_adjustment(tx: Tx, **values: Any) -> int:
    """Add a request and return its id."""
    adjustment_id = tx.ids.next()
    tx.execute(insert(credit_adjustments).values(id=adjustment_id, state="requested", **values))
    return adjustment_id


def adjustment(tx: Tx, adjustment_id: int, *, lock: bool = False) -> dict[str, Any]:
    """Return one with its partner's code as ``partner``.

    Raises:
        NotFound: there is none.
    """
    statement = _ALL.where(credit_adjustments.c.id == adjustment_id)
    if lock and not tx.is_sqlite:
        statement = statement.with_for_update(of=credit_adjustments)
    row = tx.execute(statement).mappings().first()
    if row is None:
        raise NotFound(f"there is no credit adjustment {adjustment_id}")
    return dict(row)


def decide(tx: Tx, adjustment_id: int, state: str, *, actor: str, at: datetime, reason: str) -> None:
    """Set the decision on a request."""
    tx.execute(
        update(credit_adjustments)
        .where(credit_adjustments.c.id == adjustment_id)
        .values(state=state, decided_by=actor, decided_at=at, decision_reason=reason)
    )


def expire(tx: Tx, adjustment_id: int) -> bool:
    """Say that it counts no more, and whether it did; those who decided on it stay named."""
    result = tx.execute(
        update(credit_adjustments)
        .where(credit_adjustments.c.id == adjustment_id, credit_adjustments.c.state.in_(("requested", "approved")))
        .values(state="expired")
    )
    return result.rowcount == 1


def adjustments(
    tx: Tx, *, partner_id: int | None, state: str | None, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """Return up to *limit*, the latest first, those under the id *before* where it is given."""
    statement = _ALL.order_by(credit_adjustments.c.id.desc()).limit(limit)
    if partner_id is not None:
        statement = statement.where(credit_adjustments.c.partner_id == partner_id)
    if state is not None:
        statement = statement.where(credit_adjustments.c.state == state)
    if before is not None:
        statement = statement.where(credit_adjustments.c.id < before)
    return [dict(row) for row in tx.execute(statement).mappings()]
