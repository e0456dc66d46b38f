"""Rows of deliveries that name an order alone, as their fetch sees them: claimed, brought, put off, given up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, select, tuple_, update

from core.store import claims
from core.store.engine import Tx
from core.store.tables.shops import shop_deliveries

_DUE: Final = (
    select(shop_deliveries.c.id, shop_deliveries.c.platform, shop_deliveries.c.store)
    .where(
        shop_deliveries.c.state == "fetching",
        shop_deliveries.c.worker_id.is_(None),
        shop_deliveries.c.due_at <= bindparam("now"),
    )
    .order_by(shop_deliveries.c.due_at, shop_deliveries.c.id)
    .limit(bindparam("most"))
)
_STORE: Final = tuple_(shop_deliveries.c.platform, shop_deliveries.c.store)
_UNDER_WAY: Final = select(shop_deliveries.c.id, shop_deliveries.c.worker_id).where(
    shop_deliveries.c.state == "fetching", shop_deliveries.c.worker_id.is_not(None)
)


class FetchRow(NamedTuple):
    """A delivery that waits for its order to be fetched."""

    id: int
    platform: str
    store: str
    delivery_id: str
    topic: str
    body: bytes
    told_at: datetime | None
    attempts: int
    worker_id: int | None


_FETCH: Final = select(*(shop_deliveries.c[name] for name in FetchRow._fields))


def anything_due(tx: Tx, now: datetime) -> bool:
    """Tell whether a claim would find something."""
    return tx.execute(_DUE, {"now": now, "most": 1}).first() is not None


def claim_due(
    tx: Tx, now: datetime, worker_id: int, *, most: int, room: Mapping[tuple[str, str], int], each: int
) -> list[FetchRow]:
    """Claim up to *most* fetches that are due for *worker_id*.

    Of one store (platform, name) at most as many as *room* says, *each* where it says nothing.
    """
    statement = _DUE.where(_STORE.not_in(nothing)) if (nothing := claims.full(room)) else _DUE
    due = tx.execute(statement.with_for_update(skip_locked=True, of=shop_deliveries), {"now": now, "most": most * 4})
    ids = claims.picked(due, lambda row: (row.platform, row.store), most=most, each=each, room=room)
    if not ids:
        return []
    claimed = {"worker_id": worker_id, "attempts": shop_deliveries.c.attempts + 1}
    tx.execute(update(shop_deliveries).where(shop_deliveries.c.id.in_(ids)).values(**claimed))
    found = tx.execute(_FETCH.where(shop_deliveries.c.id.in_(ids)))
    return [FetchRow._make(row)._replace(body=bytes(row.body)) for row in found]


def under_way(tx: Tx) -> list[tuple[int, int]]:
    """Return (delivery, worker) of every fetch that has not ended."""
    return [(int(row.id), int(row.worker_id)) for row in tx.execute(_UNDER_WAY)]


def brought(tx: Tx, row: FetchRow, fetched: bytes | None, at: datetime) -> bool:
    """Keep what was fetched and queue the delivery; None where there was nothing to fetch after all."""
    return _end(tx, row, state="queued", fetched=fetched, attempts=0, due_at=at, problem=None)


def put_off(tx: Tx, row: FetchRow, due_at: datetime, problem: Any) -> bool:
    """Fetch it again at *due_at*."""
    return _end(tx, row, due_at=due_at, problem=problem)


def give_up(tx: Tx, row: FetchRow, problem: Any) -> bool:
    """Leave it to a person."""
    return _end(tx, row, state="failed", problem=problem)


def free(tx: Tx, delivery_id: int, worker_id: int, at: datetime) -> None:
    """Take a claim from a worker that is gone; fetching once more changes nothing."""
    tx.execute(
        update(shop_deliveries)
        .where(
            shop_deliveries.c.id == delivery_id,
            shop_deliveries.c.state == "fetching",
            shop_deliveries.c.worker_id == worker_id,
        )
        .values(worker_id=None, due_at=at)
    )


def _end(tx: Tx, row: FetchRow, **values: Any) -> bool:
    """Set *values* and end the claim; False when it was lost, and the fetch is another's by now."""
    held = claims.held(shop_deliveries, row, "fetching")
    return tx.execute(update(shop_deliveries).where(held).values(worker_id=None, **values)).rowcount == 1
