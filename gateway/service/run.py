"""Starts everything in the right order, waits for the signal, drains and stops."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog
from aiohttp import web

from adapters.carriers.sandbox.adapter import ADAPTER as SANDBOX
from adapters.edi.adapter import ADAPTER as EDIFACT
from core.errors import OrdergateError, SettingsInvalid, SystemFailed
from core.ports import Carrier
from core.reporting import views
from gateway import demo
from gateway.authentication import ApiKeys
from gateway.booking import BookingDesk
from gateway.console.app import attach
from gateway.event_hooks import HookDesk
from gateway.home import console_secret, event_key
from gateway.refusals import placed_views
from gateway.service.inward import Inward
from gateway.service.mail_doors import MailDoors
from gateway.service.outward import Outward
from gateway.service.status import ServiceOperations
from gateway.service.stepping import Stepping
from gateway.settings import checked
from gateway.shops.desk import ShopDesk
from gateway.shops.door import end_alerts_of_secrets
from gateway.telemetry import Telemetry
from gateway.transports.http_out.client import HttpOut
from gateway.web.app import WebParts, build
from gateway.web.app import wake as wake_web
from gateway.web.connections import listening
from gateway.web.ports import TokenDoor
from gateway.web.settings import WebSettings
from gateway.wiring import Gateway

_log = structlog.get_logger(__name__)

#: how often due carrier calls are looked for without a wake-up
_DESK_SECONDS = 0.2
#: carrier calls at once; fewer, and no more before the next look, while webhooks come in that this process answers
_CALLS = 32
_CALLS_BESIDE_DOOR = 4
#: how long requests that run have to be answered when the service ends
_LAST_ANSWERS_SECONDS = 5
#: how long the last carrier calls may take when the service ends
_LAST_CALLS_SECONDS = 5.0
#: how often event deliveries and calls of shops are looked for without a wake-up
_POLL_SECONDS = 1.0


class Service:
    """One running process."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._telemetry = Telemetry()
        self._started = False
        self._app: web.Application | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._calls = asyncio.Event()
        self._calls_end = False
        #: what calls others of its own accord: event hooks, and shops
        self._callers: list[HookDesk | ShopDesk] = []
        gateway.shops.on_outcome = lambda outcome: self._telemetry.documents.labels(outcome, "EC").inc()
        gateway.shops.on_worked = lambda *of: self._telemetry.shop_work.labels(*of).inc()
        gateway.operations.hook_door.on_taken = lambda *of: self._telemetry.shop_webhooks.labels(*of).inc()
        self._inward = Inward(gateway, self._telemetry, self.wake)
        self._mail_doors = MailDoors(gateway, self._telemetry, self.wake)
        self._outward = Outward(gateway, self._changed, self._inward.add_partners)
        gateway.bell.listen(self._outward.wake)
        self._importing = Stepping(gateway.imports, "imports")
        gateway.imports.on_results = self._telemetry.count_import_orders
        self._reading = Stepping(gateway.papers.text, "papers")
        self._reading_pictures = Stepping(gateway.papers.pictures, "papers with pictures")
        gateway.papers.listen(self._telemetry.count_paper, self._reading_pictures.wake)
        gateway.paper_door.on_kept = self._reading.wake
        gateway.operations.import_desk.wake = self._importing.wake

    def wake(self) -> None:
        """Say that something was committed; may be called from any thread."""
        self._outward.wake()
        self._changed()

    def _changed(self) -> None:
        if self._app is not None:
            wake_web(self._app)
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop ended between the look and the call
                self._loop.call_soon_threadsafe(self._wake_calls)

    def _wake_calls(self) -> None:
        self._calls.set()
        for caller in self._callers:
            caller.wake()

    async def serve(self, host: str, port: int, *, with_demo: bool) -> None:
        """Run until SIGINT or SIGTERM, then drain: finish what is in hand, start nothing new.

        Raises:
            SettingsInvalid: the address cannot be listened on.
        """
        told = _when_told()
        async with AsyncExitStack() as stack:
            desk = await stack.enter_async_context(self._working(with_carriers=True))
            address = await stack.enter_async_context(self._listening(desk, host, port))
            self._inward.start()
            stack.push_async_callback(asyncio.to_thread, self._inward.stop)
            await asyncio.to_thread(self._mail_doors.open)
            stack.push_async_callback(asyncio.to_thread, self._mail_doors.close)
            self._started = True
            _log.info("serving", address=address, home=str(self._gateway.home.root))
            if with_demo:
                dropped = await asyncio.to_thread(demo.drop, self._gateway.home, self._gateway.clock.now())
                _greet(self._gateway, address, [path.name for path in dropped])
            await told.wait()
            _log.info("stopping: what is in hand is finished first")

    async def work(self) -> None:
        """Run without an HTTP door until SIGINT or SIGTERM: one more worker on the same database."""
        told = _when_told()
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._working(with_carriers=False))
            self._inward.start()
            stack.push_async_callback(asyncio.to_thread, self._inward.stop)
            await told.wait()

    @asynccontextmanager
    async def _working(self, *, with_carriers: bool) -> AsyncIterator[BookingDesk]:
        """Run dispatcher, timers and carrier calls."""
        gateway = self._gateway
        self._loop = asyncio.get_running_loop()
        async with AsyncExitStack() as stack:
            carriers: dict[str, Carrier] = {}
            if with_carriers and gateway.settings.sandbox.enabled:
                carriers["sandbox"] = await stack.enter_async_context(self._sandbox())
            desk = BookingDesk(
                gateway.store, gateway.blobs, gateway.clock, carriers, worker_id=gateway.worker_id, wake=self.wake
            )
            await asyncio.to_thread(gateway.timers.start)
            # Ended in the other order: what the last carrier calls tell still leaves.
            self._outward.start()
            stack.push_async_callback(asyncio.to_thread, self._outward.stop)
            self._importing.start()
            stack.push_async_callback(asyncio.to_thread, self._importing.stop)
            for reading in (self._reading, self._reading_pictures):
                reading.start()
                stack.push_async_callback(asyncio.to_thread, reading.stop)
            stack.callback(gateway.papers.break_off)  # first, as a fax may take minutes
            if with_carriers:
                await stack.enter_async_context(self._telling())
                task = asyncio.create_task(self._call_carriers(desk), name="carrier calls")
                stack.push_async_callback(self._end_calls, task)
            yield desk

    @asynccontextmanager
    async def _telling(self) -> AsyncIterator[None]:
        """Tell events to who subscribed to them, and shops of their orders; fetch what shops name alone."""
        gateway = self._gateway
        settings = gateway.settings.http_out
        key = await asyncio.to_thread(event_key, gateway.home, gateway.settings.events.signing_key)
        await asyncio.to_thread(end_alerts_of_secrets, gateway.store, gateway.clock, os.environ)
        async with HttpOut(settings.policy, timeout_seconds=settings.timeout_seconds, ca_file=settings.ca_file) as out:
            hooks = HookDesk(gateway.store, out, gateway.clock, key=key, worker_id=gateway.worker_id)
            shops = ShopDesk(
                gateway.store,
                out,
                gateway.clock,
                environment=os.environ,
                worker_id=gateway.worker_id,
                fetched=self.wake,
                on_call=lambda *of: self._telemetry.shop_calls.labels(*of).inc(),
            )
            self._callers = [hooks, shops]
            tasks = {
                asyncio.create_task(hooks.run(lambda: self._calls_end, _POLL_SECONDS), name="event deliveries"),
                asyncio.create_task(shops.run(lambda: self._calls_end, _POLL_SECONDS), name="shop calls"),
            }
            try:
                yield
            finally:
                for caller in self._callers:
                    caller.wake()
                _, late = await asyncio.wait(tasks, timeout=_LAST_CALLS_SECONDS)
                for task in late:
                    task.cancel()
                await asyncio.gather(*(caller.drain(_LAST_CALLS_SECONDS) for caller in self._callers))
                self._callers = []

    @asynccontextmanager
    async def _sandbox(self) -> AsyncIterator[Carrier]:
        settings = checked(SANDBOX.settings, self._gateway.settings.carrier.sandbox, "carrier.sandbox")
        assert SANDBOX.service is not None
        service = SANDBOX.service(settings, self._gateway.home.sandbox_ledger, self._gateway.clock)
        await service.start()
        carrier = SANDBOX.carrier(settings, service.url)
        try:
            yield carrier
        finally:
            await carrier.aclose()
            await service.stop()

    async def _call_carriers(self, desk: BookingDesk) -> None:
        while not self._calls_end:
            try:
                busy = self._gateway.operations.hook_door.is_busy()
                called = await desk.run_due(_CALLS_BESIDE_DOOR if busy else _CALLS)
            except OrdergateError as error:
                _log.error("carrier calls failed and go on", code=error.code, error=error.message)
                called = 0
                await asyncio.sleep(1)
            except Exception:  # noqa: BLE001 - nothing else would bring the calls back
                _log.exception("carrier calls failed and go on")
                called = 0
                await asyncio.sleep(1)
            if called:
                self.wake()
                if busy:
                    await asyncio.sleep(_DESK_SECONDS)
                continue
            with contextlib.suppress(TimeoutError):  # nobody called: look anyway
                await asyncio.wait_for(self._calls.wait(), _DESK_SECONDS)
            self._calls.clear()

    async def _end_calls(self, task: asyncio.Task[Any]) -> None:
        """Let the calls in hand come to their end; one that hangs is broken off, and asked for at the next start."""
        self._calls_end = True
        self._calls.set()
        if (await asyncio.wait({task}, timeout=_LAST_CALLS_SECONDS))[1]:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):  # that is how it ends
                await task

    @asynccontextmanager
    async def _listening(self, desk: BookingDesk, host: str, port: int) -> AsyncIterator[str]:
        gateway = self._gateway
        operations = ServiceOperations(
            gateway,
            outward=self._outward,
            desk=desk,
            loop=asyncio.get_running_loop(),
            telemetry=self._telemetry,
            transport=self._inward.transport,
            started=lambda: self._started,
        )
        settings = WebSettings(
            sandbox=gateway.settings.sandbox.enabled,
            loopback=_is_loopback(host),
            secret=console_secret(gateway.home),
            rate=gateway.settings.server.rate,
            burst=gateway.settings.server.burst,
            head_seconds=gateway.settings.server.head_seconds,
            connections_per_address=gateway.settings.server.connections_per_address,
        )
        authenticator = ApiKeys(gateway.store, gateway.clock)
        shown = placed_views(views, EDIFACT.decoder, EDIFACT.place)
        async with AsyncExitStack() as stack:
            tokens = await stack.enter_async_context(self._token_door())
            app = build(WebParts(gateway.store, shown, operations, authenticator, settings, tokens))
            attach(app)
            try:
                address = await stack.enter_async_context(
                    listening(app, host, port, drain_seconds=_LAST_ANSWERS_SECONDS)
                )
            except OSError as error:
                raise SettingsInvalid(
                    f"cannot listen on {host}:{port}: {error.strerror}", hint="Is another gateway running? Use --port."
                ) from error
            self._app = app
            try:
                yield address
            finally:
                self._app = None

    @asynccontextmanager
    async def _token_door(self) -> AsyncIterator[TokenDoor | None]:
        gateway, settings = self._gateway, self._gateway.settings
        if not settings.oidc.issuer:
            yield None
            return
        from gateway.oidc.door import opened  # noqa: PLC0415 - its library comes with an extra

        async with opened(settings.oidc, settings.http_out, gateway.store, gateway.clock) as door:
            yield door


