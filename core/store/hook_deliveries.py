"""Rows of deliveries: made from the stream, claimed in the order of each order's facts, tried, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select, update

from core.errors import NotFound
from core.store import claims
from core.store.engine import Tx
from core.store.tables.ordering import events, orders
from core.store.tables.subscriptions import hook_attempts, hook_deliveries, subscriptions

_earlier: Final = hook_deliveries.alias("earlier")
#: due, of an active subscription, and nothing before it of the same order still to be told there
_DUE: Final = (
    select(hook_deliveries.c.id, hook_deliveries.c.subscription_id)
    .join(subscriptions, subscriptions.c.id == hook_deliveries.c.subscription_id)
    .where(
        hook_deliveries.c.state == "queued",
        hook_deliveries.c.due_at <= bindparam("now"),
        subscriptions.c.state == "active",
        subscriptions.c.deleted_at.is_(None),
        ~select(_earlier.c.id)
        .where(
            _earlier.c.subscription_id == hook_deliveries.c.subscription_id,
            _earlier.c.order_id == hook_deliveries.c.order_id,
            _earlier.c.position < hook_deliveries.c.position,
            _earlier.c.state.in_(("queued", "attempting")),
        )
        .exists(),
    )
    .order_by(hook_deliveries.c.due_at, hook_deliveries.c.position)
    .limit(bindparam("most"))
)
_CLAIM: Final = _DUE.with_for_update(skip_locked=True, of=hook_deliveries)  # PostgreSQL; on SQLite the writer is alone
_UNDER_WAY: Final = select(hook_deliveries.c.id, hook_deliveries.c.worker_id).where(
    hook_deliveries.c.state == "attempting"
)


class DeliveryRow(NamedTuple):
    """One delivery as it is kept."""

    id: int
    subscription_id: int
    position: int
    event_id: int
    order_id: int
    seal: int
    event: str
    replayed_by: str | None
    state: str
    attempts: int
    due_at: datetime
    created_at: datetime
    delivered_at: datetime | None
    worker_id: int | None
    last_status: int | None
    last_error: str | None


class ToldFact(NamedTuple):
    """The event of a delivery with what its message says of the order."""

    at: datetime
    actor: str
    summary: str
    inputs: str
    document_id: int | None
    seq: int
    number: str
    buyer_reference: str
    partner_id: int
    channel: str
    type: str
    test: bool


def add_deliveries(tx: Tx, rows: Sequence[dict[str, Any]], at: datetime) -> None:
    """Queue deliveries, each ``{subscription_id, position, event_id, order_id, seal, event, replayed_by}``."""
    if rows:
        fresh = {"state": "queued", "attempts": 0, "due_at": at, "created_at": at}
        tx.execute(insert(hook_deliveries), [{"id": tx.ids.next(), **fresh, **row} for row in rows])


def anything_due(tx: Tx, now: datetime) -> bool:
    """Tell whether a claim would find something."""
    return tx.execute(_DUE, {"now": now, "most": 1}).first() is not None


def claim_due(
    tx: Tx, now: datetime, worker_id: int, *, most: int, each: int, under_way: Mapping[int, int]
) -> list[int]:
    """Claim due deliveries for *worker_id* and return their ids.

    At most *most* in all and *each* of one subscription, of which *under_way* says how many there are already.
    """
    room = {subscription_id: each - count for subscription_id, count in under_way.items()}
    nothing = claims.full(room)
    statement = _CLAIM.where(hook_deliveries.c.subscription_id.not_in(nothing)) if nothing else _CLAIM
    due = tx.execute(statement, {"now": now, "most": most * 4})
    ids = claims.picked(due, lambda row: row.subscription_id, most=most, each=each, room=room)
    if ids:
        tx.execute(
            update(hook_deliveries)
            .where(hook_deliveries.c.id.in_(ids))
            .values(state="attempting", worker_id=worker_id, attempts=hook_deliveries.c.attempts + 1)
        )
    return ids


def deliveries_of(tx: Tx, ids: Sequence[int]) -> list[DeliveryRow]:
    """Return deliveries by their ids."""
    found = tx.execute(select(hook_deliveries).where(hook_deliveries.c.id.in_(list(ids))))
    return [DeliveryRow._make(row) for row in found]


def delivery(tx: Tx, delivery_id: int, *, partner_id: int | None = None) -> DeliveryRow:
    """Return one delivery; *partner_id* sees those of its own subscriptions only.

    Raises:
        NotFound: there is none.
    """
    statement = select(hook_deliveries).where(hook_deliveries.c.id == delivery_id)
    if partner_id is not None:
        own = select(subscriptions.c.id).where(subscriptions.c.partner_id == partner_id)
        statement = statement.where(hook_deliveries.c.subscription_id.in_(own))
    row = tx.execute(statement).one_or_none()
    if row is None:
        raise NotFound(f"there is no delivery {delivery_id}")
    return DeliveryRow._make(row)


def fact_of(tx: Tx, event_id: int) -> ToldFact:
    """Return the event of a delivery."""
    row = tx.execute(
        select(
            events.c.at, events.c.actor, events.c.summary, events.c.inputs, events.c.document_id, events.c.seq,
            orders.c.number, orders.c.buyer_reference, orders.c.partner_id, orders.c.channel, orders.c.type,
            orders.c.test,
        )
        .join(orders, orders.c.id == events.c.order_id)
        .where(events.c.id == event_id)
    ).one()  # fmt: skip
    return ToldFact._make(row)


def under_way(tx: Tx) -> list[tuple[int, int]]:
    """Return (delivery, worker) of every try that has not ended."""
    return [(int(row.id), int(row.worker_id)) for row in tx.execute(_UNDER_WAY)]


def end_try(
    tx: Tx, row: DeliveryRow, *, at: datetime, seconds: float, status: int | None, error: str, answer: str,
    state: str, due_at: datetime,
) -> bool:  # fmt: skip
    """Keep the outcome of a try; False when the claim was lost, and the try is another's by now."""
    values = {
        "state": state,
        "due_at": due_at,
        "worker_id": None,
        "delivered_at": at if state == "delivered" else None,
        "last_status": status,
        "last_error": error[:300] or None,
    }
    held = claims.held(hook_deliveries, row, "attempting")
    if tx.execute(update(hook_deliveries).where(held).values(**values)).rowcount != 1:
        return False
    tx.execute(
        insert(hook_attempts).values(
            delivery_id=row.id, number=row.attempts, at=at, seconds=seconds, status=status,
            error=error[:300] or None, answer=answer,
        )
    )  # fmt: skip
    return True


