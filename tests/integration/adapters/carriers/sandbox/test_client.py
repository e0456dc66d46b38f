"""The wire under every way that a call can end: taken, refused, not sent, unknown."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.carriers.sandbox.client import SandboxCarrier
from adapters.carriers.sandbox.faults import Fault
from adapters.carriers.sandbox.service import SandboxService
from core.errors import DeliveryFailed, DeliveryRefused, OutcomeUnknown, SettingsInvalid
from core.ports import CarrierAnswer
from core.testing.carrier import SteppedClock, booking_request

TOKEN = "a-token-for-tests"


@asynccontextmanager
async def _connected(
    tmp_path: Path, *faults: Fault | None, timeout_seconds: float = 5.0
) -> AsyncIterator[SandboxCarrier]:
    async with (
        SandboxService(tmp_path / "carrier.db", TOKEN, SteppedClock(), faults=deque(faults)) as service,
        SandboxCarrier(service.url, TOKEN, timeout_seconds=timeout_seconds) as carrier,
    ):
        yield carrier


@asynccontextmanager
async def _peer(answer: bytes, *, hold: bool = False) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Listen as a carrier that sends *answer* to whatever comes and, with *hold*, then stays silent."""
    heard: list[bytes] = []
    released = asyncio.Event()

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        if hold:
            await released.wait()
        writer.close()

    server = await asyncio.start_server(reply, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard
    finally:
        released.set()
        server.close()
        await server.wait_closed()


def _http(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize("fault", [Fault.FAIL_AFTER_TAKING, Fault.DROP_AFTER_TAKING, Fault.HANG_AFTER_TAKING])
async def test_an_unknown_outcome_is_found_afterwards(tmp_path: Path, fault: Fault) -> None:
    async with _connected(tmp_path, fault, timeout_seconds=0.3) as carrier:
        with pytest.raises(OutcomeUnknown):
            await carrier.book(booking_request("B-1"))
        found = await carrier.find("B-1")
        repeated = await carrier.book(booking_request("B-1"))
    assert found is not None
    assert found.content == repeated.content


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.DROP_BEFORE_TAKING])
async def test_an_unknown_outcome_may_turn_out_as_not_taken(tmp_path: Path, fault: Fault) -> None:
    async with _connected(tmp_path, fault) as carrier:
        with pytest.raises(OutcomeUnknown):
            await carrier.book(booking_request("B-1"))
        assert await carrier.find("B-1") is None


async def test_a_refusal_names_the_member_and_the_reason(tmp_path: Path) -> None:
    request = booking_request("B-1")
    async with _connected(tmp_path, None, Fault.REFUSE) as carrier:
        with pytest.raises(DeliveryRefused, match=r"422 consignment\.invalid.*receiver\.street: Field required"):
            await carrier.book(request._replace(receiver=request.receiver._replace(street="")))
        await carrier.book(request)
        with pytest.raises(DeliveryRefused, match="the booking is refused"):
            await carrier.book(booking_request("B-2"))
        with pytest.raises(DeliveryRefused, match=r"409 reference\.reused"):
            await carrier.book(booking_request("B-1", packages=1))
        with pytest.raises(DeliveryRefused, match=r"404 consignment\.unknown.*tracking number"):
            await carrier.track("../../v1/consignments?reference=B-1")


async def test_a_wrong_token_books_and_tells_nothing(tmp_path: Path) -> None:
    async with (
        SandboxService(tmp_path / "carrier.db", TOKEN, SteppedClock()) as service,
        SandboxCarrier(service.url, "another-token") as stranger,
        SandboxCarrier(service.url, TOKEN) as carrier,
    ):
        for call in (stranger.book(booking_request("B-1")), stranger.find("B-1"), stranger.track("SBX00000000017")):
            with pytest.raises(DeliveryRefused, match=r"401 token\.invalid"):
                await call
        assert await carrier.find("B-1") is None


