"""Every cell of the permission matrix, asked through the API: role x operation (ROL-07)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

import core.roles.matrix
from core.roles.hiding import HIDDEN
from gateway.web.app import WebParts, build, endpoints
from gateway.web.contract import Endpoint
from gateway.web.ports import Principal
from gateway.web.settings import WebSettings
from gateway.web.testing import MemoryGateway

MATRIX = tomllib.loads(Path(core.roles.matrix.__file__).with_name("matrix.toml").read_text(encoding="utf-8"))
ROLES = sorted(MATRIX["acts_for"])
OPERATIONS = {one.name: one for one in endpoints(with_sandbox=True) if one.scope is not None}
ORDER = {"partner": "NORDHAUS", "buyer_reference": "PO-1", "lines": [{"sku": "LAMP-001", "quantity": "1"}]}

Web = TestClient[Any, Any]
Call = Callable[..., Awaitable[tuple[int, Any]]]


def key(role: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {role}"}


def principal(role: str) -> Principal:
    return Principal(role, frozenset({"admin"}), roles=frozenset({role}))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def web() -> AsyncIterator[Web]:
    """The API over a gateway in memory that holds nothing; one key a role, each with every scope."""
    gateway = MemoryGateway(datetime(2026, 3, 2, tzinfo=UTC))
    gateway.keys.update({role: principal(role) for role in ROLES})
    settings = WebSettings(sandbox=True, loopback=True, secret=b"s" * 32, rate=1e6, burst=100_000)
    app = build(WebParts(gateway, gateway, gateway, gateway, settings))
    async with TestClient(TestServer(app)) as client:
        yield client


def allowed(role: str, endpoint: Endpoint) -> bool:
    """Return what the file says, read without the product."""
    everyone = ["*"] if endpoint.scope == "read" else []
    roles = MATRIX["operations"].get(endpoint.name, everyone)
    return role == "admin" or role in roles or "*" in roles


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("operation", OPERATIONS)
async def test_each_role_calls_an_operation(web: Web, operation: str) -> None:
    """ROL-07: every cell. Who may call it gets on to its other rules; who may not is told who may."""
    endpoint = OPERATIONS[operation]
    path = re.sub(r"{\w+}", "1", endpoint.path)
    for role in ROLES:
        async with web.request(endpoint.method, path, headers=key(role)) as answer:
            status = answer.status
            if allowed(role, endpoint):
                assert status != 403, role
                continue
            problem = await answer.json()
        assert (status, problem["code"]) == (403, "auth.forbidden"), role
        assert problem["inputs"]["operation"] == operation, role
        assert role not in problem["inputs"]["roles"]
        assert "admin" in problem["inputs"]["roles"], role


def test_every_operation_that_acts_is_in_the_matrix() -> None:
    """ROL-07: a new one belongs to somebody; and what the matrix lists exists."""
    acting = {name for name, endpoint in OPERATIONS.items() if endpoint.scope != "read"}
    assert acting - set(MATRIX["operations"]) == set(), "name in core/roles/matrix.toml who may"
    assert set(MATRIX["operations"]) - set(OPERATIONS) == set()


async def test_a_type_of_order_needs_its_role(call: Call, memory: MemoryGateway) -> None:
    """INT-03, INT-13: 403 for a type that is not permitted, 201 for one that is."""
    for role in ("sales_rep", "customer_service"):
        memory.keys[role] = principal(role)
    sample = ORDER | {"type": "sample"}
    status, problem = await call("POST", "/api/v1/orders", "customer_service", json=sample)
    assert (status, problem["code"], problem["inputs"]) == (403, "auth.forbidden", {"type": "sample"})
    assert (await call("POST", "/api/v1/orders", "customer_service", json=ORDER))[0] == 201
    sample |= {"buyer_reference": "PO-2"}
    assert (await call("POST", "/api/v1/orders", "sales_rep", json=sample))[0] == 201


async def test_a_hold_is_released_by_its_role_or_one_above(call: Call, memory: MemoryGateway, held: str) -> None:
    """ROL-05: the hold waits for a sales manager."""
    for role in ("order_processor", "cfo", "sales_director"):
        memory.keys[role] = principal(role)
    path = f"/api/v1/orders/{held}/release"
    for role in ("order_processor", "cfo"):
        status, problem = await call("POST", path, role, json={})
        assert (status, problem["code"]) == (403, "auth.forbidden")
        assert "sales_manager" in problem["detail"]
    assert (await call("POST", path, "sales_director", json={}))[1]["state"] == "confirmed"


async def test_credit_is_shown_to_those_who_see_it(call: Call, memory: MemoryGateway, held: str) -> None:
    """ROL-09, RPT-13: in an order, and in the holds that a conflict tells."""
    hold = memory.orders_by_number[held]["holds"][0]
    hold |= {"code": "credit.limit", "reason": "100.00 over the limit of 1000.00", "inputs": {"limit": "1000.00"}}
    for role in ("sales_manager", "finance", "order_processor"):
        memory.keys[role] = principal(role)
    readers = ("admin", "read", "finance", "sales_manager", "order_processor")
    shown = {role: (await call("GET", f"/api/v1/orders/{held}", role))[1]["holds"][0] for role in readers}
    for role in ("admin", "read", "finance"):  # the first two are keys without roles
        assert (shown[role]["reason"], shown[role]["inputs"]) == (hold["reason"], hold["inputs"]), role
    for role in ("sales_manager", "order_processor"):
        assert (shown[role]["reason"], shown[role]["inputs"]) == (HIDDEN, {}), role
        assert shown[role]["code"] == "credit.limit"
    status, problem = await call("POST", f"/api/v1/orders/{held}/confirm", "order_processor", json={})
    assert (status, problem["holds"][0]["reason"]) == (409, HIDDEN)
