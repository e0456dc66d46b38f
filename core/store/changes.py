"""Rows of changes of orders, and what a change moves: lines, reservations, stock by the difference."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, delete, insert, select, type_coerce, update

from core.store.engine import Tx
from core.store.orders import StockShort
from core.store.tables.changes import order_changes
from core.store.tables.master import stock
from core.store.tables.ordering import order_lines, order_revisions, orders, reservations

_ADD: Final = insert(order_changes)
_OF: Final = select(order_changes).where(order_changes.c.order_id == bindparam("order_id")).order_by(order_changes.c.id)
_MADE: Final = select(order_changes).where(
    order_changes.c.order_id == bindparam("order_id"),
    order_changes.c.revision == bindparam("revision"),
    order_changes.c.state == "applied",
)
_REVISIONS: Final = (
    select(order_revisions)
    .where(order_revisions.c.order_id == bindparam("order_id"))
    .order_by(order_revisions.c.revision)
)
_REFERRED: Final = select(orders.c.id).where(
    orders.c.partner_id == bindparam("partner_id"),
    orders.c.buyer_reference == bindparam("reference"),
    orders.c.test == bindparam("test"),
)
_NUMBERED: Final = select(orders.c.id).where(
    orders.c.number == bindparam("number"),
    orders.c.partner_id == bindparam("partner_id"),
    orders.c.test == bindparam("test"),
)
_free6 = type_coerce(stock.c.on_hand, BigInteger) - type_coerce(stock.c.reserved, BigInteger)
_MOVE: Final = (
    update(stock)
    .where(stock.c.sku == bindparam("of_sku"), stock.c.warehouse == bindparam("at_warehouse"))
    .values(reserved=type_coerce(stock.c.reserved, BigInteger) + bindparam("more", type_=BigInteger))
)
_TAKE: Final = _MOVE.where(_free6 >= bindparam("more", type_=BigInteger))


def order_referred(tx: Tx, partner_id: int, reference: str, number: str, *, test: bool) -> int | None:
    """Return the id of the partner's order under its own *reference*, else under our *number*; None for neither."""
    own = {"partner_id": partner_id, "reference": reference, "test": test}
    found: int | None = tx.execute(_REFERRED, own).scalar()
    if found is None and number:
        found = tx.execute(_NUMBERED, {"partner_id": partner_id, "number": number, "test": test}).scalar()
    return found


def add_change(tx: Tx, **values: Any) -> int:
    """Enter one decided change and return its id."""
    change_id = tx.ids.next()
    tx.execute(_ADD, {"id": change_id, **values})
    return change_id


def changes_of(tx: Tx, order_id: int) -> list[dict[str, Any]]:
    """Return every decided change of an order, oldest first."""
    return [dict(row) for row in tx.execute(_OF, {"order_id": order_id}).mappings()]


def change_that_made(tx: Tx, order_id: int, revision: int) -> dict[str, Any] | None:
    """Return the change that made a revision of an order, None for the first one."""
    row = tx.execute(_MADE, {"order_id": order_id, "revision": revision}).mappings().first()
    return dict(row) if row else None


def revisions_of(tx: Tx, order_id: int) -> list[dict[str, Any]]:
    """Return the revisions of an order, oldest first."""
    return [dict(row) for row in tx.execute(_REVISIONS, {"order_id": order_id}).mappings()]


def move_stock(tx: Tx, more6: Mapping[tuple[str, str], int]) -> None:
    """Reserve more, or less, of each (sku, warehouse), x 10^6, in the sequence of the keys (decision 5).

    Raises:
        StockShort: somebody else took it meanwhile; roll back and plan again.
    """
    for sku, warehouse in sorted(more6):
        more = more6[sku, warehouse]
        if more:
            place = {"of_sku": sku, "at_warehouse": warehouse, "more": more}
            if tx.execute(_TAKE if more > 0 else _MOVE, place).rowcount != 1:
                raise StockShort


def replace_reservations(tx: Tx, order_id: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Put *rows*, in column order, in the place of what the order has reserved; consumed ones stay."""
    tx.execute(delete(reservations).where(reservations.c.order_id == order_id, reservations.c.state != "consumed"))
    tx.append(reservations, rows)


def replace_lines(tx: Tx, order_id: int, gone: Collection[int], rows: Sequence[tuple[Any, ...]]) -> None:
    """Remove the lines *gone* of an order and append *rows* in column order."""
    if gone:
        tx.execute(delete(order_lines).where(order_lines.c.order_id == order_id, order_lines.c.line.in_(list(gone))))
    tx.append(order_lines, rows)
