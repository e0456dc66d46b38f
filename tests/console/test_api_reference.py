"""The reference of the API as pages (issue 5, part 1): whole, true, findable, readable on a phone without a script."""

from __future__ import annotations

import re
from typing import Any

import lxml.html
import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from gateway.console.api_page import Operation, Subject, problem_codes, subjects
from gateway.web.app import endpoints
from gateway.web.contract import Endpoint

ENDPOINTS = {endpoint.name: endpoint for endpoint in endpoints(with_sandbox=True)}
SUBJECTS = subjects(with_sandbox=True)
OPERATIONS = {one.name: one for subject in SUBJECTS.values() for one in subject.operations}
every_operation = pytest.mark.parametrize("name", ENDPOINTS)
every_subject = pytest.mark.parametrize("subject", SUBJECTS.values(), ids=lambda one: one.slug)


def told(name: str) -> tuple[Endpoint, Operation]:
    return ENDPOINTS[name], OPERATIONS[name]


def ids_of(page: str) -> list[str]:
    return [str(found) for found in lxml.html.document_fromstring(page).xpath("//@id")]


def test_every_operation_is_told_once() -> None:
    assert OPERATIONS.keys() == ENDPOINTS.keys()
    assert sum(len(subject.operations) for subject in SUBJECTS.values()) == len(ENDPOINTS)


@every_operation
def test_an_example_of_a_request_is_a_good_request(name: str) -> None:
    endpoint, operation = told(name)
    if "body" in endpoint.parts:
        assert operation.request is not None
        endpoint.parts["body"].model_validate_json(operation.request.example)


@every_operation
def test_an_example_of_an_answer_is_such_an_answer(name: str) -> None:
    endpoint, operation = told(name)
    shown = {answer.status: answer for answer in operation.answers}
    assert {str(status) for status in endpoint.answers} <= shown.keys()
    for status, body in endpoint.answers.items():
        for model in body if isinstance(body, tuple) else (body,):
            if not isinstance(model, str) and status != 204:
                model.model_validate_json(shown[str(status)].example)


@every_subject
async def test_a_subject_has_anchors_for_all_that_it_names(get: Any, subject: Subject) -> None:
    status, page = await get(f"/api/docs/{subject.slug}")
    assert status == 200
    ids = ids_of(page)
    assert len(ids) == len(set(ids))
    assert {one.name for one in subject.operations} <= set(ids)
    wanted = {link for link in re.findall(r'href="#([^"]+)"', page) if link != "main"}
    assert wanted <= set(ids), "no link leads nowhere"


@pytest.mark.parametrize("path", ["/api", "/api/docs"])
async def test_the_first_page_lists_everything(get: Any, path: str) -> None:
    status, page = await get(path)
    assert status == 200
    links = re.findall(r'href="/api/docs/([a-z-]+)#(\w+)"', page)
    assert sorted(links) == sorted(
        (subject.slug, one.name) for subject in SUBJECTS.values() for one in subject.operations
    )
    assert {f"problem-{code}" for code, _, _ in problem_codes()} <= set(ids_of(page))
    assert ("rate.limited", "429", "Too many requests") in problem_codes()


async def test_words_find_operations_without_a_script(get: Any) -> None:
    _, page = await get("/api/docs?q=LIFT+open+holds")
    assert set(re.findall(r"#(\w+)\"", page)) & set(OPERATIONS) == {"release_order", "resolve_discrepancy"}
    _, page = await get("/api/docs?q=if-match+/drafts")
    assert set(re.findall(r"#(\w+)\"", page)) & set(OPERATIONS) == {"replace_draft", "discard_draft", "confirm_fields"}
    _, page = await get("/api/docs?q=%3Cscript%3E")
    assert "No operation has all of these words" in page
    assert "<script>" not in page


async def test_what_a_caller_needs_is_told(get: Any) -> None:
    _, page = await get("/api/docs/orders")
    for needed in (
        'id="place_order"',
        'href="#shape-OrderRequest"',
        "Idempotency-Key",
        "curl -X POST -H &#34;Authorization: Bearer $KEY&#34; -H &#34;Content-Type: application/json&#34;",
        "&#34;sku&#34;: &#34;LAMP-001&#34;",
        "<code>422</code>",
    ):
        assert needed in page
    _, page = await get("/api/docs/customers")
    assert "-H &#34;If-Match: $ETAG&#34;" in page


async def test_there_is_no_other_subject(get: Any) -> None:
    assert (await get("/api/docs/nothing"))[0] == 404


async def test_it_reads_on_a_phone_without_a_script(browser: Browser, console: TestServer) -> None:
    """No sideways scrolling, the search is a form, an anchor leads to its operation, the policy has no complaint."""
    context = await browser.new_context(
        base_url=str(console.make_url("/")), viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    await page.goto("/api/docs")
    await page.get_by_role("searchbox").fill("place an order")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("link", name="/api/v1/orders", exact=True).click()
    await expect(page.locator("#place_order")).to_be_in_viewport()
    await expect(page.locator("#place_order pre").nth(1)).to_contain_text("LAMP-001")
    await page.locator("#place_order").get_by_role("link", name="OrderRequest", exact=True).click()
    await expect(page.locator("#shape-OrderRequest")).to_be_in_viewport()
    assert complaints == []
    await context.close()


@pytest.mark.parametrize("path", ["/api/docs", "/api/docs/orders", "/api/docs/customers"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_nothing_is_wider_than_the_screen(browser: Browser, console: TestServer, path: str, width: int) -> None:
    context = await browser.new_context(base_url=str(console.make_url("/")), viewport={"width": width, "height": 740})
    page = await context.new_page()
    await page.goto(path)
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    await context.close()
