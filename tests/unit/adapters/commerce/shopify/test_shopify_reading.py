"""Shopify's deliveries by topic, and what an order says beside its lines."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from shops import SECRETS, body, sample, shopify

from adapters.commerce.shopify.adapter import ADAPTER
from core.documents import ShopEvent, ShopOrder
from core.errors import SettingsInvalid, ValueRefused
from core.storefront import HookDelivery, HookRequest, ShopRead, StoreAccess

ACCESS = sample("shopify").access()
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def read(topic: str, told: Any) -> ShopRead:
    return ADAPTER.read(HookDelivery("d-1", topic), json.dumps(told).encode(), ACCESS)


def event(topic: str, told: Any) -> ShopEvent:
    found = read(topic, told)
    assert found.event is not None, found.violations
    return found.event


def order(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(body("shopify"))
    return told | changes


def snapshot(**changes: Any) -> ShopOrder:
    found = event("orders/updated", order(**changes)).order
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("topic", "kind"),
    [
        ("orders/create", "snapshot"),
        ("orders/updated", "snapshot"),
        ("orders/paid", "paid"),
        ("orders/fulfilled", "fulfilled"),
        ("orders/partially_fulfilled", "snapshot"),
    ],
)
def test_a_topic_tells_what_befell_the_order(topic: str, kind: str) -> None:
    assert event(topic, order()).kind == kind


@pytest.mark.parametrize(
    ("topic", "told", "pointer"),
    [
        ("orders/delete", order(), "/billing_address"),
        ("orders/delete", {"id": 55, "title": "a product"}, "/title"),
        ("orders/cancelled", order(), "/cancelled_at"),
    ],
)
def test_a_topic_that_the_signed_body_contradicts_does_nothing(topic: str, told: dict[str, Any], pointer: str) -> None:
    """Issue 5, part 3: Shopify signs the body alone, so a body that was got hold of comes back under another topic."""
    found = read(topic, told)
    assert found.event is None
    assert [one.code for one in found.violations] == ["shop.topic_differs"]
    assert found.violations[0].tag == pointer


def test_whether_an_order_is_paid_its_body_tells_alone() -> None:
    assert event("orders/paid", order(financial_status="pending")).kind == "snapshot"
    assert event("orders/paid", order(financial_status="partially_paid")).kind == "paid"


def test_a_cancelled_order_is_cancelled_under_any_topic() -> None:
    cancelled = order(cancelled_at="2026-03-03T00:00:00Z", cancel_reason="customer")
    assert event("orders/cancelled", cancelled).kind == "cancelled"
    found = event("orders/updated", cancelled)
    assert (found.kind, found.reason) == ("cancelled", "customer")
    assert found.order is not None
    assert found.order.state == "cancelled"


@pytest.mark.parametrize(
    ("topic", "told"),
    [
        ("orders/edited", {"order_edit": {"id": 1, "order_id": 55}}),
        ("fulfillments/create", {"id": 2, "order_id": 55}),
        ("order_transactions/create", {"id": 3, "order_id": 55}),
    ],
)
def test_a_delivery_that_names_an_order_has_it_fetched(topic: str, told: dict[str, Any]) -> None:
    found = event(topic, told)
    assert (found.shop_id, found.fetch) == ("55", "/admin/api/2025-10/orders/55.json")


def test_an_order_that_is_deleted_or_none_of_ours() -> None:
    assert event("orders/delete", {"id": 55}) == ShopEvent("deleted", "55")
    for topic in ("products/update", "carts/create", "checkouts/create", "draft_orders/create", ""):
        assert event(topic, {"id": 55}).kind == "ignored"


def test_a_refund_tells_what_came_back_and_what_was_paid_out() -> None:
    refund = json.loads(body("shopify", "edited"))["refunds"][0] | {"order_id": 5550001}
    found = event("refunds/create", refund)
    assert (found.kind, found.shop_id, found.order) == ("refunded", "5550001", None)
    assert found.refund is not None
    assert found.refund.lines == (("9002", Decimal(1)),)
    assert found.refund.amount == Decimal("449.10")  # a transaction that failed paid nothing


def test_an_edit_leaves_the_numbers_of_lines_alone() -> None:
    first = snapshot()
    edited = event("orders/updated", json.loads(body("shopify", "edited"))).order
    assert edited is not None
    assert first.line_ids == edited.line_ids[:2]
    assert [line.line for line in edited.order.lines] == [1, 3]
    assert "9002" not in {charge.line_id for charge in edited.charges}


def test_missing_members_are_told_with_their_places() -> None:
    told = order()
    del told["id"], told["currency"], told["line_items"][0]["price"], told["line_items"][1]["id"]
    found = read("orders/create", told)
    assert found.event is None
    assert {(violation.code, violation.tag) for violation in found.violations} == {
        ("shop.value_missing", "/id"),
        ("shop.value_missing", "/currency"),
        ("shop.value_missing", "/line_items/0/price"),
        ("shop.value_missing", "/line_items/1/id"),
    }


def test_a_code_that_is_longer_than_any_of_ours_is_left_out_and_the_order_is_taken() -> None:
    told = order()
    told["line_items"][0]["sku"] = "x" * 36
    found = read("orders/create", told)
    assert found.event is not None
    assert [(one.code, one.severity, one.tag) for one in found.violations] == [
        ("shop.value_too_long", "warning", "/line_items/0/sku")
    ]


def test_two_lines_of_one_id_are_a_fault() -> None:
    told = order()
    told["line_items"][1]["id"] = told["line_items"][0]["id"]
    assert [violation.code for violation in read("orders/create", told).violations] == ["shop.line_twice"]


@pytest.mark.parametrize("lines", [[], None])
def test_an_order_without_lines_is_none(lines: list[Any] | None) -> None:
    found = read("orders/create", order(line_items=lines, total_price="0"))
    assert found.event is None
    assert ("shop.lines_missing", "/line_items") in {(one.code, one.tag) for one in found.violations}


def test_a_total_that_its_parts_do_not_make_is_a_warning() -> None:
    found = read("orders/create", order(total_price="1218.80"))
    assert found.event is not None
    assert [(one.code, one.severity, one.tag) for one in found.violations] == [
        ("shop.total_differs", "warning", "/total_price")
    ]
    assert "1218.80" in found.violations[0].message
    assert "1218.90" in found.violations[0].message


def test_taxes_by_line_are_told_where_they_are_the_whole() -> None:
    assert {tax.line_id for tax in snapshot().taxes} == {"9001", "9002", ""}
    whole = snapshot(total_tax="240.00", tax_lines=[{"title": "Moms", "price": "240.00", "rate": 0.25}])
    assert [(tax.amount, tax.rate, tax.line_id) for tax in whole.taxes] == [(Decimal(240), Decimal(25), "")]


def test_a_discount_that_is_told_as_a_sum_alone_is_one_of_the_order() -> None:
    told = order(total_discounts="111.10", total_price="1208.90")
    found = event("orders/create", told).order
    assert found is not None
    assert next(one for one in found.charges if one.kind == "discount" and not one.line_id).amount == -10


def test_properties_of_a_line_have_many_shapes() -> None:
    for properties in ({}, {"a": 1}, [], [{"name": 2}], [{"name": "x", "value": None}], None):
        told = order()
        told["line_items"][0]["properties"] = properties
        assert read("orders/create", told).event is not None, properties


@pytest.mark.parametrize(
    ("status", "payment"),
    [
        ("paid", "paid"),
        ("authorized", "authorized"),
        ("partially_paid", "partly_paid"),
        ("voided", "voided"),
        ("?", "pending"),
    ],
)
def test_how_the_payment_stands(status: str, payment: str) -> None:
    assert snapshot(financial_status=status).payment == payment


def test_a_test_order_says_so() -> None:
    assert snapshot(test=True).test
    assert not snapshot().test


def test_one_order_is_told_at_a_time() -> None:
    found = ADAPTER.read_fetched(json.dumps([order(), order()]).encode(), ACCESS)
    assert [violation.code for violation in found.violations] == ["shop.several_orders"]
    assert ADAPTER.read_fetched(json.dumps({"order": order()}).encode(), ACCESS).event is not None


def test_an_id_that_no_row_can_keep_is_refused_after_the_signature() -> None:
    headers = shopify(body("shopify"), SECRETS[0], NOW)
    for odd in ({"x-shopify-webhook-id": "x" * 201}, {"x-shopify-topic": "x" * 101}, {"x-shopify-webhook-id": "a\tb"}):
        with pytest.raises(ValueRefused, match="200"):
            ADAPTER.verify(HookRequest(headers | odd, body("shopify")), ACCESS, NOW)


def test_settings_that_cannot_be_used_are_told_and_never_used() -> None:
    access = StoreAccess("s", SECRETS, {"api_version": "soon", "notify_customer": "maybe"})
    assert sorted(fault.place for fault in ADAPTER.check(access)) == ["api_version", "notify_customer"]
    with pytest.raises(SettingsInvalid, match="api_version"):
        ADAPTER.verify(HookRequest({}, b""), access, NOW)
