"""Drafts over the real gateway: filled in step by step, checked at any time, and an order once they are complete."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from core.reporting import views
from core.review.rulebook import read_rulebook
from core.store import timers
from core.store.rulebooks import put_in_force
from gateway.authentication import ApiKeys
from gateway.home import console_secret
from gateway.web.app import WebParts, build
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway

Json = dict[str, Any]
Call = Callable[..., Awaitable[tuple[int, Any]]]
VIENNA = "9009876000023"
COMPLETE: Json = {
    "partner": "ALPINA",
    "buyer_reference": "API-1",
    "ship_to": {"gln": VIENNA},
    "lines": [{"gtin": "4012345010015", "quantity": "10"}],
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


def at_version(version: int | str) -> dict[str, dict[str, str]]:
    return {"headers": {"If-Match": f'"{version}"'}}


def places(checks: Json) -> list[tuple[str, str]]:
    return sorted((one["pointer"], one["code"]) for one in checks["violations"])


async def test_a_draft_is_no_order(call: Call, key: str) -> None:
    """It has no number and takes no stock, whatever it says."""
    _, before = await call("GET", "/api/v1/stock?sku=NL-1001", key)
    status, draft = await call("POST", "/api/v1/drafts", key, json=COMPLETE)
    assert (status, draft["state"], draft["order"], draft["version"]) == (201, "open", None, 1)
    assert draft["content"] == COMPLETE
    assert (await call("GET", "/api/v1/orders", key))[1]["items"] == []
    assert (await call("GET", "/api/v1/stock?sku=NL-1001", key))[1] == before


async def test_a_line_of_item_and_quantity_has_price_and_availability(call: Call, key: str) -> None:
    """INT-16: price with its source, quantity available and the day, as the price and stock pages tell them."""
    lines = [{"sku": "NL-1001", "quantity": "10"}, {"sku": "NL-1001", "quantity": "4"}]
    _, draft = await call("POST", "/api/v1/drafts", key, json={"partner": "ALPINA", "lines": lines})
    _, stock = await call("GET", "/api/v1/stock?sku=NL-1001", key)
    free = sum(float(row["available"]) for row in stock["items"])
    _, checks = await call("GET", f"/api/v1/drafts/{draft['id']}/checks", key)
    one, two = checks["outlook"]["lines"]
    _, priced = await call("GET", "/api/v1/price?partner=ALPINA&sku=NL-1001&quantity=10", key)
    assert (one["price"], one["price_source"]) == (priced["price"], priced["level"])
    assert (float(one["available"]), float(two["available"])) == (free, free - 10)
    assert one["date"] == two["date"]
    assert one["date"] is not None


async def test_a_line_that_is_short_tells_what_there_is(call: Call, key: str) -> None:
    """INT-16: no day is promised for what no supply is known of."""
    lines = [{"sku": "NL-1001", "quantity": "2000000"}]
    _, draft = await call("POST", "/api/v1/drafts", key, json={"partner": "ALPINA", "lines": lines})
    _, checks = await call("GET", f"/api/v1/drafts/{draft['id']}/checks", key)
    (line,) = checks["outlook"]["lines"]
    assert (line["date"], float(line["available"]) > 0) == (None, True)
    assert "stock.short" in {hold["code"] for hold in checks["outlook"]["holds"]}


async def test_everything_that_is_wrong_is_told_at_once(call: Call, key: str) -> None:
    """INT-19: the form's faults and those of the review together, and the lines that can be told all the same."""
    content = {
        "partner": "ALPINA",
        "currency": "euro",
        "requested_date": "tomorrow",
        "ship_to": {"gln": "12"},
        "buyer": {"phone": "none"},
        "lines": [
            {"sku": "NL-1001"},
            {"sku": "NL-1001", "quantity": "3"},
            {"gtin": "4012345010016", "quantity": "1"},
            {"sku": "A", "gtin": "40123450", "quantity": "many"},
        ],
    }
    _, draft = await call("POST", "/api/v1/drafts", key, json=content)
    status, checks = await call("GET", f"/api/v1/drafts/{draft['id']}/checks", key)
    assert (status, checks["complete"]) == (200, False)
    assert places(checks) == [
        ("/buyer/phone", "phone.format"),
        ("/buyer_reference", "missing"),
        ("/currency", "string_pattern_mismatch"),
        ("/lines/0/quantity", "missing"),
        ("/lines/2/gtin", "gtin.check_digit"),
        ("/lines/3/quantity", "value_error"),
        ("/requested_date", "value_error"),
        ("/ship_to/gln", "string_pattern_mismatch"),
    ]
    assert [line["line"] for line in checks["outlook"]["lines"]] == [2, 3]
    status, problem = await call("POST", f"/api/v1/drafts/{draft['id']}/submit", key)
    assert (status, problem["code"], places(problem)) == (422, "validation.failed", places(checks))
    assert (await call("GET", f"/api/v1/drafts/{draft['id']}", key))[1]["state"] == "open"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({}, {"/buyer_reference", "/lines", "/partner"}),
        ({"partner": "NOBODY"}, {"/buyer_reference", "/lines", "/partner"}),
        ({**COMPLETE, "partner": "", "buyer": {"tax_id": "DE136695976"}}, {"/buyer/tax_id"}),
        ({**COMPLETE, "lines": []}, {"/lines"}),
        ({**COMPLETE, "lines": [{}]}, {"/lines/0/quantity"}),
        ({**COMPLETE, "ship_to": {"code": "W"}}, {"/ship_to/code"}),
    ],
)
async def test_what_lacks_is_told_by_its_place(call: Call, key: str, content: Json, expected: set[str]) -> None:
    _, draft = await call("POST", "/api/v1/drafts", key, json=content)
    status, checks = await call("GET", f"/api/v1/drafts/{draft['id']}/checks", key)
    assert status == 200
    assert expected <= {one["pointer"] for one in checks["violations"]}


