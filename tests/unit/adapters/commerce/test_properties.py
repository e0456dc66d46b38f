"""What holds for every platform: nothing that is sent raises, and what an order says adds up."""

from __future__ import annotations

import importlib
import json
from contextlib import suppress
from copy import deepcopy
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from examples import few
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shops import body, sample

from core.errors import ValueRefused
from core.storefront import HookDelivery, HookRequest, ShopRead, Storefront
from core.testing.storefront import NOW
from core.texts.catalogue import LANGUAGES, text_of

PLATFORMS = ("adobe_commerce", "amazon", "bigcommerce", "generic", "shopify", "standard_webhooks", "woocommerce")
TOPICS = ("orders/create", "refunds/create", "order.updated", "order.created", "bestellung.neu", "")
#: numbers as Python's json writes floats, too: a shop may be written in anything
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["1e999", "0.00000000001", "-5", "9" * 50, "2026-02-30", "\ud800", "12.50", "EUR"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
CENTS = st.decimals(0, 5000, places=2)


def storefront(platform: str) -> Storefront:
    adapter: Storefront = importlib.import_module(f"adapters.commerce.{platform}.adapter").ADAPTER
    return adapter


def reads(platform: str, content: bytes) -> list[ShopRead]:
    """Return what *content* is read as under every topic, and as an answer; each has an event or says why not."""
    access, adapter = sample(platform).access(), storefront(platform)
    found = [adapter.read(HookDelivery("d-1", topic), content, access) for topic in TOPICS]
    found.append(adapter.read_fetched(content, access))
    for read in found:
        assert read.event is not None or any(one.severity == "error" for one in read.violations)
        for violation in read.violations:
            assert all(text_of(violation.code, violation.parameters, language) for language in LANGUAGES)
            json.dumps(violation.as_json()).encode()
    return found


def places(value: Any, below: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the place of every value in a JSON document."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([below] if below else []), *(place for key, member in members for place in places(member, (*below, key)))]


@pytest.mark.parametrize("platform", PLATFORMS)
@settings(few(60), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_an_order_with_one_value_exchanged_is_read_or_refused_in_words(platform: str, data: st.DataObject) -> None:
    document = json.loads(body(platform))
    place = data.draw(st.sampled_from(places(document)))
    holder = document
    for key in place[:-1]:
        holder = holder[key]
    if data.draw(st.booleans()):
        holder[place[-1]] = data.draw(VALUES)
    elif isinstance(holder, dict):
        del holder[place[-1]]
    reads(platform, json.dumps(document).encode())


@pytest.mark.parametrize("platform", PLATFORMS)
@settings(few(40), deadline=None)
@given(content=st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_refused_in_words(platform: str, content: bytes) -> None:
    reads(platform, content)
    shop = sample(platform)
    request = HookRequest(shop.sign(content, shop.secrets[0], NOW), content)
    with suppress(ValueRefused):  # a body may name a delivery by something that is no name
        assert storefront(platform).verify(request, shop.access(), NOW).id


def _goods(read: ShopRead) -> Decimal:
    assert read.event is not None
    assert read.event.order is not None
    lines = read.event.order.order.lines
    return sum(((line.price or Decimal(0)) * line.quantity / line.price_basis for line in lines), Decimal(0))


@settings(few(60), deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 999), CENTS, st.decimals(0, 1, places=2)), min_size=1, max_size=5),
    CENTS,
    CENTS,
)
def test_what_an_order_of_woocommerce_says_adds_up(
    lines: list[tuple[int, Decimal, Decimal]], shipping: Decimal, tax: Decimal
) -> None:
    items = []
    for number, (quantity, subtotal, off) in enumerate(lines, start=1):
        total = (subtotal * (1 - off)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        items.append({"id": number, "quantity": quantity, "subtotal": str(subtotal), "total": str(total)})
    goods = sum(Decimal(item["total"]) for item in items)
    order = json.loads(body("woocommerce")) | {
        "line_items": items,
        "fee_lines": [],
        "shipping_lines": [{"id": 99, "total": str(shipping)}],
        "tax_lines": [{"tax_total": str(tax)}],
        "total": str(goods + shipping + tax),
    }
    read = storefront("woocommerce").read_fetched(json.dumps(order).encode(), sample("woocommerce").access())
    assert read.violations == ()
    assert read.event is not None
    told = read.event.order
    assert told is not None
    assert told.total == goods + shipping + tax
    assert told.total == _goods(read) + sum(one.amount for one in told.charges) + sum(one.amount for one in told.taxes)


@settings(few(60), deadline=None)
@given(st.lists(st.tuples(st.integers(1, 999), CENTS), min_size=1, max_size=5), CENTS, st.booleans())
def test_what_an_order_of_shopify_says_adds_up(lines: list[tuple[int, Decimal]], tax: Decimal, included: bool) -> None:
    order = json.loads(body("shopify"))
    template = order["line_items"][0] | {"discount_allocations": [], "tax_lines": []}
    order["line_items"] = [
        template | {"id": number, "quantity": quantity, "current_quantity": quantity, "price": str(price)}
        for number, (quantity, price) in enumerate(lines, start=1)
    ]
    goods = sum(quantity * price for quantity, price in lines)
    total = goods + Decimal("89.00") + Decimal("20.00") + (0 if included else tax)
    order |= {"taxes_included": included, "total_tax": str(tax), "total_discounts": "0.00", "total_price": str(total)}
    order["tax_lines"] = [{"title": "VAT", "price": str(tax), "rate": 0.2}]
    order["shipping_lines"][0]["tax_lines"] = []
    read = storefront("shopify").read_fetched(json.dumps(order).encode(), sample("shopify").access())
    assert read.violations == ()
    assert _goods(read) == goods


@pytest.mark.parametrize("platform", PLATFORMS)
@given(data=st.data())
@settings(few(20), deadline=None)
def test_the_order_of_members_does_not_matter(platform: str, data: st.DataObject) -> None:
    document = json.loads(body(platform))

    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = data.draw(st.permutations(sorted(value)))
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(member) for member in value] if isinstance(value, list) else value

    assert reads(platform, json.dumps(shuffled(deepcopy(document))).encode()) == reads(platform, body(platform))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_members_that_nobody_knows_are_passed_over(platform: str) -> None:
    def added(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: added(member) for key, member in value.items()} | {"x_new": {"a": [1e999, None]}}
        return [added(member) for member in value] if isinstance(value, list) else value

    content = json.dumps(added(json.loads(body(platform)))).replace("Infinity", "1e999").encode()
    assert reads(platform, content) == reads(platform, body(platform))
