"""Credit told: how a partner stands, what it paid and how late, many orders checked at once, who is to be warned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.clock import iso
from core.credit.adjustments import told
from core.currency import on_account
from core.errors import NotFound
from core.partners.model import Partner
from core.reporting import cursor as cursors
from core.review.credit import (
    check_credit,
    credit_limit,
    exposure_of,
    limit_now,
    limit_origin,
    terms_days,
)
from core.store import adjustments, payments
from core.store import credit as rows
from core.store import orders as order_rows
from core.store.credit import CreditPosition, credit_position
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company, partner_by_id, partner_codes, partner_id_by_code
from core.store.rates import exchange_for
from core.values import money_text

Json = dict[str, Any]

#: states in which an order is still to be decided on, and those in which it takes credit no more
_UNDECIDED: Final = frozenset({"received", "in_review"})
_OVER: Final = frozenset({"declined", "cancelled"})
_HUNDRED: Final = Decimal(100)


def local_day(tx: Tx, cache: MasterCache, now: datetime) -> date:
    """Return the day that it is for us."""
    cache.refresh(tx)
    return now.astimezone(ZoneInfo(our_company(tx, cache).timezone)).date()


def standing(tx: Tx, cache: MasterCache, code: str, now: datetime) -> Json:
    """Return limit and where it comes from, exposure and its parts, what is available, terms, overdue (CUS-15).

    Raises:
        NotFound: no such partner.
    """
    today, partner = local_day(tx, cache, now), _partner(tx, cache, code)
    rules = cache.rules.book.credit
    exchange = exchange_for(tx, cache, partner, today)
    position = credit_position(tx, partner.id, today, now, exchange)
    base, limit, exposure = (
        credit_limit(rules, partner, position.volumes), limit_now(rules, partner, position), exposure_of(position),
    )  # fmt: skip
    granted = adjustments.adjustments(tx, partner_id=partner.id, state="approved", before=None, limit=100)
    return {
        "partner": partner.code,
        "grade": partner.grade,
        "currency": exchange.account,
        "limit": _money(limit),
        "limit_base": _money(base),
        "limit_origin": limit_origin(rules, partner, position.volumes),
        "raised": money_text(position.raised),
        "exposure": money_text(exposure),
        "exposure_parts": {
            "open_invoices": money_text(position.open_amount),
            "confirmed_orders": money_text(position.committed),
            "prepayments": money_text(position.prepaid),
        },
        "available": None if limit is None else money_text(limit - exposure),
        "terms_days": terms_days(rules, partner),
        "terms_origin": "agreed" if partner.payment_terms_days is not None else f"grade {partner.grade or 'none'}",
        "overdue_amount": money_text(_sum_of(position)),
        "overdue": [
            {"number": number, "due": due.isoformat(), "amount": money_text(amount), "days_late": (today - due).days}
            for number, due, amount in position.overdue
        ],
        "adjustments": [told(row) for row in granted if row["expires_at"] > now],
        "grades": [{**row, "at": iso(row["at"])} for row in rows.grades_of(tx, partner.id)],
        "rule_version": str(cache.rules.version),
    }  # fmt: skip


def paid(tx: Tx, cache: MasterCache, code: str, *, cursor: str | None = None, limit: int = 50) -> Json:
    """Return a page of payments, the latest first, with the invoices that each went to and how late (CUS-16).

    Raises:
        NotFound: no such partner.
    """
    cache.refresh(tx)
    partner = _partner(tx, cache, code)
    key = cursors.decode(cursor, int)
    found, more = cursors.page(payments.payments_of(tx, partner.id, key[0] if key else None, limit + 1), limit)
    parts = payments.parts_of(tx, [row["id"] for row in found])
    items = [
        {
            "id": str(row["id"]),
            "reference": row["reference"],
            "order": row["order"],
            "amount": money_text(row["amount"]),
            "currency": row["currency"],
            "date": row["paid_on"].isoformat(),
            "unapplied": money_text(row["unapplied"]),
            "reversed_at": row["reversed_at"] and iso(row["reversed_at"]),
            "invoices": [
                {
                    "number": part["invoice"],
                    "due": part["due"].isoformat(),
                    "amount": money_text(part["amount"]),
                    "days_late": max((row["paid_on"] - part["due"]).days, 0),
                }
                for part in parts[row["id"]]
            ],
        }
        for row in found
    ]
    return {"items": items, "next": cursors.encode(found[-1]["id"]) if more else None}


def check_orders(tx: Tx, cache: MasterCache, numbers: Sequence[str], now: datetime) -> list[Json]:
    """Return the credit check of each order as of now, in the sequence given (CUS-19).

    What passes counts against the orders of the same partner behind it, as if it were confirmed. ``ok`` is None where
    there is no such order, or where none is left to check.
    """
    today = local_day(tx, cache, now)
    positions: dict[int, CreditPosition] = {}
    return [_checked(tx, cache, positions, number, today=today, now=now) for number in dict.fromkeys(numbers)]


def _checked(
    tx: Tx, cache: MasterCache, positions: dict[int, CreditPosition], number: str, *, today: date, now: datetime
) -> Json:
    try:
        order = order_rows.by_number(tx, number)
    except NotFound:
        return {"number": number, "partner": None, "state": None, "ok": None, "holds": [], "evidence": {}}
    answer = {"number": number, "partner": order["partner"], "state": order["state"]}
    if order["test"] or order["state"] in _OVER:
        return {**answer, "ok": None, "holds": [], "evidence": {}}
    partner = partner_by_id(tx, cache, order["partner_id"])
    exchange = exchange_for(tx, cache, partner, today)
    if partner.id not in positions:
        positions[partner.id] = credit_position(tx, partner.id, today, now, exchange)
    position, total = positions[partner.id], order["total"]
    takes = order["state"] not in _UNDECIDED and order["billing"] == "none"
    currency, rate = order["currency"], exchange.rate_kept(order["currency"])
    position.committed -= on_account(total, order["credit_rate"]) if takes else 0
    check = check_credit(
        cache.rules.book.credit, partner, position, total, currency,
        paid=rows.paid_in_advance(tx, order["id"], currency, rate), exchange=exchange,
    )  # fmt: skip
    if takes or (not check.holds and order["state"] in _UNDECIDED):
        position.committed += on_account(total, order["credit_rate"] if takes else rate)
    holds = [
        {
            "code": hold.code,
            "reason": hold.reason,
            "inputs": hold.inputs,
            "rule": hold.rule,
            "release_role": hold.release_role,
            "release_when": hold.lifted_by,
        }
        for hold in check.holds
    ]
    return {**answer, "ok": not check.holds, "holds": holds, "evidence": check.evidence}


def warnings(tx: Tx, cache: MasterCache, now: datetime) -> Json:
    """Return the partners that have used most of their limit, or owe what is overdue, by code (CUS-20)."""
    today = local_day(tx, cache, now)
    rules = cache.rules.book.credit
    items = []
    for partner_id, code in partner_codes(tx):
        partner = partner_by_id(tx, cache, partner_id)
        exchange = exchange_for(tx, cache, partner, today)
        position = credit_position(tx, partner_id, today, now, exchange)
        limit, exposure = limit_now(rules, partner, position), exposure_of(position)
        used = exposure / limit * _HUNDRED if limit else None
        near = used >= rules.warning_percent if used is not None else limit is not None and exposure > 0
        if not near and not position.overdue:
            continue
        items.append(
            {
                "partner": code,
                "grade": partner.grade,
                "currency": exchange.account,
                "limit": _money(limit),
                "exposure": money_text(exposure),
                "used_percent": None if used is None else f"{used:.2f}",
                "overdue_amount": money_text(_sum_of(position)),
                "overdue_invoices": len(position.overdue),
                "days_late": max(((today - due).days for _, due, _ in position.overdue), default=0),
                "reasons": [*(["limit"] if near else []), *(["overdue"] if position.overdue else [])],
            }
        )
    return {
        "day": today.isoformat(),
        "at": iso(now),
        "warning_percent": str(rules.warning_percent),
        "rule_version": str(cache.rules.version),
        "items": items,
    }


def _partner(tx: Tx, cache: MasterCache, code: str) -> Partner:
    partner_id = partner_id_by_code(tx, code)
    if partner_id is None:
        raise NotFound(f"there is no partner {code}")
    return partner_by_id(tx, cache, partner_id)


def _sum_of(position: CreditPosition) -> Decimal:
    return sum((amount for _, _, amount in position.overdue), Decimal(0))


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else money_text(amount)
