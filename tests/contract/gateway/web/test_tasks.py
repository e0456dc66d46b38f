"""The endpoints of tasks over the real gateway: listed by role, done by who may."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from core.reporting import views
from core.tasks.desk import TaskDraft, open_task
from gateway.authentication import ApiKeys
from gateway.home import console_secret
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway, open_gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
def gateway(home: Path) -> Iterator[Gateway]:
    one = open_gateway(home, "serve")
    for subject, role in (("1", "sales_rep"), ("2", "finance")):
        asked = TaskDraft("confirmation.unseen", subject, role, "call the buyer")
        one.store.write(lambda tx, asked=asked: open_task(tx, asked, at=one.clock.now(), actor="rule:test"))
    yield one
    one.close()


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[TestClient[Any, Any]]:
    keys = ApiKeys(gateway.store, gateway.clock)
    settings = WebSettings(sandbox=True, loopback=True, secret=console_secret(gateway.home), poll_seconds=0.02)
    acts: Any = gateway.operations
    async with TestClient(TestServer(build(WebParts(gateway.store, views, acts, keys, settings)))) as opened:
        yield opened


@pytest.fixture
def key(gateway: Gateway) -> Callable[[str], str]:
    """Make the key of somebody who has one role."""
    issued = ApiKeys(gateway.store, gateway.clock)
    return lambda role: issued.create(f"the {role}", [], roles=[role]).token


async def test_each_sees_and_does_what_is_theirs(call: Call, key: Callable[[str], str]) -> None:
    """REV-11."""
    rep, money = key("sales_rep"), key("cfo")
    _, own = await call("GET", "/api/v1/tasks?mine=true", rep)
    (task,) = own["items"]
    assert (task["role"], task["state"], task["overdue"], task["order"]) == ("sales_rep", "open", False, None)
    assert len((await call("GET", "/api/v1/tasks", rep))[1]["items"]) == 2
    assert (await call("GET", "/api/v1/tasks?role=finance&mine=true", rep))[1]["items"] == []
    path = f"/api/v1/tasks/{task['id']}/done"
    status, refused = await call("POST", path, money, json={})
    assert (status, refused["code"], refused["inputs"]["role"]) == (403, "auth.forbidden", "sales_rep")
    status, done = await call("POST", path, rep, json={"reason": "they have it"})
    assert (status, done["state"], done["done_by"], done["reason"]) == (200, "done", "the sales_rep", "they have it")
    assert (await call("POST", path, rep, json={}))[0] == 409
    assert (await call("GET", "/api/v1/tasks?mine=true", rep))[1]["items"] == []
    assert len((await call("GET", "/api/v1/tasks?state=done", rep))[1]["items"]) == 1


async def test_what_is_asked_badly_is_refused(call: Call, key: Callable[[str], str]) -> None:
    token = key("operations")
    assert (await call("POST", "/api/v1/tasks/7/done", token, json={}))[0] == 404
    for query in ("state=gone", "kind=A%20B", "cursor=x", "role=%00", "limit=0"):
        status, problem = await call("GET", f"/api/v1/tasks?{query}", token)
        assert (status, problem["code"]) in ((422, "validation.failed"), (422, "value.refused")), query


async def test_a_question_goes_to_the_customer(call: Call, key: Callable[[str], str], gateway: Gateway) -> None:
    """REV-04: told with what is sent and with the task that waits; without such a hold it is refused."""
    rep = key("order_processor")
    house = gateway.home.demo_key.read_text().strip()
    line = {"sku": "NL-1001", "quantity": "1", "price": "999"}
    body = {"partner": "ALPINA", "buyer_reference": "PO-1", "currency": "EUR", "lines": [line]}
    status, order = await call("POST", "/api/v1/orders", house, json=body)
    assert status == 201, order
    path = f"/api/v1/orders/{order['number']}/questions"
    asked = {"code": "price.mismatch", "question": "Is 999 meant?"}
    status, told = await call("POST", path, rep, json=asked)
    assert (status, told["code"], told["question"]) == (201, "price.mismatch", "Is 999 meant?")
    _, page = await call("GET", "/api/v1/tasks?kind=customer.question", rep)
    assert [one["id"] for one in page["items"]] == [told["task"]]
    assert (await call("POST", path, rep, json=asked | {"code": "item.unknown"}))[0] == 409
    assert (await call("POST", path, rep, json=asked | {"question": ""}))[0] == 422
    assert (await call("POST", path, key("warehouse"), json=asked))[0] == 403
