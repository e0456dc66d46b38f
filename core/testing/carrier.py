"""The carrier port's fake and its one exerciser, which every carrier, real or fake, has to pass."""

from __future__ import annotations

import base64
import json
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from core.clock import Clock, iso
from core.documents import PackageNotice, PackedItem, Party
from core.errors import DeliveryFailed, DeliveryRefused, OrdergateError, ValueRefused
from core.ports import Booking, BookingRequest, Carrier, CarrierAnswer, TrackingEvent
from core.values import make_sscc

STATUSES: Final = frozenset({"picked_up", "in_transit", "out_for_delivery", "delivered", "exception"})


class SteppedClock:
    """A clock that moves only when told to."""

    def __init__(self, instant: datetime = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)) -> None:
        self._instant = instant

    def now(self) -> datetime:
        """Return the instant that the clock stands at."""
        return self._instant

    def advance(self, step: timedelta) -> None:
        """Move the clock by *step*."""
        self._instant += step


def booking_request(reference: str, *, packages: int = 2, order_number: str = "2026-ED-000001") -> BookingRequest:
    """Return a complete booking of *packages* packages with valid SSCCs and addresses."""
    return BookingRequest(
        reference=reference,
        order_number=order_number,
        sender=Party(
            "SF", name="Muster Supply GmbH", street="Am Lager 1", city="Hamburg", postal_code="20457", country="DE"
        ),
        receiver=Party(
            "DP",
            name="Sklep Łódź sp. z o.o.",
            street="ul. Piotrkowska 5",
            city="Łódź",
            postal_code="90-001",
            country="PL",
            contact="Anna Nowak",
        ),
        packages=tuple(
            PackageNotice(
                sscc=make_sscc("4012345", serial),
                items=(PackedItem(line=1, quantity=Decimal(6), sku="A-1"),),
                weight_kg=Decimal("12.5"),
            )
            for serial in range(1, packages + 1)
        ),
    )


class Failure(NamedTuple):
    """What the fake raises for a booking, and whether it has taken the booking all the same."""

    error: DeliveryFailed
    taken: bool = False


