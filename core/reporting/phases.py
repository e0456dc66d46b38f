"""The phase calendar of one order: by when each phase is to end, and when it did (ORD-01 to ORD-05)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from core.clock import iso
from core.reporting.orders import order_row
from core.review.phases import PHASES, current_phase, phase_due
from core.store import events as event_rows
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company
from core.store.rulebooks import rules_in_force

Json = dict[str, Any]


def phases(tx: Tx, number: str, now: datetime, partner: str | None = None) -> Json:
    """Return ``{"number","type","phase","rule_version","phases":[{"phase","due_at","ended_at","late"}]}``.

    ``phase`` is the one that the order is in, None at its end; ``late`` says of one that ended whether that was behind
    its deadline, of the others whether it has passed.

    Raises:
        NotFound: there is none of that number, or it is not *partner*'s.
    """
    row = order_row(tx, number, partner)
    in_force = rules_in_force(tx)
    timezone = our_company(tx, MasterCache()).timezone
    ended = _ends(tx, row)
    current = current_phase(row["state"], row["billing"])
    received = row["received_at"]
    told = [{"phase": "create", "due_at": iso(received), "ended_at": iso(received), "late": False}]
    for phase in PHASES:
        due_at = phase_due(
            in_force.book.phases, phase, order_type=row["type"], received_at=received, promised=row["promised_date"],
            timezone=timezone,
        )  # fmt: skip
        end = ended.get(phase)
        late = (end or now) > due_at and (end is not None or current is not None)
        told.append({"phase": phase, "due_at": iso(due_at), "ended_at": end and iso(end), "late": late})
    return {
        "number": number,
        "type": row["type"],
        "phase": current,
        "rule_version": str(in_force.version),
        "phases": told,
    }


def _ends(tx: Tx, row: Json) -> dict[str, datetime]:
    """Return when each phase ended: confirmed, shipped, delivered and billed in full."""
    found: dict[str, datetime] = {}
    for event in event_rows.of_order(tx, row["id"]):
        match event["event"]:
            case "order.confirmed":
                found.setdefault("review", event["at"])
            case "order.shipped":
                found.setdefault("execute", event["at"])
            case "order.delivered":
                found["delivered"] = event["at"]
            case "invoice.issued" if orjson.loads(event["inputs"])["billing"] == "full":
                found["billed"] = event["at"]
    if "delivered" in found and "billed" in found:
        found["complete"] = max(found["delivered"], found["billed"])
    return found
