"""Subscriptions over the API of the real gateway: what is kept, changed by version, refused, and whose it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from gateway.authentication import ApiKeys
from gateway.wiring import Gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]
PATH = "/api/v1/subscriptions"
WANTED = {"name": "shop", "url": "https://93.184.215.14/events", "events": ["order.*"], "channels": ["ED"]}


@pytest.fixture
def client(real_client: TestClient[Any, Any]) -> TestClient[Any, Any]:
    return real_client


@pytest.fixture
def key(demo_key: str) -> str:
    return demo_key


def key_of(gateway: Gateway, *scopes: str, **of: Any) -> str:
    return ApiKeys(gateway.store, gateway.clock).create("one", scopes, **of).token


async def test_a_secret_is_shown_once_and_at_each_rotation(call: Call, key: str) -> None:
    status, made = await call("POST", PATH, key, json=WANTED)
    assert (status, made["state"], made["partner"], made["tests"]) == (201, "active", None, False)
    assert made["secret"].startswith("whsec_")
    one = f"{PATH}/{made['id']}"
    status, read = await call("GET", one, key)
    assert (status, read) == (200, {name: value for name, value in made.items() if name != "secret"})
    assert (await call("GET", PATH, key))[1]["items"] == [read]
    status, rotated = await call("POST", f"{one}/rotate", key, json={"overlap_hours": 2})
    assert (status, rotated["version"]) == (200, 2)
    assert rotated["secret"] != made["secret"]
    assert rotated["previous_secret_until"] is not None


async def test_only_the_version_that_was_read_is_changed(call: Call, client: TestClient[Any, Any], key: str) -> None:
    _, made = await call("POST", PATH, key, json=WANTED)
    one = f"{PATH}/{made['id']}"
    assert (await call("PATCH", one, key, json={"state": "paused"}))[0] == 428
    stale = {"If-Match": '"7"'}
    assert (await call("PATCH", one, key, json={"state": "paused"}, headers=stale))[0] == 412
    answer = await client.get(one, headers={"Authorization": f"Bearer {key}"})
    fresh = {"If-Match": answer.headers["ETag"]}
    status, paused = await call("PATCH", one, key, json={"state": "paused", "events": []}, headers=fresh)
    assert (status, paused["state"], paused["events"], paused["version"]) == (200, "paused", [], 2)
    assert (await call("POST", f"{one}/test", key))[0] == 409
    assert (await call("DELETE", one, key, headers=fresh))[0] == 412
    gone = await client.delete(one, headers={"Authorization": f"Bearer {key}", "If-Match": "*"})
    assert (gone.status, await gone.read()) == (204, b"")
    assert (await call("GET", one, key))[0] == 404


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"url": "https://127.0.0.1/"}, 422, "target.refused"),
        ({"url": "http://hooks.example.com/"}, 422, "target.refused"),
        ({"url": "https://user:word@hooks.example.com/"}, 422, "target.refused"),
        ({"url": ""}, 422, "validation.failed"),
        ({"name": ""}, 422, "validation.failed"),
        ({"events": ["order.nothing"]}, 422, "value.refused"),
        ({"events": ["order.*"] * 51}, 422, "validation.failed"),
        ({"order_types": ["odd"]}, 422, "validation.failed"),
        ({"partner": "NOBODY"}, 404, "not_found"),
        ({"secret": "mine"}, 422, "validation.failed"),
    ],
)
async def test_what_cannot_be_told_is_refused(
    call: Call, key: str, change: dict[str, Any], status: int, code: str
) -> None:
    answered, problem = await call("POST", PATH, key, json=WANTED | change)
    assert (answered, problem["code"]) == (status, code)
    assert (await call("GET", PATH, key))[1]["items"] == []


async def test_a_partner_has_its_own_and_sees_no_other(call: Call, gateway: Gateway, key: str) -> None:
    _, house = await call("POST", PATH, key, json=WANTED)
    own_key = key_of(gateway, "read", "operate", partner="ALPINA")
    status, own = await call("POST", PATH, own_key, json=WANTED)
    assert (status, own["partner"]) == (201, "ALPINA")
    assert (await call("POST", PATH, own_key, json=WANTED | {"partner": "NORDHAUS"}))[0] == 403
    assert [one["id"] for one in (await call("GET", PATH, own_key))[1]["items"]] == [own["id"]]
    for path in ("", "/deliveries"):
        assert (await call("GET", f"{PATH}/{house['id']}{path}", own_key))[0] == 404
    for path, body in (("/rotate", {}), ("/replay", {"after": 0}), ("/test", None)):
        assert (await call("POST", f"{PATH}/{house['id']}{path}", own_key, json=body))[0] == 404
    anything = {"If-Match": "*"}
    assert (await call("PATCH", f"{PATH}/{house['id']}", own_key, json={"name": "x"}, headers=anything))[0] == 404
    _, sent = await call("POST", f"{PATH}/{house['id']}/test", key)
    assert (await call("GET", f"/api/v1/deliveries/{sent['id']}", own_key))[0] == 404
    assert (await call("POST", f"/api/v1/deliveries/{sent['id']}/retry", own_key))[0] == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("test", None, 202),
        ("replay", {"after": 0}, 202),
        ("replay", {"since": "2026-01-01"}, 202),
        ("replay", {}, 422),
        ("replay", {"after": 0, "since": "2026-01-01"}, 422),
        ("replay", {"after": -1}, 422),
        ("rotate", {"overlap_hours": 720}, 200),
        ("rotate", {"overlap_hours": 721}, 422),
        ("rotate", {"overlap_hours": -1}, 422),
    ],
)
async def test_the_acts_take_what_they_say(call: Call, key: str, path: str, body: Any, status: int) -> None:
    _, made = await call("POST", PATH, key, json=WANTED)
    assert (await call("POST", f"{PATH}/{made['id']}/{path}", key, json=body))[0] == status


async def test_a_delivery_under_way_is_not_sent_again(call: Call, key: str) -> None:
    _, made = await call("POST", PATH, key, json=WANTED)
    _, sent = await call("POST", f"{PATH}/{made['id']}/test", key)
    _, page = await call("GET", f"{PATH}/{made['id']}/deliveries?state=queued", key)
    assert [(one["id"], one["event"]) for one in page["items"]] == [(sent["id"], "subscription.test")]
    assert (await call("POST", f"/api/v1/deliveries/{sent['id']}/retry", key))[0] == 409
    assert (await call("GET", f"/api/v1/deliveries/{sent['id']}", key))[1]["tries"] == []
    assert (await call("GET", "/api/v1/deliveries/999", key))[0] == 404


async def test_deliveries_come_page_by_page(call: Call, key: str) -> None:
    _, made = await call("POST", PATH, key, json=WANTED)
    for _ in range(3):
        await call("POST", f"{PATH}/{made['id']}/test", key)
    _, first = await call("GET", f"{PATH}/{made['id']}/deliveries?limit=2", key)
    _, rest = await call("GET", f"{PATH}/{made['id']}/deliveries?limit=2&cursor={first['next']}", key)
    assert [one["position"] for one in first["items"] + rest["items"]] == [3, 2, 1]
    assert rest["next"] is None


async def test_reading_alone_does_not_subscribe(call: Call, gateway: Gateway) -> None:
    reader = key_of(gateway, "read", "submit")
    assert (await call("POST", PATH, reader, json=WANTED))[0] == 403
    assert (await call("GET", PATH, reader))[0] == 403
    _, events = await call("GET", "/api/v1/event-types", reader)
    assert {"order.confirmed", "shipment.booked", "invoice.issued"} <= {one["event"] for one in events["items"]}
