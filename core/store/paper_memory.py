"""Rows of what papers taught: added, listed, revoked; a row is never taught twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Text, func, insert, select, type_coerce, update

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.ordering import orders
from core.store.tables.paper_memory import paper_memory
from core.store.tables.papers import paper_parts, paper_sources

Row = dict[str, Any]


def add(tx: Tx, values: Mapping[str, Any]) -> None:
    """Keep a lesson under the next version of its customer's memory."""
    last = select(func.max(paper_memory.c.version)).where(paper_memory.c.partner == values["partner"])
    version = (tx.execute(last).scalar() or 0) + 1
    tx.execute(insert(paper_memory), {"id": tx.ids.next(), "version": version, **values})


def is_known(tx: Tx, partner: str, kind: str, value: str) -> bool:
    """Tell whether this was taught before, whatever became of it: what a person revoked is not learned again."""
    mine = (paper_memory.c.partner == partner) & (paper_memory.c.kind == kind) & (paper_memory.c.value == value)
    return tx.execute(select(paper_memory.c.id).where(mine).limit(1)).first() is not None


def active(tx: Tx, partner: str, kind: str) -> frozenset[str]:
    """Return what is remembered of a customer."""
    mine = (paper_memory.c.partner == partner) & (paper_memory.c.kind == kind) & (paper_memory.c.state == "active")
    return frozenset(tx.execute(select(paper_memory.c.value).where(mine)).scalars())


def partners_of(tx: Tx, kind: str, value: str) -> list[str]:
    """Return the codes of the customers of whom this is remembered."""
    wanted = (paper_memory.c.kind == kind) & (paper_memory.c.value == value) & (paper_memory.c.state == "active")
    return list(tx.execute(select(paper_memory.c.partner).where(wanted).order_by(paper_memory.c.partner)).scalars())


def page(tx: Tx, *, partner: str | None, state: str | None, before: int | None, limit: int) -> list[Row]:
    """Return at most *limit* lessons, the newest first, those older than the id *before*."""
    statement = select(paper_memory).order_by(paper_memory.c.id.desc()).limit(limit)
    for column, wanted in ((paper_memory.c.partner, partner), (paper_memory.c.state, state)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if before is not None:
        statement = statement.where(paper_memory.c.id < before)
    return [dict(row) for row in tx.execute(statement).mappings()]


def get(tx: Tx, memory_id: int, *, lock: bool = False) -> Row:
    """Return one lesson.

    Raises:
        NotFound: there is none of that id.
    """
    statement = select(paper_memory).where(paper_memory.c.id == memory_id)
    row = tx.execute(statement.with_for_update() if lock and not tx.is_sqlite else statement).mappings().first()
    if row is None:
        raise NotFound(f"nothing was remembered under {memory_id}", hint="`ordergate papers memory` lists it.")
    return dict(row)


def revoke(tx: Tx, memory_id: int, *, actor: str, at: datetime, reason: str) -> None:
    """End a lesson."""
    ended = {"state": "revoked", "revoked_by": actor[:100], "revoked_at": at, "revoked_because": reason[:500]}
    tx.execute(update(paper_memory).where(paper_memory.c.id == memory_id).values(**ended))


def read_and_meant(tx: Tx, partner: str) -> list[tuple[int, Mapping[str, Any], str]]:
    """Return (source, fields as they were judged, reference of its order) of every stored paper of a customer."""
    statement = (
        select(paper_parts.c.source_id, paper_parts.c.judgement, orders.c.buyer_reference)
        .join(orders, orders.c.id == paper_parts.c.order_id)
        .where(paper_parts.c.partner == partner, paper_parts.c.became == "order")
        .order_by(paper_parts.c.source_id)
    )
    rows = tx.execute(statement).all()
    return [(row.source_id, row.judgement["fields"], row.buyer_reference) for row in rows if row.judgement]


def others_of_sender(tx: Tx, sender: str, partner: str) -> list[tuple[int, str]]:
    """Return (source, customer) of every stored mail of *sender* that was another customer's order."""
    letter = func.lower(type_coerce(paper_sources.c.letter, Text))
    statement = (
        select(paper_sources.c.id, paper_sources.c.letter, paper_parts.c.partner)
        .join(paper_parts, paper_parts.c.source_id == paper_sources.c.id)
        .where(letter.contains(sender, autoescape=True), paper_parts.c.order_id.is_not(None))
        .where(paper_parts.c.partner != partner)
        .order_by(paper_sources.c.id)
    )
    rows = tx.execute(statement).all()
    return [
        (row.id, row.partner)
        for row in rows
        if sender in (row.letter["sender"].lower(), row.letter["forwarded_from"].lower())
    ]
