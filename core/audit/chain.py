"""The chain of one order's events: each hash covers the event and the hash before it (ARCHITECTURE decision 11)."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

import orjson

#: what the first event of an order is chained to
GENESIS = bytes(32)


class EventRow(NamedTuple):
    """One event as the store keeps it, in the column order of the ``events`` table up to ``hash``.

    ``at`` is microseconds UTC; ``inputs`` is canonical JSON text: what the decision was made from.
    """

    id: int
    order_id: int
    seq: int
    at: int
    event: str
    actor: str
    summary: str
    document_id: int | None
    inputs: str
    hash: bytes
    seal: None = None
    seal_hash: None = None


def canonical(value: Any) -> str:
    """Return *value* as JSON text with sorted keys, the form that is hashed."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def link(previous: bytes, fact: tuple[Any, ...]) -> bytes:
    """Return the hash of an event that follows *previous*.

    *fact* is (order_id, seq, at, event, actor, summary, document_id, inputs): the row without its id and hash.
    """
    return hashlib.sha256(previous + orjson.dumps(fact)).digest()


def seal_link(previous: bytes, event_hash: bytes) -> bytes:
    """Return the hash of the stream after the event with *event_hash*."""
    return hashlib.sha256(previous + event_hash).digest()
