"""Changes of an order as people and programs read them: who asked for what, what it did, and the papers of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson

from core.clock import iso
from core.errors import NotFound
from core.reporting.documents import documents_of
from core.reporting.orders import order_row
from core.store import changes as rows
from core.store import events, outbox
from core.store.engine import Tx
from core.values import money_text

Json = dict[str, Any]

#: UN data element 1225 -> the word of the API
_FUNCTIONS: Final = {"1": "cancel", "4": "change", "5": "replace"}


def changes(tx: Tx, number: str, partner: str | None = None) -> Json:
    """Return every change that was asked of an order, oldest first: ``{"items": [...], "next": None}``.

    ``state`` is ``declined``, ``cancelled`` (it ended the order), ``applied`` (its revision waits for a decision, or
    another overtook it) or ``confirmed``. ``impact`` tells what it altered: None of a change that was declined.

    Raises:
        NotFound: there is none of that number, or it is not *partner*'s.
    """
    order = order_row(tx, number, partner)
    found = rows.changes_of(tx, order["id"])
    return {"items": _told(tx, order, found), "next": None}


def change(tx: Tx, number: str, change_id: str, partner: str | None = None) -> Json:
    """Return one change with what was ``asked``, how the order ``stood`` before, and its ``documents``.

    Raises:
        NotFound: the order has no such change, or is not *partner*'s.
    """
    order = order_row(tx, number, partner)
    found = rows.changes_of(tx, order["id"])
    for row, told in zip(found, _told(tx, order, found), strict=True):
        if told["id"] == change_id:
            own = {str(row["document_id"]), *_answers(tx, order["id"], row)}
            papers = [one for one in documents_of(tx, number, partner)["items"] if one["id"] in own]
            return {**told, "asked": row["asked"], "stood": row["stood"], "documents": papers}
    raise NotFound(f"{number} has no change {change_id}")


def _told(tx: Tx, order: Json, found: Sequence[Json]) -> list[Json]:
    """Return the changes JSON-ready; what one left is what the next one met, and the last one the order itself."""
    head = {"total": money_text(order["total"]), "promised_date": _iso(order["promised_date"])}
    confirmed = _confirmed(tx, order["id"]) if found else frozenset()
    told: list[Json] = []
    left: Json = head
    for row in reversed(found):
        state = row["state"]
        if state == "applied" and row["revision"] in confirmed:
            state = "confirmed"
        told.append(
            {
                "id": str(row["id"]),
                "number": order["number"],
                "reference": row["reference"] or None,
                "function": _FUNCTIONS[row["function"]],
                "state": state,
                "revision": row["revision"],
                "dated": row["dated"] and iso(row["dated"]),
                "at": iso(row["at"]),
                "actor": row["actor"],
                "reason": row["reason"],
                "document_id": str(row["document_id"]),
                "impact": None if state == "declined" else _impact(row, left),
            }
        )
        left = row["stood"]
    return told[::-1]


def _impact(row: Json, left: Json) -> Json:
    """Return total, promised date and values before and after; a cancelled order comes to nothing on no day."""
    ended = row["state"] == "cancelled"
    after = {"total": "0.00", "promised_date": None} if ended else left
    differences = [dict(zip(("field", "before", "after"), one, strict=True)) for one in row["differences"]]
    numbers = {one["field"].split(".")[1] for one in differences if one["field"].startswith("lines.")}
    return {
        "total": {"before": row["stood"]["total"], "after": after["total"]},
        "promised_date": {"before": row["stood"]["promised_date"], "after": after["promised_date"]},
        "lines": [line["line"] for line in row["stood"]["lines"]] if ended else sorted(map(int, numbers)),
        "differences": differences,
    }


def _confirmed(tx: Tx, order_id: int) -> frozenset[int]:
    """Return the revisions that were confirmed."""
    told = events.of_order(tx, order_id)
    return frozenset(orjson.loads(row["inputs"])["revision"] for row in told if row["event"] == "order.confirmed")


def _answers(tx: Tx, order_id: int, row: Json) -> set[str]:
    """Return the ids of what we sent in answer to a change: ORDRSP of its revision, or of its refusal."""
    return {
        str(one["id"])
        for one in outbox.of_order(tx, order_id)
        if one["type"] == "ORDRSP"
        and (one["payload"].get("revision"), one["payload"].get("change")) == (row["revision"], row["reference"])
    }


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()
