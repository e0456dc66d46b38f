"""Pages as they leave the server: content, escaping, files, errors."""

from __future__ import annotations

import re
from typing import Any

import lxml.html
import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from core.clock import iso
from gateway.console import words
from gateway.console.fragments import Fragment, Seen
from gateway.console.rendering import STATIC, render
from gateway.web.testing import MemoryGateway

SCRIPT_ADDRESS = "javascript:alert(1)"
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


async def test_the_first_page_counts_and_lists(get: Any, filled: MemoryGateway) -> None:
    assert filled.documents_by_id
    status, page = await get("/")
    assert status == 200
    for told in ("2025-ED-000001", "2025-ED-000002", "PO-77121", "Price mismatch", "The interchange ends without UNZ"):
        assert told in page
    assert re.search(r"<dt>Documents</dt><dd>3</dd>", page)
    assert re.search(r"<dt>Rejected</dt><dd>1</dd>", page)
    assert 'data-live="/live?"' in page


async def test_filters_live_in_the_address(get: Any, filled: MemoryGateway) -> None:
    _, page = await get("/?state=held&q=PO-771")
    assert 'id="order-2025-ED-000002"' in page
    assert 'id="order-2025-ED-000001"' not in page
    assert 'data-live="/live?q=PO-771&amp;state=held"' in page
    status, page = await get("/?state=%27%3B--&cursor=%00")
    assert (status, 'id="order-2025-ED-000001"' in page) == (200, True)
    _, page = await get("/?q=nothing")
    assert "No order fits" in page
    assert filled.orders_by_number


async def test_older_orders_are_a_page_away(get: Any, filled: MemoryGateway, order_maker: Any) -> None:
    for serial in range(100, 140):
        filled.add_order(order_maker(f"2025-ED-{serial:06d}"))
    _, page = await get("/")
    older = re.search(r'href="(/\?[^"]*cursor=[^"]*)">Older orders', page)
    assert older is not None
    _, second = await get(older[1].replace("&amp;", "&"))
    assert "2025-ED-000001" in second
    assert "data-live" not in second


async def test_the_held_segment_is_marked_with_what_we_expected(get: Any, filled: MemoryGateway) -> None:
    assert filled.sources
    _, page = await get("/documents/111")
    mark = re.search(r'<mark class="warn">(.*?)</mark>', page, re.DOTALL)
    assert mark is not None
    assert re.sub(r"<[^>]+>", "", mark[1]) == "PRI+AAA:13.25&#39;"
    assert '<span class="value exact">13.25</span>' in mark[1]
    assert page.count("<mark") == 1
    for told in (
        "the price agreed is 12.50",
        "<dt>Expected</dt><dd>12.50</dd>",
        'action="/orders/2025-ED-000002/release"',
    ):
        assert told in page
    assert "CONTRL" in page


async def test_the_end_of_a_truncated_file_is_marked(get: Any, filled: MemoryGateway) -> None:
    assert filled.documents_by_id
    _, page = await get("/documents/121")
    assert page.count('<mark class="bad">') == 1
    assert "at byte 420" in page
    assert "Send the whole file again" in page


async def test_bytes_that_are_no_segments_are_shown_plainly(
    get: Any, memory: MemoryGateway, document_maker: Any
) -> None:
    memory.add_document(document_maker("7", type=None, outcome="rejected"), b"\x00\x01" + b"junk" * 10_000)
    memory.add_document(document_maker("8", type=None, outcome="rejected"), b"")
    _, page = await get("/documents/7")
    assert "junkjunk" in page
    assert "20002 more bytes are not shown" in page
    assert "The file is empty" in (await get("/documents/8"))[1]


async def test_what_no_field_takes_is_on_the_page(get: Any, filled: MemoryGateway) -> None:
    assert "What no field takes" not in (await get("/documents/101"))[1]
    value = {
        "segment": 33, "tag": "PRI", "path": "LIN/PRI", "element": 1, "component": 6, "offset": 930, "id": "6411",
        "name": "Measure unit qualifier", "text": "<KGM>",
    }  # fmt: skip
    filled.unmapped_by_document["101"] = [value] * 101
    _, page = await get("/documents/101")
    for told in ("What no field takes", "LIN/PRI", "Measure unit qualifier", "6411", "&lt;KGM&gt;"):
        assert told in page
    assert page.count("&lt;KGM&gt;") == 100
    assert "GET /api/v1/documents/101/unmapped" in page
    filled.unmapped_by_document["101"] = [value | {"id": "", "name": "", "path": ""}]
    _, page = await get("/documents/101")
    assert "not in the directory" in page
    assert "There is more" not in page


async def test_the_guide_that_judged_a_document_is_named(get: Any, filled: MemoryGateway) -> None:
    assert "Judged by the guide" not in (await get("/documents/101"))[1]
    filled.documents_by_id["101"]["guide"] = {"name": "nordhaus", "fingerprint": "abcdef0123456789" * 4}
    _, page = await get("/documents/101")
    assert "Judged by the guide" in page
    assert "nordhaus <span" in page
    assert "abcdef012345</span>" in page


async def test_an_order_tells_its_life(get: Any, filled: MemoryGateway) -> None:
    assert filled.events
    _, page = await get("/orders/2025-ED-000001")
    for told in (
        "12\u202f834.00\u00a0EUR",
        "tracking SBX-204418",
        'aria-current="step">Shipped',
        "Order response",
        "OG000002",
    ):
        assert told in page
    assert ">Release<" not in page


