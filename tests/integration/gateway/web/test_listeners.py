"""Listeners to the event stream on real sockets: filters, one that does not read, a key that ends (issue 5, part 4)."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from gateway.web import sse
from gateway.web.app import WebParts, build, wake
from gateway.web.broadcast import BACKLOG
from gateway.web.call import BROADCASTER
from gateway.web.ports import Principal
from gateway.web.settings import WebSettings
from gateway.web.testing import MemoryGateway

Client = TestClient[Any, Any]
HOUSE = {"Authorization": "Bearer house"}
PARTNERS = ("NORDHAUS", "SUEDHAUS")
PATIENCE = 20.0


class Busy(MemoryGateway):
    """Has as many events happen as a test wants."""

    def happen(self, count: int, *, size: int = 20) -> None:
        """Have *count* events happen: to the partners in turn, received and confirmed in turn."""
        for _ in range(count):
            at = len(self.events) + 1
            self.events.append(
                {
                    "id": at,
                    "at": "2025-11-22T08:15:02.000000Z",
                    "event": ("order.received", "order.confirmed")[at // 2 % 2],
                    "partner": PARTNERS[at % 2],
                    "number": f"2025-ED-{at % 4}",
                    "channel": "ED",
                    "document_id": None,
                    "summary": "x" * size,
                }
            )
        self.woken()


@pytest.fixture
def memory() -> Busy:
    gateway = Busy(datetime(2025, 11, 22, 8, 15, 2, tzinfo=UTC))
    gateway.keys["house"] = Principal("house", frozenset({"admin"}))
    gateway.keys["nord"] = Principal("nord", frozenset({"read"}), "NORDHAUS")
    return gateway


@pytest.fixture
async def client(memory: Busy) -> AsyncIterator[Client]:
    settings = WebSettings(
        sandbox=True,
        loopback=True,
        secret=b"s" * 32,
        poll_seconds=0.02,
        heartbeat_seconds=0.1,
        recheck_seconds=0.1,
        burst=10_000,
    )
    app = build(WebParts(memory, memory, memory, memory, settings))
    memory.woken = lambda: wake(app)
    client: Client = TestClient(TestServer(app))
    await client.start_server()
    yield client
    await client.close()


async def heard(response: ClientResponse, until: Callable[[bytes], bool]) -> list[int]:
    """Return the positions of the events up to the line that *until* wants; those without an event are left out."""
    found: list[int] = []
    at = 0
    async with asyncio.timeout(PATIENCE):
        async for line in response.content:
            if line.startswith(b"id: "):
                at = int(line[4:])
            elif line.startswith(b"data: "):
                found.append(at)
            if until(line):
                break
    return found


def still_here(line: bytes) -> bool:
    return line.startswith(b": still here")


@pytest.mark.parametrize(
    ("key", "asked", "fits"),
    [
        ("house", "partner=NORDHAUS", lambda told: told["partner"] == "NORDHAUS"),
        ("house", "events=order.confirmed", lambda told: told["event"] == "order.confirmed"),
        ("house", "order=2025-ED-1,2025-ED-2", lambda told: told["number"] in ("2025-ED-1", "2025-ED-2")),
        (
            "house",
            "partner=SUEDHAUS&order=2025-ED-1&events=order.received",
            lambda told: (
                (told["partner"], told["number"]) == ("SUEDHAUS", "2025-ED-1") and told["event"] == "order.received"
            ),
        ),
        ("nord", "", lambda told: told["partner"] == "NORDHAUS"),
        ("nord", "order=2025-ED-1,2025-ED-2", lambda told: told["partner"] == "NORDHAUS" and told["id"] % 4 in (1, 2)),
    ],
)
async def test_only_what_is_wanted_is_told(
    client: Client, memory: Busy, key: str, asked: str, fits: Callable[[Any], bool]
) -> None:
    memory.happen(24)
    headers = {"Authorization": f"Bearer {key}"}
    async with client.get(f"/api/v1/events?after=0&{asked}", headers=headers) as response:
        assert await heard(response, still_here) == [one["id"] for one in memory.events if fits(one)]
        memory.happen(8)
        wanted = [one["id"] for one in memory.events[24:] if fits(one)]
        last = f"id: {wanted[-1]}\n".encode()
        assert await heard(response, lambda line: line == last) == wanted[:-1]


@pytest.mark.parametrize(
    ("key", "asked", "status"),
    [
        ("nord", "partner=SUEDHAUS", 403),
        ("nord", "partner=NORDHAUS", 200),
        ("house", "order=a%20b", 422),
        ("house", "order=" + ",".join(["1"] * 51), 422),
        ("house", "partner=nord", 422),
    ],
)
async def test_what_may_be_asked_for(client: Client, key: str, asked: str, status: int) -> None:
    async with client.get(f"/api/v1/events?{asked}", headers={"Authorization": f"Bearer {key}"}) as response:
        assert response.status == status


async def test_what_others_do_is_no_sign_of_life_and_is_not_looked_at_twice(
    client: Client, memory: Busy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A heartbeat says up to where the filter has looked: who comes back goes on from there."""
    async with client.get("/api/v1/events?after=0&order=none", headers=HOUSE) as response:
        memory.happen(300)
        async with asyncio.timeout(PATIENCE):
            async for line in response.content:
                if line == b"id: 300\n":
                    break
    looked: list[int] = []
    stream = memory.stream

    def watched(tx: Any, after: int, limit: int) -> list[dict[str, Any]]:
        looked.append(after)
        return stream(tx, after, limit)

    monkeypatch.setattr(memory, "stream", watched)
    async with client.get("/api/v1/events?order=none", headers={**HOUSE, "Last-Event-ID": "300"}) as response:
        await heard(response, still_here)
    assert min(looked) == 300


