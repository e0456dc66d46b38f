"""News written back over sockets to a stand-in of every platform: each thing is told once, whatever breaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from shop_house import STANDINS, TRACKING, House, sent
from shop_server import Fault, serving
from structlog.testing import capture_logs

from core.store import shop_news
from core.store.backlog import look
from core.subscriptions.model import BACKOFF
from core.testing.shops.amazon import AmazonStandIn
from core.testing.shops.bigcommerce import BigCommerceStandIn
from core.testing.shops.shopify import ShopifyStandIn
from core.testing.shops.standin import Asked
from core.testing.shops.woocommerce import WooCommerceStandIn

PLATFORMS = sorted(STANDINS)
WHOLE = {"501": Decimal(10), "502": Decimal(3)}
#: the platforms that have a place for these news
CONFIRMED = {"woocommerce", "adobe_commerce", "generic"}
DELIVERED = {"shopify", "generic"}
REST_CANCELLED = {"shopify", "woocommerce", "bigcommerce", "adobe_commerce", "generic"}
CANCELLED = {"shopify", "woocommerce", "bigcommerce", "adobe_commerce", "generic"}


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_shop_is_told_of_its_order_from_confirmation_to_delivery(house: House, platform: str) -> None:
    async with serving(STANDINS[platform]()) as server:
        house.open_store(server)
        order_id, kept = house.order(server)
        shipment_id = house.ship(order_id)
        house.deliver(shipment_id)
        assert await house.desk.run_due() == 3
        assert house.news() == [
            ("confirmed", "told" if platform in CONFIRMED else "nothing", 1),
            ("shipped", "told", 1),
            ("delivered", "told" if platform in DELIVERED else "nothing", 1),
        ]
        assert [tracking for tracking, _ in sent(kept)] == [TRACKING]
        assert sent(kept)[0][1] == WHOLE
        assert len(kept.notes) == {"woocommerce": 2, "adobe_commerce": 1, "generic": 1}.get(platform, 0)
        assert kept.shipments[0].delivered == (platform in DELIVERED)
        assert kept.status == ("completed" if platform == "woocommerce" else "open")
        told = len(server.writes())
        assert await house.desk.run_due() == 0
        assert len(server.writes()) == told
        assert house.alerts() == {}


async def test_a_part_is_told_as_a_part(house: House) -> None:
    """The order stays open in the shop while something of it is still to come."""
    async with serving(BigCommerceStandIn()) as parted, serving(WooCommerceStandIn()) as noted:
        house.open_store(parted)
        house.open_store(noted)
        kept, ids = [], []
        for server in (parted, noted):
            order_id, one = house.order(server)
            kept.append(one)
            ids.append(order_id)
            house.ship(order_id, lines={1: Decimal(4)})
        await house.desk.run_due()
        assert sent(kept[0]) == [(TRACKING, {"501": Decimal(4)})]
        assert [news[:2] for news in house.news() if news[0] == "shipped"] == [("shipped", "told")] * 2
        assert kept[1].status == "open"
        for order_id in ids:
            house.ship(order_id, tracking="TRK-0002")
        await house.desk.run_due()
        assert sent(kept[0])[1] == ("TRK-0002", {"501": Decimal(6), "502": Decimal(3)})
        assert kept[1].status == "completed"


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("fault", [None, 500, "lost"])
async def test_a_shop_is_told_once_that_the_rest_is_not_to_come(
    house: House, platform: str, fault: Fault | None
) -> None:
    """Issue 5, part 3: by the platform's own call, or in its notes; a try whose answer was lost is not told twice."""
    async with serving(STANDINS[platform]()) as server:
        house.open_store(server)
        order_id, kept = house.order(server)
        house.ship(order_id, lines={1: Decimal(4)})
        await house.desk.run_due()
        before = list(kept.notes)
        house.cancel(order_id, "no use")
        if fault is not None:
            server.fault = _first_write(fault)
            await house.desk.run_due()
            house.clock.advance(BACKOFF[0])
        await house.desk.run_due()
        assert house.news()[-1][:2] == ("rest_cancelled", "told" if platform in REST_CANCELLED else "nothing")
        rest = {"501": Decimal(6), "502": Decimal(3)}
        assert kept.dropped == (rest if platform in {"shopify", "generic"} else {})
        noted = platform in REST_CANCELLED - {"generic"}
        assert [note for note in kept.notes if "no use" in note] == kept.notes[len(before) :]
        assert len(kept.notes) - len(before) == (1 if noted else 0)
        assert kept.given_back == 0
        assert kept.status == {"woocommerce": "completed", "bigcommerce": "shipped"}.get(platform, "open")
        assert house.alerts() == {}


async def test_money_of_a_rest_goes_back_where_the_store_is_set_so(house: House) -> None:
    async with serving(ShopifyStandIn()) as server:
        house.open_store(server, options={"refund_on_cancel": True})
        order_id, kept = house.order(server)
        house.ship(order_id, lines={1: Decimal(4)})
        house.cancel(order_id)
        await house.desk.run_due()
        assert kept.given_back == 9


