"""A console over a gateway in memory, filled with what the demo drops: a clean order, a held one, a truncated one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, async_playwright

from core.clock import iso
from gateway.console.app import attach
from gateway.web.app import WebParts, build, wake
from gateway.web.ports import Principal
from gateway.web.settings import WebSettings
from gateway.web.testing import MemoryGateway

NOW = datetime(2025, 11, 22, 8, 15, 2, tzinfo=UTC)
Json = dict[str, Any]

CLEAN = (
    "UNA:+.? '\n"
    "UNB+UNOC:3+4012345000009:14+4098765000007:14+251122:0815+DEMO0001'\n"
    "UNH+1+ORDERS:D:96A:UN:EAN008'\nBGM+220+PO-77120+9'\nDTM+137:20251122:102'\nDTM+2:20251129:102'\n"
    "NAD+BY+4012345000009::9++Nordhaus Möbel GmbH+Hafenstraße 12+Kiel++24103+DE'\n"
    "NAD+SU+4098765000007::9'\nNAD+DP+4012345000016::9'\nCUX+2:EUR:9'\n"
    "LIN+1++4006381333931:EN'\nPIA+1+NH-4471:IN'\nIMD+F++:::Desk lamp, brass'\nQTY+21:24:PCE'\nPRI+AAA:{price}'\n"
    "LIN+2++4006381333948:EN'\nQTY+21:6:PCE'\nPRI+AAA:89.00'\n"
    "UNS+S'\nCNT+2:2'\nUNT+17+1'\nUNZ+1+DEMO0001'\n"
)


def segments_of(content: bytes) -> list[Json]:
    """Cut *content* after each terminator; UNH = 1, the envelope has no number."""
    segments: list[Json] = []
    offset, number = 0, 0
    for part in content.split(b"'"):
        body = part.lstrip(b"\r\n")
        start = offset + len(part) - len(body)
        if body:
            tag = body[:3].decode("latin-1")
            number = 1 if tag == "UNH" else number + 1 if number else 0
            envelope = tag in ("UNA", "UNB", "UNZ")
            end = min(start + len(body) + 1, len(content))
            segments.append(
                {"segment": None if envelope else number, "tag": tag, "offset": start, "length": end - start}
            )
        offset += len(part) + 1
    return segments


def make_document(identifier: str, **changes: Any) -> Json:
    return {
        "id": identifier,
        "source_id": f"s{identifier}",
        "direction": "in",
        "type": "ORDERS",
        "version": "D.96A",
        "partner": "NORDHAUS",
        "control_reference": "DEMO0001",
        "outcome": "accepted",
        "reason": None,
        "orders": [],
        "received_at": iso(NOW),
        "guide": None,
        "replies": [],
        "source": {"sha256": "cd" * 32, "size": 17, "channel": "ED", "transport": "folder", "origin": "orders.edi"},
        "violations": [],
        **changes,
    }


def make_line(line: int, **changes: Any) -> Json:
    return {
        "line": line,
        "sku": f"LAMP-{line:03d}",
        "gtin": "4006381333931",
        "buyer_code": f"NH-{4470 + line}",
        "description": "Desk lamp, brass",
        "quantity": "24",
        "unit": "PCE",
        "price": "12.50",
        "amount": "300.00",
        "state": "reserved",
        "promised_date": "2025-11-29",
        "reserved": "24",
        **changes,
    }


def make_order(number: str, **changes: Any) -> Json:
    return {
        "number": number,
        "partner": "NORDHAUS",
        "channel": "ED",
        "type": "standard",
        "buyer_reference": "PO-77120",
        "state": "confirmed",
        "billing": "not_billed",
        "payment": "open",
        "currency": "EUR",
        "total": "12834.00",
        "charges": [],
        "revision": 1,
        "lines": [
            make_line(1),
            make_line(2, description="Floor lamp, oak", quantity="6", price="89.00", amount="534.00"),
        ],
        "holds": [],
        "documents": [],
        **changes,
    }


def make_hold(**changes: Any) -> Json:
    return {
        "code": "price.mismatch",
        "stage": "confirm",
        "line": 1,
        "reason": "The partner asks for 13.25, the price agreed is 12.50: 6.0 % off where 2.0 % is tolerated.",
        "inputs": {"sent": "13.25", "expected": "12.50", "difference_percent": "6.0", "tolerance_percent": "2.0"},
        "rule": "price.tolerance",
        "rule_version": "1",
        "release_role": "sales_manager",
        "release_when": "a corrected price of 12.50",
        **changes,
    }


def reply(identifier: str, type_: str, reference: str) -> Json:
    return {"id": identifier, "type": type_, "direction": "out", "control_reference": reference}


def fill(gateway: MemoryGateway) -> None:
    """Add what the demo drops."""
    content = CLEAN.format(price="12.50").encode()
    link = {"id": "101", "type": "ORDERS", "direction": "in", "control_reference": "DEMO0001"}
    answers = [reply("102", "CONTRL", "OG000001"), reply("103", "ORDRSP", "OG000002")]
    gateway.add_document(
        make_document("101", orders=["2025-ED-000001"], replies=answers), content, segments_of(content)
    )
    for answer in answers:
        text = f"UNB+UNOC:3+4098765000007:14+4012345000009:14+251122:0815+{answer['control_reference']}'".encode()
        gateway.add_document(
            make_document(answer["id"], **answer | {"outcome": None, "source_id": None}), text, segments_of(text)
        )
    gateway.add_order(make_order("2025-ED-000001", state="in_transit", documents=[link, *answers]))
    for event, summary in (
        ("order.confirmed", "All checks passed; 30 pieces reserved until 29 November"),
        ("order.packed", "2 packages, SSCC 340987650000000017 and 340987650000000024"),
        ("order.shipped", "Booked with the sandbox carrier, tracking SBX-204418"),
        ("shipment.in_transit", "Picked up in Hamburg"),
    ):
        gateway.now += timedelta(seconds=2)
        gateway.add_event(event, "2025-ED-000001", summary)
    fill_held(gateway)
    fill_truncated(gateway)


def fill_held(gateway: MemoryGateway) -> None:
    content = CLEAN.format(price="13.25").replace("DEMO0001", "DEMO0002").replace("77120", "77121").encode()
    segments = segments_of(content)
    answers = [reply("112", "CONTRL", "OG000003")]
    document = make_document("111", control_reference="DEMO0002", orders=["2025-ED-000002"], replies=answers)
    gateway.add_document(document, content, segments)
    link = {"id": "111", "type": "ORDERS", "direction": "in", "control_reference": "DEMO0002"}
    order = make_order(
        "2025-ED-000002", state="in_review", buyer_reference="PO-77121", holds=[make_hold()], documents=[link]
    )
    order["lines"][0].update(state="open", price="13.25", amount="318.00", reserved="0")
    gateway.add_order(order)
    gateway.add_event("order.held", "2025-ED-000002", "Price mismatch on line 1", code="price.mismatch")
    gateway.sources["2025-ED-000002", "lines.1.price"] = {
        "field": "lines.1.price",
        "value": "13.25",
        "verified": True,
        "document_id": "111",
        "kind": "edifact",
        "segment": 13,
        "tag": "PRI",
        "element": 1,
        "component": 2,
        "offset": content.index(b"13.25"),
        "length": 5,
        "text": "13.25",
    }


def fill_truncated(gateway: MemoryGateway) -> None:
    content = CLEAN.format(price="12.50").replace("DEMO0001", "DEMO0003").encode()[:420]
    violation = {
        "code": "edifact.unz_missing",
        "severity": "error",
        "level": "interchange",
        "segment": None,
        "tag": "UNZ",
        "element": None,
        "component": None,
        "offset": 420,
        "value": None,
        "message": "The interchange ends without UNZ: the file is truncated.",
        "hint": "Send the whole file again; nothing was taken from this one.",
    }
    gateway.add_document(
        make_document(
            "121",
            control_reference="DEMO0003",
            outcome="rejected",
            reason="The interchange ends without UNZ",
            violations=[violation],
            replies=[reply("122", "CONTRL", "OG000004")],
        ),
        content,
        segments_of(content),
    )


@pytest.fixture
def memory() -> MemoryGateway:
    gateway = MemoryGateway(NOW)
    gateway.keys["good-key"] = Principal("anna", frozenset({"read", "operate"}))
    gateway.keys["reader-key"] = Principal("rolf", frozenset({"read"}))
    gateway.keys["partner-key"] = Principal("nordhaus", frozenset({"read", "operate"}), "NORDHAUS")
    gateway.keys["other-key"] = Principal("other", frozenset({"read"}), "SUEDHAUS")
    gateway.keys["submit-key"] = Principal("sender", frozenset({"submit"}))
    return gateway


async def serve(memory: MemoryGateway, *, sandbox: bool) -> TestServer:
    settings = WebSettings(sandbox=sandbox, loopback=True, secret=b"s" * 32, poll_seconds=0.05)
    app = build(WebParts(memory, memory, memory, memory, settings))
    attach(app)
    memory.woken = lambda: wake(app)
    server = TestServer(app)
    await server.start_server()
    return server


@pytest.fixture
async def console(memory: MemoryGateway) -> AsyncIterator[TestServer]:
    """A console that is open: the sandbox on loopback."""
    server = await serve(memory, sandbox=True)
    yield server
    await server.close()


@pytest.fixture
async def closed_console(memory: MemoryGateway) -> AsyncIterator[TestServer]:
    """A console that asks for a key."""
    server = await serve(memory, sandbox=False)
    yield server
    await server.close()


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield started
        await started.close()


@pytest.fixture
def filled(memory: MemoryGateway) -> MemoryGateway:
    """The gateway with what the demo drops."""
    fill(memory)
    return memory


@pytest.fixture
def filler() -> Callable[[MemoryGateway], None]:
    return fill


@pytest.fixture
def order_maker() -> Callable[..., Json]:
    return make_order


@pytest.fixture
def document_maker() -> Callable[..., Json]:
    return make_document


@pytest.fixture
async def get(console: TestServer) -> AsyncIterator[Any]:
    """Ask for a page; return its status and text."""
    async with ClientSession() as session:

        async def ask(path: str) -> tuple[int, str]:
            async with session.get(console.make_url(path)) as response:
                return response.status, await response.text()

        yield ask
