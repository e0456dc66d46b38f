"""Rows of what was decided on the warehouse and the team of an order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite

from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.tables.sourcing import order_assignments


class Assignment(NamedTuple):
    """One decision; ``decision`` is JSON-ready."""

    order_id: int
    warehouse: str
    team: str
    rule: str
    rule_version: str
    decision: dict[str, Any]
    at: datetime


def assign(tx: Tx, rows: Sequence[Assignment]) -> None:
    """Keep *rows*, each in place of the decision before."""
    if not rows:
        return
    make: Any = sqlite.insert if tx.is_sqlite else postgresql.insert
    statement = make(order_assignments)
    kept = {name: statement.excluded[name] for name in Assignment._fields if name != "order_id"}
    statement = statement.on_conflict_do_update(index_elements=["order_id"], set_=kept)
    tx.execute(statement, [row._asdict() for row in rows])


def assignments_of(tx: Tx, order_ids: Collection[int]) -> dict[int, Assignment]:
    """Return the decision on each of *order_ids* that has one."""
    rows = tx.execute(_of(is_sqlite=tx.is_sqlite), {"ids": listed(tx, sorted(order_ids))})
    return {row.order_id: Assignment._make(row) for row in rows}


@cache
def _of(*, is_sqlite: bool) -> Select[Any]:
    return select(order_assignments).where(among(order_assignments.c.order_id, "ids", is_sqlite=is_sqlite))
