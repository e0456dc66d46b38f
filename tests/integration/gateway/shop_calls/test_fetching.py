"""Orders that a delivery names alone are fetched over sockets, kept, and the delivery goes on; or a person is told."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from shop_house import STANDINS, House
from shop_server import Fault, serving
from shops import thin_amazon

from core.subscriptions.model import BACKOFF
from core.testing.shops.amazon import AmazonStandIn
from core.testing.shops.generic import GenericStandIn
from core.testing.shops.standin import Asked, Told

#: a delivery of each platform that names the order 4711, its topic, and the path that is fetched
THIN = {
    "shopify": (b'{"order_edit": {"order_id": 4711}}', "orders/edited", "/admin/api/2025-10/orders/4711.json"),
    "bigcommerce": (
        b'{"scope": "store/order/created", "data": {"type": "order", "id": 4711}, "hash": "h", "created_at": 1}',
        "store/order/created",
        "/v2/orders/4711",
    ),
    "adobe_commerce": (b'{"order": {"entity_id": 4711}}', "", "/rest/default/V1/orders/4711"),
    "generic": (b'{"type": "order.created", "data": {"id": "4711"}}', "order.created", "/orders/4711"),
}


@pytest.mark.parametrize("platform", sorted(THIN))
async def test_what_a_delivery_names_is_fetched_and_goes_on(house: House, platform: str) -> None:
    body, topic, path = THIN[platform]
    async with serving(STANDINS[platform]()) as server:
        house.open_store(server)
        server.shop.add("4711", l501=1)
        house.deliver_hook(platform, body, topic)
        assert await house.desk.run_due() == 1
        assert [(asked.method, asked.path) for asked in server.asked] == [("GET", path)]
        (row,) = house.deliveries()
        assert (row["state"], row["attempts"], row["worker_id"]) == ("queued", 0, None)
        assert b"4711" in row["fetched"] or platform == "adobe_commerce"
        assert house.woken == 1
        assert await house.desk.run_due() == 0


async def test_amazons_old_answer_leads_to_the_new_one(house: House) -> None:
    shop = AmazonStandIn()
    name = orjson.loads(thin_amazon())["detail"]["Payload"]["OrderChangeNotification"]["AmazonOrderId"]
    replied = shop.reply

    def old_first(asked: Asked) -> Told:
        if len([one for one in server.asked if one.method == "GET"]) == 1:
            return Told(200, {"payload": {"AmazonOrderId": name, "LastUpdateDate": "2026-03-02T08:00:00Z"}})
        return replied(asked)

    async with serving(shop) as server:
        shop.reply = old_first  # type: ignore[method-assign]
        house.open_store(server)
        shop.add(name, l501=1)
        house.deliver_hook("amazon", thin_amazon(), "ORDER_CHANGE")
        await house.desk.run_due()
        (row,) = house.deliveries()
        assert orjson.loads(row["fetched"])["order"]["orderId"] == name
        assert shop.logins == 1


async def test_another_order_than_was_asked_for_is_refused(house: House) -> None:
    shop = GenericStandIn()
    async with serving(shop) as server:
        shop.reply = lambda _: Told(200, {"data": _generic("666")})  # type: ignore[method-assign]
        house.open_store(server)
        body, topic, _ = THIN["generic"]
        house.deliver_hook("generic", body, topic)
        await _until_given_up(house, 4)
        (row,) = house.deliveries()
        assert (row["state"], row["fetched"]) == ("failed", None)
        assert row["problem"] == {
            "code": "shop.fetch_failed",
            "message": "the order 4711 was asked for and 666 was answered",
        }
        assert "666 was answered" in house.alerts()["shop.fetch_failed"]


async def _until_given_up(house: House, tries: int) -> None:
    for step in BACKOFF[: tries - 1]:
        await house.desk.run_due()
        assert house.deliveries()[0]["state"] == "fetching"
        house.clock.advance(step)
    await house.desk.run_due()


def _generic(shop_id: str) -> dict[str, object]:
    lines = [{"id": "1", "quantity": 1, "price": "1.00", "sku": "CUP-1"}]
    return {"id": shop_id, "currency": "EUR", "total": "1.00", "lines": lines}


async def test_an_order_that_is_gone_is_a_persons_matter(house: House) -> None:
    async with serving(GenericStandIn()) as server:
        house.open_store(server)
        body, topic, _ = THIN["generic"]
        house.deliver_hook("generic", body, topic)
        await _until_given_up(house, 4)
        assert house.deliveries()[0]["state"] == "failed"
        assert house.deliveries()[0]["problem"]["message"] == "answered 404"


@pytest.mark.parametrize("fault", [500, "lost", 429])
async def test_a_fetch_that_fails_is_made_again(each_house: House, fault: Fault) -> None:
    house = each_house
    async with serving(GenericStandIn()) as server:
        house.open_store(server)
        server.shop.add("4711", l501=1)
        server.retry_after = "60"
        server.fault = lambda _: fault
        body, topic, _ = THIN["generic"]
        house.deliver_hook("generic", body, topic)
        await house.desk.run_due()
        (row,) = house.deliveries()
        assert (row["state"], row["attempts"], row["worker_id"]) == ("fetching", 1, None)
        wait = timedelta(seconds=60) if fault == 429 else BACKOFF[0]
        assert row["due_at"] == house.clock.now() + wait
        house.clock.advance(wait)
        server.fault = lambda _: None
        await house.desk.run_due()
        assert house.deliveries()[0]["state"] == "queued"
        assert house.deliveries()[0]["problem"] is None


async def test_a_fetch_is_given_up_after_a_day(house: House) -> None:
    async with serving(GenericStandIn()) as server:
        house.open_store(server)
        server.fault = lambda _: 503
        body, topic, _ = THIN["generic"]
        house.deliver_hook("generic", body, topic)
        await _until_given_up(house, len(BACKOFF) + 1)
        assert house.deliveries()[0]["state"] == "failed"
        assert "generic/main" in house.alerts()["shop.fetch_failed"]


@pytest.mark.parametrize("changes", [{"base_url": ""}, {"secret_env": "NOT_SET"}])
async def test_a_store_that_cannot_be_called_is_told_of(house: House, changes: dict[str, str]) -> None:
    async with serving(GenericStandIn()) as server:
        house.open_store(server, **changes)
        body, topic, _ = THIN["generic"]
        house.deliver_hook("generic", body, topic)
        await house.desk.run_due()
        assert house.deliveries()[0]["state"] == "fetching"
        assert "generic/main cannot be called" in house.alerts()["shop.token_refused"]
        assert server.asked == []


async def test_the_fetch_of_a_dead_worker_is_made_by_another(house: House) -> None:
    async with serving(GenericStandIn()) as server:
        house.open_store(server)
        server.shop.add("4711", l501=1)
        body, topic, _ = THIN["generic"]
        house.deliver_hook("generic", body, topic)
        server.fault = lambda _: "hang"
        await house.desk.turn()
        await server.has_been_asked(1)
        server.fault = lambda _: None
        survivor = house.another_desk(house.worker_id + 7)
        assert await survivor.run_due() == 0  # the claim is that of a live worker
        house.leave()
        assert await survivor.run_due() == 1
        assert house.deliveries()[0]["state"] == "queued"
        server.released.set()
        await house.desk.drain(5)
        assert house.woken == 2
        assert len(house.deliveries()) == 1
