"""Customers over HTTP: master data with versions, feedback, grades and profiles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

Call = Callable[..., Awaitable[tuple[int, Any]]]
Client = TestClient[Any, Any]

AUTH = {"Authorization": "Bearer admin"}
PATH = "/api/v1/partners/NEW-1"
PARTNER = {
    "code": "NEW-1",
    "name": "New Retail",
    "credit_limit": "1000.50",
    "contact": {"name": "Ada", "email": "a@b.example"},
}


async def test_a_partner_is_changed_in_the_version_that_was_read(client: Client, call: Call) -> None:
    """CUS-01."""
    assert (await call("GET", PATH))[0] == 404
    made = await client.post("/api/v1/partners", headers=AUTH, json=PARTNER)
    assert (made.status, made.headers["Location"]) == (201, PATH)
    assert (await call("POST", "/api/v1/partners", json=PARTNER))[0] == 409
    version = made.headers["ETag"]
    changed = {**PARTNER, "name": "New Trade"}
    assert (await client.put(PATH, headers=AUTH, json=changed)).status == 428
    assert (await client.put(PATH, headers={**AUTH, "If-Match": '"0"'}, json=changed)).status == 412
    answer = await client.put(PATH, headers={**AUTH, "If-Match": version}, json=changed)
    assert (answer.status, (await answer.json())["name"]) == (200, "New Trade")
    assert answer.headers["ETag"] != version
    read = await client.get(PATH, headers={**AUTH, "If-None-Match": answer.headers["ETag"]})
    assert read.status == 304


async def test_the_history_names_who_and_why(call: Call) -> None:
    """Audit: who, when, before, after, reason."""
    await call("POST", "/api/v1/partners?reason=new%20customer", json=PARTNER)
    changed = {**PARTNER, "name": "New Trade"}
    assert (await call("PUT", f"{PATH}?reason=renamed", json=changed, headers={"If-Match": "*"}))[0] == 200
    status, page = await call("GET", f"{PATH}/history")
    assert status == 200
    assert [(one["actor"], one["reason"], one["created"]) for one in page["items"]] == [
        ("root", "renamed", False),
        ("root", "new customer", True),
    ]
    assert (page["items"][0]["before"]["name"], page["items"][0]["after"]["name"]) == (PARTNER["name"], "New Trade")
    assert (await call("GET", f"{PATH}/history", "partner"))[0] == 403
    assert (await call("POST", f"/api/v1/partners?reason={'x' * 501}", json=PARTNER))[0] == 422


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"gln": "123"}, "/gln"),
        ({"colour": "red"}, "/colour"),
        ({"credit_limit": "-1"}, "/credit_limit"),
        ({"contact": {"fax": "1"}}, "/contact/fax"),
        ({"code": "new 1"}, "/code"),
    ],
)
async def test_it_is_held_to_the_rules_of_the_master_data_file(
    call: Call, changes: dict[str, Any], pointer: str
) -> None:
    """CUS-01: the same model refuses it, with its place."""
    status, problem = await call("POST", "/api/v1/partners", json={**PARTNER, **changes})
    assert (status, [one["pointer"] for one in problem["violations"]]) == (422, [pointer])


async def test_a_partner_keeps_its_code(client: Client) -> None:
    await client.post("/api/v1/partners", headers=AUTH, json=PARTNER)
    answer = await client.put(PATH, headers={**AUTH, "If-Match": "*"}, json={**PARTNER, "code": "NEW-2"})
    assert answer.status == 422


async def test_feedback_is_a_customers_and_about_its_orders(call: Call) -> None:
    """CUS-04."""
    body = {"partner": "NORDHAUS", "buyer_reference": "PO-9", "lines": [{"sku": "LAMP-001", "quantity": "1"}]}
    _, order = await call("POST", "/api/v1/orders", json=body)
    said = {"order": order["number"], "rating": 2, "text": "late"}
    status, kept = await call("POST", "/api/v1/feedback", "partner", json=said)
    assert (status, kept["partner"], kept["rating"]) == (201, "NORDHAUS", 2)
    assert (await call("POST", "/api/v1/feedback", "other", json=said))[0] == 404
    for rating in (0, 6, "5"):
        assert (await call("POST", "/api/v1/feedback", json={**said, "rating": rating}))[0] == 422
    _, found = await call("GET", "/api/v1/feedback?most_rating=2", "partner")
    assert [one["text"] for one in found["items"]] == ["late"]
    _, found = await call("GET", "/api/v1/feedback", "other")
    assert found["items"] == []


async def test_what_we_think_of_a_customer_is_the_houses(call: Call) -> None:
    """CUS-02, CUS-23."""
    await call("POST", "/api/v1/partners", json=PARTNER)
    assert (await call("GET", f"{PATH}/profile"))[0] == 200
    status, found = await call("POST", "/api/v1/partners/regrade?dry_run=true", json={})
    assert (status, found["rule"]) == (200, "customer.grade")
    for method, path in (("GET", f"{PATH}/profile"), ("GET", PATH), ("POST", "/api/v1/partners/regrade")):
        assert (await call(method, path, "partner", **({"json": {}} if method == "POST" else {})))[0] == 403


async def test_the_orders_of_a_partner(call: Call) -> None:
    """CUS-01: a partner's key sees its own, whichever it names."""
    body = {"partner": "NORDHAUS", "buyer_reference": "PO-9", "lines": [{"sku": "LAMP-001", "quantity": "1"}]}
    await call("POST", "/api/v1/orders", json=body)
    for key in ("admin", "partner"):
        _, found = await call("GET", "/api/v1/partners/NORDHAUS/orders", key)
        assert [one["buyer_reference"] for one in found["items"]] == ["PO-9"]
    assert (await call("GET", "/api/v1/partners/NORDHAUS/orders", "other"))[0] == 403


@pytest.mark.parametrize(("method", "allowed"), [("PUT", "POST"), ("GET", "POST")])
async def test_a_fixed_path_is_no_partner_of_that_name(client: TestClient[Any, Any], method: str, allowed: str) -> None:
    headers = {"Authorization": "Bearer admin"}
    async with client.request(method, "/api/v1/partners/regrade", headers=headers, json={}) as response:
        assert (response.status, response.headers["Allow"]) == (405, allowed)
        assert (await response.json(content_type=None))["code"] == "method.not_allowed"
