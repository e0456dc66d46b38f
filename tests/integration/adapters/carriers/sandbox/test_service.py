"""The service from outside: its socket, its token, its memory over a kill."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sqlite3
import subprocess
import sys
from collections import deque
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from adapters.carriers.sandbox.client import SandboxCarrier
from adapters.carriers.sandbox.codec import build_booking
from adapters.carriers.sandbox.faults import Fault
from adapters.carriers.sandbox.scans import Scan
from adapters.carriers.sandbox.service import SandboxService
from core.errors import DeliveryFailed, OutcomeUnknown, StoreUnavailable, SystemFailed
from core.testing.carrier import SteppedClock, booking_request

TOKEN = "a-token-for-tests"
ROOT = Path(__file__).parents[5]


async def _call(service: SandboxService, method: str, path: str, **options: Any) -> tuple[int, str, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {TOKEN}"} | options.pop("headers", {})
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, service.url + path, headers=headers, **options) as response,
    ):
        return response.status, response.content_type, orjson.loads(await response.read())


async def _book(service: SandboxService, reference: str, packages: int = 2) -> tuple[int, dict[str, Any]]:
    status, _, answer = await _call(
        service,
        "POST",
        "/v1/consignments",
        headers={"Idempotency-Key": reference},
        data=build_booking(booking_request(reference, packages=packages)),
    )
    return status, answer


async def test_a_booking_is_made_once_then_repeated_then_contested(tmp_path: Path) -> None:
    clock = SteppedClock()
    async with SandboxService(tmp_path / "carrier.db", TOKEN, clock) as service:
        made, first = await _book(service, "B-1")
        clock.advance(timedelta(hours=1))
        repeated, second = await _book(service, "B-1")
        contested, problem = await _book(service, "B-1", packages=1)
        other, third = await _book(service, "B-2")
    assert (made, repeated, contested, other) == (201, 200, 409, 201)
    assert second == first
    assert problem["code"] == "reference.reused"
    assert third["tracking_number"] != first["tracking_number"]


@pytest.mark.parametrize(
    ("call", "headers", "body", "refusal"),
    [
        ("GET /v1/consignments?reference=B-1", {"Authorization": "Bearer wrong"}, b"", "401 token.invalid"),
        ("GET /v1/consignments?reference=B-1", {"Authorization": TOKEN}, b"", "401 token.invalid"),
        ("GET /nowhere", {"Authorization": "Bearer \xfc"}, b"", "401 token.invalid"),
        ("GET /nowhere", {"Authorization": ""}, b"", "401 token.invalid"),
        ("GET /nowhere", {}, b"", "404 request.refused"),
        ("DELETE /v1/consignments", {}, b"", "405 request.refused"),
        ("GET /v1/consignments", {}, b"", "400 reference.missing"),
        ("GET /v1/consignments?reference=B-1", {}, b"", "404 consignment.unknown"),
        ("GET /v1/consignments/SBX00000000017/events", {}, b"", "404 consignment.unknown"),
        ("GET /v1/consignments/SBX00000000018/events", {}, b"", "404 consignment.unknown"),
        ("POST /v1/consignments", {}, b"{", "400 request.malformed"),
        ("POST /v1/consignments", {}, b"[]", "422 consignment.invalid"),
        ("POST /v1/consignments", {}, build_booking(booking_request("B-1")), "400 idempotency_key.mismatch"),
        ("POST /v1/consignments", {}, b" " * (2**20 + 1), "413 request.refused"),
    ],
)
async def test_a_refusal_is_a_problem_document(
    tmp_path: Path, call: str, headers: dict[str, str], body: bytes, refusal: str
) -> None:
    method, _, path = call.partition(" ")
    async with SandboxService(tmp_path / "carrier.db", TOKEN, SteppedClock()) as service:
        answered, media_type, problem = await _call(service, method, path, headers=headers, data=io.BytesIO(body))
    assert f"{answered} {problem['code']}" == refusal
    assert (media_type, problem["status"]) == ("application/problem+json", answered)
    assert problem["detail"]


async def test_scans_appear_as_the_clock_passes_them(tmp_path: Path) -> None:
    clock = SteppedClock()
    told = []
    async with SandboxService(tmp_path / "carrier.db", TOKEN, clock) as service:
        _, booking = await _book(service, "B-1")
        for _ in range(4):
            _, _, tracking = await _call(service, "GET", f"/v1/consignments/{booking['tracking_number']}/events")
            told.append([event["code"] for event in tracking["events"]])
            clock.advance(timedelta(seconds=2))
    assert told == [[], ["PU"], ["PU", "IT"], ["PU", "IT", "DL"]]
    assert tracking["events"][-1]["signed_by"] == "Anna Nowak"
    assert tracking["events"][-1]["at"] == "2026-11-23T08:00:06.000000Z"


async def test_another_course_is_told_with_its_exceptions(tmp_path: Path) -> None:
    course = (
        Scan(timedelta(seconds=1), "PU", "sender", "Picked up"),
        Scan(timedelta(days=1), "EX", "hub", "Address not found"),
        Scan(timedelta(days=2), "OD", "receiver", "Out for delivery"),
    )
    clock = SteppedClock()
    async with (
        SandboxService(tmp_path / "carrier.db", TOKEN, clock, course=course) as service,
        SandboxCarrier(service.url, TOKEN) as carrier,
    ):
        booking = carrier.read_booking((await carrier.book(booking_request("B-1"))).content)
        clock.advance(timedelta(days=7))
        events = carrier.read_tracking((await carrier.track(booking.tracking_number)).content)
    assert [event.status for event in events] == ["picked_up", "exception", "out_for_delivery"]


async def test_a_restart_keeps_bookings_and_takes_a_new_port(tmp_path: Path) -> None:
    clock = SteppedClock()
    service = SandboxService(tmp_path / "carrier.db", TOKEN, clock)
    async with service:
        _, first = await _book(service, "B-1")
    async with service:
        status, again = await _book(service, "B-1")
    assert (status, again) == (200, first)
    await service.stop()


async def test_a_taken_port_or_a_spoiled_file_is_said_plainly(tmp_path: Path) -> None:
    async with SandboxService(tmp_path / "carrier.db", TOKEN, SteppedClock()) as service:
        port = int(service.url.rpartition(":")[2])
        second = SandboxService(tmp_path / "other.db", TOKEN, SteppedClock(), port=port)
        with pytest.raises(SystemFailed, match=f"cannot listen on http://127.0.0.1:{port}"):
            await second.start()
    (tmp_path / "spoiled.db").write_bytes(b"no database" * 99)
    with pytest.raises(StoreUnavailable, match="spoiled"):
        await SandboxService(tmp_path / "spoiled.db", TOKEN, SteppedClock()).start()


async def test_a_file_that_fails_is_a_failure_and_not_a_refusal(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        SandboxService(tmp_path / "carrier.db", TOKEN, SteppedClock()) as service,
        SandboxCarrier(service.url, TOKEN) as carrier,
    ):
        with closing(sqlite3.connect(tmp_path / "carrier.db")) as intruder:
            intruder.execute("DROP TABLE consignment")
        with pytest.raises(OutcomeUnknown, match=r"503 ledger\.unavailable"):
            await carrier.book(booking_request("B-1"))
        with pytest.raises(DeliveryFailed, match=r"503 ledger\.unavailable") as failed:
            await carrier.find("B-1")
    assert failed.value.retryable
    assert "carrier.db fails" in caplog.text


async def test_a_stop_answers_what_it_has_begun(tmp_path: Path) -> None:
    service = SandboxService(tmp_path / "carrier.db", TOKEN, SteppedClock(), faults=deque([Fault.HANG_AFTER_TAKING]))
    await service.start()
    booking = asyncio.create_task(_book(service, "B-1"))
    async with asyncio.timeout(5):
        while not await _is_booked(service, "B-1"):
            assert not booking.done()
        await asyncio.gather(service.stop(), service.stop())
    status, problem = await booking
    assert (status, problem["code"]) == (500, "fault.scripted")


async def _is_booked(service: SandboxService, reference: str) -> bool:
    status, _, _ = await _call(service, "GET", f"/v1/consignments?reference={reference}")
    return status == 200


SERVE = """
import asyncio, sys
from pathlib import Path
from adapters.carriers.sandbox.service import SandboxService
from core.clock import SystemClock

async def serve():
    async with SandboxService(Path(sys.argv[1]), sys.argv[2], SystemClock()) as service:
        print(service.url, flush=True)
        await asyncio.Event().wait()

asyncio.run(serve())
"""


def _serve(path: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(path), TOKEN], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def _kill(process: subprocess.Popen[str]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(timeout=10) == -signal.SIGKILL
    assert process.stdout is not None
    process.stdout.close()


async def test_a_killed_carrier_keeps_its_bookings(tmp_path: Path) -> None:
    process, url = _serve(tmp_path / "carrier.db")
    async with SandboxCarrier(url, TOKEN) as carrier:
        told = [(await carrier.book(booking_request(f"B-{number}"))).content for number in range(5)]
        _kill(process)
    process, url = _serve(tmp_path / "carrier.db")
    async with SandboxCarrier(url, TOKEN) as carrier:
        found = [await carrier.find(f"B-{number}") for number in range(5)]
        repeated = [(await carrier.book(booking_request(f"B-{number}"))).content for number in range(5)]
        _kill(process)
    assert [answer.content for answer in found if answer is not None] == told
    assert repeated == told
