"""The door of webhooks over HTTP: no key, one answer for every stranger, and a limit for who guesses."""

from __future__ import annotations

import io
from typing import Any

from aiohttp.test_utils import TestClient

BODY = b'{"id": 41}'
SIGNED = {"X-Signed": "yes", "Content-Type": "application/json"}


async def test_a_webhook_needs_a_signature_and_no_key(client: TestClient[Any, Any]) -> None:
    kept = await client.post("/hooks/shopify/main", data=BODY, headers=SIGNED)
    assert (kept.status, await kept.json()) == (202, {"taken": "kept"})
    again = await client.post("/hooks/shopify/main", data=BODY, headers=SIGNED)
    assert (again.status, await again.json()) == (200, {"taken": "repeated"})


async def test_who_guesses_is_refused_and_then_kept_waiting(client: TestClient[Any, Any]) -> None:
    """A wrong signature is counted like a wrong key."""
    said = [await client.post("/hooks/shopify/main", data=BODY) for _ in range(40)]
    assert [one.status for one in said] == [401] * 30 + [429] * 10
    assert (await said[0].json())["code"] == "hook.signature"
    assert said[-1].headers["Retry-After"]
    taken = await client.post("/hooks/shopify/main", data=BODY, headers=SIGNED)
    assert taken.status == 202, "a shop behind the same address is served all the same"


async def test_a_body_beyond_the_limit_is_refused_before_it_is_read(client: TestClient[Any, Any]) -> None:
    said = await client.post("/hooks/shopify/main", data=io.BytesIO(b"x" * (4 * 1024 * 1024 + 1)), headers=SIGNED)
    assert said.status == 413


async def test_deliveries_are_listed_looked_at_and_tried_again(client: TestClient[Any, Any], call: Any) -> None:
    path = "/api/v1/shops/deliveries"
    status, page = await call("GET", f"{path}?state=failed&store=main")
    assert (status, [one["id"] for one in page["items"]]) == (200, ["1"])
    assert (await call("GET", f"{path}?state=done"))[1]["items"] == []
    assert (await call("GET", f"{path}?state=lost"))[0] == 422
    assert (await call("GET", f"{path}/1"))[1]["problem"]["code"] == "shop.value_missing"
    assert (await call("GET", f"{path}/2"))[0] == 404
    assert (await call("POST", f"{path}/1/retry", json={}))[0] == 422
    status, queued = await call("POST", f"{path}/1/retry", json={"reason": "mended"})
    assert (status, queued["state"]) == (202, "queued")
    assert (await call("POST", f"{path}/1/retry", json={"reason": "mended"}))[0] == 409
