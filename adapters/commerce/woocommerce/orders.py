"""WooCommerce's order resource (REST API v1 to v3, and the older one that wraps it in "order") as a shop order.

WooCommerce keeps all amounts of an order without tax, however prices are shown in the shop ("prices_include_tax").
Versions before v2 tell no time in GMT; theirs is taken as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import unescape
from typing import Final

from adapters.commerce.assembly import (
    Lines,
    ShopLine,
    address_of,
    checked,
    customer_of,
    joined,
    numbered,
    piece_price,
)
from adapters.commerce.reading import Node
from core.documents import (
    Order,
    OrderLine,
    Party,
    ShopCharge,
    ShopOrder,
    ShopPayment,
    ShopRefund,
    ShopState,
    ShopSums,
    ShopTax,
)
from core.values import is_gtin

#: what is no order yet: the customer is still at the checkout
DRAFTS: Final = frozenset({"auto-draft", "checkout-draft", "draft"})
_STATE: Final[Mapping[str, ShopState]] = {
    "cancelled": "cancelled",
    "trash": "cancelled",
    "completed": "closed",
    "refunded": "closed",
}


def read_order(node: Node) -> ShopOrder | None:
    """Return the order of a resource, None after noting why there is none."""
    shop_id, currency = node["id"].key(), node["currency"].currency()
    lines = numbered(node["line_items"].each(), node["line_items"], _line)
    status = node["status"].text()
    state: ShopState = _STATE.get(status, "open")
    refunds = tuple(_refunds(node))
    told = ShopOrder(
        order=_order(node, shop_id, currency, lines),
        shop_id=shop_id,
        updated_at=node.first("date_modified_gmt", "date_modified", "updated_at").instant(),
        name=node.first("number", "order_number").text() or shop_id,
        state=state,
        payment=_payment(node, status, refunds),
        from_gross=node["prices_include_tax"].flag(),
        line_ids=lines.ids,
        total=node["total"].number(),
        sums=_sums(node),
        charges=tuple(_charges(node)),
        taxes=_taxes(node),
        refunds=refunds,
        gift_note=joined(*_gift_notes(node), by="\n"),
        email=_billing(node)["email"].text(),
        cancel_reason=status if state == "cancelled" else "",
    )
    return None if node.failed else checked(node["total"], told)


def _order(node: Node, shop_id: str, currency: str, lines: Lines) -> Order:
    note = node.first("customer_note", "note").text()
    return Order(
        buyer_reference=shop_id,
        lines=lines.ordered,
        document_date=node.first("date_created_gmt", "date_created", "created_at").instant(),
        currency=currency,
        buyer=_address(_billing(node), "BY", code=customer_of(node)),
        ship_to=_address(node.first("shipping", "shipping_address"), "DP"),
        invoicee=_address(_billing(node), "IV"),
        payment_method=node["payment_method"].text() or node.at("payment_details", "method_id").text(),
        notes=(note,) if note else (),
    )


def _payment(node: Node, status: str, refunds: tuple[ShopRefund, ...]) -> ShopPayment:
    refunded = sum(refund.amount for refund in refunds)
    if status == "refunded" or (refunded and refunded >= node["total"].amount()):
        return "refunded"
    if refunded:
        return "partly_refunded"
    if status == "failed":
        return "voided"
    paid = node.first("date_paid_gmt", "date_paid").there or node.at("payment_details", "paid").flag()
    return "paid" if paid else "pending"


def _line(node: Node) -> ShopLine | None:
    line_id, quantity, amount = node["id"].key(), node["quantity"].quantity(), node["subtotal"].number()
    for needed in ("quantity", "subtotal"):
        if not node[needed].there:
            node[needed].missing()
    if not line_id or quantity is None or amount is None:
        return None
    price, basis = piece_price(amount, quantity)
    gtin = node["global_unique_id"].text()
    variation = node["variation_id"].code()
    item = OrderLine(
        line=0,
        quantity=quantity,
        gtin=gtin if is_gtin(gtin) else "",
        supplier_code=node["sku"].code(),
        buyer_code=variation if variation not in {"", "0"} else node["product_id"].code(),
        description=unescape(node["name"].words()),
        price=price,
        price_basis=basis,
        note=joined(*_chosen(node), by="\n"),
    )
    return ShopLine(line_id, item)


def _chosen(node: Node) -> Iterator[str]:
    """Yield what the customer chose on a line; keys that begin with "_" are the shop's own."""
    for chosen in (*node["meta_data"].each(), *node["meta"].each()):
        key, value = chosen["key"].text(), chosen.first("display_value", "value")
        if key and not key.startswith("_") and isinstance(value.value, str):
            shown = chosen.first("display_key", "label", "key").text()
            yield unescape(f"{shown}: {value.text()}")


