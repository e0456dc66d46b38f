"""Secrets are shown once and stand nowhere else: not in the database, in answers, in logs or in a representation."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from structlog.testing import capture_logs

from adapters.commerce.shopify.adapter import ADAPTER as SHOPIFY
from core.clock import SystemClock
from core.storefront import StoreAccess
from gateway.authentication import ApiKeys
from gateway.home import console_secret, event_key, init
from gateway.shops.calls import Shop
from gateway.web.app import endpoints
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway, open_gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]
WANTED = {"name": "shop", "url": "https://93.184.215.14/events", "events": ["order.*"]}


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    init(tmp_path / "home", SystemClock(), demo=True)
    one = open_gateway(tmp_path / "home", "serve")
    yield one
    one.close()


@pytest.fixture
def client(real_client: TestClient[Any, Any]) -> TestClient[Any, Any]:
    return real_client


async def test_what_opens_stands_in_no_database_answer_or_log(
    client: TestClient[Any, Any], call: Call, gateway: Gateway, demo_key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        key = ApiKeys(gateway.store, gateway.clock).create("alpina", ["read", "submit"], partner="ALPINA")
        headers = {"Idempotency-Key": "once"}
        _, made = await call("POST", "/api/v1/subscriptions", demo_key, json=WANTED, headers=headers)
        _, rotated = await call("POST", f"/api/v1/subscriptions/{made['id']}/rotate", demo_key, json={})
        _, again = await call("POST", "/api/v1/subscriptions", demo_key, json=WANTED, headers=headers)
        order = {"buyer_reference": "S-1", "lines": [{"sku": "NL-1001", "quantity": "1"}]}
        await call("POST", "/api/v1/orders", key.token, json=order)
        await call("GET", "/api/v1/keys", key.token)
        answers = []
        for endpoint in endpoints(with_sandbox=False):
            if endpoint.method == "GET" and "{" not in endpoint.path and not endpoint.streams:
                bearer = {"Authorization": f"Bearer {demo_key}"}
                async with client.get(endpoint.path, headers=bearer) as response:
                    answers.append(await response.text())
    assert len(answers) > 20
    assert again["secret"] == "", "the first answer again, without what is shown once"
    # Backups and exports are copies of these files.
    stored = b"".join(path.read_bytes() for path in gateway.home.root.glob("ordergate.db*"))
    assert b"alpina" in stored, "what is looked through is the database"
    said = "\n".join(answers) + caplog.text + repr(logs)
    keys = [secret.split("_", 2)[2] for secret in (key.token, demo_key)]
    for words in (*keys, *(secret.removeprefix("whsec_") for secret in (made["secret"], rotated["secret"]))):
        assert len(words) >= 30
        assert words.encode() not in stored
        assert words not in said
    for content in (console_secret(gateway.home), event_key(gateway.home, "")):
        assert content not in stored
        assert content.hex().encode() not in stored


def test_no_representation_shows_a_secret(gateway: Gateway) -> None:
    """Tracebacks and debuggers print them."""
    key = ApiKeys(gateway.store, gateway.clock).create("shop", ["read"])
    access = StoreAccess("north", ("whsec_one", "whsec_two"), {})
    shop = Shop(SHOPIFY, access, "https://north.example.com", "shpat_token")
    shown = repr([key, access, shop, WebSettings(sandbox=False, loopback=True, secret=b"console-secret")])
    assert key.prefix in shown
    for secret in (key.token, "whsec_one", "whsec_two", "shpat_token", "console-secret"):
        assert secret not in shown
