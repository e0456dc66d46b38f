"""Rows of order templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.entry import order_templates

Row = dict[str, Any]


def add(tx: Tx, row: Mapping[str, Any]) -> None:
    """Keep a new template."""
    tx.execute(insert(order_templates), row)


def get(tx: Tx, template_id: int, *, partner: str | None = None, lock: bool = False) -> Row:
    """Return a template; *partner* sees its own and those of the house.

    Raises:
        NotFound: there is none of that id, or it is another partner's.
    """
    statement = select(order_templates).where(order_templates.c.id == template_id)
    row = tx.execute(statement.with_for_update() if lock and not tx.is_sqlite else statement).mappings().first()
    if row is None or (partner is not None and row["partner"] not in ("", partner)):
        raise NotFound(f"there is no order template {template_id}")
    return dict(row)


def named(tx: Tx, partner: str, name: str) -> int | None:
    """Return the id of the template of *partner* ("" for the house) that is called *name*, None when there is none."""
    wanted = (order_templates.c.partner == partner, order_templates.c.name == name)
    found: int | None = tx.execute(select(order_templates.c.id).where(*wanted)).scalar_one_or_none()
    return found


def put(tx: Tx, template_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of a template."""
    tx.execute(update(order_templates).where(order_templates.c.id == template_id).values(**values))


def remove(tx: Tx, template_id: int) -> None:
    """Remove a template."""
    tx.execute(delete(order_templates).where(order_templates.c.id == template_id))


def page(tx: Tx, *, partner: str | None, after: int | None, limit: int) -> list[Row]:
    """Return at most *limit* templates by id, those behind *after*; of *partner* and of the house, None for all."""
    statement = select(order_templates)
    if partner is not None:
        statement = statement.where(or_(order_templates.c.partner == partner, order_templates.c.partner == ""))
    if after is not None:
        statement = statement.where(order_templates.c.id > after)
    return [dict(row) for row in tx.execute(statement.order_by(order_templates.c.id).limit(limit)).mappings()]
