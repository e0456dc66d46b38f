"""What a buyer says of the delivery, from the order to carrier and despatch advice (INT-18)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from core.fulfilment import requests
from core.fulfilment.advice import despatch_advice
from core.fulfilment.booking import BOOKING_SEND
from core.reporting import views
from core.store import timers
from gateway.authentication import ApiKeys
from gateway.home import console_secret
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway

Json = dict[str, Any]
Call = Callable[..., Awaitable[tuple[int, Any]]]
WISHES = ["ring before delivery", "tail lift needed"]
ORDER: Json = {
    "partner": "ALPINA",
    "buyer_reference": "PO-1",
    "transport_mode": "air",
    "delivery_terms": "DAP",
    "notes": WISHES,
    "override_reason": "a fair",
    "lines": [{"sku": "NL-1001", "quantity": "1"}],
}


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[TestClient[Any, Any]]:
    keys = ApiKeys(gateway.store, gateway.clock)
    settings = WebSettings(sandbox=True, loopback=True, secret=console_secret(gateway.home), poll_seconds=0.02)
    acts: Any = gateway.operations  # health, metrics and the clock belong to the running service
    async with TestClient(TestServer(build(WebParts(gateway.store, views, acts, keys, settings)))) as opened:
        yield opened


@pytest.fixture
def key(gateway: Gateway) -> str:
    return gateway.home.demo_key.read_text().strip()


async def test_mode_day_and_wishes_reach_carrier_and_despatch_advice(call: Call, gateway: Gateway, key: str) -> None:
    """INT-18: captured with the order, and told to those who deliver it."""
    status, order = await call("POST", "/api/v1/orders", key, json=ORDER)
    assert (status, order["state"]) == (201, "confirmed")
    gateway.timers.run_due()  # the partner's orders are packed and booked by themselves
    (booking,) = gateway.store.read(lambda tx: timers.due(tx, gateway.clock.now(), {BOOKING_SEND}, 10))
    request = requests.from_json(booking.payload["request"])
    assert (request.transport_mode, request.notes) == ("air", (*WISHES, "a fair"))
    assert request.deliver_on is not None
    assert request.deliver_on.isoformat() == order["lines"][0]["promised_date"]
    assert requests.from_json(requests.to_json(request)) == request
    advice = gateway.store.read(lambda tx: despatch_advice(tx, booking.subject_id))
    assert (advice.transport_mode, advice.delivery_terms, advice.expected_date) == ("air", "DAP", request.deliver_on)


@pytest.mark.parametrize(
    ("field", "pointer"),
    [("notes.1", "/notes/0"), ("notes.2", "/notes/1"), ("notes.3", "/override_reason"), ("transport_mode", None)],
)
async def test_each_wish_tells_where_it_was_said(call: Call, key: str, field: str, pointer: str | None) -> None:
    """INT-24."""
    _, order = await call("POST", "/api/v1/orders", key, json=ORDER)
    _, place = await call("GET", f"/api/v1/orders/{order['number']}/source/{field}", key)
    assert (place["verified"], place["pointer"]) == (True, pointer or f"/{field}")


async def test_wishes_of_a_draft_become_those_of_its_order(call: Call, key: str) -> None:
    """INT-18: before it is submitted."""
    _, draft = await call("POST", "/api/v1/drafts", key, json=ORDER)
    assert draft["content"]["notes"] == WISHES
    assert {"notes.1", "notes.2", "transport_mode"} <= draft["origins"].keys()
    _, order = await call("POST", f"/api/v1/drafts/{draft['id']}/submit", key)
    _, source = await call("GET", f"/api/v1/orders/{order['number']}/source", key)
    assert source["canonical"]["notes"] == [*WISHES, "a fair"]
