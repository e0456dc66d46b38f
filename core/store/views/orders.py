"""Pages of orders by key, found numbers, and the open holds of many orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select

from core.clock import from_micros, to_micros
from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.tables.master import partners
from core.store.tables.ordering import holds, order_lines, orders
from core.store.tables.shipping import invoices, shipments
from core.store.views.paging import chunks

#: a partner with at most so many orders is found by its own index; beyond, walking back in time finds a page sooner
_FEW = 1000
#: states in which a hold blocks nothing any more
ENDED = ("declined", "cancelled")


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders; None asks for all.

    ``state`` is the header state (``core.ordering.states.roll_up``), or ``held`` for orders with an open hold;
    ``text`` is a part of the number or of the buyer's reference.
    """

    state: str | None = None
    partner_id: int | None = None
    channel: str | None = None
    since: datetime | None = None
    text: str | None = None


Place = tuple[int, int]


def place_of(row: Any) -> Place:
    """Return where an order stands in the list: (received_at in microseconds, id)."""
    return to_micros(row.received_at), row.id


def page_of_orders(tx: Tx, wanted: OrderFilter, before: Place | None, limit: int) -> list[Any]:
    """Return at most *limit* order rows with ``partner``, newest first, those that stand behind *before*.

    A state is read from the index (state, received_at), everything else along the primary key, whose ids grow with
    time; neither sorts more than the orders of one source.
    """
    statement = _heads()
    by_state = wanted.state is not None and wanted.state != "held"
    if before is not None:
        statement = statement.where(_behind(before) if by_state else orders.c.id < before[1])
    for condition in _conditions(tx, wanted):
        statement = statement.where(condition)
    if by_state:
        statement = statement.order_by(orders.c.received_at.desc(), orders.c.id.desc())
    else:
        statement = statement.order_by(orders.c.id.desc())
    return list(tx.execute(statement.limit(limit)).all())


def _heads() -> Select[Any]:
    return select(orders, partners.c.code.label("partner")).join(partners, partners.c.id == orders.c.partner_id)


def _behind(place: Place) -> ColumnElement[bool]:
    at = from_micros(place[0])
    return and_(
        orders.c.received_at <= at,
        or_(orders.c.received_at < at, orders.c.id < place[1]),
    )


