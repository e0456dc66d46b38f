"""The web on a real socket: slow and endless bodies, headers, limits, streams, the end of the server."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from core.errors import StoreUnavailable
from gateway.web.app import WebParts, build, wake
from gateway.web.ports import Principal
from gateway.web.settings import WebSettings
from gateway.web.testing import MemoryGateway

KEY = {"Authorization": "Bearer house"}
ORDER: dict[str, Any] = {
    "partner": "NORDHAUS",
    "buyer_reference": "PO-1",
    "lines": [{"sku": "LAMP-001", "quantity": "24", "price": "12.50"}],
}
Client = TestClient[Any, Any]


class Failing(MemoryGateway):
    """Fails in the way that a test sets."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.failure: Exception | None = None
        self.go_on = threading.Event()
        self.go_on.set()

    def reconciliation(self, tx: Any) -> dict[str, Any]:
        if self.failure is not None:
            raise self.failure
        return super().reconciliation(tx)

    def audit_verify(self) -> dict[str, Any]:
        self.go_on.wait(20)
        return super().audit_verify()


@pytest.fixture
def memory() -> MemoryGateway:
    gateway = Failing(datetime(2025, 11, 22, 8, 15, 2, tzinfo=UTC))
    gateway.keys["house"] = Principal("house", frozenset({"admin"}))
    gateway.keys["partner"] = Principal("nordhaus", frozenset({"read"}), "NORDHAUS")
    gateway.keys["other"] = Principal("suedhaus", frozenset({"read"}), "SUEDHAUS")
    return gateway


async def opened(memory: MemoryGateway, **changes: Any) -> Client:
    given = {"sandbox": True, "loopback": True, "secret": b"s" * 32, "poll_seconds": 0.02, **changes}
    app = build(WebParts(memory, memory, memory, memory, WebSettings(**given)))
    memory.woken = lambda: wake(app)
    client: Client = TestClient(TestServer(app))
    await client.start_server()
    return client


@pytest.fixture
async def client(memory: MemoryGateway) -> AsyncIterator[Client]:
    client = await opened(memory, heartbeat_seconds=0.1)
    yield client
    await client.close()


async def place(client: Client) -> str:
    async with client.post("/api/v1/orders", json=ORDER, headers=KEY) as response:
        assert response.status == 201
        return str((await response.json())["number"])


async def raw_request(client: Client, head: str, *chunks: bytes) -> bytes:
    """Send bytes as they are and return what comes back until the server closes or the answer is whole."""
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(head.replace("\n", "\r\n").encode() + b"\r\n")
    with contextlib.suppress(ConnectionError):  # the server has had enough, which is what some tests want
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
    async with asyncio.timeout(20):
        answer = await reader.readuntil(b"}")
    writer.close()
    return answer


async def test_a_body_that_trickles_is_given_up(memory: MemoryGateway) -> None:
    client = await opened(memory, body_seconds=0.2)
    head = "POST /api/v1/documents HTTP/1.1\nHost: localhost\nAuthorization: Bearer house\nContent-Length: 100\n"
    answer = await raw_request(client, head, b"UNB+")
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"request.timeout" in answer
    await client.close()


async def test_a_body_without_end_is_cut(client: Client) -> None:
    head = (
        "POST /api/v1/orders HTTP/1.1\nHost: localhost\nAuthorization: Bearer house\nContent-Type: application/json\n"
        "Transfer-Encoding: chunked\n"
    )
    chunk = b"%x\r\n%s\r\n" % (2**20, b" " * 2**20)
    answer = await raw_request(client, head, *[chunk] * 8)
    assert answer.startswith(b"HTTP/1.1 413")


async def test_a_length_beyond_the_limit_is_refused_unread(client: Client) -> None:
    head = (
        "POST /api/v1/documents HTTP/1.1\nHost: localhost\nAuthorization: Bearer house\n"
        f"Content-Length: {65 * 1024 * 1024}\n"
    )
    assert (await raw_request(client, head)).startswith(b"HTTP/1.1 413")


