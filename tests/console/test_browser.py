"""The console in a real browser: rows come live, the held segment is marked, Release works, the policy holds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from gateway.web.testing import MemoryGateway

#: a busy machine is slow, a broken page never gets there
DEADLINE_MS = 20_000
expect.set_options(timeout=DEADLINE_MS)
NOTE_FLASHES = """() => {
  window.flashed = [];
  const note = (changes) => changes
    .filter((change) => change.target.classList.contains("fresh"))
    .forEach((change) => window.flashed.push(change.target.id));
  new MutationObserver(note).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["class"] });
}"""
ATTACK = "<img src=x onerror=document.title='owned'>"


class Watched:
    """A page and everything that its browser complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("requestfailed", lambda request: self._failed(request.url))
        page.on(
            "console", lambda line: self.complaints.append(line.text) if line.type in ("error", "warning") else None
        )

    def _failed(self, url: str) -> None:
        if not url.endswith("/live") and "/live?" not in url:  # leaving a page ends its stream
            self.complaints.append(url)


@pytest.fixture
async def watched(browser: Browser, console: TestServer) -> AsyncIterator[Watched]:
    context = await browser.new_context(base_url=str(console.make_url("/")), viewport={"width": 1280, "height": 860})
    page = await context.new_page()
    page.set_default_timeout(DEADLINE_MS)
    watched = Watched(page)
    yield watched
    await context.close()
    assert watched.complaints == []


async def test_what_arrives_is_shown_at_once(
    watched: Watched, memory: MemoryGateway, filler: Any, order_maker: Any
) -> None:
    page = watched.page
    await page.goto("/")
    await expect(page.get_by_text("Nothing has arrived yet")).to_be_visible()
    await expect(page.locator("#pulse")).to_have_attribute("data-state", "on")
    filler(memory)
    row = page.locator("#order-2025-ED-000002")
    await expect(row).to_contain_text("Held")
    await expect(row).to_contain_text("Price mismatch")
    await expect(page.locator("#documents tr")).to_have_count(3)
    await expect(page.locator("#orders tr").first).to_have_id("order-2025-ED-000002")
    await expect(page.locator("#counts")).to_contain_text("Documents")
    await expect(page.get_by_text("Nothing has arrived yet")).to_be_hidden()

    await page.evaluate(NOTE_FLASHES)
    untouched = await page.locator("#order-2025-ED-000001").element_handle()
    memory.add_order(order_maker("2025-ED-000003", buyer_reference=ATTACK))
    first = page.locator("#orders tr").first
    await expect(first).to_have_id("order-2025-ED-000003")
    await expect(first).to_contain_text(ATTACK)
    assert await page.title() == "Ordergate"
    assert "order-2025-ED-000003" in await page.evaluate("flashed")
    assert await untouched.evaluate("row => row.isConnected"), "a row that did not change stays the same element"
    await expect(first).not_to_have_class("fresh")

    memory.orders_by_number["2025-ED-000001"]["state"] = "delivered"
    memory.add_event("order.delivered", "2025-ED-000001", "Signed for")
    await expect(page.locator("#order-2025-ED-000001")).to_contain_text("Delivered")


async def test_from_the_list_to_the_segment_to_the_release(watched: Watched, filled: MemoryGateway) -> None:
    page = watched.page
    await page.goto("/")
    await page.locator("#document-111 .key a").click()
    await expect(page.locator("mark")).to_have_text("PRI+AAA:13.25'")
    await expect(page.locator("mark .exact")).to_have_text("13.25")
    await expect(page.locator(".remark")).to_contain_text("12.50")
    await page.get_by_label("Reason").fill("agreed by phone")
    await page.get_by_role("button", name="Release").click()
    await page.wait_for_url("**/orders/2025-ED-000002")
    await expect(page.locator("#head .chip")).to_have_text("Confirmed")
    await expect(page.locator("#timeline li").first).to_contain_text("Agreed by phone")
    await expect(page.get_by_role("button", name="Release")).to_have_count(0)
    assert filled.orders_by_number["2025-ED-000002"]["holds"] == []


async def test_an_order_moves_while_one_looks(watched: Watched, filled: MemoryGateway, order_maker: Any) -> None:
    page = watched.page
    await page.goto("/orders/2025-ED-000002")
    await expect(page.locator("#pulse")).to_have_attribute("data-state", "on")
    await page.get_by_label("Reason").fill("half a sentence")
    filled.add_event("order.reminded", "2025-ED-000002", "Nobody answered for an hour")
    await expect(page.locator("#timeline")).to_contain_text("Nobody answered for an hour")
    await expect(page.get_by_label("Reason")).to_have_value("half a sentence")
    await page.get_by_role("button", name="Release").click()
    await expect(page.locator("#head .chip")).to_have_text("Confirmed")
    filled.orders_by_number["2025-ED-000002"]["state"] = "shipped"
    filled.add_event("order.shipped", "2025-ED-000002", "It left")
    await expect(page.locator(".walk [aria-current]")).to_have_text("Shipped")
    assert order_maker


async def test_pages_fit_a_phone_in_light_and_dark_and_read_without_script(
    browser: Browser, console: TestServer, filled: MemoryGateway
) -> None:
    base_url = str(console.make_url("/"))
    for scheme in ("light", "dark"):
        context = await browser.new_context(
            base_url=base_url,
            color_scheme=scheme,
            viewport={"width": 390, "height": 844},
            java_script_enabled=scheme == "dark",
        )
        page = await context.new_page()
        for path in ("/", "/orders/2025-ED-000001", "/documents/111", "/login"):
            await page.goto(path)
            widths = "[document.documentElement.scrollWidth, innerWidth]"
            scroll, inner = await page.evaluate(widths)
            assert scroll <= inner, path
        background = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(20, 23, 26)") is (scheme == "dark")
        if scheme == "light":
            await page.goto("/")
            await page.get_by_role("link", name="2025-ED-000002").first.click()
            await page.get_by_role("button", name="Release").click()
            await expect(page.locator("#head .chip")).to_have_text("Confirmed")
        await context.close()
    assert filled.orders_by_number["2025-ED-000002"]["holds"] == []
