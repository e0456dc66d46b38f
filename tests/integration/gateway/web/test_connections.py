"""Connections on a real socket: heads that drip, idle ones, too many of one address, and all that must not suffer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.web.app import WebParts, build, wake
from gateway.web.connections import CONNECTIONS, Connections, listening
from gateway.web.ports import Principal
from gateway.web.settings import WebSettings
from gateway.web.testing import MemoryGateway

GIVEN_UP = "request given up: its head did not come in time"
LIVE = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEAD = b"POST /api/v1/documents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer house\r\n"


class Door:
    """An open server: where it is, and its connections."""

    def __init__(self, address: str, connections: Connections, memory: MemoryGateway) -> None:
        self.port = int(address.rpartition(":")[2])
        self.connections = connections
        self.memory = memory
        self._writers: list[asyncio.StreamWriter] = []

    async def knock(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writers.append(writer)
        return reader, writer

    async def leave(self, *writers: asyncio.StreamWriter) -> None:
        """Hang up on some connections, or on all."""
        for writer in writers or self._writers:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def has_left(self, number: int) -> None:
        """Wait until the server counts *number* connections."""
        async with asyncio.timeout(20):
            while self.connections.open.total() != number:  # noqa: ASYNC110 - the server tells nobody that one is gone
                await asyncio.sleep(0.01)


@asynccontextmanager
async def opened(**limits: Any) -> AsyncIterator[Door]:
    memory = MemoryGateway(datetime(2025, 11, 22, 8, 15, 2, tzinfo=UTC))
    memory.keys["house"] = Principal("house", frozenset({"admin"}))
    given = {"sandbox": True, "loopback": True, "secret": b"s" * 32, "poll_seconds": 0.02, **limits}
    app = build(WebParts(memory, memory, memory, memory, WebSettings(**given)))
    memory.woken = lambda: wake(app)
    async with listening(app, "127.0.0.1", 0, drain_seconds=1) as address:
        door = Door(address, app[CONNECTIONS], memory)
        try:
            yield door
        finally:
            await door.leave()
        await door.has_left(0)


async def drip(writer: asyncio.StreamWriter, content: bytes, pause: float) -> None:
    """Send one byte at a time, until all is sent or the other side has gone."""
    with contextlib.suppress(ConnectionError):
        for byte in content:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(pause)


async def answer(reader: asyncio.StreamReader) -> bytes:
    """Return one answer to LIVE."""
    async with asyncio.timeout(20):
        return await reader.readuntil(b"}")


async def rest(reader: asyncio.StreamReader) -> bytes:
    """Return what still comes until the other side hangs up; nothing where it hung up on bytes that were on the way."""
    told = b""
    async with asyncio.timeout(20):
        with contextlib.suppress(ConnectionError):
            while part := await reader.read(65536):
                told += part
    return told


async def test_a_head_that_drips_is_given_up() -> None:
    async with opened(head_seconds=0.3) as door:
        reader, writer = await door.knock()
        with capture_logs() as logs:
            dripping = asyncio.create_task(drip(writer, LIVE[:-2] + b"X: " + b"y" * 500, 0.02))
            assert (await rest(reader))[:13] in (b"HTTP/1.1 408 ", b"")
            dripping.cancel()
        assert [entry["event"] for entry in logs] == [GIVEN_UP]


async def test_a_connection_that_says_nothing_is_closed() -> None:
    async with opened(head_seconds=0.2) as door:
        reader, _ = await door.knock()
        assert await rest(reader) == b""


async def test_a_second_head_that_drips_is_given_up() -> None:
    async with opened(head_seconds=0.3) as door:
        reader, writer = await door.knock()
        writer.write(LIVE)
        assert b"200 OK" in await answer(reader)
        with capture_logs() as logs:
            dripping = asyncio.create_task(drip(writer, LIVE[:-2] + b"X: " + b"y" * 500, 0.02))
            assert (await rest(reader))[:13] in (b"HTTP/1.1 408 ", b"")
            dripping.cancel()
        assert [entry["event"] for entry in logs] == [GIVEN_UP]


async def test_a_head_that_stops_is_told_so() -> None:
    async with opened(head_seconds=0.2) as door:
        reader, writer = await door.knock()
        writer.write(LIVE[:-2])
        assert (await rest(reader)).startswith(b"HTTP/1.1 408 ")


async def test_an_idle_connection_keeps_its_own_time() -> None:
    """Between requests it may rest longer than a head may take, up to the limit of keep-alive."""
    async with opened(head_seconds=0.1, keep_alive_seconds=1.0) as door:
        reader, writer = await door.knock()
        loop = asyncio.get_running_loop()
        for _ in range(2):
            writer.write(LIVE)
            assert b"200 OK" in await answer(reader)
            since = loop.time()
            await asyncio.sleep(0.3)
        assert await rest(reader) == b""
        assert loop.time() - since >= 0.9


async def test_a_slow_upload_has_the_time_of_bodies() -> None:
    async with opened(head_seconds=0.1, body_seconds=20) as door:
        reader, writer = await door.knock()
        writer.write(HEAD + b"Content-Length: 30\r\n\r\n")
        await drip(writer, b"x" * 30, 0.02)
        assert (await answer(reader)).startswith(b"HTTP/1.1 202 ")
        assert door.memory.acts[-1][1]["content"] == b"x" * 30


async def test_a_stream_outlives_the_time_of_heads() -> None:
    async with opened(head_seconds=0.1, heartbeat_seconds=0.05) as door:
        reader, writer = await door.knock()
        writer.write(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer house\r\n\r\n")
        async with asyncio.timeout(20):
            for _ in range(10):  # half a second of heartbeats
                await reader.readuntil(b"still here")


async def test_an_address_has_so_many_connections_and_no_more() -> None:
    async with opened(connections_per_address=3) as door:
        held = [await door.knock() for _ in range(3)]
        with capture_logs() as logs:
            reader, writer = await door.knock()
            assert (await rest(reader)).startswith(b"HTTP/1.1 503 ")
        assert [entry["address"] for entry in logs if entry["event"] == "connection refused"] == ["127.0.0.1"]
        for reader, writer in held:
            writer.write(LIVE)
            assert b"200 OK" in await answer(reader)
        await door.leave(held[0][1])
        await door.has_left(2)
        reader, writer = await door.knock()
        writer.write(LIVE)
        assert b"200 OK" in await answer(reader)


async def test_any_number_where_none_is_set() -> None:
    async with opened(connections_per_address=0) as door:
        held = [await door.knock() for _ in range(20)]
        for reader, writer in held:
            writer.write(LIVE)
            assert b"200 OK" in await answer(reader)


async def test_pipelined_requests_are_answered_in_turn() -> None:
    async with opened(head_seconds=5) as door:
        reader, writer = await door.knock()
        writer.write(LIVE * 50)
        told = [await answer(reader) for _ in range(50)]
        assert all(b"200 OK" in one for one in told)


async def test_more_bytes_than_the_length_says_are_the_next_request() -> None:
    """And one that is none: nothing of the connection is believed any more."""
    async with opened() as door:
        reader, writer = await door.knock()
        writer.write(HEAD + b"Content-Length: 4\r\n\r\nUNB+AND MORE\r\n\r\n")
        assert b" 400 Bad Request" in await rest(reader)
        assert door.memory.acts == []


async def test_less_bytes_than_the_length_says_make_no_document() -> None:
    async with opened() as door:
        _, writer = await door.knock()
        writer.write(HEAD + b"Content-Length: 400\r\n\r\nUNB+")
        await writer.drain()
        await door.leave()
        await door.has_left(0)
        assert door.memory.acts == []


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: 4\r\nContent-Length: 5\r\n",
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: -4\r\n",
        b"Content-Length: +4\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"X: " + b"y" * 100_000 + b"\r\n",
        b"X : smuggled\r\n",
    ],
    ids=["two lengths", "length and chunks", "negative", "signed", "chunks not last", "endless line", "space"],
)
async def test_a_head_that_two_could_read_differently_is_refused(lines: bytes) -> None:
    """RFC 9112 sections 5.1 and 6.3: what a proxy before us might cut elsewhere is the way to smuggle requests."""
    async with opened() as door:
        reader, writer = await door.knock()
        writer.write(HEAD + lines + b"\r\nUNB+")
        assert (await rest(reader))[8:24] in (b" 400 Bad Request", b"")
        assert door.memory.acts == []