async def test_an_unreachable_carrier_has_certainly_taken_nothing() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with SandboxCarrier(f"http://127.0.0.1:{unused.getsockname()[1]}", TOKEN) as carrier:
            with pytest.raises(DeliveryFailed) as failed:
                await carrier.book(booking_request("B-1"))
            with pytest.raises(DeliveryFailed):
                await carrier.find("B-1")
    assert type(failed.value) is DeliveryFailed
    assert failed.value.retryable


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"])
@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda carrier: carrier.book(booking_request("B-1")), OutcomeUnknown),
        (lambda carrier: carrier.find("B-1"), DeliveryFailed),
        (lambda carrier: carrier.track("SBX00000000017"), DeliveryFailed),
    ],
)
async def test_every_call_ends_in_time(
    answer: bytes, call: Callable[[SandboxCarrier], object], error: type[DeliveryFailed]
) -> None:
    async with _peer(answer, hold=True) as (url, heard), SandboxCarrier(url, TOKEN, timeout_seconds=0.2) as carrier:
        began = time.monotonic()
        with pytest.raises(error) as failed:
            await call(carrier)  # type: ignore[misc]  # the three calls return different awaitables
        assert time.monotonic() - began < 3
    assert type(failed.value) is error
    assert len(heard) == 1, "a call is sent once"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (_http("302 Found", b"", "Location: /elsewhere"), OutcomeUnknown),
        (_http("204 No Content"), OutcomeUnknown),
        (_http("408 Request Timeout"), OutcomeUnknown),
        (_http("500 Oops", b"<h1>Oops</h1>"), OutcomeUnknown),
        (_http("599 Odd"), OutcomeUnknown),
        (_http("429 Slow Down"), DeliveryFailed),
        (_http("404 Not Found", b"wrong door"), DeliveryRefused),
        (_http("499 Odd"), DeliveryRefused),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", OutcomeUnknown),
        (b"SSH-2.0-OpenSSH\r\n", OutcomeUnknown),
        (b"", OutcomeUnknown),
    ],
)
async def test_what_an_answer_to_a_booking_means(answer: bytes, error: type[DeliveryFailed]) -> None:
    async with _peer(answer) as (url, heard), SandboxCarrier(url, TOKEN) as carrier:
        with pytest.raises(DeliveryFailed) as failed:
            await carrier.book(booking_request("B-1"))
    assert type(failed.value) is error
    assert len(heard) == 1, "a booking is sent once"
    assert b"Idempotency-Key: B-1\r\n" in heard[0]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (_http("404 Not Found", b"wrong door"), DeliveryRefused),
        (_http("404 Not Found", b'{"code": "other", "detail": "no"}'), DeliveryRefused),
        (_http("500 Oops"), DeliveryFailed),
        (_http("429 Slow Down"), DeliveryFailed),
        (_http("302 Found", b"", "Location: /elsewhere"), DeliveryFailed),
    ],
)
async def test_only_the_carriers_own_word_means_that_nothing_was_booked(
    answer: bytes, error: type[DeliveryFailed]
) -> None:
    async with _peer(answer) as (url, _), SandboxCarrier(url, TOKEN) as carrier:
        with pytest.raises(DeliveryFailed) as failed:
            await carrier.find("B-1")
    assert type(failed.value) is error


async def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.carriers.sandbox.client._MAX_ANSWER", 1000)
    async with _peer(_http("200 OK", b"x" * 1001)) as (url, _), SandboxCarrier(url, TOKEN) as carrier:
        with pytest.raises(DeliveryFailed, match="longer than 1000 bytes"):
            await carrier.find("B-1")


async def test_the_raw_bytes_come_back_with_their_media_type() -> None:
    body = b'{"anything": "is kept before it is read"}'
    async with (
        _peer(_http("201 Created", body, "Content-Type: application/json; charset=utf-8")) as (url, heard),
        SandboxCarrier(url + "/", TOKEN) as carrier,
    ):
        assert await carrier.book(booking_request("B-1")) == CarrierAnswer(body, "application/json")
    assert heard[0].startswith(b"POST /v1/consignments HTTP/1.1\r\n")


async def test_a_closed_carrier_opens_again(tmp_path: Path) -> None:
    async with _connected(tmp_path) as carrier:
        await carrier.book(booking_request("B-1"))
        await carrier.aclose()
        await carrier.aclose()
        assert await carrier.find("B-1") is not None


@pytest.mark.parametrize("address", ["", "127.0.0.1:80", "ftp://127.0.0.1", "http://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(SettingsInvalid):
        SandboxCarrier(address, TOKEN)
