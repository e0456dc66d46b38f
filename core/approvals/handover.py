"""Hands approvals on: to somebody by name, to the role above, by hand or when nobody decided in time; asks again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from core.approvals.decide import Row, approvers, held_of, locked, permitted, steps_of
from core.approvals.flow import Asked, Held, ask, finish, open_step
from core.audit.record import record
from core.errors import Conflict, Forbidden, NotFound
from core.ordering.confirm import Desk
from core.review.approvals import Step, amount_of, steps_for
from core.store import approvals as rows
from core.store import orders as order_rows
from core.store import timers
from core.store.engine import Tx
from core.store.keys import user_roles
from core.store.lookup import MasterCache
from core.store.rates import in_company
from core.store.timers import Timer

#: who escalates what nobody decided in time
RULE: Final = "rule:approvals"


def delegate(
    tx: Tx, desk: Desk, approval_id: int, *, to: str, until: datetime | None, reason: str, roles: Collection[str] | None
) -> int:
    """Hand a pending approval to the user *to*, who alone decides, until *until* where given; return the new one's id.

    Raises:
        NotFound: there is no such approval or user.
        Conflict: it is decided already, or *until* is over.
        Forbidden: it is not the actor's to decide, or *to* may not decide: by role, or having asked for it or decided
            on another part of it.
    """
    row = locked(tx, approval_id)
    permitted(tx, desk, row, roles)
    theirs = user_roles(tx, to)
    if theirs is None:
        raise NotFound(f"there is no user {to}", hint="`[[users]]` of the master data says who there is.")
    if until is not None and until <= desk.now:
        raise Conflict("it would be over at once", inputs={"until": until.isoformat()})
    if not desk.rules(tx).book.roles.may_release(theirs, row["role"]):
        raise Forbidden(f"{to} may not decide for the role {row['role']}", inputs={"role": row["role"], "to": to})
    others = [one for one in rows.of_hold(tx, row["hold_id"]) if one["round"] == row["round"]]
    if to in rows.requesters(tx, row["order_id"]) | {row["asked_by"]} | approvers(others):
        raise Forbidden(f"{to} asked for it, or decided on another part of it", inputs={"to": to})
    said = f"{row['code']} handed to {to} by {desk.actor}: {reason}"
    return _hand_on(tx, desk, row, "delegated", said=said, reason=reason, role=row["role"], assignee=to, until=until)


def escalate(tx: Tx, desk: Desk, approval_id: int, *, reason: str) -> int:
    """Hand a pending approval to the role above, with the reason; return the new one's id (REV-17).

    Raises:
        NotFound: there is none.
        Conflict: it is decided already, or nobody is above.
    """
    row = locked(tx, approval_id)
    above = _above(tx, desk, row["role"])
    said = f"{row['code']} escalated from {row['role']} to {above} by {desk.actor}: {reason}"
    return _hand_on(tx, desk, row, "delegated", said=said, reason=reason, role=above)


def fire(tx: Tx, cache: MasterCache, timer: Timer, now: datetime) -> bool:
    """Ask the role above when nobody decided in time; where nobody is above, it stays with who was asked."""
    if not timers.take(tx, timer.id):
        return False
    desk = Desk(cache, RULE, now)
    try:
        row = locked(tx, timer.subject_id)
        above = _above(tx, desk, row["role"])
    except Conflict:
        return False
    said = f"{row['code']} escalated from {row['role']} to {above}: not decided in time"
    _hand_on(tx, desk, row, "expired", said=said, reason="not decided in time", role=above)
    return True


def ask_for(tx: Tx, desk: Desk, number: str, *, codes: Collection[str], reason: str) -> list[int]:
    """Ask for the approval of held orders by hand; return the ids of what is pending now.

    A hold whose flow was declined is asked for again. One that a single role releases is a special case: the role
    above decides (REV-17). Who asks does not decide.

    Raises:
        NotFound: no such order.
        Conflict: it has no such hold, one of them waits for its approvals already, or nobody is above.
    """
    order = order_rows.by_number(tx, number, lock=True)
    chosen = [hold for hold in order_rows.holds_of(tx, order["id"]) if not codes or hold["code"] in codes]
    if not chosen:
        raise Conflict(f"{number} has no such hold")
    for hold in chosen:
        _ask_again(tx, desk, order, hold, reason)
    held = {hold["id"] for hold in chosen}
    pending = rows.found(tx, state="pending", order=number, roles=None, assignee=None, after=None, limit=500)
    return [one["id"] for one in pending if one["hold_id"] in held]


def _ask_again(tx: Tx, desk: Desk, order: dict[str, Any], hold: dict[str, Any], reason: str) -> None:
    before = rows.of_hold(tx, hold["id"])
    if any(one["state"] == "pending" for one in before):
        raise Conflict(f"{hold['code']} waits for its approvals already", inputs={"hold": hold["code"]})
    total = in_company(tx, order["total"], order["currency"], desk.now)
    held = Held(
        hold["id"], order["id"], order["number"], order["type"], total, hold["code"], hold["release_role"],
        hold["inputs"],
    )  # fmt: skip
    rules = desk.rules(tx)
    amount = amount_of(held.inputs, held.total)
    steps = steps_for(rules.book.approvals, rules.book.roles, held.code, held.release_role, amount)
    if not steps:
        steps = steps_of(before[-1]) if before else (Step((_above(tx, desk, held.release_role),), "all"),)
    asked = Asked(before[-1]["round"] + 1 if before else 1, desk.actor, reason, str(rules.version))
    open_step(tx, held, steps, asked, step=0, rules=rules, at=desk.now)


def _above(tx: Tx, desk: Desk, role: str) -> str:
    book = desk.rules(tx).book
    above = book.approvals.above(book.roles, role)
    if above is None:
        raise Conflict(f"nobody is above {role}", hint="`next_role` of [approvals] says who is.")
    return above


def _hand_on(
    tx: Tx,
    desk: Desk,
    row: Row,
    state: str,
    *,
    said: str,
    reason: str,
    role: str,
    assignee: str | None = None,
    until: datetime | None = None,
) -> int:
    """End *row* and ask somebody else in its place; return the id of what is asked."""
    finish(tx, row, state, at=desk.now, actor=desk.actor, reason=reason)
    event = "approval.delegated" if assignee else "approval.escalated"
    inputs = {
        "approval": str(row["id"]), "code": row["code"], "from": row["role"], "role": role, "assignee": assignee,
        "reason": reason, "rule_version": row["rule_version"],
    }  # fmt: skip
    record(tx, row["order_id"], event, at=desk.now, actor=desk.actor, summary=said, inputs=inputs)
    asked = Asked(row["round"], row["asked_by"], row["why"], row["rule_version"])
    return ask(
        tx, held_of(tx, row), steps_of(row), asked, place=(row["step"], row["slot"]), role=role,
        rules=desk.rules(tx), at=desk.now, assignee=assignee, until=until,
    )  # fmt: skip
