"""Rows of feedback on orders."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from core.store.engine import Tx
from core.store.tables.customers import feedback
from core.store.tables.master import partners
from core.store.tables.ordering import orders


def add_feedback(tx: Tx, **values: Any) -> int:
    """Keep one piece of feedback and return its id."""
    feedback_id = tx.ids.next()
    tx.execute(insert(feedback).values(id=feedback_id, **values))
    return feedback_id


def page_of_feedback(
    tx: Tx, *, order: str | None, partner: str | None, most_rating: int | None, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """Return feedback with ``number`` and ``partner``, the latest first, those under the id *before* if it is given."""
    statement = (
        select(feedback, orders.c.number, partners.c.code.label("partner"))
        .join(orders, orders.c.id == feedback.c.order_id)
        .join(partners, partners.c.id == feedback.c.partner_id)
        .order_by(feedback.c.id.desc())
        .limit(limit)
    )
    for column, wanted in ((orders.c.number, order), (partners.c.code, partner)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if most_rating is not None:
        statement = statement.where(feedback.c.rating <= most_rating)
    if before is not None:
        statement = statement.where(feedback.c.id < before)
    return [dict(row) for row in tx.execute(statement).mappings()]
