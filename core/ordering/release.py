"""Lifts holds, by a person with a reason; the last one lets the order go on (state table, row 7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from core.approvals.standing import grants_to
from core.audit.record import record
from core.errors import Conflict, Forbidden
from core.ordering.confirm import Desk, confirm_order, credit_hold, reserve_again
from core.ordering.hold import lift_hold, set_hold
from core.review.approvals import Claim, OwnRequest, authority
from core.review.holds import HoldDraft
from core.review.rulebook import Rulebook
from core.store import approvals as approval_rows
from core.store import orders as order_rows
from core.store.engine import Tx

Hold = dict[str, Any]


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

    *roles* are those of the person who decides; None is a key without roles, which may release every hold that one
    person may.

    Raises:
        NotFound: no such order.
        Forbidden: a hold waits for another role, and none of *roles* decides for it; then nothing is lifted.
        OwnRequest: a hold is not for who entered or changed the order to release (``approvals.separate``).
        Conflict: it has no such hold, several people approve it, or it cannot be confirmed as it is; then nothing is
            lifted.
    """
    order = order_rows.by_number(tx, number, lock=True)
    active = order_rows.holds_of(tx, order["id"])
    chosen = [hold for hold in active if (not codes or hold["code"] in codes) and (not rules or hold["rule"] in rules)]
    if not chosen:
        what = f"no hold {', '.join(sorted(codes))}" if codes else "no hold"
        raise Conflict(f"{number} has {what} to release", inputs={"holds": [hold["code"] for hold in active]})
    _refuse_approved_by_several(tx, order, chosen)
    if roles is not None:
        _permit(tx, desk, order, roles, chosen)
    return lift_holds(tx, desk, order, chosen, reason=reason)


def lift_holds(tx: Tx, desk: Desk, order: dict[str, Any], chosen: Sequence[Hold], *, reason: str) -> dict[str, Any]:
    """Lift the *chosen* holds of *order* (its locked row), confirm it when none is left, and return its row.

    Raises:
        Conflict: it cannot be confirmed as it is.
        StockShort: another writer took stock or credit meanwhile; try again.
    """
    for hold in chosen:
        lift_hold(tx, hold, at=desk.now, actor=desk.actor, reason=reason)
        record(
            tx,
            order["id"],
            "hold.released",
            at=desk.now,
            actor=desk.actor,
            summary=f"{hold['code']} released" + (f": {reason}" if reason else ""),
            inputs={"code": hold["code"], "line": hold["line"], "rule_version": hold["rule_version"], "reason": reason},
        )
    left = order_rows.holds_of(tx, order["id"])
    if order["state"] == "in_review" and not any(hold["stage"] == "confirm" for hold in left):
        if draft := credit_hold(tx, desk, order):
            _hold_again(tx, desk, order, draft)
        else:
            confirm_order(tx, desk, order, "holds released: " + ", ".join(sorted({hold["code"] for hold in chosen})))
    if any(hold["code"] == "stock.expired" for hold in chosen):
        reserve_again(tx, desk, order)
    return order_rows.by_number(tx, order["number"])


def _refuse_approved_by_several(tx: Tx, order: dict[str, Any], chosen: Sequence[Hold]) -> None:
    several = approval_rows.asked_for(tx, order["id"])
    refused = sorted({hold["code"] for hold in chosen if hold["id"] in several})
    if refused:
        raise Conflict(
            f"{order['number']}: {', '.join(refused)} is lifted by its approvals",
            hint="GET /api/v1/approvals lists who decides; release the other holds by their codes.",
            inputs={"holds": refused},
        )


def _permit(tx: Tx, desk: Desk, order: dict[str, Any], roles: Collection[str], chosen: Sequence[Hold]) -> None:
    """Refuse when one of the *chosen* holds is not for the actor of *desk*, who has *roles*, to release."""
    book = desk.rules(tx).book
    grants = grants_to(tx, desk.actor, desk.company(tx).timezone, desk.now)
    asked = approval_rows.requesters(tx, order["id"]) if any(_apart(book, hold) for hold in chosen) else frozenset()
    denied: dict[str, str] = {}
    for hold in chosen:
        claim = Claim(desk.actor, roles, asked if _apart(book, hold) else frozenset(), grants=grants)
        try:
            authority(book.roles, hold["release_role"], claim)
        except OwnRequest as own:
            raise OwnRequest(
                f"{order['number']}, {hold['code']}: {own.message}", inputs={"hold": hold["code"]}
            ) from own
        except Forbidden:
            denied[hold["code"]] = hold["release_role"]
    if denied:
        needed = sorted(set(denied.values()))
        deciders = [role for role in book.roles.roles if all(book.roles.may_release((role,), one) for one in needed)]
        raise Forbidden(
            f"{order['number']}: {', '.join(f'{code} needs the role {role}' for code, role in sorted(denied.items()))}",
            hint=f"One who may: {', '.join(sorted(deciders))}.",
            inputs={"holds": sorted(denied), "release_roles": needed, "roles": sorted(roles)},
        )


def _apart(book: Rulebook, hold: Hold) -> bool:
    """Tell whether nobody releases *hold* on an order of their own."""
    return hold["code"] in book.approvals.separate


def _hold_again(tx: Tx, desk: Desk, order: dict[str, Any], draft: HoldDraft) -> None:
    set_hold(tx, order["id"], draft, desk.now, str(desk.rules(tx).version))
    record(
        tx,
        order["id"],
        "order.held",
        at=desk.now,
        actor="rule:review",
        summary=f"held: {draft.code}",
        inputs={"holds": [draft.code], "hold": {"code": draft.code, "inputs": draft.inputs}},
    )
