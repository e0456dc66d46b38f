"""Tells sinks of alerts: what opened, what is open still, what healed; one message a cause, or one for all held back.

An alert that opens or closes is marked in the statement that opens or closes it, so that a crash loses no message;
the mark is taken off in the transaction that notes who is to be told, so that none goes out twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from core.alerts.sinks import Sink
from core.clock import iso
from core.store import alert_tellings as rows
from core.store import alerts, outbox
from core.store.engine import Tx

#: the type of the outbox row and transmission that tells of alerts
ALERT: Final = "ALERT"
#: what is older when it is first looked at is told to nobody: a new installation of sinks tells no history
_MEMORY: Final = timedelta(days=1)
#: more than so many at once become one message
_BURST: Final = 5


def tell_news(tx: Tx, sinks: Sequence[Sink], now: datetime) -> int:
    """Note whom to tell of what opened and closed, queue what is due, and return how many messages that were."""
    for alert in alerts.take_news(tx):
        if alert["news"] == alerts.OPENED:
            if alert["last_seen_at"] < now - _MEMORY:
                continue
            wanting = [one for one in sinks if one.wants(alert["kind"], alert["subject"], alert["partner"])]
        else:  # who never heard that it opened need not hear that it healed
            heard = rows.heard_of(tx, alert["id"])
            wanting = [one for one in sinks if one.name in heard]
        for sink in wanting:
            rows.note(tx, sink.name, alert["id"], alert["news"], due=sink.due(alert["kind"], now), now=now)
    return sum(_tell_due(tx, sink, now) for sink in sinks)


def tell_test(tx: Tx, sink: Sink, now: datetime) -> int:
    """Queue a message that tells of nothing, also in quiet hours, and return its id."""
    return _queue(tx, sink, "test", [], now)


def is_due(tx: Tx, now: datetime) -> bool:
    """Tell whether there is anything to do for :func:`tell_news`."""
    return alerts.has_news(tx) or rows.anything_due(tx, now)


def _tell_due(tx: Tx, sink: Sink, now: datetime) -> int:
    due = [one for one in rows.take_due(tx, sink.name, now) if one.what != "again" or one.alert["closed_at"] is None]
    #: an alert that opened and healed before it was told is told once, as it is now
    latest = {one.alert["id"]: one for one in due}
    told = list(latest.values())
    held = [one for one in told if one.held] if len(told) <= _BURST else told
    messages = [(one.what, [one]) for one in told if one not in held]
    if held:
        messages.append((held[0].what if len(held) == 1 else "summary", held))
    for what, group in messages:
        _queue(tx, sink, what, [one.alert for one in group], now)
    if sink.again is not None:
        for one in told:
            if one.alert["closed_at"] is None:
                rows.note(
                    tx, sink.name, one.alert["id"], "again",
                    due=sink.due(one.alert["kind"], now + sink.again), now=now + sink.again,
                )  # fmt: skip
    return len(messages)


def _queue(tx: Tx, sink: Sink, what: str, told: Sequence[Mapping[str, Any]], now: datetime) -> int:
    if what == alerts.OPENED and told[0]["closed_at"] is not None:
        what = alerts.CLOSED
    said = {"sink": sink.name, "what": what, "at": iso(now), "alerts": [alert_as_told(one) for one in told]}
    return outbox.queue(tx, partner_id=0, type=ALERT, order_id=None, payload=said, at=now)


def alert_as_told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an alert JSON-ready."""
    return {
        "id": str(row["id"]),
        "kind": row["kind"],
        "subject": row["subject"],
        "partner": row["partner"],
        "message": row["message"],
        "document_id": None if row["document_id"] is None else str(row["document_id"]),
        "state": "open" if row["closed_at"] is None else "closed",
        "opened_at": iso(row["opened_at"]),
        "last_seen_at": iso(row["last_seen_at"]),
        "count": row["count"],
        "closed_at": row["closed_at"] and iso(row["closed_at"]),
        "closed_by": row["closed_by"],
        "close_reason": row["close_reason"],
    }
