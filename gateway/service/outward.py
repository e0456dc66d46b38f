"""The loop that does what is due: work of dead processes, replies, timers, seals.

A wake-up is a hint, the poll is the truth.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from core.errors import OrdergateError
from core.store import hook_deliveries, idempotency, imports, papers, shop_news, shops
from core.store import intake as rows
from core.store.enclosures import is_attached
from gateway.service.watch import Watch
from gateway.wiring import Gateway

_log = structlog.get_logger(__name__)

#: how often the loop looks without being woken
_POLL_SECONDS = 0.25
#: after a wake-up: files in hand are answered first, and what several of them leave is done in one round
_LINGER_SECONDS = 0.02
#: so many times as long as a round took the next one rests, so that under load more of what waits falls into one
_REST: Final = 2
#: the longest rest while no webhooks come in; with them, it is until the next look
_LONGEST_SECONDS: Final = 0.05
_BEAT_SECONDS = 5.0
_SWEEP_SECONDS = 3600.0
#: blobs that no source names are swept after a day (decision 12); keys of the API are kept for a week
_ORPHAN_SECONDS = 86_400.0
_KEY_LIFE = timedelta(days=7)
#: webhooks of shops that one round works on, and timers that it fires, so that nothing else waits for long; fewer while
#: webhooks come in, whose answers the same process makes
_DELIVERIES: Final = 32
_TIMERS: Final = 100
_BESIDE_DOOR: Final = 8
#: deliveries of events that arrived, webhooks of shops that were worked on, news that shops were told, imports that
#: ended
_DELIVERY_LIFE = timedelta(days=30)


class Outward:
    """One thread that keeps things moving."""

    def __init__(self, gateway: Gateway, on_change: Callable[[], None], add_partners: Callable[[], None]) -> None:
        self._gateway = gateway
        self._on_change = on_change
        self._add_partners = add_partners
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outward", daemon=True)
        self._busy = threading.Lock()
        self._backlog = False
        self._watch = Watch(gateway)

    def start(self) -> None:
        """Start the loop."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the present round, send and seal what was committed meanwhile, and end."""
        self._stopping.set()
        self._woken.set()
        self._thread.join()
        try:
            self._gateway.operations.alert_desk.run_due()
            self._gateway.dispatcher.run_once()
            self._gateway.timers.seal()
        except OrdergateError as error:
            _log.error("what is left goes out after the next start", code=error.code, error=error.message)

    def wake(self) -> None:
        """Say that there may be something to do."""
        self._woken.set()

    def run_once(self) -> int:
        """Do everything that is due now and return how much that was."""
        gateway = self._gateway
        with self._busy:
            busy = gateway.operations.hook_door.is_busy()
            most = _BESIDE_DOOR if busy else _DELIVERIES
            delivered = gateway.shops.run_due(most)
            self._backlog = delivered >= most
            if self._backlog:
                self._woken.set()  # what is left comes next, after the rest of this round
            done = gateway.pipeline.take_over() + delivered + gateway.timers.run_due(_BESIDE_DOOR if busy else _TIMERS)
            done += gateway.operations.alert_desk.run_due()
            done += gateway.dispatcher.run_once()
            return done + gateway.timers.seal()

    def _run(self) -> None:
        beat = sweep = float("-inf")
        took = 0.0
        while not self._stopping.is_set():
            if woken := self._woken.wait(_POLL_SECONDS):
                self._stopping.wait(self._linger(took))
            self._woken.clear()
            started = time.monotonic()
            try:
                # What was committed may concern others than this loop: who calls shops, who shows pages.
                if self.run_once() or woken:
                    self._on_change()
                took = time.monotonic() - started
                now = time.monotonic()
                self._watch.tell()
                if now - beat > _BEAT_SECONDS:
                    self._gateway.beat()
                    self._add_partners()
                    self._watch.look_for_stale()
                    self._gateway.operations.stock_desk.look()
                    self._gateway.operations.credit_desk.look()
                    beat = now
                if now - sweep > _SWEEP_SECONDS:
                    self._watch.reconcile()
                    self._sweep()
                    sweep = now
            except OrdergateError as error:
                _log.error("the loop failed and goes on", code=error.code, error=error.message)
                self._stopping.wait(1)
            except Exception:  # noqa: BLE001 - nothing else would bring the loop back
                _log.exception("the loop failed and goes on")
                self._stopping.wait(1)

    def _linger(self, took: float) -> float:
        """Return how many seconds a round waits for what else may come, after one that took *took* seconds."""
        busy = self._gateway.operations.hook_door.is_busy()
        if self._backlog and not busy:
            return 0.0  # nobody is in the way of what is left
        return min(max(_LINGER_SECONDS, took * _REST), _POLL_SECONDS if busy else _LONGEST_SECONDS)

    def _sweep(self) -> None:
        """Remove what nobody names any more."""
        gateway = self._gateway
        gateway.store.write(lambda tx: idempotency.forget(tx, gateway.clock.now() - _KEY_LIFE))
        gateway.store.write(lambda tx: hook_deliveries.forget(tx, gateway.clock.now() - _DELIVERY_LIFE))
        gateway.store.write(lambda tx: shops.forget(tx, gateway.clock.now() - _DELIVERY_LIFE))
        gateway.store.write(lambda tx: shop_news.forget(tx, gateway.clock.now() - _DELIVERY_LIFE))
        gateway.store.write(lambda tx: imports.forget(tx, gateway.clock.now() - _DELIVERY_LIFE))
        for path in gateway.blobs.older_than(_ORPHAN_SECONDS):
            sha256 = path.name
            if any(
                gateway.store.read(partial(named, sha256=sha256))
                for named in (rows.is_named, is_attached, imports.is_named, papers.is_named)
            ):
                continue
            if gateway.blobs.discard(path, _ORPHAN_SECONDS):
                _log.info("swept bytes that nothing names", sha256=sha256)
