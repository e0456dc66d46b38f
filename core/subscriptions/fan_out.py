"""Makes deliveries of what the stream tells: each fact once for each subscription that wants it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from core.store.engine import Tx
from core.store.hook_deliveries import add_deliveries
from core.store.subscriptions import SubscriptionRow, behind, facts_after, set_subscription, subscription
from core.subscriptions.model import Fact

#: facts that are looked through in one transaction
_PAGE: Final = 1_000


def fan_out(tx: Tx, at: datetime) -> int:
    """Queue a page of facts for every subscription that is behind, and return how many were looked through.

    The subscription's row is locked: two processes never make the same delivery twice.
    """
    seen = 0
    for subscription_id in behind(tx):
        row = subscription(tx, subscription_id, lock=True)
        facts = facts_after(tx, row.cursor, _PAGE)
        if facts and row.state == "active":
            made = _queue(tx, row, (fact for fact in facts if row.wanted.fits(fact)), at)
            set_subscription(tx, row.id, cursor=facts[-1].seal, made=row.made + made)
            seen += len(facts)
    return seen


def replay(tx: Tx, row: SubscriptionRow, after: int, *, actor: str, at: datetime) -> int:
    """Queue once more what *row* (locked) wants of the stream between *after* and its cursor; return how many."""
    made, position = 0, after
    while facts := facts_after(tx, position, _PAGE):
        wanted = [fact for fact in facts if fact.seal <= row.cursor and row.wanted.fits(fact)]
        made += _queue(tx, row._replace(made=row.made + made), wanted, at, replayed_by=actor)
        position = facts[-1].seal
        if position >= row.cursor:
            break
    set_subscription(tx, row.id, made=row.made + made)
    return made


def _queue(tx: Tx, row: SubscriptionRow, facts: Iterable[Fact], at: datetime, replayed_by: str | None = None) -> int:
    rows = [
        {
            "subscription_id": row.id,
            "position": row.made + count,
            "event_id": fact.event_id,
            "order_id": fact.order_id,
            "seal": fact.seal,
            "event": fact.event,
            "replayed_by": replayed_by,
        }
        for count, fact in enumerate(facts, 1)
    ]
    add_deliveries(tx, rows, at)
    return len(rows)
