"""The application on a socket of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession, web

from core.errors import SystemFailed
from gateway.web.app import WebParts, build
from gateway.web.serving import is_loopback, serving
from gateway.web.settings import WebSettings
from gateway.web.testing import MemoryGateway


def make_app() -> web.Application:
    memory = MemoryGateway(datetime(2025, 11, 22, tzinfo=UTC))
    return build(WebParts(memory, memory, memory, memory, WebSettings(sandbox=False, loopback=True, secret=b"s" * 32)))


async def test_it_serves_while_it_is_open_and_tells_its_port() -> None:
    async with serving(make_app(), "127.0.0.1", 0) as port, ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/health/live") as response:
            assert await response.json() == {"status": "ok"}
        with pytest.raises(SystemFailed, match=f"port {port}"):
            async with serving(make_app(), "127.0.0.1", port):
                raise AssertionError


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False), ("h", False)],
)
def test_loopback_addresses(host: str, own: bool) -> None:
    assert is_loopback(host) is own
