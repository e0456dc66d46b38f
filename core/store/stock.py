"""Stock as the rules see it, and its ledger: every change of what is on hand is a move, their sum is on hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, bindparam, func, insert, or_, select, type_coerce, update
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import to_micros
from core.stock.atp import ALL_SUPPLY, Place, Supply
from core.stock.level import Thresholds
from core.stock.sourcing import Warehouse
from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.tables.master import items, partners, stock, stock_moves, supply_promises, warehouses
from core.store.tables.ordering import order_lines, orders
from core.values import QUANTITY_SCALE, to_scaled

#: a warehouse without a row comes last, as in ``core.store.lookup``
_LAST = 9999
_NOTHING = Decimal(0)
_ON_HAND, _RESERVED = type_coerce(stock.c.on_hand, BigInteger), type_coerce(stock.c.reserved, BigInteger)
_PLACES = (
    select(
        stock.c.sku, stock.c.warehouse, _ON_HAND, _RESERVED, stock.c.inbound, stock.c.planned,
    )
    .outerjoin(warehouses, warehouses.c.code == stock.c.warehouse)
    .order_by(stock.c.sku, func.coalesce(warehouses.c.priority, _LAST), stock.c.warehouse)
)  # fmt: skip
_PROMISED = select(
    supply_promises.c.sku, supply_promises.c.warehouse, supply_promises.c.kind, supply_promises.c.day,
    type_coerce(func.sum(supply_promises.c.quantity), BigInteger),
).group_by(
    supply_promises.c.sku, supply_promises.c.warehouse, supply_promises.c.kind, supply_promises.c.day
)  # fmt: skip
_FREE = func.coalesce(func.sum(_ON_HAND - _RESERVED), 0)
_LEVELS = (
    select(
        items.c.sku, _FREE, type_coerce(items.c.safety_stock, BigInteger),
        type_coerce(items.c.reorder_point, BigInteger), type_coerce(items.c.max_stock, BigInteger),
    )
    .outerjoin(stock, stock.c.sku == items.c.sku)
    .group_by(items.c.sku, items.c.safety_stock, items.c.reorder_point, items.c.max_stock)
    .order_by(items.c.sku)
)  # fmt: skip


class Level(NamedTuple):
    """What is available of an item in all warehouses x 10^6, and its lines."""

    sku: str
    available6: int
    lines: Thresholds


class ItemTerms(NamedTuple):
    """What a unit of an item costs us (None: not known) and what serves as well."""

    cost: Decimal | None
    substitutes: tuple[str, ...]


class Balance(NamedTuple):
    """What one warehouse has of an item."""

    on_hand: Decimal
    reserved: Decimal


class Move(NamedTuple):
    """One line of the ledger; *quantity* is signed."""

    sku: str
    warehouse: str
    kind: str
    quantity: Decimal
    reason: str
    actor: str


def places_of(tx: Tx, skus: Collection[str]) -> dict[str, list[Place]]:
    """Return where each of *skus* is and what is to come, the preferred warehouse first; no key where it is nowhere."""
    wanted = {"skus": listed(tx, sorted(skus))}
    promised: dict[tuple[str, str, str, date], int] = {
        (sku, warehouse, kind, day): int(quantity6)
        for sku, warehouse, kind, day, quantity6 in _rows(tx, _promised_of(is_sqlite=tx.is_sqlite), wanted)
    }
    found: dict[str, list[Place]] = {}
    for sku, warehouse, on_hand6, reserved6, inbound, planned in _rows(tx, _places(is_sqlite=tx.is_sqlite), wanted):
        coming: dict[tuple[str, str, str, date], int] = {}
        for kind, rows in zip(ALL_SUPPLY, (inbound, planned), strict=True):
            for row in rows:
                key = (sku, warehouse, kind, date.fromisoformat(row["date"]))
                coming[key] = coming.get(key, 0) + to_scaled(Decimal(row["quantity"]), QUANTITY_SCALE)
        supplies = tuple(
            Supply(key[3], "inbound" if key[2] == "inbound" else "planned", quantity6, promised.get(key, 0))
            for key, quantity6 in sorted(coming.items(), key=lambda one: (one[0][3], one[0][2]))
        )
        found.setdefault(sku, []).append(Place(warehouse, on_hand6, reserved6, supplies))
    return found


def _rows(tx: Tx, statement: Select[Any], wanted: Any = None) -> Sequence[Any]:
    rows: Sequence[Any] = tx.execute(statement, wanted).all()
    return rows


@cache
def _places(*, is_sqlite: bool) -> Select[Any]:
    return _PLACES.where(among(stock.c.sku, "skus", is_sqlite=is_sqlite))


@cache
def _promised_of(*, is_sqlite: bool) -> Select[Any]:
    return _PROMISED.where(among(supply_promises.c.sku, "skus", is_sqlite=is_sqlite))


def levels_of(tx: Tx, skus: Collection[str]) -> dict[str, Level]:
    """Return how each of *skus* that is an item is stocked."""
    statement = _levels(is_sqlite=tx.is_sqlite)
    return {one.sku: one for one in map(_level, tx.execute(statement, {"skus": listed(tx, sorted(skus))}))}


@cache
def _levels(*, is_sqlite: bool) -> Select[Any]:
    return _LEVELS.where(among(items.c.sku, "skus", is_sqlite=is_sqlite))


_LINED = _LEVELS.where(
    or_(items.c.safety_stock.is_not(None), items.c.reorder_point.is_not(None), items.c.max_stock.is_not(None)),
    items.c.sku > bindparam("after"),
)


def lined_levels(tx: Tx, *, after: str = "") -> list[Level]:
    """Return every item that has a line, by SKU, those behind the SKU *after*."""
    return [_level(row) for row in tx.execute(_LINED, {"after": after})]


def _level(row: Sequence[Any]) -> Level:
    sku, available6, safety6, reorder6, max6 = row
    return Level(sku, int(available6), Thresholds(safety6, reorder6, max6))


def issued6(tx: Tx, skus: Collection[str], since: datetime) -> dict[str, int]:
    """Return what was issued of each of *skus* since then, x 10^6."""
    statement = (
        select(stock_moves.c.sku, type_coerce(func.sum(stock_moves.c.quantity), BigInteger))
        .where(stock_moves.c.sku.in_(skus), stock_moves.c.kind == "issue", stock_moves.c.at >= to_micros(since))
        .group_by(stock_moves.c.sku)
    )
    return {sku: -int(moved6) for sku, moved6 in _rows(tx, statement)}


def in_review6(tx: Tx, skus: Collection[str]) -> dict[str, int]:
    """Return what orders that are not decided yet want of each of *skus*, x 10^6."""
    statement = (
        select(order_lines.c.sku, type_coerce(func.sum(order_lines.c.quantity), BigInteger))
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(orders.c.state == "in_review", orders.c.test.is_(False), order_lines.c.sku.in_(skus))
        .group_by(order_lines.c.sku)
    )
    return {sku: int(wanted6) for sku, wanted6 in _rows(tx, statement)}


def lock_balances(tx: Tx, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Balance]:
    """Return what each (sku, warehouse) has and keep others from changing it; no key where there is no row.

    Rows are locked in the order of SKU and warehouse, as everywhere.
    """
    found = {}
    for sku, warehouse in sorted(set(keys)):
        statement = select(stock.c.on_hand, stock.c.reserved).where(stock.c.sku == sku, stock.c.warehouse == warehouse)
        row = tx.execute(statement.with_for_update()).first()  # SQLite, whose writer is alone, leaves it out
        if row is not None:
            found[sku, warehouse] = Balance(row.on_hand, row.reserved)
    return found


def post(tx: Tx, moves: Sequence[Move], at: datetime) -> None:
    """Write *moves* into the ledger and their sums into the balances."""
    sums: dict[tuple[str, str], Decimal] = {}
    for move in moves:
        key = (move.sku, move.warehouse)
        sums[key] = sums.get(key, _NOTHING) + move.quantity
        values = {**move._asdict(), "id": tx.ids.next(), "at": to_micros(at)}
        tx.execute(insert(stock_moves).values(values))
    open_balances(tx, sums)
    for (sku, warehouse), change in sorted(sums.items()):
        row = (stock.c.sku == sku) & (stock.c.warehouse == warehouse)
        tx.execute(update(stock).where(row).values(on_hand=stock.c.on_hand + change))


def open_balances(tx: Tx, keys: Iterable[tuple[str, str]]) -> None:
    """Give each (sku, warehouse) that has none its first row, with nothing in it, so that it can be locked."""
    make: Any = sqlite.insert if tx.is_sqlite else postgresql.insert
    for sku, warehouse in sorted(keys):
        first = {
            "sku": sku,
            "warehouse": warehouse,
            "on_hand": _NOTHING,
            "reserved": _NOTHING,
            "inbound": [],
            "planned": [],
        }
        tx.execute(make(stock).values(first).on_conflict_do_nothing())


def skus_after(tx: Tx, after: str | None, limit: int) -> list[str]:
    """Return SKUs of items behind *after*."""
    statement = select(items.c.sku).order_by(items.c.sku).limit(limit)
    if after is not None:
        statement = statement.where(items.c.sku > after)
    return list(tx.execute(statement).scalars())


def warehouses_in_order(tx: Tx) -> list[Warehouse]:
    """Return every warehouse, the preferred first; what is not in the master data takes and costs nothing."""
    statement = select(
        warehouses.c.code, warehouses.c.transfer_hours, warehouses.c.transfer_cost, warehouses.c.shipping_cost
    ).order_by(warehouses.c.priority, warehouses.c.code)
    return [
        Warehouse(row.code, row.transfer_hours or 0, row.transfer_cost or _NOTHING, row.shipping_cost or _NOTHING)
        for row in tx.execute(statement)
    ]


def terms_of(tx: Tx, skus: Collection[str]) -> dict[str, ItemTerms]:
    """Return cost and substitutes of each of *skus* that is an item."""
    statement = select(items.c.sku, items.c.cost, items.c.substitutes).where(items.c.sku.in_(skus))
    return {row.sku: ItemTerms(row.cost, tuple(row.substitutes)) for row in tx.execute(statement)}


def is_important(tx: Tx, partner_id: int) -> bool:
    """Tell whether the partner is a VIP."""
    return bool(tx.execute(select(partners.c.vip).where(partners.c.id == partner_id)).scalar_one())
