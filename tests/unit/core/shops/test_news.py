"""Which fact of an order is which news for its shop."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import orjson
import pytest

from core.shops.news import TOLD, ShopFact, news_from, news_json, news_of
from core.storefront import ShopNews, ShopShipment
from core.subscriptions.catalogue import event_types

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SHIPMENT = MappingProxyType(
    {"shipment": "D-1", "carrier": "DHL", "tracking_number": "TRK-1", "lines": {"1": "10", "2": "2.5"}}
)


def _fact(event: str, **changes: Any) -> ShopFact:
    fact = ShopFact(event, 4, AT, {}, "2026-EC-000001", "77", {1: "501", 2: "502"})
    return fact._replace(**changes)


def test_only_events_of_the_catalogue_are_news() -> None:
    assert set(TOLD) <= set(event_types())
    assert news_of(_fact("order.packed")) is None


def test_a_shipment_is_told_by_the_lines_of_the_shop() -> None:
    assert news_of(_fact("order.shipped", inputs=SHIPMENT, shipped=[(4, SHIPMENT)])) == ShopNews(
        "2026-EC-000001/4",
        "shipped",
        "77",
        "2026-EC-000001",
        (("501", Decimal(10)), ("502", Decimal("2.5"))),
        "DHL",
        "TRK-1",
        complete=True,
        at=AT,
    )


def test_a_line_that_the_shop_does_not_have_is_left_out() -> None:
    news = news_of(_fact("order.shipped", inputs=SHIPMENT, shipped=[(4, SHIPMENT)], line_ids={2: "502"}))
    assert news is not None
    assert news.lines == (("502", Decimal("2.5")),)


def test_a_part_leaves_something_to_come() -> None:
    part = news_of(_fact("order.part_shipped", inputs=SHIPMENT, shipped=[(4, SHIPMENT)]))
    rest = news_of(_fact("order.shipped", inputs=SHIPMENT, shipped=[(4, SHIPMENT)]))
    assert part is not None
    assert rest is not None
    assert (part.kind, part.complete) == ("shipped", False)
    assert (rest.kind, rest.complete) == ("shipped", True)


def test_a_delivery_is_told_with_every_shipment_under_the_reference_that_it_left_by() -> None:
    other = {**SHIPMENT, "shipment": "D-2", "tracking_number": "", "lines": {"1": "1"}}
    news = news_of(_fact("order.delivered", seq=7, inputs={"shipment": "D-2"}, shipped=[(4, SHIPMENT), (6, other)]))
    assert news is not None
    assert (news.reference, news.kind, news.tracking_number, news.lines) == ("2026-EC-000001/7", "delivered", "", ())
    assert news.shipments == (
        ShopShipment("2026-EC-000001/4", (("501", Decimal(10)), ("502", Decimal("2.5"))), "DHL", "TRK-1"),
        ShopShipment("2026-EC-000001/6", (("501", Decimal(1)),), "DHL", ""),
    )


def test_the_rest_that_is_not_to_come_is_told_by_the_lines_of_the_shop() -> None:
    fact = _fact("order.rest_cancelled", inputs={"lines": {"1": "4", "3": "1"}, "reason": "no use"})
    news = news_of(fact)
    assert news is not None
    assert (news.kind, news.lines, news.reason) == ("rest_cancelled", (("501", Decimal(4)),), "no use")
    assert news.complete
    assert news_of(fact._replace(ended_there=True)) is None


@pytest.mark.parametrize("event", ["order.cancelled", "order.declined"])
def test_an_end_is_told_with_its_reason_unless_the_shop_made_it(event: str) -> None:
    fact = _fact(event, inputs={"reason": "no stock", "from": "confirmed"})
    news = news_of(fact)
    assert news is not None
    assert news.reason == "no stock"
    assert news_of(fact._replace(ended_there=True)) is None


@pytest.mark.parametrize("event", sorted(TOLD))
def test_of_a_test_order_nothing_is_told(event: str) -> None:
    assert news_of(_fact(event, inputs=SHIPMENT, shipped=[(4, SHIPMENT)], test=True)) is None


@pytest.mark.parametrize("event", sorted(TOLD))
def test_news_survive_their_row(event: str) -> None:
    news = news_of(_fact(event, inputs=SHIPMENT, shipped=[(4, SHIPMENT)]))
    assert news is not None
    assert news_from(orjson.loads(orjson.dumps(news_json(news)))) == news
