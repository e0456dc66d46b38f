"""Adobe Commerce's order (REST API, ``/V1/orders``) as a shop order; an order of Magento 1 reads the same way.

Prices are those without tax, in the currency of the order. The simple product that a configurable one stands for, and
the parts of a bundle, are items below the item that was bought; that one is the line, the others are left aside.
Magento 1 names the id "order_id" and has the shipping address beside the billing address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from adapters.commerce.assembly import ShopLine, checked, joined, numbered, party, piece_price
from adapters.commerce.reading import Node
from core.documents import (
    Order,
    OrderLine,
    Party,
    ShopCharge,
    ShopDestination,
    ShopOrder,
    ShopPayment,
    ShopRefund,
    ShopState,
    ShopSums,
    ShopTax,
)
from core.values import round_money

_STATE: Final[Mapping[str, ShopState]] = {
    "canceled": "cancelled",
    "complete": "closed",
    "closed": "closed",
}
_NOTHING: Final = Decimal(0)
#: of a discount that is told with tax, the tax in it: what the discount takes off is less by it
_COMPENSATION: Final = "discount_tax_compensation_amount"


def read_order(node: Node) -> ShopOrder | None:
    """Return the order of a resource, None after noting why there is none."""
    shop_id, currency = node.first("entity_id", "order_id").key(), node["order_currency_code"].currency()
    state: ShopState = _STATE.get(node["state"].text(), "open")
    items = [item for item in node["items"].each() if not item["parent_item_id"].there]
    lowered = state != "cancelled" and any(item["qty_canceled"].amount() for item in items)
    lines = numbered(items, node["items"], lambda item: _line(item, lowered=lowered))
    addresses = list(_destinations(node))
    gift, note = node.at("extension_attributes", "gift_message", "message"), node["customer_note"].text()
    told = ShopOrder(
        order=Order(
            buyer_reference=shop_id,
            lines=lines.ordered,
            document_date=node["created_at"].instant(),
            currency=currency,
            buyer=_address(node["billing_address"], "BY", code=node["customer_id"].text()),
            ship_to=addresses[0].party if addresses else _address(node["shipping_address"], "DP"),
            invoicee=_address(node["billing_address"], "IV"),
            payment_method=node.at("payment", "method").text(),
            notes=(note,) if note else (),
        ),
        shop_id=shop_id,
        updated_at=node["updated_at"].instant(),
        name=node["increment_id"].text(),
        state=state,
        payment=_payment(node),
        line_ids=lines.ids,
        total=None if lowered else node["grand_total"].number(),
        from_gross=any(_from_gross(item) for item in items),
        sums=ShopSums() if lowered else _sums(node),
        charges=tuple(charge for charge in _charges(node, items) if charge.line_id not in lines.removed),
        taxes=tuple(tax for tax in _taxes(node, items) if tax.line_id not in lines.removed),
        refunds=tuple(_refunds(node, shop_id)),
        destinations=tuple(addresses) if len(addresses) > 1 else (),
        gift_note=gift.text(),
        email=node["customer_email"].text(),
        cancel_reason=node["status"].text() if state == "cancelled" else "",
    )
    return None if node.failed else checked(node["grand_total"], told)


def _line(node: Node, *, lowered: bool) -> ShopLine | None:
    line_id, ordered = node["item_id"].key(), node["qty_ordered"].quantity()
    if not node["qty_ordered"].there:
        node["qty_ordered"].missing()
    amount = node["row_total"].number()
    if amount is None and not node["row_total"].there:
        each = node["price"].price()
        if each is None and not node["price"].there:
            node["price"].missing()
        amount = None if each is None or ordered is None else each * ordered
    if not line_id or ordered is None or amount is None:
        return None
    price, basis = piece_price(amount, ordered)
    item = OrderLine(
        line=0,
        quantity=max(ordered - node["qty_canceled"].amount(), _NOTHING) if lowered else ordered,
        supplier_code=node["sku"].code(),
        buyer_code=node["product_id"].code(),
        description=node["name"].words(),
        price=price,
        price_basis=basis,
        note=node.at("extension_attributes", "gift_message", "message").text(),
    )
    return ShopLine(line_id, item)


def _payment(node: Node) -> ShopPayment:
    total, paid, refunded = (node[name].amount() for name in ("grand_total", "total_paid", "total_refunded"))
    if refunded:
        return "refunded" if refunded >= total else "partly_refunded"
    if not paid:
        return "pending"
    return "paid" if paid >= total else "partly_paid"


def _charges(node: Node, items: list[Node]) -> Iterator[ShopCharge]:
    """Yield discounts by line and what is left of the order's, told as a negative sum, and the cost of shipping."""
    code, spread = node["coupon_code"].text(), _NOTHING
    name = node["discount_description"].text() or code
    for item in items:
        if amount := item["discount_amount"].amount():
            spread += amount
            net = amount - item[_COMPENSATION].amount()
            pointer = item["discount_amount"].pointer
            yield ShopCharge("discount", -net, name, code, item["item_id"].text(), source=pointer)
    if rest := abs(node["discount_amount"].amount()) - spread:
        net = rest - node[f"shipping_{_COMPENSATION}"].amount()
        yield ShopCharge("discount", -net, name, code, source=node["discount_amount"].pointer)
    method, shipping = node["shipping_method"].text(), node["shipping_amount"]
    if shipping.there:
        title = node["shipping_description"].text()
        yield ShopCharge("shipping", shipping.amount(), title, method, source=shipping.pointer)


