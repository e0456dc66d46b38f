"""Offers the buyer what can be done about the lines that are short, as a counter-proposal (ORDRSP 4; INV-24).

The order stays held: a change of the buyer that takes what was offered confirms it without a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.audit.record import record
from core.documents import LineAnswer
from core.errors import Conflict
from core.ordering.confirm import Desk, answered_by_message
from core.ordering.shortage_answers import schedule_of
from core.store.engine import Tx
from core.store.outbox import queue
from core.store.supply import gtins_of
from core.values import text

Json = dict[str, Any]


def propose(tx: Tx, desk: Desk, order: Mapping[str, Any], short: Sequence[Json], *, requested_date: str) -> Json:
    """Queue the counter-proposal for *short*, the short lines with their options; return its payload.

    A line is offered in two parts where some is there, else on a later day, else as a substitute; what nothing can be
    offered for is refused (7). The other lines are accepted for *requested_date*.

    Raises:
        Conflict: the order is not held, no line is short, nothing can be offered, or its buyer is answered otherwise.
    """
    partner = desk.partner(tx, order["partner_id"])
    if order["state"] != "in_review" or not short:
        raise Conflict(f"no line of {order['number']} waits for stock in review", inputs={"state": order["state"]})
    if not answered_by_message(order["channel"], partner):
        raise Conflict(f"the buyer of {order['number']} is not answered by ORDRSP", hint="Ask, and accept the option.")
    answers: dict[str, list[str]] = {}
    schedules: dict[str, list[list[str | None]]] = {}
    notes: dict[str, str] = {}
    instead: dict[str, Json] = {}
    for line in short:
        option = offered(line["options"])
        number = str(line["line"])
        if option is None:
            answers[number] = [LineAnswer.REFUSED.value, "0"]
            continue
        answers[number] = [LineAnswer.CHANGED.value, option["quantity"]]
        parts = schedule_of(option)
        schedules[number] = [
            [text(part.quantity), None if part.day is None else part.day.isoformat()] for part in parts
        ]
        if option["option"] == "substitute":
            notes[number] = f"substitute {option['sku']}"
            instead[number] = option
    if not schedules:
        raise Conflict(f"nothing can be offered for the short lines of {order['number']}", hint="Wait for supply.")
    payload = {
        "function": "4",
        "revision": order["revision"],
        "lines": answers,
        "schedules": schedules,
        "line_notes": notes,
        "day": requested_date,
    }
    if instead:
        gtins = gtins_of(tx, sorted({option["sku"] for option in instead.values()}))
        payload["substitutes"] = {
            number: [option["sku"], gtins.get(option["sku"], "")] for number, option in instead.items()
        }
    queue(
        tx, partner_id=partner.id, type="ORDRSP", order_id=order["id"], payload=payload, at=desk.now,
        document_id=order["document_id"], test=order["test"],
    )  # fmt: skip
    summary = f"offered to the buyer for {len(schedules)} lines"
    record(tx, order["id"], "order.proposed", at=desk.now, actor=desk.actor, summary=summary, inputs=payload)
    return payload


def request_supply(tx: Tx, desk: Desk, order: Mapping[str, Any], line: int, option: Json) -> None:
    """Note that *option* of a short line, which is ours to bring about, is under way; the order waits."""
    summary = f"{option['option']} for {option['quantity']} of line {line}"
    inputs = {"line": line, **option}
    record(tx, order["id"], "order.supply_requested", at=desk.now, actor=desk.actor, summary=summary, inputs=inputs)


def offered(options: Sequence[Json]) -> Json | None:
    """Return the option that is offered of *options*: whole in two parts, whole later, or a substitute."""
    known = {one["option"]: one for one in reversed(options) if one["date"] is not None}
    for name in ("split", "later_date", "substitute"):
        if name in known and Decimal(known[name]["quantity"]) > 0:
            return known[name]
    return None
