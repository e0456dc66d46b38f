"""Gives a line under review the price of a granted request (PRI-08); a confirmed price is locked (PRI-15)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.audit.record import record
from core.catalogue.pricing import line_amount4
from core.errors import Conflict, NotFound, PriceLocked
from core.ordering.canonical import from_json
from core.ordering.charges import charged
from core.ordering.confirm import Desk
from core.ordering.hold import lift_hold, set_hold
from core.review.margin import margin_low
from core.store import orders as order_rows
from core.store import price_requests
from core.store.engine import Tx
from core.store.lookup import load_items
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, from_scaled, text, to_scaled

#: what a granted price settles of its line; the margin of the order is judged anew
_SETTLED: Final = frozenset({"price.mismatch", "price.missing", "discount.authority"})


def agree_price(tx: Tx, desk: Desk, number: str, line: int, request_number: str) -> None:
    """Set the price that *request_number* grants on a line, and lift the holds on the line's price.

    Raises:
        NotFound: no such order, line or request.
        PriceLocked: the order is past its review.
        Conflict: the request is not granted, or not for
            this customer, item, currency, quantity or day.
    """
    order = order_rows.by_number(tx, number, lock=True)
    if order["state"] != "in_review":
        raise PriceLocked(
            f"the prices of {number} are locked: it is {order['state']}", hint="Change the order instead (/changes)."
        )
    rows = order_rows.lines_of(tx, order["id"])
    row = next((one for one in rows if one["line"] == line), None)
    if row is None:
        raise NotFound(f"{number} has no line {line}")
    request = price_requests.get(tx, request_number)
    _fits(tx, desk, order, row, request)
    before, row["price"] = row["price"], request["amount"]
    amount4 = line_amount4(to_scaled(row["price"], PRICE_SCALE), to_scaled(row["quantity"], QUANTITY_SCALE))
    row["amount"] = from_scaled(amount4, MONEY_SCALE)
    order_rows.set_line(tx, order["id"], line, price=row["price"], amount=row["amount"])
    said = from_json(order_rows.document_of(tx, order["id"], order["revision"]))
    total = sum((one["amount"] or Decimal(0) for one in rows), charged(said.charges))
    order_rows.set_state(tx, order["id"], order["state"], total=total)
    active = order_rows.holds_of(tx, order["id"])
    lifted = [hold for hold in active if hold["line"] == line and hold["code"] in _SETTLED]
    for hold in lifted:
        lift_hold(tx, hold, at=desk.now, actor=desk.actor, reason=f"granted by {request_number}")
    record(
        tx,
        order["id"],
        "price.agreed",
        at=desk.now,
        actor=desk.actor,
        summary=f"line {line}: {text(row['price'])} by {request_number}",
        inputs={
            "line": line,
            "request": request_number,
            "before": None if before is None else text(before),
            "price": text(row["price"]),
            "lifted": sorted(hold["code"] for hold in lifted),
        },
    )
    if not any(hold["code"] == "margin.low" for hold in active):
        _judge_margin(tx, desk, order, rows)


def _fits(tx: Tx, desk: Desk, order: dict[str, Any], row: dict[str, Any], request: dict[str, Any]) -> None:
    today = desk.now.astimezone(ZoneInfo(desk.company(tx).timezone)).date()
    wanted = (order["partner"], row["sku"], order["currency"])
    if request["state"] != "approved":
        raise Conflict(f"{request['number']} is not granted: it is {request['state']}")
    if (request["partner"], request["sku"], request["currency"]) != wanted:
        raise Conflict(f"{request['number']} is for another customer, item or currency")
    if row["quantity"] < request["min_quantity"] or not request["valid_from"] <= today <= request["valid_to"]:
        raise Conflict(f"{request['number']} is for another quantity or time")


def _judge_margin(tx: Tx, desk: Desk, order: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Hold the order when the agreed price takes its margin below the floor."""
    partner = desk.partner(tx, order["partner_id"])
    if order["type"] == "sample" or order["currency"] != desk.company(tx).currency:
        return
    skus = {row["sku"] for row in rows if row["sku"]}
    load_items(tx, desk.cache, partner.id, gtins=set(), skus=skus, codes=set())
    sold = []
    for row in rows:
        item = desk.cache.by_sku.get(row["sku"]) if row["sku"] else None
        price6 = None if row["price"] is None else to_scaled(row["price"], PRICE_SCALE)
        quantity6 = to_scaled(row["quantity"], QUANTITY_SCALE)
        cost6, target4 = (item.cost6, item.target4) if item is not None else (None, None)
        sold.append((row["line"], price6, cost6, quantity6, target4))
    rules = desk.rules(tx)
    low = margin_low(rules.book.price, partner.target_margin, sold, order["currency"])
    if low is not None:
        set_hold(tx, order["id"], low, desk.now, str(rules.version))
