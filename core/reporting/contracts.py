"""Which lines of orders under a contract are off its prices (PRI-16)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from core.catalogue.explanation import Asked, explain_price
from core.catalogue.model import Item
from core.catalogue.pricing import lowest
from core.errors import NotFound
from core.reporting.order_prices import Reviewed, review_of, reviews_of
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.prices import prices_at
from core.store.views.contracts import orders_under, partners_of
from core.values import PRICE_SCALE, QUANTITY_SCALE, from_scaled, text, to_scaled

Json = dict[str, Any]


def verify_contract(tx: Tx, contract: str, *, since: datetime) -> Json:
    """Compare every line ordered under *contract* since then with the contract's price at the time of its review.

    Returns:
        How many ``orders`` and ``lines`` were compared, and ``off``: the lines whose price is another one, or for
        whose item the contract had none.

    Raises:
        NotFound: no price is of that contract.
    """
    partners = partners_of(tx, contract)
    if not partners:
        raise NotFound(f"no price is of contract {contract}")
    off: list[Json] = []
    orders = lines = 0
    for order in orders_under(tx, partners, contract, since):
        orders += 1
        reviews = reviews_of(tx, order)
        for row in order_rows.lines_of(tx, order["id"]):
            reviewed = review_of(reviews, row["line"])
            if row["sku"] is None or row["price"] is None or reviewed is None:
                continue
            lines += 1
            agreed = _agreed(tx, order, row, reviewed, contract)
            if agreed != row["price"]:
                off.append(_off(order["number"], row, agreed))
    return {"contract": contract, "partners": partners, "orders": orders, "lines": lines, "off": off}


def _agreed(tx: Tx, order: Json, row: Json, reviewed: Reviewed, contract: str) -> Decimal | None:
    """Return what the contract asked for the line, None where it had no price for it."""
    kept = [one.candidate for one in prices_at(tx, row["sku"], reviewed.master) if one.candidate.contract == contract]
    quantity6 = to_scaled(row["quantity"], QUANTITY_SCALE)
    asked = Asked(order["partner"], reviewed.group, order["currency"], quantity6, reviewed.day, contract)
    decision = explain_price(Item(row["sku"], "", "", "", "", None, tuple(kept)), asked)
    applying = [one.candidate for one in decision.candidates if one.applies]
    return from_scaled(lowest(applying).amount6, PRICE_SCALE) if applying else None


def _off(number: str, row: Json, agreed: Decimal | None) -> Json:
    price = row["price"]
    return {
        "number": number,
        "line": row["line"],
        "sku": row["sku"],
        "price": text(price),
        "contract_price": None if agreed is None else text(agreed),
        "difference_percent": f"{(price - agreed) / agreed * 100:+.2f}" if agreed else None,
    }