class FakeCarrier:
    """A carrier in memory (implements ``core.ports.Carrier``).

    Args:
        clock: says when bookings happen and which scans have happened.
        scans: (time after booking, status) of every consignment.
        failures: what happens to the next bookings, one entry a booking, None for nothing.

    ``asked`` counts the bookings that were sent, repeats included.
    """

    id = "fake"
    name = "Fake Carrier"

    def __init__(
        self,
        clock: Clock,
        *,
        scans: tuple[tuple[timedelta, str], ...] = (
            (timedelta(seconds=2), "picked_up"),
            (timedelta(seconds=4), "in_transit"),
            (timedelta(seconds=6), "delivered"),
        ),
        failures: deque[Failure | None] | None = None,
    ) -> None:
        self.asked = 0
        self._clock = clock
        self._scans = scans
        self._failures: deque[Failure | None] = deque() if failures is None else failures
        self._taken: dict[str, tuple[BookingRequest, str, datetime]] = {}

    async def book(self, request: BookingRequest) -> CarrierAnswer:
        """Take a booking once under its reference, unless a failure is scripted."""
        self.asked += 1
        failure = self._failures.popleft() if self._failures else None
        if failure is not None and not failure.taken:
            raise failure.error
        if not request.packages:
            raise DeliveryRefused(f"{self.name} refuses the booking: packages: none")
        number = f"FAKE{len(self._taken) + 1:06d}"
        known, _, _ = self._taken.setdefault(request.reference, (request, number, self._clock.now()))
        if known != request:
            raise DeliveryRefused(f"{self.name}: reference {request.reference} is booked with other content")
        if failure is not None:
            raise failure.error
        return self._confirm(request.reference)

    async def find(self, reference: str) -> CarrierAnswer | None:
        """Return the booking under *reference*."""
        return self._confirm(reference) if reference in self._taken else None

    async def track(self, tracking_number: str) -> CarrierAnswer:
        """Return the scans that have happened by now."""
        for _, number, booked_at in self._taken.values():
            if number == tracking_number:
                return _answer({"events": self._events(number, booked_at)})
        raise DeliveryRefused(f"{self.name} does not know {tracking_number}")

    def read_booking(self, answer: bytes) -> Booking:
        """Read what :meth:`book` and :meth:`find` return."""
        try:
            told = json.loads(answer)
            labels = tuple((sscc, kind, base64.b64decode(content)) for sscc, kind, content in told["labels"])
            return Booking(told["reference"], told["tracking_number"], self.id, self.name, labels)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueRefused(f"the fake's booking confirmation cannot be read: {error!r}") from error

    def read_tracking(self, answer: bytes) -> tuple[TrackingEvent, ...]:
        """Read what :meth:`track` returns."""
        try:
            return tuple(
                TrackingEvent(**{**event, "at": datetime.fromisoformat(event["at"])})
                for event in json.loads(answer)["events"]
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueRefused(f"the fake's tracking answer cannot be read: {error!r}") from error

    def _confirm(self, reference: str) -> CarrierAnswer:
        request, number, _ = self._taken[reference]
        labels = [
            (package.sscc, "text/plain", base64.b64encode(f"label {package.sscc}".encode()).decode())
            for package in request.packages
        ]
        return _answer({"reference": reference, "tracking_number": number, "labels": labels})

    def _events(self, number: str, booked_at: datetime) -> list[dict[str, str]]:
        return [
            {
                "id": f"{number}-{ordinal}",
                "status": status,
                "at": iso(booked_at + after),
                "code": status[:2].upper(),
                "signed_by": "A. Nowak" if status == "delivered" else "",
            }
            for ordinal, (after, status) in enumerate(self._scans, start=1)
            if booked_at + after <= self._clock.now()
        ]


def _answer(told: Mapping[str, Any]) -> CarrierAnswer:
    return CarrierAnswer(json.dumps(told).encode())


async def exercise_carrier(carrier: Carrier, advance: Callable[[timedelta], None]) -> None:
    """Hold *carrier* to the carrier port; the one suite for every implementation.

    Args:
        carrier: connected to a far side without bookings, which delivers within a week.
        advance: moves the far side's clock.

    Raises:
        AssertionError: the carrier breaks the port; the message says how.
    """
    booking = await _exercise_booking(carrier)
    await _exercise_refusals(carrier)
    await _exercise_tracking(carrier, booking.tracking_number, advance)
    _exercise_reading(carrier)


async def _exercise_booking(carrier: Carrier) -> Booking:
    assert await carrier.find("exercise-1") is None, "an unknown reference is found"
    request = booking_request("exercise-1")
    booking = carrier.read_booking((await carrier.book(request)).content)
    assert booking.reference == request.reference, "the confirmation is for another reference"
    assert booking.tracking_number, "a booking has no tracking number"
    assert (booking.carrier, booking.carrier_name) == (carrier.id, carrier.name), "another carrier confirms"
    assert [label[0] for label in booking.labels] == [package.sscc for package in request.packages], (
        "the labels are not those of the packages"
    )
    assert all(media_type and content for _, media_type, content in booking.labels), "a label is empty"

    again = carrier.read_booking((await carrier.book(request)).content)
    assert again == booking, "the same reference and content books again"
    found = await carrier.find(request.reference)
    assert found is not None, "a booking is not found by its reference"
    assert carrier.read_booking(found.content) == booking, "the booking that is found differs from the confirmation"
    await _refuses(carrier.book(booking_request(request.reference, packages=3)), "the reference with other content")

    other = carrier.read_booking((await carrier.book(booking_request("exercise-2", packages=1))).content)
    assert other.tracking_number != booking.tracking_number, "two references share a tracking number"
    return booking


async def _exercise_refusals(carrier: Carrier) -> None:
    await _refuses(carrier.book(booking_request("exercise-3", packages=0)), "a booking without packages")
    assert await carrier.find("exercise-3") is None, "a refused booking is kept"
    await _refuses(carrier.track("nobody's number"), "a tracking number that it never gave")


async def _exercise_tracking(carrier: Carrier, number: str, advance: Callable[[timedelta], None]) -> None:
    seen: tuple[TrackingEvent, ...] = ()
    for step in (*[timedelta(seconds=1)] * 8, timedelta(days=7)):
        events = tuple(carrier.read_tracking((await carrier.track(number)).content))
        assert events[: len(seen)] == seen, "an event changed or went away"
        seen = events
        advance(step)
    seen = tuple(carrier.read_tracking((await carrier.track(number)).content))
    assert seen, "a week passes without an event"
    assert len({event.id for event in seen}) == len(seen), "two events share an id"
    assert {event.status for event in seen} <= STATUSES, "a status is none of ours"
    assert all(event.at.utcoffset() == timedelta(0) for event in seen), "an instant is not in UTC"
    assert list(seen) == sorted(seen, key=lambda event: event.at), "events are not oldest first"
    assert seen[-1].status == "delivered", "nothing is delivered within a week"
    assert seen[-1].signed_by, "a delivery has no proof: nobody signed"


def _exercise_reading(carrier: Carrier) -> None:
    for answer in (b"", b"<html>", b"{}", b"[]", b"\xff\xfe", b'{"events": 1, "labels": 1}'):
        for read in (carrier.read_booking, carrier.read_tracking):
            try:
                read(answer)
            except ValueRefused:
                continue
            raise AssertionError(f"{answer!r} is read without a refusal")


async def _refuses(call: Coroutine[Any, Any, object], what: str) -> None:
    try:
        await call
    except DeliveryRefused as refusal:
        reason = refusal.message
    except OrdergateError as error:
        raise AssertionError(f"{what} raises {error!r} instead of a refusal") from error
    else:
        raise AssertionError(f"{what} is taken")
    assert reason != DeliveryRefused().message, f"{what} is refused without a reason"
