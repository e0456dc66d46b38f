"""What only a running service can tell or do: health, metrics, the sandbox clock."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.clock import iso
from core.errors import Conflict, OrdergateError
from core.store import timers
from core.store.backlog import look
from core.store.clock import keep_clock_offset
from gateway.booking import BookingDesk
from gateway.operations import Operations
from gateway.revision import check_database
from gateway.service.outward import Outward
from gateway.telemetry import Telemetry
from gateway.transports.folder import FolderTransport
from gateway.wiring import Gateway

#: an outbox row older than this makes the probe fail: what is queued does not leave
_OUTBOX_LIMIT_SECONDS = 300.0


class ServiceOperations:
    """The acts of :class:`gateway.operations.Operations` and those that need the running service."""

    def __init__(
        self,
        gateway: Gateway,
        *,
        outward: Outward,
        desk: BookingDesk,
        loop: asyncio.AbstractEventLoop,
        telemetry: Telemetry,
        transport: FolderTransport,
        started: Callable[[], bool],
    ) -> None:
        acts: Operations = gateway.operations
        self.prices = acts.prices
        self.credit_desk = acts.credit_desk
        self.intake = acts.intake
        self.place_order = acts.place_order
        self.change_order = acts.change_order
        self.confirm = acts.confirm
        self.release = acts.release
        self.cancel = acts.cancel
        self.replay = acts.replay
        self.resend = acts.resend
        self.source = acts.source
        self.raw = acts.raw
        self.segments = acts.segments
        self.unmapped = acts.unmapped
        self.audit_verify = acts.audit_verify
        self.confirmation_desk = acts.confirmation_desk
        self.access_desk = replace(
            acts.access_desk, counted=lambda code, calls: telemetry.refused_calls.labels(code).inc(calls)
        )
        self.idempotency_desk = acts.idempotency_desk
        self.queue_desk = acts.queue_desk
        self.report_desk = acts.report_desk
        self.lifecycle_desk = acts.lifecycle_desk
        self.customer_desk = acts.customer_desk
        self.return_desk = acts.return_desk
        self.notice_desk = acts.notice_desk
        self.stock_desk = acts.stock_desk
        self.shop_news_desk = acts.shop_news_desk
        self.subscription_desk = acts.subscription_desk
        self.alert_desk = acts.alert_desk
        self.entry_desk = acts.entry_desk
        self.paper_desk = acts.paper_desk
        self.sample_desk = acts.sample_desk
        self.import_desk = acts.import_desk
        self.delivery_desk = acts.delivery_desk
        self.hook_door = acts.hook_door
        self.task_desk = acts.task_desk
        self.approval_desk = acts.approval_desk
        self.validation_desk = acts.validation_desk
        self._gateway = gateway
        self._outward = outward
        self._desk = desk
        self._loop = loop
        self._telemetry = telemetry
        self._transport = transport
        self._started = started

    def advance_clock(self, delta: timedelta) -> dict[str, Any]:
        """Move the sandbox clock, stepping through what becomes due on the way, until all is idle.

        Raises:
            Conflict: the sandbox is off.
        """
        gateway = self._gateway
        if not gateway.settings.sandbox.enabled:
            raise Conflict("the clock moves in the sandbox alone", hint="[sandbox] enabled = true")
        target = gateway.clock.now() + delta
        ran = self._until_idle()
        while (due := gateway.store.read(timers.next_due)) is not None and due <= target:
            self._move(max(due - gateway.clock.now(), timedelta(0)))
            done = self._until_idle()
            ran += done
            if not done:
                break  # what is due waits for somebody else: a claim, a person
        self._move(max(target - gateway.clock.now(), timedelta(0)))
        ran += self._until_idle()
        return {"now": iso(gateway.clock.now()), "ran": ran}

    def _move(self, step: timedelta) -> None:
        offset = self._gateway.clock.offset + step
        self._gateway.store.write(lambda tx: keep_clock_offset(tx, offset))
        self._gateway.clock.shift(offset)

    def _until_idle(self) -> int:
        ran = 0
        while True:
            done = self._outward.run_once()
            done += asyncio.run_coroutine_threadsafe(self._desk.run_due(), self._loop).result(60)
            if not done:
                return ran
            ran += done

    def health(self) -> dict[str, Any]:
        """Return whether work can be taken, by part: database, migrations, folders, outbox."""
        gateway = self._gateway
        checks: dict[str, str] = {}
        try:
            check_database(gateway.home, gateway.settings)
            backlog = gateway.store.read(lambda tx: look(tx, gateway.clock.now()))
        except OrdergateError as error:
            checks["database"] = error.message
        else:
            checks["database"] = "ok"
            late = backlog.outbox_oldest_seconds > _OUTBOX_LIMIT_SECONDS
            checks["outbox"] = f"oldest waits {backlog.outbox_oldest_seconds:.0f} s" if late else "ok"
        checks["folders"] = self._folders()
        return {
            "ready": self._started() and all(answer == "ok" for answer in checks.values()),
            "started": self._started(),
            "checks": checks,
        }

    def _folders(self) -> str:
        root = self._gateway.home.folders
        bad = [
            path.name
            for path in sorted(root.iterdir())
            if path.is_dir() and not os.access(path / "in", os.R_OK | os.W_OK | os.X_OK)
        ]
        return f"cannot read the folder of {', '.join(bad)}" if bad else "ok"

    def metrics(self) -> bytes:
        """Return the metrics in the Prometheus text format."""
        gateway = self._gateway
        self._telemetry.observe(gateway.store.read(lambda tx: look(tx, gateway.clock.now())))
        for partner, seconds in self._transport.waiting_seconds().items():
            self._telemetry.folder_waiting_seconds.labels(partner).set(seconds)
        return self._telemetry.render()
