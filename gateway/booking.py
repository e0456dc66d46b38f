"""Calls carriers: books each shipment exactly once and asks where it is (ARCHITECTURE decision 10).

    claim the timer, commit -> call the carrier -> keep its bytes -> source, document, effect and timer in one commit

A crash between claim and commit leaves the claim of a dead worker. Whoever finds it asks the carrier first, as after
an unknown outcome: only what the carrier certainly does not have is booked again, under the same reference.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final, Literal, TypeVar

import structlog

from core.clock import Clock, from_micros
from core.errors import DeliveryFailed, DeliveryRefused, OrdergateError, OutcomeUnknown, ValueRefused
from core.fulfilment import requests
from core.fulfilment.answers import Answer, enter_answer
from core.fulfilment.booking import BOOKING_SEND, record_booking, record_refusal, record_unknown
from core.fulfilment.polling import PollPlan
from core.fulfilment.ship import schedule_poll
from core.fulfilment.timers import OUTSIDE_KINDS
from core.fulfilment.tracking import Progress, apply_tracking, record_tracking, record_unknown_number, unseen
from core.ports import Booking, BookingRequest, Carrier, CarrierAnswer, TrackingEvent
from core.store import timers
from core.store.alerts import close_alert, raise_alert
from core.store.blobs import BlobStore
from core.store.engine import Store, Tx
from core.store.shipping import ShipmentRow, shipment_row
from core.store.timers import Timer
from core.store.workers import is_alive

T = TypeVar("T")

_log = structlog.get_logger(__name__)
_LONGEST_WAIT: Final = timedelta(seconds=60)
#: failures in a row after which a person should know
_ALARMING: Final = 3
_DEFAULT_POLLS: Final = PollPlan()


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after *attempts* failures in a row: 1, 2, 4 ... 60 seconds."""
    return min(timedelta(seconds=1 << min(attempts - 1, 16)), _LONGEST_WAIT)


