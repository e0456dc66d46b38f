"""Rows of e-commerce stores: their settings, what they delivered, and each of their orders as it was last told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import NotFound
from core.store.engine import Tx
from core.store.tables.master import stores
from core.store.tables.shops import shop_deliveries, shop_orders

_DUE: Final = (
    select(shop_deliveries.c.id)
    .where(shop_deliveries.c.state == "queued", shop_deliveries.c.due_at <= bindparam("now"))
    .order_by(shop_deliveries.c.due_at, shop_deliveries.c.id)
    .limit(bindparam("most"))
)
_DELIVERY: Final = select(shop_deliveries).where(shop_deliveries.c.id == bindparam("wanted"))
#: PostgreSQL passes over what another worker has in hand; on SQLite the writer is alone
_TAKE: Final = _DELIVERY.where(shop_deliveries.c.state == "queued").with_for_update(skip_locked=True)
_END: Final = (
    update(shop_deliveries)
    .where(shop_deliveries.c.id == bindparam("wanted"))
    .values(
        state=bindparam("new_state"),
        shop_id=bindparam("of_order"),
        source_id=bindparam("source"),
        document_id=bindparam("document"),
        effect=bindparam("did"),
        problem=bindparam("why"),
    )
)
_ORDER: Final = select(shop_orders).where(
    shop_orders.c.platform == bindparam("of_platform"),
    shop_orders.c.store == bindparam("of_store"),
    shop_orders.c.shop_id == bindparam("wanted"),
)
_LOCKED_ORDER: Final = _ORDER.with_for_update()
_SET_ORDER: Final = (
    update(shop_orders)
    .where(
        shop_orders.c.platform == bindparam("of_platform"),
        shop_orders.c.store == bindparam("of_store"),
        shop_orders.c.shop_id == bindparam("wanted"),
    )
    .values(
        order_id=bindparam("placed"),
        snapshot=bindparam("told"),
        updated_at=bindparam("told_at"),
        facts=bindparam("grown"),
        line_ids=bindparam("numbered"),
    )
)
_OF_ORDER: Final = select(shop_orders).where(shop_orders.c.order_id == bindparam("placed"))


class Delivered(NamedTuple):
    """A verified delivery before it is kept."""

    platform: str
    store: str
    delivery_id: str
    topic: str
    body: bytes
    told_at: datetime | None
    received_at: datetime


class Delivery(NamedTuple):
    """A delivery as it is kept."""

    id: int
    platform: str
    store: str
    delivery_id: str
    topic: str
    body: bytes
    told_at: datetime | None
    received_at: datetime
    state: str
    attempts: int
    due_at: datetime
    worker_id: int | None
    shop_id: str | None
    fetched: bytes | None
    source_id: int | None
    document_id: int | None
    effect: str | None
    problem: Any


class ShopOrderRow(NamedTuple):
    """An order of a shop as it is kept (see the table)."""

    platform: str
    store: str
    shop_id: str
    order_id: int | None
    snapshot: Any
    updated_at: datetime | None
    facts: dict[str, Any]
    line_ids: list[tuple[int, str]]


def store_rows(tx: Tx) -> list[dict[str, Any]]:
    """Return every store that is loaded."""
    return [dict(row) for row in tx.execute(select(stores)).mappings()]


def keep(tx: Tx, arrived: Sequence[Delivered]) -> list[bool]:
    """Keep deliveries to be worked on; tell of each whether it is new: a repeat has the id of an earlier one."""
    statement = _keep(is_sqlite=tx.is_sqlite)
    return [
        tx.execute(
            statement,
            {"id": tx.ids.next(), **one._asdict(), "state": "queued", "attempts": 0, "due_at": one.received_at},
        ).first()
        is not None
        for one in arrived
    ]


@cache
def _keep(*, is_sqlite: bool) -> Any:
    make: Any = sqlite.insert if is_sqlite else postgresql.insert
    names = (*Delivered._fields, "id", "state", "attempts", "due_at")
    return (
        make(shop_deliveries)
        .values({name: bindparam(name) for name in names})
        .on_conflict_do_nothing(index_elements=["platform", "store", "delivery_id"])
        .returning(shop_deliveries.c.id)
    )


def due_deliveries(tx: Tx, now: datetime, most: int) -> list[int]:
    """Return the ids of deliveries that can be worked on, the earliest first."""
    return [row.id for row in tx.execute(_DUE, {"now": now, "most": most})]


def take(tx: Tx, delivery_id: int) -> Delivery | None:
    """Return a delivery that is still to be worked on, locked; None when another worker has it, or had it."""
    row = tx.execute(_TAKE, {"wanted": delivery_id}).first()
    return None if row is None else Delivery._make(row)


def delivery(tx: Tx, delivery_id: int) -> Delivery:
    """Return one delivery.

    Raises:
        NotFound: there is none.
    """
    row = tx.execute(_DELIVERY, {"wanted": delivery_id}).first()
    if row is None:
        raise NotFound(f"there is no delivery {delivery_id}")
    return Delivery._make(row)


def end(
    tx: Tx, delivery_id: int, state: str, *, shop_id: str | None = None, source_id: int | None = None,
    document_id: int | None = None, effect: str = "", problem: Any = None,
) -> None:  # fmt: skip
    """Move a delivery on to *state* with what became of it."""
    tx.execute(
        _END,
        {
            "wanted": delivery_id, "new_state": state, "of_order": shop_id and shop_id[:100], "source": source_id,
            "document": document_id, "did": effect[:300] or None, "why": problem,
        },
    )  # fmt: skip


def put_off(tx: Tx, delivery_id: int, *, due_at: datetime | None, problem: Any) -> None:
    """Try a delivery again at *due_at*; None gives it up to a person."""
    values: dict[str, Any] = {"attempts": shop_deliveries.c.attempts + 1, "problem": problem}
    values |= {"state": "failed"} if due_at is None else {"due_at": due_at}
    tx.execute(update(shop_deliveries).where(shop_deliveries.c.id == delivery_id).values(**values))


def queue_again(tx: Tx, delivery_id: int, at: datetime) -> bool:
    """Queue a delivery that failed or was passed over, its tries counted anew; False when it is another's turn."""
    done = tx.execute(
        update(shop_deliveries)
        .where(shop_deliveries.c.id == delivery_id, shop_deliveries.c.state.in_(("failed", "ignored")))
        .values(state="queued", attempts=0, due_at=at, problem=None)
    )
    return done.rowcount == 1