def free(tx: Tx, delivery_id: int, worker_id: int, at: datetime) -> None:
    """Queue again the try of a worker that is gone; it may have arrived, and its id tells the receiver so."""
    tx.execute(
        update(hook_deliveries)
        .where(
            hook_deliveries.c.id == delivery_id,
            hook_deliveries.c.state == "attempting",
            hook_deliveries.c.worker_id == worker_id,
        )
        .values(state="queued", worker_id=None, due_at=at)
    )


def queue_again(tx: Tx, delivery_id: int, at: datetime) -> bool:
    """Queue a dead, dropped or delivered one once more, its tries counted anew; False while it is still open."""
    done = tx.execute(
        update(hook_deliveries)
        .where(hook_deliveries.c.id == delivery_id, hook_deliveries.c.state.in_(("dead", "dropped", "delivered")))
        .values(state="queued", due_at=at, delivered_at=None)
    )
    return done.rowcount == 1


def drop_open(tx: Tx, subscription_id: int) -> int:
    """End what is queued for a subscription that is deleted; return how many there were."""
    return int(
        tx.execute(
            update(hook_deliveries)
            .where(hook_deliveries.c.subscription_id == subscription_id, hook_deliveries.c.state == "queued")
            .values(state="dropped")
        ).rowcount
    )


def list_deliveries(
    tx: Tx, subscription_id: int, *, state: str | None, before: int | None, limit: int
) -> list[DeliveryRow]:
    """Return up to *limit* deliveries of a subscription below position *before*, the latest first."""
    statement = select(hook_deliveries).where(hook_deliveries.c.subscription_id == subscription_id)
    if state is not None:
        statement = statement.where(hook_deliveries.c.state == state)
    if before is not None:
        statement = statement.where(hook_deliveries.c.position < before)
    return [
        DeliveryRow._make(row) for row in tx.execute(statement.order_by(hook_deliveries.c.position.desc()).limit(limit))
    ]


def attempts_of(tx: Tx, delivery_id: int) -> list[dict[str, Any]]:
    """Return every try of a delivery, the first first."""
    statement = select(hook_attempts).where(hook_attempts.c.delivery_id == delivery_id)
    return [dict(row) for row in tx.execute(statement.order_by(hook_attempts.c.number)).mappings()]


def counts(tx: Tx, subscription_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return how many deliveries of each subscription are in each state."""
    statement = (
        select(hook_deliveries.c.subscription_id, hook_deliveries.c.state, func.count().label("count"))
        .where(hook_deliveries.c.subscription_id.in_(list(subscription_ids)))
        .group_by(hook_deliveries.c.subscription_id, hook_deliveries.c.state)
    )
    found: dict[int, dict[str, int]] = {}
    for row in tx.execute(statement).mappings():
        found.setdefault(row["subscription_id"], {})[row["state"]] = row["count"]
    return found


def forget(tx: Tx, before: datetime) -> int:
    """Delete deliveries, with their tries, that arrived or were dropped before *before*; return how many."""
    old = select(hook_deliveries.c.id).where(
        hook_deliveries.c.state.in_(("delivered", "dropped")), hook_deliveries.c.due_at < before
    )
    tx.execute(delete(hook_attempts).where(hook_attempts.c.delivery_id.in_(old)))
    return int(tx.execute(delete(hook_deliveries).where(hook_deliveries.c.id.in_(old))).rowcount)