def _charges(node: Node) -> Iterator[ShopCharge]:
    """Yield discounts by line (what a coupon took off), shipping costs and fees; a negative fee is a discount."""
    codes = joined(*(coupon["code"].text() for coupon in node["coupon_lines"].each()))
    for line in node["line_items"].each():
        if line["total"].there and (off := line["subtotal"].amount() - line["total"].amount()) > 0:
            pointer = line["total"].pointer
            yield ShopCharge("discount", -off, codes, codes, line["id"].text(), source=pointer)
    for shipping in node["shipping_lines"].each():
        title, method = unescape(shipping["method_title"].text()), shipping["method_id"].text()
        yield ShopCharge("shipping", shipping["total"].amount(), title, method, source=shipping["total"].pointer)
    for fee in node["fee_lines"].each():
        amount, name = fee["total"].amount(), unescape(fee.first("name", "title").text())
        yield ShopCharge("discount" if amount < 0 else "fee", amount, name, source=fee["total"].pointer)


def _sums(node: Node) -> ShopSums:
    """Return the sums of the parts; that of the goods is told by the first versions alone."""
    discounts = node.first("discount_total", "total_discount").number()
    return ShopSums(
        discounts=None if discounts is None else -discounts,
        shipping=node.first("shipping_total", "total_shipping").number(),
        taxes=node["total_tax"].number(),
    )


def _taxes(node: Node) -> tuple[ShopTax, ...]:
    """Return the taxes of lines, shipping costs and fees where they add up to the order's tax, else those by rate."""
    told = {tax.first("rate_id", "id").text(): tax for tax in node["tax_lines"].each()}
    apart = tuple(
        ShopTax(tax["total"].amount(), *_named(told.get(tax["id"].text())), line_id, charge, tax["total"].pointer)
        for owner, line_id, charge in _taxed(node)
        for tax in owner["taxes"].each()
        if tax["total"].amount()
    )
    if apart and sum(tax.amount for tax in apart) == node["total_tax"].amount():
        return apart
    return tuple(
        ShopTax(_tax_total(tax), *_named(tax), source=tax.first("tax_total", "total").pointer)
        for tax in node["tax_lines"].each()
    )


def _taxed(node: Node) -> Iterator[tuple[Node, str, str]]:
    """Yield what may be taxed with the id of its line, or where the amount of its charge is told."""
    yield from ((line, line["id"].text(), "") for line in node["line_items"].each())
    for name in ("shipping_lines", "fee_lines"):
        yield from ((one, "", one["total"].pointer) for one in node[name].each())


def _named(tax: Node | None) -> tuple[str, Decimal | None]:
    """Return the name and the rate of a tax."""
    return ("", None) if tax is None else (tax.first("label", "title", "rate_code").text(), tax["rate_percent"].price())


def _tax_total(tax: Node) -> Decimal:
    return tax.first("tax_total", "total").amount() + tax["shipping_tax_total"].amount()


def _refunds(node: Node) -> Iterator[ShopRefund]:
    for refund in node["refunds"].each():
        if identity := refund["id"].key():
            yield ShopRefund(identity, abs(refund["total"].amount()), reason=refund.first("reason", "refund").text())


def _gift_notes(node: Node) -> Iterator[str]:
    """Yield what gift extensions keep with an order; WooCommerce has no field of its own for it."""
    for entry in node["meta_data"].each():
        key = entry["key"].text().casefold()
        if "gift" in key and ("message" in key or "note" in key) and isinstance(entry["value"].value, str):
            yield entry["value"].text()


def _billing(node: Node) -> Node:
    return node.first("billing", "billing_address")


def _address(node: Node, role: str, code: str = "") -> Party | None:
    street = ("address_1", "address_2")
    return address_of(node, role, street=street, postal_code="postcode", country=node["country"], code=code)
