"""Rows of orders, lines, revisions, reservations and holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, String, bindparam, delete, func, insert, select, type_coerce, update
from sqlalchemy.dialects import postgresql, sqlite

from core.documents import LineAnswer, ResponseLine
from core.errors import NotFound
from core.review.holds import HoldDraft
from core.store import prepared
from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.tables.master import credit_accounts, partners, stock, supply_promises
from core.store.tables.messaging import timers
from core.store.tables.ordering import holds, order_lines, order_revisions, orders, reservations
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, from_scaled, to_scaled

# What every order needs is built once: making a statement costs several times as much as running it.
_BY_NUMBER = (
    select(orders, partners.c.code.label("partner"))
    .join(partners, partners.c.id == orders.c.partner_id)
    .where(orders.c.number == bindparam("number"))
)
_BY_ID = select(orders).where(orders.c.id == bindparam("order_id"))
_LINES_OF = select(order_lines).where(order_lines.c.order_id == bindparam("order_id")).order_by(order_lines.c.line)
_DOCUMENT_OF = select(order_revisions.c.document).where(
    order_revisions.c.order_id == bindparam("order_id"), order_revisions.c.revision == bindparam("revision")
)
_RECEIVED_SINCE = (
    select(orders, order_revisions.c.document)
    .join(order_revisions, order_revisions.c.order_id == orders.c.id)
    .where(
        orders.c.id > bindparam("last"), orders.c.received_at >= bindparam("since"), orders.c.test.is_(False),
        order_revisions.c.revision == 1,
    )
    .order_by(orders.c.id)
    .limit(200)
)  # fmt: skip
_HOLDS_OF = select(holds).where(holds.c.order_id == bindparam("order_id")).order_by(holds.c.id)
_ACTIVE_HOLDS_OF = _HOLDS_OF.where(holds.c.released_at.is_(None))
_WITHDRAW = delete(supply_promises).where(supply_promises.c.order_id == bindparam("order_id"))
_RESERVATIONS_OF = (
    select(reservations)
    .where(reservations.c.order_id == bindparam("order_id"), reservations.c.state == bindparam("state"))
    .order_by(reservations.c.line, reservations.c.warehouse)
)


class OrderRow(NamedTuple):
    """A row of ``orders`` in driver values: instants in microseconds, total x 10^4, days as ISO text."""

    id: int
    number: str
    partner_id: int
    channel: str
    type: str
    test: bool
    buyer_reference: str
    content_hash: bytes
    document_id: int
    received_at: int
    state: str
    billing: str
    payment: str
    currency: str
    total: int
    requested_date: str | None
    promised_date: str | None
    revision: int
    credit_rate: str | None = None


class StockShort(Exception):
    """Somebody else reserved the stock between plan and apply; plan again."""


class CreditTaken(StockShort):
    """Somebody else was granted the credit between plan and apply; plan again, as when stock is short.

    ``holds`` are those of a credit check that saw the account locked: planning again would find them again.
    """

    def __init__(self, holds: Sequence[HoldDraft] = ()) -> None:
        super().__init__()
        self.holds = holds


def known_orders(tx: Tx, partner_id: int, references: Collection[str], *, test: bool) -> list[Any]:
    """Return (buyer_reference, id, number, content_hash) of the partner's orders under *references*."""
    wanted = {"partner_id": partner_id, "references": listed(tx, sorted(references)), "test": test}
    return list(tx.execute(_known(is_sqlite=tx.is_sqlite), wanted).all())


@cache
def _known(*, is_sqlite: bool) -> Select[Any]:
    return select(orders.c.buyer_reference, orders.c.id, orders.c.number, orders.c.content_hash).where(
        orders.c.partner_id == bindparam("partner_id"),
        among(orders.c.buyer_reference, "references", is_sqlite=is_sqlite),
        orders.c.test == bindparam("test"),
    )


def received_since(tx: Tx, since: datetime) -> Iterator[dict[str, Any]]:
    """Yield the real orders received *since*, the oldest first, with ``document``: what was ordered, as JSON."""
    last = 0
    while True:
        rows = tx.execute(_RECEIVED_SINCE, {"since": since, "last": last}).mappings().all()
        if not rows:
            return
        for row in rows:
            yield dict(row)
        last = rows[-1]["id"]