def list_deliveries(tx: Tx, *, state: str | None, store: str | None, before: int | None, limit: int) -> list[Delivery]:
    """Return up to *limit* deliveries with ids below *before*, the latest first."""
    statement = select(shop_deliveries)
    if state is not None:
        statement = statement.where(shop_deliveries.c.state == state)
    if store is not None:
        statement = statement.where(shop_deliveries.c.store == store)
    if before is not None:
        statement = statement.where(shop_deliveries.c.id < before)
    return [Delivery._make(row) for row in tx.execute(statement.order_by(shop_deliveries.c.id.desc()).limit(limit))]


def count_deliveries(tx: Tx) -> dict[str, int]:
    """Return how many deliveries are in each state."""
    statement = select(shop_deliveries.c.state, func.count().label("count")).group_by(shop_deliveries.c.state)
    return {row.state: row.count for row in tx.execute(statement).mappings()}


def forget(tx: Tx, before: datetime) -> int:
    """Delete deliveries that were done with before *before*, and return how many; their bytes stay with the source."""
    old = delete(shop_deliveries).where(
        shop_deliveries.c.state.in_(("done", "ignored")), shop_deliveries.c.received_at < before
    )
    return int(tx.execute(old).rowcount)


def lock_order(tx: Tx, platform: str, store: str, shop_id: str) -> ShopOrderRow:
    """Return an order of a shop, made where it is new, locked until the transaction ends."""
    wanted = {"of_platform": platform, "of_store": store, "wanted": shop_id}
    row = tx.execute(_LOCKED_ORDER, wanted).first()
    if row is None:
        fresh = {"platform": platform, "store": store, "shop_id": shop_id, "facts": {}, "line_ids": []}
        tx.execute(_add_order(is_sqlite=tx.is_sqlite), fresh)
        row = tx.execute(_LOCKED_ORDER, wanted).one()
    return _order(row)


@cache
def _add_order(*, is_sqlite: bool) -> Any:
    make: Any = sqlite.insert if is_sqlite else postgresql.insert
    names = ("platform", "store", "shop_id", "facts", "line_ids")
    return (
        make(shop_orders)
        .values({name: bindparam(name) for name in names})
        .on_conflict_do_nothing(index_elements=["platform", "store", "shop_id"])
    )


def set_order(tx: Tx, row: ShopOrderRow) -> None:
    """Keep an order of a shop as it is by now."""
    tx.execute(
        _SET_ORDER,
        {
            "of_platform": row.platform, "of_store": row.store, "wanted": row.shop_id, "placed": row.order_id,
            "told": row.snapshot, "told_at": row.updated_at, "grown": row.facts,
            "numbered": [list(one) for one in row.line_ids],
        },
    )  # fmt: skip


def order_of(tx: Tx, order_id: int) -> ShopOrderRow | None:
    """Return what a shop told of our order *order_id*; None where it came from no shop."""
    row = tx.execute(_OF_ORDER, {"placed": order_id}).first()
    return None if row is None else _order(row)


def _order(row: Any) -> ShopOrderRow:
    found = ShopOrderRow._make(row)
    return found._replace(line_ids=[(int(number), line_id) for number, line_id in found.line_ids])
