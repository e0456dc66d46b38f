"""The queue of the warehouse: open orders by priority, each score with its parts (EXE-01)."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from core.clock import iso
from core.ordering.ranking import Ranker
from core.reporting import cursor as cursors
from core.review.priority import OPEN, RULE, OpenState
from core.store import ranking as rows
from core.store.engine import Tx
from core.store.ranking import QueuePlace, QueueRow

Json = dict[str, Any]


def queue(tx: Tx, *, now: datetime, state: OpenState | None = None, cursor: str | None = None, limit: int = 50) -> Json:
    """Return open orders by score, promised date and number: the first is to be done next.

    Scores are those of the last round of the ranking; an order that came since is scored as of *now*.

    Args:
        tx: a read transaction.
        now: the present instant.
        state: only orders in this state.
        cursor: ``next`` of the page before.
        limit: how many at most.

    Raises:
        ValueRefused: the cursor is not of this list.
    """
    key = cursors.decode(cursor, int, str, str)
    behind = None if key is None else QueuePlace._make(key)
    states = OPEN if state is None else (state,)
    both = [*rows.queue_page(tx, states, behind, limit + 1), *_scored_now(tx, states, behind, now)]
    found, more = cursors.page(heapq.nsmallest(limit + 1, both, key=lambda row: row.place.sequence), limit)
    return {"items": [_json(row) for row in found], "next": cursors.encode(*found[-1].place) if more else None}


def _scored_now(tx: Tx, states: Collection[str], behind: QueuePlace | None, now: datetime) -> Iterator[QueueRow]:
    """Yield the orders that the ranking has not seen yet, scored as it would score them *now*."""
    ranker = Ranker(tx, now)
    for order in rows.unranked(tx, states):
        found = ranker.priority(order)
        row = QueueRow(
            order.number, order.partner, order.type, order.state, order.promised_date, found.score,
            found.parts_json(), ranker.rule_version, None,
        )  # fmt: skip
        if behind is None or row.place.sequence > behind.sequence:
            yield row


def _json(row: QueueRow) -> Json:
    return {
        "number": row.number,
        "partner": row.partner,
        "type": row.type,
        "state": row.state,
        "promised_date": row.promised_date and row.promised_date.isoformat(),
        "score": row.score,
        "parts": row.parts,
        "rule": RULE,
        "rule_version": row.rule_version,
        "ranked_at": row.at and iso(row.at),
    }
