"""Every carrier, real or fake, passes the one exerciser of the port (TRN-13)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.carriers.sandbox.adapter import ADAPTER
from core.ports import Booking, Carrier, CarrierAnswer
from core.testing.carrier import FakeCarrier, SteppedClock, booking_request, exercise_carrier


@pytest.fixture(params=["fake", "sandbox"])
async def connected(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[Carrier, Callable[[timedelta], None]]]:
    clock = SteppedClock()
    if request.param == "fake":
        yield FakeCarrier(clock), clock.advance
        return
    settings = ADAPTER.settings()
    assert ADAPTER.service is not None
    service = ADAPTER.service(settings, tmp_path / "carrier.db", clock)
    async with AsyncExitStack() as stack:
        await service.start()
        stack.push_async_callback(service.stop)
        carrier = ADAPTER.carrier(settings, service.url)
        stack.push_async_callback(carrier.aclose)
        yield carrier, clock.advance


async def test_carrier(connected: tuple[Carrier, Callable[[timedelta], None]]) -> None:
    carrier, advance = connected
    await exercise_carrier(carrier, advance)
    assert await carrier.find("never booked") is None


async def test_bookings_at_the_same_time_under_one_reference_book_once(
    connected: tuple[Carrier, Callable[[timedelta], None]],
) -> None:
    carrier, _ = connected
    answers = await asyncio.gather(*(carrier.book(booking_request("B-1")) for _ in range(16)))
    assert len({carrier.read_booking(answer.content) for answer in answers}) == 1


class _Forgetful(FakeCarrier):
    """Books a repeat again."""

    async def book(self, request: Any) -> CarrierAnswer:
        self._taken.pop(request.reference, None)
        return await super().book(request)


class _Blank(FakeCarrier):
    """Loses the labels."""

    def read_booking(self, answer: bytes) -> Booking:
        return super().read_booking(answer)._replace(labels=())


class _Renaming(FakeCarrier):
    """Gives events new ids at each look."""

    looks = 0

    def read_tracking(self, answer: bytes) -> tuple[Any, ...]:
        self.looks += 1
        return tuple(event._replace(id=f"{event.id}-{self.looks}") for event in super().read_tracking(answer))


class _Local(FakeCarrier):
    """Tells instants without a zone."""

    def read_tracking(self, answer: bytes) -> tuple[Any, ...]:
        return tuple(event._replace(at=event.at.replace(tzinfo=None)) for event in super().read_tracking(answer))


class _Obliging(FakeCarrier):
    """Knows every tracking number."""

    async def track(self, tracking_number: str) -> CarrierAnswer:
        known = [number for _, number, _ in self._taken.values()]
        return await super().track(tracking_number if tracking_number in known else known[0])


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (_Forgetful, "other content"),
        (_Blank, "labels are not those"),
        (_Renaming, "an event changed"),
        (_Local, "not in UTC"),
        (_Obliging, "a tracking number that it never gave is taken"),
    ],
)
async def test_the_exerciser_catches_a_broken_carrier(broken: type[FakeCarrier], fault: str) -> None:
    clock = SteppedClock()
    with pytest.raises(AssertionError, match=fault):
        await exercise_carrier(broken(clock), clock.advance)
