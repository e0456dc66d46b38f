"""Run as a process of its own: tells shops what is due and dies by SIGKILL around the first call that writes.

``before``: claimed and asked, nothing written. ``after``: the shop has taken it, nothing is recorded.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping
from datetime import datetime

from core.store import workers
from core.store.engine import Store
from core.testing.carrier import SteppedClock
from gateway.shops.desk import ShopDesk
from gateway.transports.http_out.client import ANSWER_LIMIT, HttpOut, Reply
from gateway.transports.http_out.policy import TargetPolicy


class DeadlyOut(HttpOut):
    moment = "after"

    async def send(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        limit: int = ANSWER_LIMIT,
    ) -> Reply:
        writes = method != "GET" and b"query Standing" not in body and not url.endswith("/auth/o2/token")
        if writes and self.moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        reply = await super().send(method, url, body=body, headers=headers, limit=limit)
        if writes:
            os.kill(os.getpid(), signal.SIGKILL)
        return reply


async def main() -> None:
    database, moment, now = sys.argv[1:]
    store = Store(database)
    worker_id = store.write(lambda tx: workers.register(tx, "serve", time.time_ns() // 1000))
    async with DeadlyOut(TargetPolicy.of(["127.0.0.1"]), timeout_seconds=5) as out:
        out.moment = moment
        clock = SteppedClock(datetime.fromisoformat(now))
        desk = ShopDesk(store, out, clock, environment=os.environ, worker_id=worker_id, fetched=lambda: None)
        await desk.run_due()


asyncio.run(main())