async def test_what_partners_wrote_is_only_text(
    get: Any, memory: MemoryGateway, order_maker: Any, document_maker: Any
) -> None:
    hold = {
        "code": "manual", "stage": "confirm", "line": None, "reason": ATTACK, "inputs": {ATTACK: [ATTACK]},
        "rule": ATTACK, "rule_version": "1", "release_role": ATTACK, "release_when": ATTACK,
    }  # fmt: skip
    link = {"id": "9", "type": ATTACK, "direction": "in", "control_reference": ATTACK}
    order = order_maker("2025-ED-000009", buyer_reference=ATTACK, partner=ATTACK, holds=[hold], documents=[link])
    order["lines"][0].update(description=ATTACK, sku=ATTACK, unit=SCRIPT_ADDRESS)
    violation = {
        "code": ATTACK, "severity": "error", "level": "segment", "segment": 1, "tag": "FTX", "element": 1,
        "component": 1, "offset": 4, "value": ATTACK, "message": ATTACK, "hint": ATTACK,
    }  # fmt: skip
    content = f"FTX+{ATTACK}'".encode()
    document = document_maker(
        "9", type=ATTACK, control_reference=ATTACK, partner=ATTACK, reason=ATTACK, version=ATTACK,
        violations=[violation], orders=["2025-ED-000009"], replies=[link],
    )  # fmt: skip
    document["source"] = {**(document["source"] or {}), "origin": ATTACK + SCRIPT_ADDRESS}
    memory.add_document(document, content, [{"segment": 1, "offset": 0, "length": len(content)}])
    memory.add_order(order)
    memory.add_event("order.held", "2025-ED-000009", ATTACK, actor=ATTACK)
    memory.open_alerts.append(
        {"kind": ATTACK, "message": ATTACK, "document_id": "9", "opened_at": iso(memory.now), "count": 2}
    )
    for path in ("/", f"/?q={ATTACK}", "/orders/2025-ED-000009", "/documents/9"):
        status, page = await get(path)
        assert status == 200
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        elements = list(lxml.html.document_fromstring(page).iter())
        attributes = {str(attribute) for element in elements for attribute in element.attrib}
        assert not {attribute for attribute in attributes if attribute.startswith("on") or attribute == "style"}
        values = [str(value) for element in elements for value in element.attrib.values()]
        assert not [value for value in values if value.strip().lower().startswith("javascript:")]
        assert all(element.get("src") for element in elements if element.tag == "script"), "nothing inline"
        assert not any(element.tag == "style" for element in elements)


async def test_raw_bytes_are_a_download(console: TestServer, filled: MemoryGateway) -> None:
    async with ClientSession() as session, session.get(console.make_url("/documents/111/raw")) as response:
        assert await response.read() == filled.contents["111"]
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_pages_that_are_not_there(get: Any) -> None:
    for path in ("/orders/none", "/documents/none", "/nowhere", "/static/../app.py", "/static/nothing.js"):
        status, page = await get(path)
        assert (status, "There is no such page" in page) == (404, True), path


async def test_a_crash_is_a_page_without_a_traceback(get: Any, memory: MemoryGateway) -> None:
    memory.open_alerts.append({"broken": "row"})
    status, page = await get("/")
    assert status == 500
    assert "nothing is lost" in page
    assert "Undefined" not in page
    assert "Traceback" not in page


async def test_files_are_kept_by_browsers_under_their_version(console: TestServer) -> None:
    async with ClientSession() as session:
        page = await (await session.get(console.make_url("/"))).text()
        assets = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert {asset.partition("?")[0].rpartition("/")[2] for asset in assets} == {
            "icon.svg",
            "console.css",
            "live.js",
        }
        for asset in assets:
            async with session.get(console.make_url(asset)) as response:
                assert response.status == 200
                assert "immutable" in response.headers["Cache-Control"]


def test_our_files_name_no_other_host() -> None:
    for file in STATIC.iterdir():
        hosts = set(re.findall(r"https?://([^/\"' )]+)", file.read_text()))
        assert hosts <= {"www.w3.org"}, file.name
    assert sum(file.stat().st_size for file in STATIC.iterdir()) < 40_000


@pytest.mark.parametrize(
    ("given", "shown"),
    [("12834.00", "12\u202f834.00"), ("-1234567.5", "\u22121\u202f234\u202f567.5"), ("0.10", "0.10"), (None, "\u2013")],
)
def test_amounts(given: str | None, shown: str) -> None:
    assert words.amount(given) == shown


def test_prices_have_two_decimals_at_least() -> None:
    assert [words.price(text) for text in ("4.9", "4", "0.125", None)] == ["4.90", "4.00", "0.125", "\u2013"]


def test_words_for_codes() -> None:
    assert [words.billing(code) for code in ("none", "part", "full")] == ["Not billed", "Part billed", "Billed"]
    assert words.label("price.mismatch") == "Price mismatch"
    assert words.message_name("DESADV") == "Despatch advice"
    assert words.sentence("line 2: off") == "Line 2: off"


@pytest.mark.parametrize(
    ("state", "here"),
    [("in_review", 0), ("packed", 2), ("in_transit", 3), ("refused", 4), ("settled", 5), ("declined", None)],
)
def test_every_state_has_its_step(state: str, here: int | None) -> None:
    walk = words.steps(state)
    if here is None:
        assert walk == []
    else:
        assert [place for place, (_, mark) in enumerate(walk) if mark == "here"] == ([] if here == 5 else [here])
        assert sum(mark == "done" for _, mark in walk) == (6 if here == 5 else here)


def test_only_what_differs_is_sent_again() -> None:
    seen = Seen()
    one, two = Fragment("a", render("_counts.html", counts=None)), Fragment("b", render("_alerts.html", alerts=[]))
    assert seen.fresh([one, two]) == [one, two]
    assert seen.fresh([one, two]) == []
    changed = Fragment("a", two.html)
    assert seen.fresh([changed, two]) == [changed]