def serve(gateway: Gateway, host: str | None, port: int | None, *, with_demo: bool = False) -> None:
    """Run the service of *gateway* in this process until it is told to stop."""
    service = Service(gateway)
    server = gateway.settings.server
    asyncio.run(service.serve(host or server.host, server.port if port is None else port, with_demo=with_demo))


def work(gateway: Gateway) -> None:
    """Run one more worker until it is told to stop.

    Raises:
        SystemFailed: the database is SQLite, which has one process that serves.
    """
    if gateway.store.is_sqlite:
        raise SystemFailed("a second worker needs PostgreSQL", hint="Set [database] url, then load the home anew.")
    asyncio.run(Service(gateway).work())


def _when_told() -> asyncio.Event:
    """Return an event that SIGINT and SIGTERM set from now on, so that a start is not torn in the middle either."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    return told


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _greet(gateway: Gateway, address: str, dropped: list[str]) -> None:
    home = gateway.home
    command = "ordergate" if shutil.which("ordergate") else sys.argv[0]
    lines = [
        "",
        f"  Ordergate runs: {address}",
        f"  drop folder     {home.folder('ALPINA').inbox}",
        f"  demo key        {home.demo_key}",
        f"  dropped         {', '.join(dropped)}",
        "",
        "  Try in another terminal:",
        f"    {command} demo --home {home.root}",
        f"    {command} orders --home {home.root}",
        f"    {command} trace NUMBER --home {home.root}",
        f"    {command} reconcile --home {home.root}",
        f'    curl -H "Authorization: Bearer $(cat {home.demo_key})" {address}/api/v1/orders',
        "",
        "  Ctrl-C stops it.",
        "",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
