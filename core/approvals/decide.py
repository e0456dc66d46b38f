"""Decides on approvals: by who may, once a person; the last one lifts the hold, a declined one ends the flow."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.approvals.flow import Asked, Held, finish, open_step, withdraw
from core.approvals.standing import grants_to
from core.audit.record import record
from core.errors import Conflict, Forbidden
from core.ordering.confirm import Desk
from core.ordering.release import lift_holds
from core.review.approvals import Claim, Step, Verdict, authority, verdict
from core.store import approvals as rows
from core.store import orders as order_rows
from core.store.engine import Tx

Row = dict[str, Any]


def decide(tx: Tx, desk: Desk, approval_id: int, *, approve: bool, reason: str, roles: Collection[str] | None) -> None:
    """Approve or decline; *roles* are those of the actor of *desk*, None is a key without roles.

    When a step has what it needs, the next is asked; after the last the hold is lifted, and the order confirmed where
    nothing else holds it. A declined approval ends the flow: the hold stays.

    Raises:
        NotFound: there is none.
        Conflict: it is decided, or taken back; or the order cannot be confirmed as it is.
        OwnRequest, DecidedBefore, Forbidden: it is not for the actor to decide (``core.review.approvals.authority``).
        StockShort: another writer took stock or credit meanwhile; try again.
    """
    row = locked(tx, approval_id)
    for_whom = permitted(tx, desk, row, roles)
    state = "approved" if approve else "declined"
    actor = desk.actor
    finish(tx, row, state, at=desk.now, actor=actor, reason=reason, on_behalf_of=for_whom)
    said = f"{row['code']} {state} by {actor}" + (f" for {for_whom}" if for_whom else "")
    inputs = {
        "approval": str(row["id"]), "code": row["code"], "role": row["role"], "step": row["step"] + 1,
        "on_behalf_of": for_whom, "reason": reason, "rule_version": row["rule_version"],
    }  # fmt: skip
    summary = said + (f": {reason}" if reason else "")
    record(tx, row["order_id"], f"approval.{state}", at=desk.now, actor=actor, summary=summary, inputs=inputs)
    _go_on(tx, desk, row)


def locked(tx: Tx, approval_id: int) -> Row:
    """Return a pending approval whose order is locked, so that its flow goes on once.

    Raises:
        NotFound: there is none.
        Conflict: it is decided, or taken back.
    """
    order_rows.by_id(tx, rows.get(tx, approval_id)["order_id"], lock=True)
    row = rows.get(tx, approval_id)
    if row["state"] != "pending":
        raise Conflict(f"the approval is {row['state']}", inputs={"state": row["state"], "by": row["decided_by"]})
    return row


def permitted(tx: Tx, desk: Desk, row: Row, roles: Collection[str] | None) -> str | None:
    """Return on whose behalf the actor of *desk* decides on *row*, None by a right of their own.

    Raises:
        OwnRequest, DecidedBefore, Forbidden: it is not for the actor to decide.
    """
    if waits_for_one(row, desk.now) and row["assignee"] != desk.actor:
        raise Forbidden(f"it waits for {row['assignee']}", inputs={"assignee": row["assignee"]})
    others = [one for one in rows.of_hold(tx, row["hold_id"]) if one["round"] == row["round"]]
    claim = Claim(
        desk.actor,
        roles,
        rows.requesters(tx, row["order_id"]) | {row["asked_by"]},
        approvers(others),
        grants_to(tx, desk.actor, desk.company(tx).timezone, desk.now),
    )
    return authority(desk.rules(tx).book.roles, row["role"], claim)


def approvers(others: Sequence[Row]) -> frozenset[str]:
    """Return who approved part of a round, and for whom."""
    done = [one for one in others if one["state"] == "approved"]
    return frozenset({one["decided_by"] for one in done} | {one["on_behalf_of"] for one in done} - {None})


def waits_for_one(row: Mapping[str, Any], now: datetime) -> bool:
    """Tell whether the one who is named alone decides now."""
    return row["assignee"] is not None and (row["until"] is None or now < row["until"])


def held_of(tx: Tx, row: Mapping[str, Any]) -> Held:
    """Return the hold that an approval is about."""
    order = order_rows.by_id(tx, row["order_id"])
    return Held(
        row["hold_id"], row["order_id"], order["number"], order["type"], order["total"], row["code"],
        row["release_role"], row["inputs"],
    )  # fmt: skip


def steps_of(row: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps of the flow that an approval belongs to."""
    return tuple(Step(tuple(one["roles"]), one["needs"]) for one in row["steps"])


def standing(row: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> Verdict:
    """Return what follows from the decisions of the round of *row*, as its rows stand."""
    states = {(one["step"], one["slot"]): one["state"] for one in others if one["round"] == row["round"]}
    return verdict(steps_of(row), states, row["step"])


def _go_on(tx: Tx, desk: Desk, row: Row) -> None:
    """Do what follows from a decision: ask the next step, lift the hold, or end the flow."""
    outcome, step = standing(row, rows.of_hold(tx, row["hold_id"]))
    if outcome == "waiting":
        return
    why = f"step {row['step'] + 1} is {'declined' if outcome == 'declined' else 'decided'}"
    withdraw(tx, row["hold_id"], at=desk.now, actor=desk.actor, reason=why)
    if outcome == "next":
        asked = Asked(row["round"], row["asked_by"], row["why"], row["rule_version"])
        open_step(tx, held_of(tx, row), steps_of(row), asked, step=step, rules=desk.rules(tx), at=desk.now)
    elif outcome == "granted":
        order = order_rows.by_number(tx, row["order"])
        chosen = [hold for hold in order_rows.holds_of(tx, row["order_id"]) if hold["id"] == row["hold_id"]]
        lift_holds(tx, desk, order, chosen, reason="approved by every step")
