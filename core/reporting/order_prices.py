"""How the prices of an order came about and what they earn: from what its review kept, as of that time.

A review keeps of each line both prices, level and cost, and once the version of the master data, the day and the
group; the candidates are had again from the prices of that version (``core.store.prices``). ``verified`` says that the
rule still chooses among them what the review did.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

import orjson

from core.catalogue.explanation import Asked
from core.catalogue.model import Item
from core.clock import iso
from core.errors import NotFound
from core.ordering.canonical import from_json
from core.reporting.order_json import hold_json
from core.reporting.orders import order_row
from core.reporting.prices import decided, item_of
from core.review.margin import CostedLine, Margin, costed, margin_of, money_of
from core.review.price import PriceRules
from core.store import events as event_rows
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id
from core.store.prices import prices_at
from core.store.rulebooks import rules_of_version
from core.values import PRICE_SCALE, QUANTITY_SCALE, from_scaled, text, to_scaled

Json = dict[str, Any]

#: holds that a decision on a price can set, of a line or of the whole order
_PRICE_HOLDS: Final = frozenset({"price.mismatch", "price.missing", "discount.authority", "margin.low"})
#: states in which prices may still be agreed on
_OPEN: Final = frozenset({"draft", "received", "in_review"})


class Reviewed(NamedTuple):
    """What a review of an order kept of its prices: ``lines`` and ``costs`` (x 10^6) by number."""

    at: str
    rule_version: str
    day: date
    group: str
    master: int
    lines: dict[int, list[Any]]
    costs: dict[int, int | None]


def price_explanation(tx: Tx, number: str, line: int, partner: str | None = None) -> Json:
    """Return how the price of a line was composed when it was reviewed, and who accepted what since (PRI-18).

    Raises:
        NotFound: no such order or line, or it is not *partner*'s.
    """
    order = order_row(tx, number, partner)
    reviewed = review_of(reviews_of(tx, order), line)
    row = next((one for one in order_rows.lines_of(tx, order["id"]) if one["line"] == line), None)
    if row is None or reviewed is None:
        raise NotFound(f"{number} has no reviewed line {line}")
    _, theirs6, ours6, level = reviewed.lines[line]
    answer: Json = {
        "number": number,
        "line": line,
        "sku": row["sku"],
        "reviewed_at": reviewed.at,
        "rule_version": reviewed.rule_version,
        "master_version": reviewed.master,
        "price": None if row["price"] is None else text(row["price"]),
        "buyer_price": _price(theirs6),
        "expected_price": _price(ours6),
        "difference_percent": _difference(theirs6, ours6),
        "locked": order["state"] not in _OPEN,
        "approvals": _approvals(tx, order["id"], line, margin=partner is None),
        "decision": None,
        "verified": False,
    }
    if row["sku"] is not None:
        contract = from_json(order_rows.document_of(tx, order["id"], order["revision"])).contract
        asked = Asked(
            order["partner"],
            reviewed.group,
            order["currency"],
            to_scaled(row["quantity"], QUANTITY_SCALE),
            reviewed.day,
            contract,
        )
        item = Item(row["sku"], "", "", "", "", None)
        answer["decision"] = decided(item, asked, prices_at(tx, row["sku"], reviewed.master))
        answer["verified"] = (answer["decision"]["price"], answer["decision"]["level"]) == (
            _price(ours6),
            level or None,
        )
    return answer


def order_margin(tx: Tx, number: str) -> Json:
    """Return what an order earns, by line and in all, by the costs that its review saw (PRI-12, PRI-14).

    The floor is that of the rules which the review was made under; targets are those of the master data now.

    Raises:
        NotFound: there is no such order.
    """
    order = order_row(tx, number, None)
    reviews = reviews_of(tx, order)
    rules = rules_of_version(tx, int(reviews[0].rule_version))
    price_rules = rules.book.price if rules else PriceRules()
    cache = MasterCache()
    cache.refresh(tx)
    target = partner_by_id(tx, cache, order["partner_id"]).target_margin
    lines = []
    every: list[CostedLine] = []
    for row in order_rows.lines_of(tx, order["id"]):
        reviewed = review_of(reviews, row["line"])
        cost6 = None if reviewed is None else reviewed.costs[row["line"]]
        target4 = None if row["sku"] is None else item_of(tx, cache, order["partner_id"], row["sku"]).target4
        price6 = None if row["price"] is None else to_scaled(row["price"], PRICE_SCALE)
        sold = (row["line"], price6, cost6, to_scaled(row["quantity"], QUANTITY_SCALE), target4)
        own = costed(price_rules, target, [sold])
        every += own
        lines.append(
            {
                "line": row["line"],
                "sku": row["sku"],
                "quantity": text(row["quantity"]),
                "price": None if row["price"] is None else text(row["price"]),
                "cost": _price(cost6),
                "cost_source": None if reviewed is None or cost6 is None else f"item master, version {reviewed.master}",
                **_sums(margin_of(own) if own else None),
            }
        )
    return {
        "number": number,
        "currency": order["currency"],
        "reviewed_at": reviews[0].at,
        "rule_version": reviews[0].rule_version,
        "lines_without_cost": sum(line["margin"] is None for line in lines),
        "lines": lines,
        **_sums(margin_of(every) if every else None),
    }


def _sums(margin: Margin | None) -> Json:
    if margin is None:
        return dict.fromkeys(("revenue", "margin", "margin_percent", "floor_percent"))
    return {
        "revenue": money_of(margin.revenue),
        "margin": money_of(margin.earned),
        "margin_percent": None if margin.percent is None else text(margin.percent),
        "floor_percent": None if margin.floor is None else text(margin.floor),
    }


def reviews_of(tx: Tx, order: Json) -> list[Reviewed]:
    """Return what each review of the order kept of its prices, the newest first; a change has its changed lines only.

    Raises:
        NotFound: it was never reviewed, or by a version that kept less.
    """
    found = [
        Reviewed(
            iso(event["at"]),
            check["rule_version"],
            date.fromisoformat(check["evidence"]["day"]),
            check["evidence"]["group"],
            check["evidence"]["master"],
            {line[0]: line for line in check["evidence"]["lines"]},
            {line[0]: cost for line, cost in zip(check["evidence"]["lines"], check["evidence"]["cost"], strict=True)},
        )
        for event in reversed(event_rows.of_order(tx, order["id"]))
        if event["event"] == "order.checked"
        for check in orjson.loads(event["inputs"])["checks"]
        if check["group"] == "price" and "master" in check["evidence"]
    ]
    if not found:
        raise NotFound(f"the prices of {order['number']} were not reviewed")
    return found


def review_of(reviews: Sequence[Reviewed], line: int) -> Reviewed | None:
    """Return the last of *reviews* that looked at *line*."""
    return next((one for one in reviews if line in one.lines), None)


def _approvals(tx: Tx, order_id: int, line: int, *, margin: bool) -> list[Json]:
    """Return the holds on the price of a line and who lifted them why; that on the *margin* is not for partners."""
    return [
        {
            **hold_json(SimpleNamespace(**hold)),
            "released_by": hold["released_by"],
            "released_at": hold["released_at"] and iso(hold["released_at"]),
            "release_reason": hold["release_reason"],
        }
        for hold in order_rows.holds_of(tx, order_id, active=False)
        if hold["code"] in _PRICE_HOLDS and (hold["line"] == line or (margin and hold["code"] == "margin.low"))
    ]


def _price(price6: int | None) -> str | None:
    return None if price6 is None else text(from_scaled(price6, PRICE_SCALE))


def _difference(theirs6: int | None, ours6: int | None) -> str | None:
    """Return by how many per cent the buyer's price is off ours, with its sign."""
    if theirs6 is None or not ours6:
        return None
    return f"{Decimal((theirs6 - ours6) * 100) / ours6:+.2f}"