def _sums(node: Node) -> ShopSums:
    discounts = node["discount_amount"].number()
    hidden = node[_COMPENSATION].amount() + node[f"shipping_{_COMPENSATION}"].amount()
    return ShopSums(
        goods=node["subtotal"].number(),
        discounts=None if discounts is None else hidden - abs(discounts),
        shipping=node["shipping_amount"].number(),
        taxes=node["tax_amount"].number(),
    )


def _from_gross(item: Node) -> bool:
    """Tell whether an item's row without tax comes from one with it: it is not so many pieces at their own price."""
    row, each, pieces = item["row_total"].number(), item["price"].price(), item["qty_ordered"].quantity()
    return None not in (row, each, pieces) and row != round_money((each or _NOTHING) * (pieces or _NOTHING))


def _taxes(node: Node, items: list[Node]) -> tuple[ShopTax, ...]:
    """Return the taxes of items and shipping where they add up to the tax of the order, else those by rate, else it."""
    total = node["tax_amount"]
    amount = total.amount()
    owners = [(item["tax_amount"], item["tax_percent"].price(), item["item_id"].text(), "") for item in items]
    owners.append((node["shipping_tax_amount"], None, "", node["shipping_amount"].pointer))
    apart = tuple(
        ShopTax(told.amount(), "", rate, line_id, charge, told.pointer)
        for told, rate, line_id, charge in owners
        if told.amount()
    )
    by_rate = tuple(
        ShopTax(tax["amount"].amount(), _title(tax), tax["percent"].price(), source=tax["amount"].pointer)
        for tax in node.at("extension_attributes", "applied_taxes").each()
    )
    for taxes in (apart, by_rate):
        if taxes and sum(tax.amount for tax in taxes) == amount:
            return taxes
    return (ShopTax(amount, source=total.pointer),) if amount else ()


def _title(tax: Node) -> str:
    return tax.first("title", "code").text()


def _refunds(node: Node, shop_id: str) -> Iterator[ShopRefund]:
    """Yield what was given back so far, as one refund under the order's id: credit memos are told elsewhere."""
    if amount := node["total_refunded"].amount():
        yield ShopRefund(shop_id, amount)


def _destinations(node: Node) -> Iterator[ShopDestination]:
    for assignment in node.at("extension_attributes", "shipping_assignments").each():
        found = _address(assignment.at("shipping", "address"), "DP")
        if found is not None:
            portions = (
                (item["item_id"].text(), item["qty_ordered"].quantity() or _NOTHING)
                for item in assignment["items"].each()
                if not item["parent_item_id"].there
            )
            yield ShopDestination(found, tuple(portions))


def _address(node: Node, role: str, code: str = "") -> Party | None:
    person = joined(node["firstname"].text(), node["lastname"].text(), by=" ")
    street = node["street"]
    lines = [line.text() for line in street.each()] if isinstance(street.value, list) else street.text().split("\n")
    return party(
        role,
        code=code,
        name=node["company"].text() or person,
        contact=person,
        street=joined(*lines),
        city=node["city"].text(),
        region=node["region_code"].text() or node["region"].text(),
        postal_code=node["postcode"].text(),
        country=node["country_id"].text(),
        tax_id=node["vat_id"].text(),
        phone=node["telephone"].text(),
        email=node["email"].text(),
    )
