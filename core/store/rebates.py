"""Rebate agreements of a year, and the turnover that they are reckoned by."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, func, select, type_coerce

from core.store.engine import Tx
from core.store.tables.credit import invoiced_months
from core.store.tables.customers import rebates
from core.store.tables.master import partners, sales_history
from core.values import MONEY_SCALE, from_scaled


def agreements(tx: Tx, year: int) -> list[dict[str, Any]]:
    """Return the agreements of *year* with ``partner``, by partner and kind."""
    statement = (
        select(rebates, partners.c.code.label("partner"), partners.c.currency)
        .join(partners, partners.c.id == rebates.c.partner_id)
        .where(rebates.c.year == year)
        .order_by(partners.c.code, rebates.c.kind)
    )
    return [dict(row) for row in tx.execute(statement).mappings()]


def turnover(tx: Tx, year: int) -> dict[int, Decimal]:
    """Return, by partner, what it was invoiced net in *year*, before us and by us."""
    found: dict[int, Decimal] = {}
    for table in (sales_history, invoiced_months):
        amount = func.sum(type_coerce(table.c.amount, BigInteger))
        within = table.c.month.between(f"{year}-01", f"{year}-12")
        rows: Sequence[Any] = tx.execute(
            select(table.c.partner_id, amount).where(within).group_by(table.c.partner_id)
        ).all()
        for partner_id, amount4 in rows:
            found[partner_id] = found.get(partner_id, Decimal(0)) + from_scaled(int(amount4), MONEY_SCALE)
    return found
