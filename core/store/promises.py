"""Promises of supply to come: which line gets what of it, checked under the locks of stock (INV-01, ORD-10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, case, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.stock.atp import Draw
from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.orders import StockShort
from core.store.stock import lock_balances, places_of
from core.store.tables.master import supply_promises
from core.store.tables.ordering import order_lines, reservations
from core.values import QUANTITY_SCALE, from_scaled

_OF_ORDER = (
    select(supply_promises)
    .where(supply_promises.c.order_id == bindparam("order_id"))
    .order_by(supply_promises.c.line, supply_promises.c.day)
)
_KEYS = select(supply_promises.c.sku, supply_promises.c.warehouse).distinct()


class SupplyPromise(NamedTuple):
    """A quantity (x 10^6) of what one warehouse expects on one day, promised to one line."""

    sku: str
    warehouse: str
    kind: str
    day: date
    order_id: int
    line: int
    quantity6: int


def promises_of(order_id: int, line: int, sku: str, draws: Iterable[Draw]) -> list[SupplyPromise]:
    """Return what *draws* promise to one line."""
    return [
        SupplyPromise(sku, one.warehouse, one.supply.kind, one.supply.day, order_id, line, one.quantity6)
        for one in draws
        if one.supply is not None
    ]


def promise(tx: Tx, promises: Sequence[SupplyPromise], reserved: Collection[tuple[str, str]] = ()) -> None:
    """Write *promises* after locking their stock, and that of *reserved* (sku, warehouse), in the order of all locks.

    Raises:
        StockShort: somebody else was promised it since; roll back and plan again.
    """
    if not promises:
        return
    lock_balances(tx, {*reserved, *((one.sku, one.warehouse) for one in promises)})
    wanted: dict[tuple[str, str, str, date], int] = {}
    for one in promises:
        wanted[one[:4]] = wanted.get(one[:4], 0) + one.quantity6
    free: dict[tuple[str, str, str, date], int] = {
        (sku, place.warehouse, supply.kind, supply.day): supply.free6
        for sku, places in places_of(tx, {one.sku for one in promises}).items()
        for place in places
        for supply in place.supplies
    }
    if any(quantity6 > free.get(key, 0) for key, quantity6 in wanted.items()):
        raise StockShort
    rows = [{**_key(one), "quantity": from_scaled(one.quantity6, QUANTITY_SCALE)} for one in promises]
    tx.execute(insert(supply_promises), rows)


def _key(one: SupplyPromise) -> dict[str, Any]:
    values = one._asdict()
    del values["quantity6"]
    return values


def of_order(tx: Tx, order_id: int) -> list[dict[str, Any]]:
    """Return what an order is promised of supply to come, by line and day."""
    return [dict(row) for row in tx.execute(_OF_ORDER, {"order_id": order_id}).mappings()]


def withdraw(tx: Tx, order_id: int, lines: Collection[int]) -> None:
    """Give back what *lines* of an order are promised; the caller holds the locks of their stock."""
    if lines:
        mine = (supply_promises.c.order_id == order_id) & supply_promises.c.line.in_(list(lines))
        tx.execute(delete(supply_promises).where(mine))


def waiting(tx: Tx, keys: Collection[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the promises of (sku, warehouse) *keys*, first come first."""
    wanted = {"skus": listed(tx, sorted({sku for sku, _ in keys}))}
    rows = tx.execute(_waiting(is_sqlite=tx.is_sqlite), wanted).mappings()
    return [dict(row) for row in rows if (row["sku"], row["warehouse"]) in keys]


@cache
def _waiting(*, is_sqlite: bool) -> Select[Any]:
    table = supply_promises.c
    return (
        select(supply_promises)
        .where(among(table.sku, "skus", is_sqlite=is_sqlite))
        .order_by(table.sku, table.warehouse, table.day, table.order_id, table.line)
    )


def waiting_keys(tx: Tx) -> set[tuple[str, str]]:
    """Return every (sku, warehouse) that somebody waits for."""
    return {(row.sku, row.warehouse) for row in tx.execute(_KEYS)}


def serve(tx: Tx, row: dict[str, Any], expires_at: datetime) -> None:
    """Turn one promise into a reservation of its line; the stock itself is reserved by the caller."""
    same = [supply_promises.c[column.name] == row[column.name] for column in supply_promises.primary_key]
    tx.execute(delete(supply_promises).where(*same))
    make: Any = sqlite.insert if tx.is_sqlite else postgresql.insert
    kept = {name: row[name] for name in ("order_id", "line", "warehouse", "sku", "quantity")}
    added = make(reservations).values(**kept, expires_at=expires_at, state="active")
    # what was shipped of the line before is consumed; the ledger tells of it
    whole = case((reservations.c.state == "active", reservations.c.quantity), else_=0) + added.excluded.quantity
    tx.execute(
        added.on_conflict_do_update(
            index_elements=["order_id", "line", "warehouse"],
            set_={"quantity": whole, "expires_at": expires_at, "state": "active"},
            where=reservations.c.state.in_(("active", "consumed")),
        )
    )
    line = (order_lines.c.order_id == row["order_id"]) & (order_lines.c.line == row["line"])
    tx.execute(update(order_lines).where(line).values(reserved=order_lines.c.reserved + row["quantity"]))


def reservation_lasts(tx: Tx, order_id: int, expires_at: datetime) -> None:
    """Let what is reserved for an order last until then."""
    active = (reservations.c.order_id == order_id) & (reservations.c.state == "active")
    tx.execute(update(reservations).where(active).values(expires_at=expires_at))
