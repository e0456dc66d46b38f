"""Notices as they are read: those of an order with EDI beside them, and how many went by which channel (CNF-07)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import orjson

from core.clock import iso
from core.partners.notices import Preference
from core.store import links, notices
from core.store.engine import Tx

Json = dict[str, Any]

#: EDI messages that tell what a notice would
_BY_TYPE: Final = {"ORDRSP": "order.confirmed", "DESADV": "order.shipped", "INVOIC": "invoice.issued"}
#: states of a transmission -> what became of a notice
_STATES: Final = {"": "waiting", "queued": "waiting", "attempting": "waiting", "reissued": "sent"}
_ANSWERED: Final = frozenset({"acknowledged", "refused"})


def preferences_told(preferences: tuple[Preference, ...]) -> list[Json]:
    """Return a partner's preferences as they are asked for."""
    return [
        {
            "event": one.event,
            "channel": one.channel,
            "to": list(one.to),
            "cc": list(one.cc),
            "language": one.language or None,
            "template": one.template or None,
        }
        for one in preferences
    ]


def of_order(tx: Tx, order_id: int) -> list[Json]:
    """Return everything that the customer was told of an order, oldest first: notices and EDI messages."""
    told = [_notice(row) for row in notices.of_order(tx, order_id)]
    told += [_message(row) for row in notices.messages_of_order(tx, order_id, tuple(_BY_TYPE))]
    return sorted(told, key=lambda one: int(one["id"]))


def links_told(tx: Tx, order: Mapping[str, Any], now: datetime) -> Json:
    """Return the links that open an order, oldest first."""
    return {
        "number": order["number"],
        "items": [
            {
                "id": str(one.notice_id),
                "notice": one.notice,
                "created_at": iso(one.created_at),
                "expires_at": iso(one.expires_at),
            }
            for one in links.open_links(tx, order["id"], now)
        ],
    }


def channel_mix(tx: Tx, since: datetime, until: datetime) -> Json:
    """Return how many notices and EDI messages were made from *since* to before *until*, by channel and state."""
    counts: dict[str, dict[str, int]] = {}
    found = [(channel, state, count) for _, channel, state, count in notices.mix(tx, since, until)]
    found += [("edi", state, count) for _, state, count in notices.by_edi(tx, since, until, tuple(_BY_TYPE))]
    for channel, state, count in found:
        states = counts.setdefault(channel, {})
        states[_state(state)] = states.get(_state(state), 0) + count
    total = sum(sum(states.values()) for states in counts.values())
    return {
        "since": iso(since),
        "until": iso(until),
        "total": total,
        "items": [
            {
                "channel": channel,
                "count": sum(states.values()),
                "percent": f"{100 * sum(states.values()) / total:.1f}",
                "states": dict(sorted(states.items())),
            }
            for channel, states in sorted(counts.items(), key=lambda one: (-sum(one[1].values()), one[0]))
        ],
    }


def _notice(row: Mapping[str, Any]) -> Json:
    return {
        "id": str(row["id"]),
        "notice": row["notice"],
        "channel": row["channel"],
        "to": row["to"],
        "cc": row["cc"],
        "language": row["language"],
        "template": row["template"] or None,
        "template_version": row["version"],
        "subject": row["subject"],
        "state": _state(row["state"] or ""),
        "created_at": iso(row["created_at"]),
        "sent_at": _at(row["sent_at"]),
        "seen_at": _at(row["seen_at"]),
        "seen_by": row["seen_by"],
        "attempts": row["attempts"] or 0,
        "last_error": row["last_error"],
        "resends": None if row["resends"] is None else str(row["resends"]),
    }


def _message(row: Mapping[str, Any]) -> Json:
    """Return an EDI message as the notice that it is; its recipient was seen to have it when it acknowledged it."""
    answer = row["answer"] if row["state"] in _ANSWERED else None
    return {
        "id": str(row["id"]),
        "notice": _name(row["type"], row["payload"]),
        "channel": "edi",
        "to": [],
        "cc": [],
        "language": "",
        "template": row["type"],
        "template_version": None,
        "subject": row["control_reference"],
        "state": _state(row["state"] or ""),
        "created_at": iso(row["created_at"]),
        "sent_at": _at(row["sent_at"]),
        "seen_at": answer["at"] if answer else None,
        "seen_by": answer["type"] if answer else None,
        "attempts": row["attempts"] or 0,
        "last_error": row["last_error"],
        "resends": None,
    }


def _name(message_type: str, payload: Any) -> str:
    said = orjson.loads(payload) if isinstance(payload, str) else payload
    if message_type == "ORDRSP" and said.get("function") == "27":
        return "order.refused"
    if message_type == "ORDRSP" and said.get("function") == "12":
        return "order.held"
    if message_type == "ORDRSP" and said.get("revision", 1) > 1:
        return "order.changed"
    return _BY_TYPE[message_type]


def _state(state: str) -> str:
    return _STATES.get(state, state)


def _at(when: datetime | None) -> str | None:
    return None if when is None else iso(when)
