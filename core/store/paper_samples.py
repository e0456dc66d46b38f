"""Rows of papers that were drawn to be read once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, insert, select, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.ordering import orders
from core.store.tables.paper_samples import paper_samples
from core.store.tables.papers import paper_parts

Row = dict[str, Any]

#: the version of a sample that nobody answered yet
_FIRST = 1
_SAID = (*paper_samples.c, orders.c.number.label("order"))


def add(tx: Tx, values: Mapping[str, Any]) -> int:
    """Keep a sample and return its id."""
    sample_id = tx.ids.next()
    blank = {"state": "open", "version": _FIRST, "compared": 0, "differ": 0, "findings": [], "wrong": 0}
    tx.execute(insert(paper_samples), {"id": sample_id, **blank, **values})
    return sample_id


def is_sampled(tx: Tx, partner: str, paper_class: str) -> bool:
    """Tell whether anything of a customer and class was ever drawn."""
    mine = (paper_samples.c.partner == partner) & (paper_samples.c["class"] == paper_class)
    return tx.execute(select(paper_samples.c.id).where(mine).limit(1)).first() is not None


def straight_through(tx: Tx, partner: str, paper_class: str, *, limit: int) -> int:
    """Return how many papers of a customer and class became orders by themselves; no more than *limit* are counted."""
    some = (
        select(paper_parts.c.source_id)
        .where(paper_parts.c.partner == partner, paper_parts.c["class"] == paper_class)
        .where(paper_parts.c.became == "order", paper_parts.c.draft_id.is_(None))
        .limit(limit)
        .subquery()
    )
    return int(tx.execute(select(func.count()).select_from(some)).scalar_one())


def get(tx: Tx, sample_id: int, *, lock: bool = False) -> Row:
    """Return a sample with the number of its order as ``order``.

    Raises:
        NotFound: there is none of that id.
    """
    statement = (
        select(*_SAID).join(orders, orders.c.id == paper_samples.c.order_id).where(paper_samples.c.id == sample_id)
    )
    if lock and not tx.is_sqlite:
        statement = statement.with_for_update(of=paper_samples)
    row = tx.execute(statement).mappings().first()
    if row is None:
        raise NotFound(f"there is no sample {sample_id}", hint="`ordergate papers samples list` has those drawn.")
    return dict(row)


def page(tx: Tx, *, state: str | None, paper_class: str | None, before: int | None, limit: int) -> list[Row]:
    """Return at most *limit* samples, the newest first, those older than the id *before*."""
    statement = (
        select(*_SAID)
        .join(orders, orders.c.id == paper_samples.c.order_id)
        .order_by(paper_samples.c.id.desc())
        .limit(limit)
    )
    for column, wanted in ((paper_samples.c.state, state), (paper_samples.c["class"], paper_class)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if before is not None:
        statement = statement.where(paper_samples.c.id < before)
    return [dict(row) for row in tx.execute(statement).mappings()]


def put(tx: Tx, row: Row, values: Mapping[str, Any]) -> None:
    """Set *values* of the locked *row*; it is at its next version then."""
    changed = {**values, "version": row["version"] + 1}
    tx.execute(update(paper_samples).where(paper_samples.c.id == row["id"]).values(**changed))
