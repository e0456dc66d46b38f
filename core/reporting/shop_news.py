"""What shops were told of their orders, and what they are still to be told."""

from __future__ import annotations

from typing import Any

from core.clock import iso
from core.reporting import cursor as cursors
from core.store import shop_news as rows
from core.store.engine import Tx
from core.store.shop_news import NewsRow

Json = dict[str, Any]


def shop_news(
    tx: Tx, *, state: str | None = None, order: str | None = None, cursor: str | None = None, limit: int = 50
) -> Json:
    """Return a page of news, the latest first; those in *state*, of one *order* by its number, where it is named.

    Raises:
        ValueRefused: the cursor is not of this list.
    """
    key = cursors.decode(cursor, int)
    before = None if key is None else key[0]
    found = rows.list_news(tx, state=state, order=order, before=before, limit=limit + 1)
    shown, more = cursors.page(found, limit)
    return {
        "items": [news_json(row, number) for row, number in shown],
        "next": cursors.encode(shown[-1][0].seal) if more else None,
    }


def news_json(row: NewsRow, number: str) -> Json:
    """Return one piece of news of the order *number*."""
    told = row.payload
    return {
        "id": str(row.id),
        "platform": row.platform,
        "store": row.store,
        "shop_id": row.shop_id,
        "order": number,
        "kind": row.kind,
        "reference": told["reference"],
        "lines": _lines(told["lines"]),
        "carrier": told["carrier"] or None,
        "tracking_number": told["tracking_number"] or None,
        "shipments": [
            {
                "reference": one["reference"],
                "carrier": one["carrier"] or None,
                "tracking_number": one["tracking_number"] or None,
                "lines": _lines(one["lines"]),
            }
            for one in told["shipments"]
        ],
        "reason": told["reason"] or None,
        "state": row.state,
        "attempts": row.attempts,
        "due_at": iso(row.due_at) if row.state == "queued" else None,
        "created_at": iso(row.created_at),
        "told_at": None if row.told_at is None else iso(row.told_at),
        "last_error": row.last_error,
    }


def _lines(kept: list[list[str]]) -> list[Json]:
    return [{"line_id": line_id, "quantity": quantity} for line_id, quantity in kept]