def _conditions(tx: Tx, wanted: OrderFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        found += _in_state(wanted.state)
    if wanted.partner_id is not None:
        found.append(_of_partner(tx, wanted.partner_id))
    if wanted.channel is not None:
        found.append(orders.c.channel == wanted.channel)
    if wanted.since is not None:
        found.append(orders.c.received_at >= wanted.since)
    if wanted.text is not None:
        found.append(
            or_(
                orders.c.number.icontains(wanted.text, autoescape=True),
                orders.c.buyer_reference.icontains(wanted.text, autoescape=True),
            )
        )
    return found


def _in_state(state: str) -> list[ColumnElement[bool]]:
    """Return what the header state *state* means on the three axes."""
    billed = orders.c.billing == "full"
    paid = orders.c.payment == "paid"
    if state == "held":
        held = select(holds.c.order_id).where(holds.c.released_at.is_(None))
        return [orders.c.id.in_(held), orders.c.state.not_in(ENDED)]
    if state in ("invoiced", "settled"):
        return [orders.c.state == "delivered", billed, paid if state == "settled" else ~paid]
    if state == "delivered":
        return [orders.c.state == "delivered", ~billed]
    if state == "released":
        return [orders.c.state.in_(("released", "part_shipped"))]
    return [orders.c.state == state]


def _of_partner(tx: Tx, partner_id: int) -> ColumnElement[bool]:
    some = select(orders.c.id).where(orders.c.partner_id == partner_id).limit(_FEW + 1).subquery()
    few = tx.execute(select(func.count()).select_from(some)).scalar_one() <= _FEW
    # SQLite knows no statistics and would read and sort a million rows of one partner; "+ 0" hides the index from it.
    return (orders.c.partner_id if few else orders.c.partner_id + literal_column("0")) == partner_id


def lines_of(tx: Tx, order_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the whole line rows of many orders by order id, each by line number."""
    found: dict[int, list[Any]] = {order_id: [] for order_id in order_ids}
    for row in tx.execute(_lines(is_sqlite=tx.is_sqlite), {"order_ids": listed(tx, order_ids)}):
        found[row.order_id].append(row)
    return found


def open_holds_of(tx: Tx, order_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the holds in force of many orders by order id, oldest first."""
    found: dict[int, list[Any]] = {order_id: [] for order_id in order_ids}
    for row in tx.execute(_open_holds(is_sqlite=tx.is_sqlite), {"order_ids": listed(tx, order_ids)}):
        found[row.order_id].append(row)
    return found


# What the answer to every order reads is built once: making a statement costs several times as much as running it.
@cache
def _lines(*, is_sqlite: bool) -> Select[Any]:
    of_these = among(order_lines.c.order_id, "order_ids", is_sqlite=is_sqlite)
    return select(order_lines).where(of_these).order_by(order_lines.c.order_id, order_lines.c.line)


@cache
def _open_holds(*, is_sqlite: bool) -> Select[Any]:
    of_these = among(holds.c.order_id, "order_ids", is_sqlite=is_sqlite)
    return select(holds).where(of_these, holds.c.released_at.is_(None)).order_by(holds.c.id)


def briefs_of(tx: Tx, order_ids: Sequence[int]) -> dict[int, Any]:
    """Return (id, number, buyer_reference, state, billing, payment, partner) of many orders by id."""
    found = tx.execute(_briefs(is_sqlite=tx.is_sqlite), {"order_ids": listed(tx, order_ids)})
    return {row.id: row for row in found}


@cache
def _briefs(*, is_sqlite: bool) -> Select[Any]:
    return (
        select(
            orders.c.id, orders.c.number, orders.c.buyer_reference, orders.c.state, orders.c.billing,
            orders.c.payment, partners.c.code.label("partner"),
        )
        .join(partners, partners.c.id == orders.c.partner_id)
        .where(among(orders.c.id, "order_ids", is_sqlite=is_sqlite))
    )  # fmt: skip


def numbers_of(tx: Tx, order_ids: Sequence[int]) -> dict[int, str]:
    """Return order numbers by id."""
    found: dict[int, str] = {}
    for chunk in chunks(order_ids):
        rows = tx.execute(select(orders.c.id, orders.c.number).where(orders.c.id.in_(chunk)))
        found.update({row.id: row.number for row in rows})
    return found


def numbers_named(tx: Tx, name: str, partner_id: int | None, limit: int) -> list[str]:
    """Return the numbers of orders that *name* names, whatever kind of name it is, newest first.

    The first kind that fits decides: order number, buyer's reference, despatch advice number, invoice number.
    """
    # Naming every partner, who are few, is what lets the index (partner_id, buyer_reference) serve on both databases.
    everyone = [row.id for row in tx.execute(select(partners.c.id))] if partner_id is None else [partner_id]
    by_reference = select(orders.c.number, orders.c.id).where(
        orders.c.buyer_reference == name, orders.c.partner_id.in_(everyone)
    )
    by_shipment = select(orders.c.number, orders.c.id).join(shipments, shipments.c.order_id == orders.c.id)
    by_invoice = select(orders.c.number, orders.c.id).join(invoices, invoices.c.order_id == orders.c.id)
    ways: tuple[Select[Any], ...] = (
        select(orders.c.number, orders.c.id).where(orders.c.number.in_({name, name.upper()})),
        by_reference,
        by_shipment.where(shipments.c.number == name),
        by_invoice.where(invoices.c.number == name),
    )
    for way in ways:
        mine = way if partner_id is None else way.where(orders.c.partner_id == partner_id)
        numbers = [row.number for row in tx.execute(mine.order_by(orders.c.id.desc()).limit(limit))]
        if numbers:
            return numbers
    return []