async def test_a_complete_draft_becomes_an_order_once(call: Call, key: str, gateway: Gateway) -> None:
    """INT-19, INT-03, ORD-02: it gets its number and goes into review; submitted again it gives the same order."""
    clerk = ApiKeys(gateway.store, gateway.clock).create("kim", set(), roles=["sales_rep"]).token
    _, draft = await call("POST", "/api/v1/drafts", key, json={"lines": COMPLETE["lines"]})
    path = f"/api/v1/drafts/{draft['id']}"
    status, changed = await call("PUT", path, clerk, json=COMPLETE, **at_version(1))
    assert (status, changed["version"]) == (200, 2)
    assert (await call("GET", f"{path}/checks", clerk))[1]["complete"] is True
    answers = [await call("POST", f"{path}/submit", clerk) for _ in range(2)]
    assert answers[0] == answers[1]
    status, order = answers[0]
    assert (status, order["channel"], order["state"]) == (201, "SR", "confirmed")
    _, life = await call("GET", f"/api/v1/orders/{order['number']}/timeline", key)
    assert [(one["event"], one["actor"]) for one in life["events"]][:2] == [
        ("order.received", "kim"), ("order.checked", "rule:review"),
    ]  # fmt: skip
    status, closed = await call("GET", path, key)
    assert (closed["state"], closed["order"], closed["expires_at"]) == ("submitted", order["number"], None)
    status, problem = await call("PUT", path, key, json=COMPLETE, **at_version(2))
    assert (status, problem["code"]) == (409, "state.conflict")
    assert (await call("GET", "/api/v1/drafts", key))[1]["items"] == []
    assert (closed.pop("paper"), closed.pop("question")) == (None, None)
    assert (await call("GET", "/api/v1/drafts?state=submitted", key))[1]["items"] == [closed]
    _, place = await call("GET", f"/api/v1/orders/{order['number']}/source/lines.1.gtin", key)
    assert (place["verified"], place["text"]) == (True, "4012345010015")


