"""Rows of returns."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select

from core.store.engine import Tx
from core.store.shipping import packages_of, quantities, shipments_of
from core.store.tables.master import partners
from core.store.tables.ordering import orders
from core.store.tables.returns import rma_lines, rmas
from core.values import text


def add_rma(tx: Tx, lines: Mapping[int, Decimal], **values: Any) -> int:
    """Keep a return of *lines* (line -> quantity) and give its id."""
    rma_id = tx.ids.next()
    tx.execute(insert(rmas).values(id=rma_id, **values))
    tx.execute(insert(rma_lines), [{"rma_id": rma_id, "line": line, "quantity": part} for line, part in lines.items()])
    return rma_id


def delivered_of(tx: Tx, order_id: int) -> tuple[dict[int, Decimal], Any]:
    """Return how much of each line of an order was delivered, and when the last of it was; (nothing, None) if none."""
    found: dict[int, Decimal] = {}
    last = None
    for shipment in shipments_of(tx, order_id):
        if shipment.delivered_at is None:
            continue
        last = shipment.delivered_at if last is None else max(last, shipment.delivered_at)
        for line, part in quantities(packages_of(tx, shipment.id)).items():
            found[line] = found.get(line, Decimal(0)) + part
    return found, last


def coming_back(tx: Tx, order_id: int) -> dict[int, Decimal]:
    """Return how much of each line of an order is authorised to come back already."""
    statement = (
        select(rma_lines.c.line, func.sum(rma_lines.c.quantity).label("quantity"))
        .join(rmas, rmas.c.id == rma_lines.c.rma_id)
        .where(rmas.c.order_id == order_id, rmas.c.state == "authorised")
        .group_by(rma_lines.c.line)
    )
    return {row["line"]: row["quantity"] for row in tx.execute(statement).mappings()}


def page_of_rmas(
    tx: Tx, *, order: str | None = None, number: str | None = None, partner: str | None = None,
    state: str | None = None, before: int | None = None, limit: int = 1,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return returns with ``order``, ``partner`` and ``lines``, the latest first, those under the id *before*."""
    statement = (
        select(rmas, orders.c.number.label("order"), partners.c.code.label("partner"))
        .join(orders, orders.c.id == rmas.c.order_id)
        .join(partners, partners.c.id == rmas.c.partner_id)
        .order_by(rmas.c.id.desc())
        .limit(limit)
    )
    wanted = ((orders.c.number, order), (rmas.c.number, number), (partners.c.code, partner), (rmas.c.state, state))
    for column, value in wanted:
        if value is not None:
            statement = statement.where(column == value)
    if before is not None:
        statement = statement.where(rmas.c.id < before)
    found = [dict(row) for row in tx.execute(statement).mappings()]
    lines = _lines_of(tx, [row["id"] for row in found])
    return [{**row, "lines": lines[row["id"]]} for row in found]


def _lines_of(tx: Tx, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {rma_id: [] for rma_id in ids}
    statement = select(rma_lines).where(rma_lines.c.rma_id.in_(ids)).order_by(rma_lines.c.rma_id, rma_lines.c.line)
    for row in tx.execute(statement).mappings():
        found[row["rma_id"]].append({"line": row["line"], "quantity": text(row["quantity"])})
    return found
