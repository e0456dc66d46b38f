"""Special prices: asked for with four facts, granted by whoever has the authority, then a customer's price (PRI-09).

The authority follows from how far the price is below the one that applies without it (PRI-10). A granted request is
applied as a price of its customer, for the time that it asked for, under its number and with its reasons.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from core.catalogue.pricing import best_price
from core.errors import Conflict, Forbidden, NotFound
from core.review.price import WHOLE4, step_for
from core.review.rulebook import Rules
from core.store import price_requests as rows
from core.store.counters import next_in_sequence
from core.store.engine import Tx
from core.store.lookup import MasterCache, load_items, our_company, partner_by_id, partner_id_by_code
from core.store.master import next_version
from core.store.prices import write_prices
from core.values import PRICE_SCALE, QUANTITY_SCALE, from_scaled, text, to_scaled

_SEQUENCE: Final = "price-requests"
_HUNDREDTH: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PriceRequest:
    """What sales asks for; the last four are the facts that every request states (PRI-09)."""

    partner: str
    sku: str
    amount: Decimal
    currency: str | None
    min_quantity: Decimal
    valid_from: date
    valid_to: date
    reason: str
    competition: str
    expected_volume: Decimal
    approver: str


def request_price(tx: Tx, asked: PriceRequest, *, actor: str, at: datetime) -> str:
    """Keep the request with the price that applies without it and the role that may grant it; return its number.

    Raises:
        NotFound: no such partner or item.
        Conflict: no price applies that the request could be held against.
    """
    cache = MasterCache()
    cache.refresh(tx)
    partner_id = partner_id_by_code(tx, asked.partner)
    if partner_id is None:
        raise NotFound(f"there is no partner {asked.partner}")
    buyer = partner_by_id(tx, cache, partner_id)
    load_items(tx, cache, partner_id, gtins=set(), skus={asked.sku}, codes=set())
    item = cache.by_sku.get(asked.sku)
    if item is None:
        raise NotFound(f"there is no item {asked.sku}")
    currency = asked.currency or buyer.currency or our_company(tx, cache).currency
    standard = best_price(
        item,
        partner=asked.partner,
        group=buyer.group,
        currency=currency,
        quantity6=max(to_scaled(asked.min_quantity, QUANTITY_SCALE), 10**QUANTITY_SCALE),
        day=asked.valid_from,
    )
    if standard is None or not standard.amount6:
        raise Conflict(f"{asked.sku} has no price in {currency} on {asked.valid_from}", hint="Load a price first.")
    below6 = standard.amount6 - to_scaled(asked.amount, PRICE_SCALE)
    rules = cache.rules
    number = f"PR-{next_in_sequence(tx, _SEQUENCE):06d}"
    rows.add(
        tx,
        {
            "number": number,
            "partner": asked.partner,
            "sku": asked.sku,
            "currency": currency,
            "amount": asked.amount,
            "min_quantity": asked.min_quantity,
            "valid_from": asked.valid_from,
            "valid_to": asked.valid_to,
            "reason": asked.reason,
            "competition": asked.competition,
            "expected_volume": asked.expected_volume,
            "approver": asked.approver,
            "standard": from_scaled(standard.amount6, PRICE_SCALE),
            "deviation_percent": (Decimal(below6 * 100) / standard.amount6).quantize(_HUNDREDTH),
            "release_role": step_for(rules.book.price.discounts, below6 * WHOLE4, standard.amount6).role,
            "rule_version": str(rules.version),
            "state": "requested",
            "requested_by": actor,
            "requested_at": at,
        },
    )
    return number


def decide_request(
    tx: Tx, number: str, *, grant: bool, reason: str, actor: str, at: datetime, roles: Collection[str] | None = None
) -> None:
    """Grant a request, so that its price applies from now on, or decline it.

    *roles* are those of the person who decides; None is a key without roles. Nobody grants a request of their own
    that a representative could not grant.

    Raises:
        NotFound: there is no such request.
        Conflict: it is decided already.
        Forbidden: the decision is another role's, or another person's.
    """
    request = rows.get(tx, number, lock=True)
    if request["state"] != "requested":
        raise Conflict(f"{number} is {request['state']} already", inputs={"state": request["state"]})
    cache = MasterCache()
    cache.refresh(tx)
    if grant:
        _authorise(cache.rules, request, actor, roles)
    rows.decide(tx, number, "approved" if grant else "declined", actor=actor, at=at, reason=reason)
    if grant:
        write_prices(tx, [_price_of(request, actor, at, reason)], next_version(tx))


def _authorise(rules: Rules, request: dict[str, Any], actor: str, roles: Collection[str] | None) -> None:
    role = request["release_role"]
    if roles is not None and not rules.book.roles.may_release(roles, role):
        raise Forbidden(f"{request['number']} is for the role {role} to grant", inputs={"release_role": role})
    if actor == request["requested_by"] and role != rules.book.price.discounts[0].role:
        raise Forbidden(f"{request['number']} is for somebody else to grant: {actor} asked for it")


def _price_of(request: dict[str, Any], actor: str, at: datetime, reason: str) -> dict[str, Any]:
    return {
        "sku": request["sku"],
        "level": "customer",
        "currency": request["currency"],
        "partner": request["partner"],
        "group_code": "",
        "contract": "",
        "reference": request["number"],
        "min_quantity": request["min_quantity"],
        "valid_from": request["valid_from"],
        "valid_to": request["valid_to"],
        "amount": request["amount"],
        "basis": {
            "applied_by": request["requested_by"],
            "reason": request["reason"],
            "competition": request["competition"],
            "expected_volume": text(request["expected_volume"]),
            "approver": request["approver"],
            "deviation_percent": text(request["deviation_percent"]),
            "approved_by": actor,
            "approved_on": at.date().isoformat(),
            "decision": reason,
        },
    }