@pytest.mark.parametrize("platform", sorted(DELIVERED))
async def test_a_delivery_is_told_of_every_shipment(house: House, platform: str) -> None:
    async with serving(STANDINS[platform]()) as server:
        house.open_store(server)
        order_id, kept = house.order(server)
        first = house.ship(order_id, lines={1: Decimal(4)})
        second = house.ship(order_id, tracking="TRK-0002")
        house.deliver(first)
        await house.desk.run_due()
        assert [sent.delivered for sent in kept.shipments] == [False, False]
        house.deliver(second)
        await house.desk.run_due()
        assert house.news()[-1] == ("delivered", "told", 1)
        assert [sent.delivered for sent in kept.shipments] == [True, True]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("end", ["cancel", "decline"])
async def test_a_shop_is_told_that_its_order_ended(house: House, platform: str, end: str) -> None:
    async with serving(STANDINS[platform]()) as server:
        house.open_store(server)
        order_id, kept = house.order(server)
        (house.cancel if end == "cancel" else house.decline)(order_id)
        await house.desk.run_due()
        told = platform in CANCELLED
        assert house.news()[1] == ("cancelled" if end == "cancel" else "declined", "told" if told else "nothing", 1)
        assert kept.status in (({"cancelled", "declined"}) if told else {"open"})


async def test_the_end_that_the_shop_made_is_not_told_back(house: House) -> None:
    async with serving(WooCommerceStandIn()) as server:
        house.open_store(server)
        for facts in ({"cancelled_at": "2026-03-02T08:00:00Z"}, {"deleted": True}):
            order_id, _ = house.order(server, facts=facts)
            house.cancel(order_id)
        house.order(server, test=True)
        await house.desk.run_due()
        assert [kind for kind, _, _ in house.news()] == ["confirmed", "confirmed"]
        assert not [asked for asked in server.writes() if asked.method == "PUT"]


@pytest.mark.parametrize("changes", [{"write_back": False}, {"base_url": ""}])
async def test_a_store_that_is_not_to_be_told_is_not(house: House, changes: dict[str, object]) -> None:
    async with serving(WooCommerceStandIn()) as server:
        house.open_store(server, **changes)
        house.order(server)
        assert await house.desk.run_due() == 0
        assert (house.news(), server.asked) == ([], [])


async def test_each_fact_is_news_once_however_many_desks_look(each_house: House) -> None:
    house = each_house
    async with serving(WooCommerceStandIn()) as server:
        house.open_store(server)
        kept = [house.order(server)[1] for _ in range(5)]
        other = house.another_desk(house.worker_id + 1)
        assert await house.desk.run_due() + await other.run_due() == 5
        assert [len(order.notes) for order in kept] == [1] * 5
        assert house.news() == [("confirmed", "told", 1)] * 5


def _first_write(fault: Fault) -> Callable[[Asked], Fault | None]:
    """Return a fault that the first request which is no GET, and no query or login, meets."""
    met: list[Asked] = []

    def choose(asked: Asked) -> Fault | None:
        if asked.method == "GET" or b"query Standing" in asked.body or asked.path.startswith("/auth/") or met:
            return None
        met.append(asked)
        return fault

    return choose


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("fault", [500, 429, "lost"])
async def test_what_fails_is_told_again_and_appears_once(house: House, platform: str, fault: Fault) -> None:
    """A lost answer was taken by the shop: the next try asks, and does not tell it twice."""
    async with serving(STANDINS[platform]()) as server:
        house.open_store(server)
        order_id, kept = house.order(server)
        await house.desk.run_due()
        house.ship(order_id)
        server.fault = _first_write(fault)
        await house.desk.run_due()
        assert house.news()[1] == ("shipped", "queued", 1)
        assert len(house.errors()) == 1
        house.clock.advance(BACKOFF[0] - timedelta(seconds=1))
        assert await house.desk.run_due() == 0
        house.clock.advance(timedelta(seconds=1))
        await house.desk.run_due()
        assert house.news()[1] == ("shipped", "told", 2)
        assert [tracking for tracking, _ in sent(kept)] == [TRACKING]
        assert sum("shipped" in note for note in kept.notes) == (platform == "woocommerce")


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_crash_after_the_call_tells_nothing_twice(house: House, platform: str) -> None:
    """The process dies between call and commit: another one finds the claim of a dead worker, asks, and is done."""
    async with serving(STANDINS[platform]()) as server:
        house.open_store(server)
        order_id, kept = house.order(server)
        house.ship(order_id)
        await house.desk.run_due()
        before = list(kept.notes)
        house.set_news(state="attempting", worker_id=1023, told_at=None)
        await house.another_desk(house.worker_id).run_due()
        assert {state for _, state, _ in house.news()} <= {"told", "nothing"}
        assert [tracking for tracking, _ in sent(kept)] == [TRACKING]
        assert kept.notes == before


async def test_a_shop_that_asks_to_wait_is_left_alone_as_long(house: House) -> None:
    async with serving(WooCommerceStandIn()) as server:
        house.open_store(server)
        house.order(server)
        server.retry_after, server.fault = "120", lambda _: 429
        await house.desk.run_due()
        house.order(server)
        server.fault = lambda _: None
        house.clock.advance(timedelta(seconds=119))
        asked = len(server.asked)
        assert await house.desk.run_due() == 0
        assert len(server.asked) == asked
        house.clock.advance(timedelta(seconds=1))
        await house.desk.run_due()
        assert house.news() == [("confirmed", "told", 2), ("confirmed", "told", 1)]