async def test_every_answer_carries_the_security_headers(client: Client) -> None:
    for method, path in (
        ("GET", "/health/live"),
        ("GET", "/nothing"),
        ("DELETE", "/api/v1/orders"),
        ("GET", "/api/v1/orders"),
    ):
        async with client.request(method, path) as response:
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert "unsafe" not in response.headers["Content-Security-Policy"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["X-Frame-Options"] == "DENY"
            assert response.headers["Server"] == "ordergate"
            assert response.headers["Cache-Control"] == "no-store"


async def test_a_crash_shows_no_traceback(client: Client, memory: Failing) -> None:
    memory.failure = RuntimeError("secret detail")
    with capture_logs() as logs:
        async with client.get("/api/v1/reconciliation", headers=KEY) as response:
            problem = await response.json(content_type="application/problem+json")
    assert (response.status, problem["code"]) == (500, "system.failed")
    assert "secret detail" not in str(problem)
    assert "Traceback" not in str(problem)
    assert [entry["reference"] for entry in logs if entry["event"] == "request.failed"] == [problem["reference"]]


async def test_a_store_that_does_not_answer_says_come_back(client: Client, memory: Failing) -> None:
    memory.failure = StoreUnavailable()
    async with client.get("/api/v1/reconciliation", headers=KEY) as response:
        assert response.status == 503
        assert response.headers["Retry-After"] == "1"


async def test_reading_has_a_deadline(memory: Failing) -> None:
    client = await opened(memory, read_seconds=0.2)
    memory.go_on.clear()
    try:
        async with client.get("/api/v1/audit/verify", headers=KEY) as response:
            problem = await response.json(content_type="application/problem+json")
        assert (response.status, problem["code"]) == (503, "timeout")
    finally:
        memory.go_on.set()
        await client.close()


@pytest.mark.parametrize("path", ["/api/v1/orders/%00", "/api/v1/documents/a%0Ab", "/%7F"])
async def test_control_characters_name_nothing(client: Client, path: str) -> None:
    answer = await raw_request(client, f"GET {path} HTTP/1.1\nHost: localhost\nAuthorization: Bearer house\n")
    assert answer.startswith(b"HTTP/1.1 404")


async def test_one_key_cannot_starve_the_others(memory: MemoryGateway) -> None:
    client = await opened(memory, rate=0.01, burst=3)
    statuses = []
    for _ in range(5):
        async with client.get("/api/v1/orders", headers=KEY) as response:
            statuses.append(response.status)
            last = response
    assert statuses == [200, 200, 200, 429, 429]
    assert 1 <= int(last.headers["Retry-After"]) <= 100
    async with client.get("/api/v1/orders", headers={"Authorization": "Bearer partner"}) as response:
        assert response.status == 200
    async with client.get("/health/live") as response:
        assert response.status == 200
    await client.close()


async def test_guessing_keys_is_slowed_and_good_keys_still_pass(client: Client) -> None:
    statuses = set()
    for attempt in range(40):
        async with client.get("/api/v1/orders", headers={"Authorization": f"Bearer guess-{attempt}"}) as response:
            statuses.add(response.status)
    assert statuses == {401, 429}
    async with client.get("/api/v1/orders", headers=KEY) as response:
        assert response.status == 200


async def lines_until(response: ClientResponse, wanted: bytes) -> list[bytes]:
    lines: list[bytes] = []
    async with asyncio.timeout(20):
        while not lines or wanted not in lines[-1]:
            lines.append((await response.content.readline()).strip())
    return lines


async def test_events_arrive_live_and_resume(client: Client, memory: MemoryGateway) -> None:
    async with client.get("/api/v1/events", headers=KEY) as response:
        assert response.content_type == "text/event-stream"
        await lines_until(response, b"still here")
        number = await place(client)
        lines = await lines_until(response, b"data:")
        assert b"id: 1" in lines
        assert b"event: order.received" in lines
        assert number.encode() in lines[-1]
    await place(client)
    await place(client)
    async with client.get("/api/v1/events", headers={**KEY, "Last-Event-ID": "1"}) as response:
        lines = await lines_until(response, b"id: 3")
        assert b"id: 2" in lines
        assert b"id: 1" not in lines
    async with client.get("/api/v1/events?after=2", headers=KEY) as response:
        assert b"id: 3" in await lines_until(response, b"id: 3")
    async with client.get("/api/v1/events", headers={**KEY, "Last-Event-ID": "x"}) as response:
        assert response.status == 422
    assert len(memory.events) == 3


async def test_a_partner_hears_of_its_own_orders_only(client: Client, memory: MemoryGateway) -> None:
    await place(client)
    async with client.get("/api/v1/events?after=0", headers={"Authorization": "Bearer partner"}) as response:
        assert await lines_until(response, b"id: 1")
    async with client.get("/api/v1/events?after=0", headers={"Authorization": "Bearer other"}) as response:
        lines = await lines_until(response, b"still here")
        assert not any(line.startswith(b"data:") for line in lines)
    assert len(memory.events) == 1


async def test_a_stream_ends_with_its_key(memory: MemoryGateway) -> None:
    """Revoke at once, of a stream that is open too: what happens afterwards is not told."""
    client = await opened(memory, heartbeat_seconds=60.0, recheck_seconds=0.0)
    response = await client.get("/api/v1/events?after=0", headers={"Authorization": "Bearer partner"})
    await place(client)
    await lines_until(response, b"data:")
    del memory.keys["partner"]
    await place(client)
    async with asyncio.timeout(20):
        assert b"data:" not in await response.content.read()
    await client.close()


async def test_a_stream_of_another_partner_now_ends(memory: MemoryGateway) -> None:
    client = await opened(memory, heartbeat_seconds=60.0, recheck_seconds=0.0)
    response = await client.get("/api/v1/events?after=0", headers={"Authorization": "Bearer partner"})
    memory.keys["partner"] = memory.keys["other"]
    await place(client)
    async with asyncio.timeout(20):
        assert b"data:" not in await response.content.read()
    await client.close()


async def test_the_server_stops_although_somebody_listens(memory: MemoryGateway) -> None:
    client = await opened(memory, heartbeat_seconds=60.0)
    response = await client.get("/api/v1/events", headers=KEY)
    await lines_until(response, b"still here")
    async with asyncio.timeout(20):  # far less than the heartbeat
        await client.server.close()
        assert await response.content.read() == b"id: 0\n\n"
    await client.close()


async def test_a_large_document_passes_whole(client: Client, memory: MemoryGateway) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"UNH+1'" * 2**17

    async with client.post("/api/v1/documents", data=parts(), headers=KEY) as response:
        assert response.status == 202
    content = memory.acts[-1][1]["content"]
    assert isinstance(content, bytes)
    assert len(content) == 20 * 6 * 2**17
    assert isinstance(client.app, web.Application)
