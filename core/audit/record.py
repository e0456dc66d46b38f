"""Tells a fact of one order: appends to its chain inside the transaction of the fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.audit.chain import EventRow, canonical, link
from core.clock import to_micros
from core.store.engine import Tx
from core.store.events import append_events, tail
from core.subscriptions.catalogue import event_types


def record(
    tx: Tx,
    order_id: int,
    event: str,
    *,
    at: datetime,
    actor: str,
    summary: str,
    inputs: Mapping[str, Any] | None = None,
    document_id: int | None = None,
) -> None:
    """Append one event to the order's chain.

    *event* is one of the catalogue (``core.subscriptions.catalogue``), *actor* a person, a key or a rule
    (``rule:auto-invoice``); *inputs* are JSON-ready values that the decision was made from.
    """
    assert event in event_types(), f"{event} is not in core/subscriptions/events.toml"
    seq, previous = tail(tx, order_id)
    fact = (order_id, seq + 1, to_micros(at), event, actor, summary[:500], document_id, canonical(inputs or {}))
    append_events(tx, [EventRow(tx.ids.next(), *fact, link(previous, fact))])
