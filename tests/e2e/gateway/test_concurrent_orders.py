"""Many callers order at once, each on a socket of its own: every order gets a number, and no number is skipped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from core.audit.numbering import verify_proof
from core.clock import SystemClock
from core.reporting import views
from gateway.authentication import ApiKeys
from gateway.home import console_secret, init
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway, open_gateway


@pytest.fixture
def gateway(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    monkeypatch.setenv("ORDERGATE_DATABASE__URL", database_url)
    init(tmp_path / "home", SystemClock(), demo=True)
    opened = open_gateway(tmp_path / "home", "serve")
    yield opened
    opened.close()


@pytest.mark.parametrize("callers", [60, pytest.param(1000, marks=pytest.mark.chaos)])
async def test_concurrent_orders_get_consecutive_numbers(gateway: Gateway, callers: int) -> None:
    """NUM-01, NUM-02, NUM-05: the buyer's number is a reference; ours are 1..n without gap or double."""
    keys = ApiKeys(gateway.store, gateway.clock)
    settings = WebSettings(
        sandbox=True, loopback=True, secret=console_secret(gateway.home), rate=callers * 10, burst=callers * 10
    )
    acts: Any = gateway.operations  # health, metrics and the clock belong to the running service
    app = build(WebParts(gateway.store, views, acts, keys, settings))
    headers = {"Authorization": f"Bearer {gateway.home.demo_key.read_text().strip()}"}
    every = aiohttp.TCPConnector(limit=0, force_close=True)
    async with TestServer(app) as server, aiohttp.ClientSession(connector=every, headers=headers) as session:

        async def place(caller: int) -> str:
            lines = [{"sku": "NL-1001", "quantity": "1", "unit": "PCE", "price": "4.90"}]
            order = {"partner": "ALPINA", "buyer_reference": f"2026-SR-{caller:06d}", "lines": lines}
            async with session.post(server.make_url("/api/v1/orders"), json=order) as response:
                placed = await response.json()
                assert response.status == 201, placed
                assert placed["buyer_reference"] == order["buyer_reference"]
                return str(placed["number"])

        numbers = await asyncio.gather(*map(place, range(callers)))
        year = int(numbers[0][:4])
        async with session.get(server.make_url(f"/api/v1/numbering/{year}/SR/proof")) as response:
            proof = await response.json()
    assert sorted(numbers) == [f"{year}-SR-{serial:06d}" for serial in range(1, callers + 1)]
    assert [entry["number"] for entry in proof["entries"]] == sorted(numbers)
    assert verify_proof(proof)["ok"]
