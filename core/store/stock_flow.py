"""Sums of the stock ledger over a period, by item and warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, case, func, select, type_coerce

from core.clock import to_micros
from core.store.engine import Tx
from core.store.supply import RECEIPT
from core.store.tables.master import stock_moves

Key = tuple[str, str]
_DAY: Final = 86_400_000_000
_QUANTITY: Final = type_coerce(stock_moves.c.quantity, BigInteger)
#: issues are negative, and what came back makes up for them
_ISSUES: Final = ("issue", "return")


class Flow(NamedTuple):
    """What an item did in a warehouse x 10^6: ``opening6`` before the period, ``issued6`` less what came back."""

    opening6: int
    received6: int
    issued6: int
    closing6: int
    last_issue: int | None

    @property
    def adjusted6(self) -> int:
        """What counts and transfers added or took away."""
        return self.closing6 - self.opening6 - self.received6 + self.issued6


def flows(tx: Tx, since: datetime, until: datetime) -> dict[Key, Flow]:
    """Return the sums by (SKU, warehouse) of everything that moved before *until*."""
    start, end = to_micros(since), to_micros(until)
    at, kind = stock_moves.c.at, stock_moves.c.kind
    within, issue = at >= start, kind.in_(_ISSUES)
    statement = (
        select(
            stock_moves.c.sku,
            stock_moves.c.warehouse,
            _sum(at < start),
            _sum(within & (kind == RECEIPT)),
            _sum(within & issue),
            func.sum(_QUANTITY),
            func.max(case((kind == "issue", at))),
        )
        .where(at < end)
        .group_by(stock_moves.c.sku, stock_moves.c.warehouse)
        .order_by(stock_moves.c.sku, stock_moves.c.warehouse)
    )
    rows: Sequence[Any] = tx.execute(statement).all()
    return {
        (sku, warehouse): Flow(int(opening6), int(received6), -int(issued6), int(closing6), last_issue)
        for sku, warehouse, opening6, received6, issued6, closing6, last_issue in rows
    }


def changes_by_day(tx: Tx, since: datetime, until: datetime) -> dict[Key, dict[int, int]]:
    """Return by (SKU, warehouse) the sum of what moved on each day of the period (0 is the first), x 10^6."""
    start = to_micros(since)
    day = (stock_moves.c.at - start) // _DAY
    statement = (
        select(stock_moves.c.sku, stock_moves.c.warehouse, day, func.sum(_QUANTITY))
        .where(stock_moves.c.at >= start, stock_moves.c.at < to_micros(until))
        .group_by(stock_moves.c.sku, stock_moves.c.warehouse, day)
    )
    rows: Sequence[Any] = tx.execute(statement).all()
    found: dict[Key, dict[int, int]] = {}
    for sku, warehouse, number, moved6 in rows:
        found.setdefault((sku, warehouse), {})[int(number)] = int(moved6)
    return found


def receipts_before(tx: Tx, until: datetime) -> Iterator[tuple[Key, int, int]]:
    """Yield ((SKU, warehouse), whole days before *until*, quantity x 10^6) of what came in, the latest first."""
    end = to_micros(until)
    statement = (
        select(stock_moves.c.sku, stock_moves.c.warehouse, stock_moves.c.at, _QUANTITY)
        .where(stock_moves.c.at < end, _QUANTITY > 0)
        .order_by(stock_moves.c.sku, stock_moves.c.warehouse, stock_moves.c.at.desc())
    )
    rows: Sequence[Any] = tx.execute(statement).all()
    for sku, warehouse, at, moved6 in rows:
        yield (sku, warehouse), (end - at) // _DAY, int(moved6)


def _sum(which: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((which, _QUANTITY), else_=0)), 0)