def deaf(client: Client, after: int = 0) -> socket.socket:
    """Listen by a socket that reads nothing, with as little room as the system gives."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listener.connect((client.host, client.port))
    listener.sendall(
        f"GET /api/v1/events?after={after} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer house\r\n\r\n".encode()
    )
    return listener


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(int(PATIENCE * 100)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def test_who_does_not_read_is_cut_off_and_nobody_waits_for_it(
    client: Client, memory: Busy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """20 MB that nobody takes: the others hear all of it, and the deaf one leaves nothing behind."""
    monkeypatch.setattr(sse, "WRITE_SECONDS", 0.5)
    listeners = client.app[BROADCASTER]._listeners
    with deaf(client) as listener:
        await until(lambda: len(listeners) == 1)
        async with client.get("/api/v1/events?after=0", headers=HOUSE) as response:
            for _ in range(10):
                memory.happen(200, size=10_000)
                await asyncio.sleep(0)
            assert len(await heard(response, lambda line: line == b"id: 2000\n")) == 1_999
            assert all(len(one._waiting) <= BACKLOG for one in listeners)
            await until(lambda: len(listeners) == 1)
        listener.settimeout(PATIENCE)
        came = bytearray()
        with contextlib.suppress(ConnectionError):  # cut off
            while part := await asyncio.to_thread(listener.recv, 1 << 20):
                came += part
    ids = [
        int(found) for found in re.findall(rb"id: (\d+)\r?\n(?:(?!id: ).)*?data: [^\n]*\n\r?\n", bytes(came), re.DOTALL)
    ]
    assert ids == list(range(1, len(ids) + 1))
    assert len(ids) < 2_000
    last = {**HOUSE, "Last-Event-ID": str(len(ids))}
    async with client.get("/api/v1/events", headers=last) as response:
        rest = await heard(response, still_here)
    assert ids + rest == list(range(1, 2_001)), "nothing missed, nothing twice"


async def test_a_stream_ends_with_its_key(client: Client, memory: Busy) -> None:
    async with client.get("/api/v1/events", headers=HOUSE) as response:
        await heard(response, still_here)
        del memory.keys["house"]
        async with asyncio.timeout(PATIENCE):
            rest = await response.content.read()
        assert rest.endswith(b": the key has ended\n\n")
    async with client.get("/api/v1/events", headers=HOUSE) as response:
        assert response.status == 401


async def test_a_busy_stream_ends_with_its_key(client: Client, memory: Busy) -> None:
    """Not in a pause of the events: there may be none."""
    async with client.get("/api/v1/events?after=0", headers=HOUSE) as response:
        del memory.keys["house"]
        async with asyncio.timeout(PATIENCE):
            while not response.content.at_eof():
                memory.happen(1)
                await response.content.readany()


@pytest.mark.parametrize(
    "now", [Principal("nord", frozenset({"submit"}), "NORDHAUS"), Principal("n", frozenset({"read"}))]
)
async def test_a_key_that_may_something_else_begins_anew(client: Client, memory: Busy, now: Principal) -> None:
    async with client.get("/api/v1/events", headers={"Authorization": "Bearer nord"}) as response:
        await heard(response, still_here)
        memory.keys["nord"] = now
        async with asyncio.timeout(PATIENCE):
            assert (await response.content.read()).endswith(b": the key has ended\n\n")
