"""What is known of approvals: who decides, on what, by which rule, and what would come of it (REV-07, REV-14)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from core.approvals.decide import standing, steps_of, waits_for_one
from core.clock import iso
from core.reporting import cursor as cursors
from core.review.rulebook import Rules
from core.store import approvals as rows
from core.store import orders as order_rows
from core.store.engine import Tx


def approvals(
    tx: Tx,
    *,
    now: datetime,
    state: str | None = "pending",
    order: str | None = None,
    roles: Collection[str] | None = None,
    assignee: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Return a page of approvals, the earliest asked first; *roles* and *assignee* are whom they wait for.

    Raises:
        ValueRefused: the cursor is not of this list.
    """
    key = cursors.decode(cursor, int)
    after = key[0] if key else None
    read = rows.found(tx, state=state, order=order, roles=roles, assignee=assignee, after=after, limit=limit + 1)
    found, more = cursors.page(read, limit)
    return {"items": [told(row, now) for row in found], "next": cursors.encode(found[-1]["id"]) if more else None}


def approval(tx: Tx, approval_id: int, *, rules: Rules, now: datetime) -> dict[str, Any]:
    """Return one approval with the hold that it is about, the limit of its role, its flow, and what approving does.

    Raises:
        NotFound: there is none.
    """
    row = rows.get(tx, approval_id)
    flow = [one for one in rows.of_hold(tx, row["hold_id"]) if one["round"] == row["round"]]
    limit = rules.book.credit.approvals.get(row["role"]) if row["code"].startswith("credit.") else None
    hold = {
        "code": row["code"], "line": row["line"], "reason": row["hold_reason"], "inputs": row["inputs"],
        "rule": row["rule"], "rule_version": row["hold_rule_version"], "release_role": row["release_role"],
    }  # fmt: skip
    return {
        **told(row, now),
        "hold": hold,
        "limit": None if limit is None else str(limit),
        "flow": [{"roles": list(step.roles), "needs": step.needs} for step in steps_of(row)],
        "decisions": [_decision(one) for one in flow],
        "approving_does": _approving_does(tx, row, flow),
    }


def told(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return an approval JSON-ready."""
    return {
        "id": str(row["id"]),
        "order": row["order"],
        "partner": row["partner"],
        "code": row["code"],
        "line": row["line"],
        "state": row["state"],
        "round": row["round"],
        "step": row["step"] + 1,
        "steps": len(row["steps"]),
        "role": row["role"],
        "assignee": row["assignee"] if waits_for_one(row, now) or row["state"] != "pending" else None,
        "until": row["until"] and iso(row["until"]),
        "asked_by": row["asked_by"],
        "why": row["why"],
        "rule_version": row["rule_version"],
        "opened_at": iso(row["opened_at"]),
        "due_at": iso(row["due_at"]),
        "overdue": row["state"] == "pending" and row["due_at"] <= now,
        "decided_at": row["decided_at"] and iso(row["decided_at"]),
        "decided_by": row["decided_by"],
        "on_behalf_of": row["on_behalf_of"],
        "decision_reason": row["reason"],
    }


def _decision(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "step": row["step"] + 1,
        "role": row["role"],
        "assignee": row["assignee"],
        "state": row["state"],
        "decided_by": row["decided_by"],
        "decided_at": row["decided_at"] and iso(row["decided_at"]),
        "decision_reason": row["reason"],
    }


def _approving_does(tx: Tx, row: dict[str, Any], flow: list[dict[str, Any]]) -> str | None:
    """Return in words what comes of approving *row* now; None where it is decided."""
    if row["state"] != "pending":
        return None
    after = [{**one, "state": "approved"} if one["id"] == row["id"] else one for one in flow]
    outcome, step = standing(row, after)
    if outcome == "next":
        return f"step {step + 1} is asked: {', '.join(steps_of(row)[step].roles)}"
    if outcome == "waiting":
        waiting = [one["role"] for one in after if one["step"] == row["step"] and one["state"] == "pending"]
        return f"the step waits for {', '.join(waiting)}"
    held = [hold for hold in order_rows.holds_of(tx, row["order_id"]) if hold["stage"] == "confirm"]
    left = sorted({hold["code"] for hold in held if hold["id"] != row["hold_id"]})
    return "the hold is lifted; " + (f"{', '.join(left)} still holds the order" if left else "the order goes on")