class BookingDesk:
    """Works through the timers that call a carrier; any number of desks may share a database.

    Args:
        store: the database.
        blobs: where answers are kept before the commit that names them.
        clock: says what is due.
        carriers: by the code that partners name.
        worker_id: number of this process in ``workers``; its claims are free when it is gone.
        polls: when each carrier's consignments are asked for; the sandbox's times where a carrier is not named.
        wake: called after a commit that may have queued something to send.
    """

    def __init__(
        self,
        store: Store,
        blobs: BlobStore,
        clock: Clock,
        carriers: Mapping[str, Carrier],
        *,
        worker_id: int,
        polls: Mapping[str, PollPlan] = MappingProxyType({}),
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._carriers = carriers
        self._worker_id = worker_id
        self._polls = polls
        self._wake = wake
        self._in_flight: set[int] = set()
        self._claiming = asyncio.Lock()

    async def run_due(self, limit: int = 32) -> int:
        """Do up to *limit* due calls at once and return how many there were; 0 when nothing is due.

        Raises:
            StoreUnavailable: the database failed; claims that it keeps are taken up by the next run.
        """
        async with self._claiming:
            claimed = await asyncio.to_thread(self._claim, limit)
            self._in_flight.update(timer.id for timer in claimed)
        outcomes = await asyncio.gather(*(self._work(timer) for timer in claimed), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return len(claimed)

    def _claim(self, limit: int) -> list[Timer]:
        now = self._clock.now()
        if not self._store.read(lambda tx: timers.due(tx, now, OUTSIDE_KINDS, 1) or self._abandoned(tx)):
            return []  # most polls end here and cost no write

        def claim(tx: Tx) -> list[Timer]:
            for timer_id, worker_id in self._abandoned(tx):
                timers.free(tx, timer_id, worker_id)
            return timers.claim_due(tx, now, OUTSIDE_KINDS, self._worker_id, limit)

        return self._store.write(claim)

    def _abandoned(self, tx: Tx) -> list[tuple[int, int]]:
        """Return claims that nobody works on: of dead workers, and of this one from before it failed."""
        return [
            (timer_id, worker_id)
            for timer_id, worker_id in timers.claimed(tx, OUTSIDE_KINDS)
            if (
                timer_id not in self._in_flight
                if worker_id == self._worker_id
                else not is_alive(tx, worker_id, time.time_ns() // 1000)  # heartbeats follow the machine's clock
            )
        ]

    async def _work(self, timer: Timer) -> None:
        try:
            shipment = await self._read(lambda tx: shipment_row(tx, timer.subject_id))
            carrier = self._carriers.get(shipment.carrier)
            if carrier is None:
                await self._write(lambda tx: self._put_back(tx, timer, *_not_set_up(shipment.carrier), at_once=True))
            elif timer.kind == BOOKING_SEND:
                await self._book(timer, shipment, carrier)
            else:
                await self._track(timer, shipment, carrier)
        except Exception as error:  # noqa: BLE001 - one consignment must not stop the others; it is told and tried again
            _log.exception("carrier call failed", timer=timer.kind, shipment=timer.subject_id)
            reason = f"{timer.kind}: {error}"
            await self._write(lambda tx: self._put_back(tx, timer, "carrier.fault", str(timer.subject_id), reason))
        finally:
            self._in_flight.discard(timer.id)

    # ---- booking

    async def _book(self, timer: Timer, shipment: ShipmentRow, carrier: Carrier) -> None:
        request = requests.from_json(timer.payload["request"])
        try:
            answer = await _booked(carrier, request, asked_before=timer.attempts > 1)
            booking = _read_booking(carrier, answer, request.reference)
        except (DeliveryFailed, ValueRefused) as failure:
            await self._write(partial(self._not_booked, timer, shipment, failure))
            return
        kept = await self._keep("BOOKING", answer, shipment, request.reference)
        await self._write(lambda tx: self._take_booking(tx, timer, shipment, booking, kept))

    def _take_booking(self, tx: Tx, timer: Timer, shipment: ShipmentRow, booking: Booking, kept: Answer) -> None:
        if not timers.finish(tx, timer):
            return  # another worker took this claim for dead and has recorded the same booking
        now = self._clock.now()
        record_booking(
            tx,
            shipment.id,
            booking,
            document_id=enter_answer(tx, kept, shipment, now),
            ship=bool(timer.payload["ship"]),
            now=now,
            polls=self._plan(shipment),
        )
        close_alert(tx, "booking.refused", shipment.number, at=now)
        self._heal(tx, timer, shipment, now)

    def _not_booked(self, timer: Timer, shipment: ShipmentRow, failure: OrdergateError, tx: Tx) -> None:
        now = self._clock.now()
        if isinstance(failure, DeliveryRefused):
            if timers.finish(tx, timer):
                record_refusal(tx, shipment.id, failure.message, now=now)
                raise_alert(tx, "booking.refused", shipment.number, failure.message, at=now)
        elif self._try_again(tx, timer, shipment, failure) and isinstance(failure, OutcomeUnknown):
            record_unknown(tx, shipment.id, failure.message, now=now)

    # ---- tracking

    async def _track(self, timer: Timer, shipment: ShipmentRow, carrier: Carrier) -> None:
        number = shipment.tracking_number or ""
        try:
            answer = await carrier.track(number)
            events = carrier.read_tracking(answer.content)
        except (DeliveryFailed, ValueRefused) as failure:
            await self._write(partial(self._not_tracked, timer, shipment, failure))
            return
        kept = None
        if await self._read(lambda tx: unseen(tx, shipment.id, events)):
            kept = await self._keep("TRACKING", answer, shipment, number)
        await self._write(lambda tx: self._take_tracking(tx, timer, shipment, events, kept))

    def _take_tracking(
        self, tx: Tx, timer: Timer, shipment: ShipmentRow, events: Sequence[TrackingEvent], kept: Answer | None
    ) -> None:
        if not timers.finish(tx, timer):
            return
        now = self._clock.now()
        if kept is not None and unseen(tx, shipment.id, events):
            document_id = enter_answer(tx, kept, shipment, now)
            progress = record_tracking(tx, shipment.id, events, document_id=document_id, now=now)
        else:
            progress = apply_tracking(tx, shipment.id, now=now)
        self._heal(tx, timer, shipment, now)
        close_alert(tx, "tracking.unknown", shipment.number, at=now)
        self._go_on(tx, timer, shipment, progress, now)

    def _go_on(self, tx: Tx, timer: Timer, shipment: ShipmentRow, progress: Progress, now: datetime) -> None:
        """Set the next poll until the goods are delivered, and tell what needs a person."""
        if progress.state == "exception" and progress.last is not None:
            words = progress.last.detail or "the carrier reports an exception"
            raise_alert(tx, "shipment.exception", shipment.number, words, at=now)
        else:
            close_alert(tx, "shipment.exception", shipment.number, at=now)
        if progress.state == "delivered":
            close_alert(tx, "tracking.stale", shipment.number, at=now)
            return
        start, plan = from_micros(timer.payload["start"]), self._plan(shipment)
        if now - start > plan.give_up:
            words = f"{shipment.tracking_number} is not delivered after {plan.give_up.days} days"
            raise_alert(tx, "tracking.stale", shipment.number, words, at=now)
            return
        schedule_poll(tx, shipment, start=start, now=now, done=timer.payload["done"] + 1, polls=plan)

    def _not_tracked(self, timer: Timer, shipment: ShipmentRow, failure: OrdergateError, tx: Tx) -> None:
        if not isinstance(failure, DeliveryRefused):
            self._try_again(tx, timer, shipment, failure)
            return
        now = self._clock.now()
        if timers.put_back(tx, timer, now + self._plan(shipment).longest):
            raise_alert(tx, "tracking.unknown", shipment.number, failure.message, at=now)
            if timer.attempts == 1:
                record_unknown_number(tx, shipment.id, failure.message, now=now)

    # ---- both

    async def _keep(
        self, kind: Literal["BOOKING", "TRACKING"], answer: CarrierAnswer, shipment: ShipmentRow, reference: str
    ) -> Answer:
        sha256 = await asyncio.to_thread(self._blobs.put, answer.content)
        return Answer(kind, sha256, len(answer.content), shipment.carrier, reference)

    def _try_again(self, tx: Tx, timer: Timer, shipment: ShipmentRow, failure: OrdergateError) -> bool:
        kind = "carrier.unreadable" if isinstance(failure, ValueRefused) else "carrier.unreachable"
        return self._put_back(tx, timer, kind, shipment.carrier, failure.message)

    def _put_back(self, tx: Tx, timer: Timer, kind: str, subject: str, message: str, *, at_once: bool = False) -> bool:
        """Give the claim back for a later attempt; an alert is open *at_once* or from the third failure in a row on."""
        now = self._clock.now()
        if not timers.put_back(tx, timer, now + backoff(timer.attempts)):
            return False
        if at_once or timer.attempts >= _ALARMING:
            raise_alert(tx, kind, subject, message, at=now)
        return True

    def _heal(self, tx: Tx, timer: Timer, shipment: ShipmentRow, now: datetime) -> None:
        """Close what earlier failures opened, now that the carrier has answered, and wake who sends."""
        for kind in ("carrier.unreachable", "carrier.unreadable", "carrier.unknown"):
            close_alert(tx, kind, shipment.carrier, at=now)
        close_alert(tx, "carrier.fault", str(timer.subject_id), at=now)
        tx.after_commit(self._wake)

    def _plan(self, shipment: ShipmentRow) -> PollPlan:
        return self._polls.get(shipment.carrier, _DEFAULT_POLLS)

    async def _read(self, job: Callable[[Tx], T]) -> T:
        return await asyncio.to_thread(self._store.read, job)

    async def _write(self, job: Callable[[Tx], T]) -> T:
        return await asyncio.to_thread(self._store.write, job)


def _not_set_up(carrier: str) -> tuple[str, str, str]:
    return "carrier.unknown", carrier, f"no carrier {carrier!r} is set up; its shipments wait"


async def _booked(carrier: Carrier, request: BookingRequest, *, asked_before: bool) -> CarrierAnswer:
    """Return the carrier's confirmation, booking only what it certainly does not have."""
    if asked_before:
        try:
            found = await carrier.find(request.reference)
        except DeliveryRefused as refusal:
            # It refuses to tell, which says nothing about the booking.
            raise DeliveryFailed(refusal.message) from refusal
        if found is not None:
            return found
    return await carrier.book(request)


def _read_booking(carrier: Carrier, answer: CarrierAnswer, reference: str) -> Booking:
    booking = carrier.read_booking(answer.content)
    if booking.reference != reference:
        raise ValueRefused(f"{carrier.name} confirms {booking.reference[:40]!r} instead of {reference!r}")
    return booking
