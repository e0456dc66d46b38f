"""Temporary limits, guarantees and payment plans: requested with a reason, approved by amount, over by the clock.

A limit or a guarantee raises what the partner may owe, a payment plan defers what is overdue (CUS-10, CUS-14, CUS-17).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from core.clock import iso
from core.credit.review import review_later
from core.errors import Conflict, Forbidden, NotFound
from core.review.credit import approver, may_approve
from core.store import adjustments as rows
from core.store import timers
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company, partner_id_by_code
from core.store.payments import lock_account
from core.store.rates import exchange_now
from core.values import money_text

ADJUSTMENT_EXPIRES: Final = "credit.adjustment-expires"
KINDS: Final = ("limit", "guarantee", "payment_plan")


class Request(NamedTuple):
    """What is asked for: *amount* more until the end of the day *valid_to* in our time zone, and why.

    It is in the currency of the partner's account.
    """

    partner: str
    kind: str
    amount: Decimal
    reason: str
    valid_to: date


def request_adjustment(tx: Tx, cache: MasterCache, request: Request, *, actor: str, now: datetime) -> int:
    """Keep a request, which waits for the role that its amount asks for; return its id (CUS-17, CUS-18).

    Raises:
        NotFound: no such partner.
        Conflict: it would be over before it could count.
    """
    cache.refresh(tx)
    partner_id = partner_id_by_code(tx, request.partner)
    if partner_id is None:
        raise NotFound(f"there is no partner {request.partner}")
    zone = ZoneInfo(our_company(tx, cache).timezone)
    expires_at = datetime.combine(request.valid_to + timedelta(days=1), time(), zone).astimezone(UTC)
    if expires_at <= now:
        raise Conflict(f"{request.valid_to} is over", hint="valid_to is the last day on which it counts.")
    exchange = exchange_now(tx, cache, partner_id, now)
    ours = exchange.in_company(request.amount, exchange.account)
    adjustment_id = rows.insert_adjustment(
        tx, partner_id=partner_id, kind=request.kind, amount=request.amount, reason=request.reason,
        valid_to=request.valid_to, expires_at=expires_at, requested_by=actor, requested_at=now,
        release_role=approver(cache.rules.book.credit, ours), rule_version=str(cache.rules.version),
    )  # fmt: skip
    timers.schedule(tx, ADJUSTMENT_EXPIRES, adjustment_id, expires_at)
    return adjustment_id


def decide_adjustment(
    tx: Tx, cache: MasterCache, adjustment_id: int, *, approve: bool, actor: str, roles: frozenset[str] | None,
    reason: str, now: datetime,
) -> None:  # fmt: skip
    """Approve or decline a request; an approved one counts from now on, and held orders are reviewed again.

    *roles* are the caller's; None stands for every role.

    Raises:
        NotFound: no such request.
        Forbidden: the roles do not reach up to its amount, or the caller asked for it (invariant 10).
        Conflict: it is decided already, or over.
    """
    cache.refresh(tx)
    asked = rows.adjustment(tx, adjustment_id, lock=True)
    if asked["requested_by"] == actor:
        raise Forbidden("nobody decides on a request of their own", hint=f"It waits for {asked['release_role']}.")
    exchange = exchange_now(tx, cache, asked["partner_id"], now)
    ours = exchange.in_company(asked["amount"], exchange.account)
    if roles is not None and not may_approve(cache.rules.book.credit, roles, ours):
        raise Forbidden(f"{asked['amount']} waits for {asked['release_role']}", inputs={"amount": str(asked["amount"])})
    if asked["state"] != "requested" or asked["expires_at"] <= now:
        state = asked["state"] if asked["expires_at"] > now else "expired"
        raise Conflict(f"the credit adjustment is {state}")
    rows.decide(tx, adjustment_id, "approved" if approve else "declined", actor=actor, at=now, reason=reason)
    if approve:
        lock_account(tx, asked["partner_id"])
        review_later(tx, asked["partner_id"], now)
    else:
        timers.cancel(tx, ADJUSTMENT_EXPIRES, adjustment_id)


def expire_adjustment(tx: Tx, adjustment_id: int) -> bool:
    """Say that an adjustment is over, and whether it was not before: what it covered stays confirmed."""
    return rows.expire(tx, adjustment_id)


def told(row: dict[str, Any]) -> dict[str, Any]:
    """Return an adjustment JSON-ready."""
    return {
        "id": str(row["id"]),
        "partner": row["partner"],
        "kind": row["kind"],
        "amount": money_text(row["amount"]),
        "reason": row["reason"],
        "valid_to": row["valid_to"].isoformat(),
        "state": row["state"],
        "release_role": row["release_role"],
        "rule_version": row["rule_version"],
        "requested_by": row["requested_by"],
        "requested_at": iso(row["requested_at"]),
        "decided_by": row["decided_by"],
        "decided_at": row["decided_at"] and iso(row["decided_at"]),
        "decision_reason": row["decision_reason"],
    }
