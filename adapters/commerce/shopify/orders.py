"""Shopify's order and refund resources (Admin API, resource Order) as a shop order.

Amounts are those of the shop's currency; what the customer was shown in another one is left aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from adapters.commerce.assembly import ShopLine, checked, joined, numbered, party
from adapters.commerce.reading import Node
from core.documents import (
    ChargeKind,
    Order,
    OrderLine,
    Party,
    ShopCharge,
    ShopOrder,
    ShopPayment,
    ShopRefund,
    ShopSums,
    ShopTax,
)
from core.values import round_money

#: ``financial_status``; one that is not here is not known to be paid
_PAYMENT: Final[Mapping[str, ShopPayment]] = {
    "authorized": "authorized",
    "partially_paid": "partly_paid",
    "paid": "paid",
    "partially_refunded": "partly_refunded",
    "refunded": "refunded",
    "voided": "voided",
}
#: in the names of attributes that tell how to deliver; a date or a method of it is none of them
_DELIVERY: Final = ("delivery instruction", "delivery note", "shipping instruction")
_HUNDRED: Final = Decimal(100)
_NOTHING: Final = Decimal(0)


def read_order(node: Node) -> ShopOrder | None:
    """Return the order of a resource, None after noting why there is none."""
    shop_id, currency = node["id"].key(), node["currency"].currency()
    lines = numbered(node["line_items"].each(), node["line_items"], _line)
    # order edits, returns and refunds lower a line's current quantity; the totals of the whole order stay as they were
    edited = any(
        line["current_quantity"].there and line["current_quantity"].quantity() != line["quantity"].quantity()
        for line in node["line_items"].each()
    )
    total = node["current_total_price" if edited else "total_price"].number()
    told = ShopOrder(
        order=Order(
            buyer_reference=shop_id,
            lines=lines.ordered,
            document_date=node["created_at"].instant(),
            currency=currency,
            buyer=_buyer(node),
            ship_to=_address(node["shipping_address"], "DP"),
            invoicee=_address(node["billing_address"], "IV"),
            payment_method=joined(*(gateway.text() for gateway in node["payment_gateway_names"].each())),
            notes=tuple(note for note in (node["note"].text(), *_delivery_notes(node)) if note),
        ),
        shop_id=shop_id,
        updated_at=node["updated_at"].instant(),
        name=node["name"].text() or node["order_number"].text(),
        state="cancelled" if node["cancelled_at"].there else "closed" if node["closed_at"].there else "open",
        payment=_PAYMENT.get(node["financial_status"].text(), "pending"),
        tax_included=node["taxes_included"].flag(),
        line_ids=lines.ids,
        total=total,
        sums=_sums(node, edited=edited),
        charges=tuple(charge for charge in _charges(node) if charge.line_id not in lines.removed),
        taxes=tuple(tax for tax in _taxes(node) if tax.line_id not in lines.removed),
        refunds=tuple(found for refund in node["refunds"].each() if (found := read_refund(refund)) is not None),
        gift_note=joined(*_gift_notes(node), by="\n"),
        email=node["email"].text() or node["contact_email"].text(),
        cancel_reason=node["cancel_reason"].text(),
        test=node["test"].flag(),
    )
    if node.failed:
        return None
    return told if edited else checked(node["total_price"], told)


def read_refund(node: Node) -> ShopRefund | None:
    """Return a refund: what its successful transactions gave back; None after noting that it has no id."""
    identity = node["id"].key()
    lines = []
    for item in node["refund_line_items"].each():
        line_id, quantity = item["line_item_id"].key(), item["quantity"].quantity()
        if line_id and quantity:
            lines.append((line_id, quantity))
    amounts = (
        transaction["amount"].amount()
        for transaction in node["transactions"].each()
        if (transaction["kind"].text(), transaction["status"].text()) == ("refund", "success")
    )
    amount = sum(amounts, _NOTHING)
    at = node.first("processed_at", "created_at").instant()
    return ShopRefund(identity, amount, tuple(lines), node["note"].text(), at) if identity else None


def _line(node: Node) -> ShopLine | None:
    line_id = node["id"].key()
    quantity, price = node.first("current_quantity", "quantity").quantity(), node["price"].price()
    if quantity is None and not node["quantity"].there:
        node["quantity"].missing()
    if not node["price"].there:
        node["price"].missing()
    if not line_id or quantity is None or price is None:
        return None
    item = OrderLine(
        line=0,
        quantity=quantity,
        supplier_code=node["sku"].code(),
        buyer_code=node.first("variant_id", "product_id").code(),
        description=node["name"].words() or node["title"].words(),
        price=price,
        note=joined(*_properties(node["properties"]), by="\n"),
    )
    return ShopLine(line_id, item)


def _properties(node: Node) -> Iterator[str]:
    """Yield what the customer chose on a line; names that begin with "_" are hidden from customers, so from us."""
    if isinstance(node.value, dict):  # carts have an object where orders have a list
        return
    for chosen in node.each():
        name = chosen["name"].text()
        if name and not name.startswith("_") and isinstance(chosen["value"].value, str):
            yield f"{name}: {chosen['value'].text()}"


def _charges(node: Node) -> Iterator[ShopCharge]:
    """Yield discounts as they are spread over lines and shipping, shipping costs, tips and duties."""
    discounts = list(node["discount_applications"].each())
    shippings = [shipping for shipping in node["shipping_lines"].each() if not shipping["is_removed"].flag()]
    owners = [(line, line["id"].text()) for line in node["line_items"].each()] + [(one, "") for one in shippings]
    spread = _NOTHING
    for owner, line_id in owners:
        for allocation in owner["discount_allocations"].each():
            amount = allocation["amount"].amount()
            spread += amount
            source = _source(discounts, allocation["discount_application_index"])
            name = source.first("code", "title", "description").text() if source is not None else ""
            code = source["code"].text() if source is not None else ""
            charge, pointer = "" if line_id else owner["price"].pointer, allocation["amount"].pointer
            yield ShopCharge("discount", -_left(owner, amount), name, code, line_id, charge, pointer)
    # discounts of old API versions and of drafts are told as a sum alone
    rest = node["total_discounts"].amount() - spread
    if rest > 0:
        codes = joined(*(code["code"].text() for code in node["discount_codes"].each()))
        yield ShopCharge("discount", -rest, codes, codes, source=node["total_discounts"].pointer)
    for shipping in shippings:
        title, code = shipping["title"].text(), shipping["code"].text()
        yield ShopCharge("shipping", shipping["price"].amount(), title, code, source=shipping["price"].pointer)
    fees: tuple[tuple[ChargeKind, str, Node], ...] = (
        ("tip", "tip", node["total_tip_received"]),
        ("duties", "duties", node.at("original_total_duties_set", "shop_money", "amount")),
        ("fee", "additional fees", node.at("original_total_additional_fees_set", "shop_money", "amount")),
    )
    for kind, name, fee in fees:
        if amount := fee.amount():
            yield ShopCharge(kind, amount, name, source=fee.pointer)


def _left(line: Node, amount: Decimal) -> Decimal:
    """Return what of *amount*, told of all pieces that a line began with, is that of those that are left."""
    began, left = line["quantity"].quantity(), line["current_quantity"].quantity()
    return amount if not began or left is None or left == began else round_money(amount * left / began)


def _sums(node: Node, *, edited: bool) -> ShopSums:
    """Return the sums of the parts, which an edited order tells of what is left of it."""
    if edited:
        return ShopSums(taxes=node["current_total_tax"].number())
    discounts = node["total_discounts"].number()
    return ShopSums(
        goods=node["total_line_items_price"].number(),
        discounts=None if discounts is None else -discounts,
        shipping=node.at("total_shipping_price_set", "shop_money", "amount").number(),
        taxes=node["total_tax"].number(),
    )


def _source(discounts: list[Node], index: Node) -> Node | None:
    place = index.value
    return discounts[place] if isinstance(place, int) and 0 <= place < len(discounts) else None


def _taxes(node: Node) -> tuple[ShopTax, ...]:
    """Return the taxes by line and of shipping where they add up to the order's tax, else those of the order."""
    lines = [(line, tax) for line in node["line_items"].each() for tax in line["tax_lines"].each()]
    charges = [(one["price"].pointer, tax) for one in node["shipping_lines"].each() for tax in one["tax_lines"].each()]
    told = sum((tax["price"].amount() for _, tax in (*lines, *charges)), _NOTHING)
    if (lines or charges) and told == node["total_tax"].amount():
        of_lines = ((_tax(tax, line["id"].text()), line) for line, tax in lines)
        return (
            *(tax._replace(amount=_left(line, tax.amount)) for tax, line in of_lines),
            *(_tax(tax, charge=pointer) for pointer, tax in charges),
        )
    return tuple(_tax(tax) for tax in node["tax_lines"].each())


