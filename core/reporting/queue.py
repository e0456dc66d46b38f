"""The queue of the warehouse: open orders by priority, each score with its parts (EXE-01)."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from core.clock import iso
from core.ordering.ranking import Ranker
from core.reporting import cursor as cursors
from core.reporting.classes import classes_of
from core.review.priority import OPEN, RULE, OpenState, Priority
from core.store import ranking as rows
from core.store.engine import Tx
from core.store.ranking import OpenOrder, QueuePlace, QueueRow

Json = dict[str, Any]


def queue(tx: Tx, *, now: datetime, state: OpenState | None = None, cursor: str | None = None, limit: int = 50) -> Json:
    """Return open orders by score, promised date and number: the first is to be done next.

    ``position`` counts from the head of what is listed, ``class`` is by ``core.reporting.classes`` (INT-23).

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
    key = cursors.decode(cursor, int, str, str, int)
    behind = None if key is None else QueuePlace._make(key[:3])
    before = 0 if key is None else key[3]
    states = OPEN if state is None else (state,)
    ranker = Ranker(tx, now)
    both: list[QueueRow | _Unranked] = [*rows.queue_page(tx, states, behind, limit + 1)]
    both += _scored_now(ranker, states, behind)
    found, more = cursors.page(heapq.nsmallest(limit + 1, both, key=_sequence), limit)
    shown = [one if isinstance(one, QueueRow) else one.row(ranker.rule_version) for one in found]
    classes = classes_of(tx, [row.number for row in shown])
    told = [_json(row, place, classes[row.number]) for place, row in enumerate(shown, before + 1)]
    return {"items": told, "next": cursors.encode(*found[-1].place, before + len(told)) if more else None}


class _Unranked(NamedTuple):
    """An order that the ranking has not seen yet, and what it would make of it."""

    place: QueuePlace
    order: OpenOrder
    priority: Priority

    def row(self, rule_version: str) -> QueueRow:
        """Return it as the queue shows it."""
        order, parts = self.order, self.priority.parts_json()
        return QueueRow(
            order.number, order.partner, order.type, order.state, order.promised_date, self.priority.score, parts,
            rule_version, None,
        )  # fmt: skip


def _scored_now(ranker: Ranker, states: Collection[str], behind: QueuePlace | None) -> Iterator[_Unranked]:
    """Yield the orders that have no score yet and stand *behind* a place, scored as the ranking would."""
    for order in rows.unranked(ranker.tx, states):
        found = ranker.priority(order)
        place = QueuePlace.of(found.score, order.promised_date, order.number)
        if behind is None or place.sequence > behind.sequence:
            yield _Unranked(place, order, found)


def _sequence(one: QueueRow | _Unranked) -> tuple[int, str, str]:
    return one.place.sequence


def _json(row: QueueRow, position: int, order_class: Json) -> Json:
    return {
        "position": position,
        "number": row.number,
        "partner": row.partner,
        "type": row.type,
        "state": row.state,
        "promised_date": row.promised_date and row.promised_date.isoformat(),
        "class": order_class,
        "score": row.score,
        "parts": row.parts,
        "rule": RULE,
        "rule_version": row.rule_version,
        "ranked_at": row.at and iso(row.at),
    }