async def test_each_field_tells_where_it_came_from(call: Call, key: str, gateway: Gateway) -> None:
    """INT-24: who typed it; what the master data fills in is marked as derived."""
    clerk = ApiKeys(gateway.store, gateway.clock).create("kim", set(), roles=["sales_rep"]).token
    _, draft = await call("POST", "/api/v1/drafts", key, json=COMPLETE)
    lines = [{"gtin": "4012345010015", "quantity": "12"}]
    _, changed = await call(
        "PUT", f"/api/v1/drafts/{draft['id']}", clerk, json={**COMPLETE, "lines": lines}, **at_version(1)
    )
    by = {path: one["by"] for path, one in changed["origins"].items()}
    first = draft["entered_by"]
    assert by == {
        "partner": first, "buyer_reference": first, "ship_to.gln": first, "lines.1.gtin": first,
        "lines.1.quantity": "kim",
    }  # fmt: skip
    _, checks = await call("GET", f"/api/v1/drafts/{draft['id']}/checks", key)
    (customer,) = (one for one in checks["outlook"]["checks"] if one["group"] == "customer")
    origins = {one["field"]: one["origin"] for one in customer["fields"]}
    assert (origins["buyer_reference"], origins["ship_to.street"]) == ("received", "derived")


async def test_a_draft_is_changed_at_the_version_that_was_read(call: Call, client: Any, key: str) -> None:
    _, draft = await call("POST", "/api/v1/drafts", key, json=COMPLETE)
    path = f"/api/v1/drafts/{draft['id']}"
    assert (await call("PUT", path, key, json=COMPLETE))[0] == 428
    assert (await call("PUT", path, key, json=COMPLETE, **at_version(2)))[0] == 412
    assert (await call("PUT", path, key, json=COMPLETE, **at_version(1)))[0] == 200
    headers = {"Authorization": f"Bearer {key}"}
    async with client.get(path, headers=headers) as answer:
        assert answer.headers["ETag"] == '"2"'
    async with client.delete(path, headers={**headers, "If-Match": '"1"'}) as answer:
        assert answer.status == 412
    async with client.delete(path, headers={**headers, "If-Match": '"2"'}) as answer:
        assert answer.status == 204
    assert (await call("GET", path, key))[0] == 404


async def test_a_partner_sees_its_own_drafts_alone(call: Call, key: str, gateway: Gateway) -> None:
    keys = ApiKeys(gateway.store, gateway.clock)
    own = keys.create("alpina", {"read", "submit"}, partner="ALPINA").token
    assert (await call("POST", "/api/v1/drafts", own, json={"partner": "OTHER"}))[0] == 403
    _, mine = await call("POST", "/api/v1/drafts", own, json={"buyer_reference": "PO-1"})
    _, other = await call("POST", "/api/v1/drafts", key, json={"buyer_reference": "PO-2"})
    assert mine["partner"] == "ALPINA"
    assert (await call("GET", "/api/v1/drafts", own))[1]["items"] == [mine]
    assert (await call("GET", "/api/v1/drafts?mine=true", key))[1]["items"] == [other]
    for path in ("", "/checks"):
        assert (await call("GET", f"/api/v1/drafts/{other['id']}{path}", own))[0] == 404
    assert (await call("POST", f"/api/v1/drafts/{other['id']}/submit", own))[0] == 404


async def test_the_role_decides_which_type_a_draft_may_become(call: Call, gateway: Gateway) -> None:
    """INT-13: as for `POST /orders`."""
    keys = ApiKeys(gateway.store, gateway.clock)
    service = keys.create("kim", set(), roles=["customer_service"]).token
    _, draft = await call("POST", "/api/v1/drafts", service, json={**COMPLETE, "type": "sample"})
    status, problem = await call("POST", f"/api/v1/drafts/{draft['id']}/submit", service)
    assert (status, problem["inputs"]) == (403, {"type": "sample"})


@pytest.mark.parametrize("days", [3, 30])
async def test_a_draft_that_nobody_changes_is_removed(
    call: Call, key: str, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """The days are rules; a second before their end it is there."""
    book = read_rulebook({"entry": {"draft_days": days}})
    gateway.store.write(lambda tx: put_in_force(tx, book, at=gateway.clock.now(), actor="test", reason=""))
    _, draft = await call("POST", "/api/v1/drafts", key, json=COMPLETE)
    (timer,) = gateway.store.read(
        lambda tx: timers.due(tx, gateway.clock.now() + timedelta(days=days), {"draft.expire"}, 10)
    )
    for second, status in ((-1, 200), (0, 404)):
        now = timer.due_at + timedelta(seconds=second)
        monkeypatch.setattr(gateway.clock, "now", lambda now=now: now)
        gateway.timers.run_due()
        assert (await call("GET", f"/api/v1/drafts/{draft['id']}", key))[0] == status