async def test_what_a_shop_refuses_is_given_up_soon_and_holds_back_until_then(house: House) -> None:
    async with serving(ShopifyStandIn()) as server:
        house.open_store(server)
        order_id, kept = house.order(server)
        kept.lines["501"] = Decimal(4)  # a person shipped some of it in the shop
        house.deliver(house.ship(order_id))
        for step in BACKOFF[:4]:
            await house.desk.run_due()
            assert house.news()[2][2] == 0 or house.news()[1][1] == "dead"
            house.clock.advance(step)
        await house.desk.run_due()
        assert house.news()[1] == ("shipped", "dead", 4)
        assert "less left to send" in house.alerts()["shop.news_failed"]
        results = {result: count for (*_, kind, result), count in house.heard.items() if kind == "news"}
        assert results == {"nothing": 1, "retried": 5, "dead": 1}
        waiting = house.store.read(lambda tx: look(tx, house.clock.now())).shop_news
        age = sum(BACKOFF[:4], timedelta(0)).total_seconds()
        assert waiting == ({"queued": 1, "attempting": 0, "dead": 1}, age)
        assert server.writes() != []
        assert kept.shipments == []


async def test_what_fails_for_a_day_is_given_up(house: House) -> None:
    async with serving(ShopifyStandIn()) as server:
        house.open_store(server)
        order_id, _ = house.order(server)
        house.ship(order_id)
        server.fault = lambda _: 502
        for step in (*BACKOFF, timedelta(0)):
            await house.desk.run_due()
            house.clock.advance(step)
        assert house.news()[1] == ("shipped", "dead", len(BACKOFF) + 1)
        assert "502" in house.alerts()["shop.news_failed"]


async def test_a_token_that_is_not_taken_is_told_at_once_and_heals(house: House) -> None:
    async with serving(WooCommerceStandIn()) as server:
        house.open_store(server)
        house.order(server)
        variable = "TOKEN_WOOCOMMERCE_MAIN"
        good, house.environment[variable] = house.environment[variable], "ck_other:cs_wrong"
        with capture_logs() as logs:
            await house.desk.run_due()
        assert "answered 401" in house.alerts()["shop.token_refused"]
        assert logs[0]["event"] == "shop call failed"
        assert "cs_wrong" not in repr((house.alerts(), house.errors(), logs))
        house.environment[variable] = ""
        house.clock.advance(BACKOFF[0])
        await house.desk.run_due()
        assert "token of the store is missing" in house.alerts()["shop.token_refused"]
        house.environment[variable] = good
        house.clock.advance(BACKOFF[1])
        await house.desk.run_due()
        assert house.alerts() == {}
        assert house.news() == [("confirmed", "told", 3)]


async def test_a_store_that_hangs_starves_no_other(house: House) -> None:
    async with serving(WooCommerceStandIn()) as slow, serving(WooCommerceStandIn()) as fast:
        house.open_store(slow, "slow")
        house.open_store(fast, "fast")
        slow.fault = lambda _: "hang"
        for _ in range(40):
            house.order(slow, name="slow")
        _, kept = house.order(fast, name="fast")
        await house.desk.turn()
        await fast.has_been_asked(2)
        assert len(slow.asked) <= 4
        slow.released.set()
        await house.desk.drain(5)
        assert len(kept.notes) == 1


async def test_amazon_is_logged_in_to_once_while_it_counts(house: House) -> None:
    shop = AmazonStandIn()
    async with serving(shop) as server:
        house.open_store(server)
        for _ in range(3):
            house.ship(house.order(server)[0])
        await house.desk.run_due()
        assert shop.logins == 1
        house.clock.advance(timedelta(hours=1))
        house.ship(house.order(server)[0])
        await house.desk.run_due()
        assert shop.logins == 2
        house.environment["TOKEN_AMAZON_MAIN"] = "client:other:refresh"
        house.clock.advance(timedelta(hours=1))
        house.ship(house.order(server)[0])
        await house.desk.run_due()
        assert "login was refused" in house.alerts()["shop.token_refused"]
        assert "other" not in house.alerts()["shop.token_refused"]


async def test_news_that_are_forgotten_are_not_made_again(house: House) -> None:
    async with serving(WooCommerceStandIn()) as server:
        house.open_store(server)
        order_id, kept = house.order(server)
        await house.desk.run_due()
        server.fault = lambda _: 500
        house.ship(order_id)
        await house.desk.run_due()
        house.clock.advance(timedelta(days=31))
        assert house.store.write(lambda tx: shop_news.forget(tx, house.clock.now() - timedelta(days=30))) == 1
        assert [kind for kind, _, _ in house.news()] == ["shipped"]
        server.fault = lambda _: None
        await house.desk.run_due()
        assert [kind for kind, _, _ in house.news()] == ["shipped"]
        assert len(kept.notes) == 2
