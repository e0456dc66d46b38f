"""The stream of sealed events, the pulse of the store, and what needs a person."""

from __future__ import annotations

from typing import Any

from core.clock import iso
from core.store import alerts as alert_rows
from core.store import events as event_rows
from core.store.engine import Tx
from core.store.views import pulse as views
from core.store.views.paging import partner_codes

Json = dict[str, Any]


def stream(tx: Tx, after: int, limit: int) -> list[Json]:
    """Return at most *limit* sealed events after position *after*, oldest first; ``id`` is the position."""
    rows = event_rows.stream(tx, after, limit)
    codes = partner_codes(tx, {row["partner_id"] for row in rows})
    return [
        {
            "id": row["seal"],
            "at": iso(row["at"]),
            "event": row["event"],
            "partner": codes.get(row["partner_id"]),
            "number": row["number"],
            "channel": row["channel"],
            "document_id": None if row["document_id"] is None else str(row["document_id"]),
            "summary": row["summary"],
        }
        for row in rows
    ]


def stream_head(tx: Tx) -> int:
    """Return the position of the newest sealed event, 0 when there is none."""
    return event_rows.sealed_upto(tx)


def pulse(tx: Tx) -> str:
    """Return a text that changes whenever a document, an order, an event or an alert was added or changed."""
    return views.beat(tx)


def alerts(tx: Tx) -> list[Json]:
    """Return open alerts, the latest first."""
    return [
        {
            "id": str(row["id"]),
            "kind": row["kind"],
            "subject": row["subject"],
            "partner": row["partner"],
            "message": row["message"],
            "document_id": None if row["document_id"] is None else str(row["document_id"]),
            "opened_at": iso(row["opened_at"]),
            "last_seen_at": iso(row["last_seen_at"]),
            "count": row["count"],
        }
        for row in alert_rows.open_alerts(tx)
    ]
