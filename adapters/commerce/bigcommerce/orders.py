"""BigCommerce's order (API v2, "Get an Order" with ``include=consignments.line_items``) as a shop order.

Amounts are those without tax; the tax of the order is told apart. An order with several consignments goes to several
addresses. Gift certificates and store credit pay; they are no discount. Certificates that are sold are no goods: they
are in the total, which then differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from adapters.commerce.assembly import ShopLine, address_of, checked, customer_of, joined, numbered
from adapters.commerce.reading import Node
from core.documents import (
    ChargeKind,
    Order,
    OrderLine,
    Party,
    ShopCharge,
    ShopDestination,
    ShopOrder,
    ShopPayment,
    ShopRefund,
    ShopSums,
    ShopTax,
)
from core.values import is_gtin, round_money

#: ``status_id`` of an order whose customer has not finished (Incomplete)
INCOMPLETE: Final = "0"
#: Cancelled and Declined
_CANCELLED: Final = frozenset({"5", "6"})
_COMPLETED: Final = "10"
#: ``status_id`` from Refunded and Partially Refunded, and those that BigCommerce gives only once it has the payment
_PAYMENT: Final[Mapping[str, ShopPayment]] = {
    "4": "refunded",
    "14": "partly_refunded",
    **dict.fromkeys(("2", "3", "8", "9", "10", "11"), "paid"),
}
_PAYMENT_STATUS: Final[Mapping[str, ShopPayment]] = {
    "authorized": "authorized",
    "captured": "paid",
    "paid": "paid",
    "partially refunded": "partly_refunded",
    "refunded": "refunded",
}
_NOTHING: Final = Decimal(0)


def read_order(node: Node) -> ShopOrder | None:
    """Return the order of a resource, None after noting why there is none."""
    shop_id, currency, status = node["id"].key(), node["currency_code"].currency(), node["status_id"].needed()
    consignments = list(_consignments(node))
    lines = numbered(
        (line for _, consignment in consignments for line in consignment["line_items"].each()),
        node["consignments"],
        _line,
    )
    addresses = [
        ShopDestination(found, tuple(_portions(consignment)))
        for kind, consignment in consignments
        if kind == "shipping" and (found := _address(consignment, "DP")) is not None
    ]
    payment = _PAYMENT.get(status) or _PAYMENT_STATUS.get(node["payment_status"].text().casefold(), "pending")
    message = node["customer_message"].text()
    told = ShopOrder(
        order=Order(
            buyer_reference=shop_id,
            lines=lines.ordered,
            document_date=node["date_created"].instant(),
            currency=currency,
            buyer=_address(node["billing_address"], "BY", code=customer_of(node)),
            ship_to=addresses[0].party if addresses else None,
            invoicee=_address(node["billing_address"], "IV"),
            payment_method=node["payment_method"].text(),
            notes=(message,) if message else (),
        ),
        shop_id=shop_id,
        updated_at=node["date_modified"].instant(),
        name=shop_id,
        state="cancelled"
        if status in _CANCELLED or node["is_deleted"].flag()
        else "closed"
        if status == _COMPLETED
        else "open",
        payment=payment,
        line_ids=lines.ids,
        total=node["total_inc_tax"].number(),
        from_gross=any(_from_gross(line) for _, one in consignments for line in one["line_items"].each()),
        sums=_sums(node),
        charges=tuple(_charges(node, consignments)),
        taxes=_taxes(node, consignments),
        refunds=tuple(_refunds(node, shop_id)),
        destinations=tuple(addresses) if len(addresses) > 1 else (),
        gift_note=joined(*_gift_notes(consignments), by="\n"),
        email=node.at("billing_address", "email").text(),
        cancel_reason=node["status"].text() if status in _CANCELLED else "",
    )
    return None if node.failed else checked(node["total_inc_tax"], told)


def _consignments(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the consignments of an order by their kind."""
    told = node["consignments"]
    groups = told.each() if isinstance(told.value, list) else iter((told,) if told.is_object() else ())
    for group in groups:
        for kind in ("shipping", "pickups", "downloads"):
            yield from ((kind, consignment) for consignment in group[kind].each())


