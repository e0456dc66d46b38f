"""The money of a shop's order, from the webhook to the invoice and the credit note (issue 5, part 3)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from shop_traffic import Message, Shops, shopify
from sqlalchemy import select

from core.billing.document import invoice_document
from core.billing.drafts import told
from core.billing.invoice import invoice_shipment
from core.fulfilment.manual import ship_order
from core.reporting import views
from core.store import invoice_drafts as drafts
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.tables.ordering import holds
from core.store.tables.tasks import tasks
from core.testing.trade import CUP

D = Decimal
NUMBER = "2026-EC-000001"
#: four cups at 12.50 with a discount of 10 % on them, sent for 4.90, 19 % in it all
COSTS: dict[str, Any] = {
    "shipping_lines": [
        {
            "title": "Post",
            "code": "STD",
            "price": "5.83",
            "tax_lines": [{"title": "VAT", "rate": 0.19, "price": "0.93"}],
        }
    ],
    "discount_applications": [{"code": "TEN", "type": "discount_code"}],
    "taxes_included": True,
    "total_tax": "9.48",
    "total_price": "59.38",
    "current_total_price": "59.38",
    "financial_status": "paid",
}
LINES = [
    {
        "id": 11, "sku": CUP, "name": "Cup", "price": "14.88", "quantity": 4,
        "discount_allocations": [{"amount": "5.97", "discount_application_index": 0}],
        "tax_lines": [{"title": "VAT", "rate": 0.19, "price": "8.55"}],
    }
]  # fmt: skip


def order(shops: Shops) -> dict[str, Any]:
    return shops.store.read(lambda tx: views.order(tx, NUMBER))


def invoiced(shops: Shops) -> int:
    """Send and bill the order; return the id of its invoice."""

    def job(tx: Tx) -> int:
        order_id, now = order_rows.by_number(tx, NUMBER)["id"], shops.clock.now()
        shipment = ship_order(tx, order_id, actor="anna", now=now, tracking_number="HAND")
        return invoice_shipment(tx, shipment, approved_by="berta", now=now)

    return shops.store.write(job)


def refund(amount: str, pieces: int) -> Message:
    told = {
        "id": 900, "order_id": 1, "created_at": "2026-03-03T08:00:00Z", "note": "one is broken",
        "refund_line_items": [{"line_item_id": 11, "quantity": pieces}],
        "transactions": [{"kind": "refund", "status": "success", "amount": amount}],
    }  # fmt: skip
    return Message("refunds/create", json.dumps(told).encode())


@pytest.fixture
def placed(shops: Shops) -> Shops:
    shops.tell("shopify", shopify(1, 1, {CUP: 4}, **COSTS, line_items=LINES))
    return shops


def test_an_order_with_tax_in_its_prices_is_confirmed_and_billed_to_the_cent(placed: Shops) -> None:
    """12.504202 is 12.50 with its tax rounded to the cent, so our price is no other and nothing is held."""
    found = order(placed)
    assert found["holds"] == []
    assert [(one["kind"], one["line"], one["amount"], one["source"]) for one in found["charges"]][:2] == [
        ("discount", 1, "-5.02", "/line_items/0/discount_allocations/0/amount"),
        ("shipping", None, "4.90", "/shipping_lines/0/price"),
    ]
    invoice_id = invoiced(placed)
    invoice = placed.store.read(lambda tx: invoice_document(tx, invoice_id))
    assert invoice.total == D("59.38")
    assert all(one["billed"] for one in order(placed)["charges"])
    paid = placed.store.read(lambda tx: order_rows.by_number(tx, NUMBER)["payment"])
    assert paid == "paid", "what the shop was paid is what the invoice says"


def test_a_refund_after_the_invoice_is_the_draft_of_a_credit_note_once(placed: Shops) -> None:
    invoiced(placed)
    placed.tell("shopify", refund("13.39", 1), refund("13.39", 1))
    (row,) = placed.store.read(lambda tx: drafts.found(tx, state="draft", after=None, limit=9))
    shown = told(row)
    assert (shown["corrects"], shown["total"], shown["refund"], shown["why"]) == (
        "INV-2026-000001", "13.39", "900", "one is broken",
    )  # fmt: skip
    assert row["parts"][0] | {"net": ""} == {"line": 1, "quantity": "1", "net": "", "tax_rate": "19", "label": ""}


def test_a_total_that_no_part_explains_holds_and_names_the_part(shops: Shops) -> None:
    shipping = {"total_shipping_price_set": {"shop_money": {"amount": "9.90"}}}
    shops.tell("shopify", shopify(1, 1, {CUP: 4}, total_price="59.90", current_total_price="59.90", **shipping))
    (hold,) = shops.store.read(lambda tx: list(tx.execute(select(holds))))
    assert (hold.code, hold.release_role) == ("total.mismatch", "finance")
    assert hold.inputs["parts"] == [{"part": "shipping", "told": "9.90", "found": "0.00"}]
    shops.tell("shopify", shopify(1, 2, {CUP: 4}, shipping_lines=[{"title": "Post", "price": "9.90"}],
                                  total_price="59.90", current_total_price="59.90", **shipping))  # fmt: skip
    assert order(shops)["state"] == "confirmed", "told with its shipping, it adds up"
    assert order(shops)["total"] == "59.90"


def test_a_refund_that_a_person_was_asked_for_before_the_invoice_is_no_credit_note_after_it(placed: Shops) -> None:
    """The invoice bills what was left by then: to correct it by the refund would give the money back twice."""
    three = LINES[0] | {
        "quantity": 3, "discount_allocations": [{"amount": "4.48", "discount_application_index": 0}],
        "tax_lines": [{"title": "VAT", "rate": 0.19, "price": "6.41"}],
    }  # fmt: skip
    less = {"total_tax": "7.34", "total_price": "45.99", "current_total_price": "45.99"}
    placed.tell("shopify", refund("13.39", 1), shopify(1, 2, {CUP: 3}, **{**COSTS, **less}, line_items=[three]))
    invoice_id = invoiced(placed)
    assert placed.store.read(lambda tx: invoice_document(tx, invoice_id)).total == D("45.99")
    placed.tell("shopify", refund("13.39", 1), shopify(1, 3, {CUP: 3}, **{**COSTS, **less}, line_items=[three]))
    assert placed.store.read(lambda tx: drafts.found(tx, state="draft", after=None, limit=9)) == []


def test_a_sum_of_refunds_that_grows_is_told_by_what_it_grew(placed: Shops) -> None:
    """BigCommerce and Adobe Commerce tell the sum of all refunds under one id: the second is told, too, and once."""
    placed.tell("shopify", refund("5.00", 1), refund("8.00", 1), refund("8.00", 1), refund("5.00", 1))
    asked = placed.store.read(lambda tx: [row.inputs for row in tx.execute(select(tasks).order_by(tasks.c.id))])
    assert [(one["amount"], one["in_all"]) for one in asked] == [("5.00", "5.00"), ("3.00", "8.00")]
    invoiced(placed)
    placed.tell("shopify", refund("10.00", 1), refund("10.00", 1))
    (row,) = placed.store.read(lambda tx: drafts.found(tx, state="draft", after=None, limit=9))
    assert told(row)["total"] == "2.00"
