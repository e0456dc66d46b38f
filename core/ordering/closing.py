"""The end of an order: settled when it is delivered, billed and paid; archived when nothing is open (ORD-18, row 22).

An archived order is read-only. Its last event names a hash over all that belongs to it, so that whoever takes a copy
out can show later that it is whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from core.audit.chain import canonical
from core.audit.record import record
from core.errors import Conflict
from core.ordering.states import advance, roll_up
from core.store import closing as rows
from core.store import orders as order_rows
from core.store import timers
from core.store.alerts import close_alert, raise_alert
from core.store.engine import Tx
from core.store.events import tail
from core.store.rulebooks import rules_in_force
from core.store.timers import Timer

ORDER_ARCHIVE: Final = "order.archive"
#: what this module fires
KINDS: Final = frozenset({ORDER_ARCHIVE})
RULE: Final = "rule:archive"
#: the alert of an order whose day to be archived came while something of it was open
_BLOCKED: Final = "archive.blocked"

Row = Mapping[str, Any]


def tell_end(tx: Tx, before: Row, after: Row, *, actor: str, now: datetime) -> None:
    """Tell when an order came to its end between two of its rows, or left it again.

    One that is settled is archived after the days of the rules. One that is not paid any more comes out of the archive.
    """
    was, is_now = (roll_up(row["state"], row["billing"], row["payment"]) for row in (before, after))
    ended = ("settled", "archived")
    order_id = after["id"]
    if is_now == "settled" and was not in ended:
        said = {"billing": after["billing"], "payment": after["payment"]}
        record(tx, order_id, "order.settled", at=now, actor=actor, summary="delivered, billed and paid", inputs=said)
        if days := rules_in_force(tx).book.phases.archive_days:
            timers.schedule(tx, ORDER_ARCHIVE, order_id, now + timedelta(days=days))
    elif was in ended and after["payment"] != "paid":
        timers.cancel(tx, ORDER_ARCHIVE, order_id)
        state = after["state"]
        if state == "archived":
            state = advance(state, "reopen")
            order_rows.set_state(tx, order_id, state)
        said = {"from": was, "state": state, "payment": after["payment"]}
        record(tx, order_id, "order.reopened", at=now, actor=actor, summary="it is not paid any more", inputs=said)


def archive_order(tx: Tx, number: str, *, actor: str, reason: str, now: datetime) -> None:
    """Close the order *number* for good.

    Raises:
        NotFound: no such order.
        Conflict: it is not delivered, billed and paid, or something of it is open; ``inputs`` say what.
    """
    order = order_rows.by_number(tx, number, lock=True)
    _archive(tx, order, actor=actor, reason=reason, now=now)


def fire(tx: Tx, timer: Timer, now: datetime) -> bool:
    """Archive the order of a due timer; what is open of it raises an alert. False where somebody was first."""
    if not timers.take(tx, timer.id):
        return False
    order = order_rows.by_id(tx, timer.subject_id, lock=True)
    try:
        _archive(tx, order, actor=RULE, reason="", now=now)
    except Conflict as refused:
        raise_alert(tx, _BLOCKED, order["number"], refused.message, at=now)
    return True


def _archive(tx: Tx, order: Row, *, actor: str, reason: str, now: datetime) -> None:
    number, state = order["number"], roll_up(order["state"], order["billing"], order["payment"])
    if state != "settled":
        raise Conflict(
            f"{number} is {state}: only what is delivered, billed and paid is archived",
            hint="An order is closed when it is settled.",
            inputs={"state": state, "billing": order["billing"], "payment": order["payment"]},
        )
    if open_holds := order_rows.holds_of(tx, order["id"]):
        codes = sorted({hold["code"] for hold in open_holds})
        raise Conflict(f"{number} is held: {', '.join(codes)}", hint="Release the holds.", inputs={"holds": codes})
    close_alert(tx, _BLOCKED, number, at=now)
    content = bundle(tx, order)
    timers.cancel(tx, ORDER_ARCHIVE, order["id"])
    order_rows.set_state(tx, order["id"], advance(order["state"], "archive"))
    record(
        tx,
        order["id"],
        "order.archived",
        at=now,
        actor=actor,
        summary=f"archived: {reason}" if reason else "archived",
        inputs={
            "bundle": hashlib.sha256(canonical(content).encode()).hexdigest(),
            "parts": {name: len(part) if isinstance(part, list) else part for name, part in content.items()},
            "reason": reason,
        },
    )


def bundle(tx: Tx, order: Row) -> dict[str, Any]:
    """Return what the hash of the archive stands for: the parts of an order by the hashes and names they have.

    ``revisions`` and ``sources`` are SHA-256 in hexadecimal, ``chain`` is the hash of the order's last event before
    the archive, ``invoices`` and ``shipments`` are their numbers, ``payments`` the references that paid.
    """
    seq, chain = tail(tx, order["id"])
    return {
        "number": order["number"],
        "events": seq,
        "chain": chain.hex(),
        "revisions": rows.revision_hashes(tx, order["id"]),
        "sources": rows.source_hashes(tx, order["id"]),
        "shipments": rows.shipment_numbers(tx, order["id"]),
        "invoices": rows.invoice_numbers(tx, order["id"]),
        "payments": rows.payment_references(tx, order["id"]),
    }
