"""The confirmation of an order in the console (CNF-06)."""

from __future__ import annotations

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from gateway.web.testing import MemoryGateway

HELD, CLEAN = "2025-ED-000002", "2025-ED-000001"


async def ask(console: TestServer, path: str) -> tuple[int, str, str]:
    async with ClientSession() as person, person.get(console.make_url(path)) as response:
        return response.status, await response.text(), response.headers.get("Content-Security-Policy", "")


async def test_the_page_of_an_order_leads_to_its_confirmation(console: TestServer, filled: MemoryGateway) -> None:
    """CNF-06: what the buyer will read is one click from the order; it runs no script and loads nothing."""
    filled.confirmation_desk.told[HELD, "NORDHAUS"] = {"html": "<p>Guten Tag</p><script>x</script>", "language": "de"}
    _, order, _ = await ask(console, f"/orders/{HELD}")
    assert f'<a href="/orders/{HELD}/confirmation">Preview</a>' in order
    status, text, policy = await ask(console, f"/orders/{HELD}/confirmation")
    assert (status, text) == (200, "<p>Guten Tag</p><script>x</script>")
    assert policy.startswith("sandbox; default-src 'none'")
    _, order, _ = await ask(console, f"/orders/{CLEAN}")
    assert f'<a href="/orders/{CLEAN}/confirmation">As told</a>' in order


async def test_an_order_without_one_says_so(console: TestServer, filled: MemoryGateway) -> None:
    status, _, policy = await ask(console, f"/orders/{CLEAN}/confirmation")
    assert status == 404
    assert "sandbox" not in policy
    filled.orders_by_number[CLEAN]["state"] = "cancelled"
    assert f"/orders/{CLEAN}/confirmation" not in (await ask(console, f"/orders/{CLEAN}"))[1]
