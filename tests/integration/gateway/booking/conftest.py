from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.carriers.sandbox.client import SandboxCarrier
from adapters.carriers.sandbox.faults import Fault
from adapters.carriers.sandbox.service import SandboxService
from core.clock import to_micros
from core.fulfilment import timers as firing
from core.ports import BookingRequest, Carrier, CarrierAnswer
from core.store import timers, workers
from core.store.blobs import BlobStore
from core.store.engine import Store, Tx
from core.store.events import of_order
from core.testing.carrier import SteppedClock
from core.testing.confirmed import confirmed_order, load_masters
from gateway.booking import BookingDesk

TOKEN = "sandbox-token-of-tests"


@dataclass
class House:
    """One installation with its carrier behind a real socket."""

    store: Store
    blobs: BlobStore
    clock: SteppedClock
    carrier: SandboxCarrier
    service: SandboxService
    faults: deque[Fault | None]
    worker_id: int = 0
    woken: list[None] = field(default_factory=list)

    def desk(self, carrier: Carrier | None = None, worker_id: int | None = None, **more: Any) -> BookingDesk:
        return BookingDesk(
            self.store,
            self.blobs,
            self.clock,
            {"sandbox": carrier or self.carrier},
            worker_id=worker_id or self.worker_id,
            wake=lambda: self.woken.append(None),
            **more,
        )

    def another_worker(self) -> int:
        """Enter one more worker, as a process would."""
        return self.store.write(lambda tx: workers.register(tx, "worker", to_micros(self.clock.now())))

    def order(self, **order: Any) -> int:
        """Add a confirmed order and fulfil it as far as its booking intent."""
        now = self.clock.now()

        def job(tx: Tx) -> int:
            order_id = confirmed_order(tx, now, **order)
            timers.schedule(tx, "fulfilment.auto", order_id, now)
            return order_id

        order_id = self.store.write(job)
        for timer in self.store.read(lambda tx: timers.due(tx, now, firing.DATABASE_KINDS, 10)):
            assert self.store.write(lambda tx, timer=timer: firing.fire(tx, timer, now))
        return order_id

    async def run(self, desk: BookingDesk, steps: int = 1, seconds: float = 0) -> int:
        """Run what is due, then advance the clock, *steps* times."""
        done = 0
        for _ in range(steps):
            self.clock.advance(timedelta(seconds=seconds))
            done += await desk.run_due()
        return done


class CountingCarrier:
    """Passes every call on to the sandbox carrier and counts them."""

    id = SandboxCarrier.id
    name = SandboxCarrier.name

    def __init__(self, inner: SandboxCarrier) -> None:
        self._inner = inner
        self.calls: list[str] = []
        self.read_booking = inner.read_booking
        self.read_tracking = inner.read_tracking

    async def book(self, request: BookingRequest) -> CarrierAnswer:
        self.calls.append("book")
        return await self._inner.book(request)

    async def find(self, reference: str) -> CarrierAnswer | None:
        self.calls.append("find")
        return await self._inner.find(reference)

    async def track(self, tracking_number: str) -> CarrierAnswer:
        self.calls.append("track")
        return await self._inner.track(tracking_number)


@pytest.fixture
def counting(house: House) -> CountingCarrier:
    return CountingCarrier(house.carrier)


@pytest.fixture
def store(prepared_url: str) -> Iterator[Store]:
    store = Store(prepared_url)
    yield store
    store.close()


@pytest.fixture
async def house(store: Store, tmp_path: Path) -> AsyncIterator[House]:
    clock = SteppedClock()
    faults: deque[Fault | None] = deque()
    store.write(lambda tx: load_masters(tx, clock.now()))
    (tmp_path / "blobs").mkdir()
    service = SandboxService(tmp_path / "carrier.db", TOKEN, clock, faults=faults)
    async with service, SandboxCarrier(service.url, TOKEN) as carrier:
        house = House(store, BlobStore(tmp_path / "blobs"), clock, carrier, service, faults)
        house.worker_id = house.another_worker()
        yield house


@pytest.fixture
def events(store: Store) -> Callable[[int], list[str]]:
    """Tell the events of an order, oldest first."""
    return lambda order_id: [row["event"] for row in store.read(lambda tx: of_order(tx, order_id))]
