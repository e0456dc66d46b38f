"""Which fact of an order is which news for its shop."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import orjson
import pytest

from core.shops.news import TOLD, ShopFact, news_from, news_json, news_of
from core.storefront import ShopNews
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
    assert news_of(_fact("order.shipped", inputs=SHIPMENT, shipped=[SHIPMENT])) == ShopNews(
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
    news = news_of(_fact("order.shipped", inputs=SHIPMENT, shipped=[SHIPMENT], line_ids={2: "502"}))
    assert news is not None
    assert news.lines == (("502", Decimal("2.5")),)


def test_a_part_leaves_something_to_come() -> None:
    part = news_of(_fact("order.part_shipped", inputs=SHIPMENT, shipped=[SHIPMENT]))
    rest = news_of(_fact("order.shipped", inputs=SHIPMENT, shipped=[SHIPMENT]))
    assert part is not None
    assert rest is not None
    assert (part.kind, part.complete) == ("shipped", False)
    assert (rest.kind, rest.complete) == ("shipped", True)


def test_a_delivery_is_told_with_the_tracking_of_its_shipment() -> None:
    other = {**SHIPMENT, "shipment": "D-2", "tracking_number": "TRK-2"}
    news = news_of(_fact("order.delivered", inputs={"shipment": "D-2"}, shipped=[SHIPMENT, other]))
    assert news is not None
    assert (news.kind, news.tracking_number) == ("delivered", "TRK-2")
    both = news_of(_fact("order.delivered", inputs={"shipments": ["D-1", "D-2"]}, shipped=[SHIPMENT, other]))
    assert both is not None
    assert both.tracking_number == "TRK-2"


@pytest.mark.parametrize("event", ["order.cancelled", "order.declined"])
def test_an_end_is_told_with_its_reason_unless_the_shop_made_it(event: str) -> None:
    fact = _fact(event, inputs={"reason": "no stock", "from": "confirmed"})
    news = news_of(fact)
    assert news is not None
    assert news.reason == "no stock"
    assert news_of(fact._replace(ended_there=True)) is None


@pytest.mark.parametrize("event", sorted(TOLD))
def test_of_a_test_order_nothing_is_told(event: str) -> None:
    assert news_of(_fact(event, inputs=SHIPMENT, shipped=[SHIPMENT], test=True)) is None


@pytest.mark.parametrize("event", sorted(TOLD))
def test_news_survive_their_row(event: str) -> None:
    news = news_of(_fact(event, inputs=SHIPMENT, shipped=[SHIPMENT]))
    assert news is not None
    assert news_from(orjson.loads(orjson.dumps(news_json(news)))) == news
