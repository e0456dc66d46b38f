"""What every operation has in common, called on a real gateway with orders in it: issue 5, part 1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from aiohttp.test_utils import TestClient
from structlog.testing import capture_logs

from core.clock import SystemClock
from gateway import demo
from gateway.home import init
from gateway.subscriptions import SubscriptionDesk
from gateway.web import problems
from gateway.web.app import endpoints
from gateway.web.contract import Endpoint
from gateway.web.sparse import UnknownFields, answers_fields, parse_fields
from gateway.wiring import Gateway, open_gateway

Json = dict[str, Any]
READ = [endpoint for endpoint in endpoints(with_sandbox=False) if answers_fields(endpoint)]
PAGED = [
    endpoint
    for endpoint in READ
    if "{" not in endpoint.path and "query" in endpoint.parts and "cursor" in endpoint.parts["query"].model_fields
]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The demo's orders, and two of whatever a list of them needs two of to have a second page."""
    root = tmp_path_factory.mktemp("conventions") / "home"
    init(root, SystemClock(), demo=True)
    opened = open_gateway(root, "serve")
    acts = opened.operations
    for content in demo.orders(opened.clock.now()).values():
        acts.intake(content, partner="ALPINA", channel="ED", origin="test")
    desk: SubscriptionDesk = acts.subscription_desk
    for name in ("one", "two"):
        wanted = {"name": name, "url": f"https://93.184.216.34/{name}", "events": ["order.*"]}
        desk.subscribe(wanted | {"channels": [], "order_types": [], "tests": False}, partner=None, actor="test")
    yield opened
    opened.close()


@pytest.fixture
def headers(demo_key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {demo_key}"}


def path_of(endpoint: Endpoint) -> str:
    """Return an address of *endpoint* that is well formed, be there something or not."""
    return re.sub(r"{\w+}", "1", endpoint.path)


@pytest.mark.parametrize("endpoint", PAGED, ids=lambda one: one.path)
async def test_pages_of_one_make_the_whole(
    real_client: TestClient[Any, Any], headers: dict[str, str], endpoint: Endpoint
) -> None:
    whole = await (await real_client.get(f"{endpoint.path}?limit=500", headers=headers)).json()
    assert whole["next"] is None
    following, found = "", []
    for _ in whole["items"] or [None]:
        page = await (await real_client.get(f"{endpoint.path}?limit=1{following}", headers=headers)).json()
        found += page["items"]
        following = f"&cursor={page['next']}"
    assert page["next"] is None
    assert found == whole["items"]
    wrong = await real_client.get(f"{endpoint.path}?cursor=bm9uZQ==", headers=headers)
    assert (wrong.status, wrong.content_type) == (422, "application/problem+json")


def test_most_of_these_lists_have_a_second_page() -> None:
    assert {"/api/v1/orders", "/api/v1/documents", "/api/v1/subscriptions"} <= {one.path for one in PAGED}


@pytest.mark.parametrize("endpoint", READ, ids=lambda one: one.path)
async def test_a_name_that_is_nowhere_is_refused_everywhere(
    real_client: TestClient[Any, Any], headers: dict[str, str], endpoint: Endpoint
) -> None:
    """Before anything is looked up; of a shape that may grow, once there is something that could have it."""
    answer = await real_client.get(f"{path_of(endpoint)}?fields=no-such.key", headers=headers)
    try:
        parse_fields(endpoint, "no-such.key")
    except UnknownFields:
        problem = await answer.json(content_type=None)
        assert answer.status == 422
        assert [one["value"] for one in problem["violations"] if one["parameter"] == "fields"] == ["no-such"]
    else:
        found = await answer.json(content_type=None)
        assert answer.status in (404, 422) or not any(found.get("items", []))


async def test_every_order_in_two_keys(real_client: TestClient[Any, Any], headers: dict[str, str]) -> None:
    answer = await real_client.get("/api/v1/orders?fields=number,lines.sku", headers=headers)
    body = await answer.json()
    assert (answer.status, {tuple(one) for one in body["items"]}) == (200, {("number", "lines")})
    whole = await (await real_client.get("/api/v1/orders", headers=headers)).json()
    assert [one["number"] for one in body["items"]] == [one["number"] for one in whole["items"]]
    known = {"If-None-Match": answer.headers["ETag"]}
    assert (await real_client.get("/api/v1/orders", headers=headers | known)).status == 304


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/orders", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("/api/v1/partners/regrade", {"POST", "OPTIONS"}),
        ("/api/v1/drafts/1", {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}),
        ("/api/v1/events", {"GET", "OPTIONS"}),
    ],
)
async def test_what_is_allowed_is_told(real_client: TestClient[Any, Any], path: str, allowed: set[str]) -> None:
    """RFC 9110 sections 9.3.7 and 15.5.6: OPTIONS and 405 have Allow."""
    answer = await real_client.options(path)
    assert (answer.status, set(answer.headers["Allow"].split(","))) == (204, allowed)
    refused = await real_client.request("PROPFIND", path)
    assert (refused.status, set(refused.headers["Allow"].split(","))) == (405, allowed - {"OPTIONS"})
    assert (await refused.json(content_type=None))["code"] == "method.not_allowed"


async def test_head_is_get_without_its_body(real_client: TestClient[Any, Any], headers: dict[str, str]) -> None:
    full, head = [await real_client.request(how, "/api/v1/orders", headers=headers) for how in ("GET", "HEAD")]
    assert (head.status, await head.read()) == (200, b"")
    same = ("ETag", "Content-Type", "Vary", "Cache-Control", "Content-Length")
    assert [head.headers[name] for name in same] == [full.headers[name] for name in same]
    assert full.headers["Cache-Control"] == "no-store"


async def test_an_occurrence_has_a_name(
    real_client: TestClient[Any, Any], headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 9457 section 3.1.5: no two problems have the same instance; the log has it where a key was refused."""
    monkeypatch.setattr(problems, "log", structlog.get_logger())  # bound to no earlier test's configuration
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged:
        first, second = [await real_client.get("/api/v1/orders/2020-SR-1", headers=headers) for _ in range(2)]
    instances = [(await one.json(content_type=None))["instance"] for one in (first, second)]
    assert instances == [f"/api/v1/orders/2020-SR-1#{one.headers['X-Request-Id']}" for one in (first, second)]
    assert len(set(instances)) == 2
    refused = [(one["request"], one["code"]) for one in logged if one["event"] == "request.refused"]
    assert refused == [(one.headers["X-Request-Id"], "not_found") for one in (first, second)]
