"""What is another partner's is nobody's: every operation that a partner's key may call, on the real gateway."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import insert, select

from core.clock import SystemClock
from core.store.tables.master import partners
from core.store.tables.ordering import orders
from core.store.tables.returns import rmas
from gateway.authentication import ApiKeys
from gateway.home import init
from gateway.web.app import endpoints
from gateway.wiring import Gateway, open_gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]
LINES = [{"sku": "NL-1001", "quantity": "1"}]
#: what reaches the thing itself, where an empty body would not
BODIES: dict[str, dict[str, Any]] = {
    "change_order": {"lines": [{"line": 1, "quantity": "2"}]},
    "replace_draft": {"partner": "BUERO", "lines": LINES},
    "confirm_fields": {"fields": {"buyer_reference": None}},
    "replay_events": {"after": 0},
    "change_subscription": {"state": "paused"},
}
OPEN = [one for one in endpoints(with_sandbox=False) if one.scope not in (None, "admin") and not one.house_only]
#: deliveries are made by the running service; tests/contract/gateway/web/test_subscriptions.py has theirs
#: and maps of columns are each owner's own by name, so that another's cannot even be named
ELSEWHERE = ("{delivery}", "/import-maps/")
NAMED = [one for one in OPEN if "{" in one.path and not any(part in one.path for part in ELSEWHERE)]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    home = tmp_path_factory.mktemp("others") / "home"
    init(home, SystemClock(), demo=True)
    opened = open_gateway(home, "serve")
    row = {"id": 7, "code": "BUERO", "name": "B", "language": "en", "vip": False, "fulfilment": "manual"}
    row |= {"allow_auto": False, "tolerances": {}, "contact": {}}
    opened.store.write(lambda tx: tx.execute(insert(partners).values(**row)))
    columns = {"buyer_reference": "Order", "lines.sku": "Item", "lines.quantity": "Qty"}
    opened.operations.import_desk.put_map("std", {"columns": columns}, owner="", seen=None, actor="test")
    yield opened
    opened.imports.close()
    opened.close()


@pytest.fixture
def client(real_client: TestClient[Any, Any]) -> TestClient[Any, Any]:
    return real_client


@pytest.fixture
async def things(call: Call, gateway: Gateway, demo_key: str) -> dict[str, str]:
    """Where in the API something of ALPINA stands, by the first words of the path."""
    own = ApiKeys(gateway.store, gateway.clock).create("alpina", ["read", "submit", "operate"], partner="ALPINA").token
    _, order = await call("POST", "/api/v1/orders", own, json={"buyer_reference": "A-1", "lines": LINES})
    _, draft = await call("POST", "/api/v1/drafts", own, json={"buyer_reference": "A-2", "lines": LINES})
    template = {"name": "weekly", "partner": "ALPINA", "content": {"lines": LINES}}
    _, template = await call("POST", "/api/v1/order-templates", demo_key, json=template)
    wanted = {"name": "shop", "url": "https://93.184.215.14/events", "events": ["order.*"]}
    _, subscription = await call("POST", "/api/v1/subscriptions", own, json=wanted)
    _, change = await call("POST", f"/api/v1/orders/{order['number']}/changes", own, json=BODIES["change_order"])
    _, documents = await call("GET", f"/api/v1/orders/{order['number']}/documents", own)
    _, changes = await call("GET", f"/api/v1/orders/{order['number']}/changes", own)
    assert change["number"] == order["number"]
    table = b"Order;Item;Qty\nA-3;NL-1001;1\n"
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "theirs"}
    status, sent = await call("POST", "/api/v1/imports?map=std&filename=a.csv", own, data=table, headers=headers)
    assert status == 202, sent
    return {
        "orders": order["number"],
        "changes": changes["items"][0]["id"],
        "drafts": draft["id"],
        "imports": sent["id"],
        "order-templates": template["id"],
        "documents": documents["items"][0]["id"],
        "subscriptions": subscription["id"],
        "rmas": _rma(gateway, order["number"]),
        "partners": "ALPINA",
    }


def _rma(gateway: Gateway, number: str) -> str:
    """Keep a request to send goods back, which an order has to be delivered for."""
    row = {"number": "RMA-2025-000001", "state": "authorised", "reason": "late", "words": "", "requested_by": "x"}
    row |= {"decided_by": "x", "because": "x", "inputs": {}, "rule_version": "1"}

    def work(tx: Any) -> None:
        order = tx.execute(select(orders.c.id, orders.c.partner_id).where(orders.c.number == number)).one()
        made = {"id": tx.ids.next(), "order_id": order.id, "partner_id": order.partner_id}
        tx.execute(insert(rmas).values(**row, **made, requested_at=gateway.clock.now()))

    gateway.store.write(work)
    return row["number"]  # type: ignore[return-value] # a text among others


def filled(path: str, things: dict[str, str]) -> str:
    """Return *path* with the names of *things* in their places."""
    words = path.removeprefix("/api/v1/").split("/")
    for place, word in enumerate(words):
        if word.startswith("{"):
            known = {"{line}": "1", "{field}": "buyer_reference"}
            words[place] = known.get(word) or things[words[place - 1]]
    return "/api/v1/" + "/".join(words)


async def test_nobody_can_tell_anothers_from_what_is_not_there(
    client: TestClient[Any, Any], call: Call, gateway: Gateway, demo_key: str, things: dict[str, str]
) -> None:
    """API keys: an id of another partner in the path is 404, word for word as one that nobody has."""
    stranger = ApiKeys(gateway.store, gateway.clock).create("b", ["read", "submit", "operate"], partner="BUERO").token
    headers = {"Authorization": f"Bearer {stranger}", "If-Match": "*"}
    nothing = dict.fromkeys(things, "999999")
    nothing |= {"orders": "2025-SR-999999", "partners": "NOBODY", "rmas": "RMA-2025-999999"}

    async def answer(method: str, path: str, names: dict[str, str], body: Any) -> tuple[int, str]:
        given = {} if method == "GET" else {"json": body}
        async with client.request(method, filled(path, names), headers=headers, **given) as response:
            told = re.sub(r'"instance":"[^"]*"', "", await response.text())  # names the request itself
        for name in sorted(names.values(), key=len, reverse=True):
            told = told.replace(str(name), "ID")
        return response.status, told

    reached, apart = set(), {}
    for endpoint in NAMED:
        body = BODIES.get(endpoint.name, {})
        theirs = await answer(endpoint.method, endpoint.path, things, body)
        nobodys = await answer(endpoint.method, endpoint.path, nothing, body)
        if theirs != nobodys or theirs[0] not in (403, 404):
            apart[endpoint.name] = (theirs, nobodys)
        reached.add(endpoint.path.split("/")[3])
    assert apart == {}
    assert reached == {
        "orders",
        "drafts",
        "order-templates",
        "documents",
        "subscriptions",
        "rmas",
        "partners",
        "imports",
    }
    _, page = await call("GET", "/api/v1/orders?partner=ALPINA", demo_key)
    assert {order["state"] for order in page["items"]} == {"confirmed"}, "theirs is as it was"
    _, page = await call("GET", "/api/v1/drafts", demo_key)
    assert {draft["state"] for draft in page["items"]} == {"open"}
    _, page = await call("GET", "/api/v1/subscriptions", demo_key)
    assert {one["state"] for one in page["items"]} == {"active"}
