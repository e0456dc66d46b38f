"""News of shops over the API of the real gateway: listed, filtered, paged, told again; for the house alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from shop_house import queued_news
from sqlalchemy import update

from core.store.tables.shops import shop_news
from gateway.authentication import ApiKeys
from gateway.wiring import Gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]
PATH = "/api/v1/shops/news"


@pytest.fixture
def client(real_client: TestClient[Any, Any]) -> TestClient[Any, Any]:
    return real_client


async def test_news_are_listed_latest_first_and_in_pages(
    call: Call, client: TestClient[Any, Any], demo_key: str, gateway: Gateway
) -> None:
    numbers = queued_news(gateway.store, gateway.clock.now(), 3)
    status, first = await call("GET", f"{PATH}?limit=2", demo_key)
    assert (status, [one["order"] for one in first["items"]]) == (200, [numbers[2], numbers[1]])
    _, second = await call("GET", f"{PATH}?limit=2&cursor={first['next']}", demo_key)
    assert ([one["order"] for one in second["items"]], second["next"]) == ([numbers[0]], None)
    _, one = await call("GET", f"{PATH}?order={numbers[1]}", demo_key)
    assert [found["kind"] for found in one["items"]] == ["confirmed"]
    assert one["items"][0]["state"] == "queued"
    assert (await call("GET", f"{PATH}?state=dead", demo_key))[1]["items"] == []
    assert (await call("GET", f"{PATH}?state=odd", demo_key))[0] == 422
    assert (await call("GET", f"{PATH}?cursor=odd", demo_key))[0] == 422


async def test_only_what_was_given_up_is_told_again(
    call: Call, client: TestClient[Any, Any], demo_key: str, gateway: Gateway
) -> None:
    queued_news(gateway.store, gateway.clock.now(), 1)
    (one,) = (await call("GET", PATH, demo_key))[1]["items"]
    again = f"{PATH}/{one['id']}/retry"
    status, refused = await call("POST", again, demo_key, json={"reason": "the key is new"})
    assert (status, refused["code"], refused["inputs"]) == (409, "state.conflict", {"state": "queued"})
    given_up = update(shop_news).values(state="dead", attempts=4, last_error="answered 404")
    gateway.store.write(lambda tx: tx.execute(given_up))
    assert (await call("POST", again, demo_key, json={}))[0] == 422
    status, told = await call("POST", again, demo_key, json={"reason": "the key is new"})
    assert (status, told["state"], told["attempts"]) == (202, "queued", 0)
    assert (await call("POST", f"{PATH}/1/retry", demo_key, json={"reason": "x"}))[0] == 404


async def test_a_partner_sees_no_news_of_shops(call: Call, client: TestClient[Any, Any], gateway: Gateway) -> None:
    key = ApiKeys(gateway.store, gateway.clock).create("one", ("operate",), partner="ALPINA").token
    assert (await call("GET", PATH, key))[0] == 403