def _line(node: Node) -> ShopLine | None:
    line_id, quantity, price = node["id"].key(), node["quantity"].quantity(), node["price_ex_tax"].price()
    for needed in ("quantity", "price_ex_tax"):
        if not node[needed].there:
            node[needed].missing()
    if not line_id or quantity is None or price is None:
        return None
    gtin = node["upc"].text()
    variant = node["variant_id"].code()
    item = OrderLine(
        line=0,
        quantity=quantity,
        gtin=gtin if is_gtin(gtin) else "",
        supplier_code=node["sku"].code(),
        buyer_code=variant if variant not in {"", "0"} else node["product_id"].code(),
        description=node["name"].words(),
        price=price,
        note=joined(
            *(
                f"{chosen['display_name'].text()}: {chosen['display_value'].text()}"
                for chosen in node["product_options"].each()
            ),
            by="\n",
        ),
    )
    return ShopLine(line_id, item)


def _portions(consignment: Node) -> Iterator[tuple[str, Decimal]]:
    for line in consignment["line_items"].each():
        if quantity := line["quantity"].quantity():
            yield line["id"].text(), quantity


def _charges(node: Node, consignments: list[tuple[str, Node]]) -> Iterator[ShopCharge]:
    """Yield discounts by line and what is left of the order's, the cost of shipping, handling and wrapping."""
    spread = _NOTHING
    for line in (line for _, consignment in consignments for line in consignment["line_items"].each()):
        for discount in line["applied_discounts"].each():
            amount = discount["amount"].amount()
            spread += amount
            name, code, pointer = discount["name"].text(), discount["code"].text(), discount["amount"].pointer
            yield ShopCharge("discount", -amount, name, code, line["id"].text(), source=pointer)
    rest = node["discount_amount"].amount() + node["coupon_discount"].amount() - spread
    if rest > 0:
        yield ShopCharge("discount", -rest, source=node.first("discount_amount", "coupon_discount").pointer)
    methods = joined(*dict.fromkeys(consignment["shipping_method"].text() for _, consignment in consignments))
    shipping = node["shipping_cost_ex_tax"]
    yield ShopCharge("shipping", shipping.amount(), methods, source=shipping.pointer)
    kinds: tuple[ChargeKind, ...] = ("handling", "wrapping")
    for kind in kinds:
        told = node[f"{kind}_cost_ex_tax"]
        if amount := told.amount():
            yield ShopCharge(kind, amount, kind, source=told.pointer)


def _sums(node: Node) -> ShopSums:
    return ShopSums(
        goods=node["subtotal_ex_tax"].number(),
        discounts=-node["discount_amount"].amount() - node["coupon_discount"].amount(),
        shipping=node["shipping_cost_ex_tax"].number(),
        taxes=node["total_tax"].number(),
    )


def _from_gross(line: Node) -> bool:
    """Tell whether a price without tax comes from one with it: that one is in whole cents, this one is not."""
    net, gross = line["price_ex_tax"].price(), line["price_inc_tax"].price()
    return net is not None and gross is not None and gross == round_money(gross) and net != round_money(net)


def _taxes(node: Node, consignments: list[tuple[str, Node]]) -> tuple[ShopTax, ...]:
    """Return the taxes of lines and costs where they add up to the order's tax, else that one; no rate is told."""
    lines = (line for _, one in consignments for line in one["line_items"].each())
    owners = [(line["total_tax"], line["id"].text(), "") for line in lines]
    costs = ("shipping", "handling", "wrapping")
    owners += [(node[f"{name}_cost_tax"], "", node[f"{name}_cost_ex_tax"].pointer) for name in costs]
    apart = tuple(
        ShopTax(amount, "", None, line_id, charge, told.pointer)
        for told, line_id, charge in owners
        if (amount := told.amount())
    )
    total = node["total_tax"]
    if apart and sum(tax.amount for tax in apart) == total.amount():
        return apart
    return (ShopTax(total.amount(), source=total.pointer),) if total.amount() else ()


def _refunds(node: Node, shop_id: str) -> Iterator[ShopRefund]:
    """Yield what was given back so far, as one refund under the order's id: single ones are told elsewhere."""
    if amount := node["refunded_amount"].amount():
        yield ShopRefund(shop_id, amount)


def _gift_notes(consignments: list[tuple[str, Node]]) -> Iterator[str]:
    for _, consignment in consignments:
        for line in consignment["line_items"].each():
            yield line["wrapping_message"].text()


def _address(node: Node, role: str, code: str = "") -> Party | None:
    country = node.first("country_iso2", "country")
    return address_of(node, role, street=("street_1", "street_2"), postal_code="zip", country=country, code=code)
