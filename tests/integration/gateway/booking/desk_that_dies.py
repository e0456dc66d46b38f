"""Run as a process of its own: books what is due and dies by SIGKILL where its third argument says.

``before``: claimed, the carrier not yet called. ``after``: the carrier has taken the booking, nothing is recorded.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from adapters.carriers.sandbox.client import SandboxCarrier
from core.clock import to_micros
from core.ports import BookingRequest, CarrierAnswer
from core.store import workers
from core.store.blobs import BlobStore
from core.store.engine import Store
from core.testing.carrier import SteppedClock
from gateway.booking import BookingDesk


class DeadlyCarrier(SandboxCarrier):
    moment = "after"

    async def book(self, request: BookingRequest) -> CarrierAnswer:
        if self.moment == "after":
            await super().book(request)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


async def main() -> None:
    database, carrier_url, moment, token, blobs, now = sys.argv[1:]
    clock = SteppedClock(datetime.fromisoformat(now))
    store = Store(database)
    worker_id = store.write(lambda tx: workers.register(tx, "serve", to_micros(clock.now())))
    async with DeadlyCarrier(carrier_url, token) as carrier:
        carrier.moment = moment
        desk = BookingDesk(store, BlobStore(Path(blobs)), clock, {"sandbox": carrier}, worker_id=worker_id)
        await desk.run_due()


asyncio.run(main())
