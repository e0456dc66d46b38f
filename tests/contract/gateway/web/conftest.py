"""The API over a gateway in memory; every JSON answer is held against the OpenAPI document it promises."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from pydantic import TypeAdapter

from core.reporting import views
from gateway.authentication import ApiKeys
from gateway.home import console_secret
from gateway.web.app import WebParts, build, endpoints, wake
from gateway.web.ports import Principal
from gateway.web.problems import MEDIA_TYPE
from gateway.web.settings import WebSettings
from gateway.web.shapes.common import ProblemShape
from gateway.web.testing import MemoryGateway
from gateway.wiring import Gateway, open_gateway

Json = dict[str, Any]
NOW = datetime(2025, 11, 22, 8, 15, 2, tzinfo=UTC)

ORDER: Json = {
    "partner": "NORDHAUS",
    "buyer_reference": "PO-1",
    "currency": "EUR",
    "lines": [{"sku": "LAMP-001", "quantity": "24", "unit": "PCE", "price": "12.50"}],
}
HOLD: Json = {
    "code": "price.mismatch",
    "stage": "confirm",
    "line": 1,
    "reason": "13.25 asked, 12.50 agreed",
    "inputs": {"sent": "13.25"},
    "rule": "price.tolerance",
    "rule_version": "1",
    "release_role": "sales_manager",
    "release_when": "a corrected price",
}
DOCUMENT: Json = {
    "id": "d1",
    "source_id": "s1",
    "direction": "in",
    "type": "ORDERS",
    "version": "D.96A",
    "partner": "NORDHAUS",
    "control_reference": "R1",
    "outcome": "accepted",
    "reason": None,
    "orders": ["2025-SR-000001"],
    "received_at": "2025-11-22T08:15:02.000000Z",
    "guide": {"name": "nordhaus", "fingerprint": "ab" * 32},
    "replies": [{"id": "d2", "type": "CONTRL", "direction": "out", "control_reference": "O1"}],
    "source": {"sha256": "cd" * 32, "size": 17, "channel": "ED", "transport": "folder", "origin": "orders.edi"},
    "violations": [
        {
            "code": "edifact.code_unknown",
            "severity": "warning",
            "level": "component",
            "segment": 12,
            "tag": "QTY",
            "element": 1,
            "component": 3,
            "offset": 210,
            "value": "PCE",
            "message": "PCE is not in the list",
            "hint": "",
        }
    ],
}

KEYS = {
    "admin": Principal("root", frozenset({"admin"})),
    "read": Principal("reader", frozenset({"read"})),
    "submit": Principal("sender", frozenset({"submit"})),
    "operate": Principal("operator", frozenset({"operate"})),
    "partner": Principal("nordhaus", frozenset({"read", "submit", "operate"}), "NORDHAUS"),
    "other": Principal("suedhaus", frozenset({"read", "submit", "operate"}), "SUEDHAUS"),
}

Call = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
def memory() -> MemoryGateway:
    gateway = MemoryGateway(NOW)
    gateway.keys.update(KEYS)
    gateway.add_document(DOCUMENT, b"UNB+...'\n<script>")
    gateway.add_document(
        {
            **DOCUMENT,
            "id": "d2",
            "type": "CONTRL",
            "direction": "out",
            "outcome": None,
            "source": None,
            "violations": [],
            "replies": [],
        },
        b"",
    )
    gateway.lists = {
        "partners": [
            {"code": "NORDHAUS", "name": "Nordhaus GmbH", "gln": "4012345000009"},
            {"code": "SUEDHAUS", "name": "S"},
        ],
        "items": [{"sku": "LAMP-001", "gtin": None, "description": "Desk lamp", "unit": "C62"}],
        "stock": [
            {
                "sku": "LAMP-001",
                "warehouse": "W1",
                "on_hand": "10",
                "reserved": "2",
                "available": "8",
                "status": "ample",
            }
        ],
        "shipments": [{"number": "S1", "order": "2025-SR-000001", "state": "booked"}],
        "invoices": [{"number": "I1", "order": "2025-SR-000001", "total": "300.00", "currency": "EUR"}],
    }
    return gateway


@pytest.fixture
async def client(memory: MemoryGateway) -> AsyncIterator[TestClient[Any, Any]]:
    settings = WebSettings(
        sandbox=True,
        loopback=True,
        secret=b"s" * 32,
        poll_seconds=0.02,
        heartbeat_seconds=0.2,
        burst=200,
    )
    app = build(WebParts(memory, memory, memory, memory, settings))
    memory.woken = lambda: wake(app)
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def hold_against_contract(response: ClientResponse) -> Any:
    """Return the JSON of *response* after checking that the endpoint's contract promises it."""
    method, path = response.method, response.url.path
    if response.status >= 400:
        assert response.content_type == MEDIA_TYPE
        problem = await response.json(content_type=MEDIA_TYPE)
        ProblemShape.model_validate(problem)
        assert problem["status"] == response.status
        return problem
    told = next(
        endpoint
        for endpoint in endpoints(with_sandbox=True)
        if endpoint.method == method and _fits(endpoint.path, path) and response.status in endpoint.answers
    )
    promised = told.answers[response.status]
    shapes = promised if isinstance(promised, tuple) else (promised,)
    as_json = response.content_type == "application/json"
    shape = next((one for one in shapes if isinstance(one, str) != as_json), shapes[0])
    if isinstance(shape, str):
        assert response.content_type == shape
        return await response.read()
    return (
        TypeAdapter(shape)
        .validate_json(await response.read())
        .model_dump(mode="json", exclude_unset=True, by_alias=True)
    )


def _fits(template: str, path: str) -> bool:
    ours, theirs = template.split("/"), path.split("/")
    return len(ours) == len(theirs) and all(
        part.startswith("{") or part == given for part, given in zip(ours, theirs, strict=True)
    )


@pytest.fixture
def call(client: TestClient[Any, Any]) -> Call:
    """Call an endpoint as the holder of a key; return the status and the checked answer."""

    async def ask(method: str, path: str, key: str | None = "admin", **request: Any) -> tuple[int, Any]:
        headers = {**({"Authorization": f"Bearer {key}"} if key else {}), **request.pop("headers", {})}
        async with client.request(method, path, headers=headers, **request) as response:
            return response.status, await hold_against_contract(response)

    return ask


@pytest.fixture
async def held(call: Call, memory: MemoryGateway) -> str:
    """The number of an order with one hold."""
    _, order = await call("POST", "/api/v1/orders", json=ORDER)
    memory.orders_by_number[order["number"]].update(state="in_review", holds=[dict(HOLD)])
    return str(order["number"])


@pytest.fixture
def gateway(home: Path) -> Iterator[Gateway]:
    """The gateway of a demonstration home, built as ``serve`` builds it; a module may have its own."""
    opened = open_gateway(home, "serve")
    yield opened
    opened.close()


@pytest.fixture
async def real_client(gateway: Gateway) -> AsyncIterator[TestClient[Any, Any]]:
    """The API over the real gateway."""
    keys = ApiKeys(gateway.store, gateway.clock)
    settings = WebSettings(sandbox=True, loopback=True, secret=console_secret(gateway.home), poll_seconds=0.02)
    acts: Any = gateway.operations  # health, metrics and the clock belong to the running service
    async with TestClient(TestServer(build(WebParts(gateway.store, views, acts, keys, settings)))) as opened:
        yield opened


@pytest.fixture
def demo_key(gateway: Gateway) -> str:
    """The key of the demonstration, which may do everything."""
    return gateway.home.demo_key.read_text().strip()
