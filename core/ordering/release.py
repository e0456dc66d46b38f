"""Lifts holds, by a person with a reason; the last one lets the order go on (state table, row 7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from core.audit.record import record
from core.errors import Conflict, Forbidden
from core.ordering.confirm import Desk, reserve_again
from core.ordering.confirm_or_hold import confirm_or_hold
from core.store import orders as order_rows
from core.store.engine import Tx


def release_holds(
    tx: Tx,
    desk: Desk,
    number: str,
    *,
    reason: str = "",
    codes: Collection[str] = (),
    rules: Collection[str] = (),
    roles: Collection[str] | None = None,
) -> dict[str, Any]:
    """Lift the holds of an order (of *codes* and *rules*, else all), confirm it when none is left, and return its row.

    Releasing accepts what the hold was about: the buyer's price, what stock there is, a refused unknown line. Credit
    that others used up since the review holds the order anew, unless it is what was released.

    *roles* are those of the person who decides; None is a key without roles, which may release every hold.

    Raises:
        NotFound: no such order.
        Forbidden: a hold waits for another role, and none of *roles* decides for it; then nothing is lifted.
        Conflict: it has no such hold, or cannot be confirmed as it is; then nothing is lifted.
    """
    order = order_rows.by_number(tx, number, lock=True)
    active = order_rows.holds_of(tx, order["id"])
    chosen = [hold for hold in active if (not codes or hold["code"] in codes) and (not rules or hold["rule"] in rules)]
    if not chosen:
        what = f"no hold {', '.join(sorted(codes))}" if codes else "no hold"
        raise Conflict(f"{number} has {what} to release", inputs={"holds": [hold["code"] for hold in active]})
    if roles is not None:
        _permit(tx, desk, number, roles, chosen)
    for hold in chosen:
        order_rows.release_hold(tx, hold["id"], at=desk.now, actor=desk.actor, reason=reason[:500])
        record(
            tx,
            order["id"],
            "hold.released",
            at=desk.now,
            actor=desk.actor,
            summary=f"{hold['code']} released" + (f": {reason}" if reason else ""),
            inputs={"code": hold["code"], "line": hold["line"], "rule_version": hold["rule_version"], "reason": reason},
        )
    left = [hold for hold in active if hold not in chosen]
    if order["state"] == "in_review" and not any(hold["stage"] == "confirm" for hold in left):
        confirm_or_hold(tx, desk, order, "holds released: " + ", ".join(sorted({hold["code"] for hold in chosen})))
    if any(hold["code"] == "stock.expired" for hold in chosen):
        reserve_again(tx, desk, order)
    return order_rows.by_number(tx, number)


def _permit(tx: Tx, desk: Desk, number: str, roles: Collection[str], chosen: Iterable[dict[str, Any]]) -> None:
    """Refuse when one of the *chosen* holds is not for *roles* to release."""
    matrix = desk.rules(tx).book.roles
    denied = {
        hold["code"]: hold["release_role"] for hold in chosen if not matrix.may_release(roles, hold["release_role"])
    }
    if denied:
        needed = sorted(set(denied.values()))
        deciders = [role for role in matrix.roles if all(matrix.may_release((role,), one) for one in needed)]
        raise Forbidden(
            f"{number}: {', '.join(f'{code} needs the role {role}' for code, role in sorted(denied.items()))}",
            hint=f"One who may: {', '.join(sorted(deciders))}.",
            inputs={"holds": sorted(denied), "release_roles": needed, "roles": sorted(roles)},
        )