def _tax(node: Node, line_id: str = "", charge: str = "") -> ShopTax:
    rate = node["rate"].price()
    percent = None if rate is None else rate * _HUNDRED
    return ShopTax(node["price"].amount(), node["title"].text(), percent, line_id, charge, node["price"].pointer)


def _gift_notes(node: Node) -> Iterator[str]:
    """Yield the attributes of an order that shops keep gift messages in; Shopify has no field of its own for them."""
    for attribute in node["note_attributes"].each():
        if "gift" in attribute["name"].text().casefold() and isinstance(attribute["value"].value, str):
            yield attribute["value"].text()


def _delivery_notes(node: Node) -> Iterator[str]:
    """Yield the attributes in which shops keep wishes for the delivery, each with its name."""
    for attribute in node["note_attributes"].each():
        name = attribute["name"].text()
        said = attribute["value"].value
        if (
            any(word in name.casefold().replace("_", " ") for word in _DELIVERY)
            and isinstance(said, str)
            and said.strip()
        ):
            yield f"{name}: {attribute['value'].text()}"


def _buyer(node: Node) -> Party | None:
    customer = node["customer"]
    return party(
        "BY",
        code=customer["id"].text(),
        name=joined(customer["first_name"].text(), customer["last_name"].text(), by=" "),
        phone=customer["phone"].text() or node["phone"].text(),
        email=customer["email"].text() or node["email"].text(),
    )


def _address(node: Node, role: str) -> Party | None:
    person = node["name"].text() or joined(node["first_name"].text(), node["last_name"].text(), by=" ")
    return party(
        role,
        name=node["company"].text() or person,
        contact=person,
        street=joined(node["address1"].text(), node["address2"].text()),
        city=node["city"].text(),
        region=node["province_code"].text() or node["province"].text(),
        postal_code=node["zip"].text(),
        country=node["country_code"].text() or node["country"].text(),
        phone=node["phone"].text(),
    )
