"""One call of a shop's API: paced, authorised, judged, and what a fault tells."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from shop_house import LOOPBACK
from shop_server import ShopServer, serving

from core.storefront import ShopCall, StoreAccess
from core.testing.carrier import SteppedClock
from core.testing.shops.generic import GenericStandIn
from core.testing.shops.standin import Told
from gateway.shops.calls import CallFault, Shop, ShopCaller
from gateway.shops.registry import storefronts
from gateway.transports.http_out.client import HttpOut

READ = ShopCall("GET", "/orders/7")
KEY = ("generic", "main")


@pytest.fixture
async def server() -> AsyncIterator[ShopServer]:
    async with serving(GenericStandIn()) as one:
        one.shop.add("7", l1=1)
        yield one


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
async def caller(clock: SteppedClock) -> AsyncIterator[ShopCaller]:
    async with HttpOut(LOOPBACK, timeout_seconds=1) as out:
        yield ShopCaller(out, clock)


def _shop(server: ShopServer, *, token: str = "one-word", url: str = "") -> Shop:
    access = StoreAccess("main", ("a secret of 16 characters",))
    return Shop(storefronts()["generic"], access, url or server.url + "/", token)


async def _fault(caller: ShopCaller, shop: Shop) -> CallFault:
    with pytest.raises(CallFault) as raised:
        await caller.call(shop, READ)
    return raised.value


async def test_what_is_answered_is_returned(caller: ShopCaller, server: ShopServer) -> None:
    assert await caller.call(_shop(server), READ) == b'{"id":"7"}'
    assert server.asked[0].path == "/orders/7"


async def test_a_burst_goes_at_once_and_the_rest_at_the_platforms_pace(caller: ShopCaller, server: ShopServer) -> None:
    shop, began = _shop(server), time.monotonic()
    for _ in range(10):
        await caller.call(shop, READ)
    burst = time.monotonic() - began
    for _ in range(3):
        await caller.call(shop, READ)
    assert time.monotonic() - began >= 3 / 5 - burst
    assert len(server.asked) == 13


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("30", timedelta(seconds=30)),
        ("1.5", timedelta(seconds=1.5)),
        ("Mon, 23 Nov 2026 08:02:00 GMT", timedelta(minutes=2)),
        ("Mon, 23 Nov 2026 07:00:00 GMT", timedelta(0)),
        ("99999999999999999999", timedelta(0)),
        ("86400", timedelta(hours=1)),
        ("soon", timedelta(0)),
        ("", timedelta(0)),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_a_shop_is_left_alone_as_long_as_it_asks(
    caller: ShopCaller, server: ShopServer, clock: SteppedClock, *, asked: str, wait: timedelta, status: int
) -> None:
    server.fault, server.retry_after = lambda _: status, asked
    assert (await _fault(caller, _shop(server))).wait == wait
    assert caller.closed() == ({KEY} if wait else set())
    clock.advance(wait)
    assert caller.closed() == set()


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, "refused"),
        (422, "refused"),
        (404, "gone"),
        (401, "no_access"),
        (403, "no_access"),
        (301, ""),
        (409, ""),
        (500, ""),
    ],
)
async def test_a_status_says_what_is_to_be_done(caller: ShopCaller, server: ShopServer, status: int, told: str) -> None:
    server.fault = lambda _: status
    fault = await _fault(caller, _shop(server))
    assert [name for name in ("refused", "gone", "no_access") if getattr(fault, name)] == ([told] if told else [])
    assert fault.words == f"answered {status}: not now"


async def test_no_secret_is_in_the_words_of_a_fault(caller: ShopCaller, server: ShopServer) -> None:
    said = "the token one-word is not known, nor is a secret of 16 characters\x07"
    server.shop.reply = lambda _: Told(500, {"message": said})  # type: ignore[method-assign]
    words = (await _fault(caller, _shop(server))).words
    assert words == 'answered 500: {"message":"the token *** is not known, nor is ***\\u0007"}'


async def test_an_answer_without_end_is_refused(
    caller: ShopCaller, server: ShopServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.shops.calls._ANSWER_LIMIT", 5)
    assert (await _fault(caller, _shop(server))).refused


async def test_a_shop_in_our_own_network_is_not_called(caller: ShopCaller, server: ShopServer) -> None:
    fault = await _fault(caller, _shop(server, url="https://10.0.0.1"))
    assert fault.refused
    assert server.asked == []


async def test_a_shop_that_is_not_there_may_be_there_later(caller: ShopCaller, server: ShopServer) -> None:
    fault = await _fault(caller, _shop(server, url="http://127.0.0.1:1"))
    assert (fault.refused, fault.gone, fault.no_access) == (False, False, False)
    assert "cannot be reached" in fault.words


async def test_redirects_are_not_followed(caller: ShopCaller, server: ShopServer) -> None:
    """A token must not go where an answer points."""
    app = web.Application()

    async def point(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": f"{server.url}/orders/7"})

    app.router.add_get("/orders/7", point)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        elsewhere = f"http://127.0.0.1:{runner.addresses[0][1]}"
        assert (await _fault(caller, _shop(server, url=elsewhere))).words == "answered 302"
        assert server.asked == []
    finally:
        await runner.cleanup()
