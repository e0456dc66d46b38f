"""WooCommerce: its ping, its topics, its amounts, and what it is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from shops import SECRETS, body, sample

from adapters.commerce.woocommerce.adapter import ADAPTER
from core.documents import ShopEvent, ShopOrder
from core.errors import SignatureRefused
from core.storefront import HookDelivery, HookRequest, ShopNews, ShopRead, StoreAccess

ACCESS = sample("woocommerce").access()
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SHIPPED = ShopNews("SHP-1", "shipped", "812", "2026-EC-000001", (("41", Decimal(3)),), "DHL", "0034", at=NOW)


def read(told: Any, topic: str = "order.updated") -> ShopRead:
    return ADAPTER.read(HookDelivery("d-1", topic), json.dumps(told).encode(), ACCESS)


def order(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(body("woocommerce"))
    return told | changes


def snapshot(**changes: Any) -> ShopOrder:
    found = read(order(**changes)).event
    assert found is not None
    assert found.order is not None
    return found.order


def test_a_ping_is_let_through_and_tells_nothing() -> None:
    ping = HookRequest({}, b"webhook_id=142")
    delivery = ADAPTER.verify(ping, ACCESS, NOW)
    assert delivery == HookDelivery("ping-142", "ping")
    read = ADAPTER.read(delivery, ping.body, ACCESS)
    assert read == ShopRead(ShopEvent("ignored", "", reason="ping"))


@pytest.mark.parametrize(
    "forged", [b"webhook_id=142&x=1", b"webhook_id=", b"webhook_id=142\n", b" webhook_id=1", b'{"id": 1}']
)
def test_nothing_else_passes_unsigned(forged: bytes) -> None:
    with pytest.raises(SignatureRefused):
        ADAPTER.verify(HookRequest({}, forged), ACCESS, NOW)


@pytest.mark.parametrize("topic", ["order.created", "order.updated", "order.restored"])
def test_an_order_is_a_snapshot(topic: str) -> None:
    found = read(order(), topic).event
    assert found is not None
    assert (found.kind, found.shop_id) == ("snapshot", "812")


def test_what_is_no_order_is_ignored() -> None:
    assert read({"id": 812}, "order.deleted").event == ShopEvent("deleted", "812")
    assert [one.code for one in read(order(), "order.deleted").violations] == ["shop.topic_differs"], "a whole order"
    for topic in ("customer.created", "product.updated", "action.woocommerce_add_to_cart"):
        assert (read({"id": 5}, topic).event or ShopEvent("snapshot", "")).kind == "ignored"
    draft = read(order(status="checkout-draft")).event
    assert draft is not None
    assert draft.kind == "ignored"


@pytest.mark.parametrize(
    ("changes", "state", "payment"),
    [
        ({}, "open", "paid"),
        ({"status": "on-hold", "date_paid_gmt": None}, "open", "pending"),
        ({"status": "failed", "date_paid_gmt": None}, "open", "voided"),
        ({"status": "cancelled"}, "cancelled", "paid"),
        ({"status": "trash"}, "cancelled", "paid"),
        ({"status": "completed"}, "closed", "paid"),
        ({"status": "refunded"}, "closed", "refunded"),
        ({"refunds": [{"id": 1, "total": "-1.00"}]}, "open", "partly_refunded"),
        ({"refunds": [{"id": 1, "total": "-40.00"}, {"id": 2, "total": "-2.76"}]}, "open", "refunded"),
    ],
)
def test_how_an_order_and_its_payment_stand(changes: dict[str, Any], state: str, payment: str) -> None:
    told = snapshot(**changes)
    assert (told.state, told.payment) == (state, payment)


def test_amounts_are_without_tax_whatever_the_shop_shows() -> None:
    told = snapshot()
    assert order()["prices_include_tax"] is True
    assert not told.tax_included
    assert sum(tax.amount for tax in told.taxes) == Decimal("6.83")


def test_a_price_that_the_shop_rounded_is_not_used() -> None:
    cup = snapshot().order.lines[1]
    assert (cup.price, cup.price_basis, cup.quantity) == (Decimal("10.00"), Decimal(3), Decimal(3))


def test_an_order_of_an_old_version_reads_the_same_way() -> None:
    old = {
        "order": {
            "id": 645,
            "order_number": 645,
            "created_at": "2015-01-26T20:00:21Z",
            "status": "processing",
            "currency": "USD",
            "total": "21.00",
            "payment_details": {"method_id": "bacs", "paid": True},
            "billing_address": {"first_name": "Jo", "last_name": "Doe", "email": "jo@example.com"},
            "note": "Hello",
            "line_items": [{"id": 1, "quantity": 2, "subtotal": "20.00", "total": "20.00", "meta": []}],
            "tax_lines": [{"title": "Tax", "total": "1.00"}],
        }
    }
    found = read(old)
    assert found.violations == ()
    assert found.event is not None
    told = found.event.order
    assert told is not None
    assert (told.payment, told.name, told.order.notes, told.email) == ("paid", "645", ("Hello",), "jo@example.com")


def calls(news: ShopNews, options: dict[str, Any], *answers: Any) -> list[tuple[str, str, Any]]:
    access = StoreAccess("s", SECRETS, options)
    told = ADAPTER.tell(news, access, [json.dumps(answer).encode() for answer in answers])
    return [(call.method, call.path, json.loads(call.body)) for call in told]


def test_a_shipment_is_a_note_a_tracking_number_and_a_status() -> None:
    tracked = {"shipment_tracking": True}
    asked = [call.path for call in ADAPTER.asks(SHIPPED, StoreAccess("s", SECRETS, tracked))]
    assert asked == [
        "/wp-json/wc/v3/orders/812/notes",
        "/wp-json/wc-shipment-tracking/v3/orders/812/shipment-trackings",
    ]
    assert calls(SHIPPED, tracked, [], []) == [
        ("POST", asked[0], {"note": "Order 2026-EC-000001 shipped, DHL 0034 [SHP-1]", "customer_note": True}),
        ("POST", asked[1], {"tracking_number": "0034", "tracking_provider": "DHL", "date_shipped": "2026-03-02"}),
        ("PUT", "/wp-json/wc/v3/orders/812", {"status": "completed"}),
    ]


def test_what_the_shop_has_is_not_told_again() -> None:
    notes, trackings = [{"note": "sent [SHP-1]"}], [{"tracking_number": "0034"}]
    left = calls(SHIPPED, {"shipment_tracking": True}, notes, trackings)
    assert [method for method, _, _ in left] == ["PUT"]
    assert len(calls(SHIPPED, {}, [{"note": "sent [SHP-10]"}])) == 2


def test_a_part_does_not_complete_the_order() -> None:
    assert calls(SHIPPED._replace(complete=False), {}, [{"note": "[SHP-1]"}]) == []
    assert calls(SHIPPED, {"shipped_status": ""}, [{"note": "[SHP-1]"}]) == []


def test_a_link_makes_the_carrier_a_custom_one() -> None:
    linked = SHIPPED._replace(tracking_url="https://t.example/0034")
    _, (_, _, told), _ = calls(linked, {"shipment_tracking": True}, [], [])
    assert (told["custom_tracking_provider"], told["custom_tracking_link"]) == ("DHL", "https://t.example/0034")


def test_a_rest_that_is_not_to_come_is_a_note_and_ends_the_order() -> None:
    rest = SHIPPED._replace(kind="rest_cancelled", reference="N/7", carrier="", tracking_number="", reason="no use")
    words = "Order 2026-EC-000001: what has not been shipped is cancelled, no use [N/7]"
    end = ("PUT", "/wp-json/wc/v3/orders/812", {"status": "completed"})
    note = ("POST", "/wp-json/wc/v3/orders/812/notes", {"note": words, "customer_note": True})
    assert calls(rest, {}, []) == [note, end]
    assert calls(rest, {}, [{"note": words}]) == [end]
    assert calls(rest, {"shipped_status": ""}, [{"note": words}]) == []


def test_other_news() -> None:
    confirmed = SHIPPED._replace(kind="confirmed", carrier="", tracking_number="")
    ((_, _, told),) = calls(confirmed, {}, [])
    assert told == {"note": "Order confirmed: 2026-EC-000001 [SHP-1]", "customer_note": False}
    for kind in ("cancelled", "declined"):
        assert calls(SHIPPED._replace(kind=kind), {}) == [("PUT", "/wp-json/wc/v3/orders/812", {"status": "cancelled"})]
    assert calls(SHIPPED._replace(kind="delivered"), {}) == []
    assert ADAPTER.asks(SHIPPED._replace(kind="delivered"), ACCESS) == ()
