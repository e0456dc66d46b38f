"""Decides on what an order and the master data say differently: keep the order, or update the master (VAL-09)."""

from __future__ import annotations

from typing import Any, Literal

from core.audit.record import record
from core.ordering.confirm import Desk
from core.ordering.release import release_holds
from core.review.customer import COUNTRY_RULE
from core.review.discrepancies import COUNTRY
from core.store import discrepancies as rows
from core.store import orders as order_rows
from core.store.engine import Tx

Decision = Literal["keep_order", "update_master"]


def resolve(tx: Tx, desk: Desk, discrepancy_id: int, decision: Decision, *, reason: str = "") -> dict[str, Any]:
    """Decide on a discrepancy and return its row as it then is.

    ``keep_order`` lets the order differ, this once. ``update_master`` makes its value the master's, which settles every
    open discrepancy of the customer that says the same. An order that was held for nothing else goes on.

    Raises:
        NotFound: there is none of that id.
        Conflict: it is decided already, nothing of the master data has the field, or the order cannot go on as it is.
    """
    row = rows.discrepancy(tx, discrepancy_id)
    settled = [row]
    if decision == "update_master" and row["decision"] is None:
        rows.update_master(tx, row)
        settled = rows.alike(tx, row)
    for one in settled:
        rows.decide(tx, one["id"], decision=decision, at=desk.now, actor=desk.actor, reason=reason[:500])
        record(
            tx,
            one["order_id"],
            "discrepancy.resolved",
            at=desk.now,
            actor=desk.actor,
            summary=_summary(one, decision) + (f": {reason}" if reason else ""),
            inputs={
                "discrepancy_id": str(one["id"]),
                "field": one["field"],
                "line": one["line"],
                "order": one["order_value"],
                "master": one["master_value"],
                "decision": decision,
                "reason": reason,
            },
        )
    for one in settled:
        if one["field"] == COUNTRY:
            _lift(tx, desk, one)
    return rows.discrepancy(tx, discrepancy_id)


def _summary(row: dict[str, Any], decision: Decision) -> str:
    if decision == "keep_order":
        return f"{row['field']} stays {row['order_value']} in the order"
    return f"{row['field']} is {row['order_value']} in the master data from now on"


def _lift(tx: Tx, desk: Desk, row: dict[str, Any]) -> None:
    """Lift the hold of the delivery country, once nothing of it is open; the last hold lets the order go on."""
    held = any(hold["rule"] == COUNTRY_RULE for hold in order_rows.holds_of(tx, row["order_id"]))
    if held and COUNTRY not in rows.open_of_order(tx, row["order_id"]):
        release_holds(tx, desk, row["number"], reason="the delivery country is decided", rules=(COUNTRY_RULE,))
