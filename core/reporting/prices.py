"""The price of an item for a buyer, with every candidate and the reason (PRI-06)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.catalogue.explanation import Asked, PriceDecision, explain_price
from core.catalogue.model import Item, PriceCandidate
from core.clock import iso
from core.errors import NotFound
from core.store import price_requests as requests
from core.store.engine import Tx
from core.store.lookup import MasterCache, load_items, our_company, partner_by_id, partner_id_by_code
from core.store.prices import KeptPrice, prices_at
from core.values import PRICE_SCALE, QUANTITY_SCALE, from_scaled, text, to_scaled

Json = dict[str, Any]

#: the rule that ``core.catalogue.pricing`` is
RULE = "price.levels"


def price(
    tx: Tx,
    *,
    partner: str,
    sku: str,
    quantity: Decimal,
    now: datetime,
    day: date | None = None,
    currency: str | None = None,
    contract: str = "",
) -> Json:
    """Return the price of *quantity* of *sku* for *partner*, and every candidate with validity, source and verdict.

    Args:
        tx: a read transaction.
        partner: the buyer's code.
        sku: our code of the item.
        quantity: in the item's unit; it decides on tiers.
        now: gives the day, at the company's place, where none is asked for.
        day: the day of the price.
        currency: the partner's, or ours, where none is asked for.
        contract: the contract that an order would name.

    Raises:
        NotFound: no such partner or item.
        ValueOutOfRange: the quantity is not one that the store keeps.
    """
    cache = MasterCache()
    cache.refresh(tx)
    partner_id = partner_id_by_code(tx, partner)
    if partner_id is None:
        raise NotFound(f"there is no partner {partner}")
    item = item_of(tx, cache, partner_id, sku)
    buyer, company = partner_by_id(tx, cache, partner_id), our_company(tx, cache)
    asked = Asked(
        partner,
        buyer.group,
        currency or buyer.currency or company.currency,
        to_scaled(quantity, QUANTITY_SCALE),
        day or now.astimezone(ZoneInfo(company.timezone)).date(),
        contract,
    )
    return {"partner": partner, "sku": sku, **decided(item, asked, prices_at(tx, sku, cache.version))}


def item_of(tx: Tx, cache: MasterCache, partner_id: int, sku: str) -> Item:
    """Return the item *sku* with its prices.

    Raises:
        NotFound: there is no such item.
    """
    load_items(tx, cache, partner_id, gtins=set(), skus={sku}, codes=set())
    item = cache.by_sku.get(sku)
    if item is None:
        raise NotFound(f"there is no item {sku}")
    return item


def decided(item: Item, asked: Asked, kept: Sequence[KeptPrice]) -> Json:
    """Return the decision on the price of *item*, chosen among the prices *kept*, as people read it."""
    bases: Mapping[PriceCandidate, Json | None] = dict(kept)
    decision = explain_price(replace(item, prices=tuple(bases)), asked)
    return {
        "quantity": text(from_scaled(asked.quantity6, QUANTITY_SCALE)),
        "currency": asked.currency,
        "date": asked.day.isoformat(),
        "contract": asked.contract or None,
        "price": None if decision.chosen is None else _amount(decision.chosen),
        "level": None if decision.chosen is None else decision.chosen.level,
        "why": decision.why,
        "rule": RULE,
        "candidates": _candidates(decision, bases),
    }


def _candidates(decision: PriceDecision, bases: Mapping[PriceCandidate, Json | None]) -> list[Json]:
    return [
        {
            "level": one.level,
            "price": _amount(one),
            "currency": one.currency,
            "min_quantity": text(from_scaled(one.min_quantity6, QUANTITY_SCALE)),
            "valid_from": None if one.valid_from == date.min else one.valid_from.isoformat(),
            "valid_to": one.valid_to and one.valid_to.isoformat(),
            "source": _source(one),
            "contract": one.contract or None,
            "reference": one.reference or None,
            "basis": bases[one],
            "chosen": one == decision.chosen,
            "refused": refused or None,
        }
        for one, refused in decision.candidates
    ]


def _amount(candidate: PriceCandidate) -> str:
    return text(from_scaled(candidate.amount6, PRICE_SCALE))


def _source(candidate: PriceCandidate) -> str:
    """Return where a price comes from, in words."""
    if candidate.level == "customer" and candidate.contract:
        return f"contract {candidate.contract} with {candidate.partner}"
    if candidate.level == "customer" and candidate.reference:
        return f"price request {candidate.reference} of {candidate.partner}"
    scope = candidate.partner or candidate.group
    if candidate.level == "promotion":
        return f"promotion {candidate.reference}" + (f" for {scope}" if scope else "")
    return {
        "customer": f"customer price of {scope}",
        "group": f"price of the group {scope}",
        "tier": "quantity tier",
        "catalogue": "standard catalogue",
    }[candidate.level]


def price_request(tx: Tx, number: str) -> Json:
    """Return a request for a special price.

    Raises:
        NotFound: there is none of that number.
    """
    row = requests.get(tx, number)
    decided_at = row["decided_at"]
    return {
        **row,
        **{name: text(row[name]) for name in ("amount", "min_quantity", "expected_volume", "standard")},
        "deviation_percent": text(row["deviation_percent"]),
        "valid_from": row["valid_from"].isoformat(),
        "valid_to": row["valid_to"].isoformat(),
        "requested_at": iso(row["requested_at"]),
        "decided_at": decided_at and iso(decided_at),
    }