def count_received_since(tx: Tx, since: datetime) -> int:
    """Return how many orders :func:`received_since` yields."""
    statement = select(func.count()).where(orders.c.received_at >= since, orders.c.test.is_(False))
    return int(tx.execute(statement).scalar_one())


def append_orders(tx: Tx, rows: Sequence[OrderRow]) -> None:
    """Append order rows."""
    tx.append(orders, rows)


def append_lines(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append line rows in column order."""
    tx.append(order_lines, rows)


def append_revisions(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append revision rows in column order."""
    tx.append(order_revisions, rows)


def append_reservations(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append reservation rows in column order."""
    tx.append(reservations, rows)


def append_holds(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append hold rows in column order."""
    tx.append(holds, rows)


def append_timers(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append timer rows in column order."""
    tx.append(timers, rows)


def reserve_stock(tx: Tx, wanted6: dict[tuple[str, str], int]) -> None:
    """Reserve *wanted6* ((sku, warehouse) -> quantity x 10^6) in one statement over sorted keys (decision 5).

    Raises:
        StockShort: at least one of them is no longer there; roll back and plan again.
    """
    if not wanted6:
        return
    keys = sorted(wanted6)
    if tx.is_sqlite:
        statement = (
            "UPDATE stock SET reserved = reserved + ?3 WHERE sku = ?1 AND warehouse = ?2 AND on_hand - reserved >= ?3"
        )
        rows = [(sku, place, wanted6[sku, place]) for sku, place in keys]
        changed = prepared.run_many(tx.connection, statement, rows)
    else:
        # Rows are locked in key order first, so that two batches never wait for each other in a circle.
        statement = (
            "WITH wanted AS (SELECT * FROM unnest(%(skus)s::text[], %(places)s::text[], %(units)s::bigint[])"
            " AS w(sku, warehouse, quantity)),"
            " locked AS (SELECT s.sku, s.warehouse FROM stock s JOIN wanted w USING (sku, warehouse)"
            " ORDER BY s.sku, s.warehouse FOR UPDATE OF s)"
            " UPDATE stock SET reserved = stock.reserved + w.quantity FROM wanted w JOIN locked USING (sku, warehouse)"
            " WHERE stock.sku = w.sku AND stock.warehouse = w.warehouse"
            " AND stock.on_hand - stock.reserved >= w.quantity"
        )
        parameters = {
            "skus": [sku for sku, _ in keys],
            "places": [place for _, place in keys],
            "units": [wanted6[key] for key in keys],
        }
        changed = tx.connection.exec_driver_sql(statement, parameters).rowcount
    if changed != len(keys):
        raise StockShort


def commit_credit(tx: Tx, partner_id: int, amount4: int, *, month: str | None = None) -> Decimal:
    """Add *amount4* (x 10^4, negative to give back) to what the partner's confirmed orders take of its limit.

    It is in the currency of the account. *month* ("2026-03") is kept as that of the first order, unless one is.

    Returns:
        What they take now; its row stays locked, so nobody is granted more until this transaction ends.
    """
    row = {"partner_id": partner_id, "committed": from_scaled(amount4, MONEY_SCALE), "first_month": month}
    committed: Decimal = tx.execute(_commit_credit(is_sqlite=tx.is_sqlite), row).scalar_one()
    return committed


@cache
def _commit_credit(*, is_sqlite: bool) -> Any:
    make: Any = sqlite.insert if is_sqlite else postgresql.insert
    added = make(credit_accounts)
    return added.on_conflict_do_update(
        index_elements=["partner_id"],
        set_={
            "committed": credit_accounts.c.committed + added.excluded.committed,
            "first_month": func.coalesce(credit_accounts.c.first_month, added.excluded.first_month),
        },
    ).returning(credit_accounts.c.committed)


def by_number(tx: Tx, number: str, *, lock: bool = False) -> dict[str, Any]:
    """Return the order row of *number* with its partner's code as ``partner``.

    Raises:
        NotFound: there is no such order.
    """
    statement = _locked(_BY_NUMBER) if lock and not tx.is_sqlite else _BY_NUMBER
    row = tx.execute(statement, {"number": number}).mappings().first()
    if row is None:
        raise NotFound(f"there is no order {number}", hint="`ordergate orders` lists them.")
    return dict(row)


def by_id(tx: Tx, order_id: int, *, lock: bool = False) -> dict[str, Any]:
    """Return the order row of *order_id*.

    Raises:
        NotFound: there is no such order.
    """
    statement = _locked(_BY_ID) if lock and not tx.is_sqlite else _BY_ID
    row = tx.execute(statement, {"order_id": order_id}).mappings().first()
    if row is None:
        raise NotFound(f"there is no order with id {order_id}")
    return dict(row)


def lines_of(tx: Tx, order_id: int) -> list[dict[str, Any]]:
    """Return the lines of an order by line number."""
    return [dict(row) for row in tx.execute(_LINES_OF, {"order_id": order_id}).mappings()]


_ANSWERED = (
    order_lines.c.order_id, order_lines.c.line, order_lines.c.sku, order_lines.c.gtin, order_lines.c.buyer_code,
    order_lines.c.description, type_coerce(order_lines.c.quantity, BigInteger).label("quantity6"), order_lines.c.unit,
    type_coerce(order_lines.c.price, BigInteger).label("price6"),
    type_coerce(order_lines.c.promised_date, String).label("day"),
)  # fmt: skip

#: converted values of one kind that are kept, some hundred kilobytes
_RECURRING = 4096
#: what the lines of these answers never say
_AS_IT_STANDS = tuple(
    ResponseLine._field_defaults[name] for name in ResponseLine._fields[ResponseLine._fields.index("backordered") :]
)


def accepted_lines(tx: Tx, order_ids: Sequence[int]) -> dict[int, list[ResponseLine]]:
    """Return the lines of many orders by order id, each as it stands: accepted in full, at its price and date.

    The columns come raw and are converted here: thousands of lines pass through at once.
    """
    found: dict[int, list[ResponseLine]] = {order_id: [] for order_id in order_ids}
    accepted, line_of, says = LineAnswer.ACCEPTED, partial(tuple.__new__, ResponseLine), _AS_IT_STANDS
    rows: Sequence[Any] = tx.execute(_answered(is_sqlite=tx.is_sqlite), {"order_ids": listed(tx, order_ids)}).all()
    for order_id, line, sku, gtin, code, description, quantity6, unit, price6, promised in rows:
        quantity, price, day = _quantity(quantity6), _price(price6), _day(promised)
        found[order_id].append(
            line_of((line, accepted, quantity, quantity, gtin, sku or "", code, description, unit, price, day, *says))
        )
    return found


# Quantities, prices and days recur among thousands of lines: each is converted once.
@lru_cache(_RECURRING)
def _quantity(scaled: int) -> Decimal:
    return from_scaled(scaled, QUANTITY_SCALE)


@lru_cache(_RECURRING)
def _price(scaled: int | None) -> Decimal | None:
    return None if scaled is None else from_scaled(scaled, PRICE_SCALE)


@lru_cache(_RECURRING)
def _day(iso: str | None) -> date | None:
    return None if iso is None else date.fromisoformat(iso)


@cache
def _answered(*, is_sqlite: bool) -> Select[Any]:
    return (
        select(*_ANSWERED)
        .where(among(order_lines.c.order_id, "order_ids", is_sqlite=is_sqlite))
        .order_by(order_lines.c.order_id, order_lines.c.line)
    )


class AnsweredOrder(NamedTuple):
    """What an answer repeats of an order; ``document`` is the canonical JSON of its present ``revision``."""

    number: str
    buyer_reference: str
    currency: str
    total: Decimal
    promised_date: date | None
    revision: int
    document: str


def heads_of_many(tx: Tx, order_ids: Sequence[int]) -> dict[int, AnsweredOrder]:
    """Return what the answers to many orders repeat of each, by order id."""
    rows: Sequence[Any] = tx.execute(_heads(is_sqlite=tx.is_sqlite), {"order_ids": listed(tx, order_ids)}).all()
    return {
        order_id: AnsweredOrder(number, sent, currency, from_scaled(total4, MONEY_SCALE), _day(promised), *rest)
        for order_id, number, sent, currency, total4, promised, *rest in rows
    }


@cache
def _heads(*, is_sqlite: bool) -> Select[Any]:
    return (
        select(
            orders.c.id, orders.c.number, orders.c.buyer_reference, orders.c.currency,
            type_coerce(orders.c.total, BigInteger), type_coerce(orders.c.promised_date, String),
            orders.c.revision, order_revisions.c.document,
        )
        .join(
            order_revisions,
            (order_revisions.c.order_id == orders.c.id) & (order_revisions.c.revision == orders.c.revision),
        )
        .where(among(orders.c.id, "order_ids", is_sqlite=is_sqlite))
    )  # fmt: skip


def document_of(tx: Tx, order_id: int, revision: int) -> str:
    """Return the canonical JSON of a revision.

    Raises:
        NotFound: there is no such revision.
    """
    document = tx.execute(_DOCUMENT_OF, {"order_id": order_id, "revision": revision}).scalar_one_or_none()
    if document is None:
        raise NotFound(f"there is no revision {revision} of order {order_id}")
    return str(document)


def holds_of(tx: Tx, order_id: int, *, active: bool = True) -> list[dict[str, Any]]:
    """Return an order's holds, those in force or all of them, oldest first."""
    found = tx.execute(_ACTIVE_HOLDS_OF if active else _HOLDS_OF, {"order_id": order_id})
    return [dict(row) for row in found.mappings()]


def release_hold(tx: Tx, hold_id: int, *, at: datetime, actor: str, reason: str) -> bool:
    """Lift one hold; False when it was lifted before."""
    result = tx.execute(
        update(holds)
        .where(holds.c.id == hold_id, holds.c.released_at.is_(None))
        .values(released_at=at, released_by=actor, release_reason=reason)
    )
    return result.rowcount == 1


def set_state(tx: Tx, order_id: int, state: str, **values: Any) -> None:
    """Set the fulfilment state (and other columns) of an order."""
    tx.execute(update(orders).where(orders.c.id == order_id).values(state=state, **values))


def set_credit_rate(tx: Tx, order_id: int, rate: str | None) -> None:
    """Keep the rate at which an order takes credit."""
    tx.execute(update(orders).where(orders.c.id == order_id).values(credit_rate=rate))


def set_line(tx: Tx, order_id: int, line: int, **values: Any) -> None:
    """Set columns of one line."""
    tx.execute(
        update(order_lines).where(order_lines.c.order_id == order_id, order_lines.c.line == line).values(**values)
    )


def set_lines_state(tx: Tx, order_id: int, state: str, *, where: Iterable[str]) -> None:
    """Move every line of an order that is in one of the states *where* to *state*."""
    tx.execute(
        update(order_lines)
        .where(order_lines.c.order_id == order_id, order_lines.c.state.in_(list(where)))
        .values(state=state)
    )


def release_reservations(tx: Tx, order_id: int, state: str) -> None:
    """Give back what an order holds: its active reservations become *state*, the stock is free again.

    An order that releases them wants no supply to come any more either; one whose days are over still waits for it.
    """
    active = tx.execute(
        select(reservations)
        .where(reservations.c.order_id == order_id, reservations.c.state == "active")
        .order_by(reservations.c.sku, reservations.c.warehouse)
    ).all()
    for row in active:
        tx.execute(
            update(stock)
            .where(stock.c.sku == row.sku, stock.c.warehouse == row.warehouse)
            .values(reserved=type_coerce(stock.c.reserved, BigInteger) - to_scaled(row.quantity, QUANTITY_SCALE))
        )
    tx.execute(
        update(reservations)
        .where(reservations.c.order_id == order_id, reservations.c.state == "active")
        .values(state=state)
    )
    tx.execute(update(order_lines).where(order_lines.c.order_id == order_id).values(reserved=Decimal(0)))
    if state == "released":
        tx.execute(_WITHDRAW, {"order_id": order_id})


def reservations_of(tx: Tx, order_id: int, state: str) -> list[dict[str, Any]]:
    """Return an order's reservations in one state, by line."""
    return [dict(row) for row in tx.execute(_RESERVATIONS_OF, {"order_id": order_id, "state": state}).mappings()]


def forget_reservations(tx: Tx, order_id: int) -> None:
    """Remove expired and released reservations of an order that reserves anew; its events tell of them."""
    tx.execute(
        delete(reservations).where(
            reservations.c.order_id == order_id, reservations.c.state.in_(("expired", "released"))
        )
    )


def add_hold(tx: Tx, order_id: int, at: datetime, **values: Any) -> int:
    """Set one hold and return its id."""
    hold_id = tx.ids.next()
    tx.execute(insert(holds).values(id=hold_id, order_id=order_id, set_at=at, **values))
    return hold_id


@cache
def _locked(statement: Select[Any]) -> Select[Any]:
    return statement.with_for_update(of=orders)
