"""A shop that is mapped by data: expressions that are checked when loaded, and fail with a place when used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from shops import GENERIC_OPTIONS, SECRETS, WHSEC, body, generic, sample, standard

from adapters.commerce.generic.adapter import ADAPTER
from adapters.commerce.generic.expressions import LONGEST, found_by
from adapters.commerce.standard_webhooks.adapter import ADAPTER as STANDARD
from core.documents import ShopEvent, ShopOrder
from core.storefront import HookDelivery, HookRequest, ShopNews, ShopRead, ShopShipment, StoreAccess

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SHIPPED = ShopNews("SHP-1", "shipped", "B/5", "2026-EC-000001", (("2", Decimal("0.50")),), "DHL", "0034", at=NOW)


def access(**options: Any) -> StoreAccess:
    return StoreAccess("s", SECRETS, {**GENERIC_OPTIONS, **options})


def told(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body("generic"))
    return found | changes


def read(content: Any, topic: str = "bestellung.neu", **options: Any) -> ShopRead:
    return ADAPTER.read(HookDelivery("d-1", topic), json.dumps(content).encode(), access(**options))


def standard_order(**changes: Any) -> ShopOrder:
    content = json.loads(body("standard_webhooks"))
    content["data"] |= changes
    found = STANDARD.read(HookDelivery("m", "order.created"), json.dumps(content).encode(), StoreAccess("s", WHSEC))
    assert found.event is not None, found.violations
    assert found.event.order is not None
    return found.event.order


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"order": {"id": "a[?"}}, "order.id"),
        ({"line": {"quantity": "menge ||"}}, "line.quantity"),
        ({"order": {"currency": "x" * (LONGEST + 1)}}, "order.currency"),
        ({"order": {"moon": "x"}}, "order.moon"),
        ({"events": {"neu": "born"}}, "events.neu"),
        ({"states": {"neu": "ajar"}}, "states.neu"),
        ({"tell": "/orders/{number}"}, "tell"),
        ({"fetch": "orders/{shop_id}"}, "fetch"),
        ({"signature": {"scheme": "rot13"}}, "signature.scheme"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_told_with_its_place(options: Mapping[str, Any], place: str) -> None:
    faults = ADAPTER.check(StoreAccess("s", SECRETS, {**GENERIC_OPTIONS, **options}))
    assert [fault.place for fault in faults] == [place]
    assert "\n" not in faults[0].message or "^" in faults[0].message


@pytest.mark.parametrize(
    ("expression", "value", "found"),
    [
        ("to_number(a)", {"a": "12.10"}, Decimal("12.10")),
        ("to_number(a)", {"a": Decimal("0.1")}, Decimal("0.1")),
        ("to_number(a)", {"a": "a"}, None),
        ("to_number(a)", {"a": "NaN"}, None),
        ("to_number(a)", {"a": True}, None),
        ("to_number(a)", {"a": []}, None),
        ("a[?n > `1`].n", {"a": [{"n": 1}, {"n": 2}]}, [2]),
    ],
)
def test_no_function_makes_a_float(expression: str, value: Any, found: Any) -> None:
    result = found_by(expression, value)
    assert result == found
    assert type(result) is type(found)


def test_a_float_that_an_expression_makes_all_the_same_is_no_number() -> None:
    found = read(told(), order={**GENERIC_OPTIONS["order"], "total": "avg([`1`, `2`])"})
    assert [(one.code, one.tag) for one in found.violations] == [("shop.value_not_number", "/order/total")]


def test_an_expression_that_fails_on_a_body_is_told_with_its_field() -> None:
    found = read(told(), order={**GENERIC_OPTIONS["order"], "name": "sum(nr)"})
    assert found.event is None
    assert [(one.code, one.tag) for one in found.violations] == [("shop.expression_failed", "/order/name")]
    assert "'/order/name'" in found.violations[0].message


def test_missing_fields_are_told_by_their_names() -> None:
    content = told()
    del content["kopf"]["waehrung"], content["pos"][0]["menge"]
    content["pos"][1]["gesamt"] = None
    found = read(content)
    assert found.event is None
    assert {(one.code, one.tag) for one in found.violations} == {
        ("shop.value_missing", "/order/currency"),
        ("shop.value_missing", "/order/lines/0/quantity"),
        ("shop.value_missing", "/order/lines/1/price"),
    }


def test_a_state_that_is_not_mapped_is_a_fault_and_not_an_open_order() -> None:
    content = told()
    content["kopf"]["status"] = "wird geprüft"
    found = read(content)
    assert found.event is None
    assert [(one.code, one.tag, one.value) for one in found.violations] == [
        ("shop.value_unknown", "/order/state", "wird geprüft")
    ]


def test_what_an_event_is_here() -> None:
    cancelled = read(told(), "bestellung.storno").event
    assert cancelled is not None
    assert cancelled.order is not None
    assert (cancelled.kind, cancelled.order.state) == ("cancelled", "cancelled")
    assert (read(told(), "kunde.neu").event or ShopEvent("snapshot", "")).kind == "ignored"
    assert (read(told(), "").event or ShopEvent("ignored", "")).kind == "snapshot"
    assert (read(told(), "", unnamed="ignored").event or ShopEvent("snapshot", "")).kind == "ignored"
    assert read({"nr": "B-5"}, "weg", events={"weg": "deleted"}).event == ShopEvent("deleted", "B-5")


def test_a_shop_that_names_its_orders_alone_has_them_fetched() -> None:
    found = read({"nr": "B/5"}, fetch="/orders/{shop_id}").event
    assert found == ShopEvent("snapshot", "B/5", fetch="/orders/B%2F5")


def test_event_and_id_are_where_the_settings_say() -> None:
    content = json.dumps(told(lieferung="L-9")).encode()
    headers = generic(content, SECRETS[0], NOW)
    delivery = ADAPTER.verify(HookRequest(headers, content), access(event_id="lieferung"), NOW)
    assert (delivery.id, delivery.topic) == ("L-9", "bestellung.neu")
    signature = {**GENERIC_OPTIONS["signature"], "topic_header": "X-Event", "id_header": "X-Id"}
    named = HookRequest({**headers, "X-EVENT": "bestellung.storno", "X-Id": "77"}, content)
    assert ADAPTER.verify(named, access(signature=signature), NOW) == HookDelivery("77", "bestellung.storno")


def test_news_are_posted_as_json_under_our_reference() -> None:
    (call,) = ADAPTER.tell(SHIPPED, access())
    assert (call.method, call.path) == ("POST", "/bestellungen/B%2F5/meldungen")
    assert ("Idempotency-Key", "SHP-1") in call.headers
    content = json.loads(call.body)
    assert content["lines"] == [{"id": "2", "quantity": "0.5"}]
    assert (content["kind"], content["order"], content["number"]) == ("shipped", "B/5", "2026-EC-000001")
    assert ADAPTER.tell(SHIPPED, access(tell=None)) == ()


def test_a_delivery_has_every_shipment() -> None:
    shipments = (ShopShipment("N/4", (("1", Decimal(2)),), "DHL", "T1"), ShopShipment("N/6"))
    (call,) = ADAPTER.tell(SHIPPED._replace(kind="delivered", shipments=shipments), access())
    assert json.loads(call.body)["shipments"] == [
        {"reference": "N/4", "lines": [{"id": "1", "quantity": "2"}], "carrier": "DHL", "tracking_number": "T1"},
        {"reference": "N/6", "lines": [], "carrier": "", "tracking_number": ""},
    ]
    assert ADAPTER.asks(SHIPPED, access()) == ()


def test_the_default_fields_need_no_mapping() -> None:
    found = standard_order(refunds=[{"id": "r", "amount": "1.00", "reason": "late", "at": "2026-03-03T00:00:00Z"}])
    assert found.refunds[0].amount == Decimal("1.00")
    assert [line.quantity for line in found.order.lines] == [Decimal(6), Decimal("0.5")]


@pytest.mark.parametrize("payment", ["pending", "authorized", "paid", "refunded", "voided"])
def test_the_default_states_are_ours(payment: str) -> None:
    assert standard_order(payment=payment).payment == payment
    assert standard_order(state="closed").state == "closed"


def test_the_specification_leaves_no_choice_of_a_signature() -> None:
    chosen = StoreAccess("s", WHSEC, {"signature": {"scheme": "token", "header": "x"}})
    assert [fault.place for fault in STANDARD.check(chosen)] == ["signature"]
    content = body("standard_webhooks")
    request = HookRequest(standard(content, WHSEC[0], NOW), content)
    delivery = STANDARD.verify(request, sample("standard_webhooks").access(), NOW)
    assert delivery == HookDelivery("msg_1", "order.created", datetime(2026, 3, 2, 10, 15, tzinfo=UTC))
