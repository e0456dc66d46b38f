"""Keys and refused calls over HTTP, on a gateway in memory and on the real one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import structlog
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from core.reporting import views
from gateway import access
from gateway.authentication import ApiKeys
from gateway.web import refused_calls
from gateway.web.app import WebParts, build
from gateway.web.refused_calls import REFUSED, hand_on
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]
Client = TestClient[Any, Any]


@pytest.fixture(autouse=True)
def fresh_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Log by loggers that no earlier test has bound to its own configuration."""
    for module in (access, refused_calls):
        monkeypatch.setattr(module, "_log", structlog.get_logger())


@pytest.fixture
def keys(gateway: Gateway) -> ApiKeys:
    return ApiKeys(gateway.store, gateway.clock)


@pytest.fixture
async def client(gateway: Gateway, keys: ApiKeys) -> AsyncIterator[Client]:
    settings = WebSettings(sandbox=True, loopback=True, secret=b"s" * 32, poll_seconds=0.02, rate=0.001, burst=200)
    acts: Any = gateway.operations  # health, metrics and the clock belong to the running service
    async with TestClient(TestServer(build(WebParts(gateway.store, views, acts, keys, settings)))) as opened:
        yield opened


@pytest.fixture
def admin(gateway: Gateway) -> str:
    return gateway.home.demo_key.read_text().strip()


@pytest.fixture
def refusals(client: Client, call: Call, gateway: Gateway, admin: str) -> Callable[[], Awaitable[list[dict[str, Any]]]]:
    """Have what was gathered handed on, and return what is kept, by code."""

    async def look() -> list[dict[str, Any]]:
        assert client.app is not None
        await hand_on(client.app[REFUSED], gateway.operations.access_desk)
        status, page = await call("GET", "/api/v1/audit/refusals", admin)
        assert (status, page["next"]) == (200, None)
        return sorted(page["items"], key=lambda row: row["code"])

    return look


async def test_keys_are_listed_without_what_opens(call: Call, admin: str, keys: ApiKeys) -> None:
    made = [keys.create(f"shop {number}", ["read"], partner="ALPINA", rate=number + 1) for number in range(3)]
    status, page = await call("GET", "/api/v1/keys?limit=2", admin)
    assert (status, len(page["items"])) == (200, 2)
    _, rest = await call("GET", f"/api/v1/keys?limit=2&cursor={page['next']}", admin)
    items = page["items"] + rest["items"]
    assert [item["prefix"] for item in items[1:]] == [one.prefix for one in made]
    assert [item["rate"] for item in items] == [None, 1, 2, 3]
    assert (items[1]["state"], items[1]["partner"], items[1]["last_used_at"]) == ("active", "ALPINA", None)
    assert items[0]["last_used_at"] is not None, "the admin's own, which asks"
    assert rest["next"] is None
    assert not any(one.token.split("_", 2)[2] in str(items) for one in made)


async def test_a_key_is_revoked_at_once(call: Call, admin: str, keys: ApiKeys) -> None:
    made = keys.create("shop", ["read"], partner="ALPINA")
    assert (await call("GET", "/api/v1/orders", made.token))[0] == 200
    with capture_logs() as logs:
        status, key = await call("POST", f"/api/v1/keys/{made.prefix}/revoke", admin)
    assert (status, key["state"]) == (200, "revoked")
    assert [(entry["prefix"], entry["actor"]) for entry in logs if entry["event"] == "key revoked"] == [
        (made.prefix, "demo")
    ]
    status, problem = await call("GET", "/api/v1/orders", made.token)
    assert (status, problem["detail"]) == (401, "the key is revoked")
    assert (await call("POST", "/api/v1/keys/abcdefghjk/revoke", admin))[0] == 404


@pytest.mark.parametrize("scopes", [["read", "submit", "operate"]])
async def test_only_an_admin_sees_keys_and_refusals(call: Call, keys: ApiKeys, scopes: list[str]) -> None:
    for partner in (None, "ALPINA"):
        token = keys.create("someone", scopes, partner=partner).token
        for method, path in (("GET", "keys"), ("GET", "audit/refusals"), ("POST", "keys/abcdefghjk/revoke")):
            assert (await call(method, f"/api/v1/{path}", token))[0] == 403


async def test_who_was_refused_what_is_counted_and_kept(
    call: Call, keys: ApiKeys, refusals: Callable[[], Awaitable[list[dict[str, Any]]]]
) -> None:
    """Bad keys by address, keys beyond their rights, and what a partner's key may have asked of another's."""
    shop = keys.create("shop", ["read"], partner="ALPINA")
    for number in range(3):
        await call("GET", f"/api/v1/orders/2026-ED-{number:06d}", shop.token)
        await call("GET", "/api/v1/orders", f"guess-{number}")
    await call("POST", "/api/v1/orders", shop.token, json={})
    await call("GET", "/api/v1/orders?limit=0", shop.token)
    await call("GET", "/api/v1/orders?api_key=secret-in-the-address", None)
    with capture_logs() as logs:
        beyond, bad, other = await refusals()
    assert (bad["code"], bad["calls"], bad["key"], bad["path"]) == ("auth.required", 4, "", "/api/v1/orders")
    assert bad["address"] == "127.0.0.1"
    assert (beyond["code"], beyond["key"], beyond["method"]) == ("auth.forbidden", shop.prefix, "POST")
    assert (other["code"], other["calls"], other["name"]) == ("not_found", 3, "shop")
    assert other["path"] == "/api/v1/orders/{number}", "the template: what was asked for is the caller's to choose"
    told = {entry["code"]: entry for entry in logs if entry["event"] == "calls refused"}
    assert told["validation.failed"]["kept"] is False
    assert (told["not_found"]["prefix"], told["not_found"]["calls"]) == (shop.prefix, 3)
    assert "secret-in-the-address" not in str(logs)
    assert [row["calls"] for row in await refusals()] == [1, 4, 3], "each is counted once"


async def test_what_is_nobodys_business_leaves_no_row(
    client: Client, call: Call, admin: str, refusals: Callable[[], Awaitable[list[dict[str, Any]]]]
) -> None:
    await call("GET", "/api/v1/orders/2026-ED-000001", admin)
    async with client.get("/wp-login.php") as response:
        assert response.status == 404
    assert await refusals() == []


async def test_a_key_has_a_rate_of_its_own(
    call: Call, keys: ApiKeys, refusals: Callable[[], Awaitable[list[dict[str, Any]]]]
) -> None:
    """200 calls at once and then one every 1,000 seconds for all; a key with 1 a second has its own 200 thousand."""
    shared = [keys.create(f"shop {number}", ["read"], partner="ALPINA").token for number in range(2)]
    own = keys.create("shop", ["read"], partner="ALPINA", rate=1).token
    for _ in range(100):
        assert {(await call("GET", "/api/v1/holds", token))[0] for token in shared} <= {200, 403}
    assert [(await call("GET", "/api/v1/holds", token))[0] for token in shared] == [429, 429]
    assert (await call("GET", "/api/v1/orders", own))[0] == 200
    limited = [row for row in await refusals() if row["code"] == "rate.limited"]
    assert [row["calls"] for row in limited] == [1, 1]


async def test_what_is_gathered_when_the_server_ends_is_kept(client: Client, call: Call, gateway: Gateway) -> None:
    await call("GET", "/api/v1/orders", "guess")
    await client.close()
    (row,) = gateway.operations.access_desk.refused(cursor=None, limit=10)["items"]
    assert (row["code"], row["calls"]) == ("auth.required", 1)
