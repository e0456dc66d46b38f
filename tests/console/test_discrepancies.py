"""The page of discrepancies: who sees it, and what a decision by its forms does (VAL-09)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import lxml.html
import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from core.clock import iso
from gateway.web.ports import Principal
from gateway.web.testing import MemoryGateway

PAGE = "/discrepancies"
ATTACK = "<script>alert(1)</script>"


def differing(identifier: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": identifier, "number": "2025-ED-000002", "partner": "NORDHAUS", "field": "ship_to.street", "line": None,
        "key": "4012345000016", "order_value": "Nebenstr. 1", "master_value": "Hauptstr. 7",
        "found_at": "2025-11-22T08:15:02Z", "decision": None, "decided_at": None, "decided_by": None, "reason": None,
    } | changes  # fmt: skip


@pytest.fixture
def open_ones(filled: MemoryGateway) -> dict[str, dict[str, Any]]:
    """An address and a supplier's code that differ."""
    found = filled.validation_desk.differing
    found["1"] = differing("1", found_at=iso(filled.now))
    code = {"field": "supplier_code", "line": 2, "key": "LAMP", "order_value": ATTACK, "master_value": "LAMP"}
    found["2"] = differing("2", **code)
    return found


@pytest.fixture
async def person() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


async def ask(
    person: ClientSession, server: TestServer, path: str, form: dict[str, str] | None = None
) -> tuple[int, str]:
    method = "GET" if form is None else "POST"
    async with person.request(method, server.make_url(path), data=form, allow_redirects=False) as response:
        return response.status, await response.text()


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


async def log_in(person: ClientSession, server: TestServer, key: str) -> None:
    _, page = await ask(person, server, "/login")
    await ask(person, server, "/login", {"token": token_of(page), "key": key, "next": "/"})


async def test_both_values_are_shown_with_where_they_stand(
    console: TestServer, person: ClientSession, open_ones: dict[str, Any]
) -> None:
    status, text = await ask(person, console, PAGE)
    page = lxml.html.fromstring(text)
    shown = [" ".join(one.text_content().split()) for one in page.cssselect("article")]
    assert (status, len(shown)) == (200, len(open_ones))
    assert "Order 2025-ED-000002 of NORDHAUS saysNebenstr. 1" in shown[0]
    assert "Master data of 4012345000016 sayHauptstr. 7" in shown[0]
    assert ATTACK in shown[1]
    assert ATTACK not in text
    # an item's master data has no supplier's code of a customer: there is nothing to update
    forms = [
        [button.get("value") for button in one.cssselect("button[name=decision]")] for one in page.cssselect("article")
    ]
    assert forms == [["keep_order", "update_master"], ["keep_order"]]


async def test_nothing_open_says_so(console: TestServer, person: ClientSession, filled: MemoryGateway) -> None:
    assert filled.validation_desk.differing == {}
    status, text = await ask(person, console, PAGE)
    assert (status, "Nothing is open" in text) == (200, True)


@pytest.mark.parametrize("decision", ["keep_order", "update_master"])
async def test_a_decision_is_kept_with_who_and_why(
    console: TestServer, person: ClientSession, open_ones: dict[str, Any], decision: str
) -> None:
    """VAL-09: once; the second of two people is told."""
    _, text = await ask(person, console, PAGE)
    form = {"token": token_of(text), "decision": decision, "reason": " moved "}
    assert (await ask(person, console, f"{PAGE}/1", form))[0] == 303
    decided = open_ones["1"]
    assert (decided["decision"], decided["decided_by"], decided["reason"]) == (decision, "console", "moved")
    status, text = await ask(person, console, f"{PAGE}/1", form)
    assert (status, "is decided already" in text) == (409, True)
    assert len(lxml.html.fromstring(text).cssselect("article")) == 1


async def test_a_form_that_is_not_ours_decides_nothing(
    console: TestServer, person: ClientSession, open_ones: dict[str, Any]
) -> None:
    _, text = await ask(person, console, PAGE)
    token = token_of(text)
    for form, status in (
        ({"decision": "keep_order"}, 403),
        ({"token": "x", "decision": "keep_order"}, 403),
        ({"token": token}, 422),
        ({"token": token, "decision": "overtaken"}, 422),
    ):
        assert (await ask(person, console, f"{PAGE}/1", form))[0] == status
    assert (await ask(person, console, f"{PAGE}/9", {"token": token, "decision": "keep_order"}))[0] == 404
    assert (await ask(person, console, f"{PAGE}/x", {"token": token, "decision": "keep_order"}))[0] == 404
    assert {one["decision"] for one in open_ones.values()} == {None}


@pytest.mark.parametrize(
    ("who", "sees", "decides"),
    [
        (Principal("rolf", frozenset({"read"})), True, False),
        (Principal("nordhaus", frozenset({"read", "operate"}), "NORDHAUS"), False, False),
        (Principal("eve", frozenset({"read", "operate"}), roles=frozenset({"sales_manager"})), True, True),
        (Principal("wu", frozenset({"read", "operate"}), roles=frozenset({"warehouse"})), True, False),
    ],
    ids=["reader", "partner", "sales manager", "warehouse"],
)
async def test_who_sees_and_who_decides(
    closed_console: TestServer, person: ClientSession, filled: MemoryGateway, open_ones: dict[str, Any],
    who: Principal, *, sees: bool, decides: bool,
) -> None:  # fmt: skip
    """ROL-07: the page asks the same matrix as the API; another partner's discrepancies are nobody's else."""
    filled.keys["its-key"] = who
    await log_in(person, closed_console, "its-key")
    _, home = await ask(person, closed_console, "/")
    assert (f'href="{PAGE}"' in home) is sees
    status, text = await ask(person, closed_console, PAGE)
    assert (status, "Keep the order</button>" in text) == (200 if sees else 403, decides)
    form = {"token": token_of(home), "decision": "keep_order"}
    assert (await ask(person, closed_console, f"{PAGE}/1", form))[0] == (303 if decides else 403)
    assert (open_ones["1"]["decision"] is not None) is decides


async def test_of_one_order(console: TestServer, person: ClientSession, open_ones: dict[str, Any]) -> None:
    open_ones["2"]["number"] = "2025-ED-000001"
    _, text = await ask(person, console, f"{PAGE}?number=2025-ED-000001")
    page = lxml.html.fromstring(text)
    assert [one.get("id") for one in page.cssselect("article")] == ["discrepancy-2"]
    assert page.cssselect(".crumbs a")[0].get("href") == "/orders/2025-ED-000001"


async def test_it_is_decided_on_a_phone(browser: Browser, console: TestServer, open_ones: dict[str, Any]) -> None:
    page = await browser.new_page(base_url=str(console.make_url("/")), viewport={"width": 360, "height": 740})
    await page.goto(PAGE)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    first = page.locator("#discrepancy-1")
    await first.get_by_label("Reason").fill("moved in May")
    await first.get_by_role("button", name="Update the master data").click()
    await expect(page.locator("article")).to_have_count(1)
    assert (open_ones["1"]["decision"], open_ones["1"]["reason"]) == ("update_master", "moved in May")
    await page.close()
