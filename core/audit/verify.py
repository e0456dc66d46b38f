"""Finds an edited, removed, added or reordered event: the offline proof over all chains and the stream."""

from __future__ import annotations

from typing import Any

from core.audit.chain import GENESIS, link, seal_link
from core.clock import to_micros
from core.store import events
from core.store.engine import Tx

_TOLD = ("event", "actor", "summary", "document_id", "inputs")


def verify(tx: Tx) -> dict[str, Any]:
    """Return ``{"ok", "events", "unsealed", "first_bad"}``; ``first_bad`` names the event and what is wrong."""
    count, broken = _verify_chains(tx)
    broken = broken or _verify_stream(tx)
    return {"ok": broken is None, "events": count, "unsealed": events.unsealed_count(tx), "first_bad": broken}


def _verify_chains(tx: Tx) -> tuple[int, dict[str, Any] | None]:
    broken: dict[str, Any] | None = None
    count = 0
    order_id, seq, previous = None, 0, GENESIS
    for row in events.by_chain(tx):
        count += 1
        if row["order_id"] != order_id:
            order_id, seq, previous = row["order_id"], 0, GENESIS
        seq += 1
        fact = (order_id, seq, to_micros(row["at"]), *(row[name] for name in _TOLD))
        expected = link(previous, fact)
        if broken is None and (row["seq"] != seq or bytes(row["hash"]) != expected):
            broken = {"event_id": str(row["id"]), "order_id": str(order_id), "seq": row["seq"], "fault": "chain"}
        seq, previous = row["seq"], bytes(row["hash"])
    return count, broken


def _verify_stream(tx: Tx) -> dict[str, Any] | None:
    position, previous = 0, GENESIS
    for row in events.by_seal(tx):
        position += 1
        if row["seal"] != position or bytes(row["seal_hash"]) != seal_link(previous, bytes(row["hash"])):
            return {"event_id": str(row["id"]), "position": row["seal"], "fault": "stream"}
        previous = bytes(row["seal_hash"])
    if position != events.sealed_upto(tx):
        return {"event_id": None, "position": events.sealed_upto(tx), "fault": "stream ends early"}
    return None
